"""The store for rows with masks: it passes each row's pixels on to one store, and its mask to another."""

from __future__ import annotations

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
        for store, part in zip(self._stores, self._divided(pixels, placement), strict=True):
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

    def _divided(self, pixels: Bytes, placement: NDArray[np.int32]) -> tuple[Bytes, Bytes]:
        placed_px = placement[:, 2].astype(np.int64) * placement[:, 3]
        pictures = np.empty(int(placed_px.sum()) * self._picture_bytes, np.uint8)
        masks = np.empty(int(placed_px.sum()) * self._mask_bytes, np.uint8)
        ends = np.concatenate(([0], np.cumsum(placed_px))).tolist()
        both = self._picture_bytes + self._mask_bytes
        for begin, end in equal_runs(placed_px[:, np.newaxis]):
            first, last = ends[begin], ends[end]
            blocks = pixels[first * both : last * both].reshape(end - begin, -1)
            own = int(placed_px[begin]) * self._picture_bytes
            size = self._picture_bytes
            pictures[first * size : last * size].reshape(end - begin, -1)[...] = blocks[:, :own]
            size = self._mask_bytes
            masks[first * size : last * size].reshape(end - begin, -1)[...] = blocks[:, own:]
        return pictures, masks
