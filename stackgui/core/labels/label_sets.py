"""Several labels of one picture: joined in one text, divided again, and as sets of classes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import LabelSeparator

JOINT = "\x1f"
"""Joins the labels of a picture in a text of a catalog; no label contains this character."""

_PATTERNS = {
    LabelSeparator.SEMICOLON: re.compile(r"\s*;\s*"),
    LabelSeparator.BAR: re.compile(r"\s*\|\s*"),
    LabelSeparator.COMMA: re.compile(r"\s*,\s*"),
    LabelSeparator.BLANK: re.compile(r"\s+"),
}
"""What separates labels, in the order in which it is looked for."""

_SURE = frozenset({LabelSeparator.SEMICOLON, LabelSeparator.BAR})
"""Separators that names hardly contain."""

Divide = Callable[[str], tuple[str, ...]]
"""Returns the labels in a text, each once."""


def set_text(names: Iterable[str], *, is_set: bool = False) -> str:
    """Return several labels as one text; with `is_set`, a single one too is marked as a set of labels."""
    found = tuple(dict.fromkeys(filter(None, names)))
    return found[0] + JOINT if is_set and len(found) == 1 else JOINT.join(found)


def joined_text(texts: Iterable[str]) -> str:
    """Return the labels in several texts as one text: as they are if all are the same, else as a set."""
    distinct = tuple(dict.fromkeys(filter(None, texts)))
    if len(distinct) < 2:  # noqa: PLR2004 - one text, or none
        return "".join(distinct)
    return set_text((name for text in distinct for name in members_of(text)), is_set=True)


def value_text(value: object) -> str:
    """Return a text or number in JSON as a text, and a list of them as a set of labels; else ``""``."""
    if is_list_of_labels(value):
        return set_text([str(each).strip() for each in value])
    return str(value) if isinstance(value, str | int | float) else ""


def is_list_of_labels(value: object) -> TypeGuard[list[str | int | float]]:
    """Return whether a JSON value is a list of texts and numbers."""
    return isinstance(value, list) and all(isinstance(each, str | int | float) for each in value)


def is_set_text(text: str) -> bool:
    """Return whether `text` is a set of labels rather than one label."""
    return JOINT in text


def members_of(text: str) -> tuple[str, ...]:
    """Return the labels in a text from `set_text`."""
    return tuple(filter(None, text.split(JOINT)))


def one_label(text: str) -> tuple[str, ...]:
    """Return the one label that `text` is; none if it is a set of labels."""
    return (text,) if text and not is_set_text(text) else ()


def divided_at(separator: LabelSeparator, texts: Collection[str]) -> Divide:
    """Return the function that divides each of `texts`, which are distinct."""
    chosen = found_separator(texts) if separator is LabelSeparator.AUTO else separator
    pattern = _PATTERNS.get(chosen)

    def divide(text: str) -> tuple[str, ...]:
        parts = (part for name in text.split(JOINT) for part in (pattern.split(name) if pattern else (name,)))
        return tuple(dict.fromkeys(stripped for part in parts if (stripped := part.strip())))

    return divide


def found_separator(texts: Collection[str]) -> LabelSeparator:
    """Return what separates the labels in `texts`, which are distinct, as far as they show it.

    Commas and blanks also occur within names. They separate labels only if dividing at them leaves no more
    different labels than there were texts; for blanks there have to be fewer.
    """
    if any(map(is_set_text, texts)):
        return LabelSeparator.NONE
    for separator, pattern in _PATTERNS.items():
        if not any(pattern.search(text.strip()) for text in texts):
            continue
        if separator in _SURE:
            return separator
        parts = {part for text in texts for part in pattern.split(text.strip())} - {""}
        whole = len(set(texts) - {""})
        if len(parts) < whole or (separator is LabelSeparator.COMMA and len(parts) == whole):
            return separator
    return LabelSeparator.NONE


@dataclass(frozen=True, eq=False, slots=True)
class LabelSets:
    """Different sets of classes, by number.

    Attributes
    ----------
    classes : int
        Number of classes.
    starts : int64, shape (sets + 1,)
        Where each set begins in `members`.
    members : int32, shape (M,)
        Numbers of the classes in each set, ascending.
    """

    classes: int
    starts: NDArray[np.int64]
    members: NDArray[np.int32]

    @classmethod
    def of(cls, sets: Sequence[Sequence[int]], classes: int) -> LabelSets:
        """Return `sets` of the numbers of `classes` classes."""
        starts = np.cumsum([0, *map(len, sets)], dtype=np.int64)
        return cls(classes, starts, np.array([number for each in sets for number in each], np.int32))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def numbers(self, code: int) -> list[int]:
        """Return the classes in the set `code`; none for -1."""
        if code < 0:
            return []
        found: list[int] = self.members[self.starts[code] : self.starts[code + 1]].tolist()
        return found

    def counts(self, codes: NDArray[np.integer]) -> NDArray[np.int64]:
        """Return how many of the sets `codes`, -1 for none, have each class, shape (classes,)."""
        of_set = np.bincount(codes[codes >= 0], minlength=len(self))
        times = np.repeat(of_set, np.diff(self.starts))
        return np.bincount(self.members, times, self.classes).astype(np.int64)

    def having(self, number: int) -> NDArray[np.bool_]:
        """Return which sets have the class `number`, shape (sets,)."""
        found = np.zeros(len(self), np.bool_)
        found[np.searchsorted(self.starts, np.flatnonzero(self.members == number), "right") - 1] = True
        return found

    def table(self, codes: NDArray[np.integer]) -> NDArray[np.uint8]:
        """Return a row for each of the sets `codes`, shape (n, classes): 1 for the classes in it, else 0."""
        found = np.zeros((len(codes), self.classes), np.uint8)
        lengths = np.where(codes < 0, 0, np.diff(self.starts, append=self.starts[-1])[codes])
        row = np.repeat(np.arange(len(codes)), lengths)
        first = np.repeat(self.starts[codes] - np.cumsum(lengths) + lengths, lengths)
        found[row, self.members[first + np.arange(len(row))]] = 1
        return found
