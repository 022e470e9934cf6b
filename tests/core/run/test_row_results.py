import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.catalog.doubts import Doubt
from stackgui.core.run.row_results import RowResults, RowsDone, runs

ROWS = 40


@st.composite
def pieces(draw) -> RowsDone:
    first = draw(st.integers(0, ROWS - 1))
    valid = np.array(draw(st.lists(st.booleans(), min_size=1, max_size=ROWS - first)), np.bool_)
    checksum = np.where(valid, np.arange(len(valid)) + draw(st.integers(1, 99)), 0).astype(np.uint64)
    reasons = {index: f"reason {draw(st.integers(0, 3))}" for index in np.flatnonzero(~valid).tolist()}
    non_finite = draw(st.dictionaries(st.integers(0, len(valid) - 1), st.integers(1, 9), max_size=3))
    doubts = dict.fromkeys(non_finite, (Doubt.STRAY_BYTES,))
    return RowsDone(first, valid, checksum, reasons, non_finite, doubts)


@given(st.lists(pieces(), max_size=8))
def test_what_was_recorded_last_counts(recorded):
    outcomes = RowResults.none_of(ROWS)
    last: dict[int, tuple] = {}
    for rows in recorded:
        outcomes.record(rows)
        for index in range(len(rows)):
            told = bool(rows.valid[index]), int(rows.checksum[index]), rows.reasons.get(index, "")
            last[rows.first + index] = *told, rows.non_finite.get(index, 0)
    assert outcomes.rows_done == len(last)
    texts = outcomes.reasons()
    for row in range(ROWS):
        valid, checksum, reason, non_finite = last.get(row, (False, 0, "", 0))
        assert outcomes.non_finite.get(row, 0) == non_finite
        assert (row in outcomes.doubts) == bool(non_finite)
        assert (outcomes.done[row], outcomes.valid[row], outcomes.checksum[row]) == (
            row in last,
            valid,
            checksum,
        )
        assert texts[row] == reason


@given(st.lists(pieces(), max_size=8), st.integers(1, 9))
def test_its_entries_make_the_same_table_again(recorded, most_rows):
    outcomes, again = RowResults.none_of(ROWS), RowResults.none_of(ROWS)
    for rows in recorded:
        outcomes.record(rows)
    for entry in outcomes.entries(most_rows):
        assert len(entry) <= most_rows
        again.record(entry)
    for name in ("done", "valid", "checksum"):
        assert np.array_equal(getattr(again, name), getattr(outcomes, name))
    assert again._notes == outcomes._notes


class CountedNotes(dict):
    """Notes that count how often one of them is looked for or gone past."""

    looks = 0

    def __contains__(self, row):
        self.looks += 1
        return super().__contains__(row)

    def __iter__(self):
        for row in super().__iter__():
            self.looks += 1
            yield row

    def items(self):
        return ((row, self[row]) for row in self)


def test_entries_take_a_look_a_row_however_many_entries_there_are():
    outcomes = RowResults.none_of(ROWS)
    outcomes.done[:] = outcomes.valid[:] = True
    outcomes.non_finite = CountedNotes.fromkeys(range(ROWS), 1)
    outcomes.doubts = CountedNotes.fromkeys(range(0, ROWS, 2), (Doubt.STRAY_BYTES,))
    entries = outcomes.entries(2)
    assert len(entries) == ROWS // 2
    assert all(entry.non_finite == {0: 1, 1: 1} for entry in entries)
    assert all(entry.doubts == {0: (Doubt.STRAY_BYTES,)} for entry in entries)
    assert 0 < outcomes.doubts.looks <= outcomes.non_finite.looks <= ROWS


@given(st.lists(pieces(), max_size=8), st.sets(st.integers(0, ROWS - 1)))
def test_forgotten_rows_are_not_done(recorded, rows):
    outcomes = RowResults.none_of(ROWS)
    for entry in recorded:
        outcomes.record(entry)
    before = outcomes.done.copy()
    outcomes.forget(np.array(sorted(rows), np.int64))
    for row in range(ROWS):
        assert outcomes.done[row] == (before[row] and row not in rows)
    assert not any(rows & notes.keys() for notes in outcomes._notes)
    assert not outcomes.checksum[sorted(rows)].any()


def test_rows_that_there_are_not_are_refused():
    with pytest.raises(ValueError, match="41"):
        RowResults.none_of(ROWS).record(RowsDone(39, np.ones(2, bool), np.ones(2, np.uint64), {}))


@given(st.lists(st.booleans(), max_size=30))
def test_runs_cover_what_is_true(mask):
    found = runs(np.array(mask, np.bool_))
    assert [row for begin, end in found for row in range(begin, end)] == [
        i for i, is_set in enumerate(mask) if is_set
    ]
    assert all(begin < end for begin, end in found)
