"""Open Images: shares of the picture in columns, and classes by their codes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.annotations.annotations import Annotations, Flag, Names, Units
from stackgui.core.annotations.complaints import NO_AREA, NO_NAME, NO_SHARE
from stackgui.imaging.annotations import csv_rows, open_images
from stackgui.imaging.annotations.formats import recognised
from stackgui.imaging.annotations.open_images import FORMAT
from tests.imaging.annotations.files import classes, complaints, file, read

HEADER = "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf"
NAMES = {"class-descriptions-boxable.csv": '/m/01,Cat\n/m/02,"Dog, large"\n'}


def row(
    picture: Any = "000a1b", code: str = "/m/01", edges: Any = (0.1, 0.4, 0.2, 0.5), flags: str = "0,0,0"
) -> str:
    return f"{picture},xclick,{code},1,{','.join(map(str, edges))},{flags}"


def read_rows(*rows: str, names: dict[str, str] = NAMES) -> Annotations:
    text = "\n".join([HEADER, *rows]) + "\n"
    assert recognised("train.csv", text.encode()) is FORMAT
    return read(FORMAT, file("x/train.csv", text, names))


def test_the_order_of_columns_and_the_names_of_classes() -> None:
    found = read_rows(row(), row("000c", "/m/02", flags="1,-1,1"), row(edges=(0, 1, 0, 1), flags="0,1,0"))
    assert (found.units, found.names) == (Units.SHARES, Names.BY_STEM)
    assert [*found.pictures] == ["000a1b", "000c"]
    assert (found.objects.picture.tolist(), classes(found)) == ([0, 1, 0], ["Cat", "Dog, large", "Cat"])
    assert found.objects.box.tolist() == [[0.1, 0.2, 0.4, 0.5]] * 2 + [[0, 0, 1, 1]]
    assert found.objects.flags.tolist() == [0, Flag.OCCLUDED | Flag.CROWD, Flag.TRUNCATED]
    assert complaints(found) == {}


shares = st.tuples(st.integers(0, 500), st.integers(1, 500)).map(
    lambda each: (each[0] / 1000, sum(each) / 1000)
)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), shares, shares), max_size=9),
    st.permutations(HEADER.split(",")),
    st.integers(30, 300),
)
def test_what_is_written_is_read(written: list[Any], header: list[str], block_bytes: int) -> None:
    lines = [",".join(header)]
    for picture, (x1, x2), (y1, y2) in written:
        cells = {"ImageID": picture, "LabelName": "/m/01", "XMin": x1, "XMax": x2, "YMin": y1, "YMax": y2}
        lines.append(",".join(str(cells.get(name, 0)) for name in header))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_rows, "_BLOCK_BYTES", block_bytes)
        found = read(FORMAT, file("a.csv", "\r\n".join(lines), NAMES))
    assert complaints(found) == {}
    assert found.objects.box.tolist() == [[x1, y1, x2, y2] for _, (x1, x2), (y1, y2) in written]
    assert [found.pictures[index] for index in found.objects.picture] == [each[0] for each in written]


def test_classes_of_whole_pictures_are_tags() -> None:
    rows = ("ImageID,Source,LabelName,Confidence", "a,verification,/m/01,1", "a,verification,/m/02,0")
    found = read(FORMAT, file("labels.csv", "\n".join(rows), NAMES))
    assert (found.tags.picture.tolist(), [found.categories[each] for each in found.tags.category]) == (
        [0],
        ["Cat"],
    )


def test_classes_without_names_are_called_by_their_codes() -> None:
    for names in ({}, {"class-descriptions.csv": "LabelName,DisplayName\n/m/02,Dog\n"}):
        found = read_rows(row(), row(), names=names)
        assert (classes(found), complaints(found)) == (["/m/01"] * 2, {open_images.NO_CLASS_NAME: (1, False)})


def test_shares_that_were_rounded_carelessly_are_cut_off_at_the_edge() -> None:
    assert read_rows(row(edges=(-0.005, 1.005, 0.5, 1))).objects.box.tolist() == [[0, 0.5, 1, 1]]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (row(edges=(0.1, 0.1, 0, 1)), NO_AREA),
        (row(edges=(0.4, 0.1, 0, 1)), NO_AREA),
        (row(edges=(0.4, 1.3, 0, 1)), NO_SHARE),
        (row(edges=("nan", 1, 0, 1)), NO_SHARE),
        (row(edges=("x", 1, 0, "")), NO_SHARE),
        (row(edges=("9" * 999, 1, 0, 1)), NO_SHARE),
        ("a,b", open_images.SHORT_ROW),
        (row("a\0b"), NO_NAME),
        (row(""), NO_NAME),
    ],
)
def test_what_is_wrong_loses_itself_alone(wrong: str, what: str) -> None:
    found = read_rows(row(), wrong, row())
    assert complaints(found) == {what: (1, True)}
    assert found.complaints[0].examples == ("x/train.csv:3",)
    assert classes(found) == ["Cat", "Cat"]


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_whatever_a_file_holds_others_are_read(rows: bytes, names: bytes) -> None:
    head = f"{HEADER}\n".encode()
    found = read(
        FORMAT,
        file("bad.csv", head + rows, {"class-descriptions.csv": names}),
        file("good.csv", head + row().encode(), NAMES),
    )
    assert classes(found)[-1] == "Cat"
    assert np.isfinite(found.objects.box).all()


@given(st.lists(st.text('ab"\n,', max_size=6), max_size=20), st.integers(1, 12))
def test_a_table_read_in_blocks_has_the_same_rows(lines: list[str], block_bytes: int) -> None:
    quoted = ['"' + each.replace('"', '""') + '",x' for each in lines]
    data = "\n".join(quoted).encode()
    whole = [row for _, rows in csv_rows.row_blocks(data) for row in rows]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_rows, "_BLOCK_BYTES", block_bytes)
        assert [row for _, rows in csv_rows.row_blocks(data) for row in rows] == whole
    assert whole == [[each, "x"] for each in lines]


def test_a_column_that_is_there_twice_or_marked_as_a_comment_is_read_like_any():
    edges = "XMin,XMax,YMin,YMax"
    for header in (f"ImageID,LabelName,{edges},XMin", f"#ImageID,LabelName,{edges}"):
        rows = "a,/m/1,0.1,0.5,0.2,0.6,0.1\nb,/m/1,0.1\n"
        found = read(FORMAT, file("boxes.csv", f"{header}\n{rows}"))
        assert len(found.objects) == 1
        assert complaints(found)["The row has fewer cells than the table has columns."] == (1, True)
