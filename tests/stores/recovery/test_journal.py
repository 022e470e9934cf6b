"""The journal: what was written is read, and what was damaged is not believed."""

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.errors import StoreError
from stackgui.core.catalog.doubts import Doubt
from stackgui.core.run.row_results import RowsDone
from stackgui.stores.recovery import journal as module
from stackgui.stores.recovery.journal import MAGIC, Journal, parse, read_journal
from tests.damaging import damaged
from tests.damaging import written as json_of

HEAD = {"fingerprint": "ab", "versions": {"numpy": "2"}}


@st.composite
def entries(draw) -> RowsDone:
    valid = np.array(draw(st.lists(st.booleans(), min_size=1, max_size=20)), np.bool_)
    sums = draw(st.lists(st.integers(0, 2**64 - 1), min_size=len(valid), max_size=len(valid)))
    reasons = {int(index): draw(st.text(max_size=8)) for index in np.flatnonzero(~valid)}
    non_finite = draw(st.dictionaries(st.integers(0, len(valid) - 1), st.integers(1, 2**40), max_size=3))
    doubts = draw(
        st.dictionaries(st.integers(0, len(valid) - 1), st.tuples(st.sampled_from(Doubt)), max_size=3)
    )
    first = draw(st.integers(0, 2**40))
    return RowsDone(first, valid, np.array(sums, np.uint64), reasons, non_finite, doubts)


def plain(rows: RowsDone) -> tuple:
    notes = dict(rows.reasons), dict(rows.non_finite), dict(rows.doubts)
    return rows.first, rows.valid.tolist(), rows.checksum.tolist(), *notes


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> str:
    return str(tmp_path_factory.mktemp("journal") / "journal")


def written(path: str, parts: list[list[RowsDone]]) -> bytes:
    journal = Journal.begin(path, HEAD)
    for part in parts:
        journal.append(part)
    journal.close()
    with open(path, "rb") as file:
        return file.read()


@given(parts=st.lists(st.lists(entries(), min_size=1, max_size=3), max_size=3))
def test_what_was_written_is_read(path, parts):
    data = written(path, parts)
    found = read_journal(path)
    assert found.head == HEAD
    assert [plain(rows) for rows in found.rows] == [plain(rows) for part in parts for rows in part]
    assert found.good_bytes == len(data)


@given(rows=st.lists(entries(), min_size=1, max_size=4), data=st.data())
def test_a_torn_tail_costs_the_last_records_only(path, rows, data):
    whole = written(path, [rows])
    cut = data.draw(st.integers(0, len(whole) - 1))
    found = parse(whole[:cut])
    if found is None:
        assert cut < len(whole) - sum(len(module._rows_payload(entry)) + 12 for entry in rows)
        return
    assert found.good_bytes <= cut
    assert [plain(a) for a in found.rows] == [plain(b) for b in rows[: len(found.rows)]]
    assert len(found.rows) < len(rows)


@given(rows=st.lists(entries(), min_size=1, max_size=4), data=st.data())
def test_after_a_flipped_bit_nothing_is_believed(path, rows, data):
    whole = bytearray(written(path, [rows]))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= 1 << data.draw(st.integers(0, 7))
    found = parse(bytes(whole))
    if found is not None:
        assert found.good_bytes <= place
        assert [plain(a) for a in found.rows] == [plain(b) for b in rows[: len(found.rows)]]


@given(rows=st.lists(entries(), min_size=1, max_size=5), data=st.data())
def test_records_that_stand_elsewhere_than_they_were_written_are_not_believed(path, rows, data):
    """Dropped, doubled, or in another order, as by a disk that loses or mixes up blocks."""
    whole = written(path, [rows])
    records, offset = [], len(written(path, []))
    head = whole[:offset]
    for entry in rows:
        end = offset + 12 + len(module._rows_payload(entry))
        records.append(whole[offset:end])
        offset = end
    places = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=2 * len(rows)))
    found = parse(head + b"".join(records[place] for place in places))
    untouched = [place for index, place in enumerate(places) if places[: index + 1] == list(range(index + 1))]
    believed = [plain(rows[place]) for place in untouched]
    assert [plain(entry) for entry in found.rows] == believed
    assert found.good_bytes == len(head) + sum(len(records[place]) for place in untouched)


