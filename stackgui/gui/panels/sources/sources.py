"""The left of the window: the sources, and how many pictures they hold."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QPushButton, QTableView, QWidget

from stackgui.core.base.addresses import absolute
from stackgui.core.base.skip_kinds import SOURCES, USELESS_LISTS
from stackgui.core.base.units import format_bytes
from stackgui.core.base.wording import say
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.gui.control.screen import Screen, State
from stackgui.gui.panels.sources.arrays import ArraysPart
from stackgui.gui.panels.sources.frames import FramesPart
from stackgui.gui.panels.sources.lists import ListsPart
from stackgui.gui.panels.sources.masks import MasksPart
from stackgui.gui.texts import texts
from stackgui.gui.texts.language import tr, tr_many
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.flow import flowing
from stackgui.gui.widgets.parts import Words, button, column, line, named
from stackgui.gui.widgets.scrolled import scroll_within
from stackgui.gui.widgets.tables import SourceRows
from stackgui.gui.widgets.theme import Space

ADDRESS_TIP = say("Adds pictures in a bucket (s3://…, gs://…, az://…), or what is on the web (https://…).")


class SourcesPanel(QWidget):
    """The list of folders, archives, lists and files, and the options for reading them.

    Signals
    -------
    add_wanted(), files_wanted(), addresses_wanted(), skipped_wanted()
    remove_wanted(list of str)
        Sources.
    scan_changed(ScanOptions)
    """

    HELP: ClassVar[str] = "sources"

    add_wanted = Signal()
    files_wanted = Signal()
    addresses_wanted = Signal()
    remove_wanted = Signal(list)
    skipped_wanted = Signal()
    scan_changed = Signal(ScanOptions)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sources")
        self._rows = SourceRows(self)
        self._table = self._make_table()
        self._add = button(
            "sources.add", tr("Add folder…"), "folder-add", tr("Adds a folder and everything inside it.")
        )
        self._files = button(
            "sources.files",
            tr("Add files…"),
            "archive",
            tr("Adds ZIP or TAR files, lists of files (CSV), or single pictures."),
        )
        self._addresses = button("sources.addresses", tr("Add address…"), "cloud", tr(ADDRESS_TIP))
        self._remove = button(
            "sources.remove",
            tr("Remove"),
            "minus",
            tr("Removes the selected sources from the list; the files stay (Delete)."),
        )
        self._totals = Words("sources.totals")
        self._parts = (ListsPart(), ArraysPart(), FramesPart(), MasksPart())
        self._skipped = self._make_skipped()
        self._lay_out()
        self._connect()

    def _make_table(self) -> QTableView:
        table = named(
            QTableView(),
            "sources.list",
            tr("Sources"),
            tr("The folders and files whose pictures go into the stack."),
        )
        table.setModel(self._rows)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.hide()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        return table

    def _make_skipped(self) -> QPushButton:
        made = button(
            "sources.skipped", tr("Skipped"), "chevron-right", tr("Shows what was left out, and why.")
        )
        made.setFlat(True)
        is_mirrored = made.isRightToLeft()
        after = Qt.LayoutDirection.LeftToRight if is_mirrored else Qt.LayoutDirection.RightToLeft
        made.setLayoutDirection(after)  # the icon follows the text
        # It keeps its room when hidden, so that nothing moves when it appears.
        policy = made.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        made.setSizePolicy(policy)
        made.hide()
        return made

    def _lay_out(self) -> None:
        layout = column(self, margin=Space.M)
        layout.addWidget(theme.heading(tr("Sources")))
        layout.addWidget(self._table, 1)
        layout.addLayout(flowing(self._add, self._files, self._addresses, self._remove))
        layout.addWidget(theme.rule())
        layout.addWidget(self._totals)
        skipped = line()
        skipped.addWidget(self._skipped)
        skipped.addStretch(1)
        layout.addLayout(skipped)
        for part in self._parts:
            layout.addWidget(part)
        scroll_within(self)

    def _connect(self) -> None:
        self._add.clicked.connect(self.add_wanted)
        self._files.clicked.connect(self.files_wanted)
        self._addresses.clicked.connect(self.addresses_wanted)
        for part in self._parts:
            part.scan_changed.connect(self.scan_changed)
        self._skipped.clicked.connect(self.skipped_wanted)
        self._remove.clicked.connect(self._tell_removed)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self._table, self._tell_removed).setContext(
            Qt.ShortcutContext.WidgetShortcut
        )
        self._table.selectionModel().selectionChanged.connect(self._enable_remove)
        self._rows.modelReset.connect(self._enable_remove)

    def present(self, screen: Screen) -> None:
        """Show the sources of `screen`; without any, the welcome page has the room."""
        self.setVisible(screen.state is not State.EMPTY)
        self._rows.set_sources(screen.sources, _counts(screen))
        self._enable_remove()
        for part in self._parts:
            part.present(screen)
        self._totals.setText(_totals(screen))
        skipped = sum(counts for kind, counts in _skipped(screen).items() if kind not in SOURCES)
        self._skipped.setVisible(skipped > 0)
        told = tr_many(skipped, "{count:,} file skipped", "{count:,} files skipped")
        self._skipped.setText(told)
        self._skipped.setAccessibleName(told)

    def _marked(self) -> list[str]:
        return [self._rows.folder(index.row()) for index in self._table.selectionModel().selectedRows()]

    def _enable_remove(self) -> None:
        self._remove.setEnabled(self._table.isEnabled() and bool(self._marked()))

    def _tell_removed(self) -> None:
        if marked := self._marked():
            self.remove_wanted.emit(marked)


def _skipped(screen: Screen) -> dict[str, int]:
    return screen.catalog.skipped.left_aside if screen.catalog else {}


def _counts(screen: Screen) -> tuple[int | str, ...]:
    """Return the number of pictures in each source, or why it has none; nothing while unknown."""
    if screen.statistics is None:
        return ()
    useless = _useless_lists(screen)
    return tuple(
        screen.statistics.per_source.get(
            absolute(name), tr("not used") if name in useless else tr("out of reach")
        )
        for name in screen.sources
    )


def _useless_lists(screen: Screen) -> set[str]:
    if screen.catalog is None or USELESS_LISTS not in _skipped(screen):
        return set()
    skipped = screen.catalog.skipped
    return {name for name, kind in zip(skipped.path, skipped.kind, strict=True) if kind == USELESS_LISTS}


def _totals(screen: Screen) -> str:
    if not screen.sources:
        return tr("Nothing yet.")
    if screen.scan is not None:
        return tr("{files} so far\nStill counting…", files=texts.files(screen.scan.samples_found))
    if screen.statistics is None:
        return ""
    return tr(
        "{pictures}\n{file} in all",
        pictures=texts.pictures(screen.statistics.samples),
        file=format_bytes(screen.statistics.file_bytes),
    )
