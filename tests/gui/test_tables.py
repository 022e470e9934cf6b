import pytest
from PySide6.QtCore import Qt

from stackgui.core.base.columns import Coded
from stackgui.core.run.run import Failure
from stackgui.gui.widgets.tables import FailureRows, ProblemRows, SourceRows
from tests.making import make_catalog, make_plan


def texts(rows) -> list[tuple[str, ...]]:
    return [
        tuple(rows.index(row, column).data() for column in range(rows.columnCount()))
        for row in range(rows.rowCount())
    ]


def test_sources_show_name_and_count(qapp, qtmodeltester):
    rows = SourceRows(qapp)
    rows.set_sources(("/pets/cats", "/", "C:\\pets\\dogs"), ())
    assert texts(rows) == [("cats", "…"), ("/", "…"), ("dogs", "…")]
    rows.set_sources(("/pets/cats", "/", "C:\\pets\\dogs"), (1234, 0, 5))
    assert texts(rows) == [("cats", "1,234"), ("/", "0"), ("dogs", "5")]
    assert "/pets/cats" in rows.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert rows.folder(2) == "C:\\pets\\dogs"
    qtmodeltester.check(rows)


def test_new_counts_do_not_reset_the_selection(qapp, qtbot):
    rows = SourceRows(qapp)
    rows.set_sources(("/pets/cats",), ())
    with qtbot.assertNotEmitted(rows.modelReset), qtbot.waitSignal(rows.dataChanged):
        rows.set_sources(("/pets/cats",), (3,))


def test_problems_are_blank_rows_then_skipped_files(qapp, qtmodeltester, plan):
    rows = ProblemRows(qapp)
    rows.set_found(plan.catalog, plan)
    assert texts(rows) == [
        ("blank row", "terrier/3.jpg", "the file ends in the middle of the picture"),
        ("skipped: files that are no pictures", "/pets/cats/notes.txt", "it is text"),
        ("skipped: hidden file", "/pets/dogs/.DS_Store", ""),
    ]
    assert rows.kinds() == {"blank row": 1, "files that are no pictures": 1, "hidden files": 1}
    qtmodeltester.check(rows)


@pytest.mark.parametrize(
    ("kind", "files"),
    [
        ("blank row", ["terrier/3.jpg"]),
        ("hidden files", ["/pets/dogs/.DS_Store"]),
        ("", ["terrier/3.jpg", "/pets/cats/notes.txt", "/pets/dogs/.DS_Store"]),
    ],
)
def test_problems_of_one_kind(qapp, plan, kind, files):
    rows = ProblemRows(qapp)
    rows.set_found(plan.catalog, plan)
    rows.choose(kind)
    assert [row[1] for row in texts(rows)] == files


def test_failures_show_row_file_and_reason(qapp, qtmodeltester):
    rows = FailureRows(qapp)
    rows.set_failures((Failure(1234, "/pets/<b>\n.jpg", "it is empty"),))
    assert texts(rows) == [("1,234", "/pets/<b>\\n.jpg", "it is empty")]
    tip = rows.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;" in tip, "a file name is no markup"
    assert [rows.headerData(n, Qt.Orientation.Horizontal) for n in range(3)] == ["Row", "File", "Why"]
    qtmodeltester.check(rows)


def test_ten_thousand_problems_make_no_texts_until_they_are_looked_at(qapp, monkeypatch):
    made = []
    plan = make_plan([(0, 0)] * 10_000 + [(4, 4)], problem=Coded.from_values(["broken"] * 10_000 + [""]))
    rows = ProblemRows(qapp)
    monkeypatch.setattr(rows, "cells", lambda row: made.append(row) or ("", "", ""))
    rows.set_found(plan.catalog, plan)
    rows.choose(ProblemRows.BLANK)
    assert rows.rowCount() == 10_000
    assert made == []


def test_without_a_plan_the_catalog_says_what_is_wrong(qapp):
    rows = ProblemRows(qapp)
    rows.set_found(make_catalog([(0, 0)] * 3, problem=["no", "", "none was chosen"]), None)
    assert rows.kinds() == {ProblemRows.BLANK: 2}
    assert [rows.cells(row)[2] for row in range(rows.length())] == ["no", "none was chosen"]
    rows.set_found(None, None)
    assert rows.kinds() == {}
