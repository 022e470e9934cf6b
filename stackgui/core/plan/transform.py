"""The one mapping of coordinates between pictures and rows, made from the integers that place the pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.plan.geometry import Geometry


def transforms(
    geometry: Geometry, height: NDArray[np.integer[Any]], width: NDArray[np.integer[Any]]
) -> NDArray[np.float64]:
    """Return scale and offset from upright pictures to their rows.

    A point x of a picture lies at ``x * scale_x + offset_x`` of its row, and y alike; both are continuous, so
    the pixel in column i spans from i to i + 1.

    Parameters
    ----------
    geometry
        Of N rows.
    height, width : integers, shape (N,)
        Upright size of each picture in pixels; 0 if it is unknown.

    Returns
    -------
    float64, shape (N, 4)
        Scale x, scale y, offset x, offset y; all 0 for a row whose picture is unknown.
    """
    own = np.stack([width, height], axis=1).astype(np.float64)
    known = np.asarray((own > 0).all(axis=1) & (geometry.placement[:, 2:] > 0).all(axis=1))
    scale = geometry.scaled[:, ::-1] / np.maximum(own, 1)
    offset = (geometry.placement[:, 1::-1] - geometry.window[:, ::-1]).astype(np.float64)
    return np.where(known[:, None], np.concatenate([scale, offset], axis=1), 0.0)


def to_row(points: NDArray[np.floating[Any]], transform: NDArray[np.float64]) -> NDArray[np.float64]:
    """Map `points` of pictures, x and y in pairs, to their rows.

    Parameters
    ----------
    points : shape (..., 2k)
        Points, or boxes as pairs of corners.
    transform : float64, shape (4,) or (..., 4)
        Of one row for all, or of the row of each.
    """
    scale, offset = _parts(transform, points.shape[-1])
    return np.asarray(points * scale + offset)


def to_source(points: NDArray[np.floating[Any]], transform: NDArray[np.float64]) -> NDArray[np.float64]:
    """Map `points` of rows to their upright pictures, as `to_row` maps them back."""
    scale, offset = _parts(transform, points.shape[-1])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((points - offset) / scale)


def _parts(transform: NDArray[np.float64], numbers: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    pairs = numbers // 2
    return np.tile(transform[..., :2], pairs), np.tile(transform[..., 2:], pairs)
