import numpy as np
from PySide6.QtCore import Qt

from stackgui.core.advice.problem_files import Files, ProblemFile, files_of_samples, files_of_skipped
from stackgui.core.run.report import Failure
from stackgui.gui.widgets.tables import FailureRows, FileRows, SourceRows


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


def test_files_show_name_and_reason_and_the_full_path(qapp, qtmodeltester, plan):
    rows = FileRows(qapp)
    assert texts(rows) == []
    rows.set_files(files_of_samples(plan.catalog, np.array([2]), plan.problem.__getitem__))
    assert texts(rows) == [("terrier/3.jpg", "the file ends in the middle of the picture")]
    assert "/pets/dogs/terrier/3.jpg" in rows.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    rows.set_files(files_of_skipped(plan.catalog.skipped, np.array([1, 0])))
    assert texts(rows) == [("/pets/dogs/.DS_Store", ""), ("/pets/cats/notes.txt", "it is text")]
    qtmodeltester.check(rows)


def test_failures_show_row_file_and_reason(qapp, qtmodeltester):
    rows = FailureRows(qapp)
    rows.set_failures((Failure(1234, "/pets/<b>\n.jpg", "it is empty"),))
    assert texts(rows) == [("1,234", "/pets/<b>\\n.jpg", "it is empty")]
    tip = rows.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;" in tip, "a file name is no markup"
    assert [rows.headerData(n, Qt.Orientation.Horizontal) for n in range(3)] == ["Row", "File", "Why"]
    qtmodeltester.check(rows)


def test_ten_thousand_files_make_no_texts_until_they_are_looked_at(qapp):
    made = []
    rows = FileRows(qapp)
    rows.set_files(Files(10_000, lambda place: made.append(place) or ProblemFile("a", "/a")))
    assert rows.rowCount() == 10_000
    assert made == []
