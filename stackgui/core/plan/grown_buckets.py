"""Where new rows of a stack lie: the last array grows, and other sizes get new arrays behind it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stackgui.core.buckets.buckets import assign
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.arrange import needed
from stackgui.core.plan.plan import ArraySpec, Bucket, Plan, array_shape
from stackgui.core.plan.size_independent import problems

Pixels = tuple[int, int]
"""Height and width."""


def sorted_by_size(plan: Plan, now: Catalog, new: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return `new` samples of `now` in the order of their rows, which follow those of `plan`."""
    return new[np.argsort(_places(plan, now, new), kind="stable")]


def grown_buckets(plan: Plan, now: Catalog, new: NDArray[np.int64]) -> tuple[Bucket, ...]:
    """Return the buckets of `plan` and of the `new` samples of `now`, which `sorted_by_size` has sorted.

    The index of each sample is the number of its row.
    """
    made = [
        replace(bucket, samples=np.arange(first, first + bucket.array.rows))
        for bucket, first in zip(plan.buckets, plan.first_rows, strict=True)
    ]
    counts = np.bincount(_places(plan, now, new), minlength=len(_sizes(plan))).tolist()
    begin = plan.rows
    for place, size in enumerate(_sizes(plan)):
        samples = np.arange(begin, begin + counts[place])
        begin += counts[place]
        if place == 0:
            last = made[-1]
            made[-1] = _with_samples(plan, last, np.concatenate([last.samples, samples]))
        elif len(samples):
            like = next(bucket for bucket in made if (bucket.height, bucket.width) == size)
            made.append(_with_samples(plan, _renamed(like, made), samples))
    return tuple(made)


def _sizes(plan: Plan) -> list[Pixels]:
    """Return the sizes of rows, in the order in which new rows follow: that of the last array first."""
    last = plan.buckets[-1]
    sizes = {(bucket.height, bucket.width) for bucket in plan.buckets} - {(last.height, last.width)}
    return [(last.height, last.width), *sorted(sizes, key=_area)]


def _area(size: Pixels) -> tuple[int, Pixels]:
    return size[0] * size[1], size


def _places(plan: Plan, now: Catalog, new: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return for each of the `new` samples the index of its size in `_sizes`."""
    sizes, catalog = _sizes(plan), now.take(new)
    usable = problems(plan.options, catalog, plan.channels, np.dtype(plan.dtype)).equals("")
    target = max(height for height, _ in sizes), max(width for _, width in sizes)
    ascending = sorted(sizes, key=_area)
    height, width = needed(plan.options, catalog, usable, target)
    which = assign(height, width, ascending)
    # What no bucket holds goes to the largest, where it is larger than its row.
    held = np.array(ascending)[which]
    which[(height > held[:, 0]) | (width > held[:, 1])] = len(ascending) - 1
    return np.array([sizes.index(size) for size in ascending], np.intp)[which]


def _with_samples(plan: Plan, bucket: Bucket, samples: NDArray[np.int64]) -> Bucket:
    size, mask = (bucket.height, bucket.width), bucket.mask
    shape = array_shape(plan.options, len(samples), size, plan.channels)
    return replace(
        bucket,
        array=replace(bucket.array, shape=shape),
        samples=samples,
        mask=None if mask is None else replace(mask, shape=(len(samples), *size)),
    )


def _renamed(bucket: Bucket, others: Sequence[Bucket]) -> Bucket:
    taken = {array.file for other in others for array in other.arrays}
    number = 2
    while any(_numbered(array, number).file in taken for array in bucket.arrays):
        number += 1
    mask = bucket.mask
    return replace(
        bucket,
        array=_numbered(bucket.array, number),
        mask=None if mask is None else _numbered(mask, number),
    )


def _numbered(array: ArraySpec, number: int) -> ArraySpec:
    name, suffix = os.path.splitext(array.file)
    return replace(array, file=f"{name}-{number}{suffix}")
