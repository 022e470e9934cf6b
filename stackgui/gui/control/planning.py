"""Plans that are there at once are made at once; those that take long are made beside the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stackgui.core.catalog.catalog import Catalog
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.size_independent import same_basis
from stackgui.gui.control import transitions
from stackgui.gui.control.jobs import Ending, Jobs
from stackgui.gui.control.screen import Kind, Screen
from stackgui.gui.control.view import View

MANY_SAMPLES = 20_000
"""From here on only another size is planned at once: all else that a choice changes is worked out for each
sample, which takes 0.2 s for a million."""


def _is_quick(options: Options, before: Plan) -> bool:
    if options.buckets > 1:
        return False
    return len(before.catalog) < MANY_SAMPLES or same_basis(options, before.options)


class Planning:
    """Makes the plan that belongs to the options of a screen.

    Parameters
    ----------
    jobs, view
    screen
        Gives what is shown now.
    show
        Called with what is to be shown.
    """

    def __init__(
        self, jobs: Jobs, view: View, *, screen: Callable[[], Screen], show: Callable[[Screen], None]
    ) -> None:
        self._jobs = jobs
        self._view = view
        self._screen = screen
        self._show = show

    def plan(self, screen: Screen) -> None:
        """Show `screen` with its plan: now, or with the old one until the new one is made."""
        if screen.plan is None or screen.catalog is None or _is_quick(screen.options, screen.plan):
            self._show(transitions.planned(screen))
            return
        self._show(screen)
        # One after another, and not for every step of what is dragged.
        if screen.planning and not self._jobs.is_active("plan"):
            self._start(screen.options, screen.catalog)

    def _start(self, options: Options, catalog: Catalog) -> None:
        def came(ending: Ending[tuple[Plan | None, str]]) -> None:
            screen = self._screen()
            if (screen.options, screen.catalog) == (options, catalog):
                self._came(screen, ending)
            elif screen.planning:
                self.plan(screen)

        self._jobs.start("plan", lambda _: transitions.make_plan(options, catalog), came)

    def _came(self, screen: Screen, ending: Ending[tuple[Plan | None, str]]) -> None:
        plan, problem = ending.result or (None, ending.text)
        self._show(transitions.estimated(replace(screen, plan=plan, plan_problem=problem)))
        if ending.details:
            self._view.show_message(Kind.ERROR, ending.text, ending.details)
