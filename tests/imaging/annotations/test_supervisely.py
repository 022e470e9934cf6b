"""Supervisely: rectangles, polygons with holes, masks at their origin and graphs of keypoints."""

from __future__ import annotations

import base64
import io
import json
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stackgui.core.annotations.annotations import Annotations, Flag
from stackgui.core.annotations.complaints import FEW_CORNERS, NO_AREA, NO_PLACE
from stackgui.imaging.annotations import json_reading, shapes, supervisely
from stackgui.imaging.annotations.declaration import AnnotationFile
from stackgui.imaging.annotations.formats import recognised
from stackgui.imaging.annotations.supervisely import FORMAT
from tests.imaging.annotations.files import classes, complaints, read
from tests.imaging.annotations.hostile_values import anything
from tests.imaging.annotations.oracle import decoded_mask

SIZE = {"height": 20, "width": 30}
CAT = {
    "classTitle": "cat",
    "geometryType": "rectangle",
    "points": {"exterior": [[9, 8], [1, 2]], "interior": []},
    "tags": [],
}


def text_of(*objects: Any, **content: Any) -> bytes:
    return json.dumps({"description": "", "tags": [], "size": SIZE, "objects": objects, **content}).encode()


def read_one(*objects: Any, meta: Any = None, **content: Any) -> Annotations:
    text = text_of(*objects, **content)
    assert recognised("ds/ann/a.jpg.json", text) is FORMAT
    companions = {} if meta is None else {"meta.json": json.dumps(meta).encode()}
    return read(FORMAT, AnnotationFile("ds/ann/a.jpg.json", text, companions))


def test_a_rectangle_and_a_polygon_with_a_hole() -> None:
    hole = [[2, 1], [3, 1], [3, 2]]
    points = {"exterior": [[0, 0], [5, 0], [5, 5]], "interior": [hole]}
    found = read_one(CAT, {"classTitle": "dog", "geometryType": "polygon", "points": points})
    assert [*found.pictures] == ["ds/img/a.jpg"]
    assert (found.height.tolist(), found.width.tolist()) == ([20], [30])
    assert classes(found) == ["cat", "dog"]
    assert found.objects.box.tolist() == [[1, 2, 9, 8], [0, 0, 5, 5]]
    assert found.objects.rings[1].tolist() == hole
    assert found.objects.is_hole.tolist() == [False, True]


def packed(mask: np.ndarray[Any, Any], how: str) -> str:
    """Write a mask in one of the ways that occur."""
    if "alpha" in how:
        colours = np.full((*mask.shape, 4), 90, np.uint8)
        colours[..., 3] = mask
        picture = Image.fromarray(colours)
    else:
        picture = Image.fromarray(mask)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    data = buffer.getvalue()
    return base64.b64encode(zlib.compress(data) if "zlib" in how else data).decode()


@settings(max_examples=30)
@given(st.data())
def test_masks_lie_at_their_origin(data: st.DataObject) -> None:
    height, width = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    bits = data.draw(st.lists(st.booleans(), min_size=height * width, max_size=height * width))
    mask = np.array(bits, np.bool_).reshape(height, width)
    left, top = data.draw(st.integers(-3, 29)), data.draw(st.integers(-3, 19))
    mask[-1, -1] = True
    expected = np.zeros((40, 50), np.bool_)
    expected[top + 9 : top + 9 + height, left + 9 : left + 9 + width] = mask
    expected = expected[9:29, 9:39]
    how = data.draw(st.sampled_from(["zlib", "zlib alpha", "plain", "plain alpha"]))
    bitmap = {"data": packed(mask.astype(np.uint8) * 255, how), "origin": [left, top]}
    found = read_one({"classTitle": "cat", "geometryType": "bitmap", "bitmap": bitmap})
    if expected.any():
        assert complaints(found) == {}
        assert (decoded_mask(found, 0) == expected).all()
    else:
        assert complaints(found) == {NO_AREA: (1, True)}


def test_the_names_of_keypoints_are_in_the_project() -> None:
    node = {"n1": {"label": "nose", "loc": [0, 0]}, "n2": {"label": "tail", "loc": [1, 1]}}
    meta = {"classes": [{"title": "dog", "shape": "graph", "geometry_config": {"nodes": node}}], "tags": []}
    nodes = {"n2": {"loc": [3, 4]}, "n1": {"loc": [5, 6]}, "n3": {"loc": [7, 8], "disabled": True}}
    graph = {"classTitle": "dog", "geometryType": "graph", "nodes": nodes}
    found = read_one(CAT, graph, meta=meta)
    assert found.categories == ("dog", "cat")
    assert found.keypoint_names == ("tail", "nose")
    assert found.objects.keypoints[1].tolist() == [[3, 4, 2], [5, 6, 2]]
    assert found.objects.box[1].tolist() == [3, 4, 5, 6]


