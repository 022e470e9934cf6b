"""The menu of what was used last."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.project.recents import Recent, RecentKind, Recents
from stackgui.gui.texts import recent_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme

HEADINGS = {
    RecentKind.PROJECT: say("Projects"),
    RecentKind.SOURCE: say("Folders, archives and lists"),
    RecentKind.STACK: say("Stacks"),
}
ICONS = {RecentKind.PROJECT: "report", RecentKind.SOURCE: "folder-add", RecentKind.STACK: "stack"}


class RecentMenu(QMenu):
    """Projects, sources and stacks that were used last, the latest first.

    Signals
    -------
    recent_wanted(Recent)
    clear_wanted()
    """

    recent_wanted = Signal(Recent)
    clear_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("Open &recent"), parent)
        self.setObjectName("menu.recent")
        self.setToolTipsVisible(True)
        self.show_recents(())

    def show_recents(self, recents: Recents) -> None:
        """Offer `recents`; those that are not there now can be seen but not chosen."""
        self.clear()
        titles = recent_texts.titles(recents)
        for kind, heading in HEADINGS.items():
            found = [each for each in recents if each.kind is kind]
            if found:
                self.addSection(tr(heading))
                self.addActions([self._action(each, titles[each]) for each in found])
        if not recents:
            self.addAction(tr("Nothing yet")).setEnabled(False)
            return
        self.addSeparator()
        clear = self.addAction(tr("&Clear this list"))
        clear.setObjectName("menu.recent.clear")
        clear.setToolTip(tr("Empties the list. No file is deleted."))
        clear.triggered.connect(self.clear_wanted)

    def _action(self, recent: Recent, title: str) -> QAction:
        made = QAction(theme.icon(ICONS[recent.kind]), title.replace("&", "&&"), self)
        made.setToolTip(printable(recent.path))
        made.setEnabled(not recent.is_missing)
        made.triggered.connect(lambda: self.recent_wanted.emit(recent))
        return made
