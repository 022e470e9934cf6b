"""Thumbnails on demand: only of what is visible, a few at a time, never of a plan that has passed."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from stackgui.core.base.choices import Fit
from stackgui.core.catalog.selection import Selection
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run import RowThumb
from stackgui.engine import Control, Engine
from stackgui.gui.control.jobs import Ending, Jobs, Outcome
from stackgui.gui.control.sample_previews import FitLook, shown_samples
from stackgui.gui.control.screen import Kind

PAGE = 24
"""Thumbnails asked for at once: enough to keep the workers busy, few enough to appear soon."""

KEPT = 1000
"""Thumbnails kept, the others are asked for again when they are scrolled to: 50 MB at most."""

SIDE_PX = 128
OUTLOOK_SIDE_PX = 160
Looks = tuple[tuple[str, ...], tuple[RowThumb, ...]]
"""What each of some samples stands for, and their rows."""

SETTLE_S = 0.2
"""A plan that is still being dragged is not drawn."""


class Gallery(Protocol):
    """Where thumbnails are shown."""

    def show_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Show what the row of `sample` will look like; None takes it away."""

    def show_outlook(self, names: tuple[str, ...], thumbs: tuple[RowThumb, ...]) -> None:
        """Show the samples that tell most about the plan, each with what it stands for."""

    def show_fit(self, look: FitLook) -> None:
        """Show what one of the fits would do."""

    def show_message(self, kind: Kind, text: str, details: str = "") -> None:
        """Tell the person something in a line of the window."""


class Pictures:
    """Asks the engine for the thumbnails that the gallery needs."""

    def __init__(
        self, engine: Engine, jobs: Jobs, gallery: Gallery, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine = engine
        self._jobs = jobs
        self._gallery = gallery
        self._clock = clock
        self._plan: Plan | None = None
        self._due_s = 0.0
        self._held = False
        self._outlook_wanted = False
        self._fits_visible = False
        self._fits_left: tuple[Fit, ...] = ()
        self._selection: Selection | None = None
        self._visible: Sequence[int] = ()
        self._shown: OrderedDict[int, None] = OrderedDict()

    def use(self, plan: Plan | None, selection: Selection | None = None) -> None:
        """Begin anew with `plan` and what of it was picked out; does nothing when both are the same."""
        if plan is self._plan and selection is self._selection:
            return
        self._plan, self._selection = plan, selection
        self._due_s = self._clock() + SETTLE_S
        self._outlook_wanted = plan is not None
        self._fits_left = tuple(Fit) if plan is not None else ()
        self._shown.clear()
        for kind in ("pictures", "outlook", "fit"):
            self._jobs.drop(kind)
        if plan is None:
            self._visible = ()
            self._gallery.show_outlook((), ())

    def hold(self, held: bool) -> None:
        """Ask for nothing while the workers are needed for a run."""
        self._held = held

    def want(self, samples: Sequence[int]) -> None:
        """These samples are visible."""
        self._visible = samples[:KEPT]

    def want_fits(self, visible: bool) -> None:
        """The fits are visible side by side, or not any more."""
        self._fits_visible = visible

    def poll(self) -> None:
        """Ask for what is missing, when the time has come."""
        if self._plan is None or self._held or self._clock() < self._due_s:
            return
        if self._outlook_wanted:
            self._outlook_wanted = False
            self._ask_outlook(self._plan)
        if not self._jobs.is_active("pictures"):
            self._ask_page(self._plan)
        if self._fits_visible and self._fits_left and not self._jobs.is_active("fit"):
            self._ask_fit(self._plan)

    def _ask_page(self, plan: Plan) -> None:
        inside = (sample for sample in self._visible if sample < len(plan.catalog))
        missing = [sample for sample in inside if sample not in self._shown][:PAGE]
        if not missing:
            return

        def show(ending: Ending[tuple[RowThumb, ...]]) -> None:
            self._page_came(missing, ending)

        self._jobs.start("pictures", lambda c: self._engine.previews(plan, missing, SIDE_PX, c), show)

    def _page_came(self, samples: Sequence[int], ending: Ending[tuple[RowThumb, ...]]) -> None:
        # Marked as shown even when it failed: asking again at once would fail again, for ever.
        for sample in samples:
            self._shown[sample] = None
        for sample, thumb in zip(samples, ending.result or (), strict=False):
            self._gallery.show_thumb(sample, thumb)
        while len(self._shown) > KEPT:
            oldest, _ = self._shown.popitem(last=False)
            self._gallery.show_thumb(oldest, None)
        self._report_fault(ending)

    def _ask_outlook(self, plan: Plan) -> None:
        selection = self._selection

        def work(control: Control[object]) -> Looks:
            found = shown_samples(plan, selection)  # orders all samples, which takes long for a million
            samples = [sample for _, sample in found]
            thumbs = self._engine.previews(plan, samples, OUTLOOK_SIDE_PX, control)
            return tuple(name for name, _ in found), thumbs

        def show(ending: Ending[Looks]) -> None:
            self._gallery.show_outlook(*(ending.result or ((), ())))
            self._report_fault(ending)

        self._jobs.start("outlook", work, show)

    def _ask_fit(self, plan: Plan) -> None:
        """Ask for one fit after the other, so that the first is there soon."""
        fit, *left = self._fits_left
        self._fits_left = tuple(left)
        selection = self._selection

        def work(control: Control[object]) -> FitLook:
            found = shown_samples(plan, selection)
            other = resolve(replace(plan.options, fit=fit), plan.catalog)
            samples = [sample for _, sample in found]
            thumbs = self._engine.previews(other, samples, OUTLOOK_SIDE_PX, control, uncut=True)
            return FitLook(other, tuple(name for name, _ in found), thumbs)

        def show(ending: Ending[FitLook]) -> None:
            if ending.result is not None:
                self._gallery.show_fit(ending.result)
            self._report_fault(ending)

        self._jobs.start("fit", work, show)

    def _report_fault(self, ending: Ending[Any]) -> None:
        """A page that could not be made is missing, no more; but a fault of the program must be seen."""
        if ending.outcome is Outcome.FAILED and ending.details:
            self._gallery.show_message(Kind.ERROR, ending.text, ending.details)
