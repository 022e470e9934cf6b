"""Segments of COCO's panoptic format."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stackgui.core.annotations.annotations import Segments
from stackgui.core.annotations.complaints import Complaints, is_file_name
from stackgui.core.base.columns import Paths
from stackgui.core.base.wording import say
from stackgui.imaging.annotations.coco_values import Annotation
from stackgui.imaging.annotations.json_reading import Id

NO_MASK = say("The annotation does not name the mask picture that shows its segments.")
BAD_SEGMENT = say("A segment is of a class that its file does not list, or has no colour that it could have.")

_MAX_COLOUR = 256**3 - 1


def is_colour(number: int) -> bool:
    """Whether R + 256 G + 65,536 B of a colour can be `number`, which stands for no segment if it is 0."""
    return 0 < number <= _MAX_COLOUR


class SegmentColumns:
    """Collects segments.

    Parameters
    ----------
    complaints
        Told what is not taken.
    """

    def __init__(self, complaints: Complaints) -> None:
        self._complaints = complaints
        self._masks: dict[int, str] = {}
        self._rows: list[tuple[int, int, int, bool]] = []

    def add(self, where: str, picture: int, annotation: Annotation, categories: Mapping[Id, int]) -> None:
        """Add the segments of a picture."""
        name = annotation.file_name or ""
        if not is_file_name(name):
            self._complaints.add(NO_MASK, where)
            return
        self._masks[picture] = name
        for index, each in enumerate(annotation.segments_info or ()):
            category = categories.get(each.category_id, -1)
            if category < 0 or not is_colour(each.id):
                self._complaints.add(BAD_SEGMENT, f"{where}.segments_info[{index}]")
            else:
                self._rows.append((picture, category, each.id, bool(each.iscrowd)))

    def made(self, pictures: int) -> Segments | None:
        """Return everything that was collected, for so many pictures; None if there is nothing."""
        if not self._masks:
            return None
        rows = np.array(self._rows, np.int32).reshape(-1, 4)
        return Segments(
            mask_name=Paths.from_names(self._masks.get(index, "") for index in range(pictures)),
            picture=rows[:, 0].copy(),
            category=rows[:, 1].copy(),
            id=rows[:, 2].copy(),
            is_crowd=rows[:, 3].astype(np.bool_),
        )
