"""The store for rows with masks: it passes each row's pixels on to one store, and its mask to another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.stores.arrays.protocol import ArrayStore, Bytes
from stackgui.stores.arrays.rows import equal_runs


class PairStore:
    """Divides blocks of which each consists of a row's pixels and, after them, of its mask.

    Parameters
    ----------
    pictures, masks : ArrayStore
    picture_bytes, mask_bytes : int
        Size of a pixel in either.
    """

    def __init__(
        self, pictures: ArrayStore, masks: ArrayStore, *, picture_bytes: int, mask_bytes: int
    ) -> None:
        self._stores = (pictures, masks)
        self._picture_bytes = picture_bytes
        self._mask_bytes = mask_bytes

    def write(
        self, start: int, pixels: Bytes, placement: NDArray[np.int32], valid: NDArray[np.bool_]
    ) -> None:
        """Write rows as `ArrayStore.write` says."""
        parts = divided(pixels, placement, (self._picture_bytes, self._mask_bytes))
        for store, part in zip(self._stores, parts, strict=True):
            store.write(start, part, placement, valid)

    def sync(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Sync both."""
        for store in self._stores:
            store.sync(cancellation)

    def close(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Complete, sync and close both."""
        for store in self._stores:
            store.close(cancellation)

    def abort(self) -> None:
        """Release both without a sync."""
        for store in self._stores:
            store.abort()


def divided(pixels: Bytes, placement: NDArray[np.int32], pixel_bytes: Sequence[int]) -> list[Bytes]:
    """Divide the blocks of rows, as `ArrayStore.write` has them, into those of each array.

    Parameters
    ----------
    pixels, placement
    pixel_bytes
        Size of a pixel in each of the arrays, whose parts follow one another in every block.
    """
    if len(pixel_bytes) == 1:
        return [pixels]
    placed_px = placement[:, 2].astype(np.int64) * placement[:, 3]
    total_px, both = int(placed_px.sum()), sum(pixel_bytes)
    parts = [np.empty(total_px * size, np.uint8) for size in pixel_bytes]
    ends = np.concatenate(([0], np.cumsum(placed_px))).tolist()
    for begin, end in equal_runs(placed_px[:, np.newaxis]):
        first, last = ends[begin], ends[end]
        blocks = pixels[first * both : last * both].reshape(end - begin, -1)
        at = 0
        for part, size in zip(parts, pixel_bytes, strict=True):
            own = int(placed_px[begin]) * size
            part[first * size : last * size].reshape(end - begin, -1)[...] = blocks[:, at : at + own]
            at += own
    return parts
