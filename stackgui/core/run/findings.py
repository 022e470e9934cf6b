"""What a verification finds, of any number of rows, in a bit for each row rather than in objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.aside import new_column
from stackgui.core.base.blocks import blocks
from stackgui.core.run.report import Failure

FoundT = TypeVar("FoundT")

_BLOCK_BITS = 2**16

_MADE_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Damage:
    """A difference between a stack and what was written when it was made.

    Attributes
    ----------
    file : str
        File name within the stack's folder; ``""`` for the stack as a whole.
    what : str
        A sentence fragment.
    row : int or None
        The damaged row, if the damage is in a single row.
    """

    file: str
    what: str
    row: int | None = None


Kind: TypeAlias = tuple[str, str]
"""A file, and what is wrong with it."""


class _Listed(Sequence[FoundT]):
    """A sequence whose entries are made when they are asked for; it equals any sequence of the same ones."""

    _made: tuple[int, tuple[FoundT, ...]] = 0, ()

    def after(self, count: int) -> Iterator[FoundT]:
        """Yield all entries after the first `count`."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[FoundT]:
        return self.after(0)

    @overload
    def __getitem__(self, index: int) -> FoundT: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[FoundT, ...]: ...
    def __getitem__(self, index: int | slice) -> FoundT | tuple[FoundT, ...]:
        wanted = range(len(self))[index]
        if isinstance(wanted, range):
            return tuple(self[place] for place in wanted)
        begin, made = self._made
        if not begin <= wanted < begin + len(made):
            # A table asks for several columns of neighbouring entries, one after the other.
            begin = wanted - wanted % _MADE_AT_ONCE
            made = tuple(islice(self.after(begin), _MADE_AT_ONCE))
            self._made = begin, made
        return made[wanted - begin]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(mine == its for mine, its in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment] # it may still grow

    def __repr__(self) -> str:
        return repr(tuple(self))


class RowsFound:
    """What was found in some consecutive rows, by kinds in the order in which they are told of a row.

    Parameters
    ----------
    rows : range
    kinds : sequence of (str, str)
    """

    def __init__(self, rows: range, kinds: Sequence[Kind]) -> None:
        self._rows = rows
        self._kinds = tuple(kinds)
        self._bits: dict[int, NDArray[np.uint8]] = {}
        self.count = 0

    def add(self, kind: int, row: int) -> None:
        """Note one row; `kind` is an index into the kinds."""
        place = row - self._rows.start
        bits, bit = self._of(kind), np.uint8(1 << place % 8)
        if not bits[place // 8] & bit:
            bits[place // 8] |= bit
            self.count += 1

    def add_all(self, kind: int, begin: int, wrong: NDArray[np.bool_]) -> None:
        """Note which rows from `begin` on are wrong, none of which was noted; `begin` fills bytes of bits."""
        if wrong.any():
            packed = np.packbits(wrong, bitorder="little")
            first, rest = divmod(begin - self._rows.start, 8)
            assert not rest, "rows come in blocks"
            self._of(kind)[first : first + len(packed)] |= packed
            self.count += int(np.count_nonzero(wrong))

    def has(self, kind: int, row: int) -> bool:
        """Whether a row was noted."""
        place = row - self._rows.start
        return kind in self._bits and bool(self._bits[kind][place // 8] >> place % 8 & 1)

    def _of(self, kind: int) -> NDArray[np.uint8]:
        if kind not in self._bits:
            self._bits[kind] = np.zeros(-(-len(self._rows) // 8), np.uint8)
        return self._bits[kind]

    def after(self, count: int) -> Iterator[Damage]:
        """Yield what was found, but for the first `count`."""
        kinds, left = sorted(self._bits), count
        for part in blocks(len(self._rows), _BLOCK_BITS):
            bits = [self._bits[kind][part.start // 8 : -(-part.stop // 8)] for kind in kinds]
            found = sum(int(np.bitwise_count(each).sum(dtype=np.int64)) for each in bits)
            if found <= left:
                left -= found
                continue
            table = np.stack([np.unpackbits(each, bitorder="little") for each in bits], axis=1)
            for place, kind in np.argwhere(table)[left:].tolist():
                file, what = self._kinds[kinds[kind]]
                yield Damage(file, what, self._rows.start + part.start + place)
            left = 0


class Findings(_Listed[Damage]):
    """All that a verification found: of files, and of rows."""

    def __init__(self) -> None:
        self._parts: list[Damage | RowsFound] = []

    def add(self, file: str, what: str) -> None:
        """Note damage that is in no single row."""
        self._parts.append(Damage(file, what))

    def in_rows(self, rows: range, *kinds: Kind) -> RowsFound:
        """Return what takes findings of some rows, of these kinds."""
        made = RowsFound(rows, kinds)
        self._parts.append(made)
        return made

    def __len__(self) -> int:
        return sum(each.count if isinstance(each, RowsFound) else 1 for each in self._parts)

    def after(self, count: int) -> Iterator[Damage]:
        """Yield all findings after the first `count`."""
        left = count
        for each in self._parts:
            found = each.count if isinstance(each, RowsFound) else 1
            if left < found:
                yield from (each,) if isinstance(each, Damage) else each.after(left)
            left = max(left - found, 0)


class NotCompared(_Listed[Failure]):
    """Rows that could not be compared, each with a reason, in the order of the rows.

    Parameters
    ----------
    rows : int
        Rows of the stack.
    file_of : callable
        Returns the file of a row.
    """

    def __init__(self, rows: int, file_of: Callable[[int], str]) -> None:
        self._rows, self._file_of = rows, file_of
        self._reasons: dict[str, int] = {}
        self._codes: NDArray[np.int32] | None = None
        self._count = 0

    def add(self, row: int, reason: str) -> None:
        """Note a row that was not noted before."""
        if self._codes is None:
            self._codes = new_column(self._rows, np.int32)
            self._codes[:] = 0
        self._codes[row] = self._reasons.setdefault(reason, len(self._reasons) + 1)
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def after(self, count: int) -> Iterator[Failure]:
        """Yield all rows after the first `count`."""
        reasons, codes, left = ("", *self._reasons), self._codes, count
        for part in blocks(0 if codes is None else self._rows):
            own = np.empty(0, np.int32) if codes is None else codes[part]
            places = np.flatnonzero(own)
            for place in places[left:].tolist():
                row = part.start + place
                yield Failure(row, self._file_of(row), reasons[int(own[place])])
            left = max(left - len(places), 0)
