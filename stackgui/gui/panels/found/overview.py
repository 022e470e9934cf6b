"""The tab Overview: figures and small charts about the pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from stackgui.core.advice.problems import Problems
from stackgui.core.base.wording import say
from stackgui.core.catalog.statistics import Statistics
from stackgui.core.plan.objects_taken import ObjectsTaken
from stackgui.gui.control.counted import counted_objects
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.texts import overview_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.overview_texts import Form, Line
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.parts import Words, column
from stackgui.gui.widgets.small_chart import SmallChart
from stackgui.gui.widgets.theme import Space

USUAL_LINES, LINES_OF_A_PIECE = 10, 5


@dataclass(frozen=True, slots=True)
class _Shown:
    """The widgets of one line."""

    title: QLabel
    chart: SmallChart
    words: Words

    def show(self, line: Line | None) -> None:
        """Show `line`, or nothing for None."""
        for widget in (self.title, self.words):
            widget.setVisible(line is not None)
        chart = line.chart if line else None
        self.chart.setVisible(chart is not None)
        self.title.setText(line.title if line else "")
        self.words.setText(line.text if line else "")
        if line is None or chart is None:
            return
        self.chart.setAccessibleName(tr("{title}, drawn", title=line.title))
        draw = self.chart.set_bars if chart.form is Form.BARS else self.chart.set_shares
        draw(chart.counts, chart.told)


class Overview(QWidget):
    """A table of titles, charts and figures, which grows during a scan."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._known: tuple[Statistics | None, Problems | None, ObjectsTaken | None] = (None, None, None)
        self._is_shown = True
        self._lines: list[_Shown] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.L)
        self._grid.setVerticalSpacing(Space.S)
        self._grid.setColumnStretch(1, 1)

    def set_statistics(
        self,
        statistics: Statistics | None,
        problems: Problems | None = None,
        objects: ObjectsTaken | None = None,
    ) -> None:
        """Show `statistics` with the `problems` and `objects` that are known by now, or nothing for None."""
        known = (statistics, problems, objects)
        if all(one is other for one, other in zip(known, self._known, strict=True)):
            return
        self._known, self._is_shown = known, False
        if self.isVisible():
            self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what came while this was hidden: it changes often, and takes long to lay out."""
        super().showEvent(event)
        self._fill()

    def _fill(self) -> None:
        if self._is_shown:
            return
        self._is_shown = True
        statistics, problems, objects = self._known
        lines = overview_texts.overview(statistics, problems, objects) if statistics is not None else ()
        while len(self._lines) < len(lines):
            self._add_line()
        for place, shown in enumerate(self._lines):
            shown.show(lines[place] if place < len(lines) else None)

    def in_pieces(self) -> Iterator[None]:
        """Make as many lines as most searches show, some per step, since each takes long."""
        while len(self._lines) < USUAL_LINES:
            self._add_line()
            self._lines[-1].show(None)
            if not len(self._lines) % LINES_OF_A_PIECE:
                yield

    def _add_line(self) -> None:
        place = len(self._lines)
        line = _Shown(
            theme.heading(""),
            SmallChart(f"{self.objectName()}.chart{place}"),
            Words(f"{self.objectName()}.line{place}"),
        )
        head = column(spacing=Space.XS)
        head.addWidget(line.title)
        head.addWidget(line.chart)
        self._grid.addLayout(head, place, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(line.words, place, 1, Qt.AlignmentFlag.AlignVCenter)
        self._lines.append(line)


class ScrolledOverview(QScrollArea):
    """An overview that scrolls if it needs more room than there is."""

    def __init__(self, name: str, parent: QWidget | None = None, *, margin: int = 0) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Overview"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self._overview = Overview(name)
        inner = QWidget()
        layout = column(inner, margin=margin)
        layout.addWidget(self._overview)
        layout.addStretch(1)
        self.setWidget(inner)

    def set_statistics(
        self,
        statistics: Statistics | None,
        problems: Problems | None = None,
        objects: ObjectsTaken | None = None,
    ) -> None:
        """Show `statistics` with the `problems` and `objects` that are known by now, or nothing for None."""
        self._overview.set_statistics(statistics, problems, objects)

    def in_pieces(self) -> Iterator[None]:
        """Make as many lines as most searches show, some per step."""
        return self._overview.in_pieces()


class OverviewPage(Tab):
    """Figures and charts about the pictures."""

    TITLE = say("Overview")
    ICON = "report"
    HELP = "found"
    IS_RARE = True
    TIP = say("Counts, sizes and formats of the pictures.")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overview")
        self._counted: ObjectsTaken | None = None
        self._overview = ScrolledOverview("overview.table", margin=Space.M)
        column(self).addWidget(self._overview)

    def present(self, screen: Screen) -> None:
        """Show the figures of `screen`."""
        self._overview.set_statistics(screen.statistics, screen.problems, self._objects(screen))

    def _objects(self, screen: Screen) -> ObjectsTaken | None:
        """Return what becomes of boxes; while they are counted, what became of them before."""
        if screen.plan is None or screen.plan.catalog.annotations is None:
            self._counted = None
        else:
            self._counted = counted_objects(screen) or self._counted
        return self._counted
