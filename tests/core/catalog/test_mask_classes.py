"""Tables of the classes of masks, as the usual tools write them."""

import pytest

from stackgui.core.base.colour import Colour
from stackgui.core.base.errors import UsageError
from stackgui.core.catalog.mask_class_files import read_mask_classes
from stackgui.core.catalog.mask_classes import (
    COLOUR,
    MaskClass,
    classes_from_json,
    classes_to_json,
    key_of,
    spelled,
)

ROAD = COLOUR + 0x804080


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# name:rgb:parts:actions\nrest:0,0,0::\nroad:128,64,128::\n", [("rest", 0), ("road", ROAD)]),
        ("0 background\n7 road side\n", [("background", 0), ("road side", 7)]),
        ("0: background\n7: road\n", [("background", 0), ("road", 7)]),
        ("background,0\nroad,#804080\n", [("background", 0), ("road", ROAD)]),
        ("background\nroad\n", [("background", 0), ("road", 1)]),
        ("train: images\nnc: 2\nnames: [background, no]\n", [("background", 0), ("no", 1)]),
        ("names:\n  0: background\n  7: road\n", [("background", 0), ("road", 7)]),
        ('["background", "road"]', [("background", 0), ("road", 1)]),
        ('{"0": "background", "7": "road"}', [("background", 0), ("road", 7)]),
        ('{"background": 0, "road": [128, 64, 128]}', [("background", 0), ("road", ROAD)]),
        ('{"categories": [{"id": 7, "name": "road"}, {"id": 9, "name": "car"}]}', [("road", 7), ("car", 9)]),
        ('{"classes": ["background", "road"]}', [("background", 0), ("road", 1)]),
    ],
)  # fmt: skip
def test_usual_tables_are_read(text, expected):
    assert read_mask_classes(text.encode()) == tuple(MaskClass(name, (key,)) for name, key in expected)


def test_numbers_of_one_name_are_one_class():
    assert read_mask_classes(b"7 road\n9 road\n0 rest\n") == (
        MaskClass("road", (7, 9)),
        MaskClass("rest", (0,)),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no classes"),
        ("names: {", "no classes"),
        ("names: &a [*a]", "no classes"),
        ("7 road\n7 car\n", "7 belongs to two classes, road and car"),
        ('{"a": "b"}', "neither a list of classes"),
        ("[1, 2]", "neither a list of classes"),
    ],
)
def test_others_are_refused_with_the_reason(text, said):
    with pytest.raises(UsageError, match=said):
        read_mask_classes(text.encode())


def test_what_only_begins_like_json_is_text():
    assert read_mask_classes(b"[" * 9999) == (MaskClass("[" * 9999, (0,)),)


def test_text_that_is_none_is_refused():
    with pytest.raises(UsageError, match="UTF-8"):
        read_mask_classes(b"\xff\xff\x00")


def test_tables_survive_json():
    table = (MaskClass("road", (7, ROAD)), MaskClass("plain"))
    assert classes_from_json(classes_to_json(table)) == table
    for wrong in ("road", [{"name": ""}], [3], [{"name": "a", "values": ["x"]}], {"a": 1}):
        with pytest.raises(UsageError):
            classes_from_json(wrong)


def test_a_grey_colour_is_the_number_of_a_grey_picture():
    assert (key_of(Colour(7, 7, 7)), key_of(Colour(128, 64, 128))) == (7, ROAD)
    assert (spelled(7), spelled(ROAD)) == ("7", "#804080")
