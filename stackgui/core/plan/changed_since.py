"""What has changed in the sources of a stack since it was made or last updated."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base.skip_kinds import BROKEN_LINKS, DAMAGED_ARCHIVES, UNREADABLE, UNREADABLE_FOLDERS
from stackgui.core.catalog.archive_location import UNKNOWN_CRC
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.list_values import ListValues
from stackgui.core.plan.difference import keys_of, masks_changed
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.repair import changed_samples

NOT_FOUND = -1

NOTHING_SAME: Mapping[int, int] = MappingProxyType({})

_OUT_OF_REACH = (UNREADABLE, UNREADABLE_FOLDERS, DAMAGED_ARCHIVES, BROKEN_LINKS)
"""Kinds of skipped files behind which there may be pictures that nobody can see just now."""


@dataclass(frozen=True, eq=False, slots=True)
class ChangedSince:
    """The rows of a stack beside the samples that its sources have now.

    Attributes
    ----------
    match : int64, shape (rows,)
        For each row its sample in the new catalog, or `NOT_FOUND`; that too for rows that stay as they are.
    new : int64, shape (n,)
        Samples of the new catalog that have no row yet, in its order.
    changed : bool, shape (rows,)
        Rows whose picture or mask is another one now.
    annotated : bool, shape (rows,)
        Rows whose annotations are others now.
    revalued : bool, shape (rows,)
        Rows whose values in the columns of lists that the stack keeps are others now.
    renamed : bool, shape (rows,)
        Rows whose picture has another name now.
    retimed : bool, shape (rows,)
        Rows whose picture and mask are the same, although their files have other times.
    gone : bool, shape (rows,)
        Rows whose picture is not there any more.
    unreached : bool, shape (rows,)
        Rows that stay as they are, because nobody can tell now whether their picture is still there.
    waiting : bool, shape (rows,)
        Rows that stay as they are, because their picture is still changing.
    waiting_new : int64, shape (m,)
        Samples of the new catalog that get no row yet for the same reason.
    """

    match: NDArray[np.int64]
    new: NDArray[np.int64]
    changed: NDArray[np.bool_]
    annotated: NDArray[np.bool_]
    revalued: NDArray[np.bool_]
    renamed: NDArray[np.bool_]
    retimed: NDArray[np.bool_]
    gone: NDArray[np.bool_]
    unreached: NDArray[np.bool_]
    waiting: NDArray[np.bool_]
    waiting_new: NDArray[np.int64]

    @property
    def found(self) -> NDArray[np.int64]:
        """Return the rows that have a sample in the new catalog."""
        return np.flatnonzero(self.match != NOT_FOUND)


def gone_before(plan: Plan) -> NDArray[np.bool_]:
    """Return which rows of a stack were marked as gone, shape (rows,)."""
    return np.zeros(plan.rows, np.bool_) if plan.row_changes is None else plan.row_changes.gone


def matched(rows: Catalog, now: Catalog, taken: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return for each sample of `rows` the one of the same name among those of `now` that are `taken`."""
    known = keys_of(now)
    match = np.array([known.get(key, NOT_FOUND) for key in keys_of(rows)], np.int64)
    match[(match != NOT_FOUND) & ~taken[match]] = NOT_FOUND
    return match


