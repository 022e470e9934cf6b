"""COCO: what a file says becomes tables, and what is wrong in it costs itself alone."""

from __future__ import annotations

import json
import mmap
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.annotations.annotations import Annotations, Flag
from stackgui.core.annotations.complaints import (
    FEW_CORNERS,
    NO_AREA,
    NO_NAME,
    NO_PLACE,
    NOT_A_NUMBER,
)
from stackgui.core.annotations.reading import Reading
from stackgui.imaging.annotations import coco, coco_block, coco_objects, coco_segments, json_reading
from stackgui.imaging.annotations.coco import FORMAT as COCO
from stackgui.imaging.annotations.declaration import AnnotationFile
from stackgui.imaging.annotations.formats import recognised
from tests.imaging.annotations.files import read as files_read
from tests.imaging.annotations.hostile_values import anything
from tests.imaging.annotations.oracle import coco_mask, decoded_mask

PICTURE = {"id": 7, "file_name": "train/a.jpg", "height": 4, "width": 6}
CAT = {"id": 90, "name": "cat", "supercategory": "animal"}
BOX = {"id": 1, "image_id": 7, "category_id": 90, "bbox": [1, 2, 3, 2]}


def text_of(**content: Any) -> bytes:
    return json.dumps({"images": [PICTURE], "annotations": [], "categories": [CAT], **content}).encode()


def read(*texts: bytes) -> Annotations:
    files = [AnnotationFile(f"{index}.json", text) for index, text in enumerate(texts)]
    assert all(recognised(each.name, bytes(each.data[:65536])) is COCO for each in files)
    return files_read(COCO, *files)


def read_one(**changes: Any) -> Annotations:
    return read(text_of(annotations=[{**BOX, **changes}]))


def said(found: Annotations) -> list[tuple[str, int, bool]]:
    return [(each.what, each.count, each.is_lost) for each in found.complaints]


def test_a_box() -> None:
    found = read_one(area=5.5, iscrowd=1)
    assert [*found.pictures] == ["train/a.jpg"]
    assert (found.height.tolist(), found.width.tolist(), found.categories) == ([4], [6], ("cat",))
    objects = found.objects
    assert (objects.picture.tolist(), objects.category.tolist()) == ([0], [0])
    assert objects.box.tolist() == [[1, 2, 4, 4]]
    assert (objects.flags.tolist(), objects.area.tolist()) == ([Flag.CROWD], [5.5])
    assert said(found) == []


coordinates = st.floats(-50, 500, width=32)
sides = st.floats(0.25, 400, width=32)
polygons = st.lists(
    st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=6, unique=True), max_size=3
)


@st.composite
def datasets(draw: st.DrawFn) -> dict[str, Any]:
    """Return a file with numbers that are no indices, in any order."""
    ids = draw(st.lists(st.integers(0, 2**40) | st.text(min_size=1), min_size=1, max_size=4, unique_by=str))
    classes = draw(st.lists(st.integers(0, 1000), min_size=1, max_size=4, unique=True))
    objects = st.fixed_dictionaries(
        {
            "image_id": st.sampled_from(ids),
            "category_id": st.sampled_from(classes),
            "bbox": st.tuples(coordinates, coordinates, sides, sides),
            "iscrowd": st.integers(0, 1),
            "segmentation": polygons.map(
                lambda rings: [[x for point in ring for x in point] for ring in rings]
            ),
        },
        optional={
            "area": st.floats(0, 1000, width=32),
            "keypoints": st.lists(
                st.tuples(st.floats(1, 99, width=16), st.floats(1, 99, width=16), st.sampled_from([0, 1, 2])),
                max_size=3,
            ).map(lambda marks: [number for mark in marks for number in mark]),
            "attributes": st.dictionaries(st.text(), st.booleans()),
        },
    )
    content = {
        "images": [{"id": each, "file_name": f"{index}.png"} for index, each in enumerate(ids)],
        "annotations": [
            {"id": index, **each} for index, each in enumerate(draw(st.lists(objects, max_size=6)))
        ],
        "categories": [{"id": each, "name": f"class {each}"} for each in classes],
        "info": {"description": "}]["},
    }
    return {key: content[key] for key in draw(st.permutations(list(content)))}


