"""Stacks of every kind to export; tests read them and change nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui import open_stack
from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.base.choices import Layout, Numbers
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from stackgui.stores.export import EXPORTERS
from stackgui.stores.export.exporting import export_stack

SIZES = [(20, 30), (31, 17), (64, 60), (9, 12), (25, 26), (33, 8), (18, 50), (60, 61), (40, 41), (22, 22)]
BROKEN = 3


def _write_pictures(folder: Path) -> None:
    """Pictures of two classes with masks, boxes, polygons and keypoints; one of them is cut off."""
    random = np.random.default_rng(11)
    images, objects = [], []
    for index, (height, width) in enumerate(SIZES):
        name = f"{'cat' if index % 2 else 'dog'}/{index} é.png"
        for kind, high in (("images", 256), ("masks", 3)):
            file = folder / kind / name
            file.parent.mkdir(parents=True, exist_ok=True)
            shape = (height, width, 3) if kind == "images" else (height, width)
            Image.fromarray(random.integers(0, high, shape, np.uint8)).save(file)
        images.append({"id": index, "file_name": name, "height": height, "width": width})
        for number in range(index % 3):
            left, top = width // 4, height // 4 + number
            right, bottom = left + width // 2, top + height // 3
            ring = [left, top, right, top, right, bottom, left, bottom]
            objects.append({
                "id": len(objects), "image_id": index, "category_id": 3 + number, "iscrowd": 0,
                "bbox": [left, top, right - left, bottom - top], "segmentation": [ring],
                "keypoints": [left + 1, top + 1, 2, right - 1, bottom - 1, 1], "num_keypoints": 2,
            })  # fmt: skip
    kinds = [
        {"id": 3, "name": "head", "keypoints": ["nose", "ear"]},
        {"id": 4, "name": "tail", "keypoints": ["nose", "ear"]},
    ]
    (folder / "annotations").mkdir()
    content = {"images": images, "annotations": objects, "categories": kinds}
    (folder / "annotations" / "instances.json").write_text(json.dumps(content))
    broken = next((folder / "images").glob(f"*/{BROKEN} é.png"))
    broken.write_bytes(broken.read_bytes()[:200])


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "pictures"
    _write_pictures(folder)
    return folder


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    with Engine(2) as started:
        yield started


KINDS = {
    "everything": Options(buckets=2, split=Split.parse("50/30/20")),
    "channels first": Options(layout=Layout.NCHW, dtype=Numbers.UINT16),
    "floats": Options(dtype=Numbers.FLOAT32),
    "halves": Options(dtype=Numbers.FLOAT16, layout=Layout.NCHW, buckets=2),
}


@pytest.fixture(scope="session")
def stacks(engine, pictures, tmp_path_factory):
    """Return the folder of a stack of one of the `KINDS`, made once."""
    made: dict[str, Path] = {}
    catalog = engine.scan([str(pictures)], Control(), ScanOptions(), cache=False)

    def of(kind: str) -> Path:
        if kind not in made:
            made[kind] = tmp_path_factory.mktemp("stack") / "stack"
            engine.convert(resolve(KINDS[kind], catalog), RunOptions(str(made[kind])), Control())
        return made[kind]

    return of


@pytest.fixture(params=KINDS)
def stack(request, stacks):
    """Each kind of stack, open."""
    with open_stack(stacks(request.param)) as opened:
        yield opened


@pytest.fixture
def everything(stacks):
    """The stack of two arrays with masks, objects, labels, splits and a failed row."""
    with open_stack(stacks("everything")) as opened:
        assert len(opened.arrays) == 2
        assert opened.masks
        assert len(opened.objects) > 5
        assert len(opened.objects.polygons(0))
        assert opened.objects.keypoints.shape[1] == 2
        assert opened.labels is not None
        assert len(opened.parts) == 3
        assert np.count_nonzero(~opened.valid) == 1
        yield opened


@pytest.fixture
def exported(tmp_path):
    """Export a stack by the name of an exporter, and return the path of what was made."""

    def export(stack, name: str) -> Path:
        exporter = EXPORTERS[name]
        target = tmp_path / f"out{exporter.suffix}"
        size_bytes = export_stack(stack, exporter, str(target), UNWATCHED)
        assert 0 < size_bytes <= exporter.size_bytes(stack)
        return target

    return export
