"""What people type into the table of values in masks is what the plan makes of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.catalog.mask_classes import COLOUR, MaskClass, classes_from_json, classes_to_json
from stackgui.core.catalog.masks import Masks, MaskValues
from stackgui.core.options.options import Options
from stackgui.core.plan.mask_form import mask_form
from stackgui.core.plan.mask_table import mask_values, with_name, with_number
from tests.making import make_catalog

KEYS = (0, 3, 7, 255, COLOUR + 0x804020)


def table(classes=(), keys=KEYS):
    """The values as the window shows them, with classes that were given."""
    found = MaskValues(
        np.array(keys),
        np.arange(1, len(keys) + 1),
        np.ones(len(keys), np.int64),
        most=max(keys[:-1], default=0),
    )
    masks = Masks(make_catalog([(4, 4)]), np.zeros(1, np.int32), found)
    form = mask_form(Options(mask_classes=classes), make_catalog([(4, 4)], masks=masks))
    return mask_values(masks, form)


def of(values, key):
    return next(each for each in values if each.key == key)


def test_values_are_listed_with_their_counts_and_what_they_become():
    values = table()
    assert [each.key for each in values] == list(KEYS)
    assert [each.masks for each in values] == [1] * 5
    assert [round(15 * each.share) for each in values] == [1, 2, 3, 4, 5]
    assert [(each.number, each.name) for each in values] == [
        (0, "#000000"), (1, "#030303"), (2, "#070707"), (4, "#ffffff"), (3, "#804020"),
    ]  # fmt: skip


STEPS = st.lists(
    st.tuples(
        st.integers(0, len(KEYS) - 1), st.none() | st.integers(0, 300) | st.sampled_from(["", "a", "b", "3"])
    ),
    max_size=6,
)


@given(STEPS)
def test_each_change_is_what_the_plan_makes_of_it(steps):
    classes = ()
    for at, wanted in steps:
        before = table(classes)
        classes = (with_name if isinstance(wanted, str) else with_number)(before, at, wanted)
        assert classes_from_json(classes_to_json(classes)) == classes
        after = table(classes)
        assert [each.key for each in after] == [each.key for each in before]
        if isinstance(wanted, str):
            assert after[at].name == wanted
        else:
            assert after[at].number == wanted
        others = [each for each in after if each.number is not None]
        assert len({each.number for each in others}) == len({each.name for each in others})


def test_joining_naming_and_ignoring():
    values = table()
    joined = with_number(values, 1, of(values, 7).number)
    assert (of(table(joined), 3).name, of(table(joined), 7).number) == ("#070707", 2)
    named = table(with_name(table(joined), 2, "road"))
    assert [of(named, key).name for key in (3, 7)] == ["road", "road"]
    again = table(with_name(named, 0, "road"))
    assert [of(again, key).number for key in (0, 3, 7)] == [2, 2, 2]
    ignored = with_number(values, 3, None)
    assert MaskClass("", (255,)) in ignored
    assert (of(table(ignored), 255).number, of(table(ignored), 255).is_known) == (None, True)


def test_values_that_no_class_has_are_told_from_those_that_do_not_count():
    values = table((MaskClass("a", (0,)), MaskClass("", (3,))))
    assert [(each.number, each.is_known) for each in values] == [
        (0, True), (None, True), (None, False), (None, True), (None, False),
    ]  # fmt: skip
