import json
from dataclasses import replace

import numpy as np
import pytest

from stackgui.core.advice.gathered_warnings import (
    foreseen_warnings,
    more_noted,
    plan_warnings,
    run_warnings,
    scan_warnings,
)
from stackgui.core.base.columns import Coded
from stackgui.core.base.size import Size
from stackgui.core.base.warnings import EXAMPLES, DataWarning, about_samples, warning_line
from stackgui.core.catalog.doubts import Doubt, doubt_sentence, has_doubt, join_doubts
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.options.options import Options
from tests.making import make_catalog, make_plan

OF_LIST = DataWarning("lines-without-picture", "2 lines of l.csv name no picture.", 2, ("a.png", "b\n.png"))
SIZES = [(4, 5)] * 6
STRAY = join_doubts([Doubt.STRAY_BYTES])


def doubts_of(*samples: int) -> list[str]:
    return [STRAY if sample in samples else "" for sample in range(len(SIZES))]


def test_warning_survives_json():
    assert DataWarning.from_json(json.loads(json.dumps(OF_LIST.to_json()))) == OF_LIST


def test_line_has_sentence_and_examples_that_no_terminal_obeys():
    assert warning_line(OF_LIST) == r"2 lines of l.csv name no picture. For example: a.png, b\n.png"
    assert warning_line(replace(OF_LIST, count=4, examples=("a", "b", "c"))).endswith("a, b, c, …")
    assert warning_line(replace(OF_LIST, count=5, examples=("a.npz",))).endswith("For example: a.npz")
    assert warning_line(DataWarning("x", "Nothing more.", 0)) == "Nothing more."


@pytest.mark.parametrize("doubt", Doubt)
def test_every_doubt_has_a_sentence_for_one_and_for_several(doubt):
    one, many = doubt_sentence(doubt, 1), doubt_sentence(doubt, 1200)
    assert one.startswith("1 picture ")
    assert many.startswith("1,200 pictures ")
    assert one.endswith(".")
    assert many.endswith(".")


def test_doubts_of_a_sample_are_one_text():
    column = Coded.from_values(["", STRAY, f"another {STRAY}"])
    assert has_doubt(column, Doubt.STRAY_BYTES).tolist() == [False, True, True]
    assert has_doubt(Coded.from_values([]), Doubt.STRAY_BYTES).tolist() == []
    assert join_doubts([Doubt.STRAY_BYTES, Doubt.STRAY_BYTES]) == STRAY


def test_examples_are_files_and_each_is_named_once():
    catalog = make_catalog(SIZES, path=["a.tif"] * 3 + ["b.tif", "c.tif", "d.tif"])
    found = about_samples("x", "", catalog, np.arange(6))
    assert found.examples == ("a.tif", "b.tif", "c.tif")
    assert found.count == 6
    assert len(found.examples) == EXAMPLES


def test_scan_tells_of_its_search_and_of_headers():
    catalog = make_catalog(SIZES, doubts=doubts_of(1, 4), warnings=(OF_LIST,))
    of_list, stray = scan_warnings(catalog)
    assert of_list == OF_LIST
    assert (stray.code, stray.count, stray.examples) == ("stray-bytes", 2, ("1.png", "4.png"))
    assert stray.text == doubt_sentence(Doubt.STRAY_BYTES, 2)


def test_plan_tells_only_of_what_is_in_it():
    catalog = make_catalog(SIZES, doubts=doubts_of(1, 4))
    exclude = SampleSet.of(catalog, np.array([1, 2]))
    plan = make_plan(SIZES, Options(exclude=exclude), doubts=doubts_of(1, 4))
    assert [(w.count, w.examples) for w in plan_warnings(plan)] == [(1, ("4.png",))]


def test_scan_foresees_the_plan_and_tells_of_what_the_plan_cannot_take():
    masks = join_doubts([Doubt.LABEL_VALUES])
    doubts = [masks, STRAY, "", "", "", STRAY]
    problem = ["", "", "", "", "", "it is damaged"]
    plan = make_plan(SIZES, Options(size=Size.exact(2, 2)), doubts=doubts, problem=problem)
    codes = [each.code for each in foreseen_warnings(plan.catalog, plan, {})]
    assert "label-values-mixed" in codes
    assert "label-values" not in codes
    assert codes.count("stray-bytes") == 1
    assert foreseen_warnings(plan.catalog, None, {}) == scan_warnings(plan.catalog)


def test_run_counts_a_picture_once_that_was_doubted_before_and_while_it_was_decoded():
    plan = make_plan(SIZES, doubts=doubts_of(1))
    (stray,) = run_warnings(plan, {1: ("stray-bytes",), 5: ("stray-bytes",)})
    assert (stray.count, stray.examples) == (2, ("1.png", "5.png"))
    assert run_warnings(plan, {}) == plan_warnings(plan)


def test_rows_made_again_are_added_to_what_was_told():
    plan = make_plan(SIZES)
    (first,) = more_noted([], plan, {2: ("stray-bytes",)})
    assert (first.count, first.examples) == (1, ("2.png",))
    kept, both = more_noted([OF_LIST, first], plan, {3: ("stray-bytes",), 4: ()})
    assert kept == OF_LIST
    assert both == DataWarning("stray-bytes", doubt_sentence(Doubt.STRAY_BYTES, 2), 2, ("2.png", "3.png"))


def test_plans_keep_warnings_and_doubts():
    catalog = make_catalog(SIZES, doubts=doubts_of(3), warnings=(OF_LIST,))
    again = type(catalog).from_json(json.loads(json.dumps(catalog.to_json())))
    assert scan_warnings(again) == scan_warnings(catalog)
    older = {name: value for name, value in catalog.to_json().items() if name not in {"doubts", "warnings"}}
    assert scan_warnings(type(catalog).from_json(older)) == ()
