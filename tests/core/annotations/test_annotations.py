"""Tables of annotations: lists of different lengths stay with their objects, whatever is taken or joined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.annotations.annotations import Complaint, Flag, Objects, joined
from stackgui.core.annotations.builder import AnnotationsBuilder
from stackgui.core.annotations.complaints import (
    FEW_CORNERS,
    NO_AREA,
    NO_PLACE,
    NOT_A_NUMBER,
    is_file_name,
)
from stackgui.core.annotations.ragged import Ragged

numbers = st.integers(-1000, 1000).map(float)
points = st.tuples(numbers, numbers)
ring_lists = st.lists(st.lists(points, min_size=3, max_size=5, unique=True), max_size=3)
sides = st.integers(1, 1000).map(float)
boxes = st.builds(lambda x, y, w, h: (x, y, x + w, y + h), numbers, numbers, sides, sides)


@st.composite
def described(draw: st.DrawFn) -> list[dict[str, object]]:
    """Return the arguments of some objects."""
    return draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "box": boxes,
                    "rings": ring_lists,
                    "holes": ring_lists,
                    "keypoints": st.lists(st.tuples(numbers, numbers, st.sampled_from([0.0, 1.0, 2.0]))),
                    "bitmap": st.tuples(st.binary(max_size=5), st.integers(0, 9), st.integers(0, 9)),
                    "flags": st.sampled_from([Flag(0), Flag.CROWD, Flag.IGNORE | Flag.TRUNCATED]),
                    "area": st.integers(0, 99).map(float),
                }
            ),
            max_size=6,
        )
    )


def made(objects: list[dict[str, object]]) -> Objects:
    builder = AnnotationsBuilder("test")
    for index, each in enumerate(objects):
        builder.add(builder.picture(f"{index}.jpg"), builder.category(f"c{index % 2}"), **each)  # type: ignore[arg-type]
    return builder.annotations().objects


def read_back(objects: Objects) -> list[dict[str, object]]:
    """Return what each object was made from."""
    found: list[dict[str, object]] = []
    for index in range(len(objects)):
        rings = {False: [], True: []}  # type: dict[bool, list[list[tuple[float, float]]]]
        for ring in objects.object_rings[index].tolist():
            rings[bool(objects.is_hole[ring])].append([tuple(each) for each in objects.rings[ring].tolist()])
        found.append(
            {
                "box": tuple(objects.box[index].tolist()),
                "rings": rings[False],
                "holes": rings[True],
                "keypoints": [tuple(each) for each in objects.keypoints[index].tolist()],
                "bitmap": (objects.bitmap[index].tobytes(), *objects.bitmap_size[index].tolist()),
                "flags": Flag(int(objects.flags[index])),
                "area": float(objects.area[index]),
            }
        )
    return found


@given(described(), st.data())
def test_objects_keep_what_belongs_to_them(objects: list[dict[str, object]], data: st.DataObject) -> None:
    table = made(objects)
    assert read_back(table) == objects
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{AnnotationsBuilder.__module__}.PART_OBJECTS", 2)
        assert read_back(made(objects)) == objects
    mask = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(objects), max_size=len(objects))), np.bool_
    )
    taken = [each for each, is_taken in zip(objects, mask, strict=True) if is_taken]
    assert read_back(table.take(mask)) == taken
    order = np.array(data.draw(st.permutations(range(len(objects)))), np.int64)
    assert read_back(table.take(order)) == [objects[index] for index in order]
    assert read_back(Objects.concatenate([table, table.take(mask)])) == objects + taken


@given(st.lists(st.lists(st.integers(0, 255), max_size=4), max_size=6), st.data())
def test_lists_of_different_lengths(lists: list[list[int]], data: st.DataObject) -> None:
    values = np.array([value for each in lists for value in each], np.uint8)
    ragged = Ragged.of_lengths(values, np.array([len(each) for each in lists], np.int64))
    assert [each.tolist() for each in map(ragged.__getitem__, range(len(ragged)))] == lists
    assert ragged.rows.tolist() == [row for row, each in enumerate(lists) for _ in each]
    if lists:
        rows = np.array(data.draw(st.lists(st.integers(0, len(lists) - 1))), np.int64)
        taken = ragged.take(rows)
        assert [taken[index].tolist() for index in range(len(rows))] == [lists[row] for row in rows]


def test_an_object_of_boxes_alone_takes_little_memory() -> None:
    count = 1000
    table = Objects.of_boxes(np.zeros(count, np.int32), np.zeros(count, np.int32), np.zeros((count, 4)))
    owned = sum(
        each.nbytes
        for each in (table.picture, table.category, table.box, table.flags, table.area, table.ring_starts)
        if each.flags.owndata and not (each.strides and each.strides[0] == 0)
    )
    assert owned == count * (4 + 4 + 4 * 8)


def test_boxes_are_the_bounds_of_polygons_or_of_marked_keypoints() -> None:
    builder = AnnotationsBuilder("test")
    picture, category = builder.picture("a.jpg"), builder.category("cat")
    builder.add(picture, category, rings=[[(1, 2), (5, 3), (2, 9)]], holes=[[(0, 0), (1, 0), (0, 1)]])
    builder.add(picture, category, keypoints=[(0, 0, 0), (4, 5, 2), (7, 1, 1)])
    assert builder.annotations().objects.box.tolist() == [[1, 2, 5, 9], [4, 1, 7, 5]]


def test_complaints_of_a_kind_are_counted_together() -> None:
    first = Complaint("The box has no area.", 3, ("a", "b", "c"))
    second = Complaint("The box has no area.", 4, ("d", "e", "f", "g"))
    other = Complaint("The box has no area.", 1, ("h",), is_lost=False)
    assert joined([first, other, second]) == (
        Complaint("The box has no area.", 7, ("a", "b", "c", "d", "e")),
        other,
    )


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"box": (5, 0, 5, 9)}, NO_AREA),
        ({"box": (5, 0, 9, -1)}, NO_AREA),
        ({"box": (0, 0, float("nan"), 9)}, NOT_A_NUMBER),
        ({"box": (0, 0, 10**400, 9)}, NOT_A_NUMBER),
        ({"box": (0, 0, 9, 9), "rings": [[(0, 0), (1, float("inf")), (2, 2)]]}, NOT_A_NUMBER),
        ({"rings": [[(0, 0), (4, 4), (0, 0), (4, 4)]]}, FEW_CORNERS),
        ({"rings": [[(0, 0), (4, 0), (8, 0)]]}, NO_AREA),
        ({"keypoints": [(0, 0, 0)]}, NO_PLACE),
        ({}, NO_PLACE),
    ],
)
def test_what_cannot_be_an_object_is_complained_of_and_lost(wrong: dict[str, object], what: str) -> None:
    builder = AnnotationsBuilder("test")
    picture, category = builder.picture("a.jpg"), builder.category("cat")
    assert not builder.add(picture, category, where="a.json, 1", **wrong)  # type: ignore[arg-type]
    assert builder.add(picture, category, (0, 0, 1, 1))
    made = builder.annotations()
    assert (len(made.objects), made.complaints) == (
        1,
        (Complaint(what, 1, ("a.json, 1",), pictures=(picture,)),),
    )


def test_a_ring_does_not_end_with_its_first_corner() -> None:
    builder = AnnotationsBuilder("test")
    corners = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0)]
    builder.add(builder.picture("a.jpg"), builder.category("cat"), rings=[[*corners, corners[0]]])
    assert builder.annotations().objects.rings[0].tolist() == [list(each) for each in corners]


def test_a_single_keypoint_is_an_object_without_area() -> None:
    builder = AnnotationsBuilder("test")
    assert builder.add(builder.picture("a.jpg"), builder.category("tip"), keypoints=[(3, 4, 2)])


@pytest.mark.parametrize("size", [(0, 5), (-1, 5), (5, 2**31), (10**400, 1)])
def test_a_size_that_no_picture_has_counts_as_none(size: tuple[int, int]) -> None:
    builder = AnnotationsBuilder("test")
    builder.picture("a.jpg", *size)
    made = builder.annotations()
    assert (made.height[0], made.width[0]) == (0, 0)


@pytest.mark.parametrize(
    ("name", "is_name"),
    [
        ("a.jpg", True),
        ("../b/ä.png", True),
        ("\udcff", True),
        ("", False),
        ("a\0b", False),
        ("\ud800", False),
    ],
)
def test_what_can_be_the_name_of_a_picture(name: str, is_name: bool) -> None:  # noqa: FBT001
    assert is_file_name(name) is is_name
