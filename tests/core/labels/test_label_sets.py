"""Several labels of one picture, as a text and as sets of classes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.choices import LabelSeparator
from stackgui.core.base.errors import PlanError
from stackgui.core.labels.label_sets import (
    LabelSets,
    divided_at,
    found_separator,
    joined_text,
    members_of,
    set_text,
)
from stackgui.core.labels.labels import Labels, resolve_labels
from tests.making import make_catalog

NAMES = st.text("abcäö -_.", min_size=1).filter(lambda name: name.strip() == name and name)
CLASSES = 5


@given(st.lists(NAMES, unique=True), st.booleans())
def test_a_set_of_labels_survives_as_text(names, is_set):
    text = set_text(names, is_set=is_set)
    assert members_of(text) == tuple(names)
    assert joined_text([text, text]) == text
    assert divided_at(LabelSeparator.NONE, {text})(text) == tuple(names)


@given(
    st.lists(st.lists(st.integers(0, CLASSES - 1), unique=True).map(sorted), min_size=1, max_size=8),
    st.data(),
)
def test_tables_and_counts_are_those_of_the_sets(sets, data):
    made = LabelSets.of(sets, CLASSES)
    codes = np.array(data.draw(st.lists(st.integers(-1, len(sets) - 1))), np.int32)
    chosen = [set() if code < 0 else set(sets[code]) for code in codes.tolist()]
    wanted = [[int(number in each) for number in range(CLASSES)] for each in chosen]
    assert made.table(codes).tolist() == wanted
    assert made.counts(codes).tolist() == np.array(wanted).reshape(-1, CLASSES).sum(axis=0).tolist()
    for number in range(CLASSES):
        assert made.having(number).tolist() == [number in each for each in sets]
    assert [made.numbers(code) for code in range(len(sets))] == sets


@pytest.mark.parametrize(
    ("texts", "separator"),
    [
        ({"cat;dog", "cat"}, LabelSeparator.SEMICOLON),
        ({"Effusion|No Finding", "Mass"}, LabelSeparator.BAR),
        ({"cat, dog", "cat"}, LabelSeparator.COMMA),
        ({"clear primary", "clear", "primary"}, LabelSeparator.BLANK),
        ({"hot dog", "cat"}, LabelSeparator.NONE),
        ({"Paris, France", "cat"}, LabelSeparator.NONE),
        ({set_text(["hot dog", "a;b"]), "cat"}, LabelSeparator.NONE),
        (set(), LabelSeparator.NONE),
    ],
)
def test_the_separator_is_what_the_labels_show(texts, separator):
    assert found_separator(texts) is separator


def test_each_class_of_a_text_is_counted_and_those_that_are_none_are_left_out():
    given_label = ["cat;dog", "dog", "", "unknown", "dog; cat ;dog"]
    catalog = make_catalog([(1, 1)] * 5, given_label=given_label)
    found = resolve_labels(
        Labels.AUTO, catalog, np.arange(5), not_classes=("unknown",), separator=LabelSeparator.AUTO
    )
    assert found.classes == ("cat", "dog")
    assert found.sets is not None
    assert found.sets.table(found.label).tolist() == [[1, 1], [0, 1], [0, 0], [0, 0], [1, 1]]
    with pytest.raises(PlanError, match=r"1 label of 2 pictures is not in the list of classes: cat \(2\)"):
        resolve_labels(
            Labels.AUTO, catalog, np.arange(5), ("dog",), ("unknown",), separator=LabelSeparator.AUTO
        )


def test_pictures_with_several_labels_have_none_where_one_was_asked_for():
    catalog = make_catalog([(1, 1)] * 2, given_label=[set_text(["cat", "dog"]), "dog"])
    found = resolve_labels(Labels.AUTO, catalog, np.arange(2))
    assert (found.label.tolist(), found.classes, found.sets) == ([-1, 0], ("dog",), None)
    with pytest.raises(PlanError, match="--label-form many"):
        resolve_labels(Labels.GIVEN, catalog, np.arange(1))
