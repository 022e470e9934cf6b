"""What was found, in figures."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from stackgui.core.statistics import Statistics
from stackgui.gui import texts, theme
from stackgui.gui.panels.parts import Words
from stackgui.gui.theme import Space


class Overview(QWidget):
    """A table of titles and figures, which grows while a search goes on."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._statistics: Statistics | None = None
        self._lines: list[tuple[QLabel, Words]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.L)
        self._grid.setVerticalSpacing(Space.S)
        self._grid.setColumnStretch(1, 1)

    def set_statistics(self, statistics: Statistics | None) -> None:
        """Show the figures of `statistics`; nothing without any."""
        if statistics is self._statistics:
            return
        self._statistics = statistics
        shown = texts.overview(statistics) if statistics is not None else ()
        while len(self._lines) < len(shown):
            self._add_line()
        for place, (title, words) in enumerate(self._lines):
            inside = place < len(shown)
            title.setVisible(inside)
            words.setVisible(inside)
            title.setText(shown[place][0] if inside else "")
            words.setText(shown[place][1] if inside else "")

    def _add_line(self) -> None:
        title = theme.heading("")
        title.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = Words(f"{self.objectName()}.line{len(self._lines)}")
        for column, label in enumerate((title, words)):
            self._grid.addWidget(label, len(self._lines), column)
        self._lines.append((title, words))
