"""Columns of tables in one file, each found and mapped without the others.

The file begins with a magic number that includes the version; columns follow, each at a multiple of
`ALIGN_BYTES`, in the form that NumPy has in memory, little-endian. Where columns lie, what they hold, and the
checksum of each (XXH3, 128 bits), says the file that names this one, or a head in JSON at its own end.
"""

from __future__ import annotations

import json
import math
import mmap
import re
import struct
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, BinaryIO

import numpy as np
import xxhash
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.columns import Paths, repeated

MAGIC = b"SGCOLS\x00\x01"
"""The last two bytes are the version."""

ALIGN_BYTES = 64
BLOCK_BYTES = 2**22
"""Bytes that are written, or compared, between two looks at whether to go on."""

_TAIL = struct.Struct("<Q16s8s")
"""Ends a file with a head: bytes of the head, its checksum, and the magic number once more."""

_MAX_HEAD_BYTES = 2**28

_DTYPE = re.compile(r"[<|][biuf][1248]")
_BYTES, _ENDS = "|u1", "<i8"
"""The dtypes of the two columns that names are."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column lies in the file.

    Attributes
    ----------
    begin : int
        Offset of its first byte; -1 if all rows share one value, which then stands in `same`.
    dtype : str
        As NumPy spells it, with its order of bytes.
    shape : tuple of int
    checksum : str
        Hexadecimal digits.
    same : str
        Hexadecimal digits of the bytes of the value that all rows share.
    """

    begin: int
    dtype: str
    shape: tuple[int, ...]
    checksum: str
    same: str = ""

    @property
    def row_bytes(self) -> int:
        """Size of a row."""
        return math.prod(self.shape[1:]) * np.dtype(self.dtype).itemsize

    @property
    def end(self) -> int:
        """Offset behind its last byte."""
        return self.begin + self.shape[0] * self.row_bytes

    def to_json(self) -> dict[str, Any]:
        """Return the place as JSON values."""
        known = {"dtype": self.dtype, "shape": list(self.shape)}
        if self.begin < 0:
            return {**known, "same": self.same}
        return {**known, "begin": self.begin, "checksum": self.checksum}

    @classmethod
    def from_json(cls, value: Mapping[str, Any], file_bytes: int) -> Place:
        """Rebuild what `to_json` returned, of a file of so many bytes.

        Raises
        ------
        LookupError, TypeError, ValueError, OverflowError
            For anything that cannot be in such a file.
        """
        dtype, shape = str(value["dtype"]), tuple(map(int, value["shape"]))
        if not _DTYPE.fullmatch(dtype) or not shape or min(shape) < 0:
            raise ValueError("a column of an unknown kind")
        same, begin = str(value.get("same", "")), int(value.get("begin", -1))
        made = cls(begin, dtype, shape, str(value.get("checksum", "")), same)
        if begin >= 0 and (begin % ALIGN_BYTES or made.end > file_bytes):
            raise ValueError("a column outside its file")
        # Some other column has a value of its own for each row, so a small file cannot claim many rows.
        is_value = len(bytes.fromhex(same)) == np.dtype(dtype).itemsize and math.prod(shape) <= file_bytes
        if begin < 0 and not is_value:
            raise ValueError("a column without values")
        return made


