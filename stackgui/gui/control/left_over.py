"""What becomes of an unfinished conversion: it is resumed, discarded or left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stackgui.core.run.report import Unfinished
from stackgui.core.run.run_options import IfUnfinished
from stackgui.engine import Engine
from stackgui.gui.control import destination, transitions
from stackgui.gui.control.jobs import Ending, Jobs
from stackgui.gui.control.runs import Runs
from stackgui.gui.control.screen import Screen
from stackgui.gui.control.searching import Searching


class LeftOver:
    """Acts on the unfinished conversion that the window shows.

    Parameters
    ----------
    engine, jobs, runs, searching
    screen
        Gives what is shown now.
    show
        Called with what is to be shown.
    propose
        Returns a screen with another place for the stack.

    Attributes
    ----------
    left_alone : set of str
        Destinations whose unfinished conversions the person wants to keep as they are.
    """

    def __init__(
        self,
        engine: Engine,
        jobs: Jobs,
        runs: Runs,
        searching: Searching,
        *,
        screen: Callable[[], Screen],
        show: Callable[[Screen], None],
        propose: Callable[[Screen], Screen],
    ) -> None:
        self._engine = engine
        self._jobs = jobs
        self._runs = runs
        self._searching = searching
        self._screen = screen
        self._show = show
        self._propose = propose
        self.left_alone: set[str] = set()

    def look_for(self, place: str) -> None:
        """Look whether the conversion to `place` can be resumed, and show it if so."""
        if place:
            self._jobs.start("left over", lambda _: self._engine.unfinished(place), self._found)

    def _found(self, ending: Ending[Unfinished | None]) -> None:
        found = destination.resumable(ending.result)
        if found is not None and not self._screen().running:
            self._show(replace(self._screen(), left_over=found))

    def resume(self, *, redo_changed: bool = False) -> None:
        """Resume the unfinished conversion that was found, with its folders and choices."""
        found = self._screen().unfinished
        if found is None:
            return
        self._jobs.drop("scan")
        self._runs.begin(
            transitions.adopted(self._screen(), found),
            found.rows,
            lambda control: self._engine.resume(
                found.partial, control, redo_changed=redo_changed, pause_on_trouble=True
            ),
        )

    def start_again(self) -> None:
        """Prepare to redo the unfinished conversion from the beginning; nothing is deleted yet."""
        screen, found = self._screen(), self._screen().unfinished
        if found is None:
            return
        if not screen.sources:
            screen = transitions.adopted(screen, found)
        run = replace(screen.run, unfinished=IfUnfinished.RESTART)
        self._show(replace(screen, run=run, own_place=True, end=None, left_over=None))
        if screen.catalog is None:
            self._searching.again()

    def leave(self) -> None:
        """Leave the unfinished conversion alone, and propose another name for this stack."""
        found = self._screen().unfinished
        if found is None:
            return
        self.left_alone.add(found.destination)
        self._show(self._propose(replace(self._screen(), left_over=None, end=None)))
