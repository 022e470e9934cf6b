"""The parts of one path as buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from stackgui.core.base.text import printable
from stackgui.core.labels.examples import PathPart
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.flow import Flow
from stackgui.gui.widgets.parts import named

STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class _Part(QPushButton):
    """One part, from which the arrow keys lead to those beside it.

    Signals
    -------
    left(int)
        Go on by so many parts.
    got_keys()
    """

    left = Signal(int)
    got_keys = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the part beside this one."""
        step = STEPS.get(Qt.Key(event.key()), 0)
        if step:
            is_sideways = event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}
            mirrored = is_sideways and self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            self.left.emit(-step if mirrored else step)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that it has the keyboard."""
        super().focusInEvent(event)
        self.got_keys.emit()


class PathLine(QWidget):
    """The parts of one path as buttons, of which one at most is pressed.

    Tab stops at one of them, and the arrow keys go from one to the other.

    Signals
    -------
    taken(PathPart or None)
        The person pressed a part, or released the one that was pressed.
    """

    taken = Signal(object)

    def __init__(self, name: str, about: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(about)
        self._about = about
        self._shown: tuple[tuple[PathPart, ...], PathPart | None] = ((), None)
        self._buttons: list[_Part] = []
        self._layout = Flow(self, spacing=0)

    def show_path(self, parts: Sequence[PathPart], pressed: PathPart | None) -> None:
        """Show a path, one part of which may be pressed."""
        if (tuple(parts), pressed) == self._shown:
            return
        self._shown = (tuple(parts), pressed)
        stop = next((each.objectName() for each in self._buttons if each.hasFocus()), "")
        gone, self._buttons = self._emptied(), []
        for place, part in enumerate(parts):
            if place and (part.level or parts[place - 1].level):
                self._put(QLabel(" / "))
            if part.can_be_taken:
                self._put(self._made(place, part, pressed=part is pressed))
            else:
                self._put(QLabel(printable(part.text)))
        kept = next((each for each in self._buttons if each.objectName() == stop), None)
        if kept is not None:
            kept.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._buttons:
            self._stop_at(next((each for each in self._buttons if each.isChecked()), self._buttons[0]))
        for widget in gone:  # last, or else the keyboard would go elsewhere
            widget.hide()
            widget.deleteLater()

    def _emptied(self) -> list[QWidget]:
        """Take everything off the line, and return it."""
        found = []
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                found.append(widget)
        return found

    def _put(self, widget: QWidget) -> None:
        self._layout.addWidget(widget)
        widget.show()  # now: a layout would wait for the next event

    def _made(self, place: int, part: PathPart, *, pressed: bool) -> QPushButton:
        name = printable(part.text)
        told = tr("{part}: {what}", part=name, what=self._about)
        made = named(_Part(name.replace("&", "&&")), f"{self.objectName()}.{place}", told, told)
        made.setAutoDefault(False)
        made.setCheckable(True)
        made.setChecked(pressed)
        if pressed:
            font = made.font()
            font.setBold(True)
            made.setFont(font)
        made.clicked.connect(lambda on: self._tell(part if on else None))
        made.left.connect(self._go)
        made.got_keys.connect(lambda: self._stop_at(made))
        self._buttons.append(made)
        return made

    def _go(self, step: int) -> None:
        """Give the keyboard to a part beside the one that has it."""
        at = next((at for at, each in enumerate(self._buttons) if each.hasFocus()), 0) + step
        if 0 <= at < len(self._buttons):
            self._buttons[at].setFocus(Qt.FocusReason.TabFocusReason)

    def _stop_at(self, stop: QWidget) -> None:
        """Let Tab stop at this part only."""
        for each in self._buttons:
            each.setFocusPolicy(Qt.FocusPolicy.StrongFocus if each is stop else Qt.FocusPolicy.ClickFocus)

    def _tell(self, part: PathPart | None) -> None:
        self._shown = ((), None)  # Qt has pressed or released it already, whatever comes of that
        self.taken.emit(part)
