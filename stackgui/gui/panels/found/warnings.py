"""The list of warnings, each with its examples."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from stackgui.core.base.warnings import DataWarning, warning_line
from stackgui.gui.widgets.parts import Mark, Words, column, line
from stackgui.gui.widgets.theme import Role, Space

MAX_PX = 170
"""Maximum height before the list scrolls, so that the table below it stays visible."""


class WarningList(QScrollArea):
    """A sentence for each warning; hidden if there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("warnings")
        self.setAccessibleName("Warnings")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._inside = QWidget()
        self._warnings: tuple[DataWarning, ...] = ()
        self._show(())

    def present(self, warnings: tuple[DataWarning, ...]) -> None:
        """Show `warnings`."""
        if warnings != self._warnings:
            self._warnings = warnings
            self._show(warnings)

    def _show(self, warnings: tuple[DataWarning, ...]) -> None:
        self._inside = QWidget()
        layout = column(self._inside, spacing=Space.XS)
        for position, warning in enumerate(warnings):
            told = line()
            mark = Mark(f"warnings.{position}.mark")
            mark.set_role(Role.WARNING)
            told.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            words = Words(f"warnings.{position}")
            words.setText(warning_line(warning))
            told.addWidget(words, 1)
            layout.addLayout(told)
        layout.addStretch(1)
        self.setWidget(self._inside)
        self.setVisible(bool(warnings))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the height of the sentences at the current width, up to MAX_PX."""
        high = self._inside.heightForWidth(self.viewport().width())
        return QSize(super().sizeHint().width(), min(max(high, 1), MAX_PX))

    def minimumSizeHint(self) -> QSize:
        """Return the height of two lines of text."""
        return QSize(0, min(self.sizeHint().height(), 2 * self.fontMetrics().lineSpacing()))
