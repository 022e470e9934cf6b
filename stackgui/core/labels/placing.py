"""Parts by shares for groups that stay together, with classes divided alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stackgui.core.labels.exchange import Aim, placed_kinds
from stackgui.core.labels.grouping import NO_KEY
from stackgui.core.labels.profiles import Profiles, Strata

NOT_FIXED = -1
"""The part of a sample that may be placed anywhere."""


def place_groups(
    key: NDArray[np.int64],
    strata: Strata,
    shares: Sequence[float],
    identity: NDArray[np.uint64],
    fixed: NDArray[np.int32] | None = None,
) -> NDArray[np.int32]:
    """Give every sample a part, so that no group is divided, and all shares are as near as can be.

    Many groups of the same kind, such as pictures without a group, are divided by the shares; what is left is
    placed one by one, the largest first, and then moved and exchanged as long as that helps. Where there are
    so few groups that all placements can be tried, the best is taken.

    Parameters
    ----------
    key : int64, shape (N,)
        The group of each sample, or `NO_KEY`; see `stackgui.core.labels.grouping.joined_groups`.
    strata : Strata
        The classes that are to be divided alike.
    shares : sequence of float
        The share of each part; their sum is 1.
    identity : uint64, shape (N,)
        What decides among groups that are alike. It should depend on the sample's name and on a seed: then
        the order of samples has no influence, and another seed places other groups.
    fixed : int32, shape (N,), or None
        The part that samples have already, or `NOT_FIXED`. Other samples of their groups follow them, to
        where most of the group is if it lies in several parts.

    Returns
    -------
    int32, shape (N,)
        Index into the shares.
    """
    group = _numbered(key)
    groups = int(group.max(initial=-1)) + 1
    known = np.full(len(key), NOT_FIXED, np.int32) if fixed is None else fixed
    profiles = Profiles.of(group, groups, strata)
    of_group = _fixed_parts(group, groups, len(shares), known)
    part = np.where(known != NOT_FIXED, known, of_group[group])
    free = np.flatnonzero(of_group == NOT_FIXED)
    if len(free):
        least = np.full(groups, np.iinfo(np.uint64).max)
        np.minimum.at(least, group, identity)
        of_part = _counts(part, strata, len(shares))
        total = of_part.sum(axis=1) + _counts(np.where(part == NOT_FIXED, 0, NOT_FIXED), strata, 1)[:, 0]
        has_share = np.flatnonzero(np.array(shares) > 0)
        aim = Aim.of(np.array(shares)[has_share], total, of_part[:, has_share])
        of_group[free] = has_share[_placed(profiles.take(free), least[free], aim)]
        part = np.where(part == NOT_FIXED, of_group[group], part)
    return part.astype(np.int32)


def _numbered(key: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the groups from 0; samples without a key come last, each by itself."""
    keyed, group = np.unique(key, return_inverse=True)
    if len(keyed) and keyed[0] == NO_KEY:
        keyed, group = keyed[1:], group - 1
    alone = key == NO_KEY
    group[alone] = len(keyed) + np.arange(np.count_nonzero(alone))
    return group


def _fixed_parts(
    group: NDArray[np.int64], groups: int, parts: int, fixed: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Return the part in which most of each group is already, or `NOT_FIXED`."""
    known = np.flatnonzero(fixed != NOT_FIXED)
    if not len(known):
        return np.full(groups, NOT_FIXED, np.int32)
    votes = np.bincount(group[known] * parts + fixed[known], minlength=groups * parts).reshape(groups, parts)
    return np.where(votes.any(axis=1), votes.argmax(axis=1), NOT_FIXED).astype(np.int32)


def _counts(part: NDArray[np.int32], strata: Strata, parts: int) -> NDArray[np.float64]:
    """Count the samples of each stratum in each part, shape (classes + 1, parts); some may have none."""
    width = strata.classes + 1
    found = np.zeros(width * parts, np.int64)
    own = part[strata.sample]
    for stratum, of in ((np.zeros(len(part), np.int64), part), (strata.number.astype(np.int64) + 1, own)):
        chosen = of != NOT_FIXED
        found += np.bincount(stratum[chosen] * parts + of[chosen], minlength=len(found))
    return found.reshape(width, parts).astype(np.float64)


def _placed(groups: Profiles, identity: NDArray[np.uint64], aim: Aim) -> NDArray[np.int64]:
    """Return the part of each group, by its place among the parts of `aim`."""
    digests = groups.digests()
    # Roughly by size, because an order by exact size would leave nothing to the seed.
    rough = np.floor(2 * np.log2(groups.size))
    by_kind = np.lexsort((identity, digests))
    is_first = np.diff(digests[by_kind], prepend=digests[by_kind[0]] + np.uint64(1)) != 0
    firsts = by_kind[is_first]
    copies = np.diff(np.append(np.flatnonzero(is_first), len(by_kind)))
    order = np.lexsort((identity[firsts], -rough[firsts]))
    got = placed_kinds(groups.take(firsts[order]), copies[order], aim)
    in_order = np.empty_like(got)
    in_order[order] = got
    found = np.empty(len(by_kind), np.int64)
    found[by_kind] = np.repeat(np.tile(np.arange(got.shape[1]), len(got)), in_order.ravel())
    return found
