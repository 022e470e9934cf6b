"""Lists of rows, with and without a number for each."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.viewing.found import FoundRows


@given(st.lists(st.integers(0, 60), unique=True), st.booleans(), st.integers(0, 60))
def test_positions_and_rows_belong_together(rows, is_sorted, wanted):
    listed = sorted(rows) if is_sorted else rows
    found = FoundRows(len(listed), np.array(listed, np.uint32), is_sorted=is_sorted)
    assert found.some(0, len(listed) + 5) == listed
    assert [found.position(row) for row in listed] == list(range(len(listed)))
    assert found.position(wanted) == (listed.index(wanted) if wanted in listed else -1)
    several = [*listed[::2], 61, 62]
    assert sorted(found.positions(several).tolist()) == sorted(map(found.position, listed[::2]))


@given(st.integers(0, 50), st.integers(-5, 60))
def test_all_rows_need_no_numbers(count, row):
    found = FoundRows(count)
    assert found.some(0, count) == list(range(count))
    assert found.position(row) == (row if 0 <= row < count else -1)