def changed_since(
    plan: Plan,
    now: Catalog,
    taken: NDArray[np.bool_],
    same: Mapping[int, int] = NOTHING_SAME,
) -> ChangedSince:
    """Compare the rows of `plan` with those samples of `now` that are `taken`.

    Parameters
    ----------
    same
        Rows whose pictures are the same, although their files have other names or times; with their samples
        in `now`.
    """
    rows = plan.catalog.take(plan.samples)
    match = matched(rows, now, taken)
    is_same = np.isin(np.arange(len(rows)), list(same))
    is_renamed = is_same & (match == NOT_FOUND)
    match[list(same)] = list(same.values())
    found = np.flatnonzero(match != NOT_FOUND)
    is_new = taken.copy()
    is_new[match[found]] = False
    changed, annotated, revalued = (np.zeros(len(rows), np.bool_) for _ in range(3))
    before, after = rows.take(found), now.take(match[found])
    changed[found] = other_content(plan, before, after) | other_bytes(before, after)
    changed &= ~is_same
    annotated[found] = _annotated(before.annotations, after.annotations, len(found))
    if plan.masks is not None and plan.masks.drawn:
        changed |= annotated
    if before.values is not None:
        revalued[found] = before.values.differs(after.values or ListValues.none_of(len(found)))
    unreached = _unreached(rows, now, match == NOT_FOUND)
    return ChangedSince(
        match=match,
        new=np.flatnonzero(is_new),
        changed=changed,
        annotated=annotated,
        revalued=revalued,
        renamed=is_renamed,
        retimed=is_same & ~is_renamed,
        gone=np.where(unreached, gone_before(plan), match == NOT_FOUND),
        unreached=unreached,
        waiting=np.zeros(len(rows), np.bool_),
        waiting_new=np.empty(0, np.int64),
    )


def _unreached(rows: Catalog, now: Catalog, lost: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which of the `lost` rows may lie behind something that cannot be read now."""
    found, skipped = np.zeros(len(rows), np.bool_), now.skipped
    is_wall = np.zeros(len(skipped), np.bool_)
    for kind in _OUT_OF_REACH:
        is_wall |= skipped.kind.equals(kind)
    walls = {skipped.path.raw(place) for place in np.flatnonzero(is_wall).tolist()}
    if walls:
        for row in np.flatnonzero(lost).tolist():
            name = os.fsencode(rows.file(row))
            found[row] = name in walls or any(above in walls for above in _folders_above(name))
    return found


def _folders_above(name: bytes) -> Iterator[bytes]:
    while (above := os.path.dirname(name)) != name:
        yield above
        name = above


def other_content(plan: Plan, before: Catalog, after: Catalog) -> NDArray[np.bool_]:
    """Return which samples of the rows of `plan` are of other files or masks, or of another time."""
    differs = changed_samples(_without_masks(before), _without_masks(after))
    if plan.masks is not None and not plan.masks.drawn:
        differs |= masks_changed(before, after)
    return differs


def other_bytes(before: Catalog, after: Catalog) -> NDArray[np.bool_]:
    """Return which samples have other bytes in their archive, whatever their number and time."""
    one, other = before.inside.crc32, after.inside.crc32
    return np.asarray((one != other) & (one != UNKNOWN_CRC) & (other != UNKNOWN_CRC))


def _without_masks(catalog: Catalog) -> Catalog:
    return replace(catalog, masks=None)


def _annotated(
    before: SampleAnnotations | None, now: SampleAnnotations | None, count: int
) -> NDArray[np.bool_]:
    """Return which of `count` samples are annotated otherwise."""
    if before is None or now is None:
        nothing = np.zeros(count, np.bool_)
        return nothing if before is now else np.asarray((before or now or _never()).is_annotated)
    if before.digest() == now.digest():
        return np.zeros(count, np.bool_)
    one, other = annotation_sums(before), annotation_sums(now)
    return np.array([mine != theirs for mine, theirs in zip(one, other, strict=True)], np.bool_)


def _never() -> SampleAnnotations:
    raise AssertionError("one of them is there")


def annotation_sums(annotations: SampleAnnotations) -> list[int]:
    """Return for each sample a number that depends on all that is said of it."""
    objects, names = annotations.objects, (*annotations.categories, "")
    sums = [hash(bool(known)) for known in annotations.is_annotated.tolist()]
    for picture, category in zip(annotations.tags.picture, annotations.tags.category, strict=True):
        sums[picture] = hash((sums[picture], names[category]))
    rings = objects.object_rings
    for index, picture in enumerate(objects.picture.tolist()):
        parts = [objects.box[index], objects.keypoints[index], objects.bitmap[index]]
        parts += [objects.rings[ring] for ring in rings[index].tolist()]
        said = (names[objects.category[index]], int(objects.flags[index]), str(objects.area[index]))
        holes = objects.is_hole[rings[index]].tobytes()
        sums[picture] = hash((sums[picture], said, holes, *(part.tobytes() for part in parts)))
    return sums
