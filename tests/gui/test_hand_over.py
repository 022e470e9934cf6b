"""Handing a stack over in the window: what it offers, making a copy, cancelling, failing, and the code."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QRadioButton,
    QWidget,
)

from stackgui.core.base.errors import StoreError
from stackgui.core.run.export import ExportReport
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.engine.running import export, exporters, loading
from stackgui.gui.app import dialogs
from stackgui.stores.export import EXPORTERS
from tests.stores.stack.test_stack import write_stack


@pytest.fixture
def stack(tmp_path) -> Path:
    write_stack(tmp_path / "pets")
    return tmp_path / "pets"


@pytest.fixture
def hand_over(app, engine, behaviour, stack, find, qtbot):
    """The window for a stack, and the stand-in that really exports once it may."""

    def exports(stack, exporter, target, control):
        control.publish(FillProgress(Phase.EXPORTING, 1, 4))
        behaviour._wait(behaviour.run_may_end, control)
        return export.export(stack, exporter, target, control)

    engine.export_choices.side_effect = exporters.export_choices
    engine.loadable.side_effect = loading.loadable
    engine.export.side_effect = exports
    app.hand_over.show(str(stack))
    qtbot.waitUntil(lambda: app.controller.handing.state.offer is not None)
    return find(QWidget, "handOverWindow")


@pytest.fixture
def choose(find):
    def act(name: str) -> None:
        find(QRadioButton, f"handOver.to.{name}").click()

    return act


@pytest.fixture
def says(find):
    return lambda: find(QLabel, "handOver.line").text()


@pytest.fixture
def code(find):
    return lambda: find(QPlainTextEdit, "handOver.code").toPlainText()


def is_open(find, name: str) -> bool:
    return find(QRadioButton, f"handOver.to.{name}").isEnabled()


@pytest.mark.usefixtures("hand_over")
def test_everything_is_offered_with_what_is_in_the_way(find):
    assert find(QLabel, "handOver.head").text() == "Hand over “pets”"
    assert {name for name in EXPORTERS if not is_open(find, name)} == {"coco", "yolo"}
    assert "this stack has none" in find(QLabel, "handOver.obstacle.coco").text()
    assert find(QRadioButton, "handOver.to.zarr").accessibleDescription().startswith("For large stacks")


def test_a_package_that_is_missing_is_named(app, engine, hand_over, stack, find, qtbot):
    choices = exporters.export_choices(str(stack))
    engine.export_choices.side_effect = None
    engine.export_choices.return_value = tuple(replace(each, missing=("pyarrow",)) for each in choices)
    hand_over.close()
    app.hand_over.show(str(stack))
    qtbot.waitUntil(lambda: app.controller.handing.state.offer is not None)
    qtbot.waitUntil(lambda: not is_open(find, "parquet"))
    assert find(QLabel, "handOver.obstacle.parquet").text().endswith("pip install pyarrow")


@pytest.mark.usefixtures("hand_over")
def test_a_copy_is_made_at_the_place_and_opened_by_the_lines_it_shows(
    app, stack, find, choose, click, says, code, qtbot
):
    choose("npz")
    place = find(QLineEdit, "handOver.place")
    assert place.text() == f"{stack}.npz"
    assert code() == ""
    assert "2 rows stay blank" in says(), "said before it is made"
    place.setFocus()
    place.selectAll()
    qtbot.keyClicks(place, f"{stack}-2.npz")
    click("handOver.export")
    qtbot.waitUntil(lambda: app.controller.handing.state.report is not None)
    assert says().startswith(f"4 rows are in {stack}-2.npz (")
    assert find(QAbstractButton, "handOver.open").hasFocus()
    assert "2 rows stay blank" in says()
    click("handOver.copy")
    copied = QGuiApplication.clipboard().text()
    assert copied == code()
    names: dict = {}
    exec(copied, names)
    np.testing.assert_array_equal(names["images"], np.load(stack / "images.npy"))
    names["stack"].close()
    choose("raw")
    assert code() == "", "it is not about this one"
    assert str(stack) not in says()
    assert find(QLineEdit, "handOver.place").text() == f"{stack}-raw"


@pytest.mark.usefixtures("hand_over")
def test_progress_is_shown_and_cancelling_leaves_nothing(
    app, behaviour, stack, find, choose, click, says, qtbot
):
    behaviour.run_may_end.clear()
    choose("zarr")
    click("handOver.export")
    bar = find(QProgressBar, "handOver.bar")
    qtbot.waitUntil(lambda: bar.isVisible() and bar.value() == bar.maximum() // 4)
    assert "1 of 4 rows" in says()
    assert find(QAbstractButton, "handOver.cancel").hasFocus(), "what was pressed cannot be pressed any more"
    assert not is_open(find, "npz"), "one at a time"
    assert app.hand_over.closing_question == "A stack is being exported. Stop that?"
    app.hand_over.show(str(stack.parent / "other"))
    assert app.controller.handing.state.stack == str(stack), "the running one stays"
    click("handOver.cancel")
    qtbot.waitUntil(lambda: not app.controller.handing.state.target)
    assert says() == "Cancelled; nothing stays of it."
    assert not bar.isVisible()
    assert app.hand_over.closing_question == ""
    assert sorted(each.name for each in stack.parent.iterdir() if "pets" in each.name) == ["pets"]


@pytest.mark.usefixtures("hand_over")
def test_what_fails_is_said(app, behaviour, choose, click, says, qtbot):
    behaviour.error = StoreError("The disk is full.")
    choose("raw")
    click("handOver.export")
    qtbot.waitUntil(lambda: bool(app.controller.handing.state.problem))
    assert says() == "The disk is full."


@pytest.mark.usefixtures("hand_over")
def test_the_folder_as_it_is_comes_with_code_for_each_library(stack, find, click, code, choose):
    assert f"stack = Path({str(stack)!r})" in code()
    assert "torch" not in code()
    library = find(QComboBox, "handOver.library")
    library.setCurrentIndex(library.findText("PyTorch"))
    assert "class Rows(Dataset):" in code()
    click("handOver.copy")
    assert QGuiApplication.clipboard().text() == code()
    choose("tiff")
    assert not library.isEnabled()


@pytest.mark.usefixtures("hand_over")
def test_another_place_can_be_picked(stack, find, choose, click, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_place", lambda _parent, start: start.replace("pets", "cats"))
    choose("hdf5")
    click("handOver.change")
    assert find(QLineEdit, "handOver.place").text() == str(stack.parent / "cats.h5")


@pytest.mark.usefixtures("hand_over")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("https://host/x.npz", "https://host/x.npz can only be read."),
        ("s3://bucket", "names no place in a bucket"),
        ("s3://bucket/x.zarr", "does not end in .npz"),
        ("s3://me:key@bucket/x.npz", "cannot be used"),
        ("ftp://host/x.npz", "Addresses with ftp:// cannot be used."),
        ("s3a://bucket/x.npz", "Write s3:// instead of s3a://."),
        ("s3://bucket/x.npz", ""),
        ("S3:/bucket/x.npz", ""),
    ],
)
def test_an_address_is_looked_at_while_it_is_typed(typed, said, find, choose, says, qtbot):
    pytest.importorskip("obstore")
    choose("npz")
    place = find(QLineEdit, "handOver.place")
    place.selectAll()
    qtbot.keyClicks(place, typed)
    assert find(QAbstractButton, "handOver.export").isEnabled() is not bool(said)
    assert said in says() if said else "2 rows stay blank" in says()
    assert "key" not in says()


@pytest.mark.usefixtures("hand_over")
def test_a_mere_name_lies_beside_the_place_that_was_proposed(
    app, engine, stack, find, choose, qtbot, tmp_path, monkeypatch
):
    """Nobody who types into a window knows in which folder it was started."""
    monkeypatch.chdir(tmp_path.parent)
    choose("npz")
    place = find(QLineEdit, "handOver.place")
    place.selectAll()
    qtbot.keyClicks(place, "for Anna.npz")
    qtbot.keyClick(place, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: engine.export.called)
    assert engine.export.call_args.args[2] == str(stack.parent / "for Anna.npz")
    qtbot.waitUntil(lambda: not app.controller.handing.state.target)


@pytest.mark.usefixtures("hand_over")
def test_return_makes_the_copy_at_the_address_as_others_write_it(app, engine, find, choose, says, qtbot):
    pytest.importorskip("obstore")
    choose("npz")
    place = find(QLineEdit, "handOver.place")

    def type_and_return(text: str) -> None:
        place.selectAll()
        qtbot.keyClicks(place, text)
        qtbot.keyClick(place, Qt.Key.Key_Return)

    type_and_return("ftp://host/x.npz")
    assert not app.controller.handing.state.target, "nothing can be written there"
    engine.export.side_effect = StoreError("There is no such bucket.")
    type_and_return("S3:/bucket/x.npz")
    qtbot.waitUntil(lambda: bool(app.controller.handing.state.problem))
    assert engine.export.call_args.args[2] == "s3://bucket/x.npz"
    assert says() == "There is no such bucket."
    qtbot.keyClicks(place, "2")
    assert "such bucket" not in says(), "that was another place"


def test_what_is_in_a_bucket_has_an_address_to_copy_and_no_folder(
    app, engine, hand_over, find, choose, click, qtbot
):
    choose("npz")
    place = find(QLineEdit, "handOver.place")
    engine.export.side_effect = lambda stack, exporter, target, _control: ExportReport(
        stack, target, exporter, 4, 0, 0, 0, keeps_all=True, size_bytes=100, seconds=1.0, loading=""
    )
    assert find(QAbstractButton, "handOver.open").isVisibleTo(hand_over)
    place.selectAll()
    qtbot.keyClicks(place, "s3://bucket/x.npz")
    click("handOver.export")
    qtbot.waitUntil(lambda: app.controller.handing.state.report is not None)
    assert not find(QAbstractButton, "handOver.open").isVisible()
    assert find(QAbstractButton, "handOver.address").hasFocus()
    click("handOver.address")
    assert QGuiApplication.clipboard().text() == "s3://bucket/x.npz"


def test_what_the_desktop_cannot_open_is_said_in_front(hand_over, stack, click, monkeypatch):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    click("handOver.open")
    assert str(stack) in hand_over.message.text()
    assert hand_over.message.isVisible()


@pytest.mark.usefixtures("hand_over")
def test_a_copy_needs_a_name(find, choose, qtbot):
    choose("npz")
    place = find(QLineEdit, "handOver.place")
    place.selectAll()
    qtbot.keyClick(place, Qt.Key.Key_Delete)
    assert not find(QAbstractButton, "handOver.export").isEnabled()
    qtbot.keyClicks(place, "/x.npz")
    assert find(QAbstractButton, "handOver.export").isEnabled()


def test_the_menu_hands_over_the_stack_that_was_picked_if_none_was_made(
    app, engine, stack, monkeypatch, find, qtbot
):
    engine.export_choices.side_effect = exporters.export_choices
    engine.loadable.side_effect = loading.loadable
    monkeypatch.setattr(dialogs, "ask_stack", lambda *_: str(stack))
    app.window.menus["handOver"].trigger()
    qtbot.waitUntil(lambda: app.controller.handing.state.offer is not None)
    assert find(QWidget, "handOverWindow").isVisible()
    assert app.controller.handing.state.stack == str(stack)


def test_the_card_of_a_finished_stack_leads_there(app, ready, engine, click, qtbot):
    engine.export_choices.side_effect = StoreError("It is gone.")
    click("save.convert")
    qtbot.waitUntil(app.window.result.isVisible)
    click("result.handOver")
    qtbot.waitUntil(lambda: bool(app.controller.handing.state.problem))
    assert app.controller.handing.state.stack == app.controller.screen.end.report.stack


def test_esc_closes_the_window(hand_over, qtbot):
    qtbot.keyClick(hand_over, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not hand_over.isVisible())
