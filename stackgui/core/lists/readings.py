"""Ways to read a list of files that does not say how it is written; what names files that exist decides."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from stackgui.core.base.text import lines_of

Cut = Callable[[str], list[str]]
Exists = Callable[[str], bool]
"""Whether a cell names a file that exists."""

_NO_DELIMITER = "\x1f"

csv.field_size_limit(2**31 - 1)  # run lengths of a mask stand in one cell


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to divide lines into columns.

    Attributes
    ----------
    how : str
        For people, behind "read".
    cut : callable
        Divides one line.
    delimiter : str
        Between the columns of a table whose cells may be quoted; ``""`` for anything else.
    """

    how: str
    cut: Cut
    delimiter: str = ""

    def rows(self, text: str, *, is_quoted: bool = False) -> Iterator[Sequence[str]]:
        """All rows of `text`; those of a table with titles may be quoted, over several lines too."""
        if self.delimiter or (is_quoted and self == WHOLE):
            delimiter = self.delimiter or _NO_DELIMITER
            return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return (self.cut(line) for line in lines_of(text))


def _at(delimiter: str) -> Cut:
    def cut(line: str) -> list[str]:
        try:
            return next(csv.reader([line], delimiter=delimiter, strict=True), [])
        except csv.Error:
            return []  # a part of a cell of several lines

    return cut


WHOLE = Reading("as one name a line", lambda line: [line])
TABLES = (
    Reading("with tabs between its columns", _at("\t"), "\t"),
    Reading("with semicolons between its columns", _at(";"), ";"),
    Reading("with commas between its columns", _at(","), ","),
    Reading("with | between its columns", _at("|"), "|"),
)
BLANKS = (
    Reading("as two columns, divided at the last blank of each line", lambda line: line.rsplit(None, 1)),
    Reading("with blanks between its columns", str.split),
    Reading("as two columns, divided at the first blank of each line", lambda line: line.split(None, 1)),
)


def some_lines(text: str, most: int) -> list[str]:
    """At most `most` lines of `text` that are not empty, spread evenly, the first among them."""
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
    """What a reading makes of some lines.

    Attributes
    ----------
    reading : Reading
    head : list of str
        Cells of the first line.
    rows : list of list of str
        Those of others.
    named : dict of int to int
        For columns that were tried, how many files that exist they name.
    """

    reading: Reading
    head: list[str]
    rows: list[list[str]]
    named: dict[int, int]

    @property
    def most(self) -> int:
        """How many files that exist the best column names."""
        return max(self.named.values(), default=0)


def tried(
    reading: Reading, lines: Sequence[str], exists: Exists, columns: Callable[[list[str]], list[int]]
) -> Trial:
    """Divide `lines` by `reading` and count the files that `columns` of them name.

    Parameters
    ----------
    reading
    lines
        The first of the list first.
    exists
    columns
        Gives the places of the columns to try, for the cells of the first line.
    """
    cells = [reading.cut(line) for line in lines]
    head, rows = cells[0], cells[1:] or cells
    places = columns(max(cells, key=len))
    return Trial(reading, head, rows, {place: named_in(cells, place, exists) for place in places})


def named_in(rows: Sequence[Sequence[str]], place: int, exists: Exists) -> int:
    """How many different cells of a column name files that exist."""
    cells = {row[place] for row in rows if place < len(row)}
    return sum(1 for cell in cells if cell and exists(cell))


def readings_for(lines: Sequence[str]) -> Iterator[Reading]:
    """Those that divide some line differently, the simplest first."""
    yield WHOLE
    yield from (reading for reading in TABLES if any(reading.delimiter in line for line in lines))
    if any(len(line.split(None, 1)) > 1 for line in lines):
        yield from BLANKS
