"""KITTI's text files: what was written is read, and a line that is wrong costs itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.annotations.annotations import Flag, Names, Units
from stackgui.imaging.annotations.formats import recognised
from stackgui.imaging.annotations.kitti import FORMAT
from tests.imaging.annotations.files import about, classes, complaints, file, read


def line(
    name: str, box: tuple[object, ...], truncated: object = 0.0, occluded: object = 0, more: str = ""
) -> str:
    edges = " ".join(map(str, box))
    return f"{name} {truncated} {occluded} -1.57 {edges} 1.65 1.67 3.64 -0.65 1.71 46.70 -1.59{more}"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Car", "Person_sitting", "DontCare"]),
            st.floats(0, 900, width=32),
            st.floats(0, 300, width=32),
            st.integers(1, 50),
            st.sampled_from([(-1, 0), (0.0, 0), (0.25, 8), (1, 8)]),
            st.sampled_from([(-1, 0), (0, 0), (1, 16), (2, 16), (3, 0)]),
            st.sampled_from(["", " 0.9"]),
        ),
        max_size=4,
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
@settings(max_examples=40)
def test_lines_are_read_as_written(
    objects: list[tuple[str, float, float, int, tuple[float, int], tuple[int, int], str]], end: str
) -> None:
    lines = [
        line(name, (x, y, x + size, y + size), truncated, occluded, more)
        for name, x, y, size, (truncated, _), (occluded, _), more in objects
    ]
    found = read(FORMAT, file("label_2/000001.txt", end.join(lines)), file("label_2/000002.txt", ""))
    assert list(found.pictures) == ["label_2/000001", "label_2/000002"]
    assert (found.units, found.names) == (Units.PIXELS, Names.BY_STEM)
    assert found.objects.box.tolist() == [[x, y, x + size, y + size] for _, x, y, size, *_ in objects]
    # Regions whose objects nobody has marked are of no class.
    assert classes(found) == [name if name != "DontCare" else "" for name, *_ in objects]
    assert found.objects.flags.tolist() == [
        one | other | (Flag.IGNORE if name == "DontCare" else 0)
        for name, *_, (_, one), (_, other), _ in objects
    ]
    assert "DontCare" not in found.categories
    assert found.complaints == ()


def test_each_line_that_is_wrong_is_left_out_alone() -> None:
    lines = [
        line("Car", (1, 2, 3, 4)),
        line("Car", (1, 2, "nan", 4)),
        line("Car", (3, 2, 3, 4)),
        line("Car", (1, 2, 3, 4), more=" 1 2"),
        "Car",
        "\x00\x01",
    ]
    found = read(FORMAT, file("a.txt", "\n\n".join(lines)))
    assert found.objects.box.tolist() == [[1, 2, 3, 4]]
    assert complaints(found) == {
        about(found, "no number").what: (1, True),
        about(found, "no area").what: (1, True),
        about(found, "columns").what: (3, True),
    }
    assert about(found, "columns").examples == ("a.txt:7", "a.txt:9", "a.txt:11")


@given(st.one_of(st.binary(max_size=80), st.text("Ca 01-.e\n", max_size=80).map(str.encode)))
@settings(max_examples=50)
def test_any_bytes_cost_their_own_picture_at_most(data: bytes) -> None:
    good = line("Car", (1, 2, 3, 4)).encode()
    found = read(FORMAT, file("a.txt", good + b" " + data), file("b.txt", good))
    assert found.objects.picture.tolist().count(1) == 1


@pytest.mark.parametrize(
    ("name", "start", "is_kitti"),
    [
        ("000001.txt", line("Car", (1, 2, 3, 4)), True),
        ("000001.txt", line("DontCare", (1, 2, 3, 4), -1, -1, " 0.5") + "\r\n", True),
        ("training/label_2/000001.txt", "", True),
        ("label_2.txt", "", False),
        ("000001.txt", "Car 0 0 0 1 2 3 4", False),
        ("a.txt", " ".join(["word"] * 15), False),
        ("a.txt", " ".join(["1"] * 15), False),
    ],
)
def test_recognised_by_its_columns(name: str, start: str, is_kitti: bool) -> None:  # noqa: FBT001
    found = recognised(name, start.encode())
    assert (found is not None and found.name == "kitti") == is_kitti