@given(rows=st.lists(entries(), min_size=1, max_size=4), data=st.data())
def test_a_block_of_zeros_or_of_another_file_ends_what_is_believed(path, rows, data):
    whole = bytearray(written(path, [rows]))
    begin = data.draw(st.integers(0, len(whole) - 1))
    filling = data.draw(st.one_of(st.just(bytes(16)), st.binary(min_size=1, max_size=16)))
    before = bytes(whole)
    whole[begin : begin + len(filling)] = filling[: len(whole) - begin]
    found = parse(bytes(whole))
    if bytes(whole) == before:
        assert len(found.rows) == len(rows)
    elif found is not None:
        changed = next(place for place in range(len(whole)) if whole[place] != before[place])
        assert found.good_bytes <= changed
        assert [plain(a) for a in found.rows] == [plain(b) for b in rows[: len(found.rows)]]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_a_fault(data):
    assert parse(data) is None or data.startswith(MAGIC)
    assert parse(MAGIC + data) is None or len(data) > 12


@pytest.mark.parametrize(
    "payload", [b"", b"\0" * 4, b"\0" * 8 + b"\xff" * 4, b"\0" * 12 + b"nonsense", b"\0" * 12 + b"[]"]
)
def test_a_sound_record_that_makes_no_sense_is_not_believed(path, payload):
    whole = written(path, [])
    found = parse(whole + module._record(payload, len(whole)))
    assert found.rows == ()
    assert found.good_bytes == len(whole)


def test_a_record_counts_only_where_it_was_written(path):
    entry = RowsDone(0, np.ones(3, bool), np.ones(3, np.uint64), {})
    whole = written(path, [[entry]])
    record = whole[len(written(path, [])) :]
    assert len(parse(whole + record).rows) == 1


def test_going_on_writes_over_what_is_not_believed(path):
    first, second = (RowsDone(n, np.ones(9, bool), np.full(9, n, np.uint64), {}) for n in (0, 9))
    torn = written(path, [[first, second]])[:-5]
    with open(path, "wb") as file:
        file.write(torn)
    journal = Journal.reopen(path, parse(torn))
    journal.append([second])
    journal.close()
    assert [plain(rows) for rows in read_journal(path).rows] == [plain(first), plain(second)]


def test_what_could_not_be_written_may_be_tried_again(path, monkeypatch):
    entry = RowsDone(5, np.ones(9, bool), np.ones(9, np.uint64), {})
    journal = Journal.begin(path, HEAD)
    write, calls = os.write, []

    def half(descriptor: int, data: bytes) -> int:
        calls.append(descriptor)
        if len(calls) == 1:
            return write(descriptor, data[:7])
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(StoreError, match="is full"):
        journal.append([entry])
    journal.append([entry])
    journal.close()
    assert [plain(rows) for rows in read_journal(path).rows] == [plain(entry)]


def test_no_journal_tells_nothing(tmp_path):
    assert read_journal(str(tmp_path / "journal")) is None
    assert read_journal(str(tmp_path)) is None


@given(
    st.binary(max_size=60), damaged({"reasons": {"0": "x"}, "non_finite": {"0": 4}, "doubts": {"0": ["y"]}})
)
def test_rows_that_say_nonsense_are_not_believed(payload, notes):
    """Their checksum holds, so that only what they say can be wrong."""
    whole = module._rows_payload(RowsDone(0, np.array([True]), np.array([1], np.uint64), {}, {}, {}))
    head = MAGIC + module._record(b"{}", len(MAGIC))
    for each in (payload, whole + json_of(notes), whole + payload):
        contents = parse(head + module._record(each, len(head)))
        assert contents is not None
        assert len(contents.rows) <= 1
