"""What is kept for a catalog, and that it goes with it."""

import gc
import weakref

import pytest

from stackgui.core.advice.estimate import Resources, estimate
from stackgui.core.base.choices import Channels
from stackgui.core.base.kept import kept
from stackgui.core.base.size import Size
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.labels.folders import read_folders
from stackgui.core.labels.labels import LabelKind, Labels
from stackgui.core.labels.splits import Split, SplitKind
from stackgui.core.options.options import Options
from stackgui.core.plan.depths import depths
from stackgui.core.plan.resolve import resolve
from stackgui.core.plan.size_independent import differ_only_in_size
from tests.making import make_catalog, make_plan


class Table:
    """What something is kept for."""


def test_what_was_found_is_kept_for_its_table_and_the_other_arguments():
    asked = []

    @kept(most=2)
    def found(table, number, *, doubled=False):
        asked.append((table, number, doubled))
        return number * (1 + doubled)

    first, second = Table(), Table()
    assert [found(first, 1), found(first, 1), found(first, 1, doubled=True)] == [1, 1, 2]
    assert found(second, 1) == 1
    assert asked == [(first, 1, False), (first, 1, True), (second, 1, False)]
    found(first, 1)  # used again, so that the other one goes first
    found(first, 3)
    asked.clear()
    found(first, 1)
    found(first, 1, doubled=True)
    assert asked == [(first, 1, True)]


def test_what_failed_is_tried_again():
    answers = iter([ValueError("not yet"), "done"])

    @kept()
    def found(_table):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    table = Table()
    with pytest.raises(ValueError, match="not yet"):
        found(table)
    assert found(table) == "done"


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(labels=Labels(LabelKind.LEVEL, level=-1), split=Split(SplitKind.SHARES, (80, 10, 10))),
        Options(labels=Labels(LabelKind.NAME, pattern="{label}*")),
        Options(labels=Labels(LabelKind.FOLDERS), exclude=SampleSet(frozenset({(0, "c/2.png", -1)}))),
    ],
    ids=["as it is", "levels and shares", "names", "folders, one left out"],
)
def test_a_catalog_goes_with_the_last_who_has_it(options):
    paths = ["a/0.png", "b/1.png", "c/2.png"]
    plan = make_plan([(4, 6), (5, 3), (2, 2)], options, path=paths, given_label=["", "b", ""])
    read_folders(plan.catalog)
    assert depths(plan)
    assert estimate(plan, Resources(10**9, 10**9, 10**9, workers=2))
    catalog = weakref.ref(plan.catalog)
    del plan
    gc.collect()
    assert catalog() is None


def test_plans_are_compared_by_what_they_say_and_not_by_what_was_kept():
    catalog = make_catalog([(4, 6), (5, 3)])

    def plan(**choices):
        return resolve(Options(**choices), catalog)

    first = plan()
    for channels in (Channels.GREY, Channels.RGBA, Channels.RGB):  # more than are kept
        other = plan(channels=channels, fill=7)
        assert not differ_only_in_size(first, other)
    assert differ_only_in_size(first, plan(size=Size.exact(2, 2)))
    assert not differ_only_in_size(first, None)
    assert differ_only_in_size(None, None)
    assert not differ_only_in_size(first, make_plan([(4, 6), (5, 3)]))
