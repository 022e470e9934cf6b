"""Reads untrusted CSV tables block by block."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from stackgui.imaging.annotations.text import decoded, first_lines

_BLOCK_BYTES = 2**21

csv.field_size_limit(2**31 - 1)  # one cell may hold all corners of a polygon


def header_in(start: bytes) -> tuple[str, ...]:
    """Return the names of the columns that the start of a file gives, or nothing if it is no table."""
    lines = first_lines(start, 1)
    return tuple(column_names(next(_rows(lines[0]), []))) if lines else ()


def column_names(row: Sequence[str]) -> Iterator[str]:
    """Return the names of columns in the first row of a table."""
    return (cell.strip().removeprefix("#") for cell in row)


def _rows(text: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)


def row_blocks(data: bytes | memoryview) -> Iterator[tuple[int, list[list[str]]]]:
    """Yield rows without empty ones, and the number of the first line among them.

    Raises
    ------
    csv.Error
        If it is no CSV.
    """
    if bytes(data[:2]) in {b"\xff\xfe", b"\xfe\xff"}:
        data = decoded(bytes(data)).encode()
    data = memoryview(data)
    begin, line = 0, 1
    while begin < len(data):
        block = _whole_rows(data[begin:])
        yield line, [row for row in _rows(decoded(block)) if any(row)]
        begin, line = begin + len(block), line + block.count(b"\n")


def _whole_rows(data: bytes | memoryview) -> bytes:
    """Return as many whole rows as a block holds, or one that is longer."""
    size = _BLOCK_BYTES
    while size < len(data):
        block = bytes(data[:size])
        if end := _last_end(block):
            return block[:end]
        size *= 2
    return bytes(data)


def _last_end(block: bytes) -> int:
    """Return where the last whole row ends; a line feed between quotes ends none."""
    end = block.rfind(b"\n") + 1
    while end and block.count(b'"', 0, end) % 2:
        end = block.rfind(b"\n", 0, end - 1) + 1
    return end
