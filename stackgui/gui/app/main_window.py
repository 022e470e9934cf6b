"""The main window: the layout of the panels. No behaviour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QGridLayout,
    QMainWindow,
    QSplitter,
    QWidget,
)

from stackgui.core.advice.savings import Savings
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.curve import CurvePoint
from stackgui.core.plan.plan import Plan
from stackgui.core.project.recents import Recents
from stackgui.core.run.progress import RowThumb
from stackgui.gui.app.cards import Cards, Close
from stackgui.gui.app.desktop import Desktop
from stackgui.gui.app.dropping import accept_as_copy
from stackgui.gui.app.menus import Menus
from stackgui.gui.app.recent_menu import RecentMenu
from stackgui.gui.app.room import keep_new_on_screen, keep_on_screen
from stackgui.gui.control.projects import has_name, project_name
from stackgui.gui.control.sample_previews import FitLook, LargePicture
from stackgui.gui.control.screen import Kind, Screen
from stackgui.gui.panels.found.found import FoundPanel
from stackgui.gui.panels.memory.memory import MemoryPanel
from stackgui.gui.panels.plan.plan import PlanPanel
from stackgui.gui.panels.run.check import CheckPanel
from stackgui.gui.panels.run.cluster import ClusterLine
from stackgui.gui.panels.run.result import ResultPanel
from stackgui.gui.panels.run.run import ProgressPanel
from stackgui.gui.panels.run.save import SavePanel
from stackgui.gui.panels.run.unfinished import UnfinishedPanel
from stackgui.gui.panels.sources.address_card import AddressCard
from stackgui.gui.panels.sources.addresses import AddressesPanel
from stackgui.gui.panels.sources.sources import SourcesPanel
from stackgui.gui.panels.stack.open_place import OpenPlacePanel
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import eye_order, theme
from stackgui.gui.widgets.message_bar import MessageBar
from stackgui.gui.widgets.overlay import overlay
from stackgui.gui.widgets.parts import column
from stackgui.gui.widgets.scrolled import Scrolled
from stackgui.gui.widgets.sheet import tell_roles
from stackgui.gui.widgets.theme import Space

FIRST_SIZE_PX = QSize(1440, 900)
"""Where the screen is large enough."""

MIN_SIZE_PX = QSize(800, 440)
"""Fixed, because a wrapped text claims several times its height until it has been laid out: left to the
layouts, the window would grow for good when a run ends."""

LOW_PX = 680
"""A window lower than this shows of a run what is needed to follow and end it, without charts; and of two
reports no details of the one above."""

LEFT_PX, RIGHT_PX = 204, 340


class Panel(Protocol):
    """A part of the window, with the name of its help page."""

    @property
    def HELP(self) -> str: ...  # noqa: D102 - as above

    def present(self, screen: Screen) -> None:
        """Show the panel's part of `screen`."""


