"""Masks can be drawn from the outlines of annotated objects: moved as floats, and made pixels last."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pycocotools import mask as coco_mask

from stackgui import open_stack
from stackgui.core.base.choices import Anchor, DrawMasks, Fit, MissingMask
from stackgui.core.base.errors import PlanError
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.drawn_masks import Outline
from stackgui.core.plan.masks_taken import mask_sentences
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.imaging.annotations.drawing import covered
from stackgui.imaging.annotations.run_lengths import mask_of

SIZES = [(30, 40), (24, 20), (50, 33)]
TRIANGLE = [5.5, 4.25, 18.0, 6.5, 9.25, 20.75]
SQUARE = [2.6, 2.6, 7.6, 2.6, 7.6, 7.6, 2.6, 7.6]


def annotation(number: int, picture: int, category: int, segmentation, **more) -> dict:
    return {
        "id": number, "image_id": picture, "category_id": category, "segmentation": segmentation,
        "bbox": [2, 2, 17, 19], "area": 90, "iscrowd": 0, **more,
    }  # fmt: skip


@pytest.fixture
def coco(tmp_path) -> Path:
    """A triangle and a square above it in one picture, run lengths in the next, nothing in the third."""
    folder = tmp_path / "coco"
    folder.mkdir()
    for index, size in enumerate(SIZES):
        Image.fromarray(np.zeros((*size, 3), np.uint8)).save(folder / f"{index}.png")
    bits = np.zeros(SIZES[1], np.uint8)
    bits[3:20, 2:9] = 1
    packed = coco_mask.encode(np.asfortranarray(bits))
    rle = {"size": list(SIZES[1]), "counts": packed["counts"].decode()}
    crowd = {"size": list(SIZES[0]), "counts": [0, 30, 30 * 39]}
    found = {
        "images": [
            {"id": index, "file_name": f"{index}.png", "height": height, "width": width}
            for index, (height, width) in enumerate(SIZES[:2])
        ],
        "categories": [{"id": 7, "name": "road"}, {"id": 9, "name": "car"}],
        "annotations": [
            annotation(1, 0, 7, [TRIANGLE]), annotation(2, 0, 9, [SQUARE]), annotation(3, 1, 9, rle),
            annotation(4, 0, 7, crowd, iscrowd=1, bbox=[0, 0, 1, 30]),
        ],
    }  # fmt: skip
    (folder / "instances.json").write_text(json.dumps(found))
    return folder


def inside(points, height: int, width: int) -> np.ndarray:
    (found,) = coco_mask.frPyObjects([points], height, width)
    return mask_of(found["counts"], height, width).astype(bool)


def convert(engine, plan, out: Path) -> None:
    report = engine.convert(plan, RunOptions(str(out)), Control())
    assert report.failures == ()


def test_pixels_have_the_numbers_of_classes(engine, scan, coco, tmp_path):
    plan = resolve(Options(draw_masks=DrawMasks.CLASSES), scan(coco))
    convert(engine, plan, tmp_path / "stack")
    with open_stack(tmp_path / "stack") as stack:
        expected = np.zeros(SIZES[0], np.uint8)
        expected[inside(TRIANGLE, *SIZES[0])] = 1
        expected[inside(SQUARE, *SIZES[0])] = 2
        expected[:, 0] = 255
        assert np.array_equal(stack.masks.original(0), expected)
        assert (expected == 2).sum() == 25
        assert np.array_equal(np.argwhere(stack.masks.original(1) == 2)[[0, -1]], [[3, 2], [19, 8]])
        assert (stack.masks.original(2) == 255).all()
        assert stack.mask_classes == {0: "background", 1: "road", 2: "car"}
    assert "road" in mask_sentences(plan)[0]
    verified = engine.verify(str(tmp_path / "stack"), Control(), deep=None)
    assert (verified.is_sound, verified.decoded, verified.not_compared) == (True, 3, ())


def test_polygons_are_moved_before_they_become_pixels(engine, scan, coco, tmp_path):
    options = Options(
        draw_masks=DrawMasks.CLASSES, fit=Fit.LETTERBOX, size=Size.exact(64, 70), anchor=Anchor.CENTER,
        object_classes=("car=",),
    )  # fmt: skip
    plan = resolve(options, scan(coco))
    convert(engine, plan, tmp_path / "stack")
    with open_stack(tmp_path / "stack") as stack:
        _top, _left, height, width = stack.placements[0].tolist()
        scale = np.tile([width / SIZES[0][1], height / SIZES[0][0]], 3)
        moved = (np.array(TRIANGLE) * scale).tolist()
        found = stack.masks.original(0) == 1
        differ = found[:, 2:] != inside(moved, height, width)[:, 2:]
        assert not differ.any()
        assert set(np.unique(stack.masks[1])) == {0, 255}
        assert stack.mask_classes == {0: "background", 1: "road"}


def test_pixels_have_the_numbers_of_objects(engine, scan, coco, tmp_path):
    convert(engine, resolve(Options(draw_masks=DrawMasks.OBJECTS), scan(coco)), tmp_path / "stack")
    with open_stack(tmp_path / "stack") as stack:
        assert set(np.unique(stack.masks[0])) == {0, 1, 2, 255}
        assert set(np.unique(stack.masks.original(1))) == {0, 1}
        assert stack.mask_classes == {0: "background"}


def test_without_outlines_or_annotations_nothing_is_drawn(scan, coco):
    catalog = scan(coco)
    assert resolve(Options(), catalog).masks is None
    left = resolve(Options(draw_masks=DrawMasks.CLASSES, missing_masks=MissingMask.LEAVE_OUT), catalog)
    assert left.rows == 2
    text = json.loads((coco / "instances.json").read_text())
    for each in text["annotations"]:
        each.pop("segmentation")
    (coco / "instances.json").write_text(json.dumps(text))
    with pytest.raises(PlanError, match="no outlines"):
        resolve(Options(draw_masks=DrawMasks.CLASSES), scan(coco))
    (coco / "instances.json").unlink()
    assert resolve(Options(draw_masks=DrawMasks.CLASSES), scan(coco)).masks is None


def outline(*rings, holes=()) -> Outline:
    return Outline(
        1,
        [np.array(ring).reshape(-1, 2) for ring in rings],
        [np.array(hole).reshape(-1, 2) for hole in holes],
        b"",
        (0, 0),
    )


def test_a_hole_is_cut_out():
    whole = [0, 0, 10, 0, 10, 10, 0, 10]
    found = covered(outline(whole, holes=[[2, 2, 6, 2, 6, 6, 2, 6]]), (12, 12), (0, 0), (12, 12))
    assert found.sum() == 100 - 16


@given(
    st.lists(st.tuples(st.floats(-300, 300), st.floats(-300, 300)), min_size=3, max_size=6),
    st.tuples(st.integers(1, 30), st.integers(1, 30)),
)
def test_what_goes_on_outside_is_drawn_as_coco_does(points, shape):
    flat = [float(number) for point in points for number in point]
    assert np.array_equal(covered(outline(flat), shape, (0, 0), shape), inside(flat, *shape))


def test_polygons_of_any_length_take_little_memory():
    far = [-1e9, -1e9, 1e9, -1e9, 1e9, 1e9, -1e9, 1e9]
    assert covered(outline(far), (5, 5), (0, 0), (5, 5)).all()
    above = covered(outline([-1e9, -1e9, 1e9, -1e9, 1e9, 1e9]), (50, 50), (0, 0), (50, 50))
    row, column = np.indices((50, 50))
    assert above[column > row + 1].all()
    assert not above[column < row - 1].any()
