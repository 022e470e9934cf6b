"""YOLO's text files: what was written is read, and whatever is wrong costs one line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.annotations.annotations import Names, Units
from stackgui.imaging.annotations.formats import recognised
from stackgui.imaging.annotations.yolo import FORMAT
from tests.imaging.annotations.files import about, classes, complaints, file, read

SHARES = st.integers(0, 64).map(lambda number: number / 64)


@st.composite
def boxes(draw: st.DrawFn) -> tuple[float, float, float, float]:
    left, right = sorted(draw(st.lists(SHARES, min_size=2, max_size=2, unique=True)))
    top, bottom = sorted(draw(st.lists(SHARES, min_size=2, max_size=2, unique=True)))
    return left, top, right, bottom


@st.composite
def polygons(draw: st.DrawFn) -> list[tuple[float, float]]:
    """Return a triangle or more that has an area."""
    left, top, right, bottom = draw(boxes())
    more = draw(st.lists(st.tuples(SHARES, SHARES), max_size=5))
    ring = [(left, top), (right, bottom), *more]
    corner = (left, bottom)
    return [*ring, corner] if corner not in ring else [*ring, (right, top)]


def written(number: int, thing: object) -> str:
    if isinstance(thing, tuple):
        left, top, right, bottom = thing
        numbers = [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top]
    else:
        numbers = [each for point in thing for each in point]
    return " ".join(map(repr, [number, *numbers]))


@given(st.data())
@settings(max_examples=50)
def test_boxes_and_polygons_are_read_as_written(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([boxes(), polygons()]))
    files = data.draw(
        st.lists(st.lists(st.tuples(st.integers(0, 4), kind), max_size=4, unique_by=repr), max_size=4)
    )
    end = data.draw(st.sampled_from(["\n", "\r\n", "\n\n", "\r"]))
    texts = [end.join(written(*each) for each in objects) for objects in files]
    names = {"data.yaml": "names: [a, b, c, d, e]"}
    found = read(FORMAT, *(file(f"labels/{i}.txt", text, names) for i, text in enumerate(texts)))
    assert list(found.pictures) == [f"labels/{index}" for index in range(len(files))]
    assert (found.units, found.names) == (Units.SHARES, Names.BY_STEM)
    wanted = [(picture, *each) for picture, objects in enumerate(files) for each in objects]
    assert found.objects.picture.tolist() == [picture for picture, _, _ in wanted]
    assert classes(found) == ["abcde"[number] for _, number, _ in wanted]
    for index, (_, _, thing) in enumerate(wanted):
        points = np.array(thing).reshape(-1, 2)
        assert found.objects.box[index].tolist() == [*points.min(axis=0), *points.max(axis=0)]
        if isinstance(thing, list):
            open_ring = thing[:-1] if thing[0] == thing[-1] else thing
            assert [tuple(each) for each in found.objects.rings[index].tolist()] == open_ring
    assert len(found.objects.rings) == sum(isinstance(thing, list) for *_, thing in wanted)
    assert found.complaints == ()


@pytest.mark.parametrize(
    ("row", "shape", "keypoints"),
    [
        (".5 .5 .5 .5 .25 .25 2 .5 .5 1 .9 .9 0", "[3, 3]", [[0.25, 0.25, 2], [0.5, 0.5, 1], [0, 0, 0]]),
        (".5 .5 .5 .5 .25 .25 .5 .5 0 0", "[3, 2]", [[0.25, 0.25, 2], [0.5, 0.5, 2], [0, 0, 0]]),
        # What is not marked may be anywhere.
        (".5 .5 .5 .5 .25 .25 2 7 7 0", "[2, 3]", [[0.25, 0.25, 2], [0, 0, 0]]),
    ],
)
def test_keypoints(row: str, shape: str, keypoints: list[list[float]]) -> None:
    names = {"data.yaml": f"names: {{0: cat}}\nkpt_shape: {shape}\nkpt_names: {{0: [a, b, c]}}"}
    found = read(FORMAT, file("labels/a.txt", f"0 {row}\n", names))
    assert found.objects.keypoints[0].tolist() == keypoints
    assert found.objects.box.tolist() == [[0.25, 0.25, 0.75, 0.75]]
    assert found.keypoint_names == (("a", "b", "c") if len(keypoints) == 3 else ())
    assert found.complaints == ()


def test_keypoints_without_their_number_are_explained() -> None:
    found = read(FORMAT, file("a.txt", "0 .5 .5 .5 .5 .25 .25 2 .5 .5 1 .9"))
    assert about(found, "kpt_shape").examples == ("a.txt:1",)


def test_four_corners_are_a_polygon_of_four() -> None:
    found = read(FORMAT, file("a.txt", "3 .5 .25 .75 .5 .5 .75 .25 .5"))
    assert found.objects.rings[0].tolist() == [[0.5, 0.25], [0.75, 0.5], [0.5, 0.75], [0.25, 0.5]]
    assert found.objects.box.tolist() == [[0.25, 0.25, 0.75, 0.75]]
    assert found.complaints == ()


def test_an_empty_file_is_a_picture_with_nothing_in_it() -> None:
    found = read(FORMAT, file("labels/a.txt", ""), file("labels/b.txt", " \r\n\n"))
    assert list(found.pictures) == ["labels/a", "labels/b"]
    assert (len(found.objects), found.complaints) == (0, ())


def test_a_box_among_polygons_becomes_a_rectangle() -> None:
    found = read(FORMAT, file("a.txt", "0 .5 .5 .5 .5\n0 .1 .1 .9 .1 .5 .9"), file("b.txt", "0 .5 .5 .5 .5"))
    assert found.objects.rings[0].tolist() == [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]]
    assert found.objects.ring_starts.tolist() == [0, 1, 2, 2]
    assert about(found, "rectangle").examples == ("a.txt:1",)


def test_each_line_that_is_wrong_is_left_out_alone() -> None:
    text = """0 .5 .5 .5 .5
