"""Groups as the placement sees them: how many of their samples belong to each class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from stackgui.core.labels.label_sets import LabelSets

ALL = 0
"""The stratum that every sample belongs to; class number n is stratum n + 1."""


@dataclass(frozen=True, eq=False, slots=True)
class Strata:
    """Which classes samples belong to; a sample may belong to none, or to several.

    Attributes
    ----------
    sample : int64, shape (M,)
    number : int32, shape (M,)
        The classes of these samples, by number.
    classes : int
    """

    sample: NDArray[np.int64]
    number: NDArray[np.int32]
    classes: int

    @classmethod
    def of(cls, label: NDArray[np.int32] | None, classes: int, sets: LabelSets | None = None) -> Strata:
        """Return the strata of samples with a `label` each, which is a class or, given `sets`, one of these.

        A label of -1 stands for none, as None does for all samples.
        """
        if label is None:
            return cls(np.zeros(0, np.int64), np.zeros(0, np.int32), classes)
        sample = np.flatnonzero(label >= 0)
        code = label[sample]
        if sets is None:
            return cls(sample, code, classes)
        lengths = np.diff(sets.starts)[code]
        first = np.repeat(sets.starts[code] - np.cumsum(lengths) + lengths, lengths)
        return cls(np.repeat(sample, lengths), sets.members[first + np.arange(lengths.sum())], classes)


@dataclass(frozen=True, eq=False, slots=True)
class Profiles:
    """How many samples of each stratum each of G groups has, without zeros, one group after another.

    Attributes
    ----------
    starts : int64, shape (G,)
        Where each group begins in `stratum` and `count`; none is empty, because all have samples.
    stratum : int64, shape (M,)
    count : float64, shape (M,)
    """

    starts: NDArray[np.int64]
    stratum: NDArray[np.int64]
    count: NDArray[np.float64]

    @classmethod
    def of(cls, group: NDArray[np.int64], groups: int, strata: Strata) -> Profiles:
        """Count the samples of `groups` groups, given the group of each sample."""
        width = strata.classes + 1
        own = group[strata.sample] * width + strata.number + 1
        key, count = np.unique(np.concatenate([group * width, own]), return_counts=True)
        starts = np.searchsorted(key, np.arange(groups, dtype=np.int64) * width)
        return cls(starts, key % width, count.astype(np.float64))

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def ends(self) -> NDArray[np.int64]:
        """Return where each group ends in `stratum` and `count`."""
        return np.append(self.starts[1:], len(self.count))

    @property
    def size(self) -> NDArray[np.float64]:
        """Return the number of samples of each group, shape (G,); `ALL` comes first in each group."""
        return self.count[self.starts]

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add up `values`, shape (M, …), over each group, shape (G, …)."""
        if not len(self):
            return np.zeros((0, *values.shape[1:]))
        found: NDArray[np.float64] = np.add.reduceat(values, self.starts)
        return found

    def take(self, groups: NDArray[np.integer[Any]]) -> Self:
        """Return the profiles of only `groups`, in that order."""
        lengths = (self.ends - self.starts)[groups]
        starts = np.cumsum(lengths) - lengths
        place = np.repeat(self.starts[groups] - starts, lengths) + np.arange(lengths.sum())
        return type(self)(starts, self.stratum[place], self.count[place])

    def dense(self, width: int) -> NDArray[np.float64]:
        """Return all counts with their zeros, shape (G, width)."""
        found = np.zeros((len(self), width))
        found[np.repeat(np.arange(len(self)), self.ends - self.starts), self.stratum] = self.count
        return found

    def digests(self) -> NDArray[np.uint64]:
        """Return a number for each group that is the same for groups of the same counts."""
        mixed = self.stratum.astype(np.uint64) << np.uint64(40) | self.count.astype(np.uint64)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 0x9E3779B97F4A7C15)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        if not len(self):
            return mixed
        found: NDArray[np.uint64] = np.add.reduceat(mixed, self.starts)
        return found
