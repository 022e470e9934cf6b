"""The controller of the window, free of Qt: requests in, screens out.

Every request replaces the one frozen `Screen`; slow work runs in a job, whose result replaces it again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from stackgui.core.advice.savings import Savings, savings
from stackgui.core.base.choice_table import defaults
from stackgui.core.base.size import Size
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.selection import Selection, SizeRange
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.shared_plan import SharedPlan
from stackgui.core.run.run import FillProgress, IfUnfinished, Report, RunOptions, ScanProgress, Unfinished
from stackgui.engine import Control, Engine
from stackgui.gui.control import destination, transitions
from stackgui.gui.control.asking import Asking
from stackgui.gui.control.curves import Curves
from stackgui.gui.control.destination import Survey
from stackgui.gui.control.errands import Errands
from stackgui.gui.control.health import HealthCheck
from stackgui.gui.control.jobs import FAULT_TEXT, Ending, Jobs
from stackgui.gui.control.log import logger
from stackgui.gui.control.memory_watch import MemoryWatch
from stackgui.gui.control.pictures import Pictures
from stackgui.gui.control.planning import Planning, planned
from stackgui.gui.control.screen import Kind, RunEnd, Screen, State
from stackgui.gui.control.stacks import Stacks
from stackgui.gui.control.view import View

CLOSE_S = 5.0


class Controller:
    """Turns the person's requests into jobs, and their results into screens.

    Parameters
    ----------
    engine
    view
    run
        Run options of the last session; the destination is ignored.
    options
        Initial options.
    parent
        Folder in which stacks are saved by default.
    remember
        Called with the destination when a conversion begins, and with ``""`` when it is complete.

    Attributes
    ----------
    screen : Screen
        The current screen.
    stacks, pictures, curves, errands, health
        Handle requests about finished stacks, thumbnails, the curve of arrays, files, and data health.
    """

    def __init__(
        self,
        engine: Engine,
        view: View,
        run: RunOptions,
        options: Options,
        parent: Path,
        *,
        remember: Callable[[str], None] = lambda _destination: None,
    ) -> None:
        self._engine = engine
        self._view = view
        self._jobs = Jobs()
        self.pictures = Pictures(engine, self._jobs, view)
        self.curves = Curves(self._jobs, view)
        self.errands = Errands(self._jobs, view)
        self._planning = Planning(self._jobs, view, screen=lambda: self.screen, show=self._show)
        self._survey = Survey(engine, self._jobs, screen=lambda: self.screen, show=self._show)
        self._savings = Asking(self._jobs, "savings", _savings_of, show=view.show_savings, told=view)
        self.stacks = Stacks(
            engine, self._jobs, view,
            screen=lambda: self.screen, show=self._show, run_went_on=self._run_went_on,
        )  # fmt: skip
        self.health = HealthCheck(engine, self._jobs, view, screen=lambda: self.screen, show=self._show)
        self._parent = parent
        self._remember = remember
        self._own_destination = False
        self._left_alone: set[str] = set()
        self._memory = MemoryWatch()
        self._asked: object = None
        self.screen = transitions.saved_to(Screen(run=run, options=options), "")

    @property
    def parent(self) -> Path:
        """Folder in which stacks are saved."""
        return self._parent

    def begin(self, left_over: str = "") -> None:
        """Show the first screen, and check whether the conversion to `left_over` can be resumed."""
        self._view.present(self.screen)
        if left_over:
            self._jobs.start("left over", lambda _: self._engine.unfinished(left_over), self._found_left_over)

    def _found_left_over(self, ending: Ending[Unfinished | None]) -> None:
        found = destination.resumable(ending.result)
        if found is not None and not self.screen.running:
            self._show(replace(self.screen, left_over=found))

    def poll(self) -> None:
        """Process the progress and results of all jobs; called ten times a second."""
        self._jobs.poll()
        for asks in (self._planning, self.pictures, self.curves, self._savings, self.health):
            asks.poll()

    # Sources

    def add_sources(self, folders: Iterable[str]) -> None:
        """Add folders and files; report and leave out those that do not exist or are already listed."""
        if self.screen.running:
            return
        known = list(self.screen.sources)
        refused = []
        for folder in dict.fromkeys(str(Path(folder).absolute()) for folder in folders):
            if not Path(folder).is_dir() and not Path(folder).is_file():
                refused.append(f"“{Path(folder).name}” is neither a folder nor a file.")
            elif folder in known:
                refused.append(f"“{Path(folder).name}” is already in the list.")
            else:
                known.append(folder)
        if refused:
            self._view.show_message(Kind.INFO, " ".join(refused))
        if known != list(self.screen.sources):
            self._use_sources(tuple(known))

    def remove_sources(self, folders: Iterable[str]) -> None:
        """Remove folders from the list; the folders themselves stay as they are."""
        gone = set(folders)
        if not self.screen.running:
            self._use_sources(tuple(folder for folder in self.screen.sources if folder not in gone))

    def start_new(self) -> None:
        """Start again without folders; the choices stay."""
        if not self.screen.running:
            self._own_destination = False
            self._use_sources(())

    def stop_scan(self) -> None:
        """Stop the scan."""
        self._jobs.cancel("scan")

    def _use_sources(self, sources: tuple[str, ...]) -> None:
        self._jobs.drop("scan", "health")
        screen = transitions.with_sources(self.screen, sources)
        if not self._own_destination:
            screen = self._with_proposal(screen)
        self._show(transitions.planned(screen))
        if sources:
            self._scan()

    def _scan(self) -> None:
        sources, scan, options = self.screen.sources, self.screen.scan_options, self.screen.options

        def work(control: Control[ScanProgress]) -> transitions.Found:
            return transitions.found(self._engine.scan(sources, control, scan, overview=True), options)

        self._jobs.start("scan", work, self._scanned, self._scan_went_on)

    def _scan_went_on(self, progress: ScanProgress) -> None:
        self._show(replace(self.screen, scan=progress))

    def _scanned(self, ending: Ending[transitions.Found]) -> None:
        screen = self.screen
        if ending.result is not None:
            self._show(transitions.filled_in(screen, ending.result))
            return
        text = ending.text or "You stopped the search. Add or remove a folder to search again."
        self._show(replace(screen, scan=None, scan_problem=text))
        if ending.details:
            self._view.show_message(Kind.ERROR, ending.text, ending.details)

    # Choices

    def choose_options(self, options: Options) -> None:
        """Take over `options` and make the plan again."""
        if not self.screen.running and options != self.screen.options:
            self._show(planned(self._moved_on(transitions.chosen(self.screen, options, time.monotonic()))))

    def travel(self, *, back: bool) -> None:
        """Undo the last change to the options, or redo it."""
        if not self.screen.running:
            self._show(planned(self._moved_on(transitions.travelled(self.screen, back=back))))

    def choose_scan(self, options: ScanOptions) -> None:
        """Scan the folders again with other scan options."""
        if not self.screen.running and options != self.screen.scan_options:
            self._show(self._moved_on(replace(self.screen, scan_options=options)))
            self._use_sources(self.screen.sources)

    def choose_shared(self, shared: SharedPlan) -> None:
        """Take over the choices of a plan file; scan the folders again if its scan options differ."""
        self.choose_options(shared.options)
        self.choose_scan(shared.scan_options_beside(self.screen.scan_options))

    def choose_size(self, height: int, width: int) -> None:
        """Set the exact size of all rows in pixels."""
        self.choose_options(replace(self.screen.options, size=Size.exact(height, width)))

    def choose_run(self, run: RunOptions) -> None:
        """Change how the plan is carried out, wherever its stack is saved."""
        place = {name: getattr(self.screen.run, name) for name in defaults(RunOptions, "is_passing")}
        run = replace(run, **place)
        if not self.screen.running and run != self.screen.run:
            self._show(self._moved_on(replace(self.screen, run=run)))

    def choose_destination(self, path: str) -> None:
        """Save to the folder `path`, which need not exist."""
        if self.screen.running:
            return
        moved_on = self._moved_on(self.screen)
        self._own_destination = True
        self._parent = Path(path).absolute().parent
        self._show(transitions.saved_to(moved_on, str(Path(path).absolute())))

    def choose_replace(self, wanted: bool) -> None:
        """Choose whether the complete new stack may replace an older one."""
        if not self.screen.running and wanted != self.screen.run.replace:
            self._show(replace(self.screen, run=replace(self.screen.run, replace=wanted)))

    def _moved_on(self, screen: Screen) -> Screen:
        """Return `screen` without the result card; after a finished run, propose a new destination."""
        if screen.end is None:
            return screen
        moved_on = replace(screen, end=None)
        if screen.end.state is not State.FINISHED:
            return moved_on
        self._own_destination = False
        return self._with_proposal(moved_on)

    def _with_proposal(self, screen: Screen) -> Screen:
        return transitions.saved_to(
            screen, destination.propose(self._parent, screen.sources, self._left_alone)
        )

    def dismiss(self) -> None:
        """Close the result card of the last run."""
        if self.screen.end is not None:
            self._show(self._moved_on(self.screen))

    # Free memory and disk

    def look_again(self) -> None:
        """Measure free memory and disk again, because the window has come to the front."""
        if self.screen.sources and not self.screen.running and not self._survey.busy:
            self._survey.look()

    # The run

    def convert(self) -> None:
        """Start the run, unless there is an obstacle."""
        screen = self.screen
        if screen.obstacle or screen.plan is None:
            return
        plan, run = screen.plan, replace(screen.run, pause_on_trouble=True)
        self._run(screen, plan.rows, lambda control: self._engine.convert(plan, run, control))

    def _run(self, screen: Screen, rows: int, work: Callable[[Control[FillProgress]], Report]) -> None:
        logger.info("A conversion began, to %s", screen.run.destination)
        self._remember(screen.run.destination)
        self._jobs.drop("check", "health")
        self._show(transitions.begun(screen, rows))
        self._jobs.start("run", work, self._ran, self._run_went_on)

    def pause_or_resume(self) -> None:
        """Pause or resume the run; after trouble, resuming tries again."""
        if not self.screen.running:
            return
        paused = not self.screen.paused
        (self._jobs.pause if paused else self._jobs.resume)("run")
        self._show(replace(self.screen, paused=paused))

    def cancel(self) -> None:
        """Cancel the run; its finished rows can be resumed."""
        self._jobs.cancel("run")

    def stop_run(self) -> None:
        """Cancel the run and wait up to CLOSE_S for its end; it can be resumed."""
        self._jobs.cancel("run")
        self._jobs.wait("run", CLOSE_S)

    def _run_went_on(self, progress: FillProgress) -> None:
        if warning := self._memory.warning(progress.free_memory_bytes):
            self._view.show_message(Kind.WARNING, warning)
        self._show(replace(self.screen, progress=progress, paused=self._jobs.is_paused("run")))

    def _ran(self, ending: Ending[Report]) -> None:
        end = transitions.run_end(ending, self.screen.progress)
        logger.info("The conversion has %s. %s\n%s", end.state, end.text, end.details)
        if end.state is State.FINISHED:
            self._remember("")
        self._show(transitions.ended(self.screen, end))
        self._survey.look()
        if self.screen.catalog is None:  # resumed, with nothing known of the folders yet
            self._show(replace(self.screen, scan=ScanProgress()))
            self._scan()

    def recover(self) -> None:
        """Leave the running state if the run's job is gone, which only a fault of the program can cause."""
        if self.screen.running and not self._jobs.is_active("run"):
            end = self.screen.end or RunEnd(State.FAILED, text=FAULT_TEXT)
            self._show(transitions.ended(self.screen, end))

    # Unfinished runs

    def resume(self, *, redo_changed: bool = False) -> None:
        """Resume the unfinished conversion that was found, with its folders and choices."""
        found = self.screen.unfinished
        if found is None:
            return
        self._own_destination = True
        self._jobs.drop("scan")
        self._run(
            transitions.adopted(self.screen, found),
            found.rows,
            lambda control: self._engine.resume(
                found.partial, control, redo_changed=redo_changed, pause_on_trouble=True
            ),
        )

    def start_again(self) -> None:
        """Prepare to redo the unfinished conversion from the beginning; nothing is deleted yet."""
        found = self.screen.unfinished
        if found is None:
            return
        screen = self.screen
        self._own_destination = True
        if not screen.sources:
            screen = transitions.adopted(screen, found)
        run = replace(screen.run, unfinished=IfUnfinished.RESTART)
        self._show(replace(screen, run=run, end=None, left_over=None))
        if screen.catalog is None:
            self._use_sources(screen.sources)

    def leave_unfinished(self) -> None:
        """Leave the unfinished conversion alone, and propose another name for this stack."""
        found = self.screen.unfinished
        if found is None:
            return
        self._left_alone.add(found.destination)
        self._own_destination = False
        self._show(self._with_proposal(replace(self.screen, left_over=None, end=None)))

    def pick_sizes(self, sizes: SizeRange | None) -> None:
        """Select all samples of these sizes; None clears the selection."""
        catalog = self.screen.catalog
        self.pick(None if sizes is None or catalog is None else sizes.selection(catalog))

    def exclude(self, wanted: bool, selection: Selection | None = None) -> None:
        """Exclude `selection`, or by default the current one, from the stack, or include it again."""
        self.choose_options(
            transitions.excluding(self.screen, selection or self.screen.selection, wanted=wanted)
        )

    def pick(self, selection: Selection | None) -> None:
        """Select samples; None clears the selection."""
        self._show(replace(self.screen, selection=selection or None))

    def close(self) -> bool:
        """Stop all jobs and wait for them; return False if one is still running after CLOSE_S."""
        ended = self._jobs.close(CLOSE_S)
        self._engine.close()
        return ended

    def _show(self, screen: Screen) -> None:
        asked = (screen.sources, screen.run.destination, screen.run.replace, screen.run.unfinished)
        if moved := asked != self._asked:
            self._asked = asked
            screen = replace(screen, destination=None)
        self.screen = screen
        if moved:
            self._survey.look()
        self.pictures.hold(screen.running)
        self.pictures.use(screen.plan, screen.selection)
        self.curves.use(screen.plan)
        self._planning.use(screen)
        self._savings.hold(screen.running)
        self._savings.ask(screen.plan)
        self.health.use(screen)
        self._view.present(screen)


def _savings_of(plan: Plan, control: Control[object]) -> Savings:
    return savings(plan, control)
