"""The formats of annotations that can be read."""

from __future__ import annotations

from stackgui.imaging.annotations import (
    coco,
    cvat,
    dota,
    kitti,
    label_studio,
    labelme,
    open_images,
    supervisely,
    via,
    voc,
    yolo,
)
from stackgui.imaging.annotations.declaration import AnnotationFormat

FORMATS: tuple[AnnotationFormat, ...] = (
    coco.FORMAT,
    cvat.FORMAT,
    dota.FORMAT,
    kitti.FORMAT,
    label_studio.FORMAT,
    labelme.FORMAT,
    open_images.FORMAT,
    supervisely.FORMAT,
    via.FORMAT,
    voc.FORMAT,
    yolo.FORMAT,
)
"""All formats; no file is recognised by two of them."""


def recognised(name: str, start: bytes) -> AnnotationFormat | None:
    """Return the format of a file from its name and its first `START_BYTES`, or None."""
    known = (each for each in FORMATS if name.lower().endswith(each.suffixes))
    return next((each for each in known if each.recognises(name, start)), None)
