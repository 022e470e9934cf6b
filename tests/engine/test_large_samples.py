"""Samples of many pixels: refused by a limit that can be set, and read piece by piece."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from stackgui import imaging
from stackgui.core.base import large
from stackgui.core.base.choices import Channels, Fit, Layout, NonFinite, Resample, Scale
from stackgui.core.base.errors import SampleError
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import Limits, RunOptions
from stackgui.engine import Control, Engine
from stackgui.engine.decoding.render import Form, RowPlan, render
from stackgui.engine.decoding.rows import files_of
from tests.making import make_plan

SIDES = (300, 400)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The same picture in kinds of files that are large in practice."""
    made = tmp_path / "large"
    made.mkdir()
    pixels = np.random.default_rng(3).integers(0, 256, (*SIDES, 3), np.uint8)
    np.save(made / "1.npy", pixels)
    tifffile.imwrite(made / "2.tif", pixels, tile=(64, 64), photometric="rgb")
    Image.fromarray(pixels).save(made / "3.png")
    Image.fromarray(pixels).save(made / "4.jpg")
    for file in made.iterdir():
        os.utime(file, (10**9, 10**9))  # what was changed just now is not remembered
    return made


@pytest.mark.parametrize("remembers", [False, True])
def test_the_limit_is_an_option_that_no_memory_of_scans_goes_round(folder, remembers):
    for limit, usable in ((100_000, 0), (120_000, 4), (119_999, 0), (2**28, 4)):
        with Engine(1, Limits(sample_px=limit)) as engine:
            catalog = engine.scan([str(folder)], Control(), cache=remembers)
        assert int(catalog.usable.sum()) == usable, limit
        if not usable:
            reasons = set(catalog.problem)
            assert len(reasons) == 1
            assert f"300 × 400 pixels, more than the limit of {limit:,}" in reasons.pop()


def test_a_small_size_does_not_make_a_large_picture_small(folder, tmp_path):
    options = Options(size=Size.exact(16, 16), fit=Fit.STRETCH)
    with Engine(1, Limits(sample_px=130_000)) as engine:
        plan = resolve(options, engine.scan([str(folder)], Control()))
        report = engine.convert(plan, RunOptions(str(tmp_path / "stack")), Control())
    assert report.failures == ()
    with Engine(1, Limits(sample_px=1000)) as engine:
        retried = engine.verify(str(tmp_path / "stack"), Control(), deep=None)
    assert len(retried.not_compared) == 4
    assert all("--sample-pixels" in failure.reason for failure in retried.not_compared)


def rendered(data: bytes, form: Form, row: RowPlan) -> np.ndarray:
    out = np.full(form.block_shape(*row.placement[2:]), 7, form.dtype)
    render(data, row, form, out)
    return out


FITS = [Fit.STRETCH, Fit.COVER, Fit.CROP, Fit.LETTERBOX]


def layout_in_turn(resample: Resample, fit: Fit) -> Layout:
    """Either layout with half of the cases, so that it meets every filter and every fit."""
    return list(Layout)[(list(Resample).index(resample) + FITS.index(fit)) % 2]


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("resample", list(Resample))
@pytest.mark.parametrize("channels", [Channels.RGB, Channels.GREY, Channels.AUTO])
@pytest.mark.parametrize("array", ["uint8", "chw", "uint16", "float32", "alpha", "grey"])
def test_a_large_tensor_is_the_same_row_as_a_small_one(array, channels, resample, fit, monkeypatch):
    random = np.random.default_rng(5)
    shape = {"chw": (3, 60, 70), "alpha": (60, 70, 4), "grey": (60, 70)}.get(array, (60, 70, 3))
    values = random.integers(0, 256, shape).astype(array if array in ("uint16", "float32") else "uint8")
    stream = io.BytesIO()
    np.save(stream, values)
    data = stream.getvalue()
    header = imaging.probe(data, file_bytes=len(data))
    options = Options(
        size=Size.exact(20, 17),
        fit=fit,
        channels=channels,
        layout=layout_in_turn(resample, fit),
        resample=resample,
        scale=Scale.NONE,
    )
    plan = make_plan(
        [(60, 70)],
        options,
        channels=[header.channels],
        dtype=[header.dtype],
        format=["npy"],
        axes=[header.axes],
    )
    files = files_of(plan, plan.samples, plan.geometry(plan.buckets[0], plan.samples))
    ((_file, row),) = list(files)
    expected = rendered(data, Form.of(plan), row)
    monkeypatch.setattr(large, "WHOLE_PX", 1000)
    monkeypatch.setattr(large, "PIECE_PX", 500)
    monkeypatch.setattr(imaging, "decode", None)  # as a whole it would need much memory
    np.testing.assert_array_equal(rendered(data, Form.of(plan), row), expected)


