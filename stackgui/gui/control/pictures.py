"""Thumbnails on demand: only visible ones, a few at a time, and only for the current plan."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from stackgui.core.base.choices import Fit
from stackgui.core.catalog.selection import Selection
from stackgui.core.plan.objects_taken import objects_taken
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.progress import RowThumb
from stackgui.engine import Control, Engine
from stackgui.gui.control.asking import Asking, Told
from stackgui.gui.control.jobs import Jobs
from stackgui.gui.control.sample_previews import FitLook, shown_samples

PAGE = 24
"""Thumbnails per request: enough to keep the workers busy, few enough to appear soon."""

KEPT = 1000
"""Size of the thumbnail cache, at most 50 MB; dropped ones are requested again when scrolled to."""

SIDE_PX = 128
OUTLOOK_SIDE_PX = 160
Picked = tuple[Plan, Selection | None]
Page = tuple[Plan, Sequence[int], tuple[RowThumb, ...]]
"""Some samples of a plan, and their thumbnails."""

Looks = tuple[tuple[str, ...], tuple[RowThumb, ...], Page]
"""Captions and thumbnails of some samples; and the page of all that were tried, as some cannot be read."""

TRIES = 4
"""How often samples are chosen anew because some of them cannot be read."""

Seen = Callable[[Plan, Sequence[int], Sequence[RowThumb]], None]

SETTLE_S = 0.2
"""Pause after the last change, so that dragging does not redraw at each step."""


class Gallery(Told, Protocol):
    """View that shows thumbnails."""

    def show_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Show the thumbnail of the row of `sample`; None removes it."""

    def show_outlook(self, names: tuple[str, ...], thumbs: tuple[RowThumb, ...]) -> None:
        """Show the representative samples, each with its caption; empty if none can be read."""

    def clear_outlook(self) -> None:
        """Show no representative samples."""

    def show_fit(self, look: FitLook) -> None:
        """Show the effect of one fit."""


class Pictures:
    """Requests the thumbnails that the gallery needs from the engine.

    Parameters
    ----------
    engine, jobs, gallery
    seen
        Called with the plan, the samples and the thumbnails that came.
    clock
        Returns the time in seconds.
    """

    def __init__(
        self,
        engine: Engine,
        jobs: Jobs,
        gallery: Gallery,
        seen: Seen = lambda _plan, _samples, _thumbs: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seen = seen
        self._engine = engine
        self._gallery = gallery
        self._clock = clock
        self._plan: Plan | None = None
        self._due_s = 0.0
        self._fits_visible = False
        self._fits_left: tuple[Fit, ...] = ()
        self._selection: Selection | None = None
        self._visible: Sequence[int] = ()
        self._shown: OrderedDict[int, RowThumb | None] = OrderedDict()
        self._pages = Asking(
            jobs, "pictures", self._make_page, show=self._page_came, told=gallery, settle_s=0.0
        )
        self._outlook = Asking(
            jobs, "outlook", self._make_outlook, show=self._outlook_came,
            failed=lambda _text: gallery.clear_outlook(), told=gallery, settle_s=0.0,
        )  # fmt: skip
        self._fits = Asking(jobs, "fit", self._make_fit, show=gallery.show_fit, told=gallery, settle_s=0.0)

    def use(self, plan: Plan | None, selection: Selection | None = None) -> None:
        """Start over for `plan` and `selection`, unless both are unchanged."""
        if plan is self._plan and selection is self._selection:
            return
        self._plan, self._selection = plan, selection
        self._due_s = self._clock() + SETTLE_S
        self._fits_left = tuple(Fit) if plan is not None else ()
        self._shown.clear()
        self._pages.ask(None)
        self._fits.ask(None)
        self._outlook.ask(None if plan is None else (plan, selection))
        if plan is None:
            self._visible = ()
            self._gallery.clear_outlook()

    def want(self, samples: Sequence[int]) -> None:
        """Set the visible samples; what shows them now may not have been there when their thumbnails came."""
        self._visible = samples[:KEPT]
        for sample in self._visible:
            if (known := self._shown.get(sample)) is not None:
                self._gallery.show_thumb(sample, known)

    def want_fits(self, visible: bool) -> None:
        """Set whether the comparison of fits is visible."""
        self._fits_visible = visible

    def poll(self) -> None:
        """Request missing thumbnails when they are due."""
        if self._plan is None or self._clock() < self._due_s:
            return
        self._outlook.poll()
        if not self._pages.busy:
            self._ask_page(self._plan)
        if self._fits_visible and self._fits_left and not self._fits.busy:
            # One fit per request, so that the first appears soon.
            fit, *left = self._fits_left
            self._fits_left = tuple(left)
            self._fits.ask((self._plan, self._selection, fit))
        self._fits.poll()

    def _ask_page(self, plan: Plan) -> None:
        inside = (sample for sample in self._visible if sample < len(plan.catalog))
        missing = tuple(sample for sample in inside if sample not in self._shown)[:PAGE]
        if not missing:
            return
        # Thumbnails that fail count as shown too: requesting them again would fail for ever.
        self._shown.update(dict.fromkeys(missing))
        while len(self._shown) > KEPT:
            oldest, _ = self._shown.popitem(last=False)
            self._gallery.show_thumb(oldest, None)
        self._pages.ask((plan, missing))
        self._pages.poll()

    def _make_page(self, asked: tuple[Plan, Sequence[int]], control: Control[Any]) -> Page:
        plan, samples = asked
        return plan, samples, self._engine.previews(plan, samples, SIDE_PX, control)

    def _page_came(self, page: Page) -> None:
        _plan, samples, thumbs = page
        for sample, thumb in zip(samples, thumbs, strict=True):
            if sample in self._shown:
                self._shown[sample] = thumb
            self._gallery.show_thumb(sample, thumb)
        self._seen(*page)

    def _outlook_came(self, looks: Looks) -> None:
        names, thumbs, tried = looks
        self._gallery.show_outlook(names, thumbs)
        self._seen(*tried)

    def _make_outlook(self, asked: Picked, control: Control[Any]) -> Looks:
        plan, selection = asked
        return self._looks(plan, plan, selection, control)

    def _make_fit(self, asked: tuple[Plan, Selection | None, Fit], control: Control[Any]) -> FitLook:
        plan, selection, fit = asked
        other = resolve(replace(plan.options, fit=fit), plan.catalog, control)
        names, thumbs, _tried = self._looks(plan, other, selection, control, uncut=True)
        objects_taken(other)  # counted here, where it holds nothing up
        return FitLook(other, names, thumbs)

    def _looks(
        self,
        plan: Plan,
        shown: Plan,
        selection: Selection | None,
        control: Control[Any],
        *,
        uncut: bool = False,
    ) -> Looks:
        """Make thumbnails of `shown` for samples that represent `plan`: others where some cannot be read."""
        tried: dict[int, RowThumb] = {}
        for _ in range(TRIES):
            broken = {sample for sample, thumb in tried.items() if thumb.reason}
            found = shown_samples(plan, selection, broken)  # sorts all samples, which is slow for a million
            new = [sample for _, sample in found if sample not in tried]
            thumbs = self._engine.previews(shown, new, OUTLOOK_SIDE_PX, control, uncut=uncut) if new else ()
            tried.update(zip(new, thumbs, strict=True))
            if not any(thumb.reason for thumb in thumbs):
                break
        names = tuple(name for name, _ in found)
        return names, tuple(tried[sample] for _, sample in found), (plan, list(tried), tuple(tried.values()))
