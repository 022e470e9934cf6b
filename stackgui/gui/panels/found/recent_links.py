"""What was used last, on the welcome page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.project.recents import Recent, RecentKind, Recents
from stackgui.gui.texts import recent_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.parts import tool
from stackgui.gui.widgets.theme import Space

MOST = 3
"""Links of a kind; the menu has the rest."""

COLUMNS = {
    RecentKind.PROJECT: (say("Recent projects"), "report"),
    RecentKind.SOURCE: (say("Recent folders"), "folder-add"),
}
MOST_LETTERS = 26


class RecentLinks(QWidget):
    """Recent projects beside recent sources; hidden if there are none.

    Signals
    -------
    recent_wanted(Recent)
    """

    recent_wanted = Signal(Recent)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome.recent")
        self._shown: dict[QToolButton, Recent] = {}
        self._columns: dict[RecentKind, tuple[QLabel, list[QToolButton]]] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.XS)
        for place, (kind, (words, icon)) in enumerate(COLUMNS.items()):
            heading = theme.heading(tr(words))
            links = [self._link(f"welcome.recent.{kind.value}.{row}", icon) for row in range(MOST)]
            grid.addWidget(heading, 0, place)
            for row, link in enumerate(links, start=1):
                grid.addWidget(link, row, place, Qt.AlignmentFlag.AlignLeft)
            grid.setColumnStretch(place, 1)
            self._columns[kind] = heading, links
        self.show_recents(())

    def _link(self, name: str, icon: str) -> QToolButton:
        made = tool(name, tr("Recent"), icon, tr("Opens it again."))
        # A push button is never narrower than some words, and would show a short name in its middle.
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.clicked.connect(lambda: self.recent_wanted.emit(self._shown[made]))
        return made

    def show_recents(self, recents: Recents) -> None:
        """Show links to `recents`; those that are not there now cannot be pressed."""
        self._shown.clear()
        titles = recent_texts.titles(recents)
        for kind, (heading, links) in self._columns.items():
            found = [each for each in recents if each.kind is kind]
            heading.setVisible(bool(found))
            for row, link in enumerate(links):
                link.setVisible(row < len(found))
                if row < len(found):
                    self._present(link, found[row], titles[found[row]])
        self.setVisible(bool(self._shown))

    def _present(self, link: QToolButton, recent: Recent, title: str) -> None:
        self._shown[link] = recent
        room = self.fontMetrics().averageCharWidth() * MOST_LETTERS
        shown = self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, room)
        link.setText(shown.replace("&", "&&"))
        link.setAccessibleName(title)
        link.setToolTip(tr("Opens {path} again.", path=printable(recent.path)))
        link.setEnabled(not recent.is_missing)
