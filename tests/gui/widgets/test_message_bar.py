import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton

from stackgui.gui.widgets.message_bar import MessageBar


@pytest.fixture
def bar(qtbot):
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


def test_it_is_hidden_until_there_is_something_to_say(bar):
    assert bar.isHidden()
    bar.show_message("info", "12 pictures are turned.")
    assert not bar.isHidden()
    assert bar.text() == "12 pictures are turned."
    assert bar.accessibleName() == "info: 12 pictures are turned."


@pytest.mark.parametrize("kind", ["info", "success", "warning", "error"])
def test_every_kind_is_drawn_with_an_icon(bar, kind):
    bar.show_message(kind, "Something happened.")
    icons = [label for label in bar.findChildren(QLabel) if not label.pixmap().isNull()]
    assert [label.accessibleName() for label in icons] == [kind]
    assert not bar.grab().isNull()


def test_details_can_be_copied_only_when_there_are_any(qtbot, bar):
    copy = bar.findChild(QPushButton, "messageBar.copyDetails")
    bar.show_message("error", "It went wrong.", details="line 7")
    assert copy.isVisibleTo(bar)
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "It went wrong.\n\nline 7"
    bar.show_message("error", "Another thing.")
    assert not copy.isVisibleTo(bar)


def test_actions_act_and_go_with_their_message(qtbot, bar):
    done = []
    bar.show_message(
        "warning", "The disk is nearly full.", actions=[("&Change…", lambda: done.append("changed"))]
    )
    change = bar.findChild(QPushButton, "messageBar.action.Change…")
    qtbot.mouseClick(change, Qt.MouseButton.LeftButton)
    assert done == ["changed"]
    bar.show_message("info", "All is well.")
    qtbot.waitUntil(lambda: bar.findChild(QPushButton, "messageBar.action.Change…") is None)


def test_a_file_name_is_never_read_as_markup(bar):
    bar.show_message("error", "<b>cats</b>.jpg cannot be read.")
    assert bar.findChild(QLabel, "messageBar.text").textFormat() is Qt.TextFormat.PlainText


def test_it_can_be_closed(qtbot, bar):
    bar.show_message("info", "Hello.")
    qtbot.mouseClick(bar.findChild(QToolButton, "messageBar.close"), Qt.MouseButton.LeftButton)
    assert bar.isHidden()
    assert bar.text() == ""
