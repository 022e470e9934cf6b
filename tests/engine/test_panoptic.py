"""COCO's panoptic format: things become boxes, and the colours of masks the classes of their segments."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui import open_stack
from stackgui.core.base.choices import Fit, MaskNumbers
from stackgui.core.base.errors import Cancelled
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.masks_taken import mask_sentences
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.resolve import resolve
from stackgui.core.plan.saved_plan import plan_from_json
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.engine.running.update import HowToUpdate
from tests.engine.stopping import StopAt

SIZE = (24, 32)
COUNT = 6
VOID = 255
PERSON, SKY, CAR = 1, 187, 3
CATEGORIES = [
    {"id": PERSON, "name": "person", "isthing": 1},
    {"id": SKY, "name": "sky", "isthing": 0},
    {"id": CAR, "name": "car"},
]
NAMES = [each["name"] for each in CATEGORIES]
NUMBERS = {each["id"]: number for number, each in enumerate(CATEGORIES)}
OPTIONS = Options(size=Size.parse("24x32"), fit=Fit.PAD)


def ids(index: int) -> np.ndarray:
    """Segments of a picture, with numbers of its own: the sky, a person, a car, and nothing elsewhere."""
    found = np.zeros(SIZE, np.int64)
    found[: 8 + index] = 70_000 + 1_000 * index
    found[10:20, 4 : 9 + index] = 300 + index
    found[12:18, 20:30] = 2**24 - 1 - index
    return found


def segments(index: int) -> list[dict]:
    categories = {70_000 + 1_000 * index: SKY, 300 + index: PERSON, 2**24 - 1 - index: CAR}
    found = []
    for number, category in categories.items():
        rows, columns = np.nonzero(ids(index) == number)
        left, top = int(columns.min()), int(rows.min())
        found.append({
            "id": number, "category_id": category, "iscrowd": int(category == CAR and index == 2),
            "bbox": [left, top, int(columns.max()) + 1 - left, int(rows.max()) + 1 - top], "area": len(rows),
        })  # fmt: skip
    return found


def classes(index: int) -> np.ndarray:
    """The mask that a row has to hold."""
    found = np.full(SIZE, VOID)
    for each in segments(index):
        found[ids(index) == each["id"]] = NUMBERS[each["category_id"]]
    return found


def write_masks(folder: Path, indices=range(COUNT)) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for index in indices:
        numbers = ids(index)
        colours = np.stack([numbers & 255, numbers >> 8 & 255, numbers >> 16], axis=2).astype(np.uint8)
        Image.fromarray(colours).save(folder / f"{index:012}.png")


def write_pictures(folder: Path, indices=range(COUNT)) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for index in indices:
        pixels = np.random.default_rng(index).integers(0, 256, (*SIZE, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{index:012}.jpg")


def write_json(file: Path, segments_of=segments, count=COUNT, categories=CATEGORIES) -> None:
    pictures = [
        {"id": 50 + index, "file_name": f"{index:012}.jpg", "height": SIZE[0], "width": SIZE[1]}
        for index in range(count)
    ]
    annotations = [
        {"image_id": 50 + index, "file_name": f"{index:012}.png", "segments_info": segments_of(index)}
        for index in range(count)
    ]
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"images": pictures, "annotations": annotations, "categories": categories}))


@pytest.fixture
def coco(tmp_path) -> Path:
    folder = tmp_path / "coco"
    write_pictures(folder / "val2017")
    write_masks(folder / "annotations" / "panoptic_val2017")
    write_json(folder / "annotations" / "panoptic_val2017.json")
    return folder


def converted(engine, catalog, out: Path, options: Options = OPTIONS, **choices) -> tuple[Plan, object]:
    plan = resolve(options, catalog)
    return plan, engine.convert(plan, RunOptions(str(out), **choices), Control())


def check(out: Path, rows=range(COUNT)) -> None:
    with open_stack(out) as stack:
        assert [*stack.mask_classes.values()] == NAMES == [*stack.objects.classes]
        for index in rows:
            assert np.array_equal(stack.masks[index], classes(index))


@pytest.mark.parametrize("place", ["annotations/panoptic_val2017", "panoptic_val2017"])
@pytest.mark.parametrize("dropped", ["", "val2017"])
def test_a_project_becomes_boxes_and_classes(engine, coco, tmp_path, place, dropped):
    if place == "panoptic_val2017":
        (coco / "annotations" / place).rename(coco / place)
    catalog = engine.scan([str(coco / dropped)], Control())
    assert len(catalog) == COUNT
    counts = np.bincount(np.concatenate([classes(index).ravel() for index in range(COUNT)]))[: len(NAMES)]
    found = catalog.masks.found
    assert (found.keys.tolist(), found.pixels.tolist()) == ([0, 1, 2], counts.tolist())
    plan, _done = converted(engine, catalog, tmp_path / "out")
    assert "0 person, 1 sky, 2 car" in mask_sentences(plan)[0]
    check(tmp_path / "out")
    with open_stack(tmp_path / "out") as stack:
        for index in range(COUNT):
            things = [each for each in segments(index) if each["category_id"] != SKY]
            boxes = np.array([each["bbox"] for each in things])
            boxes[:, 2:] += boxes[:, :2]
            assert np.array_equal(stack.boxes(index), boxes)
            rows = stack.objects.of_row(index)
            assert stack.objects.category[rows].tolist() == [NUMBERS[each["category_id"]] for each in things]
            assert stack.objects.area[rows].tolist() == [each["area"] for each in things]
            assert stack.objects.flags[rows].tolist() == [each["iscrowd"] for each in things]


def test_numbers_of_objects_stay_on_request(engine, coco, tmp_path):
    options = Options(size=OPTIONS.size, fit=OPTIONS.fit, mask_numbers=MaskNumbers.OBJECT_IDS)
    plan, _done = converted(engine, engine.scan([str(coco)], Control()), tmp_path / "out", options)
    with open_stack(tmp_path / "out") as stack:
        for index in range(COUNT):
            numbers = ids(index)
            assert np.array_equal(stack.masks[index], np.where(numbers == 0, plan.masks.ignore, numbers))


def test_a_segment_that_is_not_listed_fails_its_own_picture(engine, coco, tmp_path):
    write_json(
        coco / "annotations" / "panoptic_val2017.json",
        lambda index: segments(index)[: 2 if index == 4 else None],
    )
    out = tmp_path / "out"
    _plan, done = converted(engine, engine.scan([str(coco)], Control()), out)
    (failure,) = done.failures
    assert (failure.row, str(2**24 - 5) in failure.reason) == (4, True)
    check(out, [0, 1, 2, 3, 5])


def test_resume_retry_and_verify(engine, coco, tmp_path, monkeypatch):
    monkeypatch.setattr("stackgui.core.run.batches.MAX_BATCH_ROWS", 2)
    monkeypatch.setattr("stackgui.engine.running.progress.PUBLISH_S", 0.0)
    out = tmp_path / "out"
    catalog = engine.scan([str(coco)], Control())
    plan = resolve(OPTIONS, catalog)
    with pytest.raises(Cancelled):
        engine.convert(plan, RunOptions(str(out)), StopAt(2))
    assert engine.resume(f"{out}.partial", Control()).resumed_rows
    check(out)
    assert engine.verify(str(out), Control(), deep=None).is_sound
    whole = tmp_path / "whole"
    broken = coco / "annotations" / "panoptic_val2017" / f"{3:012}.png"
    good = broken.read_bytes()
    broken.write_bytes(good[:60])
    converted(engine, engine.scan([str(coco)], Control()), whole)
    broken.write_bytes(good)
    engine.retry_failed(str(whole), Control())
    check(whole)


def test_a_saved_plan_keeps_segments(engine, coco):
    plan = resolve(OPTIONS, engine.scan([str(coco)], Control()))
    again = plan_from_json(json.loads(json.dumps(plan.to_json(), default=lambda column: column.tolist())))
    assert again.fingerprint == plan.fingerprint
    assert again.masks == plan.masks
    segments_now = again.catalog.masks.segments
    assert not plan.catalog.masks.segments.differs(segments_now).any()


def test_a_segment_of_another_class_is_another_plan(engine, coco):
    before = resolve(OPTIONS, engine.scan([str(coco)], Control()))
    write_json(
        coco / "annotations" / "panoptic_val2017.json",
        lambda index: [{**each, "category_id": SKY} if index == 1 else each for each in segments(index)],
    )
    after = resolve(OPTIONS, engine.scan([str(coco)], Control()))
    assert before.fingerprint != after.fingerprint


def test_a_stack_is_brought_up_to_date_though_classes_come_in_another_order(engine, coco, tmp_path):
    out = tmp_path / "out"
    converted(engine, engine.scan([str(coco)], Control()), out)
    write_pictures(coco / "val2017", [COUNT])
    write_masks(coco / "annotations" / "panoptic_val2017", [COUNT])
    write_json(coco / "annotations" / "panoptic_val2017.json", count=COUNT + 1, categories=CATEGORIES[::-1])
    assert len(engine.update(str(out), Control(), HowToUpdate()).new) == 1
    check(out, range(COUNT + 1))


def test_boxes_of_another_file_are_not_doubled_by_segments(engine, coco):
    pictures = json.loads((coco / "annotations" / "panoptic_val2017.json").read_text())["images"]
    drawn = [{"id": 1, "image_id": 51, "category_id": PERSON, "bbox": [4.3, 9.6, 5.9, 10.2]}]
    content = {"images": pictures, "annotations": drawn, "categories": CATEGORIES[::-1]}
    (coco / "annotations" / "instances_val2017.json").write_text(json.dumps(content))
    found = engine.scan([str(coco)], Control()).annotations
    named = [found.categories[category] for category in found.objects.category.tolist()]
    assert sorted(named) == ["car"] * COUNT + ["person"] * COUNT
    person = np.flatnonzero((found.objects.picture == 1) & (np.array(named) == "person"))
    assert np.allclose(found.objects.box[person], [[4.3, 9.6, 10.2, 19.8]])
