"""The manifest: exact for programs, safe and legible for people."""

import csv
import io
import json
import math
import os
import pickle
from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.base.columns import Coded
from stackgui.core.options.options import Options
from stackgui.stores.format import manifest
from stackgui.stores.format.manifest import CHUNK_ROWS, RowTable
from stackgui.stores.format.row_lines import SHEET_COLUMNS
from tests.making import make_plan
from tests.stores.format.test_manifest_columns import tables

FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")

# Names as a disk may hold them: any bytes but NUL and, in a part of a path, the slash.
NAMES = st.binary(min_size=1, max_size=255).map(
    lambda name: os.fsdecode(name.replace(b"\0", b"0").replace(b"/", b"_"))
)


def table_of(names, *, reason=None, **columns):
    plan = make_plan([(4, 6)] * len(names), Options(), path=list(names), **columns)
    reasons = Coded.from_values(reason or [""] * len(names))
    return RowTable.of(plan, reasons.equals(""), reasons)


def csv_text(table) -> str:
    return b"".join(csv for csv, _json in table.parts()).decode("utf-8-sig")


def csv_rows(table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text(table), newline="")))


def json_rows(table) -> list[dict]:
    return [json.loads(line) for line in b"".join(lines for _csv, lines in table.parts()).splitlines()]


@given(st.lists(NAMES, min_size=1, max_size=5))
def test_json_keeps_every_name_exactly(names):
    assert [row["file"] for row in json_rows(table_of(names))] == names


@given(st.lists(NAMES, min_size=1, max_size=5))
def test_csv_is_well_formed_whatever_the_names(names):
    rows = csv_rows(table_of(names))
    assert [row["row"] for row in rows] == [str(index) for index in range(len(names))]
    assert all(set(row) == set(SHEET_COLUMNS) for row in rows)


@given(st.text(min_size=1).filter(lambda text: "\0" not in text), st.sampled_from([",", ";", "\t"]))
def test_no_cell_begins_a_formula_whatever_separates_cells(text, separator):
    try:
        os.fsencode(text)
    except UnicodeEncodeError:  # no name of a file
        return
    table = table_of([text], sources=(f"/{text}",), reason=[text])
    names = {"file", "source", "reason"}
    for row in csv_rows(table):
        parts = [part for name in names for part in row[name].split(separator)]
        if separator != ",":
            assert not any(part.startswith(FORMULA_STARTS[:4]) for part in parts)
        assert not any(row[name].startswith(FORMULA_STARTS) for name in names)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("=cmd|' /C calc'!A0.png", "'=cmd|' /C calc'!A0.png"),
        ("-1.png", "'-1.png"),
        ("@a.png", "'@a.png"),
        ("\ttab.png", "'\ttab.png"),
        ("a;=b.png", "a;'=b.png"),
        ("two\nlines.png", "two\nlines.png"),
        ('quote".png', 'quote".png'),
        ("comma,-a.png", "comma,-a.png"),
        (os.fsdecode(b"caf\xe9.png"), r"caf\xe9.png"),
        ("Müller <b>.png", "Müller <b>.png"),
        ("\u202egnp.exe", "\u202egnp.exe"),
        ("x" * 255, "x" * 255),
    ],
)
def test_csv_shows_names_safely(name, shown):
    (row,) = csv_rows(table_of([name]))
    assert row["file"] == shown


def test_csv_begins_with_the_mark_that_spreadsheets_need_and_the_columns_that_people_know():
    assert next(table_of(["1.png"]).parts())[0] == (
        b"\xef\xbb\xbfrow,array,index,source,file,label,split,status,reason,original_height,original_width,"
        b"channels,dtype,format,top,left,height,width,orientation,profile,member,member_name,file_bytes,"
        b"modified\r\n"
    )


