"""The search of the sources for pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stackgui.core.base.wording import say
from stackgui.core.run.progress import ScanProgress
from stackgui.engine import Control, Engine
from stackgui.gui.control import transitions
from stackgui.gui.control.jobs import Ending, Jobs
from stackgui.gui.control.screen import Kind, Screen
from stackgui.gui.control.view import View
from stackgui.gui.texts.language import tr


class Searching:
    """Starts and stops the search, and takes in what it found.

    Parameters
    ----------
    engine, jobs, view
    screen
        Gives what is shown now.
    show
        Called with what is to be shown.
    measure
        Measures free memory and disk.
    """

    def __init__(
        self,
        engine: Engine,
        jobs: Jobs,
        view: View,
        *,
        screen: Callable[[], Screen],
        show: Callable[[Screen], None],
        measure: Callable[[], object],
    ) -> None:
        self._engine = engine
        self._jobs = jobs
        self._view = view
        self._screen = screen
        self._show = show
        self._measure = measure

    def begin(self, screen: Screen) -> None:
        """Show `screen`, which has other sources or scan options, and search its sources."""
        self._jobs.drop("scan", "health")
        self._show(transitions.planned(screen))
        if screen.sources:
            self._search()

    def again(self) -> None:
        """Search the sources once more, for example when a disk is back, and measure the room on disks."""
        if self._screen().sources:
            nothing = transitions.without_catalog(self._screen())
            made = nothing.made if nothing.end else None  # another stack may be wanted of what is there now
            self.begin(replace(nothing, scan=ScanProgress(), scan_problem="", made=made))
            self._measure()

    def stop(self) -> None:
        """Stop the search."""
        self._jobs.cancel("scan")

    def _search(self) -> None:
        screen = self._screen()
        sources, scan, options = screen.sources, screen.scan_options, screen.options

        def work(control: Control[ScanProgress]) -> transitions.Found:
            catalog = self._engine.scan(sources, control, scan, overview=True, without_missing=True)
            return transitions.found(catalog, options, self._screen().resources)

        self._jobs.start("scan", work, self._ended, self._went_on)

    def _went_on(self, progress: ScanProgress) -> None:
        self._show(replace(self._screen(), scan=progress))

    def _ended(self, ending: Ending[transitions.Found]) -> None:
        screen = self._screen()
        if ending.result is not None:
            self._show(transitions.filled_in(screen, ending.result))
            return
        text = ending.text or say("You stopped the search. Search again (F5), or add or remove something.")
        self._show(replace(screen, scan=None, scan_problem=text))
        if ending.details:
            self._view.show_message(Kind.ERROR, tr(ending.text), ending.details)
