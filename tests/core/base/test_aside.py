"""Columns of many rows can be put aside, and hold the same."""

import numpy as np
import pytest

from stackgui.core.base import aside, blocks
from stackgui.core.base.aside import columns_aside, copied, new_column
from stackgui.core.base.blocks import at, counted, distinct, places_of
from stackgui.core.base.columns import Coded, Paths
from stackgui.stores.files.nameless import nameless_memory

ROWS = 1000


@pytest.fixture(params=[False, True], ids=["in memory", "aside"])
def lent(request, monkeypatch):
    """Take columns from a room, if they are to be put aside, and list the sizes that were asked for."""
    monkeypatch.setattr(aside, "ASIDE_ROWS", 100)
    monkeypatch.setattr(blocks, "BLOCK_ROWS", 128)
    sizes = []

    def room(size):
        sizes.append(size)
        return nameless_memory(size)

    if not request.param:
        yield None
        return
    with columns_aside(room):
        yield sizes
    assert sizes


def test_columns_hold_the_same_wherever_they_lie(lent):
    random = np.random.default_rng(0)
    values = random.integers(0, 50, ROWS)
    rows = random.permutation(ROWS)
    mask = values > 30
    assert (at(values, rows) == values[rows]).all()
    assert (copied(values) == values).all()
    assert (places_of(lambda part: mask[part], ROWS) == np.flatnonzero(mask)).all()
    assert (counted(values, 50, mask) == np.bincount(values[mask], minlength=50)).all()
    assert (counted(values, 50, rows[:300]) == np.bincount(values[rows[:300]], minlength=50)).all()
    found, which = distinct(ROWS, lambda part: values[part])
    assert (found == np.unique(values)).all()
    assert (found[which] == values).all()


def test_texts_and_names_are_taken_the_same(lent):
    names = [f"folder/picture{number * 7919 % ROWS}.png" for number in range(ROWS)]
    rows = np.random.default_rng(1).permutation(ROWS)
    assert list(Paths.from_names(names).take(rows)) == [names[row] for row in rows]
    texts = Coded.from_values(name[:15] for name in names)
    other = texts.put({5: "x", 999: "y"})
    assert list(texts.take(rows)) == [names[row][:15] for row in rows]
    assert np.flatnonzero(texts.differs(other)).tolist() == [5, 999]
    assert texts.counts(rows[:10]) == texts.take(rows[:10]).counts()


def test_without_room_columns_are_in_memory():
    with columns_aside(lambda _size: None):
        assert new_column(10**6, np.int64, 2).shape == (10**6, 2)


def test_a_full_disk_leaves_columns_in_memory(monkeypatch):
    class Full:
        def write(self, _data):
            raise OSError(28, "full")

        def close(self):
            raise OSError(28, "full")

    monkeypatch.setattr("stackgui.stores.files.nameless.nameless_file", Full)
    assert nameless_memory(100) is None
