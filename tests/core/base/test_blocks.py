"""Work in blocks gives what work on everything gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base import blocks
from stackgui.core.base.blocks import counted, distinct
from stackgui.core.base.columns import Coded, repeated

NUMBERS = st.lists(st.integers(-(2**40), 2**40) | st.integers(0, 3), max_size=20)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_ROWS", 3)


def test_blocks_hold_every_row_once():
    assert [list(range(9))[block] for block in blocks.blocks(7)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(blocks.blocks(0)) == []


@given(NUMBERS)
def test_distinct_values_and_places(numbers):
    column = np.array(numbers, np.int64)
    found, which = distinct(len(column), lambda rows: column[rows])
    expected, places = np.unique(column, return_inverse=True)
    assert found.tolist() == expected.tolist()
    assert which.tolist() == places.tolist()
    assert which.dtype == np.int32


@given(st.lists(st.integers(0, 9), max_size=20), st.integers(0, 12))
def test_counts(codes, least):
    column = np.array(codes, np.int32)
    assert counted(column, least).tolist() == np.bincount(column, minlength=least).tolist()


@given(
    st.lists(st.sampled_from("abc"), max_size=9),
    st.sampled_from(["all", "none", "mask", "numbers"]),
)
def test_texts_that_are_alike_are_taken_as_others_are(texts, which):
    for values in (texts, ["a"] * len(texts)):
        column = Coded.from_values(values)
        mask = np.arange(len(values)) % 2 == 0
        indices = {
            "all": slice(None),
            "none": slice(1, 1),
            "mask": mask,
            "numbers": np.flatnonzero(mask)[::-1],
        }
        found = column.take(indices[which])
        assert list(found) == np.array(values, np.object_)[indices[which]].tolist()


def test_texts_that_are_alike_take_nothing():
    column = Coded(repeated(np.int32(0), 10**12), ("same",))
    assert len(column.take(slice(5, None, 2))) == (10**12 - 5 + 1) // 2
    assert column.take(np.array([7, 3])).codes.strides == (0,)
