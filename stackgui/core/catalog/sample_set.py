"""A set of samples, identified so that another scan of the same sources finds them again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Paths
from stackgui.core.base.errors import UsageError
from stackgui.core.base.kept import kept
from stackgui.core.base.kinds import is_text
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog

WHOLE_FILE = -1
"""The member number of a sample that is a whole file."""

_BATCH = 16_384
"""Names that become Python objects at a time, to bound the memory."""

Name = tuple[int, str, int]
"""Index of the source, path relative to its folder, and member of the file, as in the catalog's columns."""


@dataclass(frozen=True, slots=True)
class SampleSet:
    """A set of samples, identified by source, path and member.

    Attributes
    ----------
    names : frozenset of (int, str, int)
    """

    names: frozenset[Name] = frozenset()

    @classmethod
    def of(cls, catalog: Catalog, samples: Iterable[int] | NDArray[np.integer]) -> SampleSet:
        """Return the set of `samples` of `catalog`."""
        places = np.asarray(samples if isinstance(samples, np.ndarray) else list(samples), np.int64)
        sources, members = (column[places].tolist() for column in (catalog.source, catalog.member))
        return cls(frozenset(zip(sources, catalog.path.take(places), members, strict=True)))

    def __len__(self) -> int:
        return len(self.names)

    def __or__(self, other: SampleSet) -> SampleSet:
        return SampleSet(self.names | other.names)

    def __sub__(self, other: SampleSet) -> SampleSet:
        return SampleSet(self.names - other.names)

    def moved(self, before: Sequence[str], after: Sequence[str]) -> SampleSet:
        """Return the samples with sources renumbered from `before` to `after`; drop those of any others."""
        place = {source: number for number, source in enumerate(after)}
        return SampleSet(
            frozenset(
                (place[before[source]], path, member)
                for source, path, member in self.names
                if source < len(before) and before[source] in place
            )
        )

    def mask(self, catalog: Catalog) -> NDArray[np.bool_]:
        """Return the read-only mask, shape (N,), of these samples in `catalog`."""
        return _mask(catalog, self)

    def to_json(self) -> list[list[int | str]]:
        """Return the names as JSON values, sorted."""
        return [list(name) for name in sorted(self.names)]

    @classmethod
    def from_json(cls, value: object) -> SampleSet:
        """Rebuild a set from what `to_json` returned; raise UsageError for anything else."""
        if not isinstance(value, list | tuple):
            raise UsageError(say("The set of samples is not a list."))
        return cls(frozenset(map(_name, value)))


NOTHING = SampleSet()


def _name(value: object) -> Name:
    match value:
        case [int(source), str(path), int(member)] if is_text(path) and source >= 0 and member >= WHOLE_FILE:
            return source, path, member
    raise UsageError(say("A sample must be given as [number of the source, file, place in the file]."))


@kept(most=8)
def _mask(catalog: Catalog, samples: SampleSet) -> NDArray[np.bool_]:
    """Kept, because a plan is made anew with every choice, and catalog and samples mostly stay."""
    if not samples.names:
        return np.broadcast_to(np.False_, len(catalog))
    found = np.zeros(len(catalog), np.bool_)
    wanted = {os.fsencode(path) for _source, path, _member in samples.names}
    places = np.array(of_names(catalog.path, wanted), np.int64)
    sources, members = (column[places].tolist() for column in (catalog.source, catalog.member))
    rows = zip(sources, catalog.path.take(places), members, strict=True)
    found[places] = list(map(samples.names.__contains__, rows))
    found.setflags(write=False)
    return found


def of_names(paths: Paths, wanted: Iterable[bytes]) -> list[int]:
    """Return the sorted places of `wanted` names in `paths`; compare only names of the same lengths."""
    names = set(wanted)
    lengths = np.diff(paths.ends, prepend=0)
    data = np.frombuffer(paths.data, np.uint8)
    found: list[int] = []
    for length in {len(name) for name in names if name}:
        same = np.flatnonzero(lengths == length)
        for begin in range(0, len(same), _BATCH):
            rows = same[begin : begin + _BATCH]
            places = (paths.ends[rows] - length)[:, None] + np.arange(length)
            there = data[places].view(f"V{length}").ravel().tolist()
            found += [row for row, name in zip(rows.tolist(), there, strict=True) if name in names]
    return sorted(found)
