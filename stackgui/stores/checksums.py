"""Checksums of rows: what tells whether an array still holds what was written."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xxhash
from numpy.typing import NDArray

from stackgui.stores.npy_file import NpyFile
from stackgui.stores.rows import RowShape

READ_BYTES = 4 * 2**20
"""Read in one go; bounds memory for huge rows."""


def block_checksum(block: NDArray[np.generic]) -> int:
    """XXH3 (64 bits) of a row's placed pixels, laid out as in the array; `block` is contiguous."""
    return int(xxhash.xxh3_64_intdigest(block.data))


def stored_checksum(file: NpyFile, shape: RowShape, row: int, placement: tuple[int, int, int, int]) -> int:
    """`block_checksum` of what `file` holds at `row`; raises OSError.

    Parameters
    ----------
    placement : (int, int, int, int)
        Top, left, height and width of the block.
    """
    digest = xxhash.xxh3_64()
    for band in _bands(file, shape, row, placement):
        digest.update(band.data)
    return int(digest.intdigest())


def _bands(
    file: NpyFile, shape: RowShape, row: int, placement: tuple[int, int, int, int]
) -> Iterator[NDArray[np.uint8]]:
    """The block's bytes in order, some lines at a time."""
    top, left, height, width = placement
    step = max(1, READ_BYTES // shape.line_bytes)
    for plane in range(shape.planes):
        first = row * shape.row_bytes + plane * shape.lines * shape.line_bytes
        for begin in range(top, top + height, step):
            lines = min(step, top + height - begin)
            data = file.read_at(first + begin * shape.line_bytes, lines * shape.line_bytes)
            band = np.frombuffer(data, np.uint8).reshape(lines, shape.line_bytes)
            wanted = band[:, left * shape.pixel_bytes : (left + width) * shape.pixel_bytes]
            yield np.ascontiguousarray(wanted)
