"""The list of pictures that match what the person searches for, made in the background if it takes time."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog.selection import Selection
from stackgui.core.plan.listing import Wanted, is_quick, listed
from stackgui.core.plan.plan import Plan
from stackgui.engine import Control
from stackgui.gui.control.asking import Asking, Told
from stackgui.gui.control.jobs import Jobs

Question = tuple[Plan, Selection | None, Wanted]


class ListingView(Told, Protocol):
    """View that shows a list of pictures."""

    def show_listing(self, samples: NDArray[np.int64]) -> None:
        """Show `samples`, in this order."""


class Listing:
    """Keeps the list up to date with the plan, the selection, and what the person wants to see."""

    def __init__(self, jobs: Jobs, view: ListingView) -> None:
        self._view = view
        self._plan: Plan | None = None
        self._selection: Selection | None = None
        self._wanted = Wanted()
        self._asking = Asking(jobs, "listing", _answer, show=view.show_listing, told=view, settle_s=0.0)

    def use(self, plan: Plan | None, selection: Selection | None) -> None:
        """List the pictures of `plan`, or only those of `selection`."""
        if plan is self._plan and selection is self._selection:
            return
        # Numbers of samples mean other pictures in another catalog.
        anew = plan is None or self._plan is None or plan.catalog is not self._plan.catalog
        self._plan, self._selection = plan, selection
        if anew:
            self._view.show_listing(np.empty(0, np.int64))
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
            among = None if self._selection is None else self._selection.samples
            self._view.show_listing(listed(plan, self._wanted, among))
        else:
            self._asking.ask(None if plan is None else (plan, self._selection, self._wanted))


def _answer(question: Question, control: Control[Any]) -> NDArray[np.int64]:
    plan, selection, wanted = question
    return listed(plan, wanted, None if selection is None else selection.samples, control)
