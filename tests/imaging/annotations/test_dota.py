"""DOTA's text files: what was written is read, and a line that is wrong costs itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.annotations.annotations import Flag, Names, Units
from stackgui.imaging.annotations.dota import FORMAT
from stackgui.imaging.annotations.formats import recognised
from tests.imaging.annotations.files import about, classes, complaints, file, read

HEADER = "imagesource:GoogleEarth\ngsd:0.146343590398\n"
COORDINATES = st.integers(-50, 4000).map(lambda number: number / 2)


@given(
    st.lists(
        st.tuples(
            COORDINATES,
            COORDINATES,
            st.integers(1, 50),
            st.sampled_from(["ship", "large-vehicle", "船"]),
            st.sampled_from([("", 0), (" 0", 0), (" 1", Flag.DIFFICULT), (" 2", Flag.DIFFICULT)]),
        ),
        max_size=4,
    ),
    st.sampled_from(["", HEADER, "imagesource:x\ngsd:null\n"]),
)
@settings(max_examples=40)
def test_lines_are_read_as_written(
    objects: list[tuple[float, float, int, str, tuple[str, int]]], header: str
) -> None:
    corners = [
        [(x, y + size / 2), (x + size, y), (x + size, y + size), (x, y + size)] for x, y, size, *_ in objects
    ]
    lines = [
        f"{' '.join(f'{each:.1f}' for corner in ring for each in corner)} {name}{difficult}"
        for ring, (*_, name, (difficult, _)) in zip(corners, objects, strict=True)
    ]
    found = read(
        FORMAT, file("labelTxt/P0001.txt", header + "\n".join(lines)), file("labelTxt/P0002.txt", header)
    )
    assert list(found.pictures) == ["labelTxt/P0001", "labelTxt/P0002"]
    assert (found.units, found.names) == (Units.PIXELS, Names.BY_STEM)
    assert [[tuple(each) for each in found.objects.rings[i].tolist()] for i in range(len(objects))] == corners
    assert found.objects.box.tolist() == [[x, y, x + size, y + size] for x, y, size, *_ in objects]
    assert classes(found) == [name for *_, name, _ in objects]
    assert found.objects.flags.tolist() == [flag for *_, (_, flag) in objects]
    assert found.complaints == ()


def test_each_line_that_is_wrong_is_left_out_alone() -> None:
    lines = [
        "1 1 5 1 5 5 1 5 ship 0",
        "1 1 5 1 5 5 1 ship 0",
        "1 1 5 1 5 5 1 inf ship 0",
        "1 1 1 1 5 5 5 5 ship 0",
        "1 1 3 1 5 1 7 1 ship 0",
        "\x00\x01",
    ]
    found = read(FORMAT, file("a.txt", "\n".join(lines)))
    assert found.objects.box.tolist() == [[1, 1, 5, 5]]
    assert complaints(found) == {
        about(found, "eight numbers").what: (1, True),
        about(found, "no number").what: (2, True),
        about(found, "three corners").what: (1, True),
        about(found, "no area").what: (1, True),
    }


@given(st.one_of(st.binary(max_size=80), st.text("ship 01-.e\n:gd", max_size=80).map(str.encode)))
@settings(max_examples=50)
def test_any_bytes_cost_their_own_picture_at_most(data: bytes) -> None:
    good = b"1 1 5 1 5 5 1 5 ship 0"
    found = read(FORMAT, file("a.txt", good + data), file("b.txt", good))
    assert found.objects.picture.tolist().count(1) == 1


@pytest.mark.parametrize(
    ("name", "start", "is_dota"),
    [
        ("P0001.txt", "1 1 5 1 5 5 1 5 ship 0\n", True),
        ("P0001.txt", "1.0 1 5 1 5 5 1 5 ship", True),
        ("P0001.txt", HEADER, True),
        ("P0001.txt", HEADER + "1 1 5 1 5 5 1 5 small-vehicle 1", True),
        ("train/labelTxt-v1.5/P0001.txt", "", True),
        ("P0001.txt", "", False),
        ("P0001.txt", "1 1 5 1 5 5 1 5 7 0", False),
        ("P0001.txt", "1 1 5 1 5 5 1 ship", False),
    ],
)
def test_recognised_by_its_corners(name: str, start: str, is_dota: bool) -> None:  # noqa: FBT001
    found = recognised(name, start.encode())
    assert (found is not None and found.name == "dota") == is_dota
