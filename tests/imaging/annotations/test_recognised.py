"""A file is taken for annotations of one format at most, and ordinary files for none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.imaging.annotations import via
from stackgui.imaging.annotations.declaration import START_BYTES
from stackgui.imaging.annotations.formats import FORMATS, recognised

COCO_PICTURE = {"id": 1, "file_name": "a.jpg"}
COCO_OBJECT = {"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1]}

# Name of the format, name of the file, and its content.
KNOWN = [
    ("coco", "instances.json", {"images": [COCO_PICTURE], "annotations": [COCO_OBJECT], "categories": []}),
    ("coco", "empty.JSON", {"images": [], "annotations": [], "categories": []}),
    ("coco", "back.json", {"annotations": [COCO_OBJECT], "images": []}),
    ("cvat", "annotations.xml", "<annotations><version>1.1</version><image id='0'/></annotations>"),
    ("dota", "P0001.txt", "imagesource:GoogleEarth\ngsd:0.1\n1 1 5 1 5 5 1 5 ship 0\n"),
    ("dota", "labelTxt/P0002.txt", ""),
    ("kitti", "000001.txt", "Car 0.00 0 -1.57 1 2 3 4 1.65 1.67 3.64 -0.65 1.71 46.70 -1.59\n"),
    ("kitti", "label_2/000002.txt", ""),
    ("voc", "a.xml", "<annotation><filename>a.jpg</filename></annotation>"),
    (
        "labelme",
        "a.json",
        {"version": "5", "flags": {}, "shapes": [], "imagePath": "a.jpg", "imageData": None},
    ),
    ("labelme", "old.json", {"shapes": [{"label": "a", "points": [[1, 2]]}], "imagePath": "a.jpg"}),
    ("label-studio", "a.json", [{"id": 1, "annotations": [{"id": 2, "result": []}], "data": {"image": "a"}}]),
    ("label-studio", "todo.json", [{"id": 1, "annotations": [], "data": {"image": "a.jpg"}}]),
    ("label-studio", "min.json", [{"image": "a.jpg", "id": 1, "annotator": 1, "annotation_id": 2}]),
    ("label-studio", "1.json", {"result": [], "task": {"id": 1}}),
    ("supervisely", "a.jpg.json", {"description": "", "size": {"height": 1, "width": 1}, "objects": []}),
    ("via", "project.json", {"_via_settings": {}, "_via_img_metadata": {}}),
    ("via", "export.json", {"a.jpg5": {"filename": "a.jpg", "size": 5, "regions": []}}),
    ("via", "first.json", {"a.jpg5": {"filename": "a.jpg", "size": 5, "regions": {}}}),
    ("via", "table.csv", ",".join(via.COLUMNS)),
    ("open-images", "boxes.csv", "ImageID,LabelName,XMin,XMax,YMin,YMax\n"),
    ("open-images", "labels.csv", "ImageID,Source,LabelName,Confidence\na,b,c,1\n"),
    ("yolo", "a.txt", "0 0.5 0.5 0.1 0.1\n"),
    ("yolo", "labels/a.txt", ""),
    ("coco", "lvis.json", {"categories": [{"id": 1, "name": "a", "supercategory": "b"}], "images": []}),
]

ORDINARY = [
    ("package.json", {"name": "x", "version": "1.0.0", "files": ["a"], "scripts": {"test": "x"}}),
    ("list.json", ["a.jpg", "b.jpg"]),
    ("records.json", [{"file": "a.jpg", "label": "cat"}]),
    ("labels.json", {"a.jpg": "cat", "b.jpg": "dog"}),
    ("results.json", [{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}]),
    ("classes.json", {"categories": ["cat", "dog"]}),
    ("model.json", {"images": 5, "annotations": {"x": 1}}),
    ("number.json", 5),
    ("meta.json", {"classes": [{"title": "cat"}], "tags": []}),
    ("empty.json", {}),
    ("none.json", []),
    ("page.xml", "<html><image/></html>"),
    ("labels.csv", "file,label\na.jpg,cat\n"),
    ("class-descriptions.csv", "/m/01,Cat\n/m/02,Dog\n"),
    ("numbers.csv", "1,2,3,4,5\n6,7,8,9,10\n"),
    ("notes.txt", "cat\ndog\n"),
    ("readme.txt", "Some pictures of 3 cats, taken in 2024.\n"),
    ("empty.txt", ""),
]


def bytes_of(content: object) -> bytes:
    return content.encode() if isinstance(content, str) else json.dumps(content).encode()


def takers(name: str, start: bytes) -> list[str]:
    return [each.name for each in FORMATS if each.recognises(name, start)]


@pytest.mark.parametrize(("format_name", "name", "content"), KNOWN, ids=lambda each: str(each)[:30])
def test_a_file_is_of_one_format(format_name: str, name: str, content: object) -> None:
    start = bytes_of(content)
    assert takers(name, start) == [format_name]
    found = recognised(f"folder.d/{name}", start)
    assert found is not None
    assert found.name == format_name
    assert recognised("folder/no suffix", start) is None


@pytest.mark.parametrize(("name", "content"), ORDINARY, ids=lambda each: str(each)[:30])
def test_ordinary_files_are_no_annotations(name: str, content: object) -> None:
    assert recognised(name, bytes_of(content)) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=3)
            | st.sampled_from(
                ["images", "annotations", "categories", "shapes", "regions", "objects", "size", "id", "data"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values, st.integers(1, 60))
def test_recognising_never_raises(content: object, end: int) -> None:
    start = bytes_of(content)
    for each in FORMATS:
        for text in (start, start[:end], start[end:]):
            assert each.recognises("a.json", text) in (True, False)


@given(st.binary(max_size=80))
def test_recognising_takes_any_bytes(start: bytes) -> None:
    for each in FORMATS:
        assert each.recognises("a.json", start) in (True, False)


@pytest.mark.parametrize("text", [b"[" * START_BYTES, b'{"a":' * 9999, b'{"images":[' * 5000, b'"' * 999])
def test_deep_nesting_is_no_format(text: bytes) -> None:
    assert recognised("a.json", text) is None


def test_a_start_that_is_cut_off_anywhere_is_recognised_once_it_tells() -> None:
    content = {
        "info": {"n": "}"},
        "images": [COCO_PICTURE] * 3,
        "annotations": [COCO_OBJECT],
        "categories": [],
    }
    text = bytes_of(content)
    first = text.index(b'"a.jpg"') + len(b'"a.jpg"')
    assert all(recognised("a.json", text[:end]) is not None for end in range(first + 1, len(text)))
