"""The welcome page, and the page that shows the progress of a scan."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QWidget

from stackgui.core.base.wording import say
from stackgui.core.catalog.statistics import Statistics
from stackgui.core.project.recents import Recent, Recents
from stackgui.core.run.progress import ScanProgress
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.overview import ScrolledOverview
from stackgui.gui.panels.found.recent_links import RecentLinks
from stackgui.gui.panels.sources.sources import ADDRESS_TIP
from stackgui.gui.texts import texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.flow import Flow
from stackgui.gui.widgets.one_line import OneLine
from stackgui.gui.widgets.parts import (
    Icon,
    PrimaryButton,
    Words,
    button,
    column,
    line,
    named,
    set_progress,
    show_busy,
)
from stackgui.gui.widgets.scrolled import scroll_within
from stackgui.gui.widgets.size_plot import SizePlot
from stackgui.gui.widgets.steady import Steady
from stackgui.gui.widgets.theme import Role, SoftLabel, Space

STEPS = (
    (
        "folder-add",
        say("Add pictures"),
        say("Folders, ZIP or TAR files, or lists that name files. None of them is changed."),
    ),
    (
        "sizes",
        say("See what comes out"),
        say("Its size, its padding, and whether it fits. Change it with a click."),
    ),
    (
        "stack",
        say("Press Convert"),
        say("You get a folder that a colleague can open with one line of Python."),
    ),
)
STEP_ICON_PX, DROP_ICON_PX = 28, 40
STEP_PX = 128
"""Width below which the text of a step would be too narrow to read."""

WIDEST_PX = 760
DASH_PX = 2
PROGRESS_STEPS = 1000
SO_FAR = say("The sizes found so far.")


class WelcomePage(QWidget):
    """What the program does, where to drop pictures, buttons to begin, and three steps.

    Signals
    -------
    add_wanted(), files_wanted(), addresses_wanted(), samples_wanted()
    recent_wanted(Recent)

    Attributes
    ----------
    page : QVBoxLayout
        From top to bottom; more may be added to it.
    add_button : PrimaryButton
    """

    HELP: ClassVar[str] = "index"

    add_wanted = Signal()
    files_wanted = Signal()
    addresses_wanted = Signal()
    samples_wanted = Signal()
    recent_wanted = Signal(Recent)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.page = column(spacing=Space.L)
        about = SoftLabel(
            tr(
                "StackGUI turns pictures into arrays that are ready for training. "
                "Your files stay as they are."
            )
        )
        about.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.page.addWidget(_title(tr("Many pictures in, one NumPy array out")))
        self.page.addWidget(about)
        self.page.addWidget(self._make_drop_place())
        self.page.addLayout(_steps())
        self._recent = RecentLinks()
        self._recent.recent_wanted.connect(self.recent_wanted)
        self.page.addWidget(self._recent)
        holder = QWidget()
        holder.setMaximumWidth(WIDEST_PX)
        holder.setLayout(self.page)
        layout = line(self, margin=Space.XL)
        layout.addStretch(1)
        layout.addWidget(holder, 100, Qt.AlignmentFlag.AlignVCenter)
        layout.addStretch(1)
        scroll_within(self)

    def show_recents(self, recents: Recents) -> None:
        """Offer what was used last."""
        self._recent.show_recents(recents)

    def _make_drop_place(self) -> QWidget:
        add = self.add_button = PrimaryButton(
            "welcome.add", tr("Add folder…"), "folder-add", tr("Adds a folder and everything inside it.")
        )
        files = button(
            "welcome.files", tr("Add files…"), "archive",
            tr("Adds ZIP or TAR files, lists of files (CSV), or single pictures."),
        )  # fmt: skip
        addresses = button("welcome.addresses", tr("Add address…"), "cloud", tr(ADDRESS_TIP))
        samples = button(
            "welcome.samples", tr("Try with sample pictures"), "pictures",
            tr("Adds two dozen small pictures that come with StackGUI."),
        )  # fmt: skip
        add.clicked.connect(self.add_wanted)
        files.clicked.connect(self.files_wanted)
        addresses.clicked.connect(self.addresses_wanted)
        samples.clicked.connect(self.samples_wanted)
        place = _DropPlace()
        layout = column(place, margin=Space.L, spacing=Space.M)
        words = theme.heading(tr("Drop folders, archives or lists here"))
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(DROP_ICON_PX)
        layout.addWidget(words)
        buttons = Flow(spacing=Space.M, centred=True)
        for made in (add, files, addresses, samples):
            buttons.addWidget(made)
        layout.addLayout(buttons)
        return place


class _DropPlace(QWidget):
    """A place with a dashed edge and an icon to drop things on; the window takes them anywhere."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the edge and the icon."""
        painter, palette = QPainter(self), self.palette()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(Role.MUTED, palette), DASH_PX, Qt.PenStyle.DashLine))
        painter.setBrush(palette.base())
        edge = QRectF(self.rect()).adjusted(DASH_PX, DASH_PX, -DASH_PX, -DASH_PX)
        painter.drawRoundedRect(edge, Space.S, Space.S)
        drawing = QRectF((self.width() - DROP_ICON_PX) / 2, Space.L, DROP_ICON_PX, DROP_ICON_PX)
        theme.paint_icon(painter, drawing, "pictures", theme.colour(Role.ACCENT, palette))
        painter.end()


