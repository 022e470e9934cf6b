"""Makes quick plans at once and slow ones in a background job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stackgui.core.catalog.catalog import Catalog
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.size_independent import same_apart_from_size
from stackgui.engine import Control
from stackgui.gui.control import transitions
from stackgui.gui.control.asking import Asking, Told
from stackgui.gui.control.jobs import Jobs
from stackgui.gui.control.screen import Screen

MANY_SAMPLES = 20_000
"""From here on only another size is planned at once: all else that a choice changes is worked out for each
sample, which takes 0.2 s for a million."""


class Planning:
    """Makes the plan for the options of a screen in a background job.

    Parameters
    ----------
    jobs
    told
        Where a fault is told.
    screen
        Gives what is shown now.
    show
        Called with what is to be shown.
    """

    def __init__(
        self, jobs: Jobs, told: Told, *, screen: Callable[[], Screen], show: Callable[[Screen], None]
    ) -> None:
        self._screen = screen
        self._show = show
        self._asking: Asking[tuple[Options, Catalog], tuple[Plan | None, str]] = Asking(
            jobs, "plan", self._work,
            show=lambda made: self._made(*made), failed=lambda text: self._made(None, text),
            told=told, settle_s=0.0,
        )  # fmt: skip

    def _work(self, choices: tuple[Options, Catalog], control: Control[object]) -> tuple[Plan | None, str]:
        return transitions.foreseen(transitions.make_plan(*choices, control), self._screen().resources)

    def use(self, screen: Screen) -> None:
        """Request the plan that `screen` lacks."""
        self._asking.ask((screen.options, screen.catalog) if screen.planning and screen.catalog else None)
        self._asking.poll()

    def poll(self) -> None:
        """Start the requested plan when it is due."""
        self._asking.poll()

    def _made(self, plan: Plan | None, problem: str) -> None:
        self._show(transitions.estimated(replace(self._screen(), plan=plan, plan_problem=problem)))


def planned(screen: Screen) -> Screen:
    """Return `screen` with its new plan, or with the old one if the new one is slow to make."""
    if screen.plan is None or screen.catalog is None or _is_quick(screen.options, screen.plan):
        return transitions.planned(screen)
    return screen


def _is_quick(options: Options, before: Plan) -> bool:
    if options.buckets > 1:
        return False
    return len(before.catalog) < MANY_SAMPLES or same_apart_from_size(options, before.options)
