"""Lists of pictures that match what the person searches for, made in the background if that takes time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.selection import Selection
from stackgui.core.plan.listing import Wanted, is_quick, listed
from stackgui.core.plan.plan import Plan
from stackgui.engine import Control, Engine
from stackgui.gui.control.asking import Asking, Told
from stackgui.gui.control.errands import Errands
from stackgui.gui.control.jobs import Jobs
from stackgui.gui.texts import picture_texts
from stackgui.gui.texts.language import tr

Question = tuple[Plan, Selection | None, Wanted]


class ListingView(Told, Protocol):
    """View that shows lists of pictures."""

    def show_listing(self, samples: NDArray[np.int64]) -> None:
        """Show `samples` as thumbnails, in this order."""

    def show_list(self, title: str, plan: Plan) -> None:
        """Show a table of the pictures of `plan`; which of them follows."""

    def show_list_rows(self, samples: NDArray[np.int64]) -> None:
        """Show `samples` in that table, in this order."""


class Listing:
    """Keeps a list up to date with the plan, the selection, and what the person wants to see.

    Parameters
    ----------
    jobs
    name
        Name of its job.
    show
        Called with the samples.
    told
        Receiver of error messages.
    """

    def __init__(self, jobs: Jobs, name: str, show: Callable[[NDArray[np.int64]], None], told: Told) -> None:
        self._show = show
        self._plan: Plan | None = None
        self._selection: Selection | None = None
        self._wanted = Wanted()
        self._quick: tuple[Catalog, Selection | None, Wanted] | None = None
        self._asking = Asking(jobs, name, _answer, show=show, told=told, settle_s=0.0)

    def use(
        self, plan: Plan | None, selection: Selection | None = None, catalog: Catalog | None = None
    ) -> None:
        """List the pictures of `plan`, or only those of `selection`.

        Without a plan, those of the last one stay if `catalog` still holds them: where all pictures are left
        out, that is where some are taken in again.
        """
        if plan is None and self._plan is not None and self._plan.catalog is catalog:
            plan = self._plan
        if plan is self._plan and selection is self._selection:
            return
        # Numbers of samples mean other pictures in another catalog.
        anew = plan is None or self._plan is None or plan.catalog is not self._plan.catalog
        self._plan, self._selection = plan, selection
        if anew:
            self._quick = None
            self._show(np.empty(0, np.int64))
        self._ask()

    def want(self, wanted: Wanted) -> None:
        """Change what is searched for, or the order."""
        if wanted != self._wanted:
            self._wanted = wanted
            self._ask()

    def poll(self) -> None:
        """Begin to list once an earlier list has been given up."""
        self._asking.poll()

    def _ask(self) -> None:
        plan = self._plan
        if plan is not None and is_quick(plan, self._wanted):
            self._asking.ask(None)
            # It is the same for all plans of a catalog, of which there are many while a size is dragged.
            before, self._quick = self._quick, (plan.catalog, self._selection, self._wanted)
            if before is None or any(
                one is not other for one, other in zip(before, self._quick, strict=True)
            ):
                self._show(listed(plan, self._wanted, self._selection))
        else:
            self._quick = None
            self._asking.ask(None if plan is None else (plan, self._selection, self._wanted))


def _answer(question: Question, control: Control[Any]) -> NDArray[np.int64]:
    plan, selection, wanted = question
    return listed(plan, wanted, selection, control)


class PictureTable:
    """The table of all pictures, of the plan or of a finished stack."""

    def __init__(self, engine: Engine, jobs: Jobs, errands: Errands, view: ListingView) -> None:
        self._engine = engine
        self._errands = errands
        self._view = view
        self._listing = Listing(jobs, "list", view.show_list_rows, view)
        self.want, self.poll = self._listing.want, self._listing.poll

    def open_plan(self, plan: Plan | None) -> None:
        """List the pictures of `plan`."""
        if plan is not None:
            self._open(tr(picture_texts.PLANNED_LIST), plan)

    def open_stack(self, stack: str) -> None:
        """Read the list of a finished stack, and show it."""
        self._errands.begin(
            "read list",
            picture_texts.reading_list(stack),
            lambda _control: self._engine.rows_of(str(Path(stack).absolute())),
            lambda plan: self._open(picture_texts.list_title(stack), plan),
        )

    def _open(self, title: str, plan: Plan) -> None:
        self._view.show_list(title, plan)
        self._listing.use(plan)

    def close(self) -> None:
        """Let go of the pictures."""
        self._listing.use(None)
