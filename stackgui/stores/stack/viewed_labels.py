"""The labels of rows that are looked at, read piece by piece: one for each row, or several."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from stackgui.stores.stack.viewed_table import ViewedTable

_PIECE_BYTES = 2**22


class ViewedLabels:
    """Reads ``labels.npy``.

    Parameters
    ----------
    file : ViewedTable or None
        int32, shape (N,), or uint8, shape (N, K) where a row may have several; None without labels.
    classes : tuple of str
    """

    def __init__(self, file: ViewedTable | None, classes: tuple[str, ...]) -> None:
        self._file, self._classes = file, classes

    def names(self, row: int) -> str:
        """Return the label of a row, or several with semicolons between them, or ``""``."""
        if self._file is None:
            return ""
        found = self._file[row]
        numbers = np.flatnonzero(found).tolist() if found.ndim else [int(found)]
        return "; ".join(self._classes[number] for number in numbers if 0 <= number < len(self._classes))

    def first(self, begin: int, end: int) -> NDArray[np.int32]:
        """Return the number of the first label of some rows, -1 for none."""
        if self._file is None:
            return np.full(end - begin, -1, np.int32)
        if len(self._file.shape) == 1:
            return self._file.read(begin, end)
        pieces = [np.where(piece.any(axis=1), piece.argmax(axis=1), -1) for piece in self._pieces(begin, end)]
        return np.concatenate(pieces).astype(np.int32)

    def having(self, number: int, begin: int, end: int) -> NDArray[np.bool_]:
        """Return which of some rows have the label `number`, or none if it is -1."""
        if self._file is None or len(self._file.shape) == 1 or number < 0:
            return np.asarray(self.first(begin, end) == number)
        return np.concatenate([piece[:, number] != 0 for piece in self._pieces(begin, end)])

    def _pieces(self, begin: int, end: int) -> Iterator[NDArray[np.uint8]]:
        """Yield a table of some rows in pieces, which are small even if there are many classes."""
        assert self._file is not None, "asked of labels"
        step = max(1, _PIECE_BYTES // max(1, self._file.item_bytes))
        for at in range(begin, max(end, begin + 1), step):
            yield self._file.read(at, min(at + step, end))
