"""What is drawn over pictures: the objects where they lie, and what a row does not show of them."""

import numpy as np

from stackgui.core.base.choices import Fit
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.alone import alone
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_marks import MAX_MARKS, RowMarks, marks_of_rows
from tests.core.plan.test_placed_objects import plan_with
from tests.making import make_plan

CROP = Options(size=Size.parse("100x100"), fit=Fit.CROP)
OBJECTS = [
    (1, "cat", (20, 20, 60, 50), {}),
    (1, "dog", (0, 0, 40, 40), {}),
    (0, "cat", (1, 2, 3, 4), {}),
]


def marks_of_picture(plan: Plan, sample: int) -> RowMarks | None:
    """What is drawn over a whole picture, as in the large view."""
    single = alone(plan, sample)
    return marks_of_rows(single, single.buckets[0], np.array([0]))[0]


def test_what_the_row_shows_and_what_it_does_not():
    plan = plan_with([(100, 100), (100, 200)], OBJECTS, CROP)
    first, second = marks_of_rows(plan, plan.buckets[0], np.array([0, 1]))
    assert (first.box.tolist(), first.is_kept.tolist()) == ([[1, 2, 3, 4]], [True])
    assert second.size == (100, 100)
    assert second.whole.tolist() == [[-30, 20, 10, 50], [-50, 0, -10, 40]]
    assert (second.box[0].tolist(), second.is_kept.tolist()) == ([0, 20, 10, 50], [True, False])
    assert [second.classes[number] for number in second.category] == ["cat", "dog"]


def test_the_whole_picture_shows_all():
    marks = marks_of_picture(plan_with([(100, 100), (100, 200)], OBJECTS, CROP), 1)
    assert (marks.size, marks.is_kept.tolist()) == ((100, 200), [True, True])
    assert marks.box.tolist() == marks.whole.tolist() == [[20, 20, 60, 50], [0, 0, 40, 40]]


def test_a_part_of_a_row_shows_them_where_they_lie_in_it():
    points = [(30.0, 20.0, 2.0), (0.0, 0.0, 0.0)]
    square = {"rings": [[(20.0, 10.0), (40.0, 10.0), (40.0, 30.0)]], "keypoints": points}
    marks = marks_of_picture(plan_with([(40, 80)], [(0, "cat", (20, 10, 40, 30), square)]), 0)
    part = marks.in_part(0.25, 0.25, 0.5, 0.75)
    assert part.size == (30, 40)
    assert part.box.tolist() == part.whole.tolist() == [[0, 0, 20, 20]]
    assert part.rings[0].tolist() == [[0, 0], [20, 0], [20, 20]]
    assert part.keypoints.tolist() == [[[10, 10, 2], [0, 0, 0]]], "what is not marked stays so"


def test_very_many_are_not_all_drawn():
    marks = marks_of_picture(plan_with([(9, 9)], [(0, "cat", (0, 0, 5, 5), {})] * (MAX_MARKS + 3)), 0)
    assert (len(marks), marks.more) == (MAX_MARKS, 3)


def test_without_annotations_there_is_nothing_to_draw():
    plan = make_plan([(9, 9)])
    assert marks_of_rows(plan, plan.buckets[0], np.array([0])) == (None,)
