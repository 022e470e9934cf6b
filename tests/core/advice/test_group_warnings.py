"""What is said of groups that cannot do what they are for."""

import pytest

from stackgui.core.advice.gathered_warnings import plan_warnings
from stackgui.core.base.warnings import DataWarning
from stackgui.core.labels.groups import Groups
from stackgui.core.labels.labels import Labels
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from tests.making import make_plan, sketches


def warned(paths, group_by="name:{group}_*", chosen=None, **columns) -> dict[str, DataWarning]:
    given = {"split": Split.parse("80/10/10"), "labels": Labels.NONE} | (chosen or {})
    options = Options(group_by=Groups.parse(group_by), **given)
    plan = make_plan([(2, 2)] * len(paths), options, path=paths, **columns)
    return {warning.code: warning for warning in plan_warnings(plan)}


def patients(*sizes, label="all"):
    return [
        f"{label}/p{patient}_{number}.png" for patient, size in enumerate(sizes) for number in range(size)
    ]


def test_nothing_is_said_of_groups_that_fit():
    assert warned(patients(*[5] * 40)) == {}


def test_groups_that_keep_nothing_together_are_told():
    assert list(warned(["1.png", "2.png"])) == ["no-groups"]
    assert list(warned([f"{n}_1.png" for n in range(30)])) == ["groups-of-one"]


def test_a_very_large_group_is_told_and_what_it_does_to_the_shares():
    told = warned(patients(90, 5, 5))
    assert list(told) == ["shares-missed", "large-group"]
    assert "train 90 % instead of 80 %" in told["shares-missed"].text
    assert "the largest, p0, has 90 of 100 pictures" in told["shares-missed"].text
    assert told["large-group"].text.startswith("The group p0 has 90 of 100 pictures")


def test_classes_that_are_in_too_few_groups_are_told():
    paths = patients(*[5] * 40, label="cat") + [f"dog/q_{number}.png" for number in range(40)]
    told = warned(paths, chosen={"labels": Labels.FOLDERS})
    assert {"classes-not-in-validation", "classes-not-in-test"} <= set(told)
    assert told["classes-not-in-test"].examples == ("dog",)


def test_pictures_without_a_group_are_listed():
    told = warned([*patients(*[5] * 40), "stray.png"])["without-group"]
    assert (told.count, told.examples, told.samples.tolist()) == (1, ("stray.png",), [200])


STRAYS = [*patients(*[5] * 40), "stray.png", "patient7.png", "other.png"]
ALIKE = sketches([*range(1, 201), 201, 201, 202])


def test_pictures_that_only_near_duplicates_give_a_group_are_listed_too():
    told = warned(STRAYS, **ALIKE)["without-group"]
    assert (told.count, told.samples.tolist()) == (3, [200, 201, 202])
    assert told.text.startswith("3 pictures have no group from the files’ names, so nothing but near-")
    assert warned(STRAYS)["without-group"].count == 3


def test_a_near_duplicate_of_a_patients_picture_is_listed_if_its_name_has_no_group():
    told = warned([*patients(*[5] * 40), "stray.png"], **sketches([*range(1, 201), 1]))["without-group"]
    assert told.examples == ("stray.png",)


def test_chosen_groups_that_keep_nothing_together_are_told_beside_near_duplicates():
    told = warned(["1.png", "2.png"], **sketches([1, 1]))
    assert "so only near-duplicates are kept together" in told["no-groups"].text
    told = warned([f"{n}_1.png" for n in range(30)], **sketches([1, 1, *range(2, 30)]))
    assert "so only near-duplicates are kept together" in told["groups-of-one"].text


@pytest.mark.parametrize(
    ("group_by", "paths", "kinds", "origin"),
    [
        ("name:{group}_*", patients(20, 5), range(1, 26), "from the files’ names (--group-by)."),
        ("none", patients(20, 5), [1] * 20 + [2] * 5, "from near-duplicates (--find-near-duplicates)."),
        ("name:{group}_*", [f"{n}.png" for n in range(20)], [1] * 20, "from near-duplicates (--find-near-"),
        (
            "name:{group}_*",
            patients(9, 9, 2),
            [1] * 7 + [3, 4] * 5 + [5] * 3,
            "from the files’ names and near",
        ),
    ],
)
def test_a_very_large_group_is_told_with_what_makes_it(group_by, paths, kinds, origin):
    assert origin in warned(paths, group_by, **sketches([*kinds]))["large-group"].text


def test_near_duplicates_alone_leave_no_picture_to_be_warned_of():
    assert warned(STRAYS, "none", **ALIKE) == {}


def test_groups_that_were_divided_before_are_told():
    paths = ["train/p1_1.png", "train/p3_1.png", "test/p1_2.png", "test/p2_1.png", "test/p2_2.png"]
    told = warned(paths, chosen={"split": Split()})["groups-in-several-parts"]
    assert (told.count, told.examples) == (1, ("p1",))
    assert "--split 80/10/10" in told.text
