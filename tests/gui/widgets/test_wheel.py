"""Scrolling with the wheel changes no choice that lies under the pointer."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QSpinBox, QVBoxLayout, QWidget

from stackgui.gui.widgets.parts import named, scrolling

NOTCH = QPoint(0, -120)


def turn(field):
    """Turn the wheel by a notch; return whether the field took it, so that Qt hands it on to no other."""
    place = QPointF(field.rect().center())
    event = QWheelEvent(
        place, field.mapToGlobal(place), QPoint(), NOTCH, Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,  # noqa: FBT003
    )  # fmt: skip
    QApplication.sendEvent(field, event)
    return event.isAccepted()


def choice():
    box = QComboBox()
    box.addItems(["first", "second", "third"])
    return box


@pytest.fixture(params=[choice, QSpinBox], ids=["choice", "number"])
def field(request, qtbot):
    inner = QWidget()
    layout = QVBoxLayout(inner)
    made = named(request.param(), "field", "Field", "A field.")
    layout.addWidget(made)
    tall = QWidget()
    tall.setFixedHeight(2000)
    layout.addWidget(tall)
    page = scrolling("page", "Page", inner)
    qtbot.addWidget(page)
    page.resize(300, 200)
    page.show()
    made.page = page
    made.value_ = made.currentIndex if isinstance(made, QComboBox) else made.value
    if isinstance(made, QSpinBox):
        made.setValue(5)
    return made


def test_the_wheel_leaves_the_value_and_goes_to_the_page(field):
    field.clearFocus()  # the first field of a window has the keyboard
    before = field.value_()
    assert not turn(field)
    assert field.value_() == before
    assert not field.hasFocus()


def test_a_field_with_the_keyboard_follows_the_wheel(field, qtbot):
    field.page.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    before = field.value_()
    assert turn(field)
    assert field.value_() != before
