"""Placing groups into parts so that all shares come out as near as can be.

How far a placement is off is measured as in a chi-squared test: for each part, the squared differences from
the samples expected of each class, divided by these. All samples together count as much as all classes. But a
part without any sample is worse than any difference, because nothing can be tested with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.labels.profiles import ALL, Profiles

MAX_TRIED = 150_000
"""Placements of few groups that are all tried, which finds the best."""

MAX_PAIRED = 1000
"""Kinds of groups of which all pairs are tried for an exchange."""

_MAX_CELLS = 4_000_000
_MAX_ROUNDS = 200
_MOVES_EACH_ROUND = 2000
_EXCHANGES_EACH_ROUND = 500
_LEAST_GAIN = 1e-7
"""Gains below this may be errors of rounding."""

_WORTH = 0.02
"""A round that makes a large placement better by a smaller share than this is the last."""

LARGE = 20_000
"""Counts in the profiles from which a placement is large, so that rounds take long."""


@dataclass(frozen=True, eq=False, slots=True)
class Aim:
    """What a placement should come near to.

    Attributes
    ----------
    share : float64, shape (P,)
        Share of each part; all are above 0.
    weight : float64, shape (S,)
        How much a squared difference in each stratum counts.
    missing : float64, shape (S, P)
        Samples of each stratum that each part is expected to get, less those that it has already.
    is_empty : bool, shape (P,)
        Parts that have none already.
    """

    share: NDArray[np.float64]
    weight: NDArray[np.float64]
    missing: NDArray[np.float64]
    is_empty: NDArray[np.bool_]

    @classmethod
    def of(cls, share: NDArray[np.float64], total: NDArray[np.float64], has: NDArray[np.float64]) -> Aim:
        """Return the aim of dividing `total`, shape (S,), by `share`, given what each part already `has`."""
        weight = 1.0 / np.maximum(total, 1.0)
        weight[ALL] *= max(1, np.count_nonzero(total) - 1)
        return cls(share, weight, total[:, None] * share - has, has[ALL] == 0)


def placed_kinds(kinds: Profiles, copies: NDArray[np.int64], aim: Aim) -> NDArray[np.int64]:
    """Place groups of some kinds; those of one kind have the same counts, so only their number matters.

    Parameters
    ----------
    kinds : Profiles
        One group of each kind; the larger should come first.
    copies : int64, shape (K,)
        Number of groups of each kind.
    aim : Aim

    Returns
    -------
    int64, shape (K, P)
        How many groups of each kind each part gets.
    """
    if (best := _best_of_all(kinds, copies, aim)) is not None:
        return best
    placing = _Placing(kinds, copies, aim)
    placing.fill()
    placing.improve()
    placing.leave_none_empty()
    return placing.got


def _best_of_all(kinds: Profiles, copies: NDArray[np.int64], aim: Aim) -> NDArray[np.int64] | None:
    """Try all placements; return None if there are too many."""
    parts, groups = len(aim.share), int(copies.sum())
    used, narrow = np.unique(kinds.stratum, return_inverse=True)
    tried = parts ** min(groups, MAX_TRIED.bit_length())
    if tried > MAX_TRIED or max(tried, groups) * len(used) > _MAX_CELLS:
        return None
    of_kind = np.repeat(np.arange(len(kinds)), copies)
    counts = Profiles(kinds.starts, narrow, kinds.count).dense(len(used))[of_kind]
    digits = np.arange(tried)[:, None] // parts ** np.arange(groups)[::-1] % parts
    cost, empty = np.zeros(tried), np.zeros(tried)
    for part in range(parts):
        is_own = digits == part
        empty += ~is_own.any(axis=1) & aim.is_empty[part]
        off = is_own @ counts - aim.missing[used, part]
        cost += np.square(off) @ aim.weight[used] / aim.share[part]
    best = digits[np.lexsort((np.round(cost, 6), empty))[0]]
    got = np.zeros((len(kinds), parts), np.int64)
    np.add.at(got, (of_kind, best), 1)
    return got


class _Placing:
    """A placement that is being worked out."""

    def __init__(self, kinds: Profiles, copies: NDArray[np.int64], aim: Aim) -> None:
        self._kinds = kinds
        self._copies = copies
        self._aim = aim
        self._ends = kinds.ends
        self._kind = np.repeat(np.arange(len(kinds)), self._ends - kinds.starts)
        self._weighed = kinds.count * aim.weight[kinds.stratum]
        self._square = kinds.sums(kinds.count * self._weighed)
        self._each = 1.0 / aim.share
        # As many of each kind as its share allows, without remainders.
        self.got = np.floor(copies[:, None] * aim.share + 1e-9).astype(np.int64)
        self._over = -aim.missing
        for part in range(len(aim.share)):
            placed = kinds.count * self.got[self._kind, part]
            self._over[:, part] += np.bincount(kinds.stratum, placed, len(aim.weight))

    def fill(self) -> None:
        """Place the groups that are left, each where it hurts least."""
        left = self._copies - self.got.sum(axis=1)
        over = self._over.T.tolist()
        starts, ends = self._kinds.starts.tolist(), self._ends.tolist()
        stratum, count, weighed = (
            column.tolist() for column in (self._kinds.stratum, self._kinds.count, self._weighed)
        )
        half, each = (self._square / 2).tolist(), list(enumerate(self._each.tolist()))
        for kind in np.flatnonzero(left).tolist():
            own = range(starts[kind], ends[kind])
            for _ in range(int(left[kind])):
                costs = []
                for part, factor in each:
                    mine = over[part]
                    costs.append(factor * (half[kind] + sum([weighed[at] * mine[stratum[at]] for at in own])))
                best = costs.index(min(costs))
                self.got[kind, best] += 1
                for at in own:
                    over[best][stratum[at]] += count[at]
        self._over = np.array(over).T

    def improve(self) -> None:
        """Move groups and exchange them for others, as long as that helps."""
        is_large = len(self._kind) > LARGE
        worth = _WORTH if is_large else 0.0
        # All counts of a large placement need not be nearer than a sample.
        enough = float(self._aim.weight.sum() * self._each.sum()) if is_large else 0.0
        before = self._off()
        for _ in range(_MAX_ROUNDS):
            if not self._move() and not self._exchange():
                return
            now = self._off()
            if now <= enough or before - now < worth * before:
                return
            before = now

    def leave_none_empty(self) -> None:
        """Give a group to each part that has none, from a part that has several."""
        for part in np.flatnonzero(self._aim.is_empty & ~self.got.any(axis=0)).tolist():
            costs = self._move_costs()[:, :, part]
            groups = self.got.sum(axis=0) + ~self._aim.is_empty
            costs[:, groups < 2] = np.inf  # noqa: PLR2004 - one to give, and one to keep
            kind, giving = divmod(int(costs.argmin()), len(groups))
            if np.isfinite(costs[kind, giving]):
                self._carry_out(*self._of(kind), giving, part)
                self.got[kind, giving] -= 1
                self.got[kind, part] += 1

    def _off(self) -> float:
        """Return how far the placement is off."""
        return float(np.sum(np.square(self._over) * self._aim.weight[:, None] * self._each))

    def _slopes(self) -> NDArray[np.float64]:
        """Return half of what a little more of each kind would cost in each part, shape (K, P)."""
        slope = self._over * self._aim.weight[:, None] * self._each
        return self._kinds.sums(self._kinds.count[:, None] * slope[self._kinds.stratum])

    def _move_costs(self) -> NDArray[np.float64]:
        """Return what it costs to move a group, by kind, part that loses it and part that gets it."""
        slopes = self._slopes()
        costs = 2 * (slopes[:, None, :] - slopes[:, :, None])
        costs += self._square[:, None, None] * (self._each[:, None] + self._each[None, :])
        costs[self.got == 0] = np.inf
        costs[:, np.arange(len(self._each)), np.arange(len(self._each))] = np.inf
        return costs

    def _move(self) -> bool:
        """Move the groups whose move helps most, one after another."""
        costs = self._move_costs().reshape(len(self._kinds), -1)
        best = costs.argmin(axis=1)
        gain = np.round(costs[np.arange(len(costs)), best], 6)
        parts = len(self._each)
        moved = False
        for kind in np.argsort(gain, kind="stable")[:_MOVES_EACH_ROUND].tolist():
            if gain[kind] > -_LEAST_GAIN:
                break
            giving, getting = divmod(int(best[kind]), parts)
            stratum, count = self._of(kind)
            if moved and self._cost(stratum, count, giving, getting) > -_LEAST_GAIN:
                continue
            self._carry_out(stratum, count, giving, getting)
            self.got[kind, giving] -= 1
            self.got[kind, getting] += 1
            moved = True
        return moved

    def _exchange(self) -> bool:
        """Exchange the pairs of groups whose exchange helps most, one after another."""
        chosen = self._to_pair()
        some = self._kinds.take(chosen)
        used, narrow = np.unique(some.stratum, return_inverse=True)
        counts = Profiles(some.starts, narrow, some.count).dense(len(used))
        both = (counts * self._aim.weight[used]) @ counts.T
        square = self._square[chosen]
        apart = square[:, None] + square[None, :] - 2 * both
        slopes = self._slopes()[chosen]
        changed = False
        for one in range(len(self._each)):
            for other in range(one + 1, len(self._each)):
                tilt = 2 * (slopes[:, other] - slopes[:, one])
                costs = tilt[:, None] - tilt[None, :] + apart * (self._each[one] + self._each[other])
                costs[self.got[chosen, one] == 0] = np.inf
                costs[:, self.got[chosen, other] == 0] = np.inf
                changed |= self._carry_out_exchanges(chosen, costs, one, other)
        return changed

    def _to_pair(self) -> NDArray[np.int64]:
        """Return the kinds that are tried in pairs: those that cost least to move, and the smallest."""
        if len(self._kinds) <= MAX_PAIRED:
            return np.arange(len(self._kinds))
        costs = np.round(self._move_costs().min(axis=(1, 2)), 6)
        orders = (np.argsort(costs, kind="stable"), np.argsort(self._square, kind="stable"))
        return np.unique(np.concatenate([order[: MAX_PAIRED // 2] for order in orders]))

    def _carry_out_exchanges(
        self, chosen: NDArray[np.int64], costs: NDArray[np.float64], one: int, other: int
    ) -> bool:
        flat = np.round(costs, 6).ravel()
        few = min(_EXCHANGES_EACH_ROUND, len(flat))
        best = np.argpartition(flat, few - 1)[:few]
        changed = False
        for place in best[np.lexsort((best, flat[best]))].tolist():
            first, second = (int(chosen[each]) for each in divmod(place, len(chosen)))
            if flat[place] > -_LEAST_GAIN or not self.got[first, one] or not self.got[second, other]:
                continue
            stratum, count = self._difference(first, second)
            if self._cost(stratum, count, one, other) > -_LEAST_GAIN:
                continue
            self._carry_out(stratum, count, one, other)
            self.got[[first, second], [one, other]] -= 1
            self.got[[first, second], [other, one]] += 1
            changed = True
        return changed

    def _of(self, kind: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        own = slice(self._kinds.starts[kind], self._ends[kind])
        return self._kinds.stratum[own], self._kinds.count[own]

    def _difference(self, first: int, second: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        (one, has), (other, other_has) = self._of(first), self._of(second)
        stratum, place = np.unique(np.concatenate([one, other]), return_inverse=True)
        return stratum, np.bincount(place, np.concatenate([has, -other_has])).astype(np.float64)

    def _cost(
        self, stratum: NDArray[np.int64], count: NDArray[np.float64], giving: int, getting: int
    ) -> float:
        """Return what it costs to move `count` samples of each `stratum` from one part to another."""
        over, each = self._over[stratum], self._each
        change = (2 * over[:, getting] + count) * each[getting] - (2 * over[:, giving] - count) * each[giving]
        return float((change * count) @ self._aim.weight[stratum])

    def _carry_out(
        self, stratum: NDArray[np.int64], count: NDArray[np.float64], giving: int, getting: int
    ) -> None:
        self._over[stratum, giving] -= count
        self._over[stratum, getting] += count
