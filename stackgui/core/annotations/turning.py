"""Turns annotations of a stored picture the way its EXIF orientation turns the pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import Objects

TRANSPOSED = 5
"""The first EXIF orientation, of 5 to 8, that exchanges height and width."""


def turned_points(
    points: NDArray[np.float64],
    orientation: NDArray[np.uint8],
    stored_height: NDArray[np.float64],
    stored_width: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return points of stored pictures as points of the upright pictures.

    Parameters
    ----------
    points : shape (P, 2)
        x and y, continuous.
    orientation : shape (P,)
        EXIF orientation, 1 to 8, of the picture of each (Exif 2.32, tag 0x0112).
    stored_height, stored_width : shape (P,)
        Size of the picture as it is stored.
    """
    x, y = points.T
    right, below = stored_width - x, stored_height - y
    marks = [orientation == mark for mark in range(2, 9)]
    upright_x = np.select(marks, [right, right, x, y, below, below, y], x)
    upright_y = np.select(marks, [y, below, below, x, x, right, right], y)
    return np.stack([upright_x, upright_y], axis=1)


def turned(
    objects: Objects,
    orientation: NDArray[np.uint8],
    stored_height: NDArray[np.float64],
    stored_width: NDArray[np.float64],
) -> Objects:
    """Return objects of stored pictures as objects of the upright ones, but with their bitmaps as they are.

    Parameters
    ----------
    objects
        M objects.
    orientation, stored_height, stored_width : shape (M,)
        Of the picture of each.
    """
    if (orientation == 1).all():
        return objects

    def moved(points: NDArray[np.float64], owner: NDArray[np.int64]) -> NDArray[np.float64]:
        return turned_points(points, orientation[owner], stored_height[owner], stored_width[owner])

    own = np.arange(len(objects))
    corners = np.stack([moved(objects.box[:, :2], own), moved(objects.box[:, 2:], own)])
    rings, keypoints = objects.rings, objects.keypoints
    marked = keypoints.values.copy()
    seen = marked[:, 2] > 0  # a keypoint that is not marked stays at 0, 0
    marked[seen, :2] = moved(marked[seen, :2], keypoints.rows[seen])
    return replace(
        objects,
        box=np.concatenate([corners.min(axis=0), corners.max(axis=0)], axis=1),
        rings=rings.with_values(moved(rings.values, objects.object_rings.rows[rings.rows]))
        if len(rings)
        else rings,
        keypoints=keypoints.with_values(marked) if len(marked) else keypoints,
    )
