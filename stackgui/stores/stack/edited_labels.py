"""The labels of a stack's rows while they are edited: one for each row, or any number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class OneLabel:
    """A label for each row, as in `stackgui.stores.stack.reader.Stack.labels`."""

    def __init__(self, labels: NDArray[Any] | None, rows: int) -> None:
        self._label = np.full(rows, -1, np.int32) if labels is None else labels

    def numbers(self, row: int) -> list[int]:
        """Return the numbers of the classes that a row has."""
        number = int(self._label[row])
        return [number] if number >= 0 else []

    def put(self, row: int, numbers: Sequence[int]) -> None:
        """Give a row other classes."""
        self._label[row] = next(iter(numbers), -1)

    def used(self) -> int:
        """Return how many classes, from the first, include all that rows have."""
        return int(self._label.max(initial=-1)) + 1

    def member(self, values: Sequence[Any], none: int | None) -> Any:  # noqa: ANN401 - any JSON value
        """Return what ``manifest.jsonl`` has for these numbers or names of a row; `none` for none."""
        return next(iter(values), none)

    def array(self, classes: int) -> NDArray[Any]:  # noqa: ARG002 - as in `ManyLabels`
        """Return the content of ``labels.npy``."""
        return self._label

    def counts(self, classes: int) -> tuple[list[int], int]:
        """Return the number of rows of each class, and of those without any."""
        label = self._label
        return np.bincount(label[label >= 0], minlength=classes).tolist(), int(np.count_nonzero(label < 0))


class ManyLabels:
    """Any number of labels for each row, as in `stackgui.stores.stack.reader.Stack.labels`."""

    def __init__(self, labels: NDArray[Any] | None, rows: int) -> None:
        self._table = np.zeros((rows, 0), np.uint8) if labels is None else np.array(labels)

    def numbers(self, row: int) -> list[int]:
        """Return the numbers of the classes that a row has."""
        found: list[int] = np.flatnonzero(self._table[row]).tolist()
        return found

    def put(self, row: int, numbers: Sequence[int]) -> None:
        """Give a row other classes."""
        self._table = self.array(max((*numbers, self._table.shape[1] - 1)) + 1)
        self._table[row] = 0
        self._table[row, list(numbers)] = 1

    def used(self) -> int:
        """Return how many classes, from the first, include all that rows have."""
        return int(np.flatnonzero(self._table.any(axis=0)).max(initial=-1)) + 1

    def member(self, values: Sequence[Any], none: int | None) -> Any:  # noqa: ANN401, ARG002 - as in `OneLabel`
        """Return what ``manifest.jsonl`` has for these numbers or names of a row."""
        return list(values)

    def array(self, classes: int) -> NDArray[Any]:
        """Return the content of ``labels.npy``."""
        missing = classes - self._table.shape[1]
        return np.pad(self._table, ((0, 0), (0, missing))) if missing > 0 else self._table[:, :classes]

    def counts(self, classes: int) -> tuple[list[int], int]:
        """Return the number of rows of each class, and of those without any."""
        counts = self.array(classes).sum(axis=0, dtype=np.int64).tolist()
        return counts, int(np.count_nonzero(~self._table.any(axis=1)))
