"""The plan as a value: its JSON form and its fingerprint."""

import contextlib
import copy
import json
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.base.choices import Layout
from stackgui.core.base.errors import PlanError, UsageError
from stackgui.core.base.size import Size
from stackgui.core.catalog.archive_location import Archive, ArchiveLocation
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.saved_plan import plan_from_json
from tests.making import make_plan

BASE = {
    "sources": ("/a", "/b"),
    "source": [0, 1, 1],
    "path": ["x/1.png", os.fsdecode(b"y/\xff.png"), "x/3.png"],
    "channels": [3, 1, 3],
    "dtype": ["uint8", "uint8", "uint16"],
    "format": ["png", "jpeg", "tiff"],
    "orientation": [1, 6, 1],
    "file_bytes": [10, 20, 30],
    "mtime_ns": [1, 2, 3],
    "problem": ["", "", "damaged"],
}
SIZES = [(4, 6), (7, 3), (0, 0)]

ARCHIVE = Archive(0, "x.zip", 99, 5)
IN_ARCHIVE = {
    "archives": (ARCHIVE,),
    "inside": ArchiveLocation.of_rows([[0, 30, 10, 0, -1], None, [0, 40, 10, 1, 7]]),
}

CHANGES = [
    {"sources": ("/a", "/c")},
    {"source": [0, 0, 1]},
    {"path": ["x/1.png", "y/2.png", "x/3.png"]},
    {"path": ["x/1.pngy", os.fsdecode(b"/\xff.png"), "x/3.png"]},
    {"height": np.array([4, 6, 0], np.int32)},
    {"width": np.array([5, 3, 0], np.int32)},
    {"channels": [3, 3, 3]},
    {"dtype": ["uint8", "uint16", "uint16"]},
    {"format": ["png", "png", "tiff"]},
    {"orientation": [1, 5, 1]},
    {"file_bytes": [10, 21, 30]},
    {"mtime_ns": [1, 2, 4]},
    {"problem": ["", "", "empty"]},
    {"given_label": ["", "cat", ""]},
    {"split": ["train", "", ""]},
    {"folders": ("/a", "/c")},
    {"archives": (ARCHIVE,)},
    IN_ARCHIVE,
    {"scan_options": ScanOptions(follow_links=True)},
]


def test_same_plan_has_the_same_fingerprint():
    assert make_plan(SIZES, **BASE).fingerprint == make_plan(SIZES, **BASE).fingerprint
    assert len(make_plan(SIZES, **BASE).fingerprint) == 32


def test_every_column_and_every_option_changes_the_fingerprint():
    plans = [make_plan(SIZES, **BASE)]
    plans += [make_plan(SIZES, **(BASE | change)) for change in CHANGES]
    options = [Options(fill=1), Options(layout=Layout.NCHW), Options(size=Size.exact(7, 6))]
    plans += [make_plan(SIZES, chosen, **BASE) for chosen in options]
    assert len({plan.fingerprint for plan in plans}) == len(plans)


def test_texts_of_two_columns_are_not_confused():
    first = make_plan([(1, 1)] * 2, dtype=["uint8", "uint8"], format=["a", "b"])
    second = make_plan([(1, 1)] * 2, dtype=["uint8", "uint8"], format=["a\0b", ""])
    assert first.fingerprint != second.fingerprint


@pytest.mark.parametrize(
    "options", [Options(), Options(fill=3, layout=Layout.NCHW, size=Size.parse("p99.5"))]
)
def test_plan_survives_json(options):
    plan = make_plan(SIZES, options, **BASE)
    again = plan_from_json(json.loads(json.dumps(plan.to_json())))
    assert again.fingerprint == plan.fingerprint
    assert again.to_json() == plan.to_json()
    assert again.options == plan.options


def test_header_says_what_the_plan_is_without_its_rows():
    header = make_plan(SIZES, **BASE).header_json()
    assert "catalog" not in header
    assert (header["format"], header["rows"], header["unusable"]) == ("stackgui-plan", 3, 1)
    assert header["arrays"] == [
        {"file": "images.npy", "shape": [3, 7, 6, 3], "dtype": "uint8", "first_row": 0}
    ]


def leaves(value, path=()):
    """Where the single values of a JSON value are."""
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    found = [leaf for key, child in children for leaf in leaves(child, (*path, key))]
    return found or [path]


DERIVED = {"rows", "unusable", "scaled_down", "scaled_up", "cropped", "waste", "arrays", "channels", "dtype",
           "classes", "sources", "folders", "archives", "scan_options"}  # fmt: skip
SAVED = make_plan(SIZES, **BASE).to_json()
TOLD = {"skipped", "warnings", "doubts", "lists"}
"""What is told to people, and changes nothing in the rows."""

BELIEVED = [path for path in leaves(SAVED) if path[0] not in DERIVED and not TOLD & set(path)]


@settings(max_examples=200)
@given(
    st.sampled_from(BELIEVED),
    st.sampled_from([None, "", "x", -1, 7, 10**30, 0.5, [], {}, [[1]], "\ud800", True, float("nan")]),
)
def test_change_to_a_saved_plan_is_refused_or_means_nothing(path, value):
    changed = copy.deepcopy(SAVED)
    parent = changed
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    plan = None
    with contextlib.suppress(UsageError):
        plan = plan_from_json(changed)
    # It may mean nothing: 0.4 where 0 was makes the same plan.
    assert plan is None or plan.to_json() == SAVED


@pytest.mark.parametrize("name", [name for name in SAVED["catalog"] if name not in TOLD])
def test_saved_plan_with_a_column_of_another_is_refused(name):
    columns = {"path": ["1", "2", "3"], "source": [0, 0, 0], "dtype": ["float32"] * 3}
    columns |= {
        "bits": [9, 9, 9],
        "member": [0, 0, 0],
        "frames": [3, 3, 3],
        "scan_options": ScanOptions(follow_links=True),
    }
    columns |= {"given_label": ["cat"] * 3, "split": ["train"] * 3, "axes": ["HWC"] * 3}
    columns |= {"meaning": ["RGB?"] * 3}
    columns |= {"profile": ["Adobe RGB (1998)"] * 3, "folders": ("/x",), **IN_ARCHIVE}
    columns |= {"member_name": ["x"] * 3, "sketch": [7] * 3, "fine_sketch": [8] * 3}
    other = make_plan([(5, 5)] * 3, **columns).to_json()
    with pytest.raises(PlanError, match=r"damaged|changed"):
        plan_from_json(SAVED | {"catalog": SAVED["catalog"] | {name: other["catalog"][name]}})


def test_other_files_and_other_versions_are_told():
    with pytest.raises(PlanError, match="not a plan"):
        plan_from_json({})
    with pytest.raises(PlanError, match="version 1; this program reads version 3"):
        plan_from_json(SAVED | {"version": 1})
