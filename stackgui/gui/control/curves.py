"""The curve of bytes against the number of arrays, worked out beside the window and only while it is seen."""

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
    """Where the curve is shown."""

    def show_curve(self, points: Sequence[CurvePoint]) -> None:
        """Show the points; none while they are not known."""


class Curves:
    """Has the curve of the plan worked out."""

    def __init__(self, jobs: Jobs, view: CurveView, clock: Callable[[], float] = time.monotonic) -> None:
        self._view = view
        self._visible = False
        self._asking: Asking[tuple[Options, Catalog], Sequence[CurvePoint]] = Asking(
            jobs, "curve", lambda plan, control: curve(*plan, control),
            show=view.show_curve, told=view, clock=clock,
        )  # fmt: skip

    def use(self, plan: Plan | None) -> None:
        """Begin anew, unless the curve of `plan` is the same: it does not depend on the number chosen."""
        if self._asking.ask(None if plan is None else (replace(plan.options, buckets=1), plan.catalog)):
            self._view.show_curve(())

    def want(self, visible: bool) -> None:
        """The curve is visible, or not any more."""
        self._visible = visible

    def poll(self) -> None:
        """Ask for the curve when the time has come."""
        if self._visible:
            self._asking.poll()
