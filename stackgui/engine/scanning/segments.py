"""Masks whose colours a file of annotations explains, as COCO's panoptic format does."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from stackgui.core.annotations.sample_segments import SampleSegments
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.mask_classes import MaskClass
from stackgui.core.catalog.mask_segments import MaskSegments
from stackgui.core.catalog.masks import MaskValues
from stackgui.engine.scanning.mask_looks import Looker


def with_segments(
    catalog: Catalog, categories: Sequence[str], said: SampleSegments | None, looker: Looker
) -> Catalog:
    """Return `catalog` with the classes of its masks' colours, if files of annotations say them.

    Parameters
    ----------
    catalog
    categories
        The classes of all annotations, which become those of the masks.
    said
        What the files say.
    looker

    Raises
    ------
    Cancelled
    RunError
        When the whole pool keeps dying.
    """
    masks = catalog.masks
    if masks is None or said is None:
        return catalog
    of = masks.of[said.sample].astype(np.int64)
    names = zip(of.tolist(), said.mask_name, strict=True)
    is_meant = np.array(
        [mask >= 0 and _name(masks.files.path[mask]) == _name(name) for mask, name in names], np.bool_
    )
    if not is_meant.any():
        return catalog
    is_listed = np.zeros(len(masks.files), np.bool_)
    is_listed[of[is_meant]] = True
    kept = is_meant[said.of]
    mask = of[said.of[kept]]
    segments = MaskSegments.of_rows(is_listed, mask, said.id[kept], said.category[kept])
    used = np.unique(masks.of[masks.has_mask]).astype(np.int64)
    looked, _alike = looker.look(masks.files, used, segments.take(used))
    found = _of_segments(looked)
    classes = tuple(map(MaskClass, categories))
    return replace(catalog, masks=replace(masks, found=found, classes=classes, segments=segments))


def _of_segments(looked: MaskValues) -> MaskValues:
    """Return what was found without the pixels in no segment, which are no value that could get a class."""
    is_one = looked.keys >= 0
    return replace(looked, keys=looked.keys[is_one], pixels=looked.pixels[is_one], masks=looked.masks[is_one])


def _name(path: str) -> str:
    return os.path.basename(path.replace("\\", "/")).casefold()
