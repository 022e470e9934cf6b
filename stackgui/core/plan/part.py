"""A part of a plan: some consecutive rows of one bucket, with no more of the catalog than they need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, slim
from stackgui.core.catalog.archive_location import NO_ARCHIVE
from stackgui.core.catalog.catalog import COLUMNS, Catalog
from stackgui.core.catalog.sample_set import NOTHING
from stackgui.core.catalog.skipped import Skipped
from stackgui.core.plan.plan import ArraySpec, Bucket, Plan


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """Rows of a plan that are made elsewhere.

    Attributes
    ----------
    plan : Plan
        A plan of these rows alone, in one bucket. What follows from all samples together, such as the rule by
        which numbers become others, has to be taken from the whole plan.
    bucket : int
        Index of the rows' bucket in the whole plan.
    begin : int
        Number of the first row within its bucket.
    arrays : tuple of ArraySpec
        `Bucket.arrays` of the whole bucket, of which the rows are a part.
    """

    plan: Plan
    bucket: int
    begin: int
    arrays: tuple[ArraySpec, ...]

    @property
    def whole_bucket(self) -> Bucket:
        """Return the bucket with its whole arrays, but with the samples of the part only."""
        (own,) = self.plan.buckets
        array, mask = (*self.arrays, None)[:2]
        assert array is not None, "every bucket has an array of pictures"
        return replace(own, array=array, mask=mask)


def part_of(plan: Plan, bucket: int, begin: int, end: int) -> Part:
    """Return the rows from `begin` up to `end` of a bucket of `plan`."""
    whole = plan.buckets[bucket]
    samples = whole.samples[begin:end]
    count = len(samples)
    catalog = _taken(plan.catalog, samples)
    draws = plan.masks is not None and catalog.masks is None
    own = replace(
        whole,
        array=_of_rows(whole.array, count),
        mask=None if whole.mask is None else _of_rows(whole.mask, count),
        samples=np.arange(count, dtype=np.int64),
    )
    part = replace(
        plan,
        options=replace(plan.options, exclude=NOTHING, first=NOTHING, shrink=NOTHING),
        catalog=replace(
            catalog,
            annotations=catalog.annotations if draws else None,
            masks=None if plan.masks is None else catalog.masks,
        ),
        buckets=(own,),
        problem=plan.problem.take(samples).without_unused(),
        label=None,
        classes=(),
        label_sets=None,
        split=Coded.constant("", count),
        group=None,
        origin=None,
        row_changes=None,
    )
    return Part(part, bucket, begin, whole.arrays)


def _of_rows(array: ArraySpec, rows: int) -> ArraySpec:
    return replace(array, shape=(rows, *array.shape[1:]))


def _taken(catalog: Catalog, samples: NDArray[np.int64]) -> Catalog:
    """Return only `samples`, without names, archives and sentences that are about others."""
    taken = catalog.take(samples)
    columns: dict[str, Any] = {
        each.name: values.without_unused()
        for each in COLUMNS
        if isinstance(values := getattr(taken, each.name), Coded)
    }
    masks = taken.masks
    if masks is not None:
        masks = replace(masks, files=_taken(masks.files, np.arange(len(masks.files), dtype=np.int64)))
    return replace(
        _with_own_archives(taken),
        skipped=Skipped.nothing(),
        warnings=(),
        lists=(),
        list_columns=(),
        values=None,
        masks=masks,
        **columns,
    )


def _with_own_archives(catalog: Catalog) -> Catalog:
    """Return `catalog` without archives that hold none of its samples."""
    used, place = np.unique(catalog.inside.archive, return_inverse=True)
    archives = tuple(catalog.archives[index] for index in used.tolist() if index != NO_ARCHIVE)
    number = place.ravel().astype(np.int32) - np.int32(len(used) - len(archives))
    return replace(catalog, archives=archives, inside=replace(catalog.inside, archive=slim(number)))