def _title(text: str) -> QLabel:
    made = theme.heading(text)
    font = made.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    made.setFont(font)
    made.setWordWrap(True)
    made.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return made


def _steps() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.XL)
    grid.setVerticalSpacing(Space.XS)
    for number, (icon, title, text) in enumerate(STEPS):
        head, words = (
            theme.heading(tr("{number}  {title}", number=number + 1, title=title)),
            SoftLabel(tr(text)),
        )
        drawing = Icon(icon, Role.INFO, STEP_ICON_PX)
        head.setWordWrap(True)
        grid.addWidget(drawing, 0, number, Qt.AlignmentFlag.AlignLeft)
        for row, widget in enumerate((head, words), start=1):
            grid.addWidget(widget, row, number, Qt.AlignmentFlag.AlignTop)
        grid.setColumnMinimumWidth(number, STEP_PX)
        grid.setColumnStretch(number, 1)
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
            QProgressBar(), "scan.progress", tr("Search"), tr("How many pictures have been examined so far.")
        )
        self._bar.setTextVisible(False)
        self._line = Words("scan.line")
        self._current = OneLine()
        self._current.setObjectName("scan.current")
        self._current.setAlignment(Qt.AlignmentFlag.AlignTop)
        stop = button("scan.stop", tr("Sto&p"), "stop", tr("Stops the search; nothing is lost."))
        stop.clicked.connect(self.stop_wanted)
        inner = column(spacing=Space.S)
        inner.addWidget(theme.heading(tr("Searching what you added")))
        inner.addWidget(self._bar)
        inner.addWidget(Steady(self._line))
        inner.addWidget(self._current)
        inner.addWidget(stop, 0, Qt.AlignmentFlag.AlignLeft)
        self._statistics: Statistics | None = None
        self.overview = ScrolledOverview("scan.overview")
        self.plot = SizePlot("scan.plot", tr(SO_FAR), tools=False, waits=True)
        layout = column(self, margin=Space.L, spacing=Space.L)
        layout.addLayout(inner)
        layout.addWidget(self.overview, 1)
        layout.addWidget(self.plot, 1)
        scroll_within(self)

    def present(self, screen: Screen) -> None:
        """Show the progress of the scan of `screen`."""
        progress = screen.scan
        if progress is None:
            self._show_figures(None)
            return
        self._show_figures(progress.statistics)
        self._line.setText(texts.scan_line(progress))
        self._current.setText(texts.scan_place(progress))
        self._show_progress(progress)

    def _show_figures(self, statistics: Statistics | None) -> None:
        """Show the figures so far."""
        if statistics is self._statistics:
            return
        self._statistics = statistics
        self.overview.set_statistics(statistics)
        if statistics is not None and statistics.usable:
            QTimer.singleShot(0, self, self._plot_sizes)  # figures first: each of them takes long to paint
        else:
            self.plot.clear()

    def _plot_sizes(self) -> None:
        if self._statistics is not None:
            self.plot.set_sizes(self._statistics.sizes)

    def _show_progress(self, progress: ScanProgress) -> None:
        done, total = progress.stage
        if not total:
            show_busy(self._bar)
        else:
            self._bar.setRange(0, PROGRESS_STEPS)
            set_progress(self._bar, PROGRESS_STEPS * done // total)
