"""The welcome page, and the page that shows the progress of a scan."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QWidget

from stackgui.core.base.text import printable
from stackgui.core.catalog.statistics import Statistics
from stackgui.core.run.run import ScanProgress
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.overview import ScrolledOverview
from stackgui.gui.texts import texts
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.parts import Words, button, column, line, named, show_busy
from stackgui.gui.widgets.size_plot import SizePlot
from stackgui.gui.widgets.theme import Role, SoftLabel, Space

STEPS = (
    (
        "folder-add",
        "Add folders, archives or lists",
        "With pictures of any kind: folders, ZIP, TAR, or a CSV that names files. StackGUI changes none.",
    ),
    (
        "sizes",
        "See what the array will be",
        "Its size, its padding, and whether it fits. Change it with a click.",
    ),
    ("stack", "Press Convert", "You get a folder that a colleague can open with one line of Python."),
)
STEP_ICON_PX = 32
PROGRESS_STEPS = 1000
SO_FAR = "The sizes found so far."


class WelcomePage(QWidget):
    """Three steps, and buttons to begin.

    Signals
    -------
    add_wanted(), files_wanted(), samples_wanted()
    """

    HELP: ClassVar[str] = "index"

    add_wanted = Signal()
    files_wanted = Signal()
    samples_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        add = button("welcome.add", "Add folder…", "folder-add", "Adds a folder and everything inside it.")
        add.clicked.connect(self.add_wanted)
        files = button(
            "welcome.files",
            "Add archives or lists…",
            "archive",
            "Adds ZIP or TAR files, lists of files (CSV), or single pictures.",
        )
        files.clicked.connect(self.files_wanted)
        samples = button(
            "welcome.samples",
            "Try with sample pictures",
            "pictures",
            "Adds two dozen small pictures that come with StackGUI.",
        )
        samples.clicked.connect(self.samples_wanted)
        inner = column(spacing=Space.XL)
        inner.addWidget(theme.heading("Many pictures in, one NumPy array out"))
        inner.addLayout(_steps())
        buttons = line()
        buttons.addWidget(add)
        buttons.addWidget(files)
        buttons.addWidget(samples)
        buttons.addStretch(1)
        inner.addLayout(buttons)
        inner.addWidget(SoftLabel("You can also drop folders, archives and lists anywhere in this window."))
        holder = QWidget()
        holder.setMaximumWidth(520)
        holder.setLayout(inner)
        layout = line(self, margin=Space.XL)
        layout.addStretch(1)
        layout.addWidget(holder, 4, Qt.AlignmentFlag.AlignVCenter)
        layout.addStretch(1)


def _steps() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.L)
    grid.setVerticalSpacing(Space.XS)
    grid.setColumnStretch(1, 1)
    for number, (icon, title, text) in enumerate(STEPS):
        drawing = QLabel()
        drawing.setPixmap(theme.icon(icon, Role.INFO).pixmap(STEP_ICON_PX, STEP_ICON_PX))
        grid.addWidget(drawing, 3 * number, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(theme.heading(f"{number + 1}  {title}"), 3 * number, 1)
        grid.addWidget(SoftLabel(text), 3 * number + 1, 1)
        grid.setRowMinimumHeight(3 * number + 2, Space.M)
    return grid


class ScanPage(QWidget):
    """The progress of a scan.

    Signals
    -------
    stop_wanted()
    """

    HELP: ClassVar[str] = "sources"

    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scan")
        self._bar = named(
            QProgressBar(), "scan.progress", "Search", "How many pictures have been examined so far."
        )
        self._bar.setTextVisible(False)
        self._line = Words("scan.line")
        self._current = SoftLabel()
        self._current.setObjectName("scan.current")
        self._current.setTextFormat(Qt.TextFormat.PlainText)
        self._current.setAlignment(Qt.AlignmentFlag.AlignTop)
        stop = button("scan.stop", "Sto&p", "stop", "Stops the search; nothing is lost.")
        stop.clicked.connect(self.stop_wanted)
        inner = column(spacing=Space.S)
        inner.addWidget(theme.heading("Searching what you added"))
        inner.addWidget(self._bar)
        inner.addWidget(self._line)
        inner.addWidget(self._current)
        inner.addWidget(stop, 0, Qt.AlignmentFlag.AlignLeft)
        self._statistics: Statistics | None = None
        self._overview = ScrolledOverview("scan.overview")
        self.plot = SizePlot("scan.plot", SO_FAR, tools=False)
        layout = column(self, margin=Space.L, spacing=Space.L)
        layout.addLayout(inner)
        layout.addWidget(self._overview, 1)
        layout.addWidget(self.plot, 1)

    def present(self, screen: Screen) -> None:
        """Show the progress of the scan of `screen`."""
        progress = screen.scan
        if progress is None:
            self._show_figures(None)
            return
        self._show_figures(progress.statistics)
        self._line.setText(texts.scan_line(progress))
        elided = self._current.fontMetrics().elidedText(
            printable(progress.current), Qt.TextElideMode.ElideMiddle, 480
        )
        self._current.setText(elided)
        self._show_progress(progress)

    def _show_figures(self, statistics: Statistics | None) -> None:
        """Show the figures so far."""
        if statistics is self._statistics:
            return
        self._statistics = statistics
        self._overview.set_statistics(statistics)
        if statistics is not None and statistics.usable:
            self.plot.set_sizes(statistics.sizes)
        else:
            self.plot.clear()

    def _show_progress(self, progress: ScanProgress) -> None:
        if progress.searching or not progress.samples_found:
            show_busy(self._bar)
        else:
            self._bar.setRange(0, PROGRESS_STEPS)
            self._bar.setValue(PROGRESS_STEPS * progress.samples_read // progress.samples_found)
