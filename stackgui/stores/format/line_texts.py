"""Formats cells and members of the manifest's lines, many at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import repeat
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.text import sheet_text

Numbers: TypeAlias = NDArray[np.integer[Any]]

_PLAIN_LINES = re.compile(r"(?:[A-Za-z0-9_./][A-Za-z0-9_./ ()-]*+\n)*+")
"""Names, one per line, that need neither changing nor quoting; most are like this."""

_TO_QUOTE = re.compile('[,"\r\n]')


def members_of(known: Mapping[int, str], rows: list[int]) -> Iterable[str]:
    """Return the members that are `known` of each row, and nothing for other rows."""
    return [known.get(row, "") for row in rows] if known else repeat("", len(rows))


def replace_none(numbers: list[int], none: int | None, blank: str) -> list[Any]:
    """Replace `none` by `blank`."""
    return [blank if number == none else number for number in numbers]


def append_each(texts: Iterable[str], between: str, values: Iterable[Any]) -> Iterator[str]:
    """Append `between` and a value to each text."""
    return iter([f"{text}{between}{value}" for text, value in zip(texts, values, strict=True)])


def csv_lines(rows: Iterable[tuple[Any, ...]]) -> str:
    """Join the parts of lines of the sheet."""
    return "".join(
        [
            f"{row},{array},{index},{source},{file},{cells},{time}Z{mask}{group}{gone}{values}\r\n"
            for row, array, index, source, file, cells, time, mask, group, gone, values in rows
        ]
    )


def json_lines(rows: Iterable[tuple[Any, ...]]) -> str:
    """Join the parts of lines in JSON."""
    return "".join(
        [
            f'{{"row":{row},"index":{index},"sample":{sample},"source":{source},"file":{file},{common},'
            f'"inside":{members}{planned}{mask}{group}{values}{marks}}}\n'
            for row, index, sample, source, file, common, members, planned, mask, group, values, marks in rows
        ]
    )


Encoder: TypeAlias = Callable[[Numbers], list[str]]
"""Maps codes to names, formatted for one of the files."""


def encoder(names: Sequence[str], encode: Callable[[str], str]) -> Encoder:
    """Return a function from codes to formatted `names`, which formats each name once, on first use."""
    text = cache(lambda code: encode(names[code]))
    return lambda codes: list(map(text, codes.tolist()))


def unique_rows(rows: int, columns: Iterable[Numbers]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return a row for each distinct combination of values in `columns`, and the combination of each row."""
    first, which = np.zeros(1, np.intp), np.zeros(rows, np.intp)
    for column in columns:
        if (column == column[0]).all():
            continue
        # Renumber after every column, which keeps the product small.
        values, code = np.unique(column, return_inverse=True)
        _, first, which = np.unique(which * len(values) + code, return_index=True, return_inverse=True)
        if 2 * len(first) > rows:
            # Rows share too little: grouping would take longer than it saves.
            return np.arange(rows), np.arange(rows)
    return first, which


def cell(text: str) -> str:
    """Format `text` as a cell of a spreadsheet, legible and never the start of a formula."""
    safe = sheet_text(text)
    return '"' + safe.replace('"', '""') + '"' if _TO_QUOTE.search(safe) else safe


def cells(texts: list[str]) -> list[str]:
    """Apply `cell` to each of `texts`."""
    # Check them all at once, which takes a fifth of the time.
    together = "\n".join((*texts, ""))
    # A name that contains line breaks adds to the count.
    if together.count("\n") == len(texts) and _PLAIN_LINES.fullmatch(together):
        return texts
    return list(map(cell, texts))


def times(mtime_ns: NDArray[np.int64]) -> Iterator[str]:
    """Format nanoseconds since 1970 as UTC, to the second."""
    times, which = np.unique(mtime_ns // 10**9, return_inverse=True)
    texts: list[str] = np.datetime_as_string(times.astype("datetime64[s]")).tolist()
    return map(texts.__getitem__, which.tolist())
