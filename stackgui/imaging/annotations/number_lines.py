"""Lines of numbers of many small text files at once, as arrays."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.ragged import Ragged
from stackgui.imaging.annotations.text import decoded, is_number

_OF_NUMBERS = b"0123456789+-.eE \t\r\n"
_BATCH_BYTES = 4 * 2**20
"""Text to parse at a time; its numbers take about three times as much."""


@dataclass(frozen=True, eq=False, slots=True)
class NumberLines:
    """Lines that hold nothing but numbers.

    Attributes
    ----------
    numbers : Ragged of float64
        The numbers of each of L lines, at least one.
    file : int64, shape (L,)
        Index of the file that each line is in.
    line : int64, shape (L,)
        Number of the line in its file, from 1.
    """

    numbers: Ragged[np.float64]
    file: NDArray[np.int64]
    line: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.file)

    def take(self, lines: NDArray[Any]) -> NumberLines:
        """Return some lines, given as indices or as a mask."""
        return NumberLines(self.numbers.take(lines), self.file[lines], self.line[lines])

    def column(self, index: int) -> NDArray[np.float64]:
        """Return one of the numbers of each line, shape (L,); all lines must have it."""
        return self.numbers.values[self.numbers.starts[:-1] + index]

    @property
    def places(self) -> NDArray[np.int64]:
        """Return the place of each number in its line, from 0."""
        return np.arange(len(self.numbers.values)) - np.repeat(self.numbers.starts[:-1], self.numbers.lengths)

    def any_of(self, numbers: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return whether any of the numbers of each line is marked, shape (L,)."""
        if not len(self):
            return np.zeros(0, np.bool_)
        return np.logical_or.reduceat(numbers, self.numbers.starts[:-1])


def number_lines(files: Sequence[bytes]) -> tuple[list[NumberLines], list[tuple[int, int]]]:
    """Read the lines of text files.

    Returns
    -------
    list of NumberLines
        The lines of numbers, in as many parts as the parsing took; empty lines are passed over.
    list of (int, int)
        File and line number of each line that holds anything else.
    """
    parts, others = [], []
    for first, batch in _batches(files):
        texts = []
        for index, data in enumerate(batch, first):
            text, wrong = _of_numbers(data) if data.translate(None, _OF_NUMBERS) else (data, [])
            # Lines may end as they did on old Macs.
            texts.append(text.replace(b"\r", b"\n") if b"\r" in text and b"\n" not in text else text)
            others += [(index, line) for line in wrong]
        part = _parsed(texts, first)
        if part is None:
            checked = [_of_numbers(text) for text in texts]
            others += [(index, line) for index, (_, wrong) in enumerate(checked, first) for line in wrong]
            part = _parsed([text for text, _ in checked], first)
        if part is not None and len(part):
            parts.append(part)
    return parts, others


def _batches(files: Sequence[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    batch: list[bytes] = []
    first = held = 0
    for index, data in enumerate(files):
        if batch and held + len(data) > _BATCH_BYTES:
            yield first, batch
            first, batch, held = index, [], 0
        batch.append(data)
        held += len(data)
    if batch:
        yield first, batch


def _of_numbers(data: bytes) -> tuple[bytes, list[int]]:
    """Return the text with all lines emptied that hold anything but numbers, and the numbers of those."""
    lines = [line.split() for line in decoded(data).split("\n")]
    wrong = [number for number, words in enumerate(lines, 1) if not all(map(is_number, words))]
    for number in wrong:
        lines[number - 1] = []
    return "\n".join(map(" ".join, lines)).encode("ascii"), wrong


def _parsed(texts: Sequence[bytes], first: int) -> NumberLines | None:
    """Parse `texts`, which belong to the files from `first` on; returns None if anything is no number."""
    text = b"\n".join(texts) + b"\n"
    letters = np.frombuffer(text, np.uint8)
    is_blank = letters <= ord(" ")
    begins = np.flatnonzero(~is_blank & np.concatenate([[True], is_blank[:-1]]))
    ends = np.flatnonzero(letters == ord("\n"))
    count = np.diff(np.searchsorted(begins, ends), prepend=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            values = np.fromstring(text, np.float64, sep=" ")
        except (DeprecationWarning, ValueError):
            return None
    # "1-2" is read as two numbers, and of "1 -" the rest is left over, which is a warning.
    if len(values) != len(begins):
        return None
    in_file = np.fromiter((text.count(b"\n") + 1 for text in texts), np.int64, len(texts))
    file = np.repeat(np.arange(len(texts)), in_file)
    line = np.arange(len(ends)) - np.repeat(np.cumsum(in_file) - in_file, in_file)
    kept = count > 0
    return NumberLines(Ragged.of_lengths(values, count[kept]), file[kept] + first, line[kept] + 1)
