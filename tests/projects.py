"""Projects as annotators export them from their tools, with pictures whose objects are drawn into the pixels.

A red rectangle is a cat and a blue one a dog. One picture lies on its side with a turning mark, one has no
objects, and one was cut off while it was copied.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import numpy as np
from PIL import Image

ASIDE = 6
COLOURS = {"cat": (255, 0, 0), "dog": (0, 0, 255)}
CLASSES = tuple(COLOURS)

Box = tuple[int, int, int, int]
"""Left, top, right and bottom."""


@dataclass(frozen=True)
class Picture:
    """A picture as people see it, and what is drawn on it."""

    stem: str
    height: int
    width: int
    objects: tuple[tuple[str, Box], ...] = ()
    is_aside: bool = False
    is_broken: bool = False

    @property
    def file(self) -> str:
        return f"{self.stem}.png"

    def save(self, folder: Path) -> Path:
        pixels = np.full((self.height, self.width, 3), 40, np.uint8)
        for name, (left, top, right, bottom) in self.objects:
            pixels[top:bottom, left:right] = COLOURS[name]
        exif = Image.Exif()
        if self.is_aside:
            exif[0x0112] = ASIDE
            pixels = np.rot90(pixels)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / self.file
        Image.fromarray(np.ascontiguousarray(pixels)).save(file, exif=exif)
        if self.is_broken:
            whole = file.read_bytes()
            file.write_bytes(whole[: len(whole) * 3 // 4])
        return file


PICTURES = (
    Picture("garden-1", 60, 80, (("cat", (5, 7, 30, 41)),)),
    Picture("garden-2", 41, 93, (("dog", (50, 3, 93, 40)), ("cat", (0, 10, 44, 30)))),
    Picture("street-1", 70, 120, (("dog", (61, 20, 97, 66)),), is_aside=True),
    Picture("street-2", 64, 64),
    Picture("street-3", 90, 50, (("cat", (8, 9, 30, 80)),), is_broken=True),
)


def cvat(root: Path, pictures: Sequence[Picture]) -> Path:
    """Export as *CVAT for images*: annotations.xml beside images."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<annotations><version>1.1</version>"]
    for number, each in enumerate(pictures):
        each.save(root / "images")
        lines.append(f'<image id="{number}" name="{each.file}" width="{each.width}" height="{each.height}">')
        for name, (left, top, right, bottom) in each.objects:
            lines.append(
                f'<box label="{name}" source="manual" occluded="0" xtl="{left}.00" ytl="{top}.00"'
                f' xbr="{right}.00" ybr="{bottom}.00" z_order="0"></box>'
            )
        lines.append("</image>")
    return _written(root / "annotations.xml", "\n".join([*lines, "</annotations>"]))


def label_studio(root: Path, pictures: Sequence[Picture]) -> Path:
    """A JSON export beside the annotator's own pictures, uploaded ones and ones from local storage."""
    tasks = []
    for number, each in enumerate(pictures):
        each.save(root / "pictures")
        uploaded = f"/data/upload/1/{0x1A2B3C40 + number:08x}-{each.file}"
        local = f"/data/local-files/?d={quote(f'home/anna/pictures/{each.file}', safe='')}"
        result = [
            {
                "type": "rectanglelabels",
                "from_name": "label",
                "to_name": "image",
                "original_width": each.width,
                "original_height": each.height,
                "image_rotation": 0,
                "value": {
                    "x": 100 * left / each.width,
                    "y": 100 * top / each.height,
                    "width": 100 * (right - left) / each.width,
                    "height": 100 * (bottom - top) / each.height,
                    "rotation": 0,
                    "rectanglelabels": [name],
                },
            }
            for name, (left, top, right, bottom) in each.objects
        ]
        data = {"image": local if number % 2 else uploaded}
        tasks.append({"id": number, "data": data, "annotations": [{"id": number, "result": result}]})
    return _written(root / "project-1-at-2024-05-01.json", json.dumps(tasks))


