"""What the channels of pictures mean, from the scan to the stack."""

import numpy as np
import pytest
import tifffile
from PIL import Image

from stackgui.core.base.choices import Alpha, Channels, Fit, Numbers, Resample
from stackgui.core.base.errors import PlanError
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control

RANDOM = np.random.default_rng(5)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "pictures"
    made.mkdir()
    return made


@pytest.fixture
def rows(engine, scan, folder, tmp_path):
    """Give the rows that a folder becomes with some options."""

    def make(**options: object) -> np.ndarray:
        out = tmp_path / "stack"
        plan = resolve(Options(**options), scan(folder))
        report = engine.convert(plan, RunOptions(str(out), replace=True), Control())
        assert [failure.reason for failure in report.failures if failure.row not in blank_rows(plan)] == []
        assert engine.verify(str(out), Control(), deep=None).damage == ()
        return np.load(out / "images.npy")

    return make


def blank_rows(plan) -> set[int]:
    return set(np.flatnonzero(~plan.usable_at(plan.samples)).tolist())


def write_infrared(folder, dtype: str, planes: str = "contig") -> np.ndarray:
    pixels = RANDOM.integers(0, np.iinfo(dtype).max, (12, 16, 4), dtype)
    written = pixels if planes == "contig" else np.moveaxis(pixels, -1, 0).copy()
    tifffile.imwrite(
        folder / f"{planes}.tif",
        written,
        photometric="rgb",
        planarconfig=planes,
        extrasamples=["unspecified"],
    )
    return pixels


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_auto_keeps_near_infrared(dtype, rows, folder):
    pixels = [write_infrared(folder, dtype, planes) for planes in ("contig", "separate")]
    np.testing.assert_array_equal(rows(channels=Channels.AUTO), np.stack(pixels))


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_rgba_makes_it_opaque_and_composing_ignores_it(dtype, rows, folder):
    pixels = write_infrared(folder, dtype)
    found = rows(channels=Channels.RGBA)[0]
    np.testing.assert_array_equal(found[:, :, :3], pixels[:, :, :3])
    assert (found[:, :, 3] == np.iinfo(dtype).max).all()
    np.testing.assert_array_equal(rows(alpha=Alpha.COMPOSE)[0], pixels[:, :, :3])


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_near_infrared_weighs_no_colour(dtype, rows, folder):
    pixels = write_infrared(folder, dtype)
    scaled = {"size": Size.exact(6, 8), "fit": Fit.STRETCH, "resample": Resample.AREA}
    found = rows(channels=Channels.AUTO, **scaled)[0].astype(np.float64)
    means = pixels.reshape(6, 2, 8, 2, 4).astype(np.float64).mean(axis=(1, 3))
    assert np.abs(found - means).max() <= 1


def test_16_bits_are_weighed_by_transparency(rows, folder):
    pixels = np.full((12, 16, 4), 60000, np.uint16)
    pixels[:, 1::2] = (1000, 1000, 1000, 0)
    tifffile.imwrite(folder / "a.tif", pixels, photometric="rgb", extrasamples=["unassalpha"])
    scaled = {"size": Size.exact(6, 8), "fit": Fit.STRETCH, "resample": Resample.AREA}
    for channels in (Channels.AUTO, Channels.RGBA):
        found = rows(channels=channels, **scaled)[0]
        assert (found == (60000, 60000, 60000, 30000)).all()


def test_channels_without_a_meaning_join_no_others(scan, folder):
    write_infrared(folder, "uint8")
    Image.fromarray(RANDOM.integers(0, 255, (12, 16, 3), np.uint8)).save(folder / "b.png")
    with pytest.raises(PlanError, match=r"\(3, 4\).*Choose rgb or grey"):
        resolve(Options(channels=Channels.AUTO), scan(folder))


@pytest.mark.parametrize("ending", ["png", "gif", "bmp", "tif", "tga"])
def test_index_keeps_the_indices_of_palettes(ending, rows, folder):
    indices = RANDOM.integers(0, 21, (12, 16), np.uint8)
    picture = Image.fromarray(indices, "P")
    picture.putpalette(RANDOM.integers(0, 256, 768, np.uint8).tolist())
    picture.save(folder / f"a.{ending}")
    found = rows(channels=Channels.INDEX)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found[0, :, :, 0], indices)


def test_index_keeps_grey_and_refuses_colours(rows, scan, folder):
    grey = RANDOM.integers(0, 35, (12, 16), np.uint8)
    Image.fromarray(grey).save(folder / "1.png")
    Image.fromarray(RANDOM.integers(0, 255, (12, 16, 3), np.uint8)).save(folder / "2.png")
    Image.fromarray(RANDOM.integers(0, 255, (12, 16, 3), np.uint8)).save(folder / "3.jpg")
    plan = resolve(Options(channels=Channels.INDEX, dtype=Numbers.AUTO), scan(folder))
    reason = "it has 3 channels and no palette, so that there are no indices to take"
    assert list(plan.problem) == ["", reason, reason]
    found = rows(channels=Channels.INDEX)
    np.testing.assert_array_equal(found[0, :, :, 0], grey)
    assert not found[1:].any()


def test_indices_are_turned_upright_and_scaled_without_being_mixed(rows, folder):
    indices = RANDOM.integers(0, 200, (12, 16), np.uint8)
    picture = Image.fromarray(indices, "P")
    picture.putpalette(RANDOM.integers(0, 256, 768, np.uint8).tolist())
    exif = Image.Exif()
    exif[274] = 6
    picture.save(folder / "a.png", exif=exif)
    found = rows(channels=Channels.INDEX, size=Size.exact(8, 6), fit=Fit.STRETCH, resample=Resample.NEAREST)
    expected = Image.fromarray(np.rot90(indices, -1)).resize((6, 8), Image.Resampling.NEAREST)
    np.testing.assert_array_equal(found[0, :, :, 0], np.asarray(expected))
