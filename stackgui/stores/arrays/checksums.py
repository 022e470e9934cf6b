"""Checksums of rows, which show whether an array still holds what was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
import xxhash

from stackgui.core.base.wording import say
from stackgui.stores.arrays.array_file import ArrayFile
from stackgui.stores.arrays.protocol import Bytes
from stackgui.stores.arrays.rows import Blank, RowShape

Placement: TypeAlias = tuple[int, int, int, int]

READ_BYTES = 4 * 2**20
"""Bytes read at a time, which bounds memory for huge rows."""


class Readable(Protocol):
    """What holds the rows of an array, as `ArrayFile` does."""

    def read_at(self, offset: int, count: int) -> bytes | memoryview:
        """Read `count` bytes from `offset` bytes after the beginning of the rows; raises OSError."""


class RowsOf(NamedTuple):
    """The file of an array, and the shape of its rows."""

    file: ArrayFile
    shape: RowShape


class HeldRows:
    """Rows in memory, of which the first byte is byte `begin` of their array; it is `Readable`."""

    def __init__(self, rows: Bytes, begin: int = 0) -> None:
        self._rows = rows.data
        self._begin = begin

    def read_at(self, offset: int, count: int) -> memoryview:
        """Return `count` bytes from `offset` on."""
        return self._rows[offset - self._begin : offset - self._begin + count]


block_checksum: Callable[[Any], int] = xxhash.xxh3_64_intdigest
"""Returns the XXH3 (64 bits) of a row's pixels without padding, and of its mask, as in the arrays."""


def stored_checksum(arrays: Sequence[tuple[Readable, RowShape]], row: int, placement: Placement) -> int:
    """Return the `block_checksum` of what files hold at `row`; raises OSError.

    Parameters
    ----------
    arrays
        The array of pictures and, if there is one, that of masks.
    placement : (int, int, int, int)
        Top, left, height and width of the block.
    """
    digest, (top, left, height, width) = xxhash.xxh3_64(), placement
    for file, shape in arrays:
        inside = slice(left * shape.pixel_bytes, (left + width) * shape.pixel_bytes)
        for plane in range(shape.planes):
            for _line, band in _bands(file, shape, row, plane, (top, top + height)):
                digest.update(np.ascontiguousarray(band[:, inside]).data)
    return int(digest.intdigest())


def changed_pixels(arrays: int) -> str:
    """Say of a row, which so many arrays hold, that its checksum is not that of what they hold."""
    if arrays > 1:
        return say("its pixels or those of its mask are not those that were written")
    return say("its pixels are not those that were written")


def blank_line(shape: RowShape, blank: Blank) -> Bytes:
    """Return the bytes of a line of padding in rows of that shape."""
    return np.frombuffer(blank.number * (shape.line_bytes // len(blank.number)), np.uint8)


def padding_is(file: Readable, shape: RowShape, row: int, placement: Placement, line: Bytes) -> bool:
    """Return whether all padding of `row` equals `line`, the bytes of a blank line; raises OSError."""
    top, left, height, width = placement
    first, last = left * shape.pixel_bytes, (left + width) * shape.pixel_bytes
    for plane in range(shape.planes):
        for begin, band in _bands(file, shape, row, plane, (0, shape.lines)):
            lines = np.arange(begin, begin + len(band))
            beside = (lines >= top) & (lines < top + height)
            if (
                (band[~beside] != line).any()
                or (band[beside, :first] != line[:first]).any()
                or (band[beside, last:] != line[last:]).any()
            ):
                return False
    return True


def _bands(
    file: Readable, shape: RowShape, row: int, plane: int, lines: tuple[int, int]
) -> Iterator[tuple[int, Bytes]]:
    """Yield the lines of a plane from ``lines[0]`` up to ``lines[1]`` in bands, each after its first line."""
    step = max(1, READ_BYTES // shape.line_bytes)
    first = row * shape.row_bytes + plane * shape.lines * shape.line_bytes
    for begin in range(*lines, step):
        count = min(step, lines[1] - begin)
        data = file.read_at(first + begin * shape.line_bytes, count * shape.line_bytes)
        yield begin, np.frombuffer(data, np.uint8).reshape(count, shape.line_bytes)
