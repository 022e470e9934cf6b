"""What one looks at in the window of a stack: opened, listed and read in the background."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from stackgui.core.plan.listing import Wanted
from stackgui.core.viewing.found import FoundRows, Sorting
from stackgui.core.viewing.look import Look, Seen, see
from stackgui.core.viewing.opened import GridRow, LargeRow, Opened, Reading
from stackgui.engine import Control, Engine
from stackgui.gui.control.asking import Asking
from stackgui.gui.control.errands import Errands, WaitingView
from stackgui.gui.control.jobs import Ending, Jobs, Outcome
from stackgui.gui.control.patience import Patience
from stackgui.gui.control.runs import CLOSE_S

if TYPE_CHECKING:
    from stackgui.engine.viewing.rows import ViewedRows

KEPT_BYTES = 256 * 2**20
"""Of large rows: the one that is looked at, and those that were looked at last."""

Page = tuple[GridRow, ...]


class ViewingView(WaitingView, Protocol):
    """View that shows the rows of a stack."""

    def show_opened(self, opened: Opened) -> None:
        """Show what was opened; its rows follow."""

    def show_refused(self, text: str) -> None:
        """Say why it could not be opened."""

    def show_found(self, found: FoundRows) -> None:
        """List `found` rows."""

    def show_sorting(self, sorting: Sorting) -> None:
        """Say how far rows are sorted."""

    def show_search_failed(self, text: str) -> None:
        """Say why rows could not be searched or sorted."""

    def show_rows(self, rows: Page) -> None:
        """Show some rows in the grid."""

    def show_rows_failed(self, text: str) -> None:
        """Say why no rows can be shown in the grid."""

    def show_slow(self, *, slow: bool) -> None:
        """Say that the disk has not answered for a while, or no more."""

    def show_seen(self, seen: Seen) -> None:
        """Show a single row."""

    def show_unseen(self, row: int, text: str) -> None:
        """Say why a single row cannot be shown."""


class Viewing:
    """Opens a stack, and reads what the window shows of it; only the latest wish of each kind counts.

    Parameters
    ----------
    engine, view
    side_px
        Longer side of thumbnails.

    Attributes
    ----------
    errands : Errands
        Short jobs about the stack.
    kept : tuple of int
        Rows that are listed although they may no longer be what is wanted.
    """

    def __init__(self, engine: Engine, view: ViewingView, side_px: int) -> None:
        self._engine = engine
        self._view = view
        self.side_px = side_px
        self._jobs = Jobs()
        self._rows: ViewedRows | None = None
        self._left: list[ViewedRows] = []
        self._made: list[ViewedRows] = []
        """What jobs have opened and not handed over, because another one was begun in the meantime."""
        self._large: OrderedDict[int, LargeRow] = OrderedDict()
        self._lock = threading.Lock()
        self.errands = Errands(self._jobs, view)
        self._list = Wanted()
        self.kept: tuple[int, ...] = ()
        jobs = self._jobs
        self._pages = Asking(
            jobs, "page", self._make_page, show=self._page_came, told=view, settle_s=0.0,
            went_on=self._page_came, failed=view.show_rows_failed,
        )  # fmt: skip
        self._finding = Asking(
            jobs, "find", self._find, show=view.show_found, told=view, settle_s=0.0,
            went_on=self._list_went_on, failed=view.show_search_failed,
        )  # fmt: skip
        self._looking = Asking(
            jobs, "look", self._look, show=view.show_seen, told=view, settle_s=0.0, failed=self._unseen
        )
        self._wanted_look: Look | None = None
        self._patience = Patience(lambda slow: view.show_slow(slow=slow))
        self._ahead: Asking[int, LargeRow | None] = Asking(
            jobs, "ahead", self._read_ahead, show=lambda _large: None, told=view, settle_s=0.0
        )
        self._askings: tuple[Asking[Any, Any], ...] = (self._looking, self._pages, self._finding, self._ahead)

    def open(self, path: str, reading: Reading = Reading()) -> None:  # noqa: B008 - it is frozen
        """Open what is at `path`, in place of what was open."""

        def work(control: Control[Any]) -> ViewedRows:
            rows = self._engine.view(path, reading, control)
            self._made.append(rows)
            return rows

        self._jobs.start("open", work, self._opened)

    def _opened(self, ending: Ending[ViewedRows]) -> None:
        if ending.outcome is Outcome.FAILED:
            self._view.show_refused(ending.text)
        elif ending.result is not None:
            self._made.remove(ending.result)
            self._let_go()
            self._rows = ending.result
            self._view.show_opened(ending.result.opened)
            self._ask_list()

    def want(self, wanted: Wanted) -> None:
        """List other rows, or the same in another order."""
        self._list, self.kept = wanted, ()
        self._ask_list()

    def keep(self, rows: Sequence[int]) -> None:
        """Go on listing `rows` from the next list on, whether they are what was wanted or not."""
        self.kept = tuple(rows)

    def let_go_of_kept(self) -> None:
        """List only what was wanted."""
        self.keep(())
        self._ask_list()

    def stop_listing(self, wanted: Wanted) -> None:
        """Stop searching and sorting, and take `wanted` for what is listed now."""
        self._list = wanted
        self._finding.ask(None)

    def _ask_list(self) -> None:
        if self._rows is None:
            return
        if not self.searches:
            self._finding.ask(None)
            self._view.show_found(FoundRows(self._rows.opened.rows))
        else:
            self._finding.ask((self._rows, self._list, self.kept))

    @property
    def searches(self) -> bool:
        """Whether rows have to be searched or sorted, which takes time."""
        return self._list != Wanted()

    def want_thumbs(self, rows: Sequence[int]) -> None:
        """Read the thumbnails of `rows`, and no others any more."""
        self._pages.ask((self._rows, tuple(rows)) if self._rows is not None and rows else None)

    def look_at(self, look: Look | None, ahead: int = -1, *, again: bool = False) -> None:
        """Show a single row, or none.

        Parameters
        ----------
        look
        ahead
            The row that may be looked at next.
        again
            Whether it is to be shown even if it was before, because another part of the window wants it now.
        """
        if again and not self._looking.busy:
            self._looking.ask(None)
        self._wanted_look = look
        rows = self._rows
        self._looking.ask(None if look is None or rows is None else (rows, look))
        self._ahead.ask(ahead if ahead >= 0 else None)

    def poll(self) -> None:
        """Process what has come, and begin what is wanted next."""
        self._jobs.poll()
        self._patience.poll(waits=self._pages.busy or self._looking.busy or self._jobs.is_active("open"))
        for asking in self._askings[:-1]:
            asking.poll()
        if not self._looking.busy:
            self._ahead.poll()
        if self._made and not self._jobs.is_active("open"):
            self._left += self._made
            self._made.clear()
        if self._left and not any(asking.busy for asking in self._askings):
            self._close_left()

    def _make_page(self, asked: tuple[ViewedRows, tuple[int, ...]], control: Control[Any]) -> Page:
        from stackgui.engine.viewing.thumbs import thumbs  # noqa: PLC0415 - loads decoders

        return thumbs(asked[0], asked[1], self.side_px, control)

    def _page_came(self, page: Page) -> None:
        self._patience.heard()
        self._view.show_rows(page)

    def _find(self, asked: tuple[ViewedRows, Wanted, tuple[int, ...]], control: Control[Any]) -> FoundRows:
        from stackgui.engine.viewing.find import find  # noqa: PLC0415 - as above

        rows, wanted, kept = asked
        return find(rows, wanted, control, kept)

    def _list_went_on(self, told: FoundRows | Sorting) -> None:
        if isinstance(told, Sorting):
            self._view.show_sorting(told)
        else:
            self._view.show_found(told)

    def _look(self, asked: tuple[ViewedRows, Look], _control: Control[Any]) -> Seen:
        rows, look = asked
        return see(self._large_row(rows, look.row), look)

    def _read_ahead(self, row: int, _control: Control[Any]) -> LargeRow | None:
        return None if self._rows is None else self._large_row(self._rows, row)

    def _large_row(self, rows: ViewedRows, row: int) -> LargeRow:
        from stackgui.engine.viewing.thumbs import large  # noqa: PLC0415 - as above

        with self._lock:
            known = self._large.get(row)
        if known is not None and rows is self._rows:
            return known
        made = large(rows, row)
        with self._lock:
            self._large[row] = made
            held = sum(each.pixels.nbytes for each in self._large.values())
            while held > KEPT_BYTES and len(self._large) > 1:
                _, dropped = self._large.popitem(last=False)
                held -= dropped.pixels.nbytes
        return made

    def _unseen(self, text: str) -> None:
        if self._wanted_look is not None:
            self._view.show_unseen(self._wanted_look.row, text)

    def _let_go(self) -> None:
        """Leave what was open; it is closed when no job reads it any more, which a slow disk may delay."""
        for asking in self._askings:
            asking.ask(None)
        self._large.clear()
        if self._rows is not None:
            self._left.append(self._rows)
            self._rows = None

    def _close_left(self) -> None:
        while self._left:
            self._left.pop().close()

    def close(self, timeout_s: float = CLOSE_S) -> bool:
        """Stop all jobs and close the files; return False if a job is still running after `timeout_s`.

        Call it again then.
        """
        self._let_go()
        ended = self._jobs.close(timeout_s)
        if ended:
            self._left += self._made
            self._close_left()
        return ended
