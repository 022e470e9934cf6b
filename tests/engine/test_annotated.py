"""Boxes lie in every row on the pixels that they were drawn on, and annotation files are found.

The pictures of these tests are black but for one rectangle, which their annotations mark.
"""

from __future__ import annotations

import itertools
import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import stackgui
from stackgui.core.base.choices import Anchor, Fit, LabelForm, Layout, Resample, Storage
from stackgui.core.base.errors import Cancelled, StackguiError, UsageError
from stackgui.core.base.size import Size
from stackgui.core.base.skip_kinds import ANNOTATION_FILES
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from tests.engine.stopping import StopAt

SIZES = [(60, 80), (41, 93), (120, 35), (64, 70), (30, 30)]
UPRIGHT, ASIDE = 1, 6


def drawn(random: np.random.Generator, height: int, width: int) -> tuple[np.ndarray, tuple[int, ...]]:
    """A picture with a white rectangle, and the rectangle as left, top, right and bottom."""
    left, top = int(random.integers(0, width // 2)), int(random.integers(0, height // 2))
    right, bottom = int(random.integers(left + 8, width + 1)), int(random.integers(top + 8, height + 1))
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[top:bottom, left:right] = 255
    return pixels, (left, top, right, bottom)


def turned_back(pixels: np.ndarray, mark: int) -> np.ndarray:
    """The pixels to store so that the mark turns them upright."""
    return np.rot90(pixels, 1) if mark == ASIDE else pixels


@pytest.fixture
def coco(tmp_path: Path) -> Path:
    """Pictures, one in two of them turned by a mark, with a COCO file in the coordinates people see."""
    folder, random = tmp_path / "coco", np.random.default_rng(5)
    (folder / "images").mkdir(parents=True)
    images, annotations = [], []
    for number, (height, width) in enumerate(SIZES):
        mark = ASIDE if number % 2 else UPRIGHT
        pixels, (left, top, right, bottom) = drawn(random, height, width)
        exif = Image.Exif()
        exif[0x0112] = mark
        Image.fromarray(turned_back(pixels, mark)).save(folder / "images" / f"{number}.png", exif=exif)
        images.append({"id": 10 + number, "file_name": f"{number}.png", "height": height, "width": width})
        box = [left, top, right - left, bottom - top]
        annotations.append(
            {"id": number, "image_id": 10 + number, "category_id": 3, "bbox": box, "iscrowd": 0}
        )
    content = {"images": images, "annotations": annotations, "categories": [{"id": 3, "name": "white"}]}
    (folder / "annotations").mkdir()
    (folder / "annotations" / "instances.json").write_text(json.dumps(content))
    return folder


def scanned(engine: Engine, *folders: Path, **choices) -> Catalog:
    return engine.scan([str(folder) for folder in folders], Control(), ScanOptions(**choices))


def convert(engine: Engine, catalog: Catalog, out: Path, options: Options | None = None, **choices):
    plan = resolve(options or Options(), catalog)
    engine.convert(plan, RunOptions(str(out), **choices), Control())
    return stackgui.open_stack(out)


def white(row: np.ndarray) -> list[int] | None:
    """The bounds of the white pixels of a row, shape (H, W, C)."""
    rows, columns = np.nonzero(row[..., 0] > 127)
    return [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1] if len(rows) else None


OPTIONS = [
    Options(
        size=Size.parse(size),
        fit=fit,
        anchor=anchor,
        buckets=buckets,
        layout=layout,
        resample=Resample.NEAREST,
    )
    for fit, (anchor, size, buckets, layout) in itertools.product(
        Fit,
        [
            (Anchor.CENTER, "50x70", 1, Layout.NHWC),
            (Anchor.BOTTOM_RIGHT, "max", 1, Layout.NHWC),
            (Anchor.TOP_RIGHT, "90x90", 1, Layout.NCHW),
            (Anchor.CENTER, "max", 3, Layout.NHWC),
        ],
    )
]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda each: f"{each.fit}-{each.size}-{each.buckets}")
def test_every_box_lies_on_its_pixels(engine, coco, tmp_path, options):
    with convert(engine, scanned(engine, coco), tmp_path / "out", options) as stack:
        for row, pixels in enumerate(stack):
            seen = white(pixels.transpose(1, 2, 0) if options.layout is Layout.NCHW else pixels)
            boxes = stack.boxes(row)
            if seen is None or not len(boxes):
                # Both are there, or what is left is less than a pixel.
                assert seen is None or min(seen[2] - seen[0], seen[3] - seen[1]) <= 1
                continue
            # The centre of a pixel decides whether it is drawn, so the edges are within half a pixel.
            np.testing.assert_allclose(boxes[0], seen, atol=0.5 + 1e-3)
            back = stack.to_source(row, boxes[0])
            np.testing.assert_allclose(stack.to_row(row, back), boxes[0], atol=1e-4)


def test_what_a_stack_says_of_its_boxes(engine, coco, tmp_path):
    with convert(engine, scanned(engine, coco), tmp_path / "out") as stack:
        assert stack.objects.classes == ["white"]
        assert stack.objects.row.tolist() == [0, 1, 2, 3, 4]
        assert (stack.objects.category == 0).all()
        assert stack.boxes(0).shape == (1, 4)
        assert "5 boxes" in repr(stack)
        assert stack.header["objects"]["kept"] == 5
    assert engine.verify(str(tmp_path / "out"), Control()).is_sound


def test_a_stack_without_annotations_says_so(engine, pictures, tmp_path):
    with convert(engine, scanned(engine, pictures), tmp_path / "out") as stack:
        assert stack.objects is None
        assert stack.transforms.shape == (len(stack), 4)
        with pytest.raises(StackguiError, match="no annotations"):
            stack.boxes(0)


@pytest.mark.parametrize("below", ["", "images"])
def test_annotations_are_found_among_the_pictures_and_in_the_folders_beside_them(engine, coco, below):
    catalog = scanned(engine, coco / below)
    assert len(catalog.annotations.objects) == 5
    assert not catalog.annotations.complaints


@pytest.fixture
def others(pictures) -> Path:
    """Pictures with other names than those that are annotated."""
    for file in sorted(pictures.rglob("*.*")):
        file.rename(file.with_name(f"other-{file.name}"))
    return pictures


def test_files_that_only_lie_near_and_are_about_other_pictures_are_passed_over(engine, coco, others):
    shutil.move(coco / "annotations", others.parent / "annotations")
    assert scanned(engine, others).annotations is None


def test_annotations_in_an_archive(engine, coco, tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(coco.rglob("*.*")):
            archive.write(file, file.relative_to(coco))
    catalog = scanned(engine, tmp_path / "all.zip")
    assert len(catalog.annotations.objects) == 5
    assert catalog.skipped.kind.counts() == {ANNOTATION_FILES: 1}


def test_annotations_of_a_place_that_was_named(engine, coco, tmp_path):
    place = shutil.move(coco / "annotations", tmp_path / "elsewhere")
    assert scanned(engine, coco).annotations is None
    for named in (Path(place), Path(place) / "instances.json"):
        assert len(scanned(engine, coco, annotations=str(named)).annotations.objects) == 5
    assert scanned(engine, coco, annotations="none").annotations is None


def test_a_named_place_without_annotations_of_these_pictures_is_refused(engine, coco, others, tmp_path):
    place = shutil.move(coco / "annotations", tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="none of these pictures"):
        scanned(engine, others, annotations=str(place))
    with pytest.raises(UsageError, match="holds no annotations"):
        scanned(engine, coco, annotations=str(others))


def test_a_plan_with_annotations_is_the_same_after_it_was_saved(engine, coco):
    from stackgui.core.plan.saved_plan import plan_from_json

    plan = resolve(Options(), scanned(engine, coco))
    again = plan_from_json(json.loads(json.dumps(plan.to_json())))
    assert again.fingerprint == plan.fingerprint
    assert again.catalog.annotations.objects.box.tolist() == plan.catalog.annotations.objects.box.tolist()


def test_one_changed_box_makes_another_plan(engine, coco):
    before = resolve(Options(), scanned(engine, coco)).fingerprint
    place = coco / "annotations" / "instances.json"
    content = json.loads(place.read_text())
    content["annotations"][0]["bbox"][0] += 0.25
    place.write_text(json.dumps(content))
    assert resolve(Options(), scanned(engine, coco)).fingerprint != before


def test_a_retried_row_gets_its_boxes(engine, coco, tmp_path):
    whole = (coco / "images" / "2.png").read_bytes()
    (coco / "images" / "2.png").write_bytes(whole[: len(whole) // 2])
    with convert(engine, scanned(engine, coco), tmp_path / "out") as stack:
        assert [len(stack.boxes(row)) for row in range(5)] == [1, 1, 0, 1, 1]
        assert stack.transforms[2].tolist() == [0, 0, 0, 0]
        assert (stack.header["objects"]["kept"], stack.header["objects"]["fates"]["blank"]) == (4, 1)
    (coco / "images" / "2.png").write_bytes(whole)
    engine.retry_failed(str(tmp_path / "out"), Control())
    with stackgui.open_stack(tmp_path / "out") as stack:
        np.testing.assert_allclose(stack.boxes(2)[0], white(stack[2]), atol=0.501)
        assert (stack.header["objects"]["kept"], stack.header["objects"]["fates"]["blank"]) == (5, 0)
    assert engine.verify(str(tmp_path / "out"), Control()).is_sound


@pytest.mark.parametrize("name", ["boxes.npy", "box_classes.npy", "box_offsets.npy", "transforms.npy"])
def test_a_changed_table_is_damage(engine, coco, tmp_path, name):
    convert(engine, scanned(engine, coco), tmp_path / "out").close()
    table = np.load(tmp_path / "out" / name)
    table.reshape(-1)[-1] += 1
    np.save(tmp_path / "out" / name, table)
    report = engine.verify(str(tmp_path / "out"), Control())
    assert not report.is_sound
    assert name == "box_offsets.npy" or {each.file for each in report.damage} == {name}


def test_a_labelme_file_renamed_with_its_picture_stays_with_it(engine, tmp_path):
    pixels, (left, top, right, bottom) = drawn(np.random.default_rng(2), 40, 60)
    Image.fromarray(pixels).save(tmp_path / "new.png")
    shape = {"label": "white", "points": [[left, top], [right, bottom]], "shape_type": "rectangle"}
    content = {"version": "5.0", "flags": {}, "shapes": [shape], "imagePath": "old.png", "imageData": None}
    sizes = {"imageHeight": 40, "imageWidth": 60}
    (tmp_path / "new.json").write_text(json.dumps(content | sizes))
    assert scanned(engine, tmp_path).annotations.objects.box.tolist() == [[left, top, right, bottom]]


def test_several_classes_of_a_whole_picture_are_all_kept(engine, tmp_path):
    folder = tmp_path / "tagged"
    folder.mkdir()
    for name, flags in (("a", {"cat": True, "dog": True}), ("b", {"dog": True}), ("c", {})):
        Image.fromarray(np.full((9, 9, 3), 7, np.uint8)).save(folder / f"{name}.png")
        content = {
            "version": "5.0",
            "flags": flags,
            "shapes": [],
            "imagePath": f"{name}.png",
            "imageData": None,
        }
        (folder / f"{name}.json").write_text(json.dumps(content | {"imageHeight": 9, "imageWidth": 9}))
    catalog = scanned(engine, folder)
    with convert(engine, catalog, tmp_path / "one") as stack:
        assert [stack.classes[label] if label >= 0 else "" for label in stack.labels] == ["", "dog", ""]
    with convert(engine, catalog, tmp_path / "out", Options(label_form=LabelForm.MANY)) as stack:
        assert stack.classes == ["cat", "dog"]
        assert stack.labels.tolist() == [[1, 1], [0, 1], [0, 0]]
    assert engine.verify(str(tmp_path / "out"), Control()).is_sound


def test_an_npz_has_the_boxes_too(engine, coco, tmp_path):
    convert(engine, scanned(engine, coco), tmp_path / "out").close()
    engine.export(str(tmp_path / "out"), "npz", str(tmp_path / "out.npz"), Control())
    with (
        np.load(tmp_path / "out.npz", allow_pickle=False) as found,
        stackgui.open_stack(tmp_path / "out") as stack,
    ):
        np.testing.assert_array_equal(found["boxes"], stack.objects.box)
        np.testing.assert_array_equal(found["box_offsets"], stack.objects.offsets)
        np.testing.assert_array_equal(found["transforms"], stack.transforms)
        assert found["object_classes"].tolist() == ["white"]


def test_a_run_that_was_stopped_is_resumed_with_its_boxes(engine, coco, tmp_path, monkeypatch):
    monkeypatch.setattr("stackgui.core.run.batches.MAX_BATCH_ROWS", 1)
    monkeypatch.setattr("stackgui.engine.running.progress.PUBLISH_S", 0.0)
    plan = resolve(Options(), scanned(engine, coco))
    with pytest.raises(Cancelled):
        engine.convert(plan, RunOptions(str(tmp_path / "out"), Storage.FILE), StopAt(2))
    engine.resume(str(tmp_path / "out.partial"), Control())
    with stackgui.open_stack(tmp_path / "out") as stack:
        for row, pixels in enumerate(stack):
            np.testing.assert_allclose(stack.boxes(row)[0], white(pixels), atol=0.501)


def test_a_changed_transform_is_damage_without_annotations_too(engine, pictures, tmp_path):
    convert(engine, scanned(engine, pictures), tmp_path / "out").close()
    table = np.load(tmp_path / "out" / "transforms.npy")
    table[0, 0] += 1
    np.save(tmp_path / "out" / "transforms.npy", table)
    report = engine.verify(str(tmp_path / "out"), Control())
    assert {each.file for each in report.damage} == {"transforms.npy"}