def test_columns_say_what_a_row_is():
    table = table_of(
        ["cat/1.png", "dog/2.png"],
        reason=["", "the file ends early"],
        sources=("/a", "/b"),
        source=[0, 1],
        split=["train", ""],
        orientation=[6, 1],
        mtime_ns=[0, 1_600_000_000 * 10**9],
    )
    first, second = csv_rows(table)
    assert first == {
        "row": "0", "array": "images.npy", "index": "0", "source": "/a", "file": "cat/1.png",
        "label": "cat", "split": "train", "status": "ok", "reason": "",
        "original_height": "4", "original_width": "6", "channels": "3", "dtype": "uint8", "format": "png",
        "top": "0", "left": "0", "height": "4", "width": "6", "orientation": "6",
        "profile": "", "member": "", "member_name": "",
            "file_bytes": "1000",
        "modified": "1970-01-01T00:00:00Z",
    }  # fmt: skip
    assert (second["status"], second["reason"]) == ("failed", "the file ends early")
    assert (second["height"], second["width"]) == ("0", "0")
    assert (second["source"], second["modified"]) == ("/b", "2020-09-13T12:26:40Z")
    assert json_rows(table)[1] == {
        "row": 1, "index": 1, "sample": 1, "source": "/b", "file": "dog/2.png", "label": 1,
        "class": "dog", "status": "failed",
        "reason": "the file ends early", "original_height": 4, "original_width": 6, "channels": 3,
        "dtype": "uint8", "format": "png", "orientation": 1, "placement": [0, 0, 0, 0], "member": None,
        "bits": 0, "given_label": "", "given_split": "", "axes": "", "profile": "", "meaning": "",
        "member_name": "", "frames": 1, "picked": 1,
        "split": "", "array": "images.npy", "inside": None, "file_bytes": 1001,
        "mtime_ns": 1_600_000_000 * 10**9,
    }  # fmt: skip


def test_size_that_is_unknown_is_left_out():
    plan = make_plan([(4, 6), (0, 0)], problem=["", "damaged"], channels=[3, 0])
    reason = Coded.from_values(["", "damaged"])
    row = csv_rows(RowTable.of(plan, reason.equals(""), reason))[1]
    assert (row["original_height"], row["original_width"], row["channels"]) == ("", "", "")


def test_rows_beyond_a_chunk_go_on_counting():
    count = 2 * CHUNK_ROWS + 3
    table = table_of([f"{index}.png" for index in range(count)])
    assert [row["row"] for row in json_rows(table)] == list(range(count))
    assert [row["file"] for row in csv_rows(table)] == [f"{index}.png" for index in range(count)]


def test_placements_are_the_plans_and_zero_for_blank_rows(monkeypatch):
    monkeypatch.setattr("stackgui.stores.format.manifest.GEOMETRY_ROWS", 2)
    plan = make_plan([(index + 1, 3) for index in range(7)])
    valid = np.array([True, False, True, True, True, False, True])
    table = RowTable.of(plan, valid, Coded.from_values(["" if v else "bad" for v in valid]))
    expected = plan.geometry(plan.buckets[0], plan.buckets[0].samples).placement * valid[:, None]
    assert table.placement.tolist() == expected.tolist()


def sent(function, values):
    """Call a function as if in another process: what it is given and returns is pickled."""
    for value in values:
        yield pickle.loads(pickle.dumps(function(pickle.loads(pickle.dumps(value)))))


@given(tables(), st.integers(1, 5))
@settings(max_examples=150, deadline=None)
def test_lines_are_the_same_however_they_are_cut_and_whoever_formats_them(table, rows):
    whole = [b"".join(parts) for parts in zip(*table.parts(), strict=True)]
    with mock.patch.object(manifest, "CHUNK_ROWS", rows):
        cut = list(table.parts(sent))
    assert len(cut) == 1 + math.ceil(len(table.sample) / rows)
    assert [b"".join(parts) for parts in zip(*cut, strict=True)] == whole


def test_what_is_too_large_to_be_sent_again_and_again_stays_here():
    def nobody(_function, _values):
        raise AssertionError("asked to format")

    names = [f"{index}/1.png" for index in range(CHUNK_ROWS + 1)]
    table = table_of(names)
    classes = tuple(map(str, range(manifest.MOST_SENT + 1)))
    few, many = (replace(table, plan=replace(table.plan, classes=each)) for each in (classes[:9], classes))
    with pytest.raises(AssertionError, match="asked to format"):
        list(few.parts(nobody))
    assert len(list(many.parts(nobody))) == 1 + 2


def test_a_part_says_nothing_of_other_rows():
    few, many = (
        table_of(
            [f"{index:06}.png" for index in range(rows)], reason=[f"reason {row}" for row in range(rows)]
        )
        for rows in (CHUNK_ROWS, 5 * CHUNK_ROWS)
    )
    (alone,), parts = few._cut(), list(many._cut())
    assert len(parts) == 5
    assert max(len(pickle.dumps(part)) for part in parts) < 1.1 * len(pickle.dumps(alone))