@pytest.mark.parametrize("meta", [5, {"classes": 5}, {"classes": [{"shape": "x"}]}])
def test_a_project_file_that_cannot_be_read(meta: Any) -> None:
    found = read_one(CAT, meta=meta)
    assert (classes(found), complaints(found)) == (["cat"], {supervisely.BAD_META: (1, False)})


def test_tags_of_the_picture_and_of_objects() -> None:
    tags = [{"name": "indoors", "value": None}, {"name": "light", "value": "dark"}, {"name": "n", "value": 5}]
    found = read_one({**CAT, "tags": [{"name": "Truncated", "value": None}]}, tags=tags)
    assert [found.categories[index] for index in found.tags.category] == ["indoors", "light: dark", "n"]
    assert found.objects.flags.tolist() == [Flag.TRUNCATED]


MASK = packed(np.ones((2, 2), np.uint8), "")
BITMAP = {**CAT, "geometryType": "bitmap", "points": None}


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({**CAT, "points": {"exterior": [[1, 2], [1, 5]]}}, NO_AREA),
        ({**CAT, "points": {"exterior": [[1, 2]]}}, shapes.UNSUPPORTED),
        ({**CAT, "points": {"exterior": [[1, 2], [float("nan"), 5]]}}, json_reading.NOT_AS_ASKED),
        ({**CAT, "geometryType": "line"}, shapes.UNSUPPORTED),
        ({**CAT, "geometryType": "polygon"}, FEW_CORNERS),
        ({**CAT, "geometryType": "graph", "nodes": {"a": {"loc": [1, 2], "disabled": True}}}, NO_PLACE),
        (BITMAP, shapes.UNSUPPORTED),
        ({**BITMAP, "bitmap": {"data": "%", "origin": [0, 0]}}, shapes.BAD_MASK),
        ({**BITMAP, "bitmap": {"data": "AAAA", "origin": [0, 0]}}, shapes.BAD_MASK),
        (
            {**BITMAP, "bitmap": {"data": packed(np.ones((2, 2), np.uint8), ""), "origin": [1e300, 0]}},
            NO_AREA,
        ),
        ("cat", json_reading.NOT_AS_ASKED),
    ],
)
def test_what_is_wrong_loses_itself_alone(wrong: Any, what: str) -> None:
    found = read_one(CAT, wrong, CAT)
    assert complaints(found) == {what: (1, True)}
    assert classes(found) == ["cat", "cat"]


def test_a_mask_needs_a_size_that_a_picture_has() -> None:
    bitmap = {"data": packed(np.full((2, 2), 255, np.uint8), "zlib"), "origin": [0, 0]}
    found = read_one({**BITMAP, "bitmap": bitmap}, size={"height": 0, "width": 5})
    assert complaints(found) == {shapes.NO_SIZE: (1, True)}
    found = read_one({**BITMAP, "bitmap": bitmap}, size={"height": 10**9, "width": 10**9})
    assert complaints(found) == {shapes.BAD_MASK: (1, True)}


KINDS = ["rectangle", "polygon", "point", "graph", "bitmap", "alpha_mask", "line"]
corners = st.lists(st.tuples(st.floats(), st.floats()))
odd_objects = st.fixed_dictionaries(
    {"geometryType": st.sampled_from(KINDS) | anything},
    optional={
        "classTitle": anything,
        "points": st.fixed_dictionaries({"exterior": st.lists(st.tuples(st.floats(), st.floats()))})
        | anything,
        "bitmap": anything,
        "nodes": st.dictionaries(st.text(max_size=2), anything) | anything,
        "tags": anything,
    },
)


@given(st.lists(odd_objects | anything, max_size=3), anything)
def test_whatever_a_file_holds_the_rest_is_read(odd: list[Any], size: Any) -> None:
    texts = [text_of(*odd, size=size), text_of(*odd), text_of(CAT)[:-5], text_of(CAT)]
    found = read(FORMAT, *(AnnotationFile(f"{index}.json", text) for index, text in enumerate(texts)))
    assert classes(found)[-1] == "cat"
