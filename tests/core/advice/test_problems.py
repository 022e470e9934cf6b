"""The list of problems: complete, without contradictions, and derived from what is known alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.advice.annotation_warnings import LOST, complaint_warnings
from stackgui.core.advice.health import Checks, Finding, HealthKind, from_checks
from stackgui.core.advice.problem_words import _ADVICE, FAILED_ROWS, UNFIT, UNREADABLE, Severity, advice_on
from stackgui.core.advice.problems import Deed, Known, problems_of, readable
from stackgui.core.annotations.annotations import Complaint, Objects, Tags
from stackgui.core.annotations.joining import UNCLEAR
from stackgui.core.annotations.reading import Turned
from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base import skip_kinds
from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.warnings import DataWarning, about_samples, warning_line
from stackgui.core.base.ways import Way
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.skipped import Skipped
from stackgui.core.options.mending import mended
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.report import Failure
from tests.making import make_catalog

COUNT = 6
problems = st.lists(st.sampled_from(["", "damaged"]), min_size=COUNT, max_size=COUNT)
masks = st.lists(st.booleans(), min_size=COUNT, max_size=COUNT).map(np.array)
reasons = st.dictionaries(st.integers(0, COUNT - 1), st.sampled_from(["", "it is cut off", "it is empty"]))


def catalog_of(problem):
    return make_catalog([(0, 0) if why else (4, 5) for why in problem], problem=list(problem))


def known(catalog, **parts):
    return Known(**{"catalog": catalog, "excluded": np.zeros(len(catalog), np.bool_), **parts})


def skipped(*kinds):
    return Skipped(
        Paths.from_names(f"/pictures/{place}" for place in range(len(kinds))),
        Coded.from_values(kinds),
        Coded.constant("", len(kinds)),
    )


@given(
    st.lists(st.sampled_from(["", "damaged"]), min_size=COUNT, max_size=COUNT), masks, reasons, masks, masks
)
def test_every_sample_is_of_one_severity_and_those_left_out_have_no_other(problem, out, tried, odd, dark):
    catalog = catalog_of(problem)
    findings = tuple(
        Finding(kind, np.flatnonzero(mask))
        for kind, mask in ((HealthKind.ODD_SIZE, odd), (HealthKind.DARK, dark))
        if mask.any()
    )
    found = problems_of(known(catalog, excluded=out, findings=findings, tried=tried))
    of = {
        severity: {sample for problem in found.of(severity) for sample in problem.samples.tolist()}
        for severity in Severity
    }
    can_be_read = readable(catalog, tried)
    assert of[Severity.CANNOT_BE_USED] == set(np.flatnonzero(~can_be_read & ~out).tolist())
    assert of[Severity.LOOK_AT_IT] == set(np.flatnonzero((odd | dark) & can_be_read & ~out).tolist())
    assert of[Severity.LEFT_ASIDE] == set(np.flatnonzero(out).tolist())
    for each in found.entries:
        assert each.count == len(each.samples) == len(each.files) == len(list(each.files))
        assert each.text.startswith(f"{each.count} picture")
    assert found.serious == len(found.entries) - len(found.of(Severity.LEFT_ASIDE))
    severities = [list(Severity).index(each.severity) for each in found.entries]
    assert severities == sorted(severities)


@given(reasons)
def test_what_was_tried_last_is_what_counts(tried):
    catalog = catalog_of(["", "damaged"] * (COUNT // 2))
    problem = problems_of(known(catalog, tried=tried)).of_kind(UNREADABLE)
    told = {} if problem is None else {file.name: file.why for file in problem.files}
    now = {sample: catalog.problem[sample] for sample in range(COUNT)} | tried
    assert told == {f"{sample}.png": why for sample, why in now.items() if why}


def test_harmless_files_and_pictures_turned_upright_need_nobody():
    kinds = (skip_kinds.NOT_A_PICTURE,) * 203 + (skip_kinds.HIDDEN_FILES, skip_kinds.SYSTEM_FILES)
    catalog = make_catalog([(4, 5)] * 3, orientation=[1, 6, 1], skipped=skipped(*kinds))
    found = problems_of(known(catalog))
    assert found.serious == 0
    assert [(each.text, each.deeds) for each in found.entries] == [
        ("203 files that are not pictures.", ()), ("1 hidden file.", ()), ("1 system file.", ()),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "severity"),
    [
        (skip_kinds.DAMAGED_ARCHIVES, Severity.CANNOT_BE_USED),
        (skip_kinds.BROKEN_LINKS, Severity.CANNOT_BE_USED),
        (skip_kinds.LINKS_OUTSIDE, Severity.LOOK_AT_IT),
        (skip_kinds.STACKS, Severity.LEFT_ASIDE),
        ("a kind of another version", Severity.LEFT_ASIDE),
    ],
)
def test_skipped_files_matter_by_what_they_may_have_been(kind, severity):
    (found,) = problems_of(known(make_catalog([(4, 5)], skipped=skipped(kind)))).entries
    assert found.severity is severity
    assert [file.path for file in found.files] == ["/pictures/0"]


def test_what_the_options_rule_out_says_what_to_choose():
    catalog = make_catalog([(4, 5)] * 3, channels=[3, 3, 7])
    plan = resolve(Options(channels="rgb"), catalog)
    assert plan.unusable == 1
    (found,) = problems_of(known(catalog, plan=plan)).entries
    assert (found.kind, found.samples.tolist()) == (UNFIT, [2])
    assert Way.CHANNELS in found.ways
    assert found.files[0].why == plan.problem[2]
    out = np.array([False, False, True])
    (aside,) = problems_of(known(catalog, plan=plan, excluded=out)).entries
    assert aside.kind == skip_kinds.EXCLUDED


def test_a_plan_that_leaves_pictures_out_does_not_call_them_unfit():
    catalog = make_catalog([(4, 5)] * 3)
    plan = resolve(Options(exclude=SampleSet.of(catalog, [1])), catalog)
    assert problems_of(known(catalog, plan=plan)).entries == ()


def test_failed_rows_are_retried_where_they_are_told():
    catalog = catalog_of(["", "damaged"])
    (found,) = problems_of(known(catalog, retriable=True)).entries
    assert found.deeds == (Deed.RETRY, Deed.LOOK, Deed.LEAVE_OUT)
    elsewhere = (Failure(3, "/other/a.png", "it is empty"),)
    of_other = problems_of(known(make_catalog([(4, 5)]), elsewhere=elsewhere)).entries
    assert [(each.kind, each.deeds, each.samples) for each in of_other] == [
        (FAILED_ROWS, (Deed.RETRY,), None)
    ]
    assert of_other[0].files[0].path == "/other/a.png"


def test_warnings_are_to_be_looked_at_with_all_their_samples():
    catalog = make_catalog([(4, 5)] * 9)
    of_samples = about_samples("odd", "8 are odd.", catalog, np.arange(1, 9)[::-1])
    of_lines = DataWarning("lines", "2 lines name nothing.", 2, ("a,b", "c,d"))
    first, second = problems_of(known(catalog, warnings=(of_samples, of_lines))).entries
    assert (first.samples.tolist(), len(first.files), first.deeds) == (list(range(1, 9)), 8, (Deed.LOOK,))
    assert (second.samples, [file.name for file in second.files], second.deeds) == (None, ["a,b", "c,d"], ())
    assert of_samples == replace(of_samples, samples=None), "saved ones have no samples"


def test_a_problem_of_annotations_names_the_places_in_their_files_beside_the_pictures():
    places = ("boxes.json: annotations[3]",)
    lost = DataWarning(LOST, "The box has no area.", 1, places, np.array([1]))
    catalog = make_catalog([(4, 5)] * 2)
    (found,) = problems_of(known(catalog, warnings=(lost,))).entries
    assert (found.places, found.samples.tolist(), len(found.files)) == (places, [1], 1)
    of_picture = replace(lost, examples=(f"labels/{catalog.path[1].removesuffix('.png')}",))
    assert not problems_of(known(catalog, warnings=(of_picture,))).entries[0].places, "the picture says it"


@pytest.mark.parametrize(
    ("turn", "way"),
    [
        (Turned.UPRIGHT, "Take them as the picture is stored: --annotation-turn stored."),
        (Turned.STORED, "Take them as people see the picture: --annotation-turn upright."),
    ],
)
def test_annotations_that_may_lie_either_way_up_are_turned_by_a_click(turn, way):
    unclear = Complaint(UNCLEAR[turn], 1, ("a.jpg",), is_lost=False, pictures=(1,))
    found = SampleAnnotations((), Objects.none(), Tags.none(), np.ones(2, np.bool_), complaints=(unclear,))
    catalog = replace(make_catalog([(4, 5)] * 2), annotations=found)
    (warning,) = complaint_warnings(catalog)
    assert way in warning_line(warning)
    (problem,) = problems_of(known(catalog, warnings=(warning,))).entries
    assert mended(problem.mend, Options(), ScanOptions(annotation_turn=turn))[1].annotation_turn is not turn
    assert "Orientation in the tab Boxes" in problem.advice


def test_a_duplicate_names_the_one_that_it_repeats():
    catalog = make_catalog([(4, 5)] * 2)
    fine = np.full(2, 0.5, np.float32)
    findings = from_checks(catalog, Checks(np.array([7, 7], np.uint64), fine, fine, Coded.constant("", 2)))
    (found,) = problems_of(known(catalog, findings=findings)).entries
    assert [(file.name, file.why) for file in found.files] == [("1.png", "the same as 0.png")]


def test_near_duplicates_stand_beside_what_they_look_like():
    sketch = [9, 0xFFFF << 40, 9, 0, 8]
    catalog = make_catalog([(4, 5)] * 5, sketch=sketch, fine_sketch=[3, 3, 3, 0, 3])
    (found,) = problems_of(known(catalog)).entries
    assert (found.kind, found.count, found.deeds) == ("near-duplicate", 2, (Deed.LOOK, Deed.LEAVE_OUT))
    assert found.text == "2 pictures look almost like an earlier one."
    assert found.samples.tolist() == [2, 4]
    assert found.side_by_side.tolist() == [0, 2, 4]
    assert [(file.name, file.why) for file in found.files] == [
        ("2.png", "almost like 0.png"),
        ("4.png", "almost like 0.png"),
    ]
    # Where the first is left out, the next one takes its place.
    (found,) = problems_of(replace(known(catalog), excluded=np.arange(5) == 0)).of(Severity.LOOK_AT_IT)
    assert (found.samples.tolist(), found.side_by_side.tolist()) == ([4], [2, 4])


def test_no_advice_says_to_leave_out_what_is_left_aside():
    assert advice_on(skip_kinds.NOT_A_PICTURE, 203) == ""
    for kind, advice in _ADVICE.items():
        assert advice(1) != advice(2), kind
        assert advice(1).endswith("."), kind
        assert advice(2).endswith("."), kind
