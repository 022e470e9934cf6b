"""The exact choice of the best few sizes from a chain, in which each size holds all before it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


def divide_chain(area: Floats, held: Floats, most: int) -> tuple[Floats, list[Places]]:
    """Choose, for each k up to `most`, the k links of a chain that hold all samples at the least cost.

    A sample costs the area of the smallest chosen link that holds it. With n links this takes
    O(most · n · log n): as the last link moves forward, the best place of the link before it never moves
    back, so a link between two others needs to search only between the places found for those two.

    Parameters
    ----------
    area : float64, shape (n,)
        Area of each link, not decreasing.
    held : float64, shape (n,)
        Number of samples that each link holds, not decreasing; the last one holds all.
    most : int
        Largest number of links.

    Returns
    -------
    cost : float64, shape (most,)
        Least cost with at most 1, 2, … links.
    links : list of int64 arrays
        The chosen links for each of these, ascending.
    """
    best = area * held
    costs, places = [best[-1]], [np.zeros(len(area), np.int64)]
    for _ in range(1, most):
        best, place = _add_link(np.concatenate([[0.0], best]), area, held)
        costs.append(best[-1])
        places.append(place)
    return np.array(costs), [_links(places[: k + 1]) for k in range(most)]


def _add_link(before: Floats, area: Floats, held: Floats) -> tuple[Floats, Places]:
    """Add a link.

    Returns
    -------
    best : float64, shape (n,)
        Least cost of everything up to each link, if that link is chosen.
    place : int64, shape (n,)
        How many links the chosen one before it leaves below.
    """
    n = len(area)
    held_below = np.concatenate([[0.0], held])
    best, place = np.empty(n), np.empty(n, np.int64)
    stride = 1 << (n.bit_length() - 1)
    while stride:
        links = np.arange(stride, n + 1, 2 * stride) - 1
        low = np.where(links >= stride, place[links - stride], 0)
        high = np.where(links + stride < n, place[np.minimum(links + stride, n - 1)], links)
        # One long row of all pairs of a link and a place for the link before it.
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
