"""The tab Problems: warnings, findings, and a table of files that stays fast with ten thousand entries."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QLabel, QTableView, QWidget

from stackgui.core.base.skip_kinds import several_of
from stackgui.core.base.ways import ways_of_reasons
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.size_independent import differ_only_in_size
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.health import HealthLines
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.panels.found.warnings import WarningList
from stackgui.gui.texts import ways_out
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.parts import column, line, named
from stackgui.gui.widgets.tables import ProblemRows, Rows
from stackgui.gui.widgets.theme import SoftLabel, Space

WHAT_PX, FILE_PX = 150, 200


def file_table(rows: Rows, name: str, label: str, first_px: int, file_px: int = FILE_PX) -> QTableView:
    """Return a table of files for `rows`."""
    table = named(QTableView(), name, label, "")
    table.setModel(rows)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    # Heights are fixed: measuring every row of a long table would take seconds.
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + Space.S)
    table.verticalHeader().hide()
    table.horizontalHeader().setStretchLastSection(True)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.setColumnWidth(0, first_px)
    table.setColumnWidth(1, file_px)
    return table


class ProblemsPage(Tab):
    """Warnings, findings, rows that will be blank, and skipped files."""

    TITLE = "Pro&blems"
    ICON = "warning"
    TIP = "What may be wrong with the pictures, and files that were skipped."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self._plan: Plan | None = None
        self._catalog: object = None
        self._warned = 0
        self.warnings = WarningList()
        self.health = HealthLines()
        self._rows = ProblemRows(self)
        self._kinds = named(QComboBox(), "problems.kind", "Show", "Shows only files of one kind.")
        self._kinds.activated.connect(lambda: self._rows.choose(self._kinds.currentData()))
        self._line = SoftLabel("Nothing is wrong with the files, and none was skipped.")
        self._table = file_table(self._rows, "problems.table", "Problems", WHAT_PX)
        label = QLabel("Sho&w")
        label.setBuddy(self._kinds)
        top = line()
        top.addWidget(label)
        top.addWidget(self._kinds, 1)
        layout = column(self, margin=Space.M)
        layout.addWidget(self.warnings)
        layout.addWidget(self.health)
        layout.addWidget(theme.rule())
        layout.addLayout(top)
        layout.addWidget(self._line)
        layout.addWidget(self._table, 1)

    def present(self, screen: Screen) -> None:
        """Show the problems of `screen`."""
        self.warnings.present(screen.warnings)
        self._warned = len(screen.warnings)
        self.health.present(screen)
        before, self._plan = self._plan, screen.plan
        if differ_only_in_size(screen.plan, before) and screen.catalog is self._catalog:
            return
        self._catalog = screen.catalog
        self._rows.set_found(screen.catalog, screen.plan)
        self._kinds.clear()
        listed = sum(self._rows.kinds().values())
        self._kinds.addItem(f"everything ({listed:,})", "")
        for kind, count in self._rows.kinds().items():
            prefix = "" if kind == ProblemRows.BLANK else "skipped: "
            self._kinds.addItem(f"{prefix}{several_of(kind)} ({count:,})", kind)
        told = _explained(self._rows.kinds().get(ProblemRows.BLANK, 0), listed)
        self._line.setText(f"{told} {_way_out(screen)}".rstrip())

    def total(self) -> int:
        """Return the number of problems of all kinds, plus the warnings."""
        return sum(self._rows.kinds().values()) + self._warned


def _way_out(screen: Screen) -> str:
    """Return the hints for the listed problems, or ``""``."""
    problem = screen.plan.problem if screen.plan else screen.catalog.problem if screen.catalog else None
    return "" if problem is None else ways_out.sentences(ways_of_reasons(problem.counts()))


def _explained(blank: int, total: int) -> str:
    if not total:
        return "Nothing is wrong with the files, and none was skipped."
    parts = []
    if blank:
        parts.append(
            "A picture that cannot be read keeps its row in the array; the row stays blank and is marked."
        )
    if total > blank:
        parts.append("Skipped files get no row.")
    return " ".join(parts)
