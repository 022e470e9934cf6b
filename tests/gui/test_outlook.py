from stackgui.core.base.columns import Coded
from stackgui.gui.control.sample_previews import telling_samples
from tests.making import make_plan


def test_the_extremes_and_the_typical_one():
    sizes = [(10, 10), (10, 90), (80, 10), (2, 2), (40, 40), (70, 70)]
    assert dict(telling_samples(make_plan(sizes))) == {
        "widest": 1,
        "tallest": 2,
        "smallest": 3,
        "typical": 2,
        "largest 1 %": 5,
    }


def test_unreadable_samples_tell_nothing():
    plan = make_plan([(0, 0), (5, 5)], problem=Coded.from_values(["broken", ""]))
    assert {sample for _, sample in telling_samples(plan)} == {1}
