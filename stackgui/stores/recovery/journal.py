"""The journal of an unfinished stack: which rows are durable, in a file that is only ever appended to.

It begins with a magic number that names the version; then come records. A record is its payload's length (4
bytes, little-endian), a checksum (8 bytes), and the payload; the checksum is XXH3 of the payload, seeded with
the record's place in the file, so that a record is believed only whole and where it was written. The first
payload is the head, in JSON; each further one tells of consecutive rows. From the first record on that is cut
off or damaged nothing is believed: those rows are simply done again.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import xxhash

from stackgui.core.base.errors import StoreError
from stackgui.core.run.row_results import RowsDone
from stackgui.stores.files.durable import sync_file
from stackgui.stores.files.failures import explained
from stackgui.stores.files.opening import open_to_read

JOURNAL_FILE = "journal"
MAGIC = b"SGJRNL\x00\x01"
"""The last two bytes are the version."""

_FRAME = struct.Struct("<IQ")
_ROWS = struct.Struct("<QI")
_CHECKSUM = np.dtype("<u8")
_MAX_ROW = 2**62


@dataclass(frozen=True, eq=False, slots=True)
class Contents:
    """What is believed of a journal.

    Attributes
    ----------
    head : mapping
        What the run said of itself when it began.
    rows : tuple of RowsDone
        In the order in which they were written; a later entry counts more than an earlier one.
    good_bytes : int
        Length of the part that is believed.
    """

    head: Mapping[str, Any]
    rows: tuple[RowsDone, ...]
    good_bytes: int


def parse(data: bytes) -> Contents | None:
    """Read a journal, as far as it can be believed; None when not even its head can."""
    if not data.startswith(MAGIC):
        return None
    head: Mapping[str, Any] | None = None
    rows: list[RowsDone] = []
    offset = len(MAGIC)
    while (payload := _payload(data, offset)) is not None:
        try:
            if head is None:
                head = _table(payload)
            else:
                rows.append(_rows(payload))
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, struct.error):
            break
        offset += _FRAME.size + len(payload)
    return None if head is None else Contents(head, tuple(rows), offset)


def read_journal(path: str) -> Contents | None:
    """What is believed of the journal at `path`; None when there is none, or one that tells nothing."""
    with suppress(OSError), open_to_read(path) as file:
        return parse(file.read())
    return None


class Journal:
    """A journal that is written; `begin` a new one or `go_on` with one that was read."""

    def __init__(self, path: str, descriptor: int, end: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._end = end

    @classmethod
    def begin(cls, path: str, head: Mapping[str, Any]) -> Journal:
        """Make a new journal, durable but for its name; raises StoreError."""
        with explained(path):
            descriptor = os.open(path, _FLAGS | os.O_CREAT | os.O_TRUNC, 0o666)
        journal = cls(path, descriptor, 0)
        try:
            journal._write(MAGIC + _record(json.dumps(head).encode("ascii"), len(MAGIC)))
        except StoreError:
            journal.close()
            raise
        return journal

    @classmethod
    def go_on(cls, path: str, contents: Contents) -> Journal:
        """Append to a journal that was read, over what is not believed of it; raises StoreError."""
        with explained(path):
            descriptor = os.open(path, _FLAGS)
            os.ftruncate(descriptor, contents.good_bytes)
        return cls(path, descriptor, contents.good_bytes)

    def append(self, rows: Iterable[RowsDone]) -> None:
        """Tell of rows that are durable; when this returns, so is the journal.

        Raises
        ------
        StoreError
            Then nothing was told, and it may be tried again.
        """
        parts, offset = [], self._end
        for entry in rows:
            parts.append(_record(_rows_payload(entry), offset))
            offset += len(parts[-1])
        self._write(b"".join(parts))

    def close(self) -> None:
        """Release the file; never raises, and does nothing the second time."""
        descriptor, self._descriptor = self._descriptor, -1
        with suppress(OSError):
            os.close(descriptor)

    def _write(self, data: bytes) -> None:
        with explained(self.path):
            # Not appended but put in its place: what an attempt that failed left there is written over.
            os.lseek(self._descriptor, self._end, os.SEEK_SET)
            done = 0
            while done < len(data):
                done += os.write(self._descriptor, data[done:])
            sync_file(self._descriptor)
        self._end += len(data)


_FLAGS = os.O_RDWR | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


def _record(payload: bytes, offset: int) -> bytes:
    return _FRAME.pack(len(payload), xxhash.xxh3_64_intdigest(payload, offset)) + payload


def _payload(data: bytes, offset: int) -> bytes | None:
    """The payload of the record at `offset`; None when there is no whole and sound one."""
    begin = offset + _FRAME.size
    if begin > len(data):
        return None
    length, checksum = _FRAME.unpack_from(data, offset)
    payload = data[begin : begin + length]
    sound = len(payload) == length and xxhash.xxh3_64_intdigest(payload, offset) == checksum
    return payload if sound else None


def _table(payload: bytes) -> Mapping[str, Any]:
    table = json.loads(payload)
    if not isinstance(table, dict):
        raise ValueError("no table")  # noqa: TRY004 - caught with the other faults of a payload
    return table


def _rows_payload(rows: RowsDone) -> bytes:
    """First row, count, a bit a row, a checksum a row, and notes on single rows in JSON."""
    parts = [
        _ROWS.pack(rows.first, len(rows)),
        np.packbits(rows.valid).tobytes(),
        rows.checksum.astype(_CHECKSUM).tobytes(),
    ]
    notes = {
        "reasons": dict(rows.reasons), "non_finite": dict(rows.non_finite), "doubts": dict(rows.doubts),
    }  # fmt: skip
    if any(notes.values()):
        parts.append(json.dumps(notes).encode("ascii"))
    return b"".join(parts)


def _rows(payload: bytes) -> RowsDone:
    first, count = _ROWS.unpack_from(payload)
    if first > _MAX_ROW:
        raise ValueError("no row has such a number")
    sums = _ROWS.size + (count + 7) // 8
    rest = sums + count * _CHECKSUM.itemsize
    valid = np.unpackbits(np.frombuffer(payload, np.uint8, sums - _ROWS.size, _ROWS.size), count=count)
    checksum = np.frombuffer(payload, _CHECKSUM, count, sums).astype(np.uint64)
    told = _table(payload[rest:]) if len(payload) > rest else {}
    reasons = {int(index): str(reason) for index, reason in told.get("reasons", {}).items()}
    non_finite = {int(index): int(values) for index, values in told.get("non_finite", {}).items()}
    doubts = {int(index): tuple(map(str, noted)) for index, noted in told.get("doubts", {}).items()}
    return RowsDone(first, valid.astype(np.bool_), checksum, reasons, non_finite, doubts)
