"""The classes of a plan's samples, whether each has one label or may have several."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.plan.plan import Plan


def class_counts(plan: Plan, samples: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return how many of `samples` have each class, shape (classes,); none if the plan has no labels."""
    if plan.label is None:
        return np.zeros(0, np.int64)
    label = plan.label[samples]
    if plan.label_sets is not None:
        return plan.label_sets.counts(label)
    return np.bincount(label[label >= 0], minlength=len(plan.classes))


def classes_of(plan: Plan, sample: int) -> tuple[str, ...]:
    """Return the names of the classes that a sample has."""
    label = -1 if plan.label is None else int(plan.label[sample])
    if plan.label_sets is not None:
        return tuple(plan.classes[number] for number in plan.label_sets.numbers(label))
    return () if label < 0 else (plan.classes[label],)


def having_class(plan: Plan, number: int, samples: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """Return which of `samples` have the class `number`, shape (n,); the plan has labels."""
    assert plan.label is not None, "asked of a plan with labels"
    label = plan.label[samples]
    if plan.label_sets is None:
        return np.asarray(label == number)
    return np.asarray((label >= 0) & plan.label_sets.having(number)[label])


def label_shape(plan: Plan) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Return shape and dtype of the labels of all rows; the plan has labels."""
    if plan.label_sets is None:
        return (plan.rows,), np.dtype(np.int32)
    return (plan.rows, len(plan.classes)), np.dtype(np.uint8)


def row_labels(plan: Plan, samples: NDArray[np.integer[Any]]) -> NDArray[Any]:
    """Return the labels of `samples` as ``labels.npy`` has them; the plan has labels.

    Returns
    -------
    int32, shape (n,), or uint8, shape (n, classes)
        The number of the class, -1 for none; or 1 for each class that the sample has, else 0.
    """
    assert plan.label is not None, "asked of a plan with labels"
    label = plan.label[samples]
    return label if plan.label_sets is None else plan.label_sets.table(label)
