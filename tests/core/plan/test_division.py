"""Groups that stay together, in plans."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.errors import PlanError, UsageError
from stackgui.core.catalog.list_values import ListValues
from stackgui.core.labels.groups import Groups, joined_columns
from stackgui.core.labels.labels import Labels
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.plan.groups_taken import groups_taken, shares_of
from stackgui.core.plan.saved_plan import plan_from_json
from stackgui.core.plan.taken import labels_and_parts
from tests.making import make_plan

SHARES = Split.parse("80/10/10")


def texts(*values):
    return Coded.from_values(values)


def planned(paths, group_by="none", columns=None, **options):
    options = Options(group_by=Groups.parse(group_by), **{"split": SHARES} | options)
    return make_plan([(2, 2)] * len(paths), options, path=paths, **columns or {})


def patients(sizes, label="all"):
    return [
        f"{label}/p{patient}_{number}.png" for patient, size in enumerate(sizes) for number in range(size)
    ]


@pytest.mark.parametrize(
    "text",
    ["none", "level:1", "level:-1", "name:{group}_*", "regex:(?P<group>p[0-9]+)", "column:patient"],
)
def test_choices_are_read(text):
    assert str(Groups.parse(text)) == text


@pytest.mark.parametrize("text", ["", "patient", "column:", "name:{label}_*", "level:0", "regex:("])
def test_what_is_no_choice_is_told(text):
    with pytest.raises(UsageError):
        Groups.parse(text)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=12), st.integers(0, 99))
def test_no_group_is_in_two_parts(sizes, seed):
    plan = planned(patients(sizes), "name:{group}_*", seed=seed)
    assert groups_taken(plan).torn == ()
    assert groups_taken(plan).count == len(sizes)
    assert list(plan.group) == [f"p{patient}" for patient, size in enumerate(sizes) for _ in range(size)]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_files_has_no_influence(sizes, random):
    paths = patients(sizes)
    shuffled = random.sample(paths, len(paths))
    of_path = dict(zip(paths, planned(paths, "name:{group}_*").split, strict=True))
    assert list(planned(shuffled, "name:{group}_*").split) == [of_path[path] for path in shuffled]


def test_each_class_is_divided_alike():
    paths = [f"{name}/{number}.png" for name, count in (("cat", 200), ("dog", 50)) for number in range(count)]
    plan = planned(paths, stratify=True, labels=Labels.FOLDERS)
    counts = {
        (name, part): sum(
            each == part and path.startswith(name) for path, each in zip(paths, plan.split, strict=True)
        )
        for name in ("cat", "dog")
        for part in ("train", "validation", "test")
    }
    assert list(counts.values()) == [160, 20, 20, 40, 5, 5]
    assert plan.group is None


def test_rows_of_one_file_stay_together_unless_that_is_said():
    paths = [f"{number}.npy" for number in range(10) for _ in range(10)]
    members = {"member": [*range(10)] * 10}
    split = list(planned(paths, stratify=True, columns=members).split)
    assert [len(set(split[begin : begin + 10])) for begin in range(0, 100, 10)] == [1] * 10
    each = planned(paths, stratify=True, columns=members, split=Split.parse("rows:80/10/10"))
    assert list(each.split).count("train") == 80


def test_a_column_of_a_list_names_the_groups():
    paths = [f"{number}.png" for number in range(30)]
    values = ListValues(
        (), np.zeros((30, 0), np.float32), ("patient",), (Paths.from_names(str(n % 6) for n in range(30)),)
    )
    plan = planned(paths, "column:patient", columns={"values": values})
    assert groups_taken(plan).text == (
        "6 groups from the column “patient”; the largest, 0, has 5 of 30 pictures"
    )
    with pytest.raises(PlanError, match="No list has a column “video”"):
        planned(paths, "column:video", columns={"values": values})


def test_groups_and_what_keeps_them_apart_are_told():
    plan = planned([*patients([60, 30, 10]), "1.png"], "name:{group}_*")
    took = labels_and_parts(plan)
    assert took.groups.most == ("p0", 60)
    assert took.groups.without == 1
    assert took.to_json()["groups"]["largest"] == {"p0": 60, "p1": 30, "p2": 10}
    assert took.parts.text.endswith("by the shares 80/10/10, with whole groups, and the seed 0")
    shares = shares_of(plan)
    assert (shares.asked, sum(shares.rows.values())) == ({"train": 80, "validation": 10, "test": 10}, 101)
    assert took.to_json()["split"]["asked"] == shares.asked


def test_a_plan_that_was_saved_divides_alike():
    plan = planned(patients([4, 3, 2, 2, 1, 1]), "name:{group}_*", seed=3)
    again = plan_from_json(json.loads(json.dumps(plan.to_json())))
    assert again.fingerprint == plan.fingerprint
    assert (list(again.split), list(again.group)) == (list(plan.split), list(plan.group))


def test_groups_in_found_parts_are_told():
    plan = planned(["train/p1_1.png", "test/p1_2.png", "test/p2_1.png"], "name:{group}_*", split=Split())
    assert groups_taken(plan).torn == ("p1",)


def test_groups_of_several_kinds_are_joined_and_called_by_the_first():
    joined = joined_columns([texts("p2", "p10", "", "", "p1"), texts("x", "x", "x", "y", "")])
    assert list(joined) == ["p2", "p2", "p2", "y", "p1"]
