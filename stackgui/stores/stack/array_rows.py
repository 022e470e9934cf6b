"""Rows of an array file, read from the disk one by one, as pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.stores.format.table_file import TableFile

_PLAIN_BYTES = 2**26
"""A part of a row up to this size is read at once; of a larger one only the lines that are wanted."""


class ArrayRows:
    """The rows of a file in C order, of which every row is one picture.

    Parameters
    ----------
    file
    axes
        What its axes are, such as ``NHWC``, ``NCHW`` or ``NHW``; without ``N`` it is one row.
    """

    def __init__(self, file: TableFile, axes: str) -> None:
        self._file = file
        sides = dict(zip(axes, file.shape, strict=True))
        self.count = sides.get("N", 1)
        self.channels = sides.get("C", 1)
        self._height, self._width = sides["H"], sides["W"]
        is_planar = "C" in axes and axes.index("C") < axes.index("H")
        self._planes = self.channels if is_planar else 1
        self._deep = 1 if is_planar else self.channels
        """Numbers of a pixel that lie side by side."""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of a row."""
        return self._height, self._width

    def read(self, row: int, part: tuple[int, int, int, int], step: int = 1) -> NDArray[Any]:
        """Read a part of a row, given by top, left, height and width, every `step` pixels.

        Returns
        -------
        array, shape (h, w, C)
        """
        planes = [self._plane(row, plane, part, step) for plane in range(self._planes)]
        return planes[0] if len(planes) == 1 else np.concatenate(planes, axis=2)

    def _plane(self, row: int, plane: int, part: tuple[int, int, int, int], step: int) -> NDArray[Any]:
        top, left, height, width = part
        line_bytes = self._width * self._deep * self._file.dtype.itemsize
        begin = ((row * self._planes + plane) * self._height + top) * line_bytes
        if step == 1 or height * line_bytes <= _PLAIN_BYTES:
            data = self._file.read_bytes(begin, height * line_bytes)
            lines = np.frombuffer(data, self._file.dtype).reshape(height, self._width, self._deep)[::step]
        else:
            read = (
                self._file.read_bytes(begin + line * line_bytes, line_bytes)
                for line in range(0, height, step)
            )
            lines = np.stack(
                [np.frombuffer(each, self._file.dtype)[: self._width * self._deep] for each in read]
            )
            lines = lines.reshape(len(lines), self._width, self._deep)
        return lines[:, left : left + width : step]
