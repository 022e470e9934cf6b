"""VIA: projects, exports and tables with the same regions."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.annotations.annotations import Annotations, Flag
from stackgui.core.annotations.complaints import FEW_CORNERS, NO_AREA, NO_NAME, NOT_A_NUMBER
from stackgui.imaging.annotations import json_reading, shapes, via
from stackgui.imaging.annotations.declaration import AnnotationFile
from stackgui.imaging.annotations.formats import recognised
from stackgui.imaging.annotations.via import FORMAT
from tests.imaging.annotations.files import classes, complaints, read
from tests.imaging.annotations.hostile_values import anything

RECT = {"name": "rect", "x": 1, "y": 2, "width": 3, "height": 4}
CAT = {"shape_attributes": RECT, "region_attributes": {"note": "big", "class": "cat"}}


def exported(*entries: tuple[str, Any]) -> dict[str, Any]:
    return {
        f"{name}{size}": {"filename": name, "size": size, "regions": regions, "file_attributes": {}}
        for size, (name, regions) in enumerate(entries)
    }


def read_json(content: Any) -> Annotations:
    text = json.dumps(content).encode()
    assert recognised("a.json", text) is FORMAT
    return read(FORMAT, AnnotationFile("a.json", text))


def table(entries: dict[str, Any]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(via.COLUMNS)
    for entry in entries.values():
        head = (entry["filename"], entry["size"], json.dumps(entry["file_attributes"]), len(entry["regions"]))
        for index, region in enumerate(entry["regions"]):
            cells = (json.dumps(region["shape_attributes"]), json.dumps(region["region_attributes"]))
            writer.writerow((*head, index, *cells))
        if not entry["regions"]:
            writer.writerow((*head, 0, "{}", "{}"))
    return buffer.getvalue().encode()


numbers = st.floats(-50, 500, width=32)
corners = st.lists(st.tuples(numbers, numbers), min_size=3, max_size=5, unique=True)
boxes = st.tuples(numbers, numbers, st.floats(0.5, 99, width=16), st.floats(0.5, 99, width=16))
names = st.sampled_from(["a.jpg", "b c.png", "../d,e.jpg", "ä.jpg"])


@st.composite
def regions(draw: st.DrawFn) -> dict[str, Any]:
    label = {draw(st.sampled_from(["class", "Label", "kind"])): draw(st.sampled_from(["cat", {"cat": True}]))}
    if draw(st.booleans()):
        xs, ys = zip(*draw(corners.filter(has_area)), strict=True)
        shape = {"name": "polygon", "all_points_x": list(xs), "all_points_y": list(ys)}
    else:
        shape = dict(zip(("x", "y", "width", "height"), draw(boxes), strict=True), name="rect")
    return {"shape_attributes": shape, "region_attributes": label}


def has_area(points: list[tuple[float, float]]) -> bool:
    return all(min(each) < max(each) for each in zip(*points, strict=True))


@settings(max_examples=50)
@given(
    st.lists(st.tuples(names, st.lists(regions(), max_size=3)), max_size=3, unique_by=lambda each: each[0])
)
def test_what_is_written_is_read(written: list[tuple[str, Any]]) -> None:
    entries = exported(*written)
    export, project, rows = (
        read(FORMAT, AnnotationFile("a.json", json.dumps(entries).encode())),
        read_json({"_via_settings": {}, "_via_img_metadata": entries}),
        read(FORMAT, AnnotationFile("a.csv", table(entries))),
    )
    for found in (export, project, rows):
        assert complaints(found) == {}
        assert [*found.pictures] == [name for name, _ in written]
        expected = [(picture, each) for picture, (_, several) in enumerate(written) for each in several]
        assert found.objects.picture.tolist() == [picture for picture, _ in expected]
        assert set(classes(found)) <= {"cat"}
        for index, (_, region) in enumerate(expected):
            shape = region["shape_attributes"]
            if shape["name"] == "rect":
                x, y, w, h = (shape[key] for key in ("x", "y", "width", "height"))
                assert found.objects.box[index].tolist() == [x, y, x + w, y + h]
            else:
                ring = found.objects.rings[int(found.objects.ring_starts[index])]
                assert ring.T.tolist() == [shape["all_points_x"], shape["all_points_y"]]


def test_round_shapes_points_flags_and_the_numbered_regions_of_the_first_version() -> None:
    marks = {"class": "cat", "occluded": {"1": True}, "difficult": "true"}
    ellipse = {"name": "ellipse", "cx": 9, "cy": 9, "rx": 4, "ry": 2, "theta": 0}
    regions_ = {
        "0": {"shape_attributes": {"name": "circle", "cx": 9, "cy": 9, "r": 4}},
        "1": {"shape_attributes": ellipse},
        "2": {"shape_attributes": {"name": "point", "cx": 3, "cy": 4}, "region_attributes": marks},
    }
    found = read_json(exported(("a.jpg", regions_)))
    assert found.objects.box == pytest.approx(np.array([[5, 5, 13, 13], [5, 7, 13, 11], [3, 4, 3, 4]]))
    assert found.objects.keypoints[2].tolist() == [[3, 4, 2]]
    assert (classes(found), found.objects.flags.tolist()) == (["", "", "cat"], [0, 0, Flag.DIFFICULT])


def test_what_is_ticked_for_a_picture_is_a_tag() -> None:
    entries = exported(("a.jpg", []))
    entries["a.jpg0"]["file_attributes"] = {"caption": "my cat", "light": {"dark": True, "bright": False}}
    for found in (read_json(entries), read(FORMAT, AnnotationFile("a.csv", table(entries)))):
        assert [found.categories[index] for index in found.tags.category] == ["dark"]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({**RECT, "width": -3}, NO_AREA),
        ({**RECT, "width": 1e300}, NOT_A_NUMBER),
        ({"name": "rect", "x": 1}, NOT_A_NUMBER),
        ({"name": "polyline", "all_points_x": [1, 2], "all_points_y": [1, 2]}, shapes.UNSUPPORTED),
        ({"name": "polygon", "all_points_x": [1, 2], "all_points_y": [1]}, shapes.UNSUPPORTED),
        ({"name": "polygon", "all_points_x": [1, 2], "all_points_y": [1, 2]}, FEW_CORNERS),
        ({"name": "polygon"}, FEW_CORNERS),
        ({"name": 5}, json_reading.NOT_AS_ASKED),
        ({**RECT, "x": "1"}, json_reading.NOT_AS_ASKED),
        ({**RECT, "x": float("nan")}, NOT_A_NUMBER),
    ],
)
def test_what_is_wrong_loses_itself_alone(wrong: Any, what: str) -> None:
    bad = {"shape_attributes": wrong, "region_attributes": {"class": "bad"}}
    entries = exported(("a.jpg", [CAT, bad, CAT]), ("", [CAT]), ("b.jpg", []))
    for found in (read_json(entries), read(FORMAT, AnnotationFile("a.csv", table(entries)))):
        assert complaints(found) == {what: (1, True), NO_NAME: (1, True)}
        assert classes(found) == ["cat", "cat"]
        assert [*found.pictures] == ["a.jpg", "b.jpg"]


def test_files_that_are_damaged_or_no_table_cost_no_other() -> None:
    good = AnnotationFile("good.json", json.dumps(exported(("a.jpg", [CAT]))).encode())
    cut = AnnotationFile("cut.json", bytes(good.data)[:-9])
    odd = AnnotationFile("odd.csv", table({}) + b'a.jpg,5,{},1,0,"{""name"": ,"\nb.jpg\n"')
    found = read(FORMAT, cut, odd, good)
    assert classes(found) == ["cat"]
    assert json_reading.DAMAGED in complaints(found)
    assert json_reading.NOT_AS_ASKED in complaints(found)


@given(anything, anything, st.binary(max_size=40))
def test_whatever_a_file_holds_the_rest_is_read(entry: Any, region: Any, rows: bytes) -> None:
    bad = exported(("b.jpg", [{"shape_attributes": region}, region]), ("c.jpg", region))
    whole = {"bad": entry, **bad, **exported(("a.jpg", [CAT]))}
    found = read(
        FORMAT,
        AnnotationFile("a.csv", table({}) + rows),
        AnnotationFile("a.json", json.dumps(whole).encode()),
    )
    assert classes(found)[-1] == "cat"