def labelme(root: Path, pictures: Sequence[Picture]) -> Path:
    """A JSON beside each picture, with the picture in it, written on Windows."""
    for each in pictures:
        file = each.save(root)
        shapes = [
            {
                "label": name,
                "points": [[right, bottom], [left, top]],
                "group_id": None,
                "shape_type": "rectangle",
                "flags": {},
            }
            for name, (left, top, right, bottom) in each.objects
        ]
        content = {
            "version": "5.4.1",
            "flags": {},
            "shapes": shapes,
            "imagePath": f"..\\pets\\{each.file}",
            "imageData": base64.b64encode(file.read_bytes()).decode(),
            "imageHeight": each.height,
            "imageWidth": each.width,
        }
        if shapes:
            _written(root / f"{each.stem}.json", json.dumps(content))
    return root


def yolo(root: Path, pictures: Sequence[Picture]) -> Path:
    """A data set with data.yaml; a picture without objects has no file."""
    for number, each in enumerate(pictures):
        part = "val" if number % 2 else "train"
        each.save(root / "images" / part)
        lines = []
        for name, (left, top, right, bottom) in each.objects:
            x, y = (left + right) / 2 / each.width, (top + bottom) / 2 / each.height
            w, h = (right - left) / each.width, (bottom - top) / each.height
            lines.append(f"{CLASSES.index(name)} {x:.6f} {y:.6f} {w:.6f} {h:.6f}\n")
        if lines:
            _written(root / "labels" / part / f"{each.stem}.txt", "".join(lines))
    names = "".join(f"  {number}: {name}\n" for number, name in enumerate(CLASSES))
    text = f"path: ../pets\ntrain: images/train\nval: images/val\nnames:\n{names}"
    return _written(root / "data.yaml", text)


def coco(root: Path, pictures: Sequence[Picture]) -> Path:
    """Folders of splits, and a JSON for each in annotations."""
    categories = [{"id": 17 + number, "name": name} for number, name in enumerate(CLASSES)]
    for remainder, part in enumerate(("train", "val")):
        images, annotations = [], []
        for number, each in enumerate(pictures[remainder::2]):
            each.save(root / part)
            images.append({"id": number, "file_name": each.file, "height": each.height, "width": each.width})
            for name, (left, top, right, bottom) in each.objects:
                annotations.append(
                    {
                        "id": len(annotations),
                        "image_id": number,
                        "category_id": 17 + CLASSES.index(name),
                        "bbox": [left, top, right - left, bottom - top],
                        "area": (right - left) * (bottom - top),
                        "iscrowd": 0,
                    }
                )
        content = {"images": images, "annotations": annotations, "categories": categories}
        _written(root / "annotations" / f"instances_{part}.json", json.dumps(content))
    return root / "annotations" / "instances_train.json"


def voc(root: Path, pictures: Sequence[Picture]) -> Path:
    """JPEGImages, Annotations and ImageSets; coordinates count from 1 and include the last pixel."""
    for each in pictures:
        each.save(root / "JPEGImages")
        objects = "".join(
            f"<object><name>{name}</name><pose>Unspecified</pose><truncated>0</truncated>"
            f"<difficult>0</difficult><bndbox><xmin>{left + 1}</xmin><ymin>{top + 1}</ymin>"
            f"<xmax>{right}</xmax><ymax>{bottom}</ymax></bndbox></object>"
            for name, (left, top, right, bottom) in each.objects
        )
        _written(
            root / "Annotations" / f"{each.stem}.xml",
            f"<annotation><folder>pets</folder><filename>{each.file}</filename><size><width>{each.width}"
            f"</width><height>{each.height}</height><depth>3</depth></size>{objects}</annotation>",
        )
    _written(root / "ImageSets" / "Main" / "trainval.txt", "".join(f"{each.stem}\n" for each in pictures))
    return root / "Annotations"


