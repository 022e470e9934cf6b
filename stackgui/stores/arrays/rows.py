"""Copy blocks of pixels into rows, for all stores."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import Layout
from stackgui.core.plan.plan import ArraySpec
from stackgui.stores.arrays.protocol import Bytes


@dataclass(frozen=True, slots=True)
class RowShape:
    """A row as bytes: `planes` × `lines` × `line_bytes`, whatever its layout and dtype.

    An ``NHWC`` row is one plane whose pixels hold all channels; an ``NCHW`` row has one plane per channel.
    """

    planes: int
    lines: int
    line_bytes: int
    pixel_bytes: int

    @classmethod
    def of(cls, array: ArraySpec, layout: Layout) -> RowShape:
        """Return the shape of a row of `array`."""
        item_bytes = np.dtype(array.dtype).itemsize
        if array.is_mask:
            _rows, height, width = array.shape
            return cls(1, height, width * item_bytes, item_bytes)
        if layout is Layout.NCHW:
            channels, height, width = array.shape[1:]
            return cls(channels, height, width * item_bytes, item_bytes)
        height, width, channels = array.shape[1:]
        return cls(1, height, width * channels * item_bytes, channels * item_bytes)

    @property
    def row_bytes(self) -> int:
        """Size of a row in bytes."""
        return self.planes * self.lines * self.line_bytes

    def whole(self, placement: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return a mask, shape (n,), of the placements that cover the whole row."""
        covers = placement[:, 2:] == (self.lines, self.line_bytes // self.pixel_bytes)
        return np.asarray(covers.all(axis=1))

    def ends(self, placement: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the end of each row's block in the buffer, shape (n,)."""
        size = placement[:, 2].astype(np.int64) * placement[:, 3] * (self.planes * self.pixel_bytes)
        return np.cumsum(size)

    def block(self, pixels: Bytes, height: int, width: int, count: int = 1) -> Bytes:
        """Return `count` blocks of one size as bytes, shape (count, planes, height, width · pixel_bytes)."""
        return pixels.reshape(count, self.planes, height, width * self.pixel_bytes)

    def land(
        self, rows: Bytes, pixels: Bytes, placement: NDArray[np.int32], valid: NDArray[np.bool_]
    ) -> None:
        """Copy each valid row's block to its place in `rows`, shape (n, planes, lines, line_bytes)."""
        ends = self.ends(placement)
        for begin, end in equal_runs(np.column_stack((placement, valid))):
            if not valid[begin]:
                continue
            top, left, height, width = placement[begin].tolist()
            source = pixels[ends[begin - 1] if begin else 0 : ends[end - 1]]
            first, last = left * self.pixel_bytes, (left + width) * self.pixel_bytes
            rows[begin:end, :, top : top + height, first:last] = self.block(
                source, height, width, end - begin
            )


def equal_runs(table: NDArray[Any]) -> Iterator[tuple[int, int]]:
    """Yield runs (begin, end) of equal lines of a table, shape (n, columns): such rows are copied at once."""
    differ = (table[1:] != table[:-1]).any(axis=1)
    begins = [0, *(np.flatnonzero(differ) + 1).tolist()]
    yield from zip(begins, [*begins[1:], len(table)], strict=True)


@dataclass(frozen=True, slots=True)
class Blank:
    """The fill value as the bytes of one number, in the array's dtype."""

    number: bytes

    @classmethod
    def of(cls, fill: float, dtype: str) -> Blank:
        """Return the bytes of `fill` as `dtype`."""
        return cls(np.asarray(fill).astype(dtype).tobytes())

    @property
    def is_zero(self) -> bool:
        """Whether blank rows are zeros, as holes in a file are."""
        return not any(self.number)

    def put(self, target: Bytes) -> None:
        """Fill `target`, which is contiguous and whose size is a multiple of the number's."""
        if self.is_zero:
            target[...] = 0
        else:
            flat = target.reshape(math.prod(target.shape) // len(self.number), len(self.number))
            flat.view(f"V{len(self.number)}")[...] = np.void(self.number)
