"""Export to COCO: rows as PNG, and their objects in the pixels of the rows."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import Flag
from stackgui.core.base.cancellation import Progress
from stackgui.core.base.text import legible
from stackgui.core.base.wording import say
from stackgui.stores.export import contents, pictures, rows
from stackgui.stores.export.contents import numbers, row_size
from stackgui.stores.export.exporter import Exporter
from stackgui.stores.export.object_files import no_objects, object_files_bytes, write_pictures
from stackgui.stores.export.object_masks import run_lengths
from stackgui.stores.files.opening import open_to_write

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack

_FOLDER = "annotations"
_PICTURES = "images"
NO_CLASS = "object"
"""Class of objects that have none, because COCO and YOLO need one."""


def _write(stack: Stack, target: str, progress: Progress) -> None:
    os.makedirs(os.path.join(target, _FOLDER))
    for part in rows.parts(stack):
        name = f"instances_{rows.plain(part)}.json" if part else "instances.json"
        with open_to_write(os.path.join(target, _FOLDER, name)) as file:
            _write_json(file, stack, part, progress)
    write_pictures(stack, target, lambda part: rows.plain(part) if part else _PICTURES, progress)


def _write_json(file: IO[bytes], stack: Stack, part: str, progress: Progress) -> None:
    """Write the file of a part, picture after picture and object after object."""
    about = {"description": "StackGUI", "stack": os.path.basename(stack.path), **contents.words(stack)}
    file.write(f'{{"info": {json.dumps(about)},\n"categories": {json.dumps(_categories(stack))},\n'.encode())
    for key, values in (("images", _pictures(stack, part)), ("annotations", _annotations(stack, part))):
        file.write(f'"{key}": ['.encode())
        separator = b"\n"
        for value in values:
            file.write(separator + json.dumps(value).encode("ascii"))
            separator = b",\n"
            progress.check()
        file.write(b"],\n" if key == "images" else b"]}\n")


def _rows(stack: Stack, part: str) -> Iterator[int]:
    return (row for row in np.flatnonzero(stack.valid).tolist() if rows.part_of(stack, row) == part)


def _pictures(stack: Stack, part: str) -> Iterator[dict[str, Any]]:
    titles = [legible(title) for title in stack.column_names]
    for row, (file, cells) in enumerate(contents.origins(stack)):
        if not stack.valid[row] or rows.part_of(stack, row) != part:
            continue
        height, width = row_size(stack, row)
        found: dict[str, Any] = {
            "id": row, "file_name": file_name(row), "height": height, "width": width,
            "row": row, "file": file,
            "placement": stack.placements[row].tolist(), "transform": stack.transforms[row].tolist(),
        }  # fmt: skip
        if stack.labels is not None:
            found["label"] = rows.label_of(stack, row)
        if stack.targets is not None:
            found["targets"] = rows.targets_of(stack, row)
        if titles:
            found["columns"] = dict(zip(titles, cells, strict=True))
        yield found


def file_name(row: int) -> str:
    """Return the name of a row's picture."""
    return f"{row:09d}.png"


def _categories(stack: Stack) -> list[dict[str, Any]]:
    objects = stack.objects
    assert objects is not None
    named = {"keypoints": objects.keypoint_names, "skeleton": []} if objects.keypoints.shape[1] else {}
    names = [legible(name) for name in objects.classes] + ([NO_CLASS] if has_no_class(stack) else [])
    return [{"id": number + 1, "name": name, **named} for number, name in enumerate(names)]


def has_no_class(stack: Stack) -> bool:
    """Return whether there are objects without a class."""
    return stack.objects is not None and bool((stack.objects.category < 0).any())


def class_of(stack: Stack, index: int) -> int:
    """Return the number of an object's class; that after the last for none."""
    assert stack.objects is not None
    category = int(stack.objects.category[index])
    return category if category >= 0 else len(stack.objects.classes)


def _annotations(stack: Stack, part: str) -> Iterator[dict[str, Any]]:
    for row in _rows(stack, part):
        for index in rows.objects_of(stack, row):
            yield _annotation(stack, row, index)


def _annotation(stack: Stack, row: int, index: int) -> dict[str, Any]:
    objects = stack.objects
    assert objects is not None
    left, top, right, bottom = objects.box[index].astype(np.float64).tolist()
    flags = int(objects.flags[index])
    found = {
        # Some readers take 0 for none.
        "id": index + 1, "image_id": row, "category_id": class_of(stack, index) + 1,
        "bbox": [left, top, right - left, bottom - top], "area": numbers(objects.area[index])[0],
        "iscrowd": int(bool(flags & Flag.CROWD)), "ignore": int(bool(flags & Flag.IGNORE)),
        "flags": flags, "segmentation": _segmentation(stack, index),
    }  # fmt: skip
    if objects.keypoints.shape[1]:
        points = objects.keypoints[index]
        found |= {"keypoints": _keypoints(points), "num_keypoints": int(np.count_nonzero(points[:, 2]))}
    return found


def _keypoints(points: NDArray[np.float32]) -> list[float]:
    """Return keypoints as COCO has them: the pixel in which each lies, by its middle."""
    moved = points.copy()
    moved[points[:, 2] > 0, :2] -= 0.5
    return numbers(moved)


def _segmentation(stack: Stack, index: int) -> list[list[float]] | dict[str, Any]:
    """Return the polygons of an object, or its run lengths where polygons do not say it all."""
    objects = stack.objects
    assert objects is not None
    return run_lengths(stack, index) or [numbers(ring) for ring in objects.polygons(index)]


def problem(stack: Stack) -> str:
    """Say why the objects of a stack cannot be written beside pictures; ``""`` if they can."""
    return no_objects(stack) or pictures.no_png(stack)


COCO = Exporter(
    name="coco",
    title=say("a folder of PNG files with annotations in COCO"),
    audience=say("For detection and segmentation with Detectron2, MMDetection, torchvision, or for CVAT."),
    write=_write,
    size_bytes=object_files_bytes,
    loading=(
        "from pathlib import Path\n\n"
        "import numpy as np\nfrom PIL import Image\nfrom pycocotools.coco import COCO\n\n"
        'file = sorted(Path({target}).glob("annotations/*.json"))[0]  # one for each part\n'
        'folder = file.parents[1] / (file.stem.removeprefix("instances").removeprefix("_") or "images")\n'
        "coco = COCO(str(file))\n\n\n"
        "def picture(about):\n"
        '    return np.asarray(Image.open(folder / about["file_name"]))\n'
    ),
    keeps_all=False,
    lacks=lambda _stack: frozenset(),
    problem=problem,
)
