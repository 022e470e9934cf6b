import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import delete

from stackgui.gui.widgets.focus_ring import FocusRing, FocusRings, show_focus
from stackgui.gui.widgets.message_bar import MessageBar


@pytest.fixture
def rings(qapp):
    show_focus(qapp)
    show_focus(qapp)
    yield
    assert len(qapp.findChildren(FocusRings)) == 1
    found = qapp.findChild(FocusRings)
    qapp.focusChanged.disconnect(found.follow)
    found.setParent(None)


@pytest.fixture
def shown(qtbot, rings):
    """A window with a button, a box to check, a line to type into, tabs, and a button that scrolls."""
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    window.button, window.check, window.line = QPushButton("one"), QCheckBox("two"), QLineEdit("three")
    window.tabs, window.scroll = QTabWidget(), QScrollArea()
    window.tabs.addTab(QWidget(), "four")
    window.tabs.addTab(QWidget(), "five")
    window.far = QPushButton("six")
    tall = QWidget()
    below = QVBoxLayout(tall)
    below.addSpacing(2000)
    below.addWidget(window.far)
    window.scroll.setWidget(tall)
    for each in (window.button, window.check, window.line, window.tabs, window.scroll):
        layout.addWidget(each)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def place_of(widget: QWidget):
    corner = widget.mapTo(widget.window(), QPoint(0, 0))
    return widget.rect().translated(corner)


def test_the_frame_follows_the_keyboard(shown, qtbot):
    shown.line.setFocus()
    for _ in range(8):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        ring, now = shown.findChild(FocusRing), QApplication.focusWidget()
        assert ring.isVisible()
        if now is not shown.far and now is not shown.tabs.tabBar():
            assert ring.geometry().contains(place_of(now) & shown.rect().adjusted(2, 2, -2, -2))


def click(qtbot, widget):
    """Click as a person does: on the window, which hands it on."""
    qtbot.mouseClick(widget.window().windowHandle(), Qt.MouseButton.LeftButton, pos=place_of(widget).center())
    qtbot.waitUntil(widget.hasFocus)


def test_a_click_shows_no_frame_but_where_one_types(shown, qtbot):
    qtbot.keyClick(shown.button, Qt.Key.Key_Tab)
    click(qtbot, shown.button)
    ring = shown.findChild(FocusRing)
    assert ring.isHidden()
    click(qtbot, shown.line)
    assert ring.isVisible()


def test_the_frame_is_there_before_any_key_and_after_a_window_that_was_opened_by_keys(shown, qtbot):
    shown.button.setFocus()
    ring = shown.findChild(FocusRing)
    assert ring.isVisible()
    other = QDialog(shown)
    inner = QPushButton("inner", other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(inner.hasFocus)
    assert other.findChild(FocusRing).isVisible()
    qtbot.keyClick(inner, Qt.Key.Key_Escape)
    shown.activateWindow()
    qtbot.waitUntil(shown.button.hasFocus)
    assert ring.isVisible()


def test_the_frame_comes_with_the_next_key_after_a_click(shown, qtbot):
    click(qtbot, shown.check)
    ring = shown.findChild(FocusRing)
    assert ring.isHidden()
    qtbot.keyClick(shown.check, Qt.Key.Key_Space)
    assert ring.isVisible()


def test_of_tabs_the_one_in_front_is_framed(shown, qtbot):
    bar = shown.tabs.tabBar()
    shown.line.setFocus()
    qtbot.keyClick(shown.line, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is bar
    before = shown.findChild(FocusRing).geometry()
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: shown.findChild(FocusRing).geometry().left() > before.left())


def test_what_is_scrolled_out_of_sight_shows_no_frame(shown, qtbot):
    shown.line.setFocus()
    while QApplication.focusWidget() is not shown.far:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    ring = shown.findChild(FocusRing)
    assert ring.isVisible()
    shown.scroll.verticalScrollBar().setValue(0)
    qtbot.waitUntil(ring.isHidden)


def test_the_frame_goes_with_what_it_frames(shown, qtbot):
    shown.line.setFocus()
    ring = shown.findChild(FocusRing)
    shown.line.hide()
    qtbot.waitUntil(lambda: ring.geometry().intersects(place_of(QApplication.focusWidget())))


def test_what_has_the_keyboard_can_be_destroyed(qtbot, rings):
    for _ in range(20):
        window = QWidget()
        layout = QVBoxLayout(window)
        for _ in range(3):
            layout.addWidget(QLineEdit())
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        layout.itemAt(1).widget().setFocus()
        window.deleteLater()
        del window, layout
        qtbot.wait(1)
    assert QApplication.focusWidget() is None


def test_the_frame_stays_in_front_of_a_card_that_comes_to_the_front(shown, qtbot):
    card = QWidget(shown)
    inner = QPushButton("inner", card)
    card.show()
    inner.setFocus()
    ring = shown.findChild(FocusRing)
    card.raise_()
    inside = [each for each in shown.children() if isinstance(each, QWidget)]
    assert inside.index(ring) > inside.index(card)


def test_the_frame_does_not_cross_a_message(shown, qtbot):
    message = MessageBar(shown)
    shown.button.setFocus()
    ring = shown.findChild(FocusRing)
    place = ring.geometry()
    before = shown.grab(place).toImage()
    message.setGeometry(place.adjusted(place.width() // 2, 0, 50, 0))
    message.show_message("info", "Something has happened.")
    qtbot.keyClick(shown.button, Qt.Key.Key_Shift)
    message.raise_()
    assert ring.isVisible()
    over = message.geometry().intersected(place)
    crossed = shown.grab(over).toImage()
    ring.hide()
    assert crossed == shown.grab(over).toImage(), "nothing of the frame is drawn over the message"
    ring.show()
    free = place.adjusted(0, 0, -over.width(), 0)
    assert shown.grab(free).toImage() == before.copy(0, 0, free.width(), free.height())
    message.clear()
    assert shown.grab(place).toImage() == before


def test_a_window_that_is_gone_already_is_not_watched(shown, qtbot, monkeypatch):
    gone = QWindow()
    delete(gone)
    monkeypatch.setattr(QWidget, "windowHandle", lambda _widget: gone)
    shown.line.setFocus()
    shown.button.setFocus()
    assert shown.button.hasFocus()


def test_windows_that_come_and_go_are_watched_without_a_fault(shown, qtbot):
    for _ in range(5):
        dialog = QFileDialog(shown)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.open()
        qtbot.waitUntil(dialog.isActiveWindow)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        dialog.reject()
        dialog.deleteLater()
        del dialog
        shown.activateWindow()
        qtbot.waitUntil(shown.isActiveWindow)
        shown.button.setFocus()
        assert shown.findChild(FocusRing).isVisible()
