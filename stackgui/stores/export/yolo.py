"""Export to YOLO as Ultralytics reads it: rows as PNG, one text file for each, and ``data.yaml``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import Flag
from stackgui.core.base.cancellation import Progress
from stackgui.core.base.text import legible
from stackgui.core.base.wording import say
from stackgui.stores.export import rows
from stackgui.stores.export.coco import NO_CLASS, class_of, has_no_class, problem
from stackgui.stores.export.contents import row_size
from stackgui.stores.export.exporter import Exporter
from stackgui.stores.export.listing import listing_bytes, write_listing
from stackgui.stores.export.object_files import object_files_bytes, write_pictures
from stackgui.stores.export.things import Thing
from stackgui.stores.files.opening import open_to_write

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack

_PICTURES, _LABELS, _ABOUT = "images", "labels", "data.yaml"
_KEYS = {"": "train", "train": "train", "validation": "val", "test": "test"}
"""What Ultralytics calls the parts of a split; all rows, without one, are for training."""


def _folder(part: str) -> str:
    return _KEYS.get(part) or rows.plain(part)


def _write(stack: Stack, target: str, progress: Progress) -> None:
    os.mkdir(target)
    for part in rows.parts(stack):
        os.makedirs(os.path.join(target, _LABELS, _folder(part)))
    has_polygons = stack.objects is not None and "points" in stack.objects.tables()
    for row in np.flatnonzero(stack.valid).tolist():
        folder = os.path.join(target, _LABELS, _folder(rows.part_of(stack, row)))
        lines = _lines(stack, row, has_polygons=has_polygons)
        with open_to_write(os.path.join(folder, f"{row:09d}.txt")) as file:
            file.write("".join(f"{line}\n" for line in lines).encode("ascii"))
        progress.check()
    with open_to_write(os.path.join(target, _ABOUT)) as file:
        file.write(_about(stack).encode())
    write_listing(stack, target, progress)
    write_pictures(stack, target, lambda part: f"{_PICTURES}/{_folder(part)}", progress, masks=False)


def _about(stack: Stack) -> str:
    """Return the content of ``data.yaml``."""
    import yaml  # noqa: PLC0415 - it takes time to load

    objects = stack.objects
    assert objects is not None
    parts = {_folder(part): f"{_PICTURES}/{_folder(part)}" for part in rows.parts(stack)}
    first = next(iter(parts.values()))
    names = [legible(name) for name in objects.classes] + ([NO_CLASS] if has_no_class(stack) else [])
    # It must name rows for training and for validation; without a split they are the same.
    about: dict[str, Any] = {"train": parts.get("train", first), "val": parts.get("val", first)}
    about |= parts | {"names": dict(enumerate(names))}
    if points := objects.keypoints.shape[1]:
        about["kpt_shape"] = [points, 3]
    text: str = yaml.safe_dump(about, sort_keys=False, allow_unicode=True)
    return text


def _lines(stack: Stack, row: int, *, has_polygons: bool) -> Iterator[str]:
    """Yield the line of each object; crowds and regions to ignore, which YOLO does not know, have none."""
    objects = stack.objects
    assert objects is not None
    height, width = row_size(stack, row)
    size = np.array([width, height], np.float64)
    for index in rows.objects_of(stack, row):
        if int(objects.flags[index]) & (Flag.CROWD | Flag.IGNORE):
            continue
        box = objects.box[index].astype(np.float64).reshape(2, 2)
        if objects.keypoints.shape[1]:
            values = [*_centred(box / size), *_keypoints(objects.keypoints[index], size)]
        elif has_polygons:
            outline = _outline(objects.polygons(index)) if objects.polygons(index) else _corners(box)
            values = np.clip(outline / size, 0, 1).ravel().tolist()
        else:
            values = _centred(box / size)
        yield " ".join([str(class_of(stack, index)), *(f"{value:.8g}" for value in values)])


def _centred(box: NDArray[np.float64]) -> list[float]:
    """Return the centre and the extent of a box given by two corners."""
    found: list[float] = np.concatenate([box.mean(axis=0), box[1] - box[0]]).tolist()
    return found


def _keypoints(points: NDArray[np.float32], size: NDArray[np.float64]) -> Iterator[float]:
    for x, y, visible in points.astype(np.float64).tolist():
        yield from (x / size[0], y / size[1], visible)


def _corners(box: NDArray[np.float64]) -> NDArray[np.float64]:
    (left, top), (right, bottom) = box.tolist()
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def _outline(rings: list[NDArray[np.float32]]) -> NDArray[np.float64]:
    """Return several polygons as one: lines of no width lead from the first to each other and back."""
    first, *others = (ring.astype(np.float64) for ring in rings)
    parts = [first]
    for other in others:
        parts += [first[:1], other, other[:1]]
    return np.concatenate([*parts, first[:1]] if others else parts)


def _lacks(stack: Stack) -> frozenset[Thing]:
    has_keypoints = stack.objects is not None and bool(stack.objects.keypoints.shape[1])
    return frozenset({
        Thing.MASKS, Thing.CROWDS, Thing.DRAWN, *([Thing.POLYGONS] if has_keypoints else []),
    })  # fmt: skip


YOLO = Exporter(
    name="yolo",
    title=say("a folder of PNG files with annotations for YOLO"),
    audience=say("For Ultralytics YOLO: detection, segmentation or pose, whatever the annotations are."),
    write=_write,
    size_bytes=lambda stack: object_files_bytes(stack) + listing_bytes(stack),
    loading=(
        "from pathlib import Path\n\n"
        'pictures = sorted(Path({target}).glob("images/*/*.png"))\n'
        '# With ultralytics: YOLO("yolo11n.pt").train(data=str(Path({target}) / "data.yaml"))\n'
    ),
    keeps_all=False,
    lacks=_lacks,
    problem=problem,
)