0 .5 .5 .5 .5
cat .5 .5 .5 .5
0 nan .5 .5 .5
0 inf .5 .5 .5
0 1e999 .5 .5 .5
0 .5 .5 .5
0 .5 .5 1.02 .5
-1 .5 .5 .5 .5
0.5 .5 .5 .5 .5
99999999999999999999 .5 .5 .5 .5
0 .5 .5 0 .5
0 .5 .5 .5 1.005
0 1-2 .5 .5
0 .5,.5 .5 .5
1 .5 .5 .25 .25 .9
0 .875 .5 .5 .5
"""
    found = read(FORMAT, file("a.txt", text))
    assert found.objects.box.tolist() == [
        [0.25, 0.25, 0.75, 0.75],
        [0.25, 0, 0.75, 1],
        [0.375, 0.375, 0.625, 0.625],
        [0.625, 0.25, 1, 0.75],
    ]
    assert complaints(found) == {
        "The line is not made of numbers.": (5, True),
        "The line is there twice, and counts once.": (1, False),
        "The line does not begin with the number of a class.": (3, True),
        about(found, "kpt_shape").what: (1, True),
        "A coordinate is no share of the picture's width or height, from 0 to 1.": (2, True),
        "The box has no area.": (1, True),
        "The sixth number was taken for the confidence of a prediction, and not kept.": (1, False),
        "The box goes on beyond the picture, and was cut off at its edge.": (1, False),
    }
    assert about(found, "not made of numbers").examples == (
        "a.txt:3",
        "a.txt:4",
        "a.txt:5",
        "a.txt:14",
        "a.txt:15",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings(encoding: str) -> None:
    found = read(FORMAT, file("a.txt", "0 .5 .5 .5 .5\r\n1 .5 .5 1 1".encode(encoding)))
    assert found.objects.box.tolist() == [[0.25, 0.25, 0.75, 0.75], [0, 0, 1, 1]]
    assert found.complaints == ()


@pytest.mark.parametrize(
    ("companion", "content", "names"),
    [
        ("data.yaml", "names: [no, 'b c']", ["no", "b c", "7"]),
        ("data.yaml", "names:\n  7: z\n  0: a\n  1: 2020-01-01\n", ["a", "2020-01-01", "z"]),
        ("classes.txt", "a\r\nb\r\n", ["a", "b", "7"]),
        ("obj.names", "\ufeffa\nKatze ä", ["a", "Katze ä", "7"]),
    ],
)
def test_names_of_classes(companion: str, content: str, names: list[str]) -> None:
    rows = "\n".join(f"{number} .5 .5 .5 .5" for number in (0, 1, 7))
    found = read(FORMAT, file("labels/a.txt", rows, {companion: content}))
    assert classes(found) == names


def test_files_with_different_names_of_classes() -> None:
    row = "0 .5 .5 .5 .5"
    found = read(
        FORMAT,
        file("x/a.txt", row, {"classes.txt": "dog\ncat"}),
        file("y/b.txt", row, {"classes.txt": "cat"}),
        file("x/c.txt", row, {"classes.txt": "dog\ncat"}),
        file("z/d.txt", row),
    )
    by_picture = dict(zip((found.pictures[i] for i in found.objects.picture), classes(found), strict=True))
    assert by_picture == {"x/a": "dog", "y/b": "cat", "x/c": "dog", "z/d": "0"}
    assert found.categories == ("dog", "cat", "0")
    assert found.complaints == ()


@pytest.mark.parametrize(
    "content",
    [
        "a: &a [x]\nb: &b [*a, *a]\nnames: *b",
        "names: [" + "[" * 5000,
        "names: {",
        "- 1",
        "",
        "\x00\x01",
        "names: " + "a" * 2**20,
    ],
)
def test_a_hostile_data_yaml_costs_the_names_alone(content: str) -> None:
    found = read(FORMAT, file("a.txt", "0 .5 .5 .5 .5", {"data.yaml": content}))
    assert classes(found) == ["0"]
    assert about(found, "the names of the classes cannot be read").examples == ("a.txt: data.yaml",)


@pytest.mark.parametrize(
    "content",
    [
        "names: 5",
        "names: {-1: a, x: b, 99999999999999999999: c, 0: [d]}",
        "names: !!python/object/apply:os.system [x]",
        "kpt_shape: [-1, 3]",
        "kpt_shape: [99999999, 3]\nkpt_names: 3",
    ],
)
def test_nonsense_in_data_yaml_is_passed_over(content: str) -> None:
    assert len(read(FORMAT, file("a.txt", "0 .5 .5 .5 .5", {"data.yaml": content})).objects) == 1


@given(
    st.one_of(st.binary(max_size=60), st.text("0159.-+e \n\r\tn", max_size=60).map(str.encode)),
    st.one_of(st.binary(max_size=60), st.text("nams:-[]{}&*!<0 \n'", max_size=60).map(str.encode)),
    st.sampled_from(["data.yaml", "classes.txt"]),
)
@settings(max_examples=100)
def test_any_bytes_cost_their_own_picture_at_most(data: bytes, names: bytes, companion: str) -> None:
    found = read(
        FORMAT,
        file("a.txt", data, {companion: names}),
        file("b.txt", "0 .5 .5 .5 .5\n", {companion: names}),
        file("c.txt", data),
    )
    assert found.objects.picture.tolist().count(1) == 1


@pytest.mark.parametrize(
    ("name", "start", "is_yolo"),
    [
        ("labels/a.txt", "0 .5 .5 .5 .5\n", True),
        ("a.txt", "\ufeff0 .5 .5 .5 .5\r\n1 0.1 0.2 1.000001 .2", True),
        ("a.txt", "5 .1 .1 .9 .1 .5 .9\n\n", True),
        ("a.TXT", "0 .5 .5 .5 .5 .25 .25 2.0 .5 .5 1 .9 .9 0", True),
        ("labels/a.txt", "", True),
        ("train/Labels/part/a.txt", "\n", True),
        ("a.txt", "", False),
        ("a.txt", "a.jpg 3\nb.jpg 4\n", False),
        ("boxes.txt", "n01_0.JPEG\t0\t10\t63\t58\n", False),
        ("wnids.txt", "n02124075\nn04067472\n", False),
        ("words.txt", "n00001740\tentity\n", False),
        ("labels.txt", "a.jpg,3\nb.jpg,4", False),
        ("requirements.txt", "numpy==2.1\n# 0 0 0 0 0\n", False),
        ("classes.txt", "0\n1\n2\n", False),
        ("labels.txt", "0 1 2 3 4\n5 6 7 8 9", False),
        ("a.txt", "0 12 13 50 60\n", False),
        ("a.txt", "\x00\x01\x02", False),
    ],
)
def test_recognised_by_its_lines(name: str, start: str, *, is_yolo: bool) -> None:
    found = recognised(name, start.encode())
    assert (found is not None and found.name == "yolo") == is_yolo


def test_the_last_line_may_be_cut_off_where_the_start_ends() -> None:
    start = b"0 0.5 0.5 0.5 0.5\n" * 10_000
    for length in range(2**16 - 20, 2**16):
        assert FORMAT.recognises("a.txt", b" " * (2**16 - length) + start[:length])


def test_many_files_in_several_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stackgui.imaging.annotations.number_lines._BATCH_BYTES", 40)
    rows = [[f"{j} .5 .5 .{i + 1} .5" for j in range(i % 4)] for i in range(9)]
    found = read(FORMAT, *(file(f"{i}.txt", "\n".join(each)) for i, each in enumerate(rows)))
    assert np.bincount(found.objects.picture, minlength=9).tolist() == [len(each) for each in rows]
    assert np.allclose(np.diff(found.objects.box[:, [0, 2]])[:, 0], 0.1 * (found.objects.picture + 1))
