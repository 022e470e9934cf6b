"""A few choices as buttons with a drawing, one of which is pressed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QSizePolicy, QToolButton, QWidget

from stackgui.gui import theme
from stackgui.gui.theme import ICON_PX, Space

Choice = tuple[str, str, str, str]
"""Value, label, name of the icon, sentence shown on hover."""


class ChoiceButtons(QWidget):
    """Buttons of which exactly one is pressed; the arrow keys move between them.

    Parameters
    ----------
    show_labels
        Whether the label stands below the icon; it is the accessible name either way.

    Signals
    -------
    changed(str)
        The value that the person chose; not sent by `set_value`.
    """

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, show_labels: bool = True) -> None:
        super().__init__(parent)
        self._show_labels = show_labels
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.buttonClicked.connect(self._tell)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(Space.XS // 2)

    def set_choices(self, choices: Sequence[Choice | None], columns: int = 0) -> None:
        """Replace the buttons; the first is pressed.

        Parameters
        ----------
        choices
            In reading order; None leaves a place empty.
        columns
            How many stand side by side; 0 for all.
        """
        for button in self._buttons.values():
            self._group.removeButton(button)
            button.deleteLater()
        self._buttons.clear()
        for place, choice in enumerate(choices):
            if choice is not None:
                button = self._add(choice)
                self._layout.addWidget(button, *divmod(place, columns or len(choices)))
        self.set_value(next(iter(self._buttons)))

    def _add(self, choice: Choice) -> QToolButton:
        value, label, icon_name, tooltip = choice
        button = QToolButton(self)
        button.setObjectName(f"{self.objectName()}.{value}")
        button.setAccessibleName(label)
        button.setText(label)
        button.setToolTip(tooltip)
        button.setIcon(theme.icon(icon_name))
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if self._show_labels:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._buttons[value] = button
        self._group.addButton(button)
        return button

    def value(self) -> str:
        """The value of the pressed button."""
        return next(value for value, button in self._buttons.items() if button.isChecked())

    def set_value(self, value: str) -> None:
        """Press the button of `value`.

        Raises
        ------
        KeyError
            When no button has that value.
        """
        self._buttons[value].setChecked(True)

    def _tell(self) -> None:
        self.changed.emit(self.value())
