"""Pictures in other colours than sRGB, from the scan to the stack."""

import io

import imagecodecs
import numpy as np
import pytest
from PIL import Image, ImageCms

from stackgui.core.base.choices import Alpha, Icc
from stackgui.core.base.colour import Colour
from stackgui.core.catalog.statistics import describe
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from tests.imaging.heic_writing import deep_heic

PRIMARIES = (0.68, 0.32, 1.0, 0.265, 0.69, 1.0, 0.15, 0.06, 1.0)


@pytest.fixture
def folder(tmp_path):
    """A picture in wide colours between two without a profile."""
    made = tmp_path / "colours"
    made.mkdir()
    wide = imagecodecs.cms_profile("rgb", whitepoint=(0.3127, 0.3290, 1.0), primaries=PRIMARIES, gamma=2.2)
    pixels = np.random.default_rng(3).integers(0, 256, (3, 12, 9, 3), np.uint8)
    for index, profile in enumerate((None, wide, None)):
        Image.fromarray(pixels[index]).save(made / f"{index}.png", icc_profile=profile)
    return made


def expected(folder, *, converts: bool) -> np.ndarray:
    rows = []
    for index in range(3):
        with Image.open(folder / f"{index}.png") as picture:
            profile = picture.info.get("icc_profile")
            if profile and converts:
                srgb = ImageCms.createProfile("sRGB")
                rows.append(np.asarray(ImageCms.profileToProfile(picture, io.BytesIO(profile), srgb)))
            else:
                rows.append(np.asarray(picture))
    return np.stack(rows)


@pytest.mark.parametrize("icc", Icc)
def test_colours_are_converted_where_that_is_chosen(icc, engine, scan, folder, tmp_path):
    catalog = scan(folder)
    assert describe(catalog).profiles == {"RGB built-in": 1}
    plan = resolve(Options(icc=icc), catalog)
    assert plan.profiles == {"RGB built-in": 1}
    out = tmp_path / "stack"
    assert engine.convert(plan, RunOptions(str(out)), Control()).failures == ()
    np.testing.assert_array_equal(np.load(out / "images.npy"), expected(folder, converts=icc is Icc.SRGB))
    report = engine.verify(str(out), Control(), deep=None)
    assert (report.damage, report.not_compared, report.decoded) == ((), (), 3)


def test_the_choice_makes_another_job(scan, folder):
    catalog = scan(folder)
    prints = {resolve(Options(icc=icc), catalog).fingerprint for icc in Icc}
    assert len(prints) == len(Icc)


def test_opaque_is_where_the_bits_of_a_file_have_it(engine, scan, tmp_path):
    folder = tmp_path / "deep"
    folder.mkdir()
    pixels = np.random.default_rng(6).integers(0, 1024, (12, 18, 4), np.uint16)
    pixels[:6, :, 3], pixels[6:, :, 3] = 1023, 0
    (folder / "1.heic").write_bytes(deep_heic(pixels, bits=10))
    out = tmp_path / "stack"
    plan = resolve(Options(alpha=Alpha.COMPOSE, background=Colour.parse("#ff0000")), scan(folder))
    assert engine.convert(plan, RunOptions(str(out)), Control()).failures == ()
    (row,) = np.load(out / "images.npy")
    np.testing.assert_array_equal(row[:6], pixels[:6, :, :3])
    np.testing.assert_array_equal(row[6:], np.broadcast_to(np.array([1023, 0, 0], np.uint16), (6, 18, 3)))
