"""What has changed in the sources of a stack since it was made or last updated."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.difference import keys_of, masks_changed
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.repair import changed_samples

NOT_FOUND = -1


@dataclass(frozen=True, eq=False, slots=True)
class ChangedSince:
    """The rows of a stack beside the samples that its sources have now.

    Attributes
    ----------
    match : int64, shape (rows,)
        For each row its sample in the new catalog, or `NOT_FOUND`.
    new : int64, shape (n,)
        Samples of the new catalog that have no row yet, in its order.
    changed : bool, shape (rows,)
        Rows whose picture or mask is another one now.
    annotated : bool, shape (rows,)
        Rows whose annotations are others now.
    """

    match: NDArray[np.int64]
    new: NDArray[np.int64]
    changed: NDArray[np.bool_]
    annotated: NDArray[np.bool_]

    @property
    def gone(self) -> NDArray[np.bool_]:
        """Return which rows have no sample any more, shape (rows,)."""
        return np.asarray(self.match == NOT_FOUND)


def changed_since(plan: Plan, now: Catalog, taken: NDArray[np.bool_]) -> ChangedSince:
    """Compare the rows of `plan` with those samples of `now` that are `taken`."""
    rows = plan.catalog.take(plan.samples)
    known = keys_of(now)
    match = np.array([known.get(key, NOT_FOUND) for key in keys_of(rows)], np.int64)
    match[(match != NOT_FOUND) & ~taken[match]] = NOT_FOUND
    is_new = taken.copy()
    is_new[match[match != NOT_FOUND]] = False
    found = np.flatnonzero(match != NOT_FOUND)
    before, after = rows.take(found), now.take(match[found])
    changed, annotated = np.zeros(len(rows), np.bool_), np.zeros(len(rows), np.bool_)
    changed[found] = changed_samples(_without_masks(before), _without_masks(after))
    if plan.masks is not None and not plan.masks.drawn:
        changed[found] |= masks_changed(before, after)
    annotated[found] = _annotated(before.annotations, after.annotations, len(found))
    if plan.masks is not None and plan.masks.drawn:
        changed |= annotated
    return ChangedSince(match, np.flatnonzero(is_new), changed, annotated)


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
    one, other = _sums(before), _sums(now)
    return np.array([mine != theirs for mine, theirs in zip(one, other, strict=True)], np.bool_)


def _never() -> SampleAnnotations:
    raise AssertionError("one of them is there")


def _sums(annotations: SampleAnnotations) -> list[int]:
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
