"""Placement of a sample's pixels in its row, for every fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import Anchor, Fit
from stackgui.core.base.columns import restore_state, slim, slim_state
from stackgui.core.catalog.catalog import Catalog

Column = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Geometry:
    """How samples are fitted into rows of one size.

    Each sample is resized to `scaled`. The window of it that begins at `window` and has the placement's size
    is then copied to `placement`.

    Attributes
    ----------
    placement : int32, shape (N, 4)
        Top, left, height and width in the row, in pixels; all 0 for a sample of unknown size.
    scaled : int32, shape (N, 2)
        Height and width of the whole sample after resizing; its own size if it is not resized.
    window : int32, shape (N, 2)
        Top and left, in the resized sample, of the part that is kept.
    """

    placement: NDArray[np.int32]
    scaled: NDArray[np.int32]
    window: NDArray[np.int32]

    __getstate__, __setstate__ = slim_state, restore_state

    def take(self, rows: slice | NDArray[Any]) -> Geometry:
        """Return the geometry of some rows, given as a slice, as indices or as a mask."""
        return Geometry(self.placement[rows], self.scaled[rows], self.window[rows])

    def slim(self) -> Geometry:
        """Return the same, with tables that take no memory if all samples are fitted alike."""
        return Geometry(slim(self.placement), slim(self.scaled), slim(self.window))


def whole(catalog: Catalog, samples: NDArray[np.int64]) -> Geometry:
    """Return the geometry that puts each sample, unscaled, into a row of its own size."""
    own = np.stack([catalog.height[samples], catalog.width[samples]], axis=1)
    return Geometry(np.concatenate([np.zeros_like(own), own], axis=1), own, np.zeros_like(own))


_LONGEST_PX = np.iinfo(np.int32).max


def place(
    height: NDArray[np.integer],
    width: NDArray[np.integer],
    target: tuple[int, int],
    fit: Fit,
    anchor: Anchor,
) -> Geometry:
    """Work out the geometry of samples of `height` × `width` in rows of size `target`.

    Parameters
    ----------
    height, width : integers, shape (N,)
        Upright size of each sample in pixels; 0 if unknown.
    target : (int, int)
        Height and width of a row.
    fit, anchor
        As in `Options`. The window of ``crop`` and ``cover`` is always central.

    Returns
    -------
    Geometry
        Placements lie inside the row, windows inside the scaled sample.
    """
    h, w = np.asarray(height, np.int64), np.asarray(width, np.int64)
    scaled_h, scaled_w = _scaled(h, w, target, fit)
    placed_h, placed_w = np.minimum(scaled_h, target[0]), np.minimum(scaled_w, target[1])
    top, left = _anchored(target[0] - placed_h, target[1] - placed_w, anchor)
    unknown = (h == 0) | (w == 0)

    def table(*columns: Column) -> NDArray[np.int32]:
        # The scaled side of a line of many millions of pixels may exceed int32. Nothing can resize such a
        # line, but its length must not wrap around.
        known = [np.where(unknown, 0, np.minimum(column, _LONGEST_PX)) for column in columns]
        return np.stack(known, axis=1).astype(np.int32)

    return Geometry(
        placement=table(top, left, placed_h, placed_w),
        scaled=table(scaled_h, scaled_w),
        window=table((scaled_h - placed_h) // 2, (scaled_w - placed_w) // 2),
    )


def _scaled(h: Column, w: Column, target: tuple[int, int], fit: Fit) -> tuple[Column, Column]:
    """Return the height and width of each whole sample after resizing."""
    target_h, target_w = target
    match fit:
        case Fit.CROP:
            return h, w
        case Fit.STRETCH:
            return np.full_like(h, target_h), np.full_like(w, target_w)
        case Fit.PAD | Fit.LETTERBOX | Fit.COVER:
            return _scaled_in_shape(h, w, target, fit)
        case _:
            assert_never(fit)


def _scaled_in_shape(h: Column, w: Column, target: tuple[int, int], fit: Fit) -> tuple[Column, Column]:
    """Return that size for the fits that keep the aspect ratio."""
    target_h, target_w = target
    # Comparing products instead of quotients keeps this exact.
    limited_by_height = (h * target_w <= w * target_h) if fit is Fit.COVER else (h * target_w >= w * target_h)
    scaled_h = np.where(limited_by_height, target_h, _proportion(h, target_w, w))
    scaled_w = np.where(limited_by_height, _proportion(w, target_h, h), target_w)
    if fit is Fit.PAD:
        fits = (h <= target_h) & (w <= target_w)
        return np.where(fits, h, scaled_h), np.where(fits, w, scaled_w)
    return scaled_h, scaled_w


def _proportion(side: Column, target: int, other: Column) -> Column:
    """Return ``side · target / other``, rounded half up, but at least 1."""
    other = np.maximum(other, 1)
    rounded: Column = (2 * side * target + other) // (2 * other)
    return np.maximum(rounded, 1)


def _anchored(free_h: Column, free_w: Column, anchor: Anchor) -> tuple[Column, Column]:
    """Return the top and left of a sample that leaves `free_h` and `free_w` pixels of its row empty."""
    if anchor is Anchor.CENTER:
        return free_h // 2, free_w // 2
    bottom = anchor in {Anchor.BOTTOM_LEFT, Anchor.BOTTOM_RIGHT}
    right = anchor in {Anchor.TOP_RIGHT, Anchor.BOTTOM_RIGHT}
    return free_h * bottom, free_w * right
