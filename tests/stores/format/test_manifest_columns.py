"""The manifest of a large stack: columns that say what the lines of a smaller one say."""

import io
import json
import tempfile
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui import resources
from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.base.columns import Coded
from stackgui.core.base.errors import StackguiError
from stackgui.core.catalog.mask_segments import MaskSegments
from stackgui.core.options.options import Options
from stackgui.core.plan.repair import content_of, repaired, with_content
from stackgui.core.plan.row_changes import MARKS, RowChanges
from stackgui.stores.format import packed
from stackgui.stores.format.column_file import ColumnWriter, read_head
from stackgui.stores.format.columns_manifest import has_columns
from stackgui.stores.format.manifest import JSON_FILE, RowTable
from stackgui.stores.format.manifest_columns import COLUMNS_FILE, write_columns
from stackgui.stores.format.manifest_look import ManifestLook, manifest_name
from stackgui.stores.format.manifest_table import Manifest, parse_lines
from stackgui.stores.format.read_manifest import read_manifest
from stackgui.stores.format.row_edits import EDITS_FILE, edit_lines
from tests.damaging import damaged
from tests.making import make_plan
from tests.stores.format.test_plan_file import plans

REASONS = ("", "the file ends early", "its header is damaged")


@st.composite
def tables(draw):
    """Tables of rows with everything that may be in one: repairs, marks, masks, groups, lists, archives."""
    plan = draw(plans())
    if (values := plan.catalog.values) is not None:
        # No cell of a list is infinite.
        values = replace(values, numbers=np.where(np.isinf(values.numbers), 0, values.numbers))
        plan = replace(plan, catalog=replace(plan.catalog, values=values))
    masks = plan.catalog.masks
    if masks is not None and draw(st.booleans()):
        lists = [None, [[7, 1], [9, 0]]]
        segments = MaskSegments.of_lists(lists[: len(masks.files)])
        plan = replace(plan, catalog=replace(plan.catalog, masks=replace(masks, segments=segments)))
    if draw(st.booleans()):
        sample = draw(st.integers(0, len(plan.catalog) - 1))
        content = content_of(plan.catalog, sample) | {"mtime_ns": 77, "bits": 12}
        plan = repaired(plan, with_content(plan.catalog, {sample: content}))
    reason = Coded.from_values(draw(st.sampled_from(REASONS)) for _ in range(plan.rows))
    if draw(st.booleans()):
        marks = (np.array([draw(st.booleans()) for _ in range(plan.rows)], np.bool_) for _ in MARKS)
        plan = replace(plan, row_changes=RowChanges(*marks))
    if draw(st.booleans()):
        plan = replace(plan, group=Coded.from_values(str(each % 3) for each in range(len(plan.catalog))))
    return RowTable.of(plan, reason.equals(""), reason)


def as_text(table) -> list[dict]:
    return [json.loads(line) for line in b"".join(lines for _csv, lines in table.parts()).splitlines()]


def write(folder, table) -> None:
    with Path(folder, COLUMNS_FILE).open("wb") as file:
        write_columns(file, table)


def same(one: Manifest, other: Manifest, rows: int) -> bool:
    """Whether two tables say the same, however they hold it."""
    kept = ("path", "source", "status", "reason", "part", "label")
    is_same = all(list(getattr(one, name)) == list(getattr(other, name)) for name in kept)
    is_same &= all(list(one.columns[name]) == list(other.columns[name]) for name in other.columns)
    is_same &= np.array_equal(one.sample, other.sample) and np.array_equal(one.placement, other.placement)
    is_same &= one.planned == other.planned and one.masks.has_mask.tolist() == other.masks.has_mask.tolist()
    is_same &= list(one.masks.path) == list(other.masks.path)
    is_same &= np.array_equal(one.values.numbers, other.values.numbers, equal_nan=True)
    is_same &= [list(column) for column in one.values.texts] == [list(each) for each in other.values.texts]
    marks = [[changes.marks_of(row) for row in range(rows)] for changes in (one.changes, other.changes)]
    return bool(is_same and marks[0] == marks[1] and (one.group is None) == (other.group is None))


@given(tables(), st.data())
@settings(max_examples=80, deadline=None)
def test_columns_make_the_lines_that_text_has_whole_or_of_any_rows(table, data):
    lines, rows = as_text(table), len(table.sample)
    with tempfile.TemporaryDirectory() as folder:
        write(folder, table)
        look = ManifestLook(folder, rows)
        assert list(look.entries()) == lines
        wanted = data.draw(st.lists(st.integers(0, rows - 1), max_size=6))
        assert look.lines(wanted) == [lines[row] for row in wanted]
        assert same(read_manifest(folder), parse_lines(lines), rows)
        names = b"".join(bytes(part) for _, part in look.names(0, UNWATCHED))
        assert names.count(0) == rows
        for mark in MARKS:
            assert look.marked(mark, UNWATCHED).tolist() == [mark in line for line in lines]


@given(tables(), st.data())
@settings(max_examples=40, deadline=None)
def test_edits_beside_columns_say_what_edits_beside_text_say(table, data):
    lines, rows = as_text(table), len(table.sample)
    row = data.draw(st.integers(0, rows - 1))
    label = data.draw(st.sampled_from([lines[row]["label"], None]))
    edit = {"label": label, "class": None, "status": "excluded", "excluded": True}
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        write(one, table)
        Path(other, JSON_FILE).write_bytes(b"".join(text for _csv, text in table.parts()))
        for folder in (one, other):
            Path(folder, EDITS_FILE).write_bytes(edit_lines({row: edit}))
        assert same(read_manifest(one), read_manifest(other), rows)
        for mark in MARKS:
            found = [ManifestLook(folder, rows).marked(mark, UNWATCHED).tolist() for folder in (one, other)]
            assert found[0] == found[1]


