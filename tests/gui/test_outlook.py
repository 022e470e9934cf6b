from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.columns import Coded
from stackgui.gui.control.sample_previews import telling_samples
from tests.making import make_plan


def test_the_extremes_and_the_typical_one():
    sizes = [(10, 10), (10, 90), (80, 10), (2, 2), (40, 40), (70, 70)]
    assert dict(telling_samples(make_plan(sizes))) == {
        "widest": 1,
        "tallest": 2,
        "smallest": 3,
        "typical": 0,
        "large": 5,
    }
    assert telling_samples(make_plan([(9, 9), (3, 3)])) == (("largest", 0), ("smallest", 1))
    assert telling_samples(make_plan([(9, 9)])) == (("largest", 0),)


sides = st.integers(1, 9)


@given(st.lists(st.tuples(sides, sides), min_size=1, max_size=9), st.sets(st.integers(0, 8)))
def test_no_picture_is_shown_twice_nor_one_that_is_broken(sizes, broken):
    samples = [sample for _, sample in telling_samples(make_plan(sizes), broken)]
    left = set(range(len(sizes))) - broken
    assert len(samples) == len(set(samples))
    assert set(samples) <= left
    assert len(samples) >= min(len(left), 3)


def test_unreadable_samples_tell_nothing():
    plan = make_plan([(0, 0), (5, 5)], problem=Coded.from_values(["broken", ""]))
    assert {sample for _, sample in telling_samples(plan)} == {1}
