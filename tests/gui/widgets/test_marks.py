"""Marking entries of a list, compared with sets."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stackgui.gui.widgets.marks import Marking, Marks

COUNT = 12
STEPS = st.lists(st.tuples(st.integers(0, COUNT - 1), st.sampled_from(Marking)), max_size=12)


def span(one: int, other: int) -> set[int]:
    return set(range(min(one, other), max(one, other) + 1))


@given(STEPS)
def test_marks_are_those_of_a_file_manager(steps):
    marks, anchor, expected = Marks(COUNT), None, set()
    for position, how in steps:
        marks.go(position, how)
        spans = how in {Marking.SPAN, Marking.ADD_SPAN}
        anchor = anchor if spans and anchor is not None else position
        match how:
            case Marking.ONLY:
                expected = {position}
            case Marking.TOGGLE:
                expected = expected ^ {position}
            case Marking.SPAN:
                expected = span(anchor, position)
            case Marking.ADD_SPAN:
                expected = expected | span(anchor, position)
        assert set(marks.positions.tolist()) == expected
        assert (marks.current, len(marks)) == (position, len(expected))


@given(STEPS, st.lists(st.sets(st.integers(0, COUNT - 1)), min_size=1, max_size=4), st.booleans())
def test_a_rubber_band_marks_what_is_inside_at_its_end(steps, bands, keep):
    marks = Marks(COUNT)
    for step in steps:
        marks.go(*step)
    before = set(marks.positions.tolist()) if keep else set()
    for inside in bands:
        marks.band(np.array(sorted(inside), np.int64), keep=keep)
        assert set(marks.positions.tolist()) == before | inside
    marks.end_band()
    marks.clear()
    assert not len(marks)


def test_marks_cost_nothing_for_what_is_not_marked():
    marks = Marks(10**15)  # more than any memory has bytes
    marks.go(10**14, Marking.ONLY)
    marks.go(10**14 + 10**13, Marking.ADD_SPAN)
    assert (len(marks), marks.first(2).tolist()) == (10**13 + 1, [10**14, 10**14 + 1])
    assert 10**14 + 10**13 in marks
    assert 10**14 + 10**13 + 1 not in marks
    marks.mark_all()
    assert len(marks) == 10**15
