"""Numbers that depend on all samples, from files to the finished array."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Alpha, Channels, Layout, NonFinite, Numbers, Reduce, Scale
from stackgui.core.base.colour import Colour
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.report import Report
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine


@pytest.fixture
def convert(engine: Engine, scan, tmp_path: Path) -> Callable[..., tuple[Report, np.ndarray, dict]]:
    def run(folder: Path, **choices):
        plan = resolve(Options(**choices), scan(folder))
        out = tmp_path / "stack"
        report = engine.convert(plan, RunOptions(str(out)), Control())
        return report, np.load(out / "images.npy"), json.loads((out / "stack.json").read_text())

    return run


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """Three pictures of 16-bit grey and of floats, of two sizes."""
    folder = tmp_path / "samples"
    folder.mkdir()
    random = np.random.default_rng(3)
    np.save(folder / "a.npy", random.integers(100, 5000, (5, 6), np.uint16))
    np.save(folder / "b.npy", random.integers(50, 4000, (4, 6), np.uint16))
    np.save(folder / "c.npy", random.normal(1000, 300, (5, 4)).astype(np.float32))
    return folder


def values_of(folder: Path) -> list[np.ndarray]:
    return [np.load(folder / f"{name}.npy").astype(np.float64) for name in "abc"]


@pytest.mark.parametrize("layout", Layout)
def test_least_and_most_of_all_samples_become_black_and_white(convert, samples, layout):
    choices = {"channels": Channels.GREY, "dtype": Numbers.UINT8, "reduce": Reduce.MIN_MAX}
    report, images, header = convert(samples, layout=layout, **choices)
    assert report.failures == ()
    every = np.concatenate([values.ravel() for values in values_of(samples)])
    low, high = every.min(), every.max()
    assert (header["plan"]["measured"]["low"], header["plan"]["measured"]["high"]) == (low, high)
    rows = images[:, 0] if layout is Layout.NCHW else images[..., 0]
    for row, values in zip(rows, values_of(samples), strict=True):
        expected = np.rint((values - low) * 255 / (high - low))
        np.testing.assert_array_equal(row[: len(values), : values.shape[1]], expected)
    assert (images.min(), images.max()) == (0, 255)


def test_their_own_mean_and_deviation(convert, samples):
    choices = {"channels": Channels.GREY, "dtype": Numbers.FLOAT32, "scale": Scale.MEASURED}
    report, images, header = convert(samples, **choices)
    units = [values / (1 if values is values_of(samples)[2] else 65535) for values in values_of(samples)[:2]]
    units.append(values_of(samples)[2])
    every = np.concatenate([values.ravel() for values in units])
    np.testing.assert_allclose(header["plan"]["measured"]["mean"], [every.mean()], rtol=1e-7)
    np.testing.assert_allclose(header["plan"]["measured"]["std"], [every.std()], rtol=1e-7)
    placed = np.concatenate(
        [row[: len(u), : u.shape[1], 0].ravel() for row, u in zip(images, units, strict=True)]
    )
    np.testing.assert_allclose(placed, (every - every.mean()) / every.std(), rtol=1e-5, atol=1e-6)
    assert report.failures == ()


def test_a_damaged_sample_neither_counts_nor_stops_the_others(convert, samples):
    (samples / "d.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(9))
    Image.new("L", (3, 3), 9).save(samples / "e.png")
    whole = (samples / "e.png").read_bytes()
    (samples / "e.png").write_bytes(whole[:-20])
    choices = {"channels": Channels.GREY, "dtype": Numbers.UINT8, "reduce": Reduce.MIN_MAX}
    report, images, header = convert(samples, **choices)
    assert len(report.failures) == 2
    assert header["plan"]["measured"]["low"] > 9
    assert not images[3:].any()


@pytest.mark.parametrize("policy", NonFinite)
def test_what_is_not_finite(convert, tmp_path, policy):
    folder = tmp_path / "floats"
    folder.mkdir()
    pixels = np.ones((3, 4, 3), np.float32)
    pixels[1, 2, 0], pixels[0, 0, 0] = np.nan, -np.inf
    np.save(folder / "a.npy", pixels)
    np.save(folder / "b.npy", np.ones((3, 4, 3), np.float32))
    report, images, header = convert(folder, non_finite=policy)
    assert np.array_equal(images[1], np.load(folder / "b.npy"))
    if policy is NonFinite.ERROR:
        assert [failure.reason for failure in report.failures] == [
            "2 of its values are not finite (NaN or infinity)"
        ]
        assert not images[0].any()
        return
    assert report.failures == ()
    expected = pixels if policy is NonFinite.KEEP else np.nan_to_num(pixels, nan=0, neginf=0)
    np.testing.assert_array_equal(images[0], expected)
    assert header["non_finite"] == {"rows": 1, "values": 2}


def test_transparency_is_dropped(convert, tmp_path):
    folder = tmp_path / "transparent"
    folder.mkdir()
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 256, (9, 8, 4), np.uint8))
    picture.save(folder / "a.png")
    picture.save(folder / "b.webp", lossless=True, exact=True)
    _, images, _ = convert(folder)
    np.testing.assert_array_equal(images[0], np.asarray(picture.convert("RGB")))
    np.testing.assert_array_equal(images[1], images[0])


def test_transparency_on_a_colour(convert, tmp_path):
    folder = tmp_path / "transparent"
    folder.mkdir()
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 256, (9, 8, 4), np.uint8))
    picture.save(folder / "a.png")
    picture.save(folder / "b.webp", lossless=True, exact=True)
    _, images, _ = convert(folder, alpha=Alpha.COMPOSE, background=Colour(20, 40, 60))
    below = Image.new("RGBA", picture.size, (20, 40, 60, 255))
    expected = np.asarray(Image.alpha_composite(below, picture).convert("RGB"))
    np.testing.assert_array_equal(images[0], expected)
    np.testing.assert_array_equal(images[1], expected)
