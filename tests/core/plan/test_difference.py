from dataclasses import replace

import numpy as np
import pytest

from stackgui.core.base.choices import Fit, Numbers
from stackgui.core.base.size import Size
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.difference import difference
from stackgui.core.plan.measured import Measured
from tests.making import make_plan

SIZES = [(4, 6), (7, 3), (5, 5)]
VERSIONS = {"numpy": "2.0", "pillow": "12.0"}


def differ(*, sizes=SIZES, options=None, versions=VERSIONS, **columns):
    return difference(make_plan(SIZES), make_plan(sizes, options, **columns), VERSIONS, versions)


def test_the_same_job_differs_in_nothing():
    found = differ()
    assert found.sentences == ()
    assert found.redoable
    assert not found.changed.any()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            {"options": Options(fit=Fit.CROP, fill=2)},
            "Other options: fit was pad, now crop; fill value was 0.0, now 2.0.",
        ),
        ({"options": Options(size=Size.exact(9, 9))}, "size was max, now 9x9"),
        (
            {"versions": {"numpy": "2.1"}},
            "Other versions: numpy was 2.0, now 2.1; pillow was 12.0, now absent.",
        ),
        ({"sources": ("/other",)}, "Other folders: /pictures; now /other."),
        ({"scan_options": ScanOptions(follow_links=True)}, "links followed was no, now yes"),
        (
            {"path": ["0.png", "x\ny.png", "2.png"]},
            "1 file (1.png) is no longer there. 1 file (x\\ny.png) is new.",
        ),
        ({"path": ["1.png", "0.png", "2.png"]}, "The files are in another order."),
        (
            {"sizes": [(4, 6), (9, 9), (5, 5)]},
            "The shapes of the arrays were (3, 7, 6, 3), and would now be (3, 9, 9, 3).",
        ),
    ],
)
def test_another_job_is_told_from_it(change, text):
    found = differ(**change)
    assert text in found.text
    assert not found.redoable


@pytest.mark.parametrize(
    "change",
    [
        {"file_bytes": [1000, 5, 1002]},
        {"mtime_ns": [1_600_000_000 * 10**9, 5, 1_600_000_002 * 10**9]},
        {"orientation": [1, 3, 1]},
        {"format": ["png", "jpeg", "png"]},
        {"member_name": ["", "arr_0", ""]},
        {"meaning": ["", "palette", ""]},
        {"problem": ["", "the file is empty", ""]},
    ],
)
def test_changed_files_can_be_done_again(change):
    # The second sample is smaller than the first, so that the array's shape does not hang on it.
    sizes = [(7, 6), (7, 3), (5, 5)]
    found = difference(make_plan(sizes), make_plan(sizes, **change), VERSIONS, VERSIONS)
    assert found.text == "1 file (1.png) has changed since."
    assert found.redoable
    assert found.changed.tolist() == [False, True, False]


def test_texts_that_are_numbered_in_another_way_are_the_same():
    plans = [make_plan([(1, 1)] * 3, format=formats) for formats in (["a", "b", "a"], ["c", "b", "a"])]
    assert np.flatnonzero(difference(*plans, VERSIONS, VERSIONS).changed).tolist() == [0]


def test_only_the_first_few_are_named():
    old = make_plan([(1, 1)] * 9)
    found = difference(old, make_plan([(1, 1)] * 9, file_bytes=list(range(9))), VERSIONS, VERSIONS)
    assert found.text == "9 files (0.png, 1.png, 2.png and 6 more) have changed since."


def test_rows_whose_numbers_depend_on_all_files_are_not_kept():
    old, new = make_plan(SIZES), make_plan(SIZES, mtime_ns=[1, 2, 3])
    new = replace(new, measured=Measured(0.0, 1.0, (0.0,), (1.0,)))
    found = difference(old, new, VERSIONS, VERSIONS)
    assert not found.redoable
    assert "depend on all files" in found.text


def test_rows_of_another_range_are_not_kept():
    options = Options(dtype=Numbers.UINT16)
    old = make_plan(SIZES, options)
    deeper = make_plan(SIZES, options, dtype=["uint8", "uint16", "uint8"], mtime_ns=[1, 2, 3])
    found = difference(old, deeper, VERSIONS, VERSIONS)
    assert not found.redoable
    assert "scaled to another range" in found.text
    assert difference(old, make_plan(SIZES, options, mtime_ns=[1, 2, 3]), VERSIONS, VERSIONS).redoable


def test_another_list_of_classes_is_told_by_its_names():
    plans = [
        make_plan([(2, 2)], Options(classes=classes), path=["cat/1.png"]) for classes in ((), ("dog", "cat"))
    ]
    assert "Other options: classes was none, now dog and cat." in difference(*plans, {}, {}).text
