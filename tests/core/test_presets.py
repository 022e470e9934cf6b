"""Presets, and plans that are shared."""

import json

import pytest

from stackgui.core.choices import Fit
from stackgui.core.errors import PlanError, UsageError
from stackgui.core.options import Options
from stackgui.core.presets import BUILT_IN, Preset, Presets
from stackgui.core.sample_set import SampleSet
from stackgui.core.scan_options import ScanOptions
from stackgui.core.shared_plan import SharedPlan, shared_plan_from_json
from tests.making import make_plan

CROP = Options(fit=Fit.CROP, buckets=3)


def test_own_presets_are_saved_renamed_and_deleted():
    presets = Presets().saved("  b  side ", CROP).saved("A", Options(seed=3))
    assert [preset.name for preset in presets.all[len(BUILT_IN) :]] == ["A", "b side"]
    assert presets.named("b side").options == CROP
    assert presets.saved("A", CROP).named("A").options == CROP
    renamed = presets.with_default("A").renamed("A", "c")
    assert ([preset.name for preset in renamed.own], renamed.default) == (["b side", "c"], "c")
    assert (renamed.deleted("c").own, renamed.deleted("c").default) == (presets.own[1:], BUILT_IN[0].name)
    assert presets.renamed("A", "A") == presets


@pytest.mark.parametrize(
    ("act", "text"),
    [
        (lambda presets: presets.saved(" ", CROP), "a name of 1 to 60"),
        (lambda presets: presets.saved("x" * 61, CROP), "a name of 1 to 60"),
        (lambda presets: presets.saved(BUILT_IN[1].name, CROP), "comes with the program"),
        (lambda presets: presets.deleted(BUILT_IN[1].name), "none of your own"),
        (lambda presets: presets.renamed("a", "b"), "a preset “b” already"),
        (lambda presets: presets.with_default("c"), "no preset “c”"),
    ],
)
def test_what_cannot_be_done_with_presets_is_told(act, text):
    with pytest.raises(UsageError, match=text):
        act(Presets().saved("a", CROP).saved("b", CROP))


def test_presets_survive_their_file_and_what_is_spoilt_in_it():
    presets = Presets().saved("Müller 🐈", CROP).with_default(BUILT_IN[2].name)
    assert Presets.from_json(json.loads(json.dumps(presets.to_json()))) == presets
    spoilt = presets.to_json()
    spoilt["presets"] |= {"bad": {"fit": "none"}, "": {}, BUILT_IN[0].name: {}, "worse": 5}
    spoilt["default"] = ["x"]
    assert Presets.from_json(spoilt) == Presets().saved("Müller 🐈", CROP)
    assert Presets.from_json([]) == Presets.from_json({"format": "other"}) == Presets()


def test_presets_belong_to_no_samples():
    plan = make_plan([(2, 2)] * 3)
    left_out = SampleSet.of(plan.catalog, [1])
    options = Options(fit=Fit.CROP, exclude=left_out, shrink=left_out)
    preset = Preset("mine", options)
    assert preset.options == Options(fit=Fit.CROP)
    assert preset.applied(Options(exclude=left_out)) == Options(fit=Fit.CROP, exclude=left_out)
    assert Presets((preset,)).named_like(options) == preset
    assert Presets().named_like(options) is None


def test_presets_make_plans():
    for preset in BUILT_IN:
        assert make_plan([(700, 300), (20, 30)], preset.options).rows == 2


def test_a_shared_plan_is_its_choices():
    plan = make_plan([(2, 2)] * 3, CROP)
    assert shared_plan_from_json(json.loads(json.dumps(plan.to_json()))) == SharedPlan(
        CROP, sources=("/pictures",)
    )
    shared = SharedPlan(CROP, ScanOptions(array="x"), ("/a",))
    assert shared_plan_from_json(shared.to_json()) == shared
    for value in ([], {"format": "x"}, {**plan.to_json(), "version": 0}, {**plan.to_json(), "options": 5}):
        with pytest.raises(PlanError, match="plan"):
            shared_plan_from_json(value)
