"""Ways to divide the lines of a list into columns; the way that finds the most existing files is chosen."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from stackgui.core.base.text import lines_of
from stackgui.core.base.wording import say

Cut = Callable[[str], list[str]]
Exists = Callable[[str], bool]
"""Tells whether a cell names an existing file."""

_NO_DELIMITER = "\x1f"

csv.field_size_limit(2**31 - 1)  # one cell may hold all run lengths of a mask


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to divide lines into columns.

    Attributes
    ----------
    how : str
        Description for people, to follow "read".
    cut : callable
        Function that divides one line.
    delimiter : str
        Delimiter of a table whose cells may be quoted; ``""`` for anything else.
    """

    how: str
    cut: Cut
    delimiter: str = ""

    def rows(self, text: str, *, is_quoted: bool = False) -> Iterator[Sequence[str]]:
        """Return all rows of `text`; quoted cells of a table with titles may span several lines."""
        if self.delimiter or (is_quoted and self == WHOLE):
            delimiter = self.delimiter or _NO_DELIMITER
            return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return (self.cut(line) for line in lines_of(text))


def _cut_at(delimiter: str) -> Cut:
    def cut(line: str) -> list[str]:
        try:
            return next(csv.reader([line], delimiter=delimiter, strict=True), [])
        except csv.Error:
            return []  # one line of a cell that spans several

    return cut


WHOLE = Reading(say("as one name per line"), lambda line: [line])
TABLES = (
    Reading(say("with tabs between its columns"), _cut_at("\t"), "\t"),
    Reading(say("with semicolons between its columns"), _cut_at(";"), ";"),
    Reading(say("with commas between its columns"), _cut_at(","), ","),
    Reading(say("with | between its columns"), _cut_at("|"), "|"),
)
BLANKS = (
    Reading(say("as two columns, divided at the last space of each line"), lambda line: line.rsplit(None, 1)),
    Reading(say("with spaces between its columns"), str.split),
    Reading(say("as two columns, divided at the first space of each line"), lambda line: line.split(None, 1)),
)


def some_lines(text: str, most: int) -> list[str]:
    """Return at most `most` lines of `text` that are not empty, spread evenly and including the first."""
    text = text if "\n" in text else text.replace("\r", "\n")  # lines end as in `lines_of`
    if text.count("\n") < most:
        return [line for line in lines_of(text) if line]
    step = len(text) / most
    lines, begin = [], 0
    for place in range(most):
        begin = max(begin, text.rfind("\n", begin, int(place * step)) + 1)
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        if line := text[begin:end].strip("\r"):
            lines.append(line)
        begin = end + 1
        if begin >= len(text):
            break
    return lines


@dataclass(frozen=True, eq=False, slots=True)
class Trial:
    """Some lines divided by a reading.

    Attributes
    ----------
    reading : Reading
    head : list of str
        Cells of the first line.
    rows : list of list of str
        Cells of the other lines.
    named : dict of int to int
        Number of existing files that each examined column names, by its place.
    """

    reading: Reading
    head: list[str]
    rows: list[list[str]]
    named: dict[int, int]

    @property
    def most(self) -> int:
        """Number of existing files that the best column names."""
        return max(self.named.values(), default=0)


def try_reading(
    reading: Reading, lines: Sequence[str], exists: Exists, columns: Callable[[list[str]], list[int]]
) -> Trial:
    """Divide `lines` by `reading`, and count the existing files that each of some columns names.

    Parameters
    ----------
    reading : Reading
    lines : sequence of str
        Lines of the list, including its first, in order.
    exists : callable
        Tells whether a cell names an existing file.
    columns : callable
        Returns the places of the columns to examine, given the cells of the longest line.
    """
    cells = [reading.cut(line) for line in lines]
    head, rows = cells[0], cells[1:] or cells
    places = columns(max(cells, key=len))
    return Trial(reading, head, rows, {place: named_in(cells, place, exists) for place in places})


def named_in(rows: Sequence[Sequence[str]], place: int, exists: Exists) -> int:
    """Count the different cells of a column that name existing files."""
    cells = {row[place] for row in rows if place < len(row)}
    return sum(1 for cell in cells if cell and exists(cell))


def readings_for(lines: Sequence[str]) -> Iterator[Reading]:
    """Yield the readings that divide some line differently, the simplest first."""
    yield WHOLE
    yield from (reading for reading in TABLES if any(reading.delimiter in line for line in lines))
    if any(len(line.split(None, 1)) > 1 for line in lines):
        yield from BLANKS
