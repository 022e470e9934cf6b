"""Pascal VOC's XML files: what was written is read, and whatever is wrong costs one object or one picture."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.annotations.annotations import Flag, Names, Units
from stackgui.core.annotations.reading import VocOrigin
from stackgui.imaging.annotations.formats import recognised
from stackgui.imaging.annotations.voc import FORMAT
from tests.imaging.annotations.files import about, classes, complaints, file, read
from tests.imaging.annotations.hostile_xml import BOMB, EXTERNAL, NESTED

FLAGS = {"difficult": Flag.DIFFICULT, "truncated": Flag.TRUNCATED, "occluded": Flag.OCCLUDED}


def thing(*edges: object, name: str = "cat", more: str = "") -> str:
    box = "".join(
        f"<{tag}>{edge}</{tag}>" for tag, edge in zip(("xmin", "ymin", "xmax", "ymax"), edges, strict=True)
    )
    return f"<object><name>{name}</name><pose>Left</pose>{more}<bndbox>{box}</bndbox></object>"


def annotation(*things: str, name: str = "a.jpg", size: tuple[object, object] = (40, 30)) -> str:
    width, height = size
    return (
        f"<annotation><folder>x</folder><filename>{name}</filename><source><database>?</database></source>"
        f"<size><width>{width}</width><height>{height}</height><depth>3</depth></size>"
        f"<segmented>0</segmented>{''.join(things)}</annotation>"
    )


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.integers(1, 50),
                st.integers(1, 50),
                st.integers(0, 50),
                st.integers(0, 50),
                st.sampled_from(["cat", "a b", "Ä", "猫", "&lt;"]),
                st.sets(st.sampled_from(sorted(FLAGS))),
            ),
            max_size=3,
        ),
        max_size=3,
    )
)
@settings(max_examples=30)
def test_boxes_are_read_as_written(pictures: list[list[tuple[int, int, int, int, str, set[str]]]]) -> None:
    files = []
    for index, objects in enumerate(pictures):
        things = [
            thing(x, y, x + w, y + h, name=name, more="".join(f"<{flag}>1</{flag}>" for flag in flags))
            for x, y, w, h, name, flags in objects
        ]
        files.append(file(f"Annotations/{index}.xml", annotation(*things, name=f"{index}.jpg")))
    found = read(FORMAT, *files)
    wanted = [(picture, *each) for picture, objects in enumerate(pictures) for each in objects]
    assert list(found.pictures) == [f"Annotations/{index}" for index in range(len(pictures))]
    assert (found.units, found.names) == (Units.PIXELS, Names.BY_STEM)
    assert set(zip(found.height.tolist(), found.width.tolist(), strict=True)) <= {(30, 40)}
    assert found.objects.picture.tolist() == [each[0] for each in wanted]
    # The first pixel is 1, and the last one belongs to the box.
    assert found.objects.box.tolist() == [[x - 1, y - 1, x + w, y + h] for _, x, y, w, h, _, _ in wanted]
    assert classes(found) == [each[5].replace("&lt;", "<") for each in wanted]
    assert found.objects.flags.tolist() == [sum(FLAGS[name] for name in each[6]) for each in wanted]
    assert found.complaints == ()


@pytest.mark.parametrize(
    ("origin", "boxes"),
    [
        (VocOrigin.AUTO, [[0, 4, 10, 10], [2, 2, 10, 10], [0, 1, 9, 9]]),
        (VocOrigin.ZERO, [[0, 4, 10, 10], [2, 2, 10, 10], [1, 2, 9, 9]]),
        (VocOrigin.ONE, [[-1, 3, 10, 10], [1, 1, 10, 10], [0, 1, 9, 9]]),
    ],
)
def test_a_file_with_a_coordinate_of_0_counts_from_0(origin: VocOrigin, boxes: list[list[float]]) -> None:
    counting = file("a.xml", annotation(thing(0, 4, 10, 10), thing(2, 2, 10, 10)))
    found = read(
        FORMAT, counting, file("b.xml", annotation(thing(1, 2, 9, 9), name="b.jpg")), voc_origin=origin
    )
    assert found.objects.box.tolist() == boxes
    doubts = [each.examples for each in found.complaints if not each.is_lost]
    assert doubts == ([("a.xml",)] if origin is VocOrigin.AUTO else [])


def test_polygons_and_turned_boxes() -> None:
    corners = "<polygon><x1>1</x1><y1>2</y1><x2>9</x2><y2>2</y2><x3>5</x3><y3>8</y3></polygon>"
    points = "".join(f"<pt><x>{x}</x><y>{y}</y></pt>" for x, y in [(1, 2), (9, 2), (5, 8)])
    turned = "<robndbox><cx>20</cx><cy>10</cy><w>8</w><h>4</h><angle>{angle}</angle></robndbox>"
    found = read(
        FORMAT,
        file("a.xml", annotation(thing(2, 3, 9, 8, more=corners))),
        file(
            "b.xml", annotation(f"<object><name>cat</name><polygon>{points}</polygon></object>", name="b.png")
        ),
        file(
            "c.xml",
            annotation(f"<object><name>x</name>{turned.format(angle=math.pi / 2)}</object>", name="c"),
        ),
    )
    assert found.objects.rings[0].tolist() == found.objects.rings[1].tolist() == [[1, 2], [9, 2], [5, 8]]
    # Turned by a right angle, clockwise: the upper left corner comes to the upper right.
    assert np.allclose(found.objects.rings[2], [[22, 6], [22, 14], [18, 14], [18, 6]])
    assert np.allclose(found.objects.box, [[1, 2, 9, 8], [1, 2, 9, 8], [18, 6, 22, 14]])
    assert found.complaints == ()


def test_each_object_that_is_wrong_is_left_out_alone() -> None:
    part = "<part><name>head</name><bndbox><xmin>1</xmin></bndbox></part>"
    text = annotation(
        thing(2, 2, 5, 5),
        thing("x", 2, 5, 5),
        thing("nan", 2, 5, 5),
        thing(1, 2, "1e400", 5),
        thing(1, 2, "", 5),
        thing(9, 9, 5, 5),
        thing(2.5, 2, 1.5 + 1, 5, more=part * 2),
        "<object><name>cat</name></object>",
        thing(3, 3, 5, 5, name=""),
        thing(1, 1, 5, 5, more="<deleted>1</deleted>"),
        size=("many", "1e999"),
    )
    found = read(FORMAT, file("b.xml", text))
    assert found.objects.box.tolist() == [[1, 1, 5, 5], [4, 4, 9, 9], [1.5, 1, 2.5, 5], [2, 2, 5, 5]]
    assert classes(found) == ["cat", "cat", "cat", ""]
    assert (found.height.tolist(), found.width.tolist()) == ([0], [0])
    assert complaints(found) == {
        about(found, "names another picture").what: (1, False),
        about(found, "no number").what: (4, True),
        about(found, "wrong order").what: (1, False),
        about(found, "Parts of objects").what: (2, True),
        about(found, "neither a box").what: (1, True),
        about(found, "no class").what: (1, False),
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (annotation(thing(1, 2, 3, 4))[:-20], "damaged"),
        (annotation(thing(1, 2, 3, 4)).encode() + b"\0", "damaged"),
        ("", "damaged"),
        (b"\x89PNG\r\n", "damaged"),
        (BOMB + annotation("<object>&j;</object>"), "entities"),
        (EXTERNAL + annotation("<object>&j;</object>"), "entities"),
        (annotation("&j;"), "damaged"),
        (annotation() + annotation(), "damaged"),
        ("<other/>", "something else"),
        ("<annotation>" + NESTED, "damaged"),
        ("<annotation>" + " " * 2**22, "too large"),
        ("<?xml version='1.0' encoding='punycode'?><annotation>", "damaged"),
    ],
    ids=lambda each: str(each)[:20],
)
def test_a_hostile_file_costs_its_own_picture_alone(content: str | bytes, words: str) -> None:
    found = read(FORMAT, file("x/b.xml", content), file("a.xml", annotation(thing(1, 2, 3, 4))))
    assert list(found.pictures) == ["a"]
    assert found.objects.box.tolist() == [[0, 1, 3, 4]]
    assert about(found, words).examples == ("x/b.xml",)
    assert len(found.complaints) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "shift_jis"])
@pytest.mark.parametrize("declares", [True, False])
def test_encodings(encoding: str, declares: bool) -> None:  # noqa: FBT001
    declared = encoding.removesuffix("-sig")
    head = f"\r\n<?xml version='1.0' encoding='{declared}'?>\r\n" if declares else ""
    text = head + annotation(thing(1, 2, 3, 4, name="中"))
    found = read(FORMAT, file("a.xml", text.encode(encoding)))
    assert found.objects.box.tolist() == [[0, 1, 3, 4]]
    if declares or encoding.startswith("utf"):
        assert classes(found) == ["中"]
    assert found.complaints == ()


@given(st.binary(max_size=40), st.integers(0, 400), st.integers(0, 40))
@settings(max_examples=100)
def test_any_bytes_cost_their_own_picture_at_most(data: bytes, place: int, gone: int) -> None:
    good = annotation(thing(1, 2, 3, 4)).encode()
    found = read(FORMAT, file("a.xml", good[:place] + data + good[place + gone :]), file("b.xml", good))
    assert found.pictures[len(found.pictures) - 1] == "b"
    assert found.objects.picture.tolist().count(len(found.pictures) - 1) == 1


@pytest.mark.parametrize(
    ("start", "is_voc"),
    [
        (annotation(), True),
        ("\ufeff<?xml version='1.0'?>\n<!-- <annotations> -->\n<annotation verified='yes'>", True),
        ('<!DOCTYPE annotation SYSTEM "x.dtd"><annotation>', True),
        ("<annotation/>", True),
        ("<annotations><image/>", False),
        ("<html>", False),
        ("annotation", False),
        ("", False),
        ("<!--" * 10_000, False),
    ],
    ids=lambda each: str(each)[:20],
)
def test_recognised_by_its_outermost_element(start: str, is_voc: bool) -> None:  # noqa: FBT001
    for encoded in (start.encode(), start.encode("utf-16")):
        found = recognised("x.xml", encoded)
        assert (found is not None and found.name == "voc") == is_voc
