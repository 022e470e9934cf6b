"""A collapsible section of a panel."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStyle, QStyleOptionToolButton, QToolButton, QWidget

from stackgui.gui.widgets import theme
from stackgui.gui.widgets.parts import column, named
from stackgui.gui.widgets.theme import Space


class FoldButton(QToolButton):
    """A title whose arrow says whether the content below it is open; it never looks pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggled.connect(self._turn)
        self._turn(opened=False)

    def _turn(self, opened: bool) -> None:
        self.setIcon(theme.icon("chevron-down" if opened else "chevron-right"))

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        """Leave out that it is checked."""
        super().initStyleOption(option)
        option.state &= ~QStyle.StateFlag.State_On


class Fold(QWidget):
    """A title with an arrow that shows or hides the content below it.

    Parameters
    ----------
    name
        Object name of the section; that of its title is `name` with ``.title``.
    title, tip
    content
    opened
        Whether the section starts open.
    """

    def __init__(self, name: str, title: str, tip: str, content: QWidget, *, opened: bool) -> None:
        super().__init__()
        self.setObjectName(name)
        self._content = content
        self._title = named(FoldButton(), f"{name}.title", title, tip)
        self._title.setText(title)
        self._title.toggled.connect(self.open)
        layout = column(self, spacing=Space.XS)
        layout.addWidget(self._title)
        layout.addWidget(content)
        self.open(opened)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)
        self._title.setAccessibleName(title)

    def open(self, opened: bool) -> None:
        """Show or hide the content."""
        self._title.setChecked(opened)
        self._content.setVisible(opened)
