"""How values are distributed, in a few classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_CLASSES = 24


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many values there are in each class.

    Attributes
    ----------
    edges : tuple of float
        Where the classes begin, and where the last one ends; a value on an edge counts above it, the largest
        in the last class.
    counts : tuple of int
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]


def of_sides(values: NDArray[np.integer[Any]]) -> Histogram:
    """Of at least one whole number: classes of equally many numbers, so that none looks rarer than it is."""
    low, high = int(values.min()), int(values.max())
    width = -(-(high - low + 1) // MAX_CLASSES)
    classes = (high - low) // width + 1
    counts = np.bincount((values.astype(np.int64) - low) // width, minlength=classes)
    return Histogram(tuple(float(low + width * edge) for edge in range(classes + 1)), tuple(counts.tolist()))


def of_ratios(values: NDArray[Any]) -> Histogram:
    """Of at least one number, none below 0: each class reaches as many times as far as the one before.

    Numbers below 1 count as 1 does where there are larger ones than that, as files of 0 bytes.
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
