"""Columns for tables of millions of samples: text without one Python object per row."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.aside import copied, is_aside, joined, new_column
from stackgui.core.base.blocks import at, blocks, counted

NumberT = TypeVar("NumberT", bound=np.generic)

_BATCH = 16_384
"""Rows to expand to Python objects or byte offsets at a time, because these take far more memory."""


def slim(column: NDArray[NumberT]) -> NDArray[NumberT]:
    """Return `column`, shape (N, ...), or a read-only view that takes no memory if all its values are equal.

    Many columns of a catalog have the same value for all samples. Do not write to the result.
    """
    if not len(column) or not column.strides[0]:
        return column
    # The last one tells most columns apart that differ, which saves comparing all.
    if np.all(column[-1] == column[0]) and (column == column[0]).all():
        return repeated(column[0], len(column))
    return column


def taken(column: NDArray[NumberT], rows: slice | NDArray[np.integer[Any]]) -> NDArray[NumberT]:
    """Return the values of `column` at `rows`; a view that takes no memory stays one."""
    if isinstance(rows, slice) or not len(column) or column.strides[0]:
        return column[rows]
    return repeated(column[0], len(rows))


def end_to_end(parts: Sequence[NDArray[NumberT]]) -> NDArray[NumberT]:
    """Join columns, at least one, of shape (N,); those that take no memory and are alike stay such a view."""
    if len(parts) == 1:
        return parts[0]
    filled = [part for part in parts if len(part)] or [parts[0]]
    value = filled[0][:1]
    if all(
        not part.strides[0] and part.dtype == value.dtype and part[0] == value[0]
        for part in filled
        if len(part)
    ):
        return repeated(value[0], sum(map(len, filled))) if len(value) else parts[0]
    return np.concatenate(filled)


def _count(indices: NDArray[Any] | slice, rows: int) -> int:
    """Return how many of so many rows `indices` name: a slice, a boolean mask, or numbers."""
    if isinstance(indices, slice):
        return len(range(*indices.indices(rows)))
    return int(np.count_nonzero(indices)) if indices.dtype == np.bool_ else len(indices)


def in_line(rows: NDArray[np.int64]) -> slice | NDArray[np.int64]:
    """Return `rows` as a slice if each is the next of the one before, because slices copy nothing."""
    if len(rows) and rows[-1] - rows[0] == len(rows) - 1 and (rows[1:] - rows[:-1] == 1).all():
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


@dataclass(frozen=True, slots=True)
class _Same:
    """A column of which all values are equal, as it is sent to other processes."""

    column: NDArray[Any]

    def __reduce__(self) -> tuple[Any, ...]:
        first = self.column[0]
        return _restored, (first.tobytes(), first.dtype.str, self.column.shape, (0, *first.strides))


def _restored(value: bytes, dtype: str, shape: tuple[int, ...], strides: tuple[int, ...]) -> NDArray[Any]:
    return np.ndarray(shape, dtype, value, 0, strides)


def repeated(value: NumberT | NDArray[NumberT], count: int) -> NDArray[NumberT]:
    """Return a read-only column, shape (count, ...), of which each entry is `value`; it takes no memory.

    `numpy.broadcast_to` takes several times as long, and batches have many such columns.
    """
    strides = np.zeros(value.shape, value.dtype).strides
    return np.ndarray((count, *value.shape), value.dtype, value.tobytes(), 0, (0, *strides))


def slim_state(table: Any) -> list[Any]:  # noqa: ANN401 - any dataclass of columns
    """Return the fields of a dataclass of columns for other processes; its ``__getstate__``.

    NumPy would write all rows of a view, also where they are one value.
    """
    return [_packed(getattr(table, name)) for name in table.__match_args__]


def restore_state(table: Any, state: Sequence[Any]) -> None:  # noqa: ANN401 - as above
    """Restore what `slim_state` returned; its ``__setstate__``."""
    for name, value in zip(table.__match_args__, state, strict=True):
        object.__setattr__(table, name, value)


def _packed(value: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, np.ndarray) and value.ndim and len(value) > 1 and not value.strides[0]:
        return _Same(value)
    if type(value) is tuple and value and isinstance(value[0], np.ndarray):
        return tuple(map(_packed, value))
    return value


@dataclass(frozen=True, eq=False, slots=True)
class Paths:
    """File names in one block of bytes, kept exactly.

    A file name on Linux may hold any bytes, but NumPy's string types hold only Unicode. So the names are
    stored as the operating system has them (``os.fsencode``).

    Attributes
    ----------
    data : bytes or memoryview
        All names end to end, without separators; the view of a mapped file if they are those of a saved plan.
    ends : int64, shape (N,)
        Offset in `data` at which each name ends.
    """

    data: bytes | memoryview
    ends: NDArray[np.int64]

    __getstate__, __setstate__ = slim_state, restore_state

    @classmethod
    def from_names(cls, names: Iterable[str | bytes]) -> Paths:
        """Pack `names`, encoding text as the operating system does."""
        encoded = [name if isinstance(name, bytes) else os.fsencode(name) for name in names]
        lengths = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))
        return cls(b"".join(encoded), np.cumsum(lengths, dtype=np.int64))

    @classmethod
    def below(cls, prefix: bytes, names: Sequence[bytes]) -> Paths:
        """Pack `names` with `prefix` before each."""
        lengths = np.fromiter(map(len, names), dtype=np.int64, count=len(names)) + len(prefix)
        return cls(prefix.join([b"", *names]), np.cumsum(lengths, dtype=np.int64))

    @classmethod
    def from_json(cls, value: Paths | Iterable[Any]) -> Paths:
        """Return names as they stand in JSON; what is a column already stays as it is."""
        return value if isinstance(value, Paths) else cls.from_names(map(str, value))

    @classmethod
    def concatenate(cls, parts: Iterable[Paths]) -> Paths:
        """Join columns end to end."""
        blocks: list[bytes | memoryview] = []
        ends: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
        offset = 0
        for part in parts:
            blocks.append(part.data)
            ends.append(part.ends + offset)
            offset += len(part.data)
        return cls(b"".join(blocks), np.concatenate(ends))

    def __len__(self) -> int:
        return len(self.ends)

    def raw(self, index: int) -> bytes:
        """Return the name at `index` as bytes."""
        if not 0 <= index < len(self.ends):
            raise IndexError(index)
        start = int(self.ends[index - 1]) if index else 0
        return bytes(self.data[start : int(self.ends[index])])

    def __getitem__(self, index: int) -> str:
        return os.fsdecode(self.raw(int(index)))

    def __iter__(self) -> Iterator[str]:
        begin = 0
        for part in range(0, len(self.ends), _BATCH):
            ends = self.ends[part : part + _BATCH]
            data = bytes(self.data[begin : int(ends[-1])])
            # Most names are ASCII, and those can be decoded all at once.
            text = data.decode("ascii") if data.isascii() else ""
            start = 0
            for end in (ends - begin).tolist():
                yield text[start:end] if text else os.fsdecode(data[start:end])
                start = end
            begin += start

    def batches(self) -> Iterator[list[bytes]]:
        """Yield the names as bytes, some thousands at a time."""
        begin = 0
        for part in range(0, len(self.ends), _BATCH):
            ends = self.ends[part : part + _BATCH]
            data = bytes(self.data[begin : int(ends[-1])])
            places = (ends - begin).tolist()
            yield [data[start:end] for start, end in zip([0, *places[:-1]], places, strict=True)]
            begin = int(ends[-1])

    def part(self, begin: int, end: int) -> Paths:
        """Return names `begin` to `end`; of a mapped file nothing is read."""
        first = int(self.ends[begin - 1]) if begin else 0
        last = int(self.ends[end - 1]) if end > begin else first
        return Paths(self.data[first:last], self.ends[begin:end] - first)

    def take(self, indices: NDArray[np.integer[Any]]) -> Paths:
        """Return the names at `indices`, in that order."""
        parts = (self._taken(indices[rows]) for rows in blocks(len(indices), _BATCH))
        return self._put_aside(indices, parts) if is_aside(len(indices)) else Paths.concatenate(parts)

    def _put_aside(self, indices: NDArray[np.integer[Any]], parts: Iterator[Paths]) -> Paths:
        ends, end = new_column(len(indices), np.int64), 0
        for rows in blocks(len(indices), _BATCH):
            own = indices[rows]
            ends[rows] = end + np.cumsum(self.ends[own] - np.where(own > 0, self.ends[own - 1], 0))
            end = int(ends[rows][-1])
        data, begin = new_column(end, np.uint8), 0
        for part in parts:
            data[begin : begin + len(part.data)] = np.frombuffer(part.data, np.uint8)
            begin += len(part.data)
        return Paths(data.data, ends)

    def _taken(self, indices: NDArray[np.integer[Any]]) -> Paths:
        first, last = int(indices[0]), int(indices[-1])
        if last - first == len(indices) - 1 and (np.diff(indices) == 1).all():
            begin = int(self.ends[first - 1]) if first else 0
            ends = self.ends[first : last + 1]
            return Paths(bytes(self.data[begin : int(ends[-1])]), ends - begin)
        starts = np.where(indices > 0, self.ends[indices - 1], 0)
        lengths = self.ends[indices] - starts
        ends = np.cumsum(lengths)
        # One offset into `data` per byte of the result, so that no name becomes a Python object.
        places = np.arange(lengths.sum()) + np.repeat(starts - ends + lengths, lengths)
        return Paths(np.frombuffer(self.data, np.uint8)[places].tobytes(), ends)


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Coded:
    """A column of texts of which few are distinct: one code per row, and the text of each code.

    Attributes
    ----------
    codes : int32, shape (N,)
        Index into `names`.
    names : tuple of str
        The distinct texts, in order of first appearance.
    """

    codes: NDArray[np.int32]
    names: tuple[str, ...]

    __getstate__, __setstate__ = slim_state, restore_state

    @classmethod
    def from_values(cls, values: Iterable[str]) -> Coded:
        """Encode `values`, one per row."""
        known: defaultdict[str, int] = defaultdict()
        # A new text gets the next code, so one pass over `values`, which may be a generator, is enough.
        known.default_factory = known.__len__
        codes = np.fromiter(map(known.__getitem__, values), np.int32)
        return cls(codes, tuple(known))

    @classmethod
    def constant(cls, value: str, length: int) -> Coded:
        """Return a read-only column in which every row is `value`; it takes no memory."""
        return cls(repeated(np.int32(0), length), (value,))

    @classmethod
    def concatenate(cls, parts: Sequence[Coded]) -> Coded:
        """Join columns end to end."""
        if len(alike := {part.names for part in parts if len(part)}) == 1 and len(names := alike.pop()) == 1:
            return cls.constant(names[0], sum(map(len, parts)))
        known: dict[str, int] = {}
        codes = [np.empty(0, np.int32)]
        for part in parts:
            new_code = np.array([known.setdefault(name, len(known)) for name in part.names], np.int32)
            codes.append(new_code[part.codes] if len(part.names) else part.codes)
        return cls(np.concatenate(codes), tuple(known))

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, index: int) -> str:
        return self.names[int(self.codes[index])]

    def __iter__(self) -> Iterator[str]:
        names = np.array(self.names, np.object_)
        for part in range(0, len(self.codes), _BATCH):
            yield from names[self.codes[part : part + _BATCH]].tolist()

    def take(self, indices: NDArray[Any] | slice) -> Coded:
        """Return the rows at `indices`, which may also be a slice or a boolean mask."""
        if len(self.names) == 1:
            return Coded.constant(self.names[0], _count(indices, len(self)))
        return Coded(at(self.codes, indices), self.names)

    def without_unused(self) -> Coded:
        """Return the column without texts that no row has."""
        if len(self.names) == 1:
            return self
        used, codes = np.unique(self.codes, return_inverse=True)
        return Coded(slim(codes.ravel().astype(np.int32)), tuple(self.names[code] for code in used.tolist()))

    def equals(self, value: str) -> NDArray[np.bool_]:
        """Return the mask, shape (N,), of the rows whose text is `value`."""
        if value not in self.names:
            return np.zeros(len(self.codes), np.bool_)
        return np.asarray(self.codes == self.names.index(value))

    def differs(self, other: Coded) -> NDArray[np.bool_]:
        """Return the mask, shape (N,), of the rows whose text differs from that in `other`."""
        # The columns may have different codes for a text, and one column may have two codes for it.
        known: dict[str, int] = {}
        mine, others = (
            np.array([known.setdefault(name, len(known)) for name in column.names], np.int32)
            for column in (self, other)
        )
        rows = blocks(len(self))
        return joined([np.empty(0, np.bool_), *(mine[self.codes[r]] != others[other.codes[r]] for r in rows)])

    def put(self, values: Mapping[int, str]) -> Coded:
        """Return a copy of the column with new texts in some rows."""
        names = list(self.names)
        known: dict[str, int] = {}
        for code, name in enumerate(names):
            known.setdefault(name, code)
        for value in values.values():
            if known.setdefault(value, len(names)) == len(names):
                names.append(value)
        if not values:
            return self
        codes = copied(self.codes)
        codes[list(values)] = [known[value] for value in values.values()]
        return Coded(codes, tuple(names))

    def counts(self, of: NDArray[Any] | None = None) -> dict[str, int]:
        """Count the rows of each text that occurs, most frequent first; of all, or of numbers or a mask."""
        found = counted(self.codes, len(self.names), of)
        order = sorted(range(len(self.names)), key=lambda code: (-int(found[code]), self.names[code]))
        return {self.names[code]: int(found[code]) for code in order if found[code]}
