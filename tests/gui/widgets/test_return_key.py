import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from stackgui.gui.widgets.return_key import ReturnPresses, press_by_return


@pytest.fixture(autouse=True)
def presses(qapp):
    press_by_return(qapp)
    press_by_return(qapp)
    yield
    (found,) = qapp.findChildren(ReturnPresses)
    qapp.focusChanged.disconnect(found.follow)
    found.setParent(None)


def shown(qtbot, window, *inside):
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    for each in inside:
        layout.addWidget(each)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
@pytest.mark.parametrize("kind", [QPushButton, QToolButton, QCheckBox])
def test_every_button_is_pressed_once_by_each_of_the_keys(qtbot, kind, key):
    button, pressed = kind(), []
    window = shown(qtbot, QWidget(), QLineEdit(), button)
    button.clicked.connect(lambda: pressed.append(1))
    button.setFocus()
    qtbot.keyClick(window.focusWidget(), key)
    assert pressed == [1]
    qtbot.keyClick(button, key, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert key == Qt.Key.Key_Space or pressed == [1], "that is a shortcut of the window"


def test_in_a_dialog_it_belongs_to_the_default_button(qtbot):
    dialog, check, default = QDialog(), QCheckBox(), QPushButton()
    shown(qtbot, dialog, check, default)
    default.setDefault(True)
    check.setFocus()
    with qtbot.waitSignal(default.clicked):
        qtbot.keyClick(check, Qt.Key.Key_Return)
    assert not check.isChecked()
