"""Rows whose pictures may be what they were, although their files have other names or times now."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog.archive_location import UNKNOWN_CRC
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.changed_since import NOT_FOUND, matched, other_bytes, other_content
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.repair import CONTENT

Key = tuple[Any, ...]

_LOOK = tuple(each for each in CONTENT if each.name != "mtime_ns")
"""What files of the same content have in common; a copy may have been made at any time."""


def maybe_same(
    plan: Plan, filled: NDArray[np.bool_], now: Catalog, taken: NDArray[np.bool_]
) -> Mapping[int, int]:
    """Return rows whose files are gone or have changed, each with a sample that looks the same.

    That is one of the same name and another time or, where there is none of that name, one of another name
    that has no row. Whether they are the same can only be told by making their rows. No sample comes twice.

    Parameters
    ----------
    plan, now, taken
        As for `stackgui.core.plan.changed_since.changed_since`.
    filled : bool, shape (rows,)
        Rows that hold pictures.
    """
    rows = plan.catalog.take(plan.samples)
    match = matched(rows, now, taken)
    sound = filled & plan.usable[plan.samples]
    is_new = taken & now.usable
    is_new[match[match != NOT_FOUND]] = False
    found = _of_the_same_name(plan, rows, now, np.where(sound, match, NOT_FOUND))
    lost, new = np.flatnonzero((match == NOT_FOUND) & sound), np.flatnonzero(is_new)
    if not len(lost) or not len(new):
        return found
    groups: defaultdict[Key, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for row, key in zip(lost.tolist(), _looks(rows.take(lost)), strict=True):
        groups[key][0].append(row)
    for sample, key in zip(new.tolist(), _looks(now.take(new)), strict=True):
        if key in groups:
            groups[key][1].append(sample)
    for lost_rows, samples in groups.values():
        found |= _paired(rows, lost_rows, now, samples)
    return found


def _of_the_same_name(plan: Plan, rows: Catalog, now: Catalog, match: NDArray[np.int64]) -> dict[int, int]:
    """Return the rows whose files, or those of their masks, have another time, with their samples."""
    found = np.flatnonzero(match != NOT_FOUND)
    before, after = rows.take(found), now.take(match[found])
    differs = other_content(plan, before, after)
    for each in _LOOK:
        differs &= ~each.differs(getattr(before, each.name), getattr(after, each.name))
    differs &= ~other_bytes(before, after)
    return dict(zip(found[differs].tolist(), match[found[differs]].tolist(), strict=True))


def same_bytes(plan: Plan, now: Catalog, maybe: Mapping[int, int]) -> dict[int, int]:
    """Return which pairs of `maybe` are certainly the same, by the sums of bytes that archives record."""
    crc = plan.catalog.inside.crc32[plan.samples]
    pairs = ((row, sample) for row, sample in maybe.items() if plan.masks is None)
    return {row: sample for row, sample in pairs if UNKNOWN_CRC != crc[row] == now.inside.crc32[sample]}


def same_pictures(
    plan: Plan, maybe: Mapping[int, int], before: Mapping[int, int], sums: Mapping[int, int]
) -> dict[int, int]:
    """Return which pairs of `maybe_same` are the same, each row with its sample.

    Where several look alike, any row of the same size may turn out to hold a sample's picture.

    Parameters
    ----------
    before, sums
        For each row of `maybe`, the checksum of its pixels, and that of its sample made for this row.
    """
    first = plan.first_rows
    sizes = [(bucket.height, bucket.width) for bucket in plan.buckets]

    def size_of(row: int) -> tuple[int, int]:
        return sizes[int(np.searchsorted(first, row, "right")) - 1]

    holding: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
    left = []
    found: dict[int, int] = {}
    for row, sample in maybe.items():
        if row in sums and sums[row] == before[row]:
            found[row] = sample
            continue
        holding[size_of(row), before[row]].append(row)
        left.append(row)
    for made_for in left:
        rows = holding.get((size_of(made_for), sums.get(made_for)), [])
        if rows:
            found[rows.pop(0)] = maybe[made_for]
    return found


def _looks(catalog: Catalog) -> Iterator[Key]:
    """Yield for each sample all that has to be the same, whatever its name is."""
    columns: list[Iterable[object]] = [
        getattr(catalog, each.name) if each.dtype is None else getattr(catalog, each.name).tolist()
        for each in _LOOK
    ]
    yield from zip(catalog.member.tolist(), catalog.member_name, *columns, strict=True)


def _paired(rows: Catalog, lost: Sequence[int], now: Catalog, samples: Sequence[int]) -> dict[int, int]:
    """Pair rows with samples that look the same: those most alike first, and the others in their order."""
    found: dict[int, int] = {}
    left = list(samples)
    for likeness in (_bytes_and_name, _bytes, _time_and_name, _time, _name, _nothing):
        places: defaultdict[object, list[int]] = defaultdict(list)
        for sample in left:
            places[likeness(now, sample)].append(sample)
        for row in lost:
            if row in found or (like := likeness(rows, row)) is None:
                continue
            if alike := places.get(like):
                found[row] = alike.pop(0)
        used = set(found.values())
        left = [sample for sample in left if sample not in used]
        if not left or len(found) == len(lost):
            break
    return found


def _name(catalog: Catalog, sample: int) -> object:
    return os.path.basename(catalog.path.raw(sample))


def _time(catalog: Catalog, sample: int) -> object:
    return int(catalog.mtime_ns[sample])


def _time_and_name(catalog: Catalog, sample: int) -> object:
    return _time(catalog, sample), _name(catalog, sample)


def _bytes(catalog: Catalog, sample: int) -> object:
    """Return the checksum of a file's bytes; None where none is recorded."""
    crc = int(catalog.inside.crc32[sample])
    return None if crc == UNKNOWN_CRC else crc


def _bytes_and_name(catalog: Catalog, sample: int) -> object:
    crc = _bytes(catalog, sample)
    return None if crc is None else (crc, _name(catalog, sample))


def _nothing(_catalog: Catalog, _sample: int) -> object:
    return True
