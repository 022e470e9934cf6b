"""Columns for tables of millions of samples: text without one Python object per row."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

NumberT = TypeVar("NumberT", bound=np.generic)

_TAKEN_TOGETHER = 16_384
"""Rows that become Python objects, or places in a block of bytes, at a time; they are far larger then."""


def slim(column: NDArray[NumberT]) -> NDArray[NumberT]:
    """`column`, shape (N,); where all entries are alike as one value, which takes no memory.

    Many columns of a catalog say the same of all samples. What comes back is not to be changed.
    """
    if len(column) and (column == column[0]).all():
        return np.broadcast_to(column[0], len(column))
    return column


@dataclass(frozen=True, eq=False, slots=True)
class Paths:
    """File names as one block of bytes, exact whatever their bytes.

    NumPy's string types hold Unicode only; a file name on Linux may be any bytes, so the names are kept
    as the operating system gives them (``os.fsencode``).

    Attributes
    ----------
    data : bytes
        All names, one after the other, without separators.
    ends : int64, shape (N,)
        Where each name ends in `data`.
    """

    data: bytes
    ends: NDArray[np.int64]

    @classmethod
    def from_names(cls, names: Iterable[str | bytes]) -> Paths:
        """Pack `names`; text is encoded as the operating system does it."""
        encoded = [name if isinstance(name, bytes) else os.fsencode(name) for name in names]
        lengths = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))
        return cls(b"".join(encoded), np.cumsum(lengths, dtype=np.int64))

    @classmethod
    def concatenate(cls, parts: Iterable[Paths]) -> Paths:
        """Join several columns into one."""
        blocks: list[bytes] = []
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
        """The name at `index` as bytes."""
        if not 0 <= index < len(self.ends):
            raise IndexError(index)
        start = int(self.ends[index - 1]) if index else 0
        return self.data[start : int(self.ends[index])]

    def __getitem__(self, index: int) -> str:
        return os.fsdecode(self.raw(int(index)))

    def __iter__(self) -> Iterator[str]:
        begin = 0
        for part in range(0, len(self.ends), _TAKEN_TOGETHER):
            ends = self.ends[part : part + _TAKEN_TOGETHER]
            data = self.data[begin : int(ends[-1])]
            # Plain names, which most are, are decoded all at once.
            text = data.decode("ascii") if data.isascii() else ""
            start = 0
            for end in (ends - begin).tolist():
                yield text[start:end] if text else os.fsdecode(data[start:end])
                start = end
            begin += start

    def take(self, indices: NDArray[np.integer[Any]]) -> Paths:
        """The names at `indices`, in that order."""
        parts = range(0, len(indices), _TAKEN_TOGETHER)
        return Paths.concatenate(self._taken(indices[begin : begin + _TAKEN_TOGETHER]) for begin in parts)

    def _taken(self, indices: NDArray[np.integer[Any]]) -> Paths:
        starts = np.where(indices > 0, self.ends[indices - 1], 0)
        lengths = self.ends[indices] - starts
        ends = np.cumsum(lengths)
        # For every byte of the result its place in `data`: no Python object per name.
        places = np.arange(lengths.sum()) + np.repeat(starts - ends + lengths, lengths)
        return Paths(np.frombuffer(self.data, np.uint8)[places].tobytes(), ends)


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Coded:
    """A column of few distinct texts: a code per row and the text of each code.

    Attributes
    ----------
    codes : int32, shape (N,)
        Index into `names`.
    names : tuple of str
        The distinct texts, in order of first appearance.
    """

    codes: NDArray[np.int32]
    names: tuple[str, ...]

    @classmethod
    def from_values(cls, values: Iterable[str]) -> Coded:
        """Encode `values`, one a row."""
        known: defaultdict[str, int] = defaultdict()
        # A text that is new gets the next number; so `values` may be made one by one.
        known.default_factory = known.__len__
        codes = np.fromiter(map(known.__getitem__, values), np.int32)
        return cls(codes, tuple(known))

    @classmethod
    def constant(cls, value: str, length: int) -> Coded:
        """A column in which every row is `value`; takes no memory, and cannot be changed."""
        return cls(np.broadcast_to(np.int32(0), length), (value,))

    @classmethod
    def concatenate(cls, parts: Sequence[Coded]) -> Coded:
        """Join several columns into one."""
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
        for part in range(0, len(self.codes), _TAKEN_TOGETHER):
            yield from names[self.codes[part : part + _TAKEN_TOGETHER]].tolist()

    def take(self, indices: NDArray[Any] | slice) -> Coded:
        """The rows at `indices` (also a slice, or where a boolean mask is true)."""
        codes = self.codes[indices]
        return Coded.constant(self.names[0], len(codes)) if len(self.names) == 1 else Coded(codes, self.names)

    def equals(self, value: str) -> NDArray[np.bool_]:
        """Mask of the rows whose text is `value`, shape (N,)."""
        if value not in self.names:
            return np.zeros(len(self.codes), np.bool_)
        return np.asarray(self.codes == self.names.index(value))

    def differs(self, other: Coded) -> NDArray[np.bool_]:
        """Mask of the rows whose text is not that of the same row of `other`, shape (N,)."""
        # Two columns may number the same texts in two ways, and a text can have two numbers.
        known: dict[str, int] = {}
        mine, others = (
            np.array([known.setdefault(name, len(known)) for name in column.names], np.int32)[column.codes]
            for column in (self, other)
        )
        return np.asarray(mine != others)

    def put(self, values: Mapping[int, str]) -> Coded:
        """A column that has these texts in some rows, and otherwise its own."""
        names = list(self.names)
        known: dict[str, int] = {}
        for code, name in enumerate(names):
            known.setdefault(name, code)
        for value in values.values():
            if known.setdefault(value, len(names)) == len(names):
                names.append(value)
        codes = self.codes.copy()
        codes[list(values)] = [known[value] for value in values.values()]
        return Coded(codes, tuple(names))

    def counts(self) -> dict[str, int]:
        """How many rows hold each text, most frequent first; texts of no row are left out."""
        found = np.bincount(self.codes, minlength=len(self.names))
        order = sorted(range(len(self.names)), key=lambda code: (-int(found[code]), self.names[code]))
        return {self.names[code]: int(found[code]) for code in order if found[code]}
