"""A collapsible section of a panel."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStyle, QStyleOptionToolButton, QToolButton, QWidget

from stackgui.gui.widgets import eye_order, theme
from stackgui.gui.widgets.parts import column, named
from stackgui.gui.widgets.scrolled import scroll_up_to
from stackgui.gui.widgets.theme import Space


class FoldButton(QToolButton):
    """A title whose arrow says whether the content below it is open; it never looks pressed.

    What a person opens is scrolled into view, and gets the keyboard unless the title has it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._content: Sequence[QWidget] = ()
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggled.connect(self._turn)
        self.clicked.connect(self._lead_on)
        self._turn(opened=False)

    def unfold(self, content: Sequence[QWidget]) -> None:
        """Show or hide these widgets from now on, from top to bottom."""
        self._content = content
        self._turn(self.isChecked())

    def _turn(self, opened: bool) -> None:
        self.setIcon(theme.icon("chevron-down" if opened else "chevron-right"))
        for each in self._content:
            each.setVisible(opened)

    def _lead_on(self, opened: bool) -> None:
        """Lead the person to what was opened, once it has its place."""
        if opened:
            QTimer.singleShot(0, self, self._show_content)

    def _show_content(self) -> None:
        if not self.isVisible() or not self.isChecked():
            return
        scroll_up_to(self, self._content[-1])
        if not self.hasFocus():
            first = (each for part in self._content for each in eye_order.stops(part) if each.isEnabled())
            next(first, self).setFocus(Qt.FocusReason.OtherFocusReason)

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        """Leave out that it is checked."""
        super().initStyleOption(option)
        option.state &= ~QStyle.StateFlag.State_On


class Fold(QWidget):
    """A title with an arrow that shows or hides the content below it.

    Signals
    -------
    opened()

    Parameters
    ----------
    name
        Object name of the section; that of its title is `name` with ``.title``.
    title, tip
    content
    opened
        Whether the section starts open.
    """

    opened = Signal()

    def __init__(self, name: str, title: str, tip: str, content: QWidget, *, opened: bool) -> None:
        super().__init__()
        self.setObjectName(name)
        self._title = named(FoldButton(), f"{name}.title", title, tip)
        self._title.setText(title)
        self._title.unfold([content])
        self._title.toggled.connect(self._tell_opened)
        layout = column(self, spacing=Space.XS)
        layout.addWidget(self._title)
        layout.addWidget(content)
        self.open(opened)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)
        self._title.setAccessibleName(title)

    def _tell_opened(self, opened: bool) -> None:
        if opened:
            self.opened.emit()

    @property
    def is_open(self) -> bool:
        """Whether the content is shown."""
        return self._title.isChecked()

    def open(self, opened: bool) -> None:
        """Show or hide the content."""
        self._title.setChecked(opened)
