"""Segments of masks as columns."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.catalog.mask_segments import MaskSegments, segments_differ

pairs = st.dictionaries(st.integers(1, 2**24 - 1), st.integers(0, 300), max_size=5)
said_of_masks = st.lists(st.none() | pairs, max_size=6)


def segments_of(said: list[dict[int, int] | None]) -> MaskSegments:
    rows = [(mask, *pair) for mask, each in enumerate(said) for pair in (each or {}).items()]
    mask, number, key = np.array(rows, np.int64).reshape(-1, 3).T
    return MaskSegments.of_rows(np.array([each is not None for each in said], np.bool_), mask, number, key)


def lists_of(segments: MaskSegments) -> list[dict[int, int] | None]:
    lists = map(segments.list_of, range(len(segments.is_listed)))
    return [None if each is None else dict(each) for each in lists]


@given(said_of_masks, said_of_masks, st.data())
def test_what_is_said_of_each_mask_stays_with_it(one, other, data):
    first, second = segments_of(one), segments_of(other)
    assert lists_of(first) == one
    assert lists_of(MaskSegments.concatenate([first, second])) == one + other
    taken = data.draw(st.lists(st.integers(0, len(one) - 1), max_size=5)) if one else []
    assert lists_of(first.take(np.array(taken, np.int64))) == [one[mask] for mask in taken]
    again = MaskSegments.of_lists([first.list_of(mask) for mask in range(len(one))])
    assert (lists_of(again), again.to_bytes()) == (one, first.to_bytes())
    saved = json.loads(json.dumps(first.to_json(), default=lambda column: column.tolist()))
    assert lists_of(MaskSegments.from_json(saved, len(one))) == one
    assert first.most == max((number for each in one for number in each or {}), default=0)


@given(said_of_masks, st.data())
def test_masks_that_differ_are_told(said, data):
    other = [data.draw(st.just(each) | st.none() | pairs) for each in said]
    expected = [one != then for one, then in zip(said, other, strict=True)]
    assert segments_differ(segments_of(said), segments_of(other), len(said)).tolist() == expected
    assert segments_differ(None, segments_of(said), len(said)).tolist() == [each is not None for each in said]


def test_of_two_segments_with_one_number_the_first_counts():
    made = MaskSegments.of_rows(
        np.ones(1, np.bool_), np.zeros(3, np.int64), np.array([7, 5, 7]), np.array([1, 2, 3])
    )
    assert made.list_of(0) == [[5, 2], [7, 1]]


def test_classes_can_be_numbered_anew():
    assert lists_of(segments_of([{5: 0, 9: 1}, None]).renumbered([4, 2])) == [{5: 4, 9: 2}, None]


@pytest.mark.parametrize(
    "lists",
    [[[[0, 1]]], [[[2**24, 1]]], [[[3, -1]]], [[[3, 1], [3, 2]]], [[[3, 1], [2, 1]]], [[[3]]], [["x"]]],
)
def test_segments_that_no_scan_makes_are_refused(lists):
    with pytest.raises((TypeError, ValueError)):
        MaskSegments.of_lists(lists)