ASKED = (read_manifest, lambda folder: ManifestLook(folder, 3).lines([0, 1, 2]))


def complaint(folder: str, ask) -> str:
    """What is said when a manifest is asked; nothing if it answers."""
    try:
        ask(folder)
    except StackguiError as error:
        return str(error)
    return ""


@pytest.fixture
def made(tmp_path):
    plan = make_plan([(2, 3), (4, 5), (6, 7)], Options(shuffle=True), path=["cat/a", "dog/b", "owl/c"])
    reason = Coded.from_values(["", REASONS[1], ""])
    write(tmp_path, RowTable.of(plan, reason.equals(""), reason))
    return tmp_path


def test_many_names_of_classes_are_columns_too(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "MANY_TEXTS", 2)
    plan = make_plan([(2, 3)] * 4, path=["a/1", "b/2", "c/3", "é/4"])
    reason = Coded.from_values([""] * 4)
    table = RowTable.of(plan, reason.equals(""), reason)
    write(tmp_path, table)
    assert "é" not in (tmp_path / COLUMNS_FILE).read_bytes()[-4096:].decode("ascii", "replace")
    assert ManifestLook(str(tmp_path), 4).lines([3, 0]) == [as_text(table)[row] for row in (3, 0)]
    assert same(read_manifest(str(tmp_path)), parse_lines(as_text(table)), 4)


def test_columns_count_whatever_else_is_there(made):
    (made / JSON_FILE).write_text("no\n")
    assert has_columns(str(made))
    assert manifest_name(str(made)) == COLUMNS_FILE
    assert read_manifest(str(made)).status.names.index("ok") == 1


def test_what_follows_alike_takes_no_room(tmp_path):
    def size(rows: int) -> int:
        plan = make_plan([(2, 3)] * rows, path=[f"{index:06}" for index in range(rows)])
        reason = Coded.constant("", rows)
        file = io.BytesIO()
        write_columns(file, RowTable.of(plan, np.ones(rows, np.bool_), reason))
        return len(file.getvalue())

    # A name and its end, size and time of its file, its sample, its placement.
    assert (size(20_000) - size(10_000)) / 10_000 == pytest.approx(6 + 8 + 8 + 8 + 8 + 16, abs=0.5)


def test_any_damage_is_told_in_a_sentence_that_names_the_file(made):
    good = (made / COLUMNS_FILE).read_bytes()
    before, told = ManifestLook(str(made), 3).lines([0, 1, 2]), 0
    for place in range(len(good)):
        (made / COLUMNS_FILE).write_bytes(good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :])
        whole, some = (complaint(str(made), ask) for ask in ASKED)
        assert all(not each or COLUMNS_FILE in each for each in (whole, some))
        told += bool(whole)
    # All but the bytes between the columns.
    assert told > len(good) - 64 * 40
    (made / COLUMNS_FILE).write_bytes(good)
    assert ManifestLook(str(made), 3).lines([0, 1, 2]) == before


@pytest.mark.parametrize("kept", [0, 7, 100, -1])
def test_a_file_that_is_cut_off_is_told(made, kept):
    good = (made / COLUMNS_FILE).read_bytes()
    (made / COLUMNS_FILE).write_bytes(good[:kept])
    assert all(COLUMNS_FILE in complaint(str(made), ask) for ask in ASKED)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_head_that_anyone_may_have_written_is_read_or_refused(data):
    plan = make_plan([(2, 3), (4, 5), (6, 7)], path=["cat/a", "dog/b", "owl/c"])
    reason = Coded.from_values(["", REASONS[1], ""])
    with tempfile.TemporaryDirectory() as folder:
        write(folder, RowTable.of(plan, reason.equals(""), reason))
        forged(Path(folder, COLUMNS_FILE), lambda head: data.draw(damaged(head)))
        found = [complaint(folder, ask) for ask in ASKED]
        assert all(not each or COLUMNS_FILE in each for each in found)


def forged(path: Path, change) -> None:
    """Change the head of a file of columns, with a right checksum."""
    with path.open("rb") as file:
        head = read_head(file)
    size = path.stat().st_size
    count = int.from_bytes(path.read_bytes()[-32:-24], "little")
    columns = path.read_bytes()[: size - 32 - count]
    with path.open("wb") as file:
        writer = ColumnWriter(file)
        file.write(columns[writer.end :])
        writer.write_head(change(head))


def test_the_lines_of_the_help_read_a_file(tmp_path):
    plan = make_plan([(2, 3), (9, 5)] * 4, path=[f"{index}/é.png" for index in range(8)])
    reason = Coded.from_values([*[""] * 7, REASONS[1]])
    write(tmp_path, RowTable.of(plan, reason.equals(""), reason))
    page = resources.path("help", "stack.md").read_text("utf-8")
    block = page[page.index("    import json\n") : page.index("## Exporting it")]
    code = textwrap.dedent(block).replace("pets/manifest", f"{tmp_path}/manifest")
    *lines, last = [line for line in code.splitlines() if line]
    found: dict[str, object] = {}
    exec("\n".join(lines), found)
    assert found["height"].tolist() == [2, 9] * 4
    name = next(line for line in lines if line.startswith("bytes("))
    assert eval(name, found) == "7/é.png".encode()
    assert eval(last, found) == "failed"
    assert found["column"](found["places"]["columns/channels"][0]).tolist() == [3] * 8


def test_another_number_of_rows_is_damage(made):
    assert COLUMNS_FILE in complaint(str(made), lambda folder: ManifestLook(folder, 4).lines([0]))


def test_a_row_that_is_not_there_is_damage(made):
    assert COLUMNS_FILE in complaint(str(made), lambda folder: ManifestLook(folder, 3).lines([3]))