@settings(max_examples=50)
@given(datasets(), st.booleans())
def test_what_is_written_is_read(content: dict[str, Any], is_indented: bool) -> None:  # noqa: FBT001
    found = read(json.dumps(content, indent=1 if is_indented else None).encode())
    assert said(found) == []
    objects, written = found.objects, content["annotations"]
    assert len(objects) == len(written)
    assert [*found.pictures] == [each["file_name"] for each in content["images"]]
    ids = {each["id"]: each["file_name"] for each in content["images"]}
    for index, each in enumerate(written):
        x, y, w, h = each["bbox"]
        assert objects.box[index].tolist() == [x, y, x + w, y + h]
        assert found.pictures[int(objects.picture[index])] == ids[each["image_id"]]
        assert found.categories[objects.category[index]] == f"class {each['category_id']}"
        assert objects.flags[index] == (Flag.CROWD if each["iscrowd"] else 0)
        area = each.get("area")
        assert np.isnan(objects.area[index]) if area is None else objects.area[index] == area
        rings = [objects.rings[ring].ravel().tolist() for ring in objects.object_rings[index].tolist()]
        assert rings == each["segmentation"]
        marks = np.array(each.get("keypoints", []), float).reshape(-1, 3)
        expected = [[x + 0.5, y + 0.5, v] if v else [0, 0, 0] for x, y, v in marks.tolist()]
        assert objects.keypoints[index].tolist() == expected


masks = st.integers(1, 9).flatmap(
    lambda height: st.integers(1, 9).flatmap(
        lambda width: st.lists(st.booleans(), min_size=height * width, max_size=height * width).map(
            lambda bits: np.array(bits, np.uint8).reshape(height, width)
        )
    )
)


@given(masks, st.booleans())
def test_run_lengths_are_those_of_the_mask(mask: np.ndarray[Any, Any], is_list: bool) -> None:  # noqa: FBT001
    counts: Any = coco_mask.encode(np.asfortranarray(mask))["counts"].decode()
    if is_list:
        column = mask.ravel(order="F")
        edges = np.flatnonzero(np.diff(column, prepend=0, append=1 - column[-1]))
        counts = np.diff(edges, prepend=0).tolist()
    found = read_one(segmentation={"size": list(mask.shape), "counts": counts})
    assert said(found) == []
    assert (decoded_mask(found, 0) == mask).all()
    if mask.any():
        alone = read_one(bbox=None, segmentation={"size": list(mask.shape), "counts": counts})
        left, top, right, bottom = alone.objects.box[0].tolist()
        rows, columns = np.nonzero(mask)
        assert (top, bottom) == (rows.min(), rows.max() + 1)
        assert (left, right) == (columns.min(), columns.max() + 1)


def test_run_lengths_go_down_the_columns_and_begin_with_zeros() -> None:
    found = read_one(bbox=None, segmentation={"size": [3, 4], "counts": [7, 1, 4]})
    assert np.argwhere(decoded_mask(found, 0)).tolist() == [[1, 2]]
    assert found.objects.box.tolist() == [[2, 1, 3, 2]]


def test_a_polygon_without_a_list_around_it_and_with_its_first_corner_again() -> None:
    found = read_one(bbox=[], segmentation=[1, 1, 5, 1, 5, 3, 1, 1])
    assert found.objects.rings[0].tolist() == [[1, 1], [5, 1], [5, 3]]
    assert found.objects.box.tolist() == [[1, 1, 5, 3]]


def test_a_box_around_marked_keypoints() -> None:
    found = read_one(bbox=None, keypoints=[0, 0, 0, 1, 1, 2, 3, 2, 1])
    assert found.objects.box.tolist() == [[1.5, 1.5, 3.5, 2.5]]


