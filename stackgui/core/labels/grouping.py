"""Groups of samples that must not be divided, such as pictures of one patient, joined from several lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

NO_KEY = -1
"""The key of a sample that belongs to no group."""

Keys = NDArray[np.integer[Any]]
"""A key for each sample, shape (N,); samples of one key belong together, and `NO_KEY` stands for none."""


def joined_groups(keys: Sequence[Keys]) -> NDArray[np.int64]:
    """Join several lists of keys into one: samples that share a key in any list get into the same group.

    So do samples that are connected only by way of others, as by union-find.

    Parameters
    ----------
    keys
        At least one list; all are of the same length.

    Returns
    -------
    int64, shape (N,)
        The number of each sample's group, in order of first appearance; `NO_KEY` for samples without any key.
    """
    count = len(keys[0])
    has_key = np.zeros(count, np.bool_)
    first, other = [], []
    for each in keys:
        known = np.flatnonzero(each != NO_KEY)
        has_key[known] = True
        _, begin, code = np.unique(each[known], return_index=True, return_inverse=True)
        first.append(known[begin][code])
        other.append(known)
    group = connected(count, np.concatenate(first), np.concatenate(other))
    found = np.full(count, NO_KEY, np.int64)
    # A root is the first sample of its group, so sorted roots are in order of first appearance.
    found[has_key] = np.unique(group[has_key], return_inverse=True)[1]
    return found


def connected(count: int, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each of `count` samples the first one that pairs of `one` and `other` connect it with.

    Each round halves the distance to the root (FastSV), so that long chains take few rounds.
    """
    root = np.arange(count)
    while True:
        above = root[root]
        before = root.copy()
        least = np.minimum(above[one], above[other])
        for ends in (one, other):
            np.minimum.at(root, before[ends], least)
            np.minimum.at(root, ends, least)
        np.minimum(root, above, out=root)
        root = root[root]
        if np.array_equal(root, before):
            return root
