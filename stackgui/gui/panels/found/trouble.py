"""Why nothing is shown of the sources, and a way to search them again."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from stackgui.core.base.wording import say
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.parts import Words, button, column
from stackgui.gui.widgets.theme import Space

RESUMING = say(
    "The conversion continues where it stopped. The contents of the folders are shown once it has ended."
)


class TroublePage(QWidget):
    """What stands there instead of the tabs.

    Signals
    -------
    search_wanted()
    """

    search_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Words("found.trouble")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._again = button(
            "found.again",
            tr("Search again"),
            "redo",
            tr("Searches the sources once more, for what is new in them."),
        )
        self._again.clicked.connect(self.search_wanted)
        layout = column(self, margin=Space.L, spacing=Space.M)
        layout.addStretch()
        layout.addWidget(self._words)
        layout.addWidget(self._again, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()

    def present(self, screen: Screen) -> None:
        """Say why nothing is shown."""
        resuming = screen.under_way and screen.catalog is None
        self._words.setText(tr(RESUMING if resuming else screen.scan_problem or screen.plan_problem))
        self._again.setVisible(bool(screen.scan_problem) and not resuming)
