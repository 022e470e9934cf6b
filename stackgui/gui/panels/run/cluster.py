"""The line that says how the cluster is doing, if one is used."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QWidget

from stackgui.core.run.cluster import ClusterHealth, Link, health_line
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.parts import Mark, Words, button, line
from stackgui.gui.widgets.theme import Role

LINES = 2
"""Lines of words that have room, so that nothing moves when there is more to say."""


class ClusterLine(QWidget):
    """How the cluster is doing, with a way to the page on which Dask shows its work.

    Signals
    -------
    page_wanted(QUrl)
    """

    HELP: ClassVar[str] = "cluster"

    page_wanted = Signal(QUrl)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cluster")
        self._dashboard = ""
        self._mark = Mark("cluster.mark")
        self._words = Words("cluster.line")
        self._page = button(
            "cluster.page",
            tr("Dashboard"),
            "eye",
            tr("Opens the page on which Dask shows what each worker does."),
        )
        policy = self._page.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # nothing moves when it comes
        self._page.setSizePolicy(policy)
        self._page.clicked.connect(lambda: self.page_wanted.emit(QUrl(self._dashboard)))
        layout = line(self)
        layout.addWidget(self._mark)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._page)
        layout.addStrut(LINES * self._words.fontMetrics().lineSpacing())
        self.present(None)

    def present(self, health: ClusterHealth | None) -> None:
        """Show how the cluster is doing; nothing at all if none is used."""
        self.setVisible(health is not None)
        if health is None:
            return
        self._mark.set_role(_role(health))
        self._words.setText(tr(health_line(health)))
        self._dashboard = health.dashboard
        self._page.setVisible(bool(health.dashboard))


def _role(health: ClusterHealth) -> Role:
    if health.silent_s:
        return Role.WARNING
    match health.link:
        case Link.SOUGHT:
            return Role.INFO
        case Link.AWAY:
            return Role.ERROR
        case Link.REACHED:
            return Role.SUCCESS if health.is_well else Role.WARNING
