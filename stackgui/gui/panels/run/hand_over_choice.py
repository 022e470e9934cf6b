"""One thing that a stack can be handed over as: what it is, for whom, how large, and what is in the way."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from stackgui.core.base.wording import capital
from stackgui.core.run.export import ExportChoice
from stackgui.gui.texts import hand_over_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.boxes import RadioButton
from stackgui.gui.widgets.parts import Words, column, line, named
from stackgui.gui.widgets.theme import SoftLabel, Space

INDENT_PX = 24


class OfferedChoice(QWidget):
    """A choice with its sentences; a click anywhere on it chooses it.

    Attributes
    ----------
    offered : ExportChoice
    choice : QRadioButton

    Signals
    -------
    chosen(str)
        This was chosen, by its name.
    """

    chosen = Signal(str)

    def __init__(self, offered: ExportChoice, size: str) -> None:
        super().__init__()
        self.offered = offered
        obstacle = hand_over_texts.obstacle_line(offered)
        self._is_possible = not obstacle
        audience = tr(offered.audience)
        self.choice = named(
            RadioButton(tr(capital(offered.title))), f"handOver.to.{offered.name}",
            tr(capital(offered.title)), audience,
        )  # fmt: skip
        self.choice.setEnabled(self._is_possible)
        self.choice.setAccessibleDescription(f"{audience} {obstacle}")
        self.choice.toggled.connect(lambda checked: self.chosen.emit(offered.name) if checked else None)
        layout = column(self, spacing=Space.XS // 2)
        head = line()
        head.addWidget(self.choice, 1)
        self._said: list[QWidget] = []
        self._size = SoftLabel(size)
        self._size.setWordWrap(False)
        head.addWidget(self._size, 0, Qt.AlignmentFlag.AlignRight)
        layout.addLayout(head)
        for text, name in ((audience, "audience"), (obstacle, "obstacle")):
            if text:
                said = SoftLabel(text) if name == "audience" else Words(f"handOver.{name}.{offered.name}")
                said.setText(text)
                said.setContentsMargins(INDENT_PX, 0, 0, 0)
                layout.addWidget(said)
                self._said.append(said)

    def set_locked(self, *, locked: bool) -> None:
        """Let nothing be chosen while a copy is made."""
        self.choice.setEnabled(self._is_possible and not locked)
        for each in (self._size, *self._said):
            each.setEnabled(not locked)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose it."""
        if event.button() is Qt.MouseButton.LeftButton and self.choice.isEnabled():
            self.choice.setChecked(True)
            self.choice.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)
