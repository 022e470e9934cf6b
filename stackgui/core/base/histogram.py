"""Histograms with few classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_CLASSES = 24


@dataclass(frozen=True, slots=True)
class Histogram:
    """The number of values in each class.

    Attributes
    ----------
    edges : tuple of float
        Start of each class, and end of the last one. A value on an edge belongs to the class above it, except
        that the largest value belongs to the last class.
    counts : tuple of int
        Number of values in each class.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]


def of_sides(values: NDArray[np.integer[Any]]) -> Histogram:
    """Count whole numbers in classes that each cover equally many numbers; there must be at least one."""
    low, high = int(values.min()), int(values.max())
    width = -(-(high - low + 1) // MAX_CLASSES)
    classes = (high - low) // width + 1
    counts = np.bincount((values.astype(np.int64) - low) // width, minlength=classes)
    return Histogram(tuple(float(low + width * edge) for edge in range(classes + 1)), tuple(counts.tolist()))


def of_ratios(values: NDArray[Any]) -> Histogram:
    """Count numbers in classes whose edges grow by a constant factor.

    There must be at least one number, and none below 0. If there are numbers of 0 and above 1, as in sizes of
    files, those below 1 count as 1.
    """
    values = np.asarray(values, np.float64)
    least = 1.0 if values.max() > 1 and values.min() <= 0 else float(values[values > 0].min(initial=1.0))
    logs = np.log(np.maximum(values, least))
    low, high = float(logs.min()), float(logs.max())
    classes = MAX_CLASSES if high > low else 1
    places = np.zeros(len(logs), np.int64)
    if high > low:
        places = np.minimum(((logs - low) * (classes / (high - low))).astype(np.int64), classes - 1)
    counts = np.bincount(places, minlength=classes)
    edges = np.exp(np.linspace(low, high, classes + 1))
    return Histogram(tuple(edges.tolist()), tuple(counts.tolist()))