@pytest.mark.parametrize("fit", [Fit.STRETCH, Fit.COVER, Fit.CROP])
@pytest.mark.parametrize("resample", [Resample.NEAREST, Resample.AREA])
@pytest.mark.parametrize("channels", [Channels.RGB, Channels.GREY, Channels.AUTO])
@pytest.mark.parametrize("kind", ["uint8", "uint16", "float32", "alpha", "jpeg"])
def test_a_large_tiff_is_the_same_row_as_a_small_one(kind, channels, resample, fit, monkeypatch):
    shape = (120, 140, 4 if kind == "alpha" else 3)
    values = np.random.default_rng(5).integers(0, 256, shape)
    stream = io.BytesIO()
    tifffile.imwrite(
        stream,
        values.astype(kind if kind in ("uint16", "float32") else "uint8"),
        photometric="rgb",
        tile=(16, 16),
        compression="jpeg" if kind == "jpeg" else "lzw",
        extrasamples=["unassalpha"] if kind == "alpha" else None,
    )
    data = stream.getvalue()
    header = imaging.probe(data, file_bytes=len(data))
    options = Options(
        size=Size.exact(20, 17), fit=fit, channels=channels, resample=resample, scale=Scale.NONE
    )
    plan = make_plan(
        [shape[:2]],
        options,
        channels=[header.channels],
        dtype=[header.dtype],
        format=["tiff"],
        meaning=[header.meaning],
    )
    files = files_of(plan, plan.samples, plan.geometry(plan.buckets[0], plan.samples))
    ((_file, row),) = list(files)
    expected = rendered(data, Form.of(plan), row)
    monkeypatch.setattr(large, "WHOLE_PX", 1000)
    monkeypatch.setattr(large, "PIECE_PX", 500)
    monkeypatch.setattr(imaging, "decode", None)  # as a whole it would need much memory
    np.testing.assert_array_equal(rendered(data, Form.of(plan), row), expected)


@pytest.mark.parametrize("fit", [Fit.STRETCH, Fit.CROP])
@pytest.mark.parametrize("policy", list(NonFinite))
def test_values_that_are_not_finite_are_counted_in_all_pieces(fit, policy, monkeypatch):
    values = np.zeros((60, 70), np.float32)
    values[1, 1], values[58, 68] = np.nan, np.inf
    stream = io.BytesIO()
    np.save(stream, values)
    options = Options(
        size=Size.exact(9, 9), fit=fit, channels=Channels.GREY, scale=Scale.NONE, non_finite=policy
    )
    plan = make_plan([(60, 70)], options, channels=[1], dtype=["float32"], format=["npy"], axes=["HW"])
    ((_file, row),) = list(files_of(plan, plan.samples, plan.geometry(plan.buckets[0], plan.samples)))
    form = Form.of(plan)
    out = np.empty(form.block_shape(*row.placement[2:]), form.dtype)
    monkeypatch.setattr(large, "WHOLE_PX", 1000)
    monkeypatch.setattr(large, "PIECE_PX", 500)
    if policy is NonFinite.ERROR:
        with pytest.raises(SampleError, match="2 of its values are not finite"):
            render(stream.getvalue(), row, form, out)
    else:
        assert render(stream.getvalue(), row, form, out) == 2


def test_a_tensor_larger_than_a_workers_memory_is_scaled_and_cut(tmp_path):
    """A sparse file of 3 GB, of which few pages are ever in memory."""
    folder = tmp_path / "huge"
    folder.mkdir()
    array = np.lib.format.open_memmap(folder / "huge.npy", "w+", np.uint8, (40_000, 25_000, 3))
    array[19_950:20_050, 12_450:12_550] = 200
    del array
    size = Size.exact(40, 25)
    with Engine(1, Limits(sample_s=120, sample_bytes=2**28, sample_px=10**9)) as engine:
        catalog = engine.scan([str(folder)], Control())
        for fit, resample in ((Fit.STRETCH, Resample.NEAREST), (Fit.CROP, Resample.AREA)):
            options = Options(size=size, fit=fit, resample=resample)
            (thumb,) = engine.previews(resolve(options, catalog), [0], 40, Control())
            assert thumb.reason == ""
            assert int(thumb.pixels.max()) == (0 if fit is Fit.STRETCH else 200)


def test_a_tiled_tiff_larger_than_a_workers_memory_is_scaled_and_cut(tmp_path):
    """700 MB of pixels, of which a row of tiles is in memory at a time."""
    folder = tmp_path / "huge"
    folder.mkdir()
    height, width, side = 15_360, 15_360, 512
    black, grey = np.zeros((side, side, 3), np.uint8), np.full((side, side, 3), 200, np.uint8)
    places = (height // side) * (width // side)
    middle = places // 2 + width // side // 2
    tifffile.imwrite(
        folder / "huge.tif",
        (grey if place == middle else black for place in range(places)),
        shape=(height, width, 3),
        dtype=np.uint8,
        tile=(side, side),
        photometric="rgb",
        compression="zlib",
    )
    with Engine(1, Limits(sample_s=120, sample_bytes=2**28, sample_px=10**9)) as engine:
        catalog = engine.scan([str(folder)], Control())
        for fit, resample in ((Fit.STRETCH, Resample.AREA), (Fit.CROP, Resample.AREA)):
            options = Options(size=Size.exact(60, 60), fit=fit, resample=resample)
            (thumb,) = engine.previews(resolve(options, catalog), [0], 60, Control())
            assert thumb.reason == ""
            assert int(thumb.pixels.max()) == 200
