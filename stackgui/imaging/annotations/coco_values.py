"""The entries of COCO files, as far as they are used."""

from __future__ import annotations

import msgspec

from stackgui.core.annotations.builder import MAX_SIDE_PX
from stackgui.imaging.annotations.json_reading import Id, Number


class Picture(msgspec.Struct, gc=False):
    """An entry of ``images``."""

    id: Id
    file_name: str = ""
    height: Number | None = None
    width: Number | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Return height and width; zeros if the file gives none that a picture can have."""
        height, width = self.height or 0, self.width or 0
        is_size = 0 < height <= MAX_SIDE_PX and 0 < width <= MAX_SIDE_PX
        return (int(height), int(width)) if is_size else (0, 0)


class Category(msgspec.Struct, gc=False):
    """An entry of ``categories``."""

    id: Id
    name: str | Number
    keypoints: list[str] | None = None
    isthing: bool | Number | None = None


class RunLengths(msgspec.Struct, gc=False):
    """A mask as run lengths."""

    size: tuple[int, int]
    counts: str | list[int]


class Segment(msgspec.Struct, gc=False):
    """A segment of the panoptic format."""

    id: int
    category_id: Id
    iscrowd: bool | Number | None = None
    bbox: list[float] | None = None
    area: float | None = None


class Annotation(msgspec.Struct, gc=False):
    """An entry of ``annotations``."""

    image_id: Id
    id: Id | None = None
    category_id: Id | None = None
    bbox: list[float] | None = None
    segmentation: RunLengths | list[list[float] | float] | None = None
    area: float | None = None
    iscrowd: bool | Number | None = None
    ignore: bool | Number | None = None
    keypoints: list[float] | None = None
    segments_info: list[Segment] | None = None
    file_name: str | None = None
