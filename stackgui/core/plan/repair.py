"""A plan that was carried out, brought up to date with files that were repaired or replaced afterwards.

Whatever the plan chose by looking at all samples stays. A sample that would have made it choose otherwise,
such as a larger row or more channels, can therefore no longer get into its row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import Channels, Fit, Numbers
from stackgui.core.base.errors import PlanError
from stackgui.core.base.size import SizeKind
from stackgui.core.base.units import format_count, format_size
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import COLUMNS, Catalog
from stackgui.core.catalog.mask_segments import segments_differ
from stackgui.core.catalog.masks import NO_MASK, Masks
from stackgui.core.catalog.schema import Kept
from stackgui.core.plan.fit_summary import SizeHistogram, fit_summary
from stackgui.core.plan.number_rules import cannot_join
from stackgui.core.plan.numbers import promote
from stackgui.core.plan.plan import Bucket, Plan
from stackgui.core.plan.size_independent import join_channels, problems

MASK = "mask"
"""Key of the content of a sample's mask."""

CONTENT = tuple(each for each in COLUMNS if each.kept is Kept.BOTH and not each.identifies)
"""The columns that describe a file's content, and so change with the file."""


def repaired(plan: Plan, catalog: Catalog) -> Plan:
    """Return `plan` for the files as `catalog` now describes them; its fingerprint stays the same.

    Parameters
    ----------
    plan
    catalog
        The plan's own catalog, brought up to date for samples whose files changed.
    """
    origin = plan.origin or plan
    changed = changed_samples(origin.catalog, catalog)
    if not changed.any():
        return origin
    problem = problems(origin.options, catalog, origin.channels, np.dtype(origin.dtype))
    # Samples that were added to a stack may have problems that only `origin` knows of.
    problem = origin.problem.put({sample: problem[sample] for sample in np.flatnonzero(changed).tolist()})
    usable = problem.equals("") & changed
    for bucket in origin.buckets:
        problem = problem.put(dict(misfits(origin, catalog, bucket, usable)))
    usable = problem.equals("")
    largest_px = max(
        fit_summary(
            SizeHistogram.of(catalog, bucket.samples[usable[bucket.samples]]),
            (bucket.height, bucket.width),
            origin.options.fit,
        ).largest_px
        for bucket in origin.buckets
    )
    return replace(origin, catalog=catalog, problem=problem, largest_px=largest_px, origin=origin)


def changed_samples(before: Catalog, now: Catalog) -> NDArray[np.bool_]:
    """Return a mask of the samples whose files differ between two catalogs of the same names."""
    changed = np.zeros(len(now), np.bool_)
    for each in CONTENT:
        changed |= each.differs(getattr(before, each.name), getattr(now, each.name))
    if before.masks is not None and now.masks is not None:
        has_mask = now.masks.has_mask
        of_files = changed_samples(before.masks.files, now.masks.files)
        of_files |= segments_differ(before.masks.segments, now.masks.segments, len(of_files))
        changed[has_mask] |= of_files[now.masks.of[has_mask]]
    return changed


def content_of(catalog: Catalog, sample: int) -> dict[str, Any]:
    """Return what `catalog` records of the content of a sample's file and of its mask, as JSON values."""
    content = {each.name: each.value_at(getattr(catalog, each.name), sample) for each in CONTENT}
    masks = catalog.masks
    if masks is None or masks.of[sample] == NO_MASK:
        return content
    return {**content, MASK: content_of(masks.files, int(masks.of[sample]))}


def with_content(catalog: Catalog, contents: Mapping[int, Mapping[str, Any]]) -> Catalog:
    """Return `catalog` with the content of some samples replaced by values from `content_of`.

    Raises
    ------
    ValueError, TypeError, LookupError, OverflowError
        When a value is not one that a catalog can hold.
    """
    columns: dict[str, Any] = {
        each.name: each.put(
            getattr(catalog, each.name),
            dict(zip(contents, each.read_from(contents.values(), each.name), strict=True)),
        )
        for each in CONTENT
    }
    return replace(catalog, masks=_with_mask_content(catalog.masks, contents), **columns)


def _with_mask_content(masks: Masks | None, contents: Mapping[int, Mapping[str, Any]]) -> Masks | None:
    of_masks = {sample: content[MASK] for sample, content in contents.items() if MASK in content}
    if masks is None or not of_masks:
        return masks
    by_file = {int(masks.of[sample]): content for sample, content in of_masks.items()}
    if NO_MASK in by_file:
        raise ValueError("a sample without a mask has the content of one")
    return replace(masks, files=with_content(masks.files, by_file))


def misfits(
    plan: Plan, catalog: Catalog, bucket: Bucket, usable: NDArray[np.bool_], *, is_new: bool = False
) -> Iterator[tuple[int, str]]:
    """Yield the `usable` samples of a bucket that do not fit their rows, and the reason for each.

    Parameters
    ----------
    is_new
        Whether the samples came after the plan was carried out; else their files changed since.
    """
    samples = bucket.samples[usable[bucket.samples]]
    keeps_size = plan.options.fit is Fit.PAD and plan.options.size.kind is SizeKind.MAX
    is_larger = (catalog.height[samples] > bucket.height) | (catalog.width[samples] > bucket.width)
    is_larger &= keeps_size & ~plan.options.shrink.mask(catalog)[samples]
    for sample in samples[is_larger].tolist():
        yield sample, _too_large(catalog, bucket, sample, is_new=is_new)
    others = samples[~is_larger]
    if not len(others):
        return
    # Samples of one kind have the same reason.
    kinds = np.stack(
        [
            getattr(catalog, name).codes[others]
            if name in {"dtype", "axes"}
            else getattr(catalog, name)[others]
            for name in ("channels", "dtype", "bits", "axes")
        ]
    )
    _, first, kind = np.unique(kinds, axis=1, return_index=True, return_inverse=True)
    reasons = [_misfit(plan, catalog, sample) for sample in others[first].tolist()]
    for sample, number in zip(others.tolist(), kind.ravel().tolist(), strict=True):
        if reasons[number]:
            yield sample, reasons[number]


def _too_large(catalog: Catalog, bucket: Bucket, sample: int, *, is_new: bool) -> str:
    now = format_size(int(catalog.height[sample]), int(catalog.width[sample]))
    row = format_size(bucket.height, bucket.width)
    if is_new:
        return say(
            "its picture is {now} px (width × height), larger than the rows of {row}", now=now, row=row
        )
    return say("its picture is now {now} px (width × height), larger than its row of {row}", now=now, row=row)


def _misfit(plan: Plan, catalog: Catalog, sample: int) -> str:
    """Return why a sample cannot join the others, apart from its size, or ``""``."""
    channels, dtype = int(catalog.channels[sample]), catalog.dtype[sample]
    if plan.options.channels is Channels.AUTO and not _takes_channels(plan.channels, channels):
        return say(
            "it now has {channels}, but its row has {channels2:,}",
            channels=format_count(channels, "channel"),
            channels2=plan.channels,
        )
    if plan.options.dtype is Numbers.AUTO and not _takes_dtype(plan.dtype, dtype):
        return say(
            "its numbers are now {dtype}, which do not fit its row of {dtype2}",
            dtype=dtype,
            dtype2=plan.dtype,
        )
    return cannot_join(plan, catalog, sample)


def _takes_channels(row: int, sample: int) -> bool:
    try:
        return join_channels({row, sample}) == row
    except PlanError:
        return False


def _takes_dtype(row: str, sample: str) -> bool:
    try:
        return promote([row, sample]).name == row
    except ValueError:
        return False
