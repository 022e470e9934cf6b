"""Rows in the order of their names, compared with sorting by a key for each."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.base.columns import Paths
from stackgui.core.base.natural import natural_key
from stackgui.engine.viewing import name_order as ordering
from stackgui.engine.viewing.name_order import name_order
from stackgui.stores.format.names import packed

# Capitals, numbers with and without zeros before them, folders, a space, accents in two ways.
names = st.text(st.sampled_from("aB01/9 _é\u0301ß日𝄞"), max_size=20)


class Rows:
    """Names as `ViewedRows` has them, a few at a time."""

    def __init__(self, names, at_a_time):
        self.listed, self.at_a_time = names, at_a_time
        self.opened = self
        self.rows = len(names)

    def names(self, _watch) -> Iterator[tuple[int, np.ndarray]]:
        for begin in range(0, self.rows, self.at_a_time):
            yield begin, packed(Paths.from_names(self.listed[begin : begin + self.at_a_time]))


def key(name, by_path):
    if by_path:
        return tuple(map(natural_key, name.casefold().split("/")))
    return natural_key(name.rsplit("/", 1)[-1].casefold())


@pytest.mark.parametrize("by_path", [False, True])
@given(st.lists(names, min_size=1, max_size=40), st.integers(1, 9), st.booleans(), st.data())
def test_names_sort_naturally(by_path, listed, at_a_time, descending, data):
    wanted = data.draw(st.none() | st.sets(st.integers(0, len(listed) - 1)))
    chosen = range(len(listed)) if wanted is None else sorted(wanted)
    told: list[float] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordering, "_PART", data.draw(st.sampled_from([1, 3, 100])))
        found = name_order(
            Rows(listed, at_a_time), None if wanted is None else np.array(chosen, np.uint32),
            told.append, UNWATCHED, by_path=by_path, descending=descending,
        )  # fmt: skip
    keys = [key(name, by_path) for name in listed]
    assert all(0 < share <= 1 for share in told)
    assert found.tolist() == sorted(chosen, key=keys.__getitem__, reverse=descending)


def test_names_that_differ_at_their_ends_only_are_told_apart():
    listed = ["x" * 100 + end for end in ("10", "9", "", "010", "b")]
    found = name_order(Rows(listed, 2), None, lambda _share: None, UNWATCHED, by_path=False, descending=False)
    assert found.tolist() == [2, 1, 0, 3, 4]
