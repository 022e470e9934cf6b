"""Where a sample's pixels land in its row, for every fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import Anchor, Fit
from stackgui.core.catalog.catalog import Catalog

Column = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Geometry:
    """How samples become rows of one target size.

    A sample is scaled to `scaled`; of that, the window that begins at `window` and has the placement's size
    is put at `placement`.

    Attributes
    ----------
    placement : int32, shape (N, 4)
        Top, left, height, width in the row, in pixels; all 0 for a sample of unknown size.
    scaled : int32, shape (N, 2)
        Height and width of the whole sample after scaling; equal to its own size where it is not scaled.
    window : int32, shape (N, 2)
        Top and left, in the scaled sample, of the part that is kept.
    """

    placement: NDArray[np.int32]
    scaled: NDArray[np.int32]
    window: NDArray[np.int32]

    def take(self, rows: slice | NDArray[Any]) -> Geometry:
        """The geometry of some rows: a slice, indices, or where a mask is true."""
        return Geometry(self.placement[rows], self.scaled[rows], self.window[rows])


def whole(catalog: Catalog, samples: NDArray[np.int64]) -> Geometry:
    """Each sample as it is, in a row of its own size."""
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
    """Find the geometry of samples of `height` × `width` in rows of the size `target`.

    Parameters
    ----------
    height, width : integers, shape (N,)
        Upright size of each sample in pixels; 0 where unknown.
    target : (int, int)
        Height and width of a row.
    fit, anchor
        As in `Options`. The window of ``crop`` and ``cover`` is always the centre.

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
        # A line of many millions, scaled up, would be longer than can be counted: nobody can scale it, but it
        # must not come out as another number.
        known = [np.where(unknown, 0, np.minimum(column, _LONGEST_PX)) for column in columns]
        return np.stack(known, axis=1).astype(np.int32)

    return Geometry(
        placement=table(top, left, placed_h, placed_w),
        scaled=table(scaled_h, scaled_w),
        window=table((scaled_h - placed_h) // 2, (scaled_w - placed_w) // 2),
    )


def _scaled(h: Column, w: Column, target: tuple[int, int], fit: Fit) -> tuple[Column, Column]:
    """Size of each whole sample after scaling."""
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
    """The same for the fits that keep the ratio of the sides."""
    target_h, target_w = target
    # The side that limits: comparing products instead of quotients keeps this exact.
    limited_by_height = (h * target_w <= w * target_h) if fit is Fit.COVER else (h * target_w >= w * target_h)
    scaled_h = np.where(limited_by_height, target_h, _proportion(h, target_w, w))
    scaled_w = np.where(limited_by_height, _proportion(w, target_h, h), target_w)
    if fit is Fit.PAD:
        fits = (h <= target_h) & (w <= target_w)
        return np.where(fits, h, scaled_h), np.where(fits, w, scaled_w)
    return scaled_h, scaled_w


def _proportion(side: Column, target: int, other: Column) -> Column:
    """``side · target / other``, rounded half up, at least 1."""
    other = np.maximum(other, 1)
    rounded: Column = (2 * side * target + other) // (2 * other)
    return np.maximum(rounded, 1)


def _anchored(free_h: Column, free_w: Column, anchor: Anchor) -> tuple[Column, Column]:
    """Top and left for the space that a sample leaves free in its row."""
    if anchor is Anchor.CENTER:
        return free_h // 2, free_w // 2
    bottom = anchor in {Anchor.BOTTOM_LEFT, Anchor.BOTTOM_RIGHT}
    right = anchor in {Anchor.TOP_RIGHT, Anchor.BOTTOM_RIGHT}
    return free_h * bottom, free_w * right
