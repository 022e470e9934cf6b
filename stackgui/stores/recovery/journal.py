"""The journal of an unfinished stack: an append-only file that records which rows are durable.

It begins with a magic number that includes the version; records follow. A record is the length of its payload
(4 bytes, little-endian), a checksum (8 bytes) and the payload. The checksum is XXH3 of the payload, seeded
with the record's offset, so that a record is valid only whole and where it was written. The first payload is
the head, in JSON; each further one describes consecutive rows. Everything from the first truncated or damaged
record on is ignored: those rows are done again.
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
class JournalContents:
    """The valid part of a journal.

    Attributes
    ----------
    head : mapping
        Description of the run, from `stackgui.stores.recovery.unfinished.journal_head`.
    rows : tuple of RowsDone
        Entries in the order in which they were written; later ones override earlier ones.
    good_bytes : int
        Length of the valid part.
    """

    head: Mapping[str, Any]
    rows: tuple[RowsDone, ...]
    good_bytes: int


def parse(data: bytes) -> JournalContents | None:
    """Parse the valid part of a journal; return None if not even its head is valid."""
    if not data.startswith(MAGIC):
        return None
    head: Mapping[str, Any] | None = None
    rows: list[RowsDone] = []
    offset = len(MAGIC)
    while (payload := _payload(data, offset)) is not None:
        try:
            if head is None:
                head = _json_object(payload)
            else:
                rows.append(_rows(payload))
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, struct.error):
            break
        offset += _FRAME.size + len(payload)
    return None if head is None else JournalContents(head, tuple(rows), offset)


def read_journal(path: str) -> JournalContents | None:
    """Read the valid part of the journal at `path`; return None if there is none."""
    with suppress(OSError), open_to_read(path) as file:
        return parse(file.read())
    return None


class Journal:
    """A journal open for appending; `begin` a new one or `reopen` one that was read."""

    def __init__(self, path: str, descriptor: int, end: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._end = end

    @classmethod
    def begin(cls, path: str, head: Mapping[str, Any]) -> Journal:
        """Create a journal and sync it, but not its name; raises StoreError."""
        with explained(path):
            descriptor = os.open(path, _FLAGS | os.O_CREAT | os.O_TRUNC, 0o666)
        journal = cls(path, descriptor, 0)
        try:
            journal._write(head_bytes(head))
        except StoreError:
            journal.close()
            raise
        return journal

    @classmethod
    def reopen(cls, path: str, contents: JournalContents) -> Journal:
        """Open a journal that was read and cut off its invalid part; raises StoreError."""
        with explained(path):
            descriptor = os.open(path, _FLAGS)
            os.ftruncate(descriptor, contents.good_bytes)
        return cls(path, descriptor, contents.good_bytes)

    def append(self, rows: Iterable[RowsDone]) -> None:
        """Append entries for rows that are durable, and sync.

        Raises
        ------
        StoreError
            Then nothing was appended, and it may be called again.
        """
        self._write(rows_bytes(rows, self._end))

    def close(self) -> None:
        """Release the file; never raises, and does nothing the second time."""
        descriptor, self._descriptor = self._descriptor, -1
        with suppress(OSError):
            os.close(descriptor)

    def _write(self, data: bytes) -> None:
        with explained(self.path):
            # Seek rather than append, to overwrite what a failed attempt may have left.
            os.lseek(self._descriptor, self._end, os.SEEK_SET)
            done = 0
            while done < len(data):
                done += os.write(self._descriptor, data[done:])
            sync_file(self._descriptor)
        self._end += len(data)


_FLAGS = os.O_RDWR | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


def head_bytes(head: Mapping[str, Any]) -> bytes:
    """Return what a journal begins with."""
    return MAGIC + _record(json.dumps(head).encode("ascii"), len(MAGIC))


def rows_bytes(rows: Iterable[RowsDone], offset: int) -> bytes:
    """Return the records of `rows`, which stand at `offset` in the journal."""
    parts = []
    for entry in rows:
        parts.append(_record(_rows_payload(entry), offset))
        offset += len(parts[-1])
    return b"".join(parts)


def _record(payload: bytes, offset: int) -> bytes:
    return _FRAME.pack(len(payload), xxhash.xxh3_64_intdigest(payload, offset)) + payload


def _payload(data: bytes, offset: int) -> bytes | None:
    """Return the payload of the record at `offset`, or None if there is no valid record."""
    begin = offset + _FRAME.size
    if begin > len(data):
        return None
    length, checksum = _FRAME.unpack_from(data, offset)
    payload = data[begin : begin + length]
    sound = len(payload) == length and xxhash.xxh3_64_intdigest(payload, offset) == checksum
    return payload if sound else None


def _json_object(payload: bytes) -> Mapping[str, Any]:
    value = json.loads(payload)
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - handled like any other damage
    return value


def _rows_payload(rows: RowsDone) -> bytes:
    """Encode the first row, the count, a bit and a checksum per row, and notes on single rows in JSON."""
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
    notes = _json_object(payload[rest:]) if len(payload) > rest else {}
    reasons = {int(index): str(reason) for index, reason in notes.get("reasons", {}).items()}
    non_finite = {int(index): int(values) for index, values in notes.get("non_finite", {}).items()}
    doubts = {int(index): tuple(map(str, noted)) for index, noted in notes.get("doubts", {}).items()}
    return RowsDone(first, valid.astype(np.bool_), checksum, reasons, non_finite, doubts)