class ColumnWriter:
    """Writes columns to a file that was opened for writing; its methods raise OSError.

    Attributes
    ----------
    end : int
        Number of bytes written.
    """

    def __init__(self, file: BinaryIO, cancellation: Cancellation = UNWATCHED) -> None:
        self._file = file
        self._cancellation = cancellation
        self.end = file.write(MAGIC)

    def write(self, column: NDArray[Any]) -> Place:
        """Append a column of numbers, shape (N, …); if all rows share one value, nothing is written."""
        dtype = _stored(column.dtype)
        if column.size and not any(column.strides):
            value = column[(slice(0, 1),) * column.ndim].astype(dtype)
            return Place(-1, dtype.str, column.shape, "", value.tobytes().hex())
        place = self._written(_blocks(column, dtype), dtype)
        return replace(place, shape=column.shape)

    def write_parts(self, parts: Iterable[NDArray[Any]], dtype: np.dtype[Any]) -> Place:
        """Append a column of numbers, shape (N,), in parts; if all rows are alike, nothing is written."""
        stored, rest = _stored(dtype), iter(parts)
        alike, different = _alike(rest)
        if different is None and len(alike):
            return Place(-1, stored.str, alike.shape, "", alike[0].astype(stored).tobytes().hex())
        others = () if different is None else (different,)
        joined = (block for part in chain((alike,), others, rest) for block in _blocks(part, stored))
        return self._written(joined, stored)

    def write_names(self, names: Paths) -> tuple[Place, Place]:
        """Append the bytes and the ends of names."""
        return self.write(np.frombuffer(names.data, np.uint8)), self.write(np.ascontiguousarray(names.ends))

    def write_parts_of_names(self, parts: Callable[[], Iterable[Paths]]) -> tuple[Place, Place]:
        """Append names as `write_names` does; `parts` is called twice, for their bytes and for their ends."""
        data = (np.frombuffer(part.data, np.uint8) for part in parts())
        data_blocks = (block for part in data for block in _blocks(part, np.dtype(_BYTES)))
        written = self._written(data_blocks, np.dtype(_BYTES))
        ends = (block for part in _ends(parts()) for block in _blocks(part, np.dtype(_ENDS)))
        return written, self._written(ends, np.dtype(_ENDS))

    def _written(self, blocks: Iterable[memoryview], dtype: np.dtype[Any]) -> Place:
        """Append a column, shape (N,), that comes in blocks of bytes."""
        self._put(bytes(-self.end % ALIGN_BYTES))
        begin, digest = self.end, xxhash.xxh3_128()
        for block in blocks:
            digest.update(block)
            self._put(block)
            self._cancellation.check()
        return Place(begin, dtype.str, ((self.end - begin) // dtype.itemsize,), digest.hexdigest())

    def write_head(self, head: Mapping[str, Any]) -> None:
        """Append JSON values that say where the columns lie, as the last of the file; see `read_head`."""
        text = json.dumps(head, separators=(",", ":")).encode("ascii")
        self._put(text)
        self._put(_TAIL.pack(len(text), xxhash.xxh3_128_digest(text), MAGIC))

    def _put(self, data: bytes | memoryview) -> None:
        self._file.write(data)
        self.end += len(data)


def _alike(parts: Iterator[NDArray[Any]]) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Take parts as long as all their rows have one value: return these as one, and the first other part."""
    alike = np.empty(0)
    for part in parts:
        if not len(part):
            continue
        value = alike[0] if len(alike) else part[0]
        if part[-1] != value or not (part == value).all():
            return alike, part
        alike = repeated(value, len(alike) + len(part))
    return alike, None


def _stored(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return np.dtype(dtype.newbyteorder("<"))


def _blocks(column: NDArray[Any], dtype: np.dtype[Any]) -> Iterator[memoryview]:
    """Yield the bytes of a column, shape (N, ...), some megabytes at a time."""
    rows = max(1, BLOCK_BYTES // max(1, math.prod(column.shape[1:]) * dtype.itemsize))
    for first in range(0, len(column), rows):
        yield np.ascontiguousarray(column[first : first + rows], dtype).data.cast("B")


def _ends(parts: Iterable[Paths]) -> Iterator[NDArray[np.int64]]:
    offset = 0
    for part in parts:
        yield part.ends + offset
        offset += len(part.data)


class ColumnFile:
    """Columns in a file, which are mapped and not read; they keep the map open as long as there is any.

    Parameters
    ----------
    file : binary file
        Open for reading; it may be closed afterwards.
    file_bytes : int
        Size that it must have.
    is_mapped : bool
        False to read all of it into memory, because systems may not replace a file that is mapped.

    Raises
    ------
    OSError
    ValueError
        When it is another file, or not whole.
    """

    def __init__(self, file: BinaryIO, file_bytes: int, *, is_mapped: bool = True) -> None:
        if file.seek(0, 2) != file_bytes or file_bytes < len(MAGIC):
            raise ValueError("it is not whole")
        self.file_bytes = file_bytes
        if is_mapped:
            self._map = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        else:
            file.seek(0)
            self._map = memoryview(file.read())
        if self._map[: len(MAGIC)] != MAGIC:
            raise ValueError("it is another file")

    def column(self, place: Place) -> NDArray[Any]:
        """Return a column, shape as its place says, read-only; use it only after `check`."""
        dtype = np.dtype(place.dtype)
        native = dtype.newbyteorder("=")
        if place.begin < 0:
            value = np.frombuffer(bytes.fromhex(place.same), dtype).astype(native)
            return np.broadcast_to(value[0], place.shape)
        found = np.frombuffer(self._map[place.begin : place.end], dtype).reshape(place.shape)
        return found if sys.byteorder == "little" else found.astype(native)

    def names(self, data: Place, ends: Place) -> Paths:
        """Return names, whose bytes and ends lie at two places; raises ValueError."""
        check_names(data, ends)
        last: NDArray[np.int64] = self.column(ends)
        if _fall(last) or (int(last[-1]) if len(last) else 0) != data.shape[0]:
            raise ValueError("names that do not follow each other")
        return Paths(self._map[data.begin : data.end], last)

    def check(self, place: Place, cancellation: Cancellation = UNWATCHED) -> None:
        """Compare a column with its checksum; raises ValueError if anything is not as it was written."""
        if place.begin < 0:
            return
        digest = xxhash.xxh3_128()
        for begin in range(place.begin, place.end, BLOCK_BYTES):
            digest.update(self._map[begin : min(begin + BLOCK_BYTES, place.end)])
            cancellation.check()
        if digest.hexdigest() != place.checksum:
            raise ValueError("its checksum does not match")


def check_names(data: Place, ends: Place) -> None:
    """Raise ValueError unless the two places may be those of the bytes and of the ends of names."""
    are_names = (data.dtype, ends.dtype) == (_BYTES, _ENDS) and len(data.shape) == len(ends.shape) == 1
    if not are_names or min(data.begin, ends.begin) < 0:
        raise ValueError("names of an unknown kind")


def read_head(file: BinaryIO) -> dict[str, Any]:
    """Read what `ColumnWriter.write_head` has written at the end of an open file.

    Raises
    ------
    OSError
    ValueError
        When it is another file, or not whole.
    """
    size = file.seek(0, 2)
    if size < len(MAGIC) + _TAIL.size:
        raise ValueError("it is not whole")
    file.seek(size - _TAIL.size)
    count, checksum, magic = _TAIL.unpack(file.read(_TAIL.size))
    if magic != MAGIC or count > min(size - _TAIL.size - len(MAGIC), _MAX_HEAD_BYTES):
        raise ValueError("it has no head")
    file.seek(size - _TAIL.size - count)
    text = file.read(count)
    if xxhash.xxh3_128_digest(text) != checksum:
        raise ValueError("its checksum does not match")
    head = json.loads(text)
    if not isinstance(head, dict):
        raise ValueError("it has no head")  # noqa: TRY004 - as for all damage
    return head


_STEP_ROWS = 2**20


def _fall(ends: NDArray[np.int64]) -> bool:
    """Whether any number is negative, or smaller than the one before it; in parts, which bounds memory."""
    parts = (ends[begin : begin + _STEP_ROWS + 1] for begin in range(0, len(ends), _STEP_ROWS))
    return bool(len(ends) and ends[0] < 0) or any(bool((part[1:] < part[:-1]).any()) for part in parts)
