"""Columns of lists that go with the samples: numbers to learn, and texts that are kept as they are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Paths

MAX_TEXT = 10_000
"""Longer texts are cut."""

CUT = "…"
"""Ends a text that was cut."""

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


@dataclass(frozen=True, eq=False, slots=True)
class ListValues:
    """Columns of lists, with one entry for each line or sample.

    Attributes
    ----------
    targets : tuple of str
        Names of the columns of numbers.
    numbers : float32, shape (N, targets)
        NaN where a list has no number.
    titles : tuple of str
        Names of the columns of texts.
    texts : tuple of Paths
        The columns of texts, ``""`` where a list has nothing.
    """

    targets: tuple[str, ...]
    numbers: NDArray[np.float32]
    titles: tuple[str, ...]
    texts: tuple[Paths, ...]

    @classmethod
    def none_of(cls, length: int, targets: Sequence[str] = (), titles: Sequence[str] = ()) -> ListValues:
        """Return columns of which nothing is known for `length` samples."""
        nothing = Paths(b"", np.zeros(length, np.int64))
        numbers = np.full((length, len(targets)), np.nan, np.float32)
        return cls(tuple(targets), numbers, tuple(titles), (nothing,) * len(titles))

    def __len__(self) -> int:
        return len(self.numbers)

    def __bool__(self) -> bool:
        """Whether there is any column."""
        return bool(self.targets or self.titles)

    def take(self, samples: NDArray[np.integer[Any]]) -> ListValues:
        """Return the values of only `samples`, in that order."""
        texts = tuple(column.take(samples) for column in self.texts)
        return ListValues(self.targets, self.numbers[samples], self.titles, texts)

    def aligned(self, targets: Sequence[str], titles: Sequence[str]) -> ListValues:
        """Return these columns, in this order; those that are missing are empty."""
        empty = ListValues.none_of(len(self), targets, titles)
        for place, name in enumerate(targets):
            if name in self.targets:
                empty.numbers[:, place] = self.numbers[:, self.targets.index(name)]
        own = dict(zip(self.titles, self.texts, strict=True))
        texts = tuple(own.get(name, column) for name, column in zip(titles, empty.texts, strict=True))
        return ListValues(tuple(targets), empty.numbers, tuple(titles), texts)

    @classmethod
    def concatenate(cls, parts: Sequence[ListValues]) -> ListValues:
        """Join tables end to end; the result has the columns of all of them."""
        targets = tuple(dict.fromkeys(name for part in parts for name in part.targets))
        titles = tuple(dict.fromkeys(name for part in parts for name in part.titles))
        same = [part.aligned(targets, titles) for part in (cls.none_of(0), *parts)]
        return cls(
            targets,
            np.concatenate([part.numbers for part in same]),
            titles,
            tuple(Paths.concatenate(part.texts[place] for part in same) for place in range(len(titles))),
        )

    def over(self, others: ListValues) -> ListValues:
        """Return these values and, where there is nothing, those of `others`, which is as long."""
        targets = tuple(dict.fromkeys((*self.targets, *others.targets)))
        titles = tuple(dict.fromkeys((*self.titles, *others.titles)))
        mine, theirs = (each.aligned(targets, titles) for each in (self, others))
        numbers = np.where(np.isnan(mine.numbers), theirs.numbers, mine.numbers)
        texts = []
        for own, other in zip(mine.texts, theirs.texts, strict=True):
            is_empty = np.diff(own.ends, prepend=0) == 0
            place = np.arange(len(self)) + np.where(is_empty, len(self), 0)
            texts.append(Paths.concatenate([own, other]).take(place))
        return ListValues(targets, numbers, titles, tuple(texts))

    def differs(self, others: ListValues) -> NDArray[np.bool_]:
        """Return for which samples `others`, which is as long, has other values in these columns."""
        theirs = others.aligned(self.targets, self.titles)
        is_same = (self.numbers == theirs.numbers) | (np.isnan(self.numbers) & np.isnan(theirs.numbers))
        differs = ~is_same.all(axis=1)
        for mine, other in zip(self.texts, theirs.texts, strict=True):
            if mine.data != other.data or not np.array_equal(mine.ends, other.ends):
                differs |= [one != now for one, now in zip(mine, other, strict=True)]
        return np.asarray(differs)

    def digest(self) -> bytes:
        """Return 128 bits that change whenever a value or a name changes."""
        digest = hashlib.blake2b(digest_size=16)
        for names in (self.targets, self.titles):
            digest.update("".join(f"{name}\0" for name in names).encode() + b"\0")
        numbers = np.where(np.isnan(self.numbers), np.float32(np.nan), self.numbers)
        digest.update(numbers.astype("<f4").tobytes())
        for column in self.texts:
            digest.update(column.ends.astype("<i8").tobytes() + column.data)
        return digest.digest()

    def to_json(self) -> dict[str, Any]:
        """Return the values as JSON values, except that columns stay arrays.

        Numbers are the bits of float32, because JSON has no NaN.
        """
        return {
            "targets": list(self.targets),
            "numbers": np.ascontiguousarray(self.numbers).view(np.uint32),
            "texts": dict(zip(self.titles, self.texts, strict=True)),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any], length: int) -> ListValues:
        """Rebuild what `to_json` returned; raises KeyError, TypeError or ValueError for anything else."""
        targets = tuple(map(str, value["targets"]))
        bits = np.asarray(value["numbers"], np.uint32).reshape(length, len(targets))
        texts = {str(name): Paths.from_json(column) for name, column in value["texts"].items()}
        return cls(targets, bits.view(np.float32), tuple(texts), tuple(texts.values()))


def number_in(cell: str) -> float:
    """Return the number that a cell holds; NaN for anything else, and for what float32 cannot hold.

    A comma is a decimal mark where it cannot be anything else.
    """
    text = cell.strip()
    if text.count(",") == 1 and "." not in text and not re.fullmatch(r"[+-]?\d{1,3},\d{3}", text):
        text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        return np.nan
    number = float(text)
    return number if abs(number) <= np.finfo(np.float32).max else np.nan


def kept_text(cell: str) -> str:
    """Return a cell as a text to keep, in valid Unicode and not longer than `MAX_TEXT`."""
    text = cell if len(cell) <= MAX_TEXT else cell[: MAX_TEXT - 1] + CUT
    return text.encode("utf-8", "replace").decode("utf-8")
