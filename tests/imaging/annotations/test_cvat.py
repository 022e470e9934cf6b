"""CVAT's XML: what was written is read, and whatever is wrong costs one shape, or what comes after it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.annotations.annotations import Flag, Names, Units
from stackgui.imaging.annotations.cvat import FORMAT
from stackgui.imaging.annotations.formats import recognised
from tests.imaging.annotations.files import about, classes, complaints, file, read
from tests.imaging.annotations.hostile_xml import BOMB, EXTERNAL, NESTED
from tests.imaging.annotations.oracle import decoded_mask

META = """<version>1.1</version><meta><task><id>1</id><name>a task</name><labels>
<label><name>dog</name><color>#fa3253</color><type>any</type><attributes/></label>
<label><name>cat</name><attributes><attribute><name>age</name><values>1</values></attribute></attributes></label>
{labels}</labels></task></meta>"""


def document(*parts: str, labels: str = "", head: str = '<?xml version="1.0" encoding="utf-8"?>\n') -> str:
    return f"{head}<annotations>{META.format(labels=labels)}{''.join(parts)}</annotations>"


def image(*shapes: str, name: str = "a.jpg", size: tuple[object, object] = (40, 30)) -> str:
    width, height = size
    return f'<image id="0" name="{name}" width="{width}" height="{height}">{"".join(shapes)}</image>'


def shape(tag: str, *, label: str = "cat", inner: str = "", **attributes: object) -> str:
    given = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<{tag} label="{label}" source="manual"{given}>{inner}</{tag}>'


def box(left: object, top: object, right: object, bottom: object, **more: object) -> str:
    return shape("box", xtl=left, ytl=top, xbr=right, ybr=bottom, **more)


def numbers_of(mask: np.ndarray) -> str:
    """Return run lengths line by line, zeros first, as CVAT writes them."""
    values = mask.ravel()
    edges = np.flatnonzero(np.diff(values, prepend=False))
    return ", ".join(map(str, np.diff(edges, prepend=0, append=len(values)).tolist()))


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.floats(0, 30, width=32),
                st.floats(0, 30, width=32),
                st.integers(1, 9),
                st.sampled_from(["dog", "cat", "Ä 猫"]),
                st.booleans(),
                st.integers(-2, 2),
            ),
            max_size=4,
        ),
        max_size=3,
    )
)
@settings(max_examples=30)
def test_boxes_are_read_as_written_the_lowest_first(
    pictures: list[list[tuple[float, float, int, str, bool, int]]],
) -> None:
    text = document(
        *(
            image(
                *(
                    box(x, y, x + size, y + size, label=name, occluded=int(hidden), z_order=height)
                    for x, y, size, name, hidden, height in shapes
                ),
                name=f"part/{index}.jpg",
            )
            for index, shapes in enumerate(pictures)
        )
    )
    found = read(FORMAT, file("annotations.xml", text))
    wanted = [
        (picture, *each)
        for picture, shapes in enumerate(pictures)
        for each in sorted(shapes, key=lambda each: each[-1])
    ]
    assert list(found.pictures) == [f"part/{index}.jpg" for index in range(len(pictures))]
    assert (found.units, found.names) == (Units.PIXELS, Names.AS_WRITTEN)
    assert set(zip(found.height.tolist(), found.width.tolist(), strict=True)) <= {(30, 40)}
    assert found.objects.picture.tolist() == [each[0] for each in wanted]
    assert found.objects.box.tolist() == [[x, y, x + size, y + size] for _, x, y, size, *_ in wanted]
    assert classes(found) == [each[4] for each in wanted]
    assert found.categories[:2] == ("dog", "cat")
    assert found.objects.flags.tolist() == [Flag.OCCLUDED * each[5] for each in wanted]
    assert found.complaints == ()


@given(st.data())
@settings(max_examples=40)
def test_masks_are_the_pixels_that_were_written(data: st.DataObject) -> None:
    height, width, top, left = (data.draw(st.integers(1, 6)) for _ in range(4))
    bits = data.draw(st.lists(st.booleans(), min_size=height * width, max_size=height * width))
    part = np.array(bits).reshape(height, width)
    whole = np.zeros((13, 12), np.uint8)
    whole[top : top + height, left : left + width] = part
    mask = shape("mask", rle=numbers_of(part), left=left, top=top, width=width, height=height)
    found = read(FORMAT, file("a.xml", document(image(mask, size=(12, 13)))))
    if not part.any():
        assert complaints(found) == {"The box has no area.": (1, True)}
        return
    assert np.array_equal(decoded_mask(found, 0), whole)
    rows, columns = np.nonzero(whole)
    assert found.objects.box.tolist() == [[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]]


def test_polygons_and_points() -> None:
    found = read(
        FORMAT,
        file(
            "a.xml",
            document(
                image(
                    shape("polygon", points="1.5,2.5;9,2;5,8.25;1.5,2.5"),
                    shape("points", points="4,5;6,7", occluded=1),
                    shape("tag", label="indoors", inner='<attribute name="x">1</attribute>'),
                )
            ),
        ),
    )
    assert found.objects.rings[0].tolist() == [[1.5, 2.5], [9, 2], [5, 8.25]]
    assert found.objects.keypoints[1].tolist() == [[4, 5, 1], [6, 7, 1]]
    assert found.objects.box.tolist() == [[1.5, 2, 9, 8.25], [4, 5, 6, 7]]
    assert [found.categories[index] for index in found.tags.category] == ["indoors"]
    assert found.tags.picture.tolist() == [0]
    assert found.complaints == ()


def test_boxes_and_ellipses_turn_clockwise_around_their_centre() -> None:
    ellipse = shape("ellipse", cx=20, cy=10, rx=8, ry=4, rotation=90)
    found = read(FORMAT, file("a.xml", document(image(box(10, 10, 20, 14, rotation=90), ellipse))))
    assert np.allclose(found.objects.rings[0], [[17, 7], [17, 17], [13, 17], [13, 7]])
    assert np.allclose(found.objects.box, [[13, 7, 17, 17], [16, 2, 24, 18]])
    x, y = (found.objects.rings[1] - [20, 10]).T
    middle = (np.roll(x, 1) + x) / 2, (np.roll(y, 1) + y) / 2
    assert np.allclose((x / 4) ** 2 + (y / 8) ** 2, 1)
    assert all((middle[0] / 4) ** 2 + (middle[1] / 8) ** 2 > (1 - 0.1 / 4) ** 2)


def test_skeletons_have_their_keypoints_in_the_order_of_the_labels() -> None:
    labels = "<label><name>person</name><type>skeleton</type></label>" + "".join(
        f"<label><name>{name}</name><type>points</type><parent>person</parent></label>"
        for name in ("nose", "eye", "ear")
    )
    points = [
        shape("points", label="eye", points="5,6", outside=0, occluded=1),
        shape("points", label="nose", points="1,2", outside=0, occluded=0),
        shape("points", label="ear", points="9,9", outside=1, occluded=0),
    ]
    skeleton = shape("skeleton", label="person", inner="".join(points), z_order=0)
    found = read(FORMAT, file("a.xml", document(image(skeleton), labels=labels)))
    assert found.objects.keypoints[0].tolist() == [[1, 2, 2], [5, 6, 1], [0, 0, 0]]
    assert found.objects.box.tolist() == [[1, 2, 5, 6]]
    assert found.keypoint_names == ("nose", "eye", "ear")
    assert found.categories == ("dog", "cat", "person")


def test_tracks_are_boxes_in_frames_of_a_video() -> None:
    first = "".join(
        box(left, 2, 9, 9, frame=frame, outside=int(frame == 3), keyframe=1, occluded=0, z_order=1)
        for frame, left in [(2, 1), (0, 3), (3, 5)]
    )
    second = box(4, 4, 8, 8, frame=2, outside=0, z_order=0)
    outside = shape("points", label="eye", points="1,2", outside=1)
    gone = shape("skeleton", frame=7, inner=outside * 2)
    size = "</labels><original_size><width>640</width><height>480</height></original_size><labels>"
    tracks = f'<track id="0" label="dog">{first}</track><track id="1" label="cat">{second}{gone}</track>'
    wrong = f'<track id="2" label="cat">{box(1, 1, 2, 2)}{box(1, 1, 2, 2, frame=-1)}</track>'
    found = read(FORMAT, file("a.xml", document(tracks, wrong, labels=size)))
    assert list(found.pictures) == ["frame_000000.PNG", "frame_000002.PNG"]
    assert (found.height.tolist(), found.width.tolist()) == ([480, 480], [640, 640])
    assert found.objects.picture.tolist() == [0, 1, 1]
    assert classes(found) == ["dog", "cat", "dog"]
    assert found.objects.box.tolist() == [[3, 2, 9, 9], [4, 4, 8, 8], [1, 2, 9, 9]]
    assert about(found, "video, whose frames").examples == ("a.xml",)
    assert about(found, "in no frame").examples == ("a.xml: 2", "a.xml: 2")


def test_each_shape_that_is_wrong_is_left_out_alone() -> None:
    mask = {"left": 1, "top": 1, "width": 2, "height": 2}
    shapes = [
        box(1, 2, 3, 4),
        box(1, 2, "nan", 4),
        box(1, 2, 3, 2),
        box(1, 2, 3, 4, rotation="inf"),
        "<box/>",
        shape("polygon", points="1,2;3,4"),
        shape("polygon", points="1,2;3,4;5"),
        shape("polygon", points=""),
        shape("polyline", points="1,2;3,4"),
        shape("cuboid", xtl1=1),
        shape("ellipse", cx=1, cy=1, rx="1e300", ry=1),
        shape("mask", rle="1, 2", **mask),
        shape("mask", rle="5, -1", **mask),
        shape("mask", rle="x", **mask),
        shape("mask", rle=f"{10**9}", left=0, top=0, width=10**9, height=1),
        shape("mask", rle="9" * 5000, left=0, top=0, width="1e400", height="nan"),
        shape("points", points="1,x"),
        shape("skeleton", inner=shape("points", label="a", points="", outside=0)),
        box(5, 6, 7, 8, label=""),
    ]
    found = read(FORMAT, file("a.xml", document(image(*shapes))))
    assert found.objects.box.tolist() == [[1, 2, 3, 4], [5, 6, 7, 8]]
    assert {what: each for what, each in complaints(found).items() if what != "The object has no class."} == {
        about(found, "is no number").what: (6, True),
        about(found, "no area").what: (1, True),
        about(found, "three corners").what: (2, True),
        about(found, "without an outline").what: (2, True),
        about(found, "run lengths").what: (5, True),
        about(found, "neither a box").what: (1, True),
    }


def test_a_mask_needs_the_size_of_its_picture() -> None:
    mask = shape("mask", rle="0, 4", left=0, top=0, width=2, height=2)
    found = read(FORMAT, file("a.xml", document(image(mask, size=("", 5)))))
    assert about(found, "how large the picture").count == 1


def test_a_part_of_a_mask_beyond_its_picture_is_cut_off() -> None:
    mask = shape("mask", rle="0, 6", left=-1, top=3, width=2, height=3)
    found = read(FORMAT, file("a.xml", document(image(mask, size=(4, 5)))))
    assert np.argwhere(decoded_mask(found, 0)).tolist() == [[3, 0], [4, 0]]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("x\\y\\a.jpg", "x/y/a.jpg"),
        ("../../a.jpg", "../../a.jpg"),
        ("/etc/passwd", "/etc/passwd"),
        ("", None),
    ],
)
def test_odd_names_of_pictures(name: str, kept: str | None) -> None:
    found = read(FORMAT, file("a.xml", document(image(box(1, 2, 3, 4), name=name), image(name="b.jpg"))))
    assert list(found.pictures) == [*([kept] if kept else []), "b.jpg"]
    assert len(found.complaints) == (kept is None)


@pytest.mark.parametrize(
    ("content", "words", "names"),
    [
        (document(image(), image(name="b.jpg"))[:-60], "damaged", ["a.jpg"]),
        (document(image())[:-3], "damaged", ["a.jpg"]),
        ("", "damaged", []),
        (b"\xff\xfe\x00", "damaged", []),
        (document(image("&j;"), head=BOMB), "entities", []),
        (document(image("&j;"), head=EXTERNAL), "entities", []),
        (document(image(), "<image>" + NESTED), "damaged", ["a.jpg"]),
    ],
    ids=lambda each: str(each)[:20],
)
def test_a_hostile_file_is_read_up_to_its_fault(content: str | bytes, words: str, names: list[str]) -> None:
    found = read(
        FORMAT, file("a.xml", content), file("b.xml", document(image(box(1, 2, 3, 4), name="c.jpg")))
    )
    assert list(found.pictures) == [*names, "c.jpg"]
    assert found.objects.box.tolist() == [[1, 2, 3, 4]]
    assert about(found, words).examples == ("a.xml",)


@given(st.binary(max_size=40), st.integers(400, 900), st.integers(0, 40))
@settings(max_examples=100)
def test_any_bytes_do_not_stop_the_next_file(data: bytes, place: int, gone: int) -> None:
    mask = shape("mask", rle="1, 2, 1", left=0, top=0, width=2, height=2)
    good = document(image(box(1, 2, 3, 4), mask, shape("polygon", points="1,2;3,4;5,7"))).encode()
    found = read(FORMAT, file("a.xml", good[:place] + data + good[place + gone :]), file("b.xml", good))
    assert found.objects.picture.tolist().count(len(found.pictures) - 1) == 3


@pytest.mark.parametrize(
    ("start", "is_cvat"),
    [
        (document(image()), True),
        ("\ufeff<annotations><image/>", True),
        ("<annotations><!-- nothing of CVAT's -->", False),
        ("<annotation><image/>", False),
        ("", False),
    ],
)
def test_recognised_by_its_outermost_element(start: str, is_cvat: bool) -> None:  # noqa: FBT001
    for encoded in (start.encode(), start.encode("utf-16")):
        found = recognised("annotations.xml", encoded)
        assert (found is not None and found.name == "cvat") == is_cvat


def test_radians_are_not_degrees() -> None:
    found = read(FORMAT, file("a.xml", document(image(box(10, 10, 20, 20, rotation=45)))))
    reach = 5 * math.sqrt(2)
    assert np.allclose(found.objects.box, [[15 - reach, 15 - reach, 15 + reach, 15 + reach]])


def test_a_mask_of_a_picture_larger_than_any_is_left_out() -> None:
    mask = shape("mask", rle="1,1", left=0, top=0, width=2, height=1)
    found = read(FORMAT, file("a.xml", document(image(mask, box(1, 1, 5, 5), size=(10**20, 10**20)))))
    assert len(found.objects) == 1
    assert about(found, "run lengths").count == 1
