"""Joining two catalogs of the same sources, of which the second may number classes differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import Objects, Tags
from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base.columns import Paths
from stackgui.core.catalog.archive_location import NO_ARCHIVE, ArchiveLocation
from stackgui.core.catalog.catalog import COLUMNS, Catalog
from stackgui.core.catalog.list_values import ListValues
from stackgui.core.catalog.mask_classes import MaskClass
from stackgui.core.catalog.mask_segments import MaskSegments
from stackgui.core.catalog.masks import NO_MASK, Masks


def joined(first: Catalog, then: Catalog) -> Catalog:
    """Return the samples of both, end to end; all else is as `then` says.

    The categories of annotations keep their numbers in `first`, and new ones come last. The numbers found in
    masks are those of both.
    """
    columns: dict[str, Any] = {
        each.name: each.concatenate([getattr(first, each.name), getattr(then, each.name)]) for each in COLUMNS
    }
    archive = then.inside.archive
    moved = np.where(archive == NO_ARCHIVE, NO_ARCHIVE, archive + len(first.archives)).astype(np.int32)
    return replace(
        then,
        archives=(*first.archives, *then.archives),
        path=Paths.concatenate((first.path, then.path)),
        inside=ArchiveLocation.concatenate((first.inside, replace(then.inside, archive=moved))),
        annotations=_annotations(first, then),
        masks=_masks(first, then),
        values=_values(first, then),
        **columns,
    )


def without_idle_archives(catalog: Catalog, begin: int) -> Catalog:
    """Return `catalog` without those of its first `begin` archives in which no sample lies."""
    used = np.zeros(len(catalog.archives), np.bool_)
    used[begin:] = True
    used[catalog.inside.archive[catalog.inside.archive != NO_ARCHIVE]] = True
    number = np.append(np.cumsum(used) - 1, NO_ARCHIVE).astype(np.int32)
    inside = replace(catalog.inside, archive=number[catalog.inside.archive])
    kept = tuple(archive for archive, is_used in zip(catalog.archives, used.tolist(), strict=True) if is_used)
    return replace(catalog, archives=kept, inside=inside)


def _annotations(first: Catalog, then: Catalog) -> SampleAnnotations | None:
    parts = [catalog.annotations for catalog in (first, then)]
    known = [part for part in parts if part is not None]
    if not known:
        return None
    categories = tuple(dict.fromkeys(name for part in known for name in part.categories))
    whole = [
        _nothing(len(catalog)) if part is None else part
        for catalog, part in zip((first, then), parts, strict=True)
    ]
    return SampleAnnotations(
        categories=categories,
        objects=Objects.concatenate(
            [
                replace(
                    part.objects,
                    picture=part.objects.picture + np.int32(offset),
                    category=_renumbered(part.objects.category, part.categories, categories),
                )
                for part, offset in zip(whole, (0, len(first)), strict=True)
            ]
        ),
        tags=Tags(
            np.concatenate([whole[0].tags.picture, whole[1].tags.picture + np.int32(len(first))]),
            np.concatenate([_renumbered(part.tags.category, part.categories, categories) for part in whole]),
        ),
        is_annotated=np.concatenate([part.is_annotated for part in whole]),
        keypoint_names=max((part.keypoint_names for part in known), key=len),
        sources=known[-1].sources,
        complaints=known[-1].complaints,
    )


def _values(first: Catalog, then: Catalog) -> ListValues | None:
    """Return the columns of lists of both, which are those of `first`."""
    if first.values is None:
        return None
    own = ListValues.none_of(len(then)) if then.values is None else then.values
    return ListValues.concatenate([first.values, own.aligned(first.values.targets, first.values.titles)])


def _nothing(samples: int) -> SampleAnnotations:
    return SampleAnnotations((), Objects.none(), Tags.none(), np.zeros(samples, np.bool_))


def _renumbered(numbers: NDArray[np.int32], before: Sequence[str], now: Sequence[str]) -> NDArray[np.int32]:
    """Return the indices into `now` of names given as indices into `before`, or -1."""
    number = np.array([*(now.index(name) for name in before), -1], np.int32)
    found: NDArray[np.int32] = number[numbers]
    return found


def _segments(one: Masks, other: Masks) -> dict[str, Any]:
    """Return the segments of the masks of both, and one table of classes for them; nothing without any."""
    if one.segments is None and other.segments is None:
        return {}
    names = list(dict.fromkeys(each.name for each in (*one.classes, *other.classes)))
    now = other.segments or MaskSegments.none_of(len(other.files))
    now = now.renumbered([names.index(each.name) for each in other.classes])
    before = one.segments or MaskSegments.none_of(len(one.files))
    return {"classes": tuple(map(MaskClass, names)), "segments": MaskSegments.concatenate((before, now))}


def _masks(first: Catalog, then: Catalog) -> Masks | None:
    one, other = first.masks, then.masks
    if one is None:
        return None
    if other is None:
        none = np.full(len(then), NO_MASK, np.int32)
        return replace(one, of=np.concatenate([one.of, none]))
    of = np.where(other.of == NO_MASK, NO_MASK, other.of + len(one.files)).astype(np.int32)
    is_known = np.isin(one.found.keys, other.found.keys).all()
    found = other.found if is_known else one.found.joined([other.found])
    return replace(
        one,
        files=joined(one.files, other.files),
        of=np.concatenate([one.of, of]),
        found=found,
        places=other.places,
        **_segments(one, other),
    )
