"""Label Studio: per cent become pixels, turned about the corner, and strokes become masks."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.annotations.annotations import Annotations
from stackgui.core.annotations.complaints import FEW_CORNERS, NO_AREA, NO_NAME, NOT_A_NUMBER
from stackgui.imaging.annotations import json_reading, label_studio, label_studio_picture, shapes
from stackgui.imaging.annotations.declaration import AnnotationFile
from stackgui.imaging.annotations.formats import recognised
from stackgui.imaging.annotations.label_studio import FORMAT
from tests.imaging.annotations.files import classes, complaints, read
from tests.imaging.annotations.hostile_values import anything
from tests.imaging.annotations.oracle import decoded_mask

SIZE = {"original_width": 200, "original_height": 100}
PLACE = {"x": 10, "y": 20, "width": 30, "height": 40, "rotation": 0}
CAT = {"id": "a", "type": "rectanglelabels", "value": {**PLACE, "rectanglelabels": ["cat"]}, **SIZE}
IMAGE = {"image": "/data/upload/1/3f2a8c1d-a.jpg"}


def task(*results: Any, **content: Any) -> dict[str, Any]:
    said = {"id": 5, "completed_by": 1, "result": results, "was_cancelled": False}
    return {"id": 1, "annotations": [said], "predictions": [], "data": IMAGE, **content}


def read_all(*tasks: Any) -> Annotations:
    text = json.dumps(tasks).encode()
    assert recognised("a.json", text) is FORMAT
    return read(FORMAT, AnnotationFile("a.json", text))


def test_a_rectangle_in_per_cent() -> None:
    found = read_all(task(CAT))
    assert [*found.pictures] == ["/data/upload/1/3f2a8c1d-a.jpg"]
    assert (found.height.tolist(), found.width.tolist()) == ([100], [200])
    assert classes(found) == ["cat"]
    assert found.objects.box.tolist() == [[20, 20, 80, 60]]
    assert (len(found.objects.rings), complaints(found)) == (0, {})


def test_a_rectangle_is_turned_in_pixels_about_its_corner() -> None:
    found = read_all(task({**CAT, "value": {**CAT["value"], "rotation": 90}}))
    assert found.objects.rings[0].tolist() == pytest.approx(
        np.array([[20, 20], [20, 80], [-20, 80], [-20, 20]])
    )
    assert found.objects.box[0].tolist() == pytest.approx([-20, 20, 20, 80])


shares = st.floats(0, 90, width=16)
lengths = st.floats(1, 50, width=16)


@given(shares, shares, lengths, lengths, st.floats(1, 359), st.booleans())
def test_turned_rectangles(x: float, y: float, w: float, h: float, degrees: float, is_up: bool) -> None:  # noqa: FBT001
    height = -h if is_up else h
    value = {"x": x, "y": y, "width": w, "height": height, "rotation": degrees, "rectanglelabels": ["cat"]}
    found = read_all(task({**CAT, "value": value}))
    origin = complex(x * 2, y)
    turn = complex(math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))
    expected = [origin + turn * each for each in (0, w * 2, complex(w * 2, height), complex(0, height))]
    corners = found.objects.rings[0] @ np.array([1, 1j])
    assert corners.tolist() == pytest.approx(expected)
    level = read_all(task({**CAT, "value": {**value, "rotation": 0}}))
    assert level.objects.box[0].tolist() == pytest.approx(
        [x * 2, min(y, y + height), x * 2 + w * 2, max(y, y + height)]
    )


def test_polygons_ellipses_and_keypoints_of_a_parent() -> None:
    polygon = {"points": [[0, 0], [50, 0], [50, 50]], "polygonlabels": ["dog"]}
    sun = {"x": 50, "y": 50, "radiusX": 5, "radiusY": 20, "rotation": 0, "ellipselabels": ["sun"]}
    nose = {"x": 1, "y": 2, "width": 0.5, "keypointlabels": ["nose"]}
    tip = {"x": 4, "y": 5, "width": 0.5, "keypointlabels": ["tip"]}
    found = read_all(
        task(
            {**SIZE, "id": "p", "type": "polygonlabels", "value": polygon},
            {**SIZE, "id": "e", "type": "ellipselabels", "value": sun},
            {**SIZE, "id": "k", "type": "keypointlabels", "value": nose, "parentID": "p"},
            {**SIZE, "id": "l", "type": "keypointlabels", "value": tip},
        )
    )
    assert classes(found) == ["dog", "sun", "tip"]
    assert found.objects.rings[0].tolist() == [[0, 0], [100, 0], [100, 50]]
    assert found.objects.box[1].tolist() == pytest.approx([90, 30, 110, 70])
    assert found.keypoint_names == ("nose", "tip")
    assert found.objects.keypoints[0].tolist() == [[2, 2, 2]]
    assert found.objects.keypoints[2].tolist() == [[0, 0, 0], [8, 5, 2]]


def test_labels_may_be_apart_from_the_place_and_choices_are_tags() -> None:
    found = read_all(
        task(
            {"id": "a", "type": "rectangle", "value": PLACE, **SIZE},
            {"id": "a", "type": "labels", "value": {**PLACE, "labels": ["cat"]}, **SIZE},
            {"id": "a", "type": "textarea", "value": {"text": ["old"]}},
            {"id": "c", "type": "choices", "value": {"choices": ["indoors", "dark"]}},
        )
    )
    assert (classes(found), complaints(found)) == (["cat"], {})
    assert [found.categories[index] for index in found.tags.category] == ["indoors", "dark"]


def runs(values: np.ndarray[Any, Any], lengths_: list[int]) -> list[int]:
    """Pack bytes as Label Studio does, in pieces of these lengths over and over."""
    sizes = (2, 3, 8, 15)
    bits = f"{len(values):032b}{7:05b}" + "".join(f"{size - 1:04b}" for size in sizes)
    place = step = 0
    while place < len(values):
        length = min(lengths_[step % len(lengths_)], len(values) - place)
        piece = values[place : place + length]
        which = next(index for index, size in enumerate(sizes) if length <= 1 << size)
        bits += f"{int((piece == piece[0]).all())}{which:02b}{length - 1:0{sizes[which]}b}"
        bits += f"{piece[0]:08b}" if (piece == piece[0]).all() else "".join(f"{each:08b}" for each in piece)
        place, step = place + length, step + 1
    bits += "0" * (-len(bits) % 8)
    return [int(bits[index : index + 8], 2) for index in range(0, len(bits), 8)]


@settings(max_examples=50)
@given(st.data())
def test_strokes(data: st.DataObject) -> None:
    height, width = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    alpha = data.draw(
        st.lists(st.sampled_from([0, 0, 9, 255]), min_size=height * width, max_size=height * width)
    )
    mask = np.array(alpha, np.uint8).reshape(height, width)
    mask[0, 0] = 255
    colours = np.zeros((height, width, 4), np.uint8)
    colours[..., 0], colours[..., 3] = data.draw(st.sampled_from([0, 7])), mask
    rle = runs(colours.ravel(), data.draw(st.lists(st.integers(1, 90), min_size=1, max_size=5)))
    value = {"format": "rle", "rle": rle, "brushlabels": ["cat"]}
    size = {"original_width": width, "original_height": height}
    found = read_all(task({"id": "b", "type": "brushlabels", "value": value, **size}))
    assert (classes(found), complaints(found)) == (["cat"], {})
    assert (decoded_mask(found, 0) == (mask > 0)).all()


MINIMAL = {
    **IMAGE,
    "caption": "nothing",
    "id": 1,
    "box": [{**CAT["value"], **SIZE}, {**CAT["value"], **SIZE, "rectanglelabels": ["dog"]}],
    "scene": "indoors",
    "weather": {"choices": ["wet", "dark"]},
    "annotator": 1,
    "annotation_id": 5,
    "created_at": "2024-01-01",
    "lead_time": 3.5,
}


def test_a_shortened_export() -> None:
    found = read_all(MINIMAL)
    assert [*found.pictures] == ["/data/upload/1/3f2a8c1d-a.jpg"]
    assert (found.height.tolist(), classes(found)) == ([100], ["cat", "dog"])
    assert found.objects.box[0].tolist() == [20, 20, 80, 60]
    assert [found.categories[index] for index in found.tags.category] == ["indoors", "wet", "dark"]
    assert complaints(found) == {}


def test_one_annotation_with_its_task_inside() -> None:
    text = json.dumps({"id": 5, "result": [CAT], "task": {"id": 1, "data": IMAGE}}).encode()
    assert recognised("5.json", text) is FORMAT
    assert classes(read(FORMAT, AnnotationFile("5.json", text))) == ["cat"]


def test_one_annotation_of_several_is_taken_and_pictures_to_do_are_not() -> None:
    def said(label: str, **content: Any) -> dict[str, Any]:
        return {"result": [{**CAT, "value": {**PLACE, "rectanglelabels": [label]}}], **content}

    old, new = said("old", updated_at="2024-01-01"), said("new", updated_at="2024-02-01")
    best = said("best", updated_at="2023-01-01", ground_truth=True)
    found = read_all(
        task(annotations=[new, old]),
        task(annotations=[old, best, new]),
        task(annotations=[said("skipped", was_cancelled=True), old]),
        task(annotations=[said("skipped", was_cancelled=True)]),
        task(annotations=[]),
    )
    assert classes(found) == ["new", "best", "old"]
    assert complaints(found) == {label_studio.SEVERAL: (3, True), label_studio.NOT_ANNOTATED: (2, False)}


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"image": "photos/a b%20.jpg"}, "photos/a b%20.jpg"),
        ({"image": "https://x.org/b/a%20b.jpg?token=1/2"}, "b/a b.jpg"),
        ({"image": "s3://bucket/dir/a.jpg"}, "dir/a.jpg"),
        ({"image": "/data/local-files/?d=photos/a%20b.jpg"}, "photos/a b.jpg"),
        ({"text": "It was a cat", "url": "x/a.png", "n": 5}, "x/a.png"),
        ({"image": "../a.jpg"}, "../a.jpg"),
    ],
)
def test_the_name_of_the_picture(data: dict[str, Any], name: str) -> None:
    assert [*read_all(task(CAT, data=data)).pictures] == [name]


@pytest.mark.parametrize(
    "data", [{}, {"text": "It was"}, {"image": "data:image/png;base64,AAAA"}, {"image": 5}]
)
def test_a_task_without_picture(data: dict[str, Any]) -> None:
    found = read_all(task(CAT), task(CAT, data=data))
    assert (complaints(found), len(found.pictures)) == ({NO_NAME: (1, True)}, 1)


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({**CAT, "value": {**PLACE, "width": 0}}, NO_AREA),
        ({**CAT, "value": {**PLACE, "width": 1e300}}, NOT_A_NUMBER),
        ({**CAT, "value": {**PLACE, "width": float("nan")}}, NOT_A_NUMBER),
        ({**CAT, "value": {**PLACE, "x": "5"}}, json_reading.NOT_AS_ASKED),
        ({**CAT, "value": {"points": [[1, 2], [3, 4]]}}, FEW_CORNERS),
        ({**CAT, "value": {"points": [[1, 2], [3]]}}, json_reading.NOT_AS_ASKED),
        ({**CAT, "value": {"rle": [0, 0, 1]}}, shapes.BAD_MASK),
        ({**CAT, "value": {"rle": [300]}}, shapes.BAD_MASK),
        ({**CAT, "value": {"rle": runs(np.zeros(4, np.uint8), [9])}}, shapes.BAD_MASK),
        ({**CAT, "value": {"start": 1, "end": 3}, "type": "timeserieslabels"}, shapes.UNSUPPORTED),
        (5, json_reading.NOT_AS_ASKED),
    ],
)
def test_what_is_wrong_loses_itself_alone(wrong: Any, what: str) -> None:
    wrong = {**wrong, "id": "w"} if isinstance(wrong, dict) else wrong
    found = read_all(task(CAT, wrong, {**CAT, "id": "z"}))
    assert classes(found) == ["cat", "cat"]
    assert complaints(found) == {what: (1, True)}


def test_a_place_needs_the_size_of_its_picture() -> None:
    found = read_all(task({"id": "a", "value": CAT["value"]}))
    assert complaints(found) == {label_studio_picture.UNKNOWN_SIZE: (1, True)}
    assert len(found.pictures) == 1


def test_a_task_that_cannot_be_read_costs_no_other() -> None:
    found = read_all(task(CAT), {"annotations": 5}, 5, None)
    assert (complaints(found), classes(found)) == ({json_reading.NOT_AS_ASKED: (3, True)}, ["cat"])


KEYS = ["x", "y", "width", "height", "rotation", "radiusX", "points", "rle", "labels", "choices"]
odd_values = st.dictionaries(st.sampled_from(KEYS), st.integers() | st.floats() | anything)
odd_results = st.fixed_dictionaries(
    {"value": odd_values | anything},
    optional={
        "id": st.sampled_from(["a", 1, None]) | anything,
        "parentID": st.just("a"),
        "original_width": anything,
    },
)


@given(st.lists(odd_results | anything, max_size=4), odd_values, anything)
def test_whatever_a_file_holds_the_rest_is_read(odd: list[Any], value: Any, data: Any) -> None:
    tasks = [task(CAT, *odd), {**MINIMAL, "box": [value]}, task(*odd, data=data), task(CAT)]
    found = read(FORMAT, AnnotationFile("a.json", json.dumps(tasks).encode()))
    assert classes(found)[-1] == "cat"
