"""Reading annotations: one JSON or XML for all pictures."""

from __future__ import annotations

import json
import mmap
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from xml.etree import ElementTree as ET

from stackgui.core.annotations.annotations import Annotations
from stackgui.core.annotations.ragged import Ragged
from stackgui.core.annotations.reading import Reading
from stackgui.imaging.annotations.coco import FORMAT
from stackgui.imaging.annotations.cvat import FORMAT as CVAT
from stackgui.imaging.annotations.declaration import AnnotationFile
from tests.benchmarks.measuring import LONG, Bench, Row, paired, times_as_fast
from tests.benchmarks.measuring import note as figures

MAX_TIMES = 2.0
MAX_BYTES_A_BOX = 100


def annotations(bench: Bench) -> Iterator[Row]:
    """A COCO file of 12,500 pictures with 125,000 boxes, against Python's own `json.load` of it."""
    pictures, boxes = (100, 1000) if bench.quick else (12_500, 125_000)
    path = bench.folder / "instances.json"
    _write(path, pictures, boxes)
    found = read(path)
    seconds = paired(bench, {"read": lambda: read(path), "load": lambda: _load(path)})
    work = f"COCO, {pictures:,} pictures with {boxes:,} boxes, {path.stat().st_size / 1e6:.0f} MB"
    ratio = times_as_fast(seconds, "load", "read")
    note = figures(seconds, "read", "load")
    yield Row(work, "json.load of the same file", ratio, MAX_TIMES, at_least=False, unit=LONG, note=note)
    yield Row(work, "kept for a box", held_bytes(found) / boxes, MAX_BYTES_A_BOX, at_least=False, unit="B")
    yield Row(
        work, "growth while it is read, with the file's own pages", _peak_bytes(path) / 1e6, None, unit="MB"
    )
    yield from _cvat(bench)


def _cvat(bench: Bench) -> Iterator[Row]:
    """A CVAT file against Python's own parser, which makes a tree of it and knows no attacks."""
    pictures, boxes = (100, 1000) if bench.quick else (5_000, 50_000)
    path = bench.folder / "annotations.xml"
    _write_cvat(path, pictures, boxes)

    def read_cvat() -> Annotations:
        return CVAT.read([AnnotationFile(path.name, path.read_bytes())], Reading())

    found = len(read_cvat().objects)
    seconds = paired(bench, {"read": read_cvat, "parse": lambda: ET.parse(path)})
    work = f"CVAT, {pictures:,} pictures with {found:,} boxes, {path.stat().st_size / 1e6:.0f} MB"
    ratio = times_as_fast(seconds, "parse", "read")
    note = figures(seconds, "read", "parse")
    yield Row(work, "xml.etree of the same file", ratio, None, unit=LONG, note=note)


def _write_cvat(path: Path, pictures: int, boxes: int) -> None:
    chance = random.Random(0)
    with path.open("w", encoding="ascii") as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n')
        for index in range(pictures):
            file.write(f'  <image id="{index}" name="train/{index:06}.jpg" width="1920" height="1080">\n')
            for number in range(boxes // pictures):
                x, y = chance.uniform(0, 1000), chance.uniform(0, 900)
                file.write(
                    f'    <box label="class {number}" source="manual" occluded="0" xtl="{x:.2f}" '
                    f'ytl="{y:.2f}" xbr="{x + 50:.2f}" ybr="{y + 60:.2f}" z_order="0">\n    </box>\n'
                )
            file.write("  </image>\n")
        file.write("</annotations>\n")


def _write(path: Path, pictures: int, boxes: int) -> None:
    chance = random.Random(0)
    with path.open("w", encoding="ascii") as file:
        file.write('{"images": [')
        for index in range(pictures):
            name = f"train2017/{index:012}.jpg"
            file.write(", " * (index > 0))
            json.dump({"id": index, "license": 1, "file_name": name, "height": 1080, "width": 1920}, file)
        file.write('], "annotations": [')
        for index in range(boxes):
            x, y, w, h = (round(chance.uniform(1, 900), 2) for _ in range(4))
            entry = {
                "id": index,
                "image_id": chance.randrange(pictures),
                "category_id": chance.randrange(80),
                "segmentation": [],
                "area": round(w * h, 2),
                "bbox": [x, y, w, h],
                "iscrowd": 0,
                "attributes": {"occluded": False, "rotation": 0.0},
            }
            file.write(", " * (index > 0))
            json.dump(entry, file)
        categories = [{"id": index, "name": f"class {index}"} for index in range(80)]
        file.write(f'], "categories": {json.dumps(categories)}}}')


def read(path: Path) -> Annotations:
    """Read a COCO file by way of a memory map."""
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
        memoryview(data) as view,
    ):
        return FORMAT.read([AnnotationFile(path.name, view)], Reading())


def _load(path: Path) -> object:
    with path.open("rb") as file:
        return json.load(file)


def held_bytes(found: Annotations) -> int:
    """Memory that the tables of objects and pictures take."""
    columns = [getattr(found.objects, field.name) for field in fields(found.objects)]
    arrays = [found.height, found.width, found.pictures.ends]
    for column in columns:
        arrays += [column.values, column.starts] if isinstance(column, Ragged) else [column]
    # An array without strides repeats one value, and takes no memory.
    return len(found.pictures.data) + sum(each.nbytes for each in arrays if all(each.strides))


def _peak_bytes(path: Path) -> float:
    """How much a fresh program grows while it reads a file; its pages count as long as they are mapped."""
    done = subprocess.run((sys.executable, "-c", _GROWTH, path), capture_output=True, text=True, check=True)
    return float(done.stdout)


_GROWTH = """
import re, sys
from pathlib import Path
from tests.benchmarks.annotating import read
def most():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = most()
read(Path(sys.argv[1]))
print(1024 * (most() - before))
"""
