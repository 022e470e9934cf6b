"""The window in which one looks into a stack, or into another array of pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QGridLayout, QMenu, QPushButton, QSplitter, QWidget

from stackgui.core.base.addresses import is_address
from stackgui.core.base.text import printable
from stackgui.core.viewing.found import FoundRows, Sorting
from stackgui.core.viewing.look import Seen
from stackgui.core.viewing.opened import GridRow, Opened, Reading
from stackgui.engine import Engine
from stackgui.gui.app import row_pictures
from stackgui.gui.app.dropping import accept_as_copy
from stackgui.gui.app.side_window import SideWindow
from stackgui.gui.control.screen import Kind
from stackgui.gui.control.stack_edits import StackEdits
from stackgui.gui.control.viewing import Viewing
from stackgui.gui.panels.stack.details import RowDetails
from stackgui.gui.panels.stack.editing import MAX_ROWS, EditPanel
from stackgui.gui.panels.stack.reading import ReadingBar
from stackgui.gui.panels.stack.rows import RowsPanel
from stackgui.gui.panels.stack.search import StackSearch
from stackgui.gui.texts import run_texts, stack_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.flow import flowing
from stackgui.gui.widgets.parts import Words, button, column
from stackgui.gui.widgets.scrolled import Scrolled
from stackgui.gui.widgets.theme import Space

SIZE_PX = QSize(1180, 760)
DETAILS_PX = 300
POLL_MS = 30
THUMB_PX = 128
"""Longer side of the thumbnails that are read; drawn a little smaller, so that they are sharp everywhere."""

IN_BUCKETS = ("stack.verify",)
"""What can be done with a stack in a bucket; everything else takes a folder."""

Offer = tuple[str, str, str, str, Callable[[str], object]]
"""Name, text, icon and tip of something that can be done with a stack, and what does it, given its folder."""


class StackWindow(SideWindow):
    """The rows of one stack: a grid, a large view, what a row is, and what can be done with the stack.

    Parameters
    ----------
    parent
        The main window, which closes this one with itself.
    engine
    path
        Folder or file to open.

    Signals
    -------
    dropped(list of str)
        Paths that were dropped.
    was_opened(Opened)
        It is open, or open anew.
    gone()
        The window has been closed.
    """

    HELP: ClassVar[str] = "look"

    dropped = Signal(list)
    was_opened = Signal(Opened)
    gone = Signal()

    def __init__(self, parent: QWidget, engine: Engine, path: str) -> None:
        super().__init__(parent, "stackWindow", stack_texts.title(path), SIZE_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self.path = path
        self._engine = engine
        self.opened: Opened | None = None
        self._summary = Words("stack.summary", bold=True)
        self._told, self._is_slow = "", False
        self._say(tr("Opening “{name}”…", name=stack_texts.name(path)))
        self._offers = QWidget()
        self.search, self.reading = StackSearch(), ReadingBar()
        self.rows, self.details = RowsPanel(), RowDetails()
        self.editing = EditPanel()
        self.viewing = Viewing(engine, self, THUMB_PX)
        self.edits = StackEdits(engine, self.viewing.errands, path, self._changed)
        self._drag_row = -1
        self._lay_out()
        self._connect()
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self.viewing.poll)
        self._timer.start()
        # No cell moves between the two clicks of a double click.
        self._moved_on = QTimer(self, singleShot=True, interval=QApplication.doubleClickInterval())
        self._moved_on.timeout.connect(self._let_go_of_kept)
        self.viewing.open(path)

    def _lay_out(self) -> None:
        inner = column(margin=0)
        inner.addWidget(self.details)
        inner.addWidget(self.editing)
        inner.setContentsMargins(0, 0, Space.S, Space.M)
        side = Scrolled(inner)
        side.setObjectName("stack.side")
        split = QSplitter()
        split.setObjectName("stack.split")
        split.setChildrenCollapsible(False)
        split.addWidget(self.rows)
        split.addWidget(side)
        split.setStretchFactor(0, 1)
        split.setSizes([SIZE_PX.width() - DETAILS_PX, DETAILS_PX])
        over = QGridLayout()
        over.addWidget(split, 0, 0)
        over.addWidget(self.message, 0, 0, Qt.AlignmentFlag.AlignBottom)
        layout = column(self, margin=Space.M, spacing=Space.S)
        layout.addWidget(self._summary)
        layout.addWidget(self._offers)
        layout.addWidget(self.reading)
        layout.addWidget(self.search)
        layout.addLayout(over, 1)
        self._offers.hide()

    def _connect(self) -> None:
        self.search.wanted_changed.connect(self._search)
        self.search.row_wanted.connect(self._go_to)
        self.search.stopped.connect(self.viewing.stop_listing)
        self.reading.reading_changed.connect(lambda reading: self.viewing.open(self.path, reading))
        self.rows.thumbs_wanted.connect(self.viewing.want_thumbs)
        self.rows.row_changed.connect(self._look)
        self.rows.row_changed.connect(lambda: self.editing.show_marked(self.rows.grid.marked_rows(MAX_ROWS)))
        self.editing.edited.connect(self.edits.edit)
        self.editing.undo_wanted.connect(self.edits.undo)
        self.editing.redo_wanted.connect(self.edits.redo)
        self.rows.dragged.connect(self._drag)
        self.rows.menu_wanted.connect(self._show_menu)
        self.details.look_changed.connect(self._look)
        self.details.reveal_wanted.connect(self.desktop.reveal)
        self.details.copy_wanted.connect(self._copy)
        self.details.save_wanted.connect(self._save)
        keys = QKeySequence.StandardKey
        for key, does in (
            (keys.Find, self._begin_search), ("Ctrl+G", self._begin_row), (keys.Copy, self._copy),
            (keys.Undo, self.edits.undo), (keys.Redo, self.edits.redo),
        ):  # fmt: skip
            QShortcut(QKeySequence(key), self, does)

    def offer(self, offers: list[Offer]) -> None:
        """Show buttons for what can be done with a stack."""
        made = []
        for name, text, icon, tip, does in offers:
            each = button(f"stack.{name}", text, icon, tip)
            each.clicked.connect(lambda _checked=False, does=does: does(self.path))
            made.append(each)
        self._offers.setLayout(flowing(*made))

    # What the rows are

    def show_opened(self, opened: Opened) -> None:
        """Show what was opened."""
        self.opened = opened
        self._say(f"{stack_texts.name(opened.path)}: {stack_texts.summary(opened)}")
        in_bucket = is_address(opened.path)
        self._offers.setVisible(opened.is_stack)
        for each in self._offers.findChildren(QPushButton):
            each.setVisible(not in_bucket or each.objectName() in IN_BUCKETS)
        if (retry := self._offers.findChild(QPushButton, "stack.retry")) is not None:
            retry.setVisible(opened.failed > 0 and not in_bucket)
        self.search.present(opened)
        self.reading.present(opened)
        self.details.present(opened)
        self.rows.present(opened)
        self.editing.present(opened)
        if not self.rows.hasFocus():
            self.rows.setFocus()
        self.was_opened.emit(opened)

    def _say(self, told: str) -> None:
        self._told = told
        self.show_slow(slow=self._is_slow)

    def show_slow(self, *, slow: bool) -> None:
        """Say that the disk or the server has not answered for a while, or no more."""
        self._is_slow = slow
        told = self._told
        if slow and is_address(self.path):
            told = tr("{told} · waiting for the server…", told=told)
        elif slow:
            told = tr("{told} · waiting for the disk…", told=told)
        self._summary.setText(told)

    def show_rows_failed(self, text: str) -> None:
        """Say why no rows can be shown."""
        self.message.show_message(
            Kind.ERROR.value,
            tr("These rows cannot be read. {reason}", reason=tr(text)),
            actions=[(tr("Try again"), self._read_again)],
        )

    def _read_again(self) -> None:
        self.message.clear()
        self.viewing.want_thumbs(())
        self.rows.grid.read_visible()

    def show_refused(self, text: str) -> None:
        """Say why it could not be opened."""
        if self.opened is None:
            self._say(tr("“{name}” could not be opened", name=stack_texts.name(self.path)))
        self.show_message(Kind.ERROR, text)

    def show_found(self, found: FoundRows) -> None:
        """List `found` rows, and look at the current one anew, which may have been changed."""
        self.rows.show_found(found)
        self.search.show_found(found)
        self._look()

    def show_sorting(self, sorting: Sorting) -> None:
        """Say how far rows are sorted."""
        self.search.show_sorting(sorting)

    def show_search_failed(self, text: str) -> None:
        """Say why rows could not be searched or sorted."""
        self.search.show_failed(text)

    def show_rows(self, rows: tuple[GridRow, ...]) -> None:
        """Show rows in the grid."""
        self.rows.show_rows(rows)

    def show_seen(self, seen: Seen) -> None:
        """Show a single row."""
        if seen.large.facts.row == self._drag_row:
            self._drag_row = -1
            row_pictures.drag(self, seen)
        if seen.large.facts.row == self.rows.current:
            self.details.show_seen(seen)
            self.rows.show_seen(seen)

    def show_unseen(self, row: int, text: str) -> None:
        """Say why a single row cannot be shown."""
        if self.rows.is_large:
            self.rows.large.show_unseen(row, text)
        else:
            self.show_message(Kind.ERROR, text)

    def show_message(self, kind: Kind, text: str, details: str = "") -> None:
        """Show a message over the foot of the rows."""
        self.message.show_message(kind.value, text, details)

    def show_waiting(self, text: str, cancel: Callable[[], object]) -> None:
        """Show `text` with a button that calls `cancel`."""
        self.message.show_message(Kind.INFO.value, text, actions=[(tr("Cancel"), cancel)])

    def stop_waiting(self) -> None:
        """Remove the waiting message."""
        self.message.clear()

    # What the person does

    def retry(self) -> None:
        """Read the pictures of failed rows again."""
        self.edits.retry(lambda report: self.show_message(Kind.INFO, run_texts.retry_details(report)))

    def report(self, file: str) -> None:
        """Write the report, and show it in the browser."""
        self.viewing.errands.begin(
            "report",
            tr("Writing the report…"),
            lambda control: self._engine.report(self.path, file, control),
            self._open_page,
        )

    def _open_page(self, place: str) -> None:
        if self.desktop.open(place):
            self.show_message(Kind.SUCCESS, tr("The report is in {file}.", file=printable(place)))

    def _changed(self) -> None:
        """Show what has become of the rows; those that are looked at stay, whatever is searched for."""
        self.viewing.keep(self.rows.grid.marked_rows(MAX_ROWS))
        self.editing.show_undo(possible=self.edits.can_undo, again=self.edits.can_redo)
        self.reload()

    def _let_go_of_kept(self) -> None:
        if self.rows.current not in self.viewing.kept:
            self.viewing.let_go_of_kept()

    def _search(self, wanted: object) -> None:
        self.rows.grid.expect_others()
        self.viewing.want(wanted)  # type: ignore[arg-type] # Qt's signals carry objects
        if self.viewing.searches:
            self.search.show_busy()

    def _begin_search(self) -> None:
        self.search.search.setFocus()
        self.search.search.selectAll()

    def _begin_row(self) -> None:
        self.search.row.setFocus()
        self.search.row.selectAll()

    def _go_to(self, row: int) -> None:
        if not self.rows.go_to(row):
            self.show_message(
                Kind.INFO, tr("Row {row:,} is not among those that were searched for.", row=row)
            )
        self.rows.setFocus()

    def _look(self) -> None:
        row = self.rows.current
        look = self.details.look(row) if row >= 0 else None
        self.viewing.look_at(look, self.rows.ahead, again=self.rows.large.waits)
        if row < 0:
            self.details.show_facts(None)
        elif self.viewing.kept and row not in self.viewing.kept:
            self._moved_on.start()

    def _copy(self) -> None:
        if (seen := self.details.seen) is not None:
            row_pictures.copy(seen)
            self.show_message(Kind.SUCCESS, tr("Row {row:,} was copied as a picture.", row=seen.look.row))

    def _save(self) -> None:
        if (seen := self.details.seen) is not None:
            file, saved = row_pictures.save(self, seen)
            if file:
                told = row_pictures.told_saved(file, saved=saved)
                self.show_message(Kind.SUCCESS if saved else Kind.ERROR, told)

    def _drag(self, row: int) -> None:
        """Drag a row out as a picture, as soon as it has been read."""
        seen = self.details.seen
        if seen is not None and seen.look.row == row:
            row_pictures.drag(self, seen)
        else:
            self._drag_row = row

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Look closer"), lambda: self.rows.open_row(self.rows.current))
        menu.addAction(tr("Copy picture"), self._copy)
        if self.details.reveal.isVisible():
            menu.addAction(tr("Show file"), self.details.reveal.click)
        menu.popup(place)

    # Events

    def reload(self) -> None:
        """Open the stack again, because something has changed it."""
        reading = self.opened.reading if self.opened else Reading()
        self.viewing.open(self.path, reading)

    def showEvent(self, event: QShowEvent) -> None:
        """Stand beside the main window, which may be in front of it."""
        super().showEvent(event)
        if (handle := self.windowHandle()) is not None:
            handle.setTransientParent(None)  # type: ignore[arg-type] # Qt takes none

    def stop(self) -> None:
        """Read nothing any more, and close the files."""
        self._timer.stop()
        self.viewing.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop reading; whoever hears that it is gone waits for what a slow disk holds up."""
        self._timer.stop()
        super().closeEvent(event)
        self.gone.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept local paths."""
        accept_as_copy(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Accept local paths."""
        accept_as_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Emit the dropped paths."""
        if event.source() is None and (names := accept_as_copy(event)):
            self.dropped.emit(names)