def test_names_of_keypoints() -> None:
    person = {"id": 1, "name": "person", "keypoints": ["nose", "left eye"]}
    assert read(text_of(categories=[CAT, person])).keypoint_names == ("nose", "left eye")


def test_pictures_without_annotations_are_listed() -> None:
    found = read(text_of(images=[PICTURE, {"id": "x", "file_name": "b.jpg"}], annotations=[BOX]))
    assert [*found.pictures] == ["train/a.jpg", "b.jpg"]
    assert (found.height.tolist(), found.objects.picture.tolist()) == ([4, 0], [0])


def test_files_have_one_table_of_classes() -> None:
    other = text_of(
        images=[{"id": 7, "file_name": "b.jpg"}],
        categories=[{"id": 1, "name": "dog"}, {"id": 2, "name": "cat"}],
        annotations=[{**BOX, "category_id": 2}],
    )
    found = read(text_of(annotations=[BOX]), other)
    assert [*found.pictures] == ["train/a.jpg", "b.jpg"]
    assert found.categories == ("cat", "dog")
    assert (found.objects.picture.tolist(), found.objects.category.tolist()) == ([0, 1], [0, 0])


def test_a_file_without_classes_calls_them_by_their_numbers() -> None:
    found = read(text_of(annotations=[BOX, {**BOX, "id": 2, "category_id": None}], categories=[]))
    assert (found.categories, found.objects.category.tolist()) == (("90",), [0, -1])
    assert said(found) == [(coco.NO_CLASSES, 1, False)]


def test_panoptic_segments() -> None:
    segments = [
        {"id": 5, "category_id": 90, "iscrowd": 0, "bbox": [0, 0, 2, 2], "area": 4},
        {"id": 256**2 + 2, "category_id": 90, "iscrowd": 1},
        {"id": 0, "category_id": 90},
        {"id": 7, "category_id": 4},
    ]
    annotation = {"image_id": 7, "file_name": "a.png", "segments_info": segments}
    pictures = [{"id": 1, "file_name": "b.jpg"}, PICTURE]
    found = read(text_of(images=pictures, annotations=[annotation, {**annotation, "file_name": 3}]))
    objects = found.objects
    assert (objects.picture.tolist(), objects.category.tolist()) == ([1], [0])
    assert (objects.box.tolist(), objects.area.tolist(), objects.flags.tolist()) == ([[0, 0, 2, 2]], [4], [0])
    assert [*found.segments.mask_name] == ["", "a.png"]
    assert found.segments.picture.tolist() == [1, 1]
    assert found.segments.category.tolist() == [0, 0]
    assert found.segments.id.tolist() == [5, 65538]
    assert found.segments.is_crowd.tolist() == [False, True]
    assert said(found) == [
        (coco_segments.BAD_SEGMENT, 2, True), (NO_PLACE, 1, True), (json_reading.NOT_AS_ASKED, 1, True)
    ]  # fmt: skip


