"""LabelMe: shapes become objects, those of a group one object."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stackgui.core.annotations.annotations import Annotations, Flag, Names
from stackgui.core.annotations.complaints import FEW_CORNERS, NO_AREA, NOT_A_NUMBER
from stackgui.imaging.annotations import json_reading, labelme, shapes
from stackgui.imaging.annotations.declaration import AnnotationFile
from stackgui.imaging.annotations.formats import recognised
from stackgui.imaging.annotations.labelme import FORMAT
from tests.imaging.annotations.files import classes, complaints, read
from tests.imaging.annotations.hostile_values import anything
from tests.imaging.annotations.oracle import decoded_mask

CAT = {"label": "cat", "points": [[9, 8], [1, 2]], "shape_type": "rectangle", "group_id": None, "flags": {}}
TRIANGLE = {"label": "dog", "points": [[0, 0], [4, 0], [4, 4]], "shape_type": "polygon", "group_id": None}


def text_of(*shapes_: Any, **content: Any) -> bytes:
    whole = {
        "version": "5.5.0",
        "flags": {},
        "shapes": shapes_,
        "imagePath": "a.jpg",
        "imageData": "A" * 100,
        "imageHeight": 20,
        "imageWidth": 30,
    }
    return json.dumps({**whole, **content}).encode()


def read_one(*shapes_: Any, **content: Any) -> Annotations:
    text = text_of(*shapes_, **content)
    assert recognised("x/a.json", text) is FORMAT
    return read(FORMAT, AnnotationFile("x/a.json", text))


def png(mask: np.ndarray[Any, Any]) -> str:
    buffer = io.BytesIO()
    Image.fromarray(mask).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def test_a_rectangle_whose_corners_come_in_any_order_and_a_polygon() -> None:
    found = read_one(CAT, TRIANGLE)
    assert (found.names, [*found.pictures]) == (Names.BY_STEM, ["x/a"])
    assert (found.height.tolist(), found.width.tolist()) == ([20], [30])
    assert classes(found) == ["cat", "dog"]
    assert found.objects.box.tolist() == [[1, 2, 9, 8], [0, 0, 4, 4]]
    assert found.objects.object_rings.lengths.tolist() == [0, 1]
    assert found.objects.rings[0].tolist() == TRIANGLE["points"]
    assert complaints(found) == {}


def test_old_files_have_no_kinds_of_shapes_and_their_keys_in_alphabetical_order() -> None:
    shape = {"label": "dog", "points": TRIANGLE["points"], "line_color": None}
    content = {"fillColor": [0], "imageData": "A" * 99_999, "imagePath": "a.jpg", "shapes": [shape]}
    text = json.dumps(content).encode()
    assert recognised("a.json", text[:65536]) is FORMAT
    assert classes(read(FORMAT, AnnotationFile("a.json", text))) == ["dog"]


def test_shapes_of_a_label_and_a_group_are_one_object() -> None:
    other = [[10, 10], [14, 10], [14, 14]]
    found = read_one(
        {**TRIANGLE, "group_id": 1},
        {**TRIANGLE, "group_id": 2},
        {**TRIANGLE, "group_id": 1, "points": other},
        {**TRIANGLE, "group_id": 1, "label": "cat"},
    )
    assert classes(found) == ["dog", "dog", "cat"]
    assert found.objects.object_rings.lengths.tolist() == [2, 1, 1]
    assert found.objects.rings[1].tolist() == other
    assert found.objects.box[0].tolist() == [0, 0, 14, 14]


def test_points_of_a_group_are_keypoints_of_its_object() -> None:
    def point(name: str, group: int | None, x: float) -> dict[str, Any]:
        return {"label": name, "points": [[x, 5]], "shape_type": "point", "group_id": group}

    found = read_one(
        point("nose", 1, 2),
        {**CAT, "group_id": 1},
        point("tail", 1, 8),
        point("tail", 3, 4),
        point("ear", None, 1),
    )
    assert found.keypoint_names == ("nose", "tail", "ear")
    assert classes(found) == ["cat", "ear", "tail"]
    assert found.objects.keypoints[0].tolist() == [[2, 5, 2], [8, 5, 2]]
    assert found.objects.keypoints[1].tolist() == [[0, 0, 0], [0, 0, 0], [1, 5, 2]]
    assert found.objects.keypoints[2].tolist() == [[0, 0, 0], [4, 5, 2]]


def test_a_circle_reaches_as_far_as_its_radius() -> None:
    found = read_one({**CAT, "shape_type": "circle", "points": [[10, 10], [13, 14]]})
    assert found.objects.box[0].tolist() == pytest.approx([5, 5, 15, 15])
    assert np.hypot(*(found.objects.rings[0] - 10).T) == pytest.approx(5)


@settings(max_examples=30)
@given(st.data())
def test_a_mask_lies_at_its_rounded_corner(data: st.DataObject) -> None:
    height, width = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    bits = data.draw(st.lists(st.booleans(), min_size=height * width, max_size=height * width))
    mask = np.array(bits, np.bool_).reshape(height, width)
    mask[0, 0] = True
    left, top = data.draw(st.integers(0, 29)), data.draw(st.integers(0, 19))
    corners = [[left + 0.3, top - 0.3], [left + width - 1, top + height - 1]]
    shape = {**CAT, "shape_type": "mask", "points": corners, "mask": png(mask.astype(np.uint8) * 255)}
    found = read_one(shape)
    expected = np.zeros((26, 36), np.bool_)
    expected[top : top + height, left : left + width] = mask
    assert (decoded_mask(found, 0) == expected[:20, :30]).all()
    rows, columns = np.nonzero(expected[:20, :30])
    assert found.objects.box[0].tolist() == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


def test_masks_of_a_group_are_united() -> None:
    one = np.full((2, 2), 255, np.uint8)
    shape = {**CAT, "shape_type": "mask", "group_id": 4, "mask": png(one)}
    found = read_one({**shape, "points": [[0, 0], [1, 1]]}, {**shape, "points": [[1, 0], [2, 1]]})
    assert np.argwhere(decoded_mask(found, 0)).tolist() == [[y, x] for y in (0, 1) for x in (0, 1, 2)]
    assert found.objects.box.tolist() == [[0, 0, 3, 2]]


def test_flags_of_shapes_and_of_pictures() -> None:
    found = read_one(
        {**CAT, "flags": {"Occluded": True, "truncated": False}}, flags={"blurred": True, "dark": False}
    )
    assert found.objects.flags.tolist() == [Flag.OCCLUDED]
    assert [found.categories[index] for index in found.tags.category] == ["blurred"]


@pytest.mark.parametrize(
    ("path", "size", "stem", "count"),
    [
        ("a.jpg", (0, 0), "x/a", 0),
        ("..\\photos\\a.png", (0, 0), "x/a", 0),
        ("frame 1.jpg", (0, 0), "x/frame 1", 0),
        ("frame 1.jpg", (20, 30), "x/a", 1),
        ("", (0, 0), "x/a", 0),
        (None, (0, 0), "x/a", 0),
    ],
)
def test_the_picture_is_the_one_beside_the_file_if_there_is_one(path, size, stem, count) -> None:
    found = read(FORMAT, AnnotationFile("x/a.json", text_of(imagePath=path), picture_size=size))
    assert [*found.pictures] == [stem]
    assert complaints(found) == ({labelme.OTHER_PICTURE: (1, False)} if count else {})


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({**CAT, "points": [[1, 1], [1, 5]]}, NO_AREA),
        ({**CAT, "points": [[1, 1], [1e300, 5]]}, NOT_A_NUMBER),
        ({**CAT, "points": [[1, 1], [float("nan"), 5]]}, json_reading.NOT_AS_ASKED),
        ({**CAT, "points": [[1, 1], [5]]}, json_reading.NOT_AS_ASKED),
        ({**CAT, "points": []}, shapes.UNSUPPORTED),
        ({**CAT, "shape_type": "linestrip"}, shapes.UNSUPPORTED),
        ({**CAT, "shape_type": "circle", "points": [[1, 1]]}, shapes.UNSUPPORTED),
        ({**TRIANGLE, "points": [[1, 1], [4, 4]]}, FEW_CORNERS),
        ({**CAT, "shape_type": "mask"}, shapes.BAD_MASK),
        ({**CAT, "shape_type": "mask", "mask": "%%"}, shapes.BAD_MASK),
        ({**CAT, "shape_type": "mask", "mask": "AAAA"}, shapes.BAD_MASK),
        ({**CAT, "shape_type": "mask", "points": [[-1e308, 0], [1, 1]], "mask": "AAAA"}, shapes.BAD_MASK),
        (5, json_reading.NOT_AS_ASKED),
    ],
)
def test_what_is_wrong_loses_itself_alone(wrong: Any, what: str) -> None:
    found = read_one(TRIANGLE, wrong, CAT)
    assert complaints(found) == {what: (1, True)}
    assert found.complaints[0].examples[0].startswith("x/a.json: shapes[1]")
    assert classes(found) == ["dog", "cat"]


def test_a_mask_needs_the_size_of_its_picture() -> None:
    shape = {**CAT, "shape_type": "mask", "mask": png(np.full((7, 9), 255, np.uint8))}
    text = text_of(shape, imageHeight=None)
    found = read(FORMAT, AnnotationFile("a.json", text))
    assert complaints(found) == {shapes.NO_SIZE: (1, True)}
    found = read(FORMAT, AnnotationFile("a.json", text, picture_size=(9, 12)))
    assert (found.objects.bitmap_size.tolist(), found.height.tolist()) == ([[9, 12]], [0])


def test_a_file_that_cannot_be_read_costs_no_other_file() -> None:
    files = [AnnotationFile("a.json", text_of(CAT)[:-9]), AnnotationFile("b.json", text_of(CAT))]
    found = read(FORMAT, *files)
    assert complaints(found) == {json_reading.DAMAGED: (1, True)}
    assert (found.complaints[0].examples, classes(found)) == (("a.json",), ["cat"])


KINDS = ["polygon", "rectangle", "circle", "mask", "point", "points", "line", None]
numbers = st.floats() | st.integers()
odd_shapes = st.fixed_dictionaries(
    {
        "points": st.lists(st.lists(st.floats() | st.integers(), min_size=2, max_size=2), max_size=4)
        | anything
    },
    optional={
        "label": anything,
        "shape_type": st.sampled_from(KINDS),
        "group_id": st.integers(0, 1) | anything,
        "mask": st.just(png(np.ones((2, 2), np.uint8))) | st.text(),
        "flags": anything,
    },
)


@given(st.lists(odd_shapes, max_size=3), anything, anything)
def test_whatever_a_file_holds_the_rest_is_read(odd: list[Any], height: Any, path: Any) -> None:
    files = [text_of(*odd, imageHeight=height, imagePath=path), text_of(CAT)]
    found = read(FORMAT, *(AnnotationFile(f"{index}.json", text) for index, text in enumerate(files)))
    assert classes(found)[-1] == "cat"
