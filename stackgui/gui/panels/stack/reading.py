"""How an array that somebody else made is read: which array of the file, and what its axes are."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from stackgui.core.base.text import printable
from stackgui.core.viewing.opened import Opened, Reading
from stackgui.gui.texts import stack_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.drop_down import DropDown
from stackgui.gui.widgets.parts import line, named


class ReadingBar(QWidget):
    """Choices of array and axes; hidden for stacks, which say so themselves.

    Signals
    -------
    reading_changed(Reading)
    """

    reading_changed = Signal(Reading)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stack.reading")
        self._member = _box("stack.member", tr("Array"), tr("Which array of the file is shown."))
        self._axes = _box(
            "stack.axes",
            tr("Read as"),
            tr("What the axes of the array mean. Change it if pictures look wrong."),
        )
        self._member_text = QLabel(tr("Array"))
        layout = line(self)
        for each in (self._member_text, self._member, QLabel(tr("Read as")), self._axes):
            layout.addWidget(each)
        layout.addStretch(1)
        self._member.activated.connect(lambda _place: self._tell(axes=""))
        self._axes.activated.connect(lambda _place: self._tell(axes=self._axes.currentData()))
        self.hide()

    def present(self, opened: Opened) -> None:
        """Offer what the file allows."""
        self.setVisible(not opened.is_stack)
        for box, entries, chosen in (
            (self._member, [(printable(name), name) for name in opened.members], opened.reading.member),
            (self._axes, [(tr(stack_texts.READINGS[a]), a) for a in opened.readings], opened.reading.axes),
        ):
            box.clear()
            for words, value in entries:
                box.addItem(words, value)
            box.setCurrentIndex(max(0, box.findData(chosen)))
            box.setEnabled(len(entries) > 1)
        for each in (self._member, self._member_text):
            each.setVisible(len(opened.members) > 1)

    def _tell(self, *, axes: str) -> None:
        self.reading_changed.emit(Reading(self._member.currentData() or "", axes))


def _box(name: str, label: str, tip: str) -> QComboBox:
    made = named(DropDown(), name, label, tip)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return made