class MainWindow(QMainWindow):
    """The panels side by side, with the run below them.

    Signals
    -------
    folders_dropped(list of str)
        Paths that were dropped; not all need be folders.
    activated()
        The window came to the front.
    """

    folders_dropped = Signal(list)
    activated = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle("StackGUI")
        self.setWindowIcon(theme.app_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(MIN_SIZE_PX)
        self.resize(FIRST_SIZE_PX)
        self.may_close: Callable[[], bool] = lambda: True
        self.sources, self.found = SourcesPanel(), FoundPanel()
        self.addresses: AddressesPanel = AddressesPanel()
        self.open_place: OpenPlacePanel = OpenPlacePanel()
        self.plan, self.memory = PlanPanel(), MemoryPanel()
        self.progress, self.unfinished, self.check = ProgressPanel(), UnfinishedPanel(), CheckPanel()
        self.result: ResultPanel = ResultPanel()
        self.save: SavePanel = SavePanel()
        self.cluster, self.message = ClusterLine(), MessageBar()
        self.desktop = Desktop(self.message)
        self.presets = self.plan.presets
        self._typing: tuple[AddressCard, ...] = (self.addresses, self.open_place)
        self._bottom = (*self._typing, self.progress, self.result, self.unfinished, self.check, self.save)
        self._panels: tuple[Panel, ...] = (
            self.sources, self.found, self.plan, self.memory, *self._bottom, self.presets,
        )  # fmt: skip
        self._showing: dict[str, tuple[Panel, ...]] = {
            "scan": (self.sources, self.found),
            "size": (self.found, self.plan, self.memory, self.save, self.presets),
            "running": (self.progress,),
            "check": (self.check,),
            "health": (self.found, self.plan, self.save),
            "warnings": (self.found, self.plan, self.save),
        }
        self._screen: Screen | None = None
        self._splitter = self._make_splitter()
        self.setCentralWidget(self._make_centre())
        self.recent: RecentMenu = RecentMenu(self)
        self.menus = Menus(self, {"presets": self.presets.menu(), "recent": self.recent})
        self.plan.show_history(self.menus["undo"], self.menus["redo"])
        self.cards: Cards = self._make_cards()
        self._connect()

    def _connect(self) -> None:
        self.sources.skipped_wanted.connect(self.found.show_problems)
        self.save.warnings_wanted.connect(self.found.show_problems)
        self.result.open_wanted.connect(self.desktop.open)
        self.check.open_wanted.connect(self.desktop.open)
        self.found.pictures.reveal_wanted.connect(self.desktop.reveal)

    def _make_splitter(self) -> QSplitter:
        layout = column(margin=Space.M, spacing=Space.L)
        layout.addWidget(self.plan)
        layout.addWidget(theme.rule())
        layout.addWidget(self.memory)
        layout.addStretch(1)
        self.right = scroll = Scrolled(layout)
        scroll.setObjectName("right")
        splitter = QSplitter()
        splitter.setObjectName("splitter")
        splitter.setChildrenCollapsible(False)
        for panel in (self.sources, self.found, scroll):
            splitter.addWidget(panel)
        splitter.setStretchFactor(1, 1)
        right_px = max(RIGHT_PX, scroll.needed_px + self.plan.spare_px)
        splitter.setSizes([LEFT_PX, FIRST_SIZE_PX.width() - LEFT_PX - right_px, right_px])
        return splitter

    def _make_centre(self) -> QWidget:
        tell_roles()  # before anything is asked what it is
        centre = QWidget()
        layout = column(centre, spacing=0)
        # A message lies over the foot of the panels, so that nothing moves as it comes and goes.
        over = QGridLayout()
        over.addWidget(self._splitter, 0, 0)
        over.addWidget(self.message, 0, 0, Qt.AlignmentFlag.AlignBottom)
        layout.addLayout(over, 1)
        layout.addWidget(theme.rule())
        bottom = column(margin=Space.M, spacing=Space.M)
        for panel in (self.cluster, *self._bottom):
            bottom.addWidget(panel)
        layout.addLayout(bottom)
        return centre

    def _make_cards(self) -> Cards:
        cards = (*self._typing, self.progress, self.result, self.unfinished, self.check)
        closed_by: dict[QWidget, Close] = {
            self.message: self.message.clear,
            **{card: card.close_card for card in self._typing},
            self.found.list: self.found.list.closed.emit,
            self.check: self.check.closed.emit,
            self.result: self.result.dismissed.emit,
            self.unfinished: self.unfinished.dismissed.emit,
        }
        return Cards(
            self, cards, closed_by, (self.save.convert_button, self.found.welcome.add_button, self.sources)
        )

    def type_into(self, card: AddressCard) -> None:
        """Open a card for addresses in the place of any other."""
        for other in self._typing:
            if other is not card and other.isVisible():
                other.close_card()
        card.open_card()

    # What the controller shows

    def present(self, screen: Screen) -> None:
        """Show `screen`, updating only the panels that it affects."""
        news = screen.went_on_from(self._screen) if self._screen else ""
        self._screen = screen
        self.cards.hold()
        for panel in self._showing.get(news, self._panels):
            panel.present(screen)
        self.menus.present(screen)
        self.cards.let_go()
        self._share_room()
        self.setWindowTitle(_title(screen))

    def show_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Show the thumbnail of the row of `sample`."""
        self.found.show_thumb(sample, thumb)

    def show_listing(self, samples: NDArray[np.int64]) -> None:
        """Show the list of pictures that are searched for."""
        self.found.pictures.show_listing(samples)

    def show_list(self, title: str, plan: Plan) -> None:
        """Show a table of pictures."""
        self.found.show_list(title, plan)

    def show_list_rows(self, samples: NDArray[np.int64]) -> None:
        """Show which pictures that table lists."""
        self.found.list.show_rows(samples)

    def show_large(self, picture: LargePicture) -> None:
        """Show a single picture."""
        self.found.pictures.show_large(picture)

    def show_outlook(self, names: tuple[str, ...], thumbs: tuple[RowThumb, ...]) -> None:
        """Show the representative samples; empty if none can be read."""
        self.found.sizes.outlook.set_thumbs(names, thumbs)

    def clear_outlook(self) -> None:
        """Show no representative samples."""
        self.found.sizes.outlook.clear()

    def show_fit(self, look: FitLook) -> None:
        """Show the effect of one fit."""
        self.found.fits.show_fit(look)

    def show_curve(self, points: Sequence[CurvePoint]) -> None:
        """Show the curve of bytes against the number of arrays."""
        self.found.buckets.show_curve(points)

    def show_savings(self, found: Savings) -> None:
        """Show the remedies and outliers of a plan."""
        self.found.outliers.show_savings(found)
        self.memory.smaller.show_savings(found)

    def show_recents(self, recents: Recents) -> None:
        """Show what was used last."""
        self.recent.show_recents(recents)
        self.found.welcome.show_recents(recents)

    def show_message(self, kind: Kind, text: str, details: str = "") -> None:
        """Show a message in the message bar."""
        self.message.show_message(kind.value, text, details)

    def show_waiting(self, text: str, cancel: Callable[[], object]) -> None:
        """Show `text` with a button that calls `cancel`."""
        self.message.show_message(Kind.INFO.value, text, actions=[(tr("Cancel"), cancel)])
        self.message.waits = True

    def forget_message(self) -> None:
        """Remove a message, unless it waits for something."""
        if not self.message.waits:
            self.message.clear()

    def stop_waiting(self) -> None:
        """Remove the waiting message."""
        self.message.clear()

    def tell_saved(self, file: str, *, saved: bool) -> None:
        """Report whether `file` was saved."""
        name = printable(file)
        if saved:
            self.show_message(Kind.SUCCESS, say("Saved as “{file}”.", file=name))
        else:
            self.show_message(
                Kind.ERROR, say("Could not be saved as “{file}”. Choose another folder.", file=name)
            )

    def toggle_full_screen(self) -> None:
        """Use the whole screen, or give it back."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    @staticmethod
    def toggle_boxes() -> None:
        """Draw objects over pictures, or do not."""
        overlay().show(wanted=not overlay().is_on)

    @staticmethod
    def shows_boxes() -> bool:
        """Return whether objects are drawn over pictures."""
        return overlay().is_on

    def go_to_part(self, *, forward: bool) -> None:
        """Give the keyboard to the next part of the window, or to the one before."""
        parts = (self.message, self.sources, self.found, self.right, self.cluster, *self._bottom)
        eye_order.go_to_part(self, [part for part in parts if part.isVisible()], forward=forward)

    # Geometry

    def shape(self) -> tuple[QByteArray, QByteArray]:
        """Return the state of geometry and splitter, to be saved."""
        return self.saveGeometry(), self._splitter.saveState()

    def take_shape(self, geometry: QByteArray, splitter: QByteArray) -> None:
        """Restore geometry and splitter."""
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)
        if not splitter.isEmpty():
            self._splitter.restoreState(splitter)
        keep_on_screen(self)

    # Events

    def showEvent(self, event: QShowEvent) -> None:
        """Stay on the screen."""
        super().showEvent(event)
        if not event.spontaneous():
            keep_new_on_screen(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what a low window has no room for."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        is_low = self.height() < LOW_PX
        self.progress.show_charts(wanted=not is_low)
        self.result.be_brief(wanted=is_low and self._screen is not None and self._screen.check is not None)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close, unless `may_close` objects."""
        event.setAccepted(self.may_close())

    def event(self, event: QEvent) -> bool:
        """Lay out what has changed before it is painted, so that no panel that grows is shown squeezed."""
        if event.type() is QEvent.Type.UpdateRequest:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Emit `activated` when the window comes to the front."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self.activated.emit()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go on as the eye does; Qt also asks for this when what has the keyboard is hidden or locked."""
        return self.cards.takes(self.focusWidget()) or eye_order.go(self, forward=forward)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept local paths."""
        accept_as_copy(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Accept local paths."""
        accept_as_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Emit the dropped paths."""
        if names := accept_as_copy(event):
            self.folders_dropped.emit(names)


def _title(screen: Screen) -> str:
    """Return the title, after which the desktop is told the program's name, as it is of every window."""
    if screen.running:
        return tr("{percent} % of {name}", percent=screen.running.percent, name=screen.running.name)
    if not screen.sources and not has_name(screen.file):
        return "StackGUI"
    return tr(project_name(screen.file, screen.sources))
