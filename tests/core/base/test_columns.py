"""Columns of names and of few texts."""

import os
import pickle
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.columns import Coded, Paths, slim

NAMES = st.lists(st.binary(max_size=20), max_size=10)
TEXTS = st.lists(st.sampled_from(["", "a", "b", "ccc"]), max_size=20)


@given(NAMES)
def test_names_are_kept_whatever_their_bytes(names):
    column = Paths.from_names(names)
    assert len(column) == len(names)
    assert [column.raw(index) for index in range(len(names))] == names
    assert list(column) == [column[index] for index in range(len(names))] == list(map(os.fsdecode, names))
    assert list(Paths.from_names(column)) == list(column)


@given(NAMES, NAMES)
def test_names_are_joined(first, second):
    column = Paths.concatenate([Paths.from_names(first), Paths.from_names(second)])
    assert list(column) == list(map(os.fsdecode, first + second))


@given(NAMES.filter(len), st.data())
def test_names_are_taken_in_any_order(names, data):
    indices = data.draw(st.lists(st.integers(0, len(names) - 1)))
    taken = Paths.from_names(names).take(np.array(indices, np.int64))
    assert [taken.raw(index) for index in range(len(indices))] == [names[index] for index in indices]


@pytest.mark.parametrize("index", [-1, 2])
def test_names_beyond_the_end(index):
    with pytest.raises(IndexError):
        Paths.from_names(["a", "b"])[index]


@given(TEXTS)
def test_texts_are_kept(texts):
    column = Coded.from_values(texts)
    assert list(column) == texts
    assert [column[index] for index in range(len(column))] == texts
    assert column.counts() == {text: texts.count(text) for text in texts}
    assert list(column.counts().values()) == sorted(column.counts().values(), reverse=True)
    assert column.equals("a").tolist() == [text == "a" for text in texts]
    assert list(column.take(column.equals("a"))) == [text for text in texts if text == "a"]


@given(st.lists(TEXTS, max_size=4))
def test_texts_are_joined(parts):
    joined = Coded.concatenate([Coded.from_values(part) for part in parts])
    assert list(joined) == [text for part in parts for text in part]
    assert len(set(joined.names)) == len(joined.names)


def test_constant_column():
    assert list(Coded.constant("a", 3)) == ["a", "a", "a"]


@given(TEXTS.filter(bool), st.data())
def test_what_is_taken_of_a_constant_column_is_constant(texts, data):
    column = Coded.constant("a", len(texts))
    indices = data.draw(st.lists(st.integers(0, len(texts) - 1), min_size=1))
    for taken in (
        column.take(np.array(indices)),
        Coded.concatenate([column, column.take(np.array(indices))]),
    ):
        assert set(taken) == {"a"}
        assert taken.codes.strides == (0,)


@given(st.lists(st.integers(0, 2), min_size=1))
def test_slim_column_holds_the_same(values):
    column = np.array(values, np.int32)
    kept = slim(column)
    assert kept.tolist() == values
    assert kept.dtype == np.int32
    assert (kept.strides == (0,)) == (len(set(values)) == 1)


class CountedText(str):
    """Text that counts how often any text is compared."""

    __slots__ = ()
    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other):
        CountedText.compared += 1
        return str.__eq__(self, other)


def test_putting_many_distinct_texts_compares_each_with_few_others(monkeypatch):
    monkeypatch.setattr(CountedText, "compared", 0)
    count = 2000
    texts = [CountedText(f"reason {index}") for index in range(count)]
    column = Coded.from_values(map(str, texts)).put(dict(enumerate(reversed(texts))))
    assert list(column) == list(map(str, reversed(texts)))
    assert len(column.names) == count
    assert CountedText.compared < 10 * count


def test_texts_that_are_put_twice_or_have_two_codes():
    column = Coded(np.array([0, 1, 2], np.int32), ("a", "b", "a")).put({1: "new", 2: "a", 0: "new"})
    assert list(column) == ["new", "new", "a"]
    assert column.names == ("a", "b", "a", "new")
    assert list(column.put({})) == list(column)


def test_columns_are_sent_as_they_lie_in_memory():
    one = Coded.constant("cat", 10_000)
    names = Paths(memoryview(b"abc"), np.array([1, 3]))
    again, sent = pickle.loads(pickle.dumps((one, names)))
    assert len(pickle.dumps(one)) < 500
    assert (list(again), again.codes.strides) == (["cat"] * 10_000, (0,))
    assert (list(sent), sent.data) == (["a", "bc"], b"abc")


@given(st.binary(max_size=3), st.lists(st.binary(max_size=4), max_size=5))
def test_names_below_a_folder_have_its_name_before_each(prefix, names):
    assert [*chain.from_iterable(Paths.below(prefix, names).batches())] == [prefix + name for name in names]
