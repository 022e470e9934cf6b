"""The objects of a finished stack: boxes, polygons and keypoints, row by row."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import StackguiError
from stackgui.stores.format.annotation_tables import (
    AREAS_FILE,
    BOXES_FILE,
    CLASSES_FILE,
    FLAGS_FILE,
    HOLES_FILE,
    KEYPOINTS_FILE,
    OBJECT_FILES,
    OFFSETS_FILE,
    POINT_OFFSETS_FILE,
    POINTS_FILE,
    RING_OFFSETS_FILE,
    ROWS_FILE,
)
from stackgui.stores.format.header import HEADER_FILE
from stackgui.stores.format.open_array import damaged, map_any, map_table


class StackObjects:
    """The objects in the rows of a stack; M objects in N rows, in row order.

    Coordinates are pixels of the row, continuous: the pixel in column i spans from i to i + 1.

    Parameters
    ----------
    folder : str
    header : mapping
        Content of ``stack.json``, with annotations.
    rows : int

    Attributes
    ----------
    classes : list of str
    keypoint_names : list of str
    offsets : int64, shape (N + 1,)
        Row i has the objects from ``offsets[i]`` up to ``offsets[i + 1]``.
    box : float32, shape (M, 4)
        Left, top, right and bottom.
    category : int32, shape (M,)
        Index into `classes`; -1 for none.
    flags : uint8, shape (M,)
        1 crowd, 2 ignore, 4 difficult, 8 truncated (also by the fit), 16 occluded; added up.
    area : float32, shape (M,)
        In square pixels.
    row : int64, shape (M,)
    """

    def __init__(self, folder: str, header: Mapping[str, Any], rows: int) -> None:
        self._folder = folder
        try:
            named = header["plan"]["annotations"]
            self.classes = [str(name) for name in named["classes"]]
            self.keypoint_names = [str(name) for name in named["keypoint_names"]]
        except (LookupError, TypeError) as error:
            raise StackguiError(damaged(folder, HEADER_FILE)) from error
        self.offsets: NDArray[np.int64] = self.table(OFFSETS_FILE, (rows + 1,), np.int64)
        count = int(self.offsets[-1])
        if self.offsets[0] or count < 0 or (np.diff(self.offsets) < 0).any():
            raise StackguiError(damaged(folder, OFFSETS_FILE))
        self.box: NDArray[np.float32] = self.table(BOXES_FILE, (count, 4), np.float32)
        self.category: NDArray[np.int32] = self.table(CLASSES_FILE, (count,), np.int32)
        self.flags: NDArray[np.uint8] = self.table(FLAGS_FILE, (count,), np.uint8)
        self.area: NDArray[np.float32] = self.table(AREAS_FILE, (count,), np.float32)
        self.row: NDArray[np.int64] = self.table(ROWS_FILE, (count,), np.int64)

    def __len__(self) -> int:
        return len(self.box)

    def of_row(self, row: int) -> slice:
        """Return which objects are in `row`."""
        return slice(int(self.offsets[row]), int(self.offsets[row + 1]))

    def polygons(self, index: int) -> list[NDArray[np.float32]]:
        """Return the polygons of an object, shape (p, 2) each; holes in them are listed like the others."""
        if not self._has(POINTS_FILE):
            return []
        points, point_offsets, ring_offsets = self._polygons
        return [
            points[point_offsets[ring] : point_offsets[ring + 1]]
            for ring in range(int(ring_offsets[index]), int(ring_offsets[index + 1]))
        ]

    def holes(self, index: int) -> list[bool]:
        """Return for each of an object's `polygons` whether it is a hole."""
        _points, _point_offsets, ring_offsets = self._polygons
        found: list[bool] = self.ring_holes[ring_offsets[index] : ring_offsets[index + 1]].tolist()
        return found

    def tables(self) -> dict[str, NDArray[Any]]:
        """Return all tables by the names of their files without suffix."""
        names = [os.path.splitext(name)[0] for name in OBJECT_FILES if self._has(name)]
        return {name: map_any(self._folder, f"{name}.npy") for name in names}

    @property
    def ring_starts(self) -> NDArray[np.int64]:
        """Where the polygons of each object begin, and those of the last end, shape (M + 1,)."""
        return self._polygons[2] if self._has(POINTS_FILE) else np.zeros(len(self) + 1, np.int64)

    @cached_property
    def ring_holes(self) -> NDArray[np.bool_]:
        """Return for each ring whether it is a hole, shape (R,)."""
        rings = len(self._polygons[1]) - 1 if self._has(POINTS_FILE) else 0
        return self.table(HOLES_FILE, (rings,), np.bool_) if rings else np.empty(0, np.bool_)

    @cached_property
    def keypoints(self) -> NDArray[np.float32]:
        """Return x, y and visibility of keypoints, shape (M, K, 3); K is 0 if there are none."""
        if not self._has(KEYPOINTS_FILE):
            return np.empty((len(self), 0, 3), np.float32)
        shape = map_any(self._folder, KEYPOINTS_FILE).shape
        most = shape[1] if len(shape) > 1 else 0
        return self.table(KEYPOINTS_FILE, (len(self), most, 3), np.float32)

    @cached_property
    def _polygons(self) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
        rings = self.table(RING_OFFSETS_FILE, (len(self) + 1,), np.int64)
        points = self.table(POINT_OFFSETS_FILE, (int(rings[-1]) + 1,), np.int64)
        return self.table(POINTS_FILE, (int(points[-1]), 2), np.float32), points, rings

    def _has(self, name: str) -> bool:
        return os.path.lexists(os.path.join(self._folder, name))

    def table(self, name: str, shape: tuple[int, ...], dtype: type[np.generic]) -> NDArray[Any]:
        """Memory-map a table; raises StackguiError if it is not of this shape and dtype."""
        return map_table(self._folder, name, shape, np.dtype(dtype))
