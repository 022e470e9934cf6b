"""Samples of many pixels: refused by a limit that can be set, and read piece by piece."""

import os
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from stackgui.core.choices import Fit
from stackgui.core.options import Options
from stackgui.core.resolve import resolve
from stackgui.core.run import Limits, RunOptions
from stackgui.core.size import Size
from stackgui.engine import Control, Engine

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
            assert f"300 × 400 pixels, more than the limit of {limit / 10**6:,.6g} million" in reasons.pop()


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
