"""Near-duplicates stay in one part when data is divided, and new ones follow those that a stack has."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.groups import Groups
from stackgui.core.labels.look_alikes import look_alike_groups
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.plan.division import groups_of
from stackgui.core.plan.groups_taken import groups_taken
from stackgui.core.plan.growth import grown
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.saved_plan import plan_from_json
from tests.making import make_catalog, make_plan, sketches

THIRDS = Options(split=Split.parse("34/33/33"))


def parts_of(plan: Plan, kinds: list[int]) -> dict[int, set[str]]:
    """Return the parts in which pictures of each kind are."""
    found: dict[int, set[str]] = {}
    for kind, part in zip(kinds, plan.split, strict=True):
        found.setdefault(kind, set()).add(part)
    return found


@settings(max_examples=30)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=40), st.integers(0, 9))
def test_no_part_has_a_near_duplicate_of_another(kinds, seed):
    options = Options(split=Split.parse("34/33/33"), seed=seed)
    plan = make_plan([(5, 5)] * len(kinds), options, **sketches(kinds))
    assert all(len(parts) == 1 for parts in parts_of(plan, kinds).values())


def test_without_being_looked_for_they_make_no_groups():
    columns = sketches([1, 1, 2]) | {"scan_options": ScanOptions()}
    assert make_plan([(5, 5)] * 3, THIRDS, **columns).group is None


def test_a_group_is_called_by_its_first_picture():
    plan = make_plan([(5, 5)] * 5, THIRDS, **sketches([3, 1, 0, 1, 3]))
    assert list(plan.group) == ["0.png", "1.png", "", "1.png", "0.png"]


def test_groups_of_several_sources_and_files_have_different_names():
    where = {"sources": ("/a", "/b"), "source": [0, 1, 0, 1, 0, 0], "member": [-1, -1, -1, -1, 4, 5]}
    where |= {"path": ["x", "x", "x2", "x2", "z", "z"], "folders": ("/a", "/b")}
    catalog = make_catalog([(5, 5)] * 6, **where, **sketches([1, 2, 1, 2, 3, 3]))
    assert list(look_alike_groups(catalog)) == ["x", "2:x", "x", "2:x", "z#4", "z#4"]


def test_they_join_groups_of_another_kind():
    options = Options(group_by=Groups.parse("name:{group}_*"))
    paths = ["p1_a.png", "p2_a.png", "p2_b.png", "p3_a.png"]
    catalog = make_catalog([(5, 5)] * 4, path=paths, **sketches([1, 1, 2, 3]))
    assert list(groups_of(options, catalog)) == ["p1", "p1", "p1", "p3"]


def groups_text(group_by: str, paths: list[str], kinds: list[int]) -> str:
    options = Options(split=THIRDS.split, group_by=Groups.parse(group_by))
    return str(groups_taken(make_plan([(5, 5)] * len(paths), options, path=paths, **sketches(kinds))).text)


def test_groups_are_told_by_each_kind():
    paths = ["p1_a.png", "p2_a.png", "q.png", "r.png"]
    assert groups_text("none", paths, [1, 2, 3, 4]) == "no near-duplicates were found"
    assert groups_text("none", paths, [1, 2, 1, 4]).endswith("has 2 of 4 pictures; 2 pictures in none")
    assert groups_text("name:{group}_*", paths, [1, 2, 3, 3]) == (
        "3 groups from the files’ names and near-duplicates; the largest, q.png, has 2 of 4 pictures; "
        "2 pictures in none from the files’ names"
    )
    assert groups_text("name:{group}_*", paths, [1, 2, 3, 4]).endswith(
        "2 pictures in none; no near-duplicates were found"
    )
    assert groups_text("name:{group}_*", ["a.png", "b.png"], [1, 1]) == (
        "1 group from near-duplicates; the largest, a.png, has both pictures; "
        "no picture has a group from the files’ names"
    )


@pytest.mark.parametrize("kind", [1, 2, 3, 4])
def test_a_new_picture_follows_the_row_that_it_looks_like(kind):
    kinds = [1, 2, 3, 4] * 6
    plan = make_plan([(5, 5)] * 24, THIRDS, **sketches(kinds))
    now = make_catalog([(5, 5)] * 25, **sketches([*kinds, kind]))
    after = grown(plan, 24, np.ones(24, np.bool_), now).plan
    assert after.rows == 25
    assert parts_of(after, [*kinds, kind])[kind] == parts_of(plan, kinds)[kind]
    assert after.group[24] == after.group[kinds.index(kind)]


def test_a_plan_with_sketches_is_saved_and_has_a_fingerprint_of_its_own():
    plan = make_plan([(5, 5)] * 3, THIRDS, **sketches([1, 1, 2]))
    again = plan_from_json(plan.to_json())
    assert (list(again.group), list(again.split)) == (list(plan.group), list(plan.split))
    assert again.fingerprint == plan.fingerprint != make_plan([(5, 5)] * 3, THIRDS).fingerprint