def supervisely(root: Path, pictures: Sequence[Picture]) -> Path:
    """A project with meta.json, and a folder of pictures and one of annotations in each data set."""
    classes = [{"title": name, "shape": "rectangle", "color": "#FF0000"} for name in CLASSES]
    _written(root / "meta.json", json.dumps({"classes": classes, "tags": []}))
    for each in pictures:
        each.save(root / "dataset" / "img")
        objects = [
            {
                "classTitle": name,
                "geometryType": "rectangle",
                "tags": [],
                "points": {"exterior": [[left, top], [right, bottom]], "interior": []},
            }
            for name, (left, top, right, bottom) in each.objects
        ]
        content = {
            "description": "",
            "tags": [],
            "size": {"height": each.height, "width": each.width},
            "objects": objects,
        }
        _written(root / "dataset" / "ann" / f"{each.file}.json", json.dumps(content))
    return root / "dataset" / "ann"


def via(root: Path, pictures: Sequence[Picture]) -> Path:
    """A project of the VGG Image Annotator, beside its pictures."""
    metadata = {}
    for each in pictures:
        size = each.save(root).stat().st_size
        regions = [
            {
                "shape_attributes": {
                    "name": "rect",
                    "x": left,
                    "y": top,
                    "width": right - left,
                    "height": bottom - top,
                },
                "region_attributes": {"class": name},
            }
            for name, (left, top, right, bottom) in each.objects
        ]
        metadata[f"{each.file}{size}"] = {
            "filename": each.file,
            "size": size,
            "regions": regions,
            "file_attributes": {},
        }
    content = {"_via_settings": {}, "_via_img_metadata": metadata, "_via_attributes": {}}
    return _written(root / "via_project.json", json.dumps(content))


def kitti(root: Path, pictures: Sequence[Picture]) -> Path:
    """Folders image_2 and label_2."""
    for each in pictures:
        each.save(root / "training" / "image_2")
        lines = "".join(
            f"{name} 0.00 0 -1.57 {left:.2f} {top:.2f} {right:.2f} {bottom:.2f} 1 1 1 1 1 1 0\n"
            for name, (left, top, right, bottom) in each.objects
        )
        _written(root / "training" / "label_2" / f"{each.stem}.txt", lines)
    return root / "training" / "label_2"


def dota(root: Path, pictures: Sequence[Picture]) -> Path:
    """Folders images and labelTxt."""
    for each in pictures:
        each.save(root / "images")
        lines = "".join(
            f"{left} {top} {right} {top} {right} {bottom} {left} {bottom} {name} 0\n"
            for name, (left, top, right, bottom) in each.objects
        )
        _written(root / "labelTxt" / f"{each.stem}.txt", f"imagesource:GoogleEarth\ngsd:0.14\n{lines}")
    return root / "labelTxt"


def open_images(root: Path, pictures: Sequence[Picture]) -> Path:
    """A table of all boxes, and one of the names of classes."""
    rows = ["ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf"]
    for each in pictures:
        each.save(root / "train")
        for name, (left, top, right, bottom) in each.objects:
            x, y = (left / each.width, right / each.width), (top / each.height, bottom / each.height)
            sides = ",".join(f"{value:.6f}" for value in (*x, *y))
            rows.append(f"{each.stem},xclick,/m/0{name},1,{sides},0,0,0")
    _written(root / "class-descriptions-boxable.csv", "/m/0cat,cat\n/m/0dog,dog\n")
    return _written(root / "train-annotations-bbox.csv", "\n".join([*rows, ""]))


PROJECTS: Mapping[str, Callable[[Path, Sequence[Picture]], Path]] = {
    each.__name__: each
    for each in (
        cvat,
        label_studio,
        labelme,
        yolo,
        coco,
        voc,
        supervisely,
        via,
        kitti,
        dota,
        open_images,
    )
}
"""Each makes a project in a folder; returns the file of annotations, or the folder of several."""


def _written(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file