@pytest.mark.parametrize(("isthing", "boxes"), [(1, 1), (0, 0), (None, 1)])
def test_only_things_among_segments_are_objects(isthing, boxes) -> None:
    segment = {"id": 5, "category_id": 1, "iscrowd": 1, "bbox": [0, 0, 2, 2]}
    annotation = {"image_id": 7, "file_name": "a.png", "segments_info": [segment]}
    category = {"id": 1, "name": "sea", "isthing": isthing}
    found = read(text_of(images=[PICTURE], annotations=[annotation], categories=[category]))
    assert found.objects.flags.tolist() == [Flag.CROWD.value] * boxes
    assert (found.segments.id.tolist(), said(found)) == ([5], [])


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"image_id": 8}, coco_objects.UNKNOWN_PICTURE),
        ({"category_id": 1}, coco_objects.UNKNOWN_CLASS),
        ({"category_id": 10**30}, coco_objects.UNKNOWN_CLASS),
        ({"bbox": [1, 1, 0, 5]}, NO_AREA),
        ({"bbox": [1, 1, 5, -5]}, NO_AREA),
        ({"bbox": [1, 1, 1e300, 1]}, NOT_A_NUMBER),
        ({"bbox": [1e308, 1, 1e308, 1]}, NOT_A_NUMBER),
        ({"bbox": [1, 1, float("nan"), 1]}, json_reading.NOT_AS_ASKED),
        ({"bbox": [1, 1, float("-inf"), 1]}, json_reading.NOT_AS_ASKED),
        ({"bbox": [1, 1, 10**400, 1]}, json_reading.NOT_AS_ASKED),
        ({"bbox": "1, 1, 5, 5"}, json_reading.NOT_AS_ASKED),
        ({"bbox": [1, 1, 5]}, NO_PLACE),
        ({"bbox": None}, NO_PLACE),
        ({"bbox": None, "keypoints": [4, 4, 0]}, NO_PLACE),
        ({"image_id": [[[]]]}, json_reading.NOT_AS_ASKED),
        ({"segmentation": {"size": [1, 2, 3], "counts": "1"}}, json_reading.NOT_AS_ASKED),
    ],
)
def test_what_is_wrong_loses_itself_alone(changes: dict[str, Any], what: str) -> None:
    good = {**BOX, "id": 2}
    found = read(text_of(annotations=[good, {**BOX, **changes}, {**good, "id": 3}]))
    assert said(found) == [(what, 1, True)]
    assert found.complaints[0].examples[0].startswith("0.json: annotations[1]")
    assert found.objects.box.tolist() == [[1, 2, 4, 4]] * 2


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"segmentation": [[1, 1, 2, 2]]}, FEW_CORNERS),
        ({"segmentation": [[1, 1, 2, 2, 3, 3, 4], [0, 0, 4, 0, 1e300, 4]]}, FEW_CORNERS),
        ({"segmentation": {"size": [3, 4], "counts": [7, 1, 5]}}, coco_block.BAD_MASK),
        ({"segmentation": {"size": [3, 4], "counts": [-1, 13]}}, coco_block.BAD_MASK),
        ({"segmentation": {"size": [3, 4], "counts": [10**30]}}, coco_block.BAD_MASK),
        ({"segmentation": {"size": [10**9, 10**9], "counts": [10**18]}}, coco_block.BAD_MASK),
        ({"segmentation": {"size": [3, 4], "counts": ""}}, coco_block.BAD_MASK),
        ({"segmentation": {"size": [3, 4], "counts": "ooooooooo"}}, coco_block.BAD_MASK),
        ({"segmentation": {"size": [3, 4], "counts": "ä1"}}, coco_block.BAD_MASK),
        ({"segmentation": {"size": [3, 4], "counts": "1" * 9}}, coco_block.BAD_MASK),
        ({"keypoints": [1, 2]}, coco_block.BAD_KEYPOINTS),
        ({"keypoints": [1, 1e300, 2]}, coco_block.BAD_KEYPOINTS),
    ],
)
def test_a_box_stays_without_its_wrong_outline(changes: dict[str, Any], what: str) -> None:
    found = read_one(**changes)
    assert {(each.what, each.is_lost) for each in found.complaints} == {(what, False)}
    assert found.objects.box.tolist() == [[1, 2, 4, 4]]
    assert (len(found.objects.rings), len(found.objects.bitmap[0])) == (0, 0)
    assert len(found.objects.keypoints[0]) == 0


def test_numbers_that_two_have() -> None:
    pictures = [PICTURE, {**PICTURE, "file_name": "b.jpg"}]
    found = read(text_of(images=pictures, annotations=[BOX, BOX]))
    assert [*found.pictures] == ["train/a.jpg"]
    assert said(found) == [(coco.SAME_ID, 1, True), (coco.SAME_ANNOTATION, 1, False)]
    assert len(found.objects) == 2


@pytest.mark.parametrize("name", ["../up/a.jpg", "/abs/a.jpg", "C:\\x\\a.jpg", "train\\a.jpg", "ä 😀.jpg"])
def test_names_stay_as_they_are_written(name: str) -> None:
    found = read(text_of(images=[{**PICTURE, "file_name": name}]))
    assert ([*found.pictures], said(found)) == ([name], [])


