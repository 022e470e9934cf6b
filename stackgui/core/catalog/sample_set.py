"""Some samples, named so that they are found again in another scan of the same sources."""

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
from stackgui.core.catalog.catalog import Catalog

WHOLE_FILE = -1
"""The member of a sample that is its whole file."""

_COMPARED_TOGETHER = 16_384
"""Names that become Python objects at a time."""

Name = tuple[int, str, int]
"""Number of the source, file relative to it, and member of the file; as the catalog's columns have them."""


@dataclass(frozen=True, slots=True)
class SampleSet:
    """Some samples.

    Attributes
    ----------
    names : frozenset of (int, str, int)
    """

    names: frozenset[Name] = frozenset()

    @classmethod
    def of(cls, catalog: Catalog, samples: Iterable[int] | NDArray[np.integer]) -> SampleSet:
        """The `samples` of `catalog`."""
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
        """The same samples with sources that were `before` and are `after`; those of others are gone."""
        place = {source: number for number, source in enumerate(after)}
        return SampleSet(
            frozenset(
                (place[before[source]], path, member)
                for source, path, member in self.names
                if source < len(before) and before[source] in place
            )
        )

    def mask(self, catalog: Catalog) -> NDArray[np.bool_]:
        """Which samples of `catalog` these are, shape (N,); not to be written to."""
        return _mask(catalog, self)

    def to_json(self) -> list[list[int | str]]:
        """The names as JSON values, in order."""
        return [list(name) for name in sorted(self.names)]

    @classmethod
    def from_json(cls, value: object) -> SampleSet:
        """Rebuild what `to_json` gave; raises UsageError for anything else."""
        if not isinstance(value, list | tuple):
            raise UsageError("There is no list where the names of samples should be.")
        return cls(frozenset(map(_name, value)))


NOTHING = SampleSet()


def _name(value: object) -> Name:
    match value:
        case [int(source), str(path), int(member)] if is_text(path) and source >= 0 and member >= WHOLE_FILE:
            return source, path, member
    raise UsageError("A sample is named by the number of its source, its file, and its place in that.")


@kept(most=8)
def _mask(catalog: Catalog, samples: SampleSet) -> NDArray[np.bool_]:
    """Kept, because a plan is made anew with every choice, and catalog and samples mostly stay."""
    found = np.zeros(len(catalog), np.bool_)
    wanted = {os.fsencode(path) for _source, path, _member in samples.names}
    places = np.array(of_names(catalog.path, wanted), np.int64)
    sources, members = (column[places].tolist() for column in (catalog.source, catalog.member))
    rows = zip(sources, catalog.path.take(places), members, strict=True)
    found[places] = list(map(samples.names.__contains__, rows))
    found.setflags(write=False)
    return found


def of_names(paths: Paths, wanted: Iterable[bytes]) -> list[int]:
    """Where in `paths` the `wanted` names stand; only names of the same lengths are looked at."""
    names = set(wanted)
    lengths = np.diff(paths.ends, prepend=0)
    data = np.frombuffer(paths.data, np.uint8)
    found: list[int] = []
    for length in {len(name) for name in names if name}:
        same = np.flatnonzero(lengths == length)
        for begin in range(0, len(same), _COMPARED_TOGETHER):
            rows = same[begin : begin + _COMPARED_TOGETHER]
            places = (paths.ends[rows] - length)[:, None] + np.arange(length)
            there = data[places].view(f"V{length}").ravel().tolist()
            found += [row for row, name in zip(rows.tolist(), there, strict=True) if name in names]
    return sorted(found)
