"""What scales pictures is a choice that is recorded, together with its version, and it is kept."""

import json
import re
from dataclasses import replace
from importlib.metadata import version

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Fit, Numbers, Resample, Resizer
from stackgui.core.base.errors import PlanError, UsageError
from stackgui.core.base.resizers import SIMD_DISTRIBUTION, SIMD_REVISION
from stackgui.core.base.size import Size
from stackgui.core.base.ways import Way
from stackgui.core.options.options import Options
from stackgui.core.options.update_options import UpdateOptions
from stackgui.core.plan.resolve import resolve
from stackgui.core.plan.saved_plan import plan_from_json
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.engine.running.update import HowToUpdate
from stackgui.imaging import resize
from stackgui.stores.stack.reader import open_stack

SMALLER = Options(size=Size.exact(20, 24), fit=Fit.STRETCH)
LIBRARY = "cykooz_resizer"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "pictures"
    made.mkdir()
    for number in range(4):
        pixels = np.random.default_rng(number).integers(0, 256, (40, 60 + number, 3), np.uint8)
        Image.fromarray(pixels).save(made / f"{number}.png")
    return made


@pytest.fixture
def make(engine, scan, folder, tmp_path):
    def run(options):
        report = engine.convert(
            resolve(options, scan(folder)), RunOptions(str(tmp_path / "stack")), Control()
        )
        return report.stack, json.loads((tmp_path / "stack" / "stack.json").read_text())

    return run


@pytest.mark.parametrize("resizer", Resizer)
def test_a_stack_says_what_scaled_its_pictures(make, folder, resizer):
    stack, header = make(replace(SMALLER, resizer=resizer))
    assert header["scaled_by"] == resizer.value
    assert header["plan"]["options"].get("resizer", "pillow") == resizer.value
    assert (LIBRARY in header["versions"]) is (resizer is Resizer.SIMD)
    pixels = np.asarray(Image.open(folder / "0.png"))
    with open_stack(stack) as opened:
        expected = resize(pixels, 20, 24, "bilinear", resizer=resizer)
        np.testing.assert_array_equal(opened.images[0], expected)


@pytest.mark.parametrize("resample", [Resample.AREA, Resample.NEAREST])
def test_it_says_so_where_pillow_takes_the_place_of_simd(make, resample):
    _stack, header = make(replace(SMALLER, resizer=Resizer.SIMD, resample=resample))
    assert header["scaled_by"] == "pillow"
    assert header["plan"]["options"]["resizer"] == "simd"
    assert LIBRARY not in header["versions"]


def test_nothing_is_said_where_nothing_is_scaled(make):
    _stack, header = make(Options())
    assert "scaled_by" not in header
    assert LIBRARY not in header["versions"]


def test_plans_differ_in_it_and_those_without_it_mean_pillow(scan, folder):
    plans = {each: resolve(replace(SMALLER, resizer=each), scan(folder)) for each in Resizer}
    assert plans[Resizer.SIMD].fingerprint != plans[Resizer.PILLOW].fingerprint
    saved = plans[Resizer.PILLOW].to_json()
    assert "resizer" not in saved["options"]
    assert plan_from_json(saved).options.resizer is Resizer.PILLOW
    saved = plans[Resizer.SIMD].to_json()
    assert plan_from_json(saved).options.resizer is Resizer.SIMD


def test_an_update_scales_new_pictures_as_the_others(make, engine, folder):
    stack, _header = make(replace(SMALLER, resizer=Resizer.PILLOW, dtype=Numbers.UINT8))
    Image.open(folder / "0.png").transpose(Image.Transpose.ROTATE_180).save(folder / "new.png")
    engine.update(stack, Control(), HowToUpdate(UpdateOptions()))
    with open_stack(stack) as opened:
        picture = Image.open(folder / "new.png").resize((24, 20), Image.Resampling.BILINEAR)
        np.testing.assert_array_equal(opened.images[4], np.asarray(picture))
        assert opened.header["scaled_by"] == "pillow"


def _with_version(stack, earlier):
    path = f"{stack}/stack.json"
    with open(path, encoding="utf-8") as file:
        header = json.load(file)
    header["versions"][LIBRARY] = earlier
    with open(path, "w", encoding="utf-8") as file:
        json.dump(header, file)


@pytest.mark.parametrize("earlier", ["1.0", version(SIMD_DISTRIBUTION)], ids=["version", "way of using it"])
def test_another_version_of_it_has_to_be_allowed(make, engine, folder, earlier):
    stack, header = make(replace(SMALLER, resizer=Resizer.SIMD))
    assert header["versions"][LIBRARY] == f"{version(SIMD_DISTRIBUTION)}+{SIMD_REVISION}"
    _with_version(stack, earlier)
    Image.open(folder / "0.png").save(folder / "new.png")
    with pytest.raises(UsageError, match=rf"{LIBRARY} was {re.escape(earlier)}, now"):
        engine.update(stack, Control(), HowToUpdate(UpdateOptions()))
    engine.update(stack, Control(), HowToUpdate(UpdateOptions(allow_other_versions=True)))
    with open_stack(stack) as opened:
        assert opened.header["versions"][LIBRARY] == header["versions"][LIBRARY]
        assert opened.header["updated"]["earlier_versions"][0][LIBRARY] == earlier


def test_where_it_is_missing_a_plan_that_asks_for_it_is_refused(make, request, tmp_path):
    request.getfixturevalue("no_simd")
    with pytest.raises(PlanError, match="cykooz-resizer is not installed here") as refused:
        make(replace(SMALLER, resizer=Resizer.SIMD))
    assert refused.value.ways == (Way.RESIZER,)
    assert not (tmp_path / "stack").exists()
    make(replace(SMALLER, resizer=Resizer.PILLOW))
