"""Which values of many are exceptions, judged by how all of them are distributed."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

TAILS = (1 / 4, 1 / 8, 1 / 16, 1 / 32)
"""Share of the values that lies beyond each pair of the letter values by which the others are judged."""

MIN_IN_TAIL = 2
"""Values that lie beyond a letter value at least, so that no value alone decides how far is far."""

FENCE = 7 * NormalDist().inv_cdf(3 / 4)
"""Standard deviations from the middle beyond which a value is an exception.

Tukey's outer fence, three interquartile ranges beyond a quartile: of normally distributed values, two in a
million lie that far out.
"""

LEAST_FACTOR = 1.5
"""Values within this factor of the middle half are never exceptions, however alike all others are."""

VALUES_PER_EXCEPTION = 10
"""At most one value in this many, but always one, is an exception; what is common is none."""


def exceptions(value: NDArray[np.float64], counted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a mask of the `counted` values that lie far from all others.

    Values are compared by their ratios. The fences are those of J. W. Tukey (Exploratory Data Analysis,
    1977), judged not by the quartiles alone but also by the eighths and further letter values (his word
    for them), of which the most tolerant decides. So values with a narrow middle and long tails, such as
    the sizes of photographs from anywhere, have no exceptions, since the tails are part of what is usual.

    Parameters
    ----------
    value : shape (N,), positive where it is counted
    counted : shape (N,)
    """
    if not counted.any():
        return np.zeros_like(counted)
    log = np.log(np.where(counted, value, 1))
    low, high = _fences(log[counted])
    found = np.asarray(counted & ((log < low) | (log > high)))
    too_many = found.sum() > max(1, counted.sum() // VALUES_PER_EXCEPTION)
    return np.zeros_like(counted) if too_many else found


def _fences(log: NDArray[np.float64]) -> tuple[float, float]:
    """Return the least and the largest value that are no exceptions."""
    lower, upper = np.quantile(log, [TAILS[0], 1 - TAILS[0]])
    low, high = lower - math.log(LEAST_FACTOR), upper + math.log(LEAST_FACTOR)
    for tail in TAILS:
        if tail != TAILS[0] and tail * len(log) < MIN_IN_TAIL:
            break
        lower, upper = np.quantile(log, [tail, 1 - tail])
        deviations = NormalDist().inv_cdf(1 - tail)
        beyond = (FENCE - deviations) * (upper - lower) / (2 * deviations)
        low, high = min(low, lower - beyond), max(high, upper + beyond)
    return float(low), float(high)
