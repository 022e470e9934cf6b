"""What is said of groups that cannot do what they are for."""

from stackgui.core.advice.gathered_warnings import plan_warnings
from stackgui.core.base.warnings import DataWarning
from stackgui.core.labels.groups import Groups
from stackgui.core.labels.labels import Labels
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from tests.making import make_plan


def warned(paths, group_by="name:{group}_*", **options) -> dict[str, DataWarning]:
    chosen = {"split": Split.parse("80/10/10"), "labels": Labels.NONE} | options
    plan = make_plan([(2, 2)] * len(paths), Options(group_by=Groups.parse(group_by), **chosen), path=paths)
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
    told = warned(paths, labels=Labels.FOLDERS)
    assert {"classes-not-in-validation", "classes-not-in-test"} <= set(told)
    assert told["classes-not-in-test"].examples == ("dog",)


def test_pictures_without_a_group_are_listed():
    told = warned([*patients(*[5] * 40), "stray.png"])["without-group"]
    assert (told.count, told.examples, told.samples.tolist()) == (1, ("stray.png",), [200])


def test_groups_that_were_divided_before_are_told():
    paths = ["train/p1_1.png", "train/p3_1.png", "test/p1_2.png", "test/p2_1.png", "test/p2_2.png"]
    told = warned(paths, split=Split())["groups-in-several-parts"]
    assert (told.count, told.examples) == (1, ("p1",))
    assert "--split 80/10/10" in told.text