@pytest.mark.parametrize("name", ["", "a\0b.jpg"])
def test_a_name_that_no_file_has(name: str) -> None:
    found = read(text_of(images=[{**PICTURE, "file_name": name}, {"id": 8, "file_name": "b.jpg"}]))
    assert ([*found.pictures], said(found)) == (["b.jpg"], [(NO_NAME, 1, True)])


def test_entries_that_are_no_entries() -> None:
    found = read(text_of(images=[PICTURE, 3, {"id": 9, "file_name": 5}], categories=[CAT, None]))
    assert said(found) == [(coco.PICTURE_NOT_AS_ASKED, 3, True)]
    assert found.complaints[0].examples == (
        "0.json: categories[1]",
        "0.json: images[1]",
        "0.json: images[2].file_name",
    )
    bad_text = text_of(images=[{"id": 1, "file_name": "x.jpg"}, PICTURE], annotations=[BOX])
    found = read(bad_text.replace(b"x.jpg", b"\xff.jpg"))
    assert [*found.pictures] == ["train/a.jpg"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (text_of(annotations=[BOX])[:-30], json_reading.DAMAGED),
        (text_of(annotations=[BOX]) + b"}", json_reading.DAMAGED),
        (text_of(info=[]).replace(b"[]}", b"[" * 100_000), json_reading.NESTED),
        (text_of(annotations=[BOX]).replace(b'"annotations": [', b'"annotations": 5, "b": ['), None),
    ],
)
def test_a_file_that_cannot_be_read_costs_no_other_file(text: bytes, what: str | None) -> None:
    files = [AnnotationFile("bad.json", text), AnnotationFile("good.json", text_of(annotations=[BOX]))]
    found = files_read(COCO, *files)
    assert said(found) == [(what or json_reading.OTHERWISE, 1, True)]
    assert len(found.objects) == 1


@pytest.mark.parametrize(
    "encode", [lambda text: b"\xef\xbb\xbf" + text, lambda text: text.decode().encode("utf-16")]
)
def test_marks_of_byte_order(encode: Any) -> None:
    assert (
        len(COCO.read([AnnotationFile("a.json", encode(text_of(annotations=[BOX])))], Reading()).objects) == 1
    )


def test_a_memory_map_is_read(tmp_path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(text_of(annotations=[BOX] * 50_000))
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
        memoryview(data) as view,
    ):
        found = COCO.read([AnnotationFile("a.json", view)], Reading())
    assert (len(found.objects), said(found)) == (50_000, [(coco.SAME_ANNOTATION, 49_999, False)])


KEYS = [
    "image_id",
    "id",
    "category_id",
    "bbox",
    "segmentation",
    "area",
    "iscrowd",
    "keypoints",
    "segments_info",
]
bad_annotations = st.dictionaries(st.sampled_from([*KEYS, "file_name"]), anything).map(
    lambda bad: {**BOX, **bad}
)


@given(st.lists(bad_annotations | anything, max_size=3), st.lists(anything, max_size=2))
def test_whatever_a_file_holds_the_rest_is_read(bad: list[Any], entries: list[Any]) -> None:
    content = text_of(
        images=[PICTURE, *entries, {"id": "good", "file_name": "good.jpg"}],
        categories=[*entries, CAT],
        annotations=[*bad, {**BOX, "image_id": "good"}, *bad],
    )
    found = files_read(COCO, AnnotationFile("a.json", content))
    assert [*found.pictures][-1] == "good.jpg"
    assert (found.objects.picture == len(found.pictures) - 1).any()


@given(st.integers(0, 600), st.binary(max_size=3))
def test_damaged_bytes_are_no_error(place: int, put: bytes) -> None:
    text = text_of(annotations=[BOX, {**BOX, "segmentation": {"size": [3, 4], "counts": "714"}}])
    files_read(COCO, AnnotationFile("a.json", text[:place] + put + text[place + len(put) :]))
