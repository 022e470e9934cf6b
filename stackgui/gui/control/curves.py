"""The curve of bytes against the number of arrays, computed in the background while it is visible."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from stackgui.core.catalog.catalog import Catalog
from stackgui.core.options.options import Options
from stackgui.core.plan.curve import CurvePoint, curve
from stackgui.core.plan.plan import Plan
from stackgui.gui.control.asking import Asking, Told
from stackgui.gui.control.jobs import Jobs


class CurveView(Told, Protocol):
    """View that shows the curve."""

    def show_curve(self, points: Sequence[CurvePoint]) -> None:
        """Show the points; empty until they are known."""


class Curves:
    """Computes the curve of the current plan."""

    def __init__(self, jobs: Jobs, view: CurveView, clock: Callable[[], float] = time.monotonic) -> None:
        self._view = view
        self._visible = False
        self._asking: Asking[tuple[Options, Catalog], Sequence[CurvePoint]] = Asking(
            jobs, "curve", lambda plan, control: curve(*plan, control),
            show=view.show_curve, told=view, clock=clock,
        )  # fmt: skip

    def use(self, plan: Plan | None) -> None:
        """Start over for `plan`, unless only the number of arrays differs, which leaves it as it is."""
        if self._asking.ask(None if plan is None else (replace(plan.options, buckets=1), plan.catalog)):
            self._view.show_curve(())

    def want(self, visible: bool) -> None:
        """Set whether the curve is visible."""
        self._visible = visible

    def poll(self) -> None:
        """Start computing the curve when it is due."""
        if self._visible:
            self._asking.poll()
