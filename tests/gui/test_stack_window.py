"""Looking into a stack, in its own window."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QSpinBox

import stackgui
from stackgui.core.annotations.ragged import Ragged
from stackgui.core.base.errors import StackguiError
from stackgui.core.options.options import Options
from stackgui.core.plan.row_marks import RowMarks
from stackgui.core.run.report import RetryReport, Status
from stackgui.core.viewing.opened import RowFacts
from stackgui.engine.viewing import find as finding
from stackgui.gui.app import dialogs, row_pictures
from stackgui.gui.app.stack_window import StackWindow
from stackgui.gui.control import errands, patience
from stackgui.gui.control import opening as kinds
from stackgui.gui.texts import stack_texts
from stackgui.gui.widgets.marks import Marking
from stackgui.stores.format.manifest_look import ManifestLook
from stackgui.stores.stack.edit import edit_stack
from tests.gui.test_accessible import check
from tests.looking import make_stack


@pytest.fixture
def stack(tmp_path):
    return make_stack(tmp_path / "pets", Options(buckets=2))


@pytest.fixture
def opened(app, qtbot):
    """Open what is at a path, and wait until its rows are seen."""

    def act(path) -> StackWindow:
        app.stacks.open(str(path))
        window = app.window.findChild(StackWindow)
        qtbot.waitUntil(lambda: window.opened is not None and not window.rows.grid.missing, timeout=20_000)
        return window

    return act


def opened_only(app, path, qtbot) -> StackWindow:
    """Open what is at a path, whatever becomes of its rows."""
    app.stacks.open(str(path))
    window = app.window.findChild(StackWindow)
    qtbot.waitUntil(lambda: window.opened is not None, timeout=20_000)
    return window


@pytest.fixture
def looks(opened, stack):
    return opened(stack)


def child(window, kind, name):
    found = window.findChild(kind, name)
    assert found is not None, name
    return found


def cell(window, position) -> QPoint:
    grid = window.rows.grid
    left, top, width, height = grid.layout_now.cell(position, grid.offset)
    return QPoint(left + width // 2, top + height // 2)


def facts(window) -> str:
    return " ".join(label.text() for label in window.details.findChildren(QLabel) if label.isVisible())


def test_a_stack_shows_its_rows_and_what_a_row_is(looks, qtbot):
    assert "7 rows" in child(looks, QLabel, "stack.summary").text()
    grid = looks.rows.grid
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=cell(looks, 1))
    qtbot.waitUntil(lambda: looks.details.seen is not None, timeout=20_000)
    assert looks.details.seen.look.row == grid.current == 1
    name = looks.details.seen.large.facts.name
    qtbot.waitUntil(lambda: name in facts(looks), timeout=20_000)
    assert child(looks, QAbstractButton, "stack.reveal").isVisible()


def test_its_title_is_not_that_of_the_project_of_the_same_name(looks, app):
    assert looks.windowTitle() == f"Rows of {stack_texts.name(looks.path)}" != app.window.windowTitle()


def test_a_row_says_of_which_classes_its_boxes_are():
    facts = RowFacts(0, "images.npy", 0, (9, 9), (0, 0, 9, 9), boxes=4)
    box = np.zeros((4, 4), np.float32)
    marks = RowMarks(
        (9, 9), box, box, np.ones(4, np.bool_), np.array([1, 0, 1, -1], np.int32), ("cat", "dog"),
        Ragged.none(0, np.empty((0, 2), np.float32)), np.zeros(5, np.int64), np.empty((4, 0, 3), np.float32),
    )  # fmt: skip
    assert dict(stack_texts.facts(facts, marks))["Boxes"] == "4: 2 dog, 1 cat"
    unknown = replace(marks, category=np.full(4, -1, np.int32))
    for each in (None, unknown, replace(marks, more=2)):
        assert dict(stack_texts.facts(facts, each))["Boxes"] == "4"


def test_a_row_is_looked_at_closely_and_left_again(looks, qtbot):
    grid, large = looks.rows.grid, looks.rows.large
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert looks.rows.is_large
    qtbot.waitUntil(lambda: not large.waits, timeout=20_000)
    large.view.pointed.emit(0, 0)
    values = large.seen.large.pixels[0, 0].tolist()
    assert ", ".join(map(str, values)) in child(looks, QLabel, "stack.large.values").text()
    qtbot.keyClick(large.view, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: not large.waits, timeout=20_000)
    assert large.seen.look.row == 1
    qtbot.keyClick(large.view, Qt.Key.Key_Escape)
    assert not looks.rows.is_large
    assert grid.current == 1


def test_a_row_whose_facts_are_shown_is_looked_at_closely_too(looks, qtbot):
    looks.rows.go_to(2)
    qtbot.waitUntil(lambda: looks.details.seen is not None, timeout=20_000)
    looks.rows.open_row(2)
    qtbot.waitUntil(lambda: not looks.rows.large.waits, timeout=20_000)
    looks.rows.close_row()
    looks.rows.open_row(2)
    qtbot.waitUntil(lambda: not looks.rows.large.waits, timeout=20_000)


def test_rows_are_played_one_after_the_other(looks, qtbot):
    looks.rows.open_row(0)
    looks.rows.large.play.setChecked(True)
    seen = set()

    def played() -> bool:
        if looks.rows.large.seen:
            seen.add(looks.rows.large.seen.look.row)
        return not looks.rows.large.play.isChecked()

    qtbot.waitUntil(played, timeout=20_000)
    assert looks.rows.current == 6, "it ends at the last row"


def test_names_and_labels_are_searched_for(looks, qtbot):
    child(looks, QLineEdit, "stack.search").setText("DOG")
    qtbot.waitUntil(lambda: looks.rows.grid.found.count == 3, timeout=20_000)
    assert "3 of 7 rows" in child(looks, QLabel, "stack.count").text()
    box = child(looks, QComboBox, "stack.standing")
    box.setCurrentIndex(2)
    box.activated.emit(2)
    qtbot.waitUntil(lambda: looks.rows.grid.found.count == 1, timeout=20_000)
    child(looks, QAbstractButton, "stack.all").click()
    qtbot.waitUntil(lambda: looks.rows.grid.found.count == 7, timeout=20_000)


def test_rows_whose_pictures_are_gone_are_marked_and_searched_for(opened, tmp_path, qtbot):
    looks = opened(make_stack(tmp_path / "pets", gone=(1, 4)))
    grid, box = looks.rows.grid, child(looks, QComboBox, "stack.standing")
    assert [box.itemText(place) for place in (2, 4)] == ["Empty (1)", "Picture gone (2)"]
    assert child(looks, QLabel, "stack.summary").text().endswith(" · 1 empty · 2 whose picture is gone")
    assert "row 4, picture gone" in grid._told(4)
    assert "gone" not in grid._told(3)
    box.setCurrentText("Picture gone (2)")
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: grid.found.count == 2, timeout=20_000)
    looks.rows.go_to(4)
    qtbot.waitUntil(lambda: "no longer in the sources" in facts(looks), timeout=20_000)
    child(looks, QAbstractButton, "stack.reveal").click()
    assert looks.message.text().endswith("cat-11.png” is no longer there.")


def test_what_is_searched_for_is_shown_from_its_beginning(opened, tmp_path, qtbot):
    names = [f"cat/{number}.png" for number in range(200)]
    window = opened(make_stack(tmp_path / "many", sizes=[(8, 8)] * 200, names=names))
    grid = window.rows.grid
    bar = grid.verticalScrollBar()
    bar.setValue(bar.maximum())
    child(window, QLineEdit, "stack.search").setText("1")
    qtbot.waitUntil(lambda: grid.found.count == 119, timeout=20_000)
    assert grid.offset == 0
    grid.go_to(110)
    there = grid.current
    child(window, QLineEdit, "stack.search").clear()
    qtbot.waitUntil(lambda: grid.found.count == 200, timeout=20_000)
    assert grid.current == there
    first, last = grid.layout_now.visible(grid.offset)
    assert first <= grid.marks.current < last


def test_a_disk_that_fails_is_told_and_tried_again(app, stack, qtbot, monkeypatch):
    def fails(_look, _rows):
        raise StackguiError("The disk reported a fault.")

    with monkeypatch.context() as patch:
        patch.setattr(ManifestLook, "lines", fails)
        window = opened_only(app, stack, qtbot)
        message = child(window, QLabel, "messageBar.text")
        qtbot.waitUntil(lambda: "The disk reported a fault." in message.text(), timeout=20_000)
        assert "7 rows" in child(window, QLabel, "stack.summary").text()
    (again,) = (each for each in window.findChildren(QAbstractButton) if each.text() == "Try again")
    again.click()
    qtbot.waitUntil(lambda: not window.rows.grid.missing, timeout=20_000)
    assert not message.isVisible()


def test_a_disk_that_does_not_answer_holds_up_nothing(app, stack, qtbot, monkeypatch):
    monkeypatch.setattr(patience, "SLOW_S", 0.0)
    answers, read = threading.Event(), ManifestLook.lines

    def stuck(look, rows):
        answers.wait()
        return read(look, rows)

    monkeypatch.setattr(ManifestLook, "lines", stuck)
    window = opened_only(app, stack, qtbot)
    summary = child(window, QLabel, "stack.summary")
    try:
        qtbot.waitUntil(lambda: "waiting for the disk" in summary.text(), timeout=20_000)
        child(window, QLineEdit, "stack.search").setText("dog")
        qtbot.waitUntil(lambda: window.rows.grid.found.count == 3, timeout=20_000)
        window.close()
        assert len(app.stacks._leaving) == 1
    finally:
        answers.set()
    qtbot.waitUntil(lambda: not app.stacks._leaving, timeout=20_000)


def test_any_row_can_be_gone_to(looks, qtbot):
    field = child(looks, QSpinBox, "stack.row")
    qtbot.keyClick(looks, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(field.hasFocus, timeout=20_000)
    field.setValue(5)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert looks.rows.grid.current == 5


def test_a_row_is_copied_and_saved_as_a_picture(looks, qtbot, monkeypatch, tmp_path):
    looks.rows.go_to(3)
    qtbot.waitUntil(
        lambda: looks.details.seen is not None and looks.details.seen.look.row == 3, timeout=20_000
    )
    qtbot.keyClick(looks.rows.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    height, width = looks.details.seen.picture.shape[:2]
    image = QGuiApplication.clipboard().image()
    assert (image.height(), image.width()) == (height, width)
    monkeypatch.setattr(dialogs, "ask_file", lambda *_: str(tmp_path / "row.png"))
    child(looks, QAbstractButton, "stack.save").click()
    assert (tmp_path / "row.png").read_bytes().startswith(b"\x89PNG")
    assert "Saved" in looks.message.text()


def test_a_row_is_dragged_out_once_it_has_been_read(looks, qtbot, monkeypatch):
    dragged = []
    monkeypatch.setattr(row_pictures, "drag", lambda _source, seen: dragged.append(seen.look.row))
    grid, start = looks.rows.grid, cell(looks, 2)
    qtbot.mousePress(grid.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(grid.viewport(), start + QPoint(60, 0))
    grid.dragged.emit(grid.current)
    qtbot.waitUntil(lambda: dragged == [2] or len(dragged) > 0, timeout=20_000)
    qtbot.mouseRelease(grid.viewport(), Qt.MouseButton.LeftButton)
    assert set(dragged) == {2}


def test_values_of_16_bits_are_shown_with_a_contrast_that_can_be_chosen(opened, qtbot, tmp_path):
    values = np.linspace(1000, 3000, 4 * 20 * 20, dtype=np.uint16).reshape(4, 20, 20, 1)
    np.save(tmp_path / "deep.npy", values)
    window = opened(tmp_path / "deep.npy")
    window.rows.go_to(0)
    qtbot.waitUntil(lambda: window.details.seen is not None, timeout=20_000)
    assert window.details.seen.picture.min() == 0
    assert window.details.seen.picture.max() == 255
    window.details.findChild(QLabel)
    chart = window.details.findChild(type(window.details._chart))
    chart.dragged.emit(0.0, 60_000.0)
    qtbot.waitUntil(lambda: window.details.seen.contrast.high == 60_000, timeout=20_000)
    assert window.details.seen.picture.max() < 20
    assert chart.sheet().count > 1


def test_the_axes_of_an_array_of_others_can_be_changed(opened, qtbot, tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((40, 30, 50), np.uint8))
    window = opened(tmp_path / "a.npy")
    assert not child(window, QLineEdit, "stack.search").isVisible()
    box = child(window, QComboBox, "stack.axes")
    assert box.isVisible()
    assert window.opened.reading.axes == "NHW"
    box.setCurrentIndex(box.findData("CHW"))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: window.opened.reading.axes == "CHW", timeout=20_000)
    assert window.opened.rows == 1
    assert window.opened.channels == 40


def test_what_cannot_be_opened_is_said_in_the_window(app, qtbot, tmp_path):
    (tmp_path / "a.npy").write_bytes(b"nothing")
    app.stacks.open(str(tmp_path / "a.npy"))
    window = app.window.findChild(StackWindow)
    qtbot.waitUntil(lambda: "damaged" in window.message.text(), timeout=20_000)


def test_a_stack_opens_once_and_closes_with_the_main_window(app, qtbot, looks, stack):
    app.stacks.open(str(stack))
    assert app.window.findChildren(StackWindow) == [looks]
    looks.close()
    qtbot.waitUntil(lambda: app.window.findChildren(StackWindow) == [], timeout=20_000)
    app.stacks.open(str(stack))
    assert len(app.window.findChildren(StackWindow)) == 1


def test_a_stack_that_is_dropped_is_opened_and_no_source(app, stack, folders, qtbot):
    app.window.folders_dropped.emit([str(stack), folders[0]])
    qtbot.waitUntil(lambda: app.window.findChild(StackWindow) is not None, timeout=20_000)
    assert app.controller.screen.sources == (folders[0],)


def test_a_disk_that_does_not_tell_what_was_dropped_holds_up_nothing(app, stack, folders, qtbot, monkeypatch):
    monkeypatch.setattr(errands, "LATE_MS", 0)
    answers, looked = threading.Event(), kinds.is_stack_folder

    def stuck(path):
        answers.wait()
        return looked(path)

    monkeypatch.setattr(kinds, "is_stack_folder", stuck)
    message = app.window.message
    try:
        app.window.folders_dropped.emit([folders[0]])
        app.window.folders_dropped.emit([str(stack)])
        qtbot.waitUntil(lambda: message.text() == "Looking what “pets” is…", timeout=20_000)
        cancel = [each for each in message.findChildren(QAbstractButton) if each.text() == "Cancel"][-1]
        cancel.click()
        assert not message.isVisible()
    finally:
        answers.set()
    qtbot.waitUntil(lambda: app.controller.screen.sources == (folders[0],), timeout=20_000)
    assert app.window.findChild(StackWindow) is None


def test_the_menu_opens_what_is_chosen(app, monkeypatch, stack):
    monkeypatch.setattr(dialogs, "ask_stack", lambda *_: str(stack))
    app.window.menus["open"].trigger()
    assert app.window.findChild(StackWindow).path == str(stack)


def test_everything_has_a_name(looks, qtbot):
    looks.rows.go_to(1)
    qtbot.waitUntil(lambda: looks.details.seen is not None, timeout=20_000)
    assert check(looks) > 10
    looks.rows.open_row(1)
    assert check(looks) > 10


def test_labels_are_corrected_and_rows_excluded_and_all_of_it_is_taken_back_and_redone(
    looks, stack, qtbot, engine
):
    engine.edit_stack.side_effect = edit_stack
    before = stackgui.open_stack(stack).labels.tolist()
    looks.rows.go_to(0)
    looks.rows.grid.go_to(1, Marking.TOGGLE)
    child(looks, QComboBox, "stack.edit.label").setEditText("bird")
    child(looks, QAbstractButton, "stack.edit.set").click()
    qtbot.waitUntil(lambda: "bird" in looks.opened.classes, timeout=20_000)
    child(looks, QAbstractButton, "stack.edit.exclude").click()
    qtbot.waitUntil(lambda: looks.opened.excluded == 2, timeout=20_000)
    with stackgui.open_stack(stack) as now:
        assert [now.classes[label] for label in now.labels[:2]] == ["bird", "bird"]
        assert now.excluded.tolist() == [True, True, *[False] * 5]
    undo = child(looks, QAbstractButton, "stack.edit.undo")
    undo.click()
    qtbot.waitUntil(lambda: looks.opened.excluded == 0, timeout=20_000)
    undo.click()
    qtbot.waitUntil(lambda: not undo.isEnabled(), timeout=20_000)
    with stackgui.open_stack(stack) as now:
        assert now.labels.tolist() == before
    redo = child(looks, QAbstractButton, "stack.edit.redo")
    redo.click()
    qtbot.waitUntil(undo.isEnabled, timeout=20_000)
    assert redo.isEnabled()
    with stackgui.open_stack(stack) as now:
        assert [now.classes[label] for label in now.labels[:2]] == ["bird", "bird"]
        assert not now.excluded.any()
    child(looks, QAbstractButton, "stack.edit.exclude").click()
    qtbot.waitUntil(lambda: looks.opened.excluded == 2, timeout=20_000)
    assert not redo.isEnabled()


@pytest.mark.parametrize("is_large", [False, True])
def test_a_row_is_still_told_of_after_its_label_was_corrected(looks, qtbot, engine, is_large):
    engine.edit_stack.side_effect = edit_stack
    (looks.rows.open_row if is_large else looks.rows.go_to)(1)
    qtbot.waitUntil(lambda: looks.details.seen is not None, timeout=20_000)
    child(looks, QComboBox, "stack.edit.label").setEditText("bird")
    child(looks, QAbstractButton, "stack.edit.set").click()
    qtbot.waitUntil(lambda: "bird" in facts(looks), timeout=20_000)
    assert looks.rows.is_large is is_large
    assert looks.details.seen.look.row == 1


@pytest.mark.parametrize("is_large", [False, True])
def test_a_row_that_is_no_longer_what_was_searched_for_stays_until_one_moves_on(
    looks, qtbot, engine, is_large
):
    engine.edit_stack.side_effect = edit_stack
    grid, box = looks.rows.grid, child(looks, QComboBox, "stack.label")
    box.setCurrentIndex(box.findData("dog"))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: grid.found.count == 3, timeout=20_000)
    first, second, _third = grid.found.some(0, 3)
    (looks.rows.open_row if is_large else looks.rows.go_to)(first)
    child(looks, QComboBox, "stack.edit.label").setEditText("cat")
    child(looks, QAbstractButton, "stack.edit.set").click()
    qtbot.waitUntil(lambda: "cat" in facts(looks), timeout=20_000)
    assert (looks.rows.is_large, grid.current, grid.found.count) == (is_large, first, 3)
    grid.go_to(1)
    qtbot.waitUntil(lambda: grid.found.count == 2, timeout=20_000)
    assert (looks.rows.is_large, grid.current) == (is_large, second)
    assert first not in grid.found.some(0, 2)


def test_sorting_says_how_far_it_is_and_can_be_stopped(looks, qtbot, monkeypatch):
    monkeypatch.setattr(finding, "_TOLD_EVERY_S", 0.0)
    goes_on = threading.Event()

    def slow(_rows, _wanted, reached, watch, **_how):
        reached(0.25)
        goes_on.wait()
        watch.check()

    monkeypatch.setattr(finding, "name_order", slow)
    box, count = child(looks, QComboBox, "stack.order"), child(looks, QLabel, "stack.count")
    box.setCurrentIndex(box.findData("name"))
    box.activated.emit(box.currentIndex())
    try:
        qtbot.waitUntil(lambda: count.text() == "Sorting 7 rows… 25 %", timeout=20_000)
        child(looks, QAbstractButton, "stack.stop").click()
        assert count.text() == "Stopped. The rows are listed as they were before."
        assert box.currentData() == looks.search.wanted.order == "row"
        assert looks.rows.grid.found.rows is None
        assert not child(looks, QAbstractButton, "stack.stop").isVisible()
    finally:
        goes_on.set()


def test_a_search_that_is_stopped_keeps_what_it_has_found(looks, qtbot, monkeypatch):
    monkeypatch.setattr(finding, "_TOLD_EVERY_S", 0.0)
    goes_on = threading.Event()

    def slow(_rows, _words, _watch):
        yield 0, np.array([True, False])
        goes_on.wait()
        yield 2, np.ones(5, np.bool_)

    monkeypatch.setattr(finding, "_named", slow)
    child(looks, QLineEdit, "stack.search").setText("dog")
    try:
        qtbot.waitUntil(lambda: looks.rows.grid.found.count == 1, timeout=20_000)
        child(looks, QAbstractButton, "stack.stop").click()
        told = "Stopped. Found: 1, in the first 2 of 7 rows."
        assert child(looks, QLabel, "stack.count").text() == told
        assert looks.search.wanted.text == "dog"
    finally:
        goes_on.set()
    child(looks, QAbstractButton, "stack.all").click()
    qtbot.waitUntil(lambda: looks.rows.grid.found.count == 7, timeout=20_000)


def test_failed_rows_are_retried_from_here(looks, engine, qtbot):
    status = Status.COMPLETE_WITH_FAILURES
    engine.retry_failed.side_effect = lambda stack, _control: RetryReport(status, stack, (), 1, (), 1.0)
    child(looks, QAbstractButton, "stack.retry").click()
    qtbot.waitUntil(lambda: "could be read this time" in looks.message.text(), timeout=20_000)


def test_the_report_is_written_shown_and_told(looks, engine, stack, qtbot, monkeypatch, tmp_path):
    page, opened, started = tmp_path / "page.html", [], []
    page.write_text("page")
    engine.report.side_effect = lambda _stack, target, _control: target
    choose = lambda _parent, _title, start, _kinds: started.append(start) or str(page)  # noqa: E731
    monkeypatch.setattr(dialogs, "ask_file", choose)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    child(looks, QAbstractButton, "stack.report").click()
    qtbot.waitUntil(lambda: looks.message.text() == f"The report is in {page}.", timeout=20_000)
    assert opened == [str(page)]
    assert started == [str(stack / "report.html")]


def test_a_report_that_cannot_be_written_is_told(looks, engine, qtbot, monkeypatch):
    engine.report.side_effect = StackguiError("The disk is full.")
    monkeypatch.setattr(dialogs, "ask_file", lambda *_: "/page.html")
    child(looks, QAbstractButton, "stack.report").click()
    qtbot.waitUntil(lambda: looks.message.text() == "The disk is full.", timeout=20_000)
