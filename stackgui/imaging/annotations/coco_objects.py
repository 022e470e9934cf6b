"""Annotations of COCO files as columns, block by block."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from stackgui.core.annotations.annotations import Objects, Segments
from stackgui.core.annotations.complaints import Complaints
from stackgui.core.base.columns import slim
from stackgui.core.base.wording import say
from stackgui.imaging.annotations.coco_block import Block, no_sizes
from stackgui.imaging.annotations.coco_segments import SegmentColumns, is_colour
from stackgui.imaging.annotations.coco_values import Annotation, Segment
from stackgui.imaging.annotations.json_reading import Id

UNKNOWN_PICTURE = say("The annotation is for a picture that its file does not list.")
UNKNOWN_CLASS = say("The annotation is of a class that its file does not list.")


_UNKNOWN = -2


class ObjectColumns:
    """Collects objects and segments.

    Parameters
    ----------
    complaints
        Told what is not taken.
    """

    def __init__(self, complaints: Complaints) -> None:
        self._complaints = complaints
        self._parts: list[Objects] = []
        self._segments = SegmentColumns(complaints)

    def made(self, pictures: int) -> tuple[Objects, Segments | None]:
        """Return everything that was collected, for so many pictures."""
        objects = Objects.concatenate(self._parts)
        self._parts.clear()
        objects = replace(
            objects,
            flags=slim(objects.flags),
            area=slim(objects.area),
            bitmap_size=objects.bitmap_size if len(objects.bitmap.values) else no_sizes(len(objects)),
        )
        return objects, self._segments.made(pictures)

    def add(
        self,
        file: str,
        indices: Sequence[int],
        values: Sequence[Annotation],
        pictures: Mapping[Id, int],
        categories: Mapping[Id, int],
    ) -> None:
        """Add annotations, which are the `indices`-th of a file with these pictures and categories."""
        count = len(values)
        picture = np.fromiter((pictures.get(each.image_id, -1) for each in values), np.int32, count)
        category = np.fromiter(
            (
                -1 if each.category_id is None else categories.get(each.category_id, _UNKNOWN)
                for each in values
            ),
            np.int32,
            count,
        )
        block = Block(file, indices, values, picture, self._complaints)
        is_kept = block.kept(np.ones(count, np.bool_), picture < 0, UNKNOWN_PICTURE)
        is_kept = block.kept(is_kept, category == _UNKNOWN, UNKNOWN_CLASS)
        is_panoptic = np.fromiter((each.segments_info is not None for each in values), np.bool_, count)
        for row in np.flatnonzero(is_kept & is_panoptic).tolist():
            self._segments.add(block.where(row), int(picture[row]), values[row], categories)
        self._parts.append(block.objects(category, is_kept & ~is_panoptic))

    def add_things(
        self,
        file: str,
        indices: Sequence[int],
        values: Sequence[Annotation],
        pictures: Mapping[Id, int],
        categories: Mapping[Id, int],
        *,
        stuff: Collection[Id],
    ) -> None:
        """Add the segments of annotations as objects, but for those whose category is in `stuff`."""
        things = [
            (index, annotation.image_id, each)
            for index, annotation in zip(indices, values, strict=True)
            for each in annotation.segments_info or ()
            if annotation.image_id in pictures and each.category_id in categories
            if each.category_id not in stuff and is_colour(each.id)
        ]
        if things:
            self._parts.append(_of_things(file, things, pictures, categories, self._complaints))


def _of_things(
    file: str,
    things: Sequence[tuple[int, Id, Segment]],
    pictures: Mapping[Id, int],
    categories: Mapping[Id, int],
    complaints: Complaints,
) -> Objects:
    """Return segments as objects, each given with the index of its annotation and the picture."""
    values = [
        Annotation(
            picture, category_id=each.category_id, bbox=each.bbox, area=each.area, iscrowd=each.iscrowd
        )
        for _index, picture, each in things
    ]
    picture = np.array([pictures[each.image_id] for each in values], np.int32)
    category = np.array([categories[each.category_id] for _index, _picture, each in things], np.int32)
    block = Block(file, [index for index, _picture, _each in things], values, picture, complaints)
    return block.objects(category, np.ones(len(values), np.bool_))
