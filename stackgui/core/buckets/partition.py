"""Dividing a chain of sizes, each of which holds all before it, into the best few: exact."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


def divide_chain(area: Floats, held: Floats, most: int) -> tuple[Floats, list[Places]]:
    """Choose, for each k up to `most`, the k links of a chain that hold everything at the least cost.

    A sample costs the area of the smallest chosen link that holds it. With n links this takes
    O(most · n · log n): where the last link moves on, the best place of the one before it never moves back,
    so that links between two others need to look between those two's places only.

    Parameters
    ----------
    area : float64, shape (n,)
        Of the links, not decreasing.
    held : float64, shape (n,)
        How many samples each link holds, not decreasing; the last one holds all.
    most : int

    Returns
    -------
    cost : float64, shape (most,)
        With at most 1, 2, … links.
    links : list of int64 arrays
        The chosen links for each, ascending.
    """
    best = area * held
    costs, places = [best[-1]], [np.zeros(len(area), np.int64)]
    for _ in range(1, most):
        best, place = _extended(np.concatenate([[0.0], best]), area, held)
        costs.append(best[-1])
        places.append(place)
    return np.array(costs), [_links(places[: k + 1]) for k in range(most)]


def _extended(before: Floats, area: Floats, held: Floats) -> tuple[Floats, Places]:
    """Add a link: the least cost of all up to each link, and how many of them lie below the one added."""
    n = len(area)
    held_below = np.concatenate([[0.0], held])
    best, place = np.empty(n), np.empty(n, np.int64)
    stride = 1 << (n.bit_length() - 1)
    while stride:
        links = np.arange(stride, n + 1, 2 * stride) - 1
        low = np.where(links >= stride, place[links - stride], 0)
        high = np.where(links + stride < n, place[np.minimum(links + stride, n - 1)], links)
        # Every pair of a link and a place for the one before it, in one long row.
        lengths = high - low + 1
        starts = np.cumsum(lengths) - lengths
        below = np.arange(lengths.sum()) - np.repeat(starts - low, lengths)
        link = np.repeat(links, lengths)
        cost = before[below] + area[link] * (held[link] - held_below[below])
        best[links] = np.minimum.reduceat(cost, starts)
        equal = np.flatnonzero(cost == np.repeat(best[links], lengths))
        place[links] = below[equal[np.searchsorted(equal, starts)]]
        stride //= 2
    return best, place


def _links(places: list[Places]) -> Places:
    """Walk back from the last link through the places of those before it."""
    chosen = [len(places[0]) - 1]
    for place in reversed(places):
        below = int(place[chosen[-1]])
        if below == 0:
            break
        chosen.append(below - 1)
    return np.array(chosen[::-1], np.int64)
