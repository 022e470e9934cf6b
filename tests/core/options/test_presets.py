"""Presets, and plans that are shared."""

import contextlib
import copy
import json

import pytest
from hypothesis import given

from stackgui.core.base.choices import Fit
from stackgui.core.base.errors import PlanError, UsageError
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.options.presets import BUILT_IN, Preset, Presets
from stackgui.core.plan.saved_plan import plan_from_json
from stackgui.core.plan.shared_plan import SharedPlan, shared_plan_from_json
from tests.damaging import VALUES, damaged
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
    found = Presets.from_json(spoilt)
    assert found == Presets().saved("Müller 🐈", CROP)
    assert found.problem.startswith("Your preset “bad” cannot be used. “none” is not a fit; choose one of")
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


SAVED = json.loads(
    json.dumps(make_plan([(2, 3)] * 3, Options(exclude=SampleSet(frozenset({(0, "1.png", -1)})))).to_json())
)


@given(damaged(SAVED))
def test_a_plan_from_anyone_is_read_or_refused_with_a_sentence(changed):
    for read in (shared_plan_from_json, plan_from_json):
        with contextlib.suppress(PlanError):
            read(changed)


PRESETS = json.loads(json.dumps(Presets().saved("a", CROP).saved("b", Options()).with_default("b").to_json()))


@given(damaged(PRESETS))
def test_a_preset_that_is_damaged_costs_only_itself_and_is_told(changed):
    found = Presets.from_json(changed)
    kept = changed.get("presets") if changed.get("format") == PRESETS["format"] else None
    kept = kept if isinstance(kept, dict) else {}
    # As texts, because True equals 1 but is no number of a preset.
    saved = {name: json.dumps(options) for name, options in PRESETS["presets"].items()}
    whole = {name for name, options in saved.items() if json.dumps(kept.get(name)) == options}
    assert whole <= {preset.name for preset in found.own}
    assert len(found.own) >= len(kept) or found.problem


@given(VALUES)
def test_anything_is_read_as_presets(value):
    found = Presets.from_json(value)
    assert found == Presets()
    assert found.problem


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"of_tomorrow": 1}, "cannot do: Unknown option: of_tomorrow"),
        ({"buckets": 10**30}, "cannot do: A number of buckets of"),
        ({"fill": float("nan")}, "cannot do: A fill value of nan"),
        ({"fill": 10**400}, "cannot do: A number as large as this"),
        ({"multiple": "8"}, "cannot do: “8” is not a whole number"),
    ],
)
def test_what_a_plan_asks_in_vain_is_told(options, sentence):
    with pytest.raises(PlanError, match=sentence):
        shared_plan_from_json({**SAVED, "options": {**SAVED["options"], **options}})


@pytest.mark.parametrize("name", ["a", "9" * 5000, "complex64", "U5", "object"])
def test_numpy_is_asked_about_no_dtype_of_a_stranger(name):
    changed = copy.deepcopy(SAVED)
    changed["catalog"]["dtype"]["names"] = [name]
    with pytest.raises(PlanError, match="not numeric dtypes"):
        plan_from_json(changed)
