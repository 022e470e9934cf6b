"""The controller of the window, free of Qt: requests in, screens out.

Every request replaces the one frozen `Screen`; slow work runs in a job, whose result replaces it again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stackgui.core.advice.savings import Savings, savings
from stackgui.core.base.addresses import is_address, normal, redacted
from stackgui.core.base.size import Size
from stackgui.core.base.source_names import may_be_annotations
from stackgui.core.base.warnings import Mend
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.selection import Selection, SizeRange
from stackgui.core.options.mending import mended
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.shared_plan import SharedPlan
from stackgui.core.project.history import History, Work
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from stackgui.gui.control import destination, transitions
from stackgui.gui.control.adding import add, look_at, looking, place_with, replaced
from stackgui.gui.control.asking import Asking
from stackgui.gui.control.curves import Curves
from stackgui.gui.control.destination import Survey
from stackgui.gui.control.errands import Errands
from stackgui.gui.control.found_thumbs import FoundThumbs
from stackgui.gui.control.handing import Handing
from stackgui.gui.control.health import HealthCheck
from stackgui.gui.control.jobs import Jobs
from stackgui.gui.control.large import Large
from stackgui.gui.control.left_over import LeftOver
from stackgui.gui.control.listing import Listing, PictureTable
from stackgui.gui.control.pictures import Pictures
from stackgui.gui.control.planning import Planning, planned
from stackgui.gui.control.problems import ProblemList
from stackgui.gui.control.projects import NO_MEMORY, Memory, Projects, new_file
from stackgui.gui.control.queueing import Queueing
from stackgui.gui.control.runs import CLOSE_S, Runs
from stackgui.gui.control.screen import Kind, Screen
from stackgui.gui.control.searching import Searching
from stackgui.gui.control.stack_update import StackUpdate
from stackgui.gui.control.stacks import Stacks
from stackgui.gui.control.view import View
from stackgui.gui.texts.language import tr

if TYPE_CHECKING:
    from stackgui.engine.sources.given_annotations import GivenAnnotations


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
    memory
        What outlasts the session.
    first_options
        Returns the options of a new project, given those before.

    Attributes
    ----------
    screen : Screen
        The current screen.
    parent : Path
        Folder in which stacks are saved.
    searching, runs, left_over, queueing, projects, stacks, pictures, listing, large, table, curves, errands,
    handing, updating, found_thumbs, health
        Handle requests about the search of the sources, the run, an unfinished conversion, the queue,
        projects, finished stacks, thumbnails, the list of pictures, single pictures, the table of pictures,
        the curve of arrays, files, exports, updates of stacks and their pictures, and health.
    """

    def __init__(
        self,
        engine: Engine,
        view: View,
        run: RunOptions,
        options: Options,
        parent: Path,
        *,
        memory: Memory = NO_MEMORY,
        first_options: Callable[[Options], Options] = lambda last: last,
    ) -> None:
        self._engine = engine
        self._view = view
        self._memory = memory
        self._jobs = Jobs()
        self.health = HealthCheck(engine, self._jobs, view, screen=lambda: self.screen, show=self._show)
        self._make_lookers()
        self._planning = Planning(self._jobs, view, screen=lambda: self.screen, show=self._show)
        self._survey = Survey(engine, self._jobs, screen=lambda: self.screen, show=self._show)
        self.stacks = Stacks(engine, self._jobs, screen=lambda: self.screen, show=self._show)
        self.runs = Runs(
            engine, self._jobs, view, screen=lambda: self.screen, show=self._show,
            remember=memory.keep_unfinished, after=self._ran,
        )  # fmt: skip
        self.searching = Searching(
            engine, self._jobs, view, screen=lambda: self.screen, show=self._show, measure=self._survey.look
        )
        self.left_over = LeftOver(
            engine, self._jobs, self.runs, self.searching,
            screen=lambda: self.screen, show=self._show, propose=self._with_proposal,
        )  # fmt: skip
        self.projects = Projects(
            self._jobs, self.errands, view, memory,
            screen=lambda: self.screen, show=self._show, become=self._become, first_options=first_options,
        )  # fmt: skip
        self.queueing = Queueing(engine, view, self.runs, screen=lambda: self.screen, show=self._show)
        self.parent = parent
        self._problems = ProblemList()
        self._asked: object = None
        self.screen = transitions.saved_to(Screen(run=run, options=options, file=new_file()), "")

    def _make_lookers(self) -> None:
        """Make what looks at pictures and plans, and changes nothing."""
        engine, jobs, view = self._engine, self._jobs, self._view
        self.pictures = Pictures(engine, jobs, view, self.health.previewed)
        self.listing = Listing(jobs, "listing", view.show_listing, view)
        self.large = Large(engine, jobs, view)
        self.curves = Curves(jobs, view)
        self.errands = Errands(jobs, view)
        self.handing = Handing(engine, jobs)
        self.updating = StackUpdate(engine, jobs)
        self.found_thumbs = FoundThumbs(engine, jobs, view)
        self.table = PictureTable(engine, jobs, self.errands, view)
        self._savings = Asking(jobs, "savings", _savings_of, show=view.show_savings, told=view)

    @property
    def saved_in(self) -> Path:
        """Folder in which the next stack is saved."""
        is_chosen = self.screen.own_place and not self.screen.goes_to_bucket
        return Path(self.screen.run.destination).parent if is_chosen else self.parent

    def begin(self, file: str = "", *, blank: bool = False) -> None:
        """Show the first screen, and open the project in `file`, or that of the last session unless `blank`.

        Also check whether the last conversion can be resumed.
        """
        self._view.present(self.screen)
        self.projects.begin(file, blank=blank)
        self.left_over.look_for(self._memory.unfinished())
        self.queueing.begin()

    def poll(self) -> None:
        """Process the progress and results of all jobs; called ten times a second."""
        self._jobs.poll()
        for asks in (
            self._planning, self.pictures, self.listing, self.table, self.large, self.curves, self._savings,
            self.health, self.projects, self.queueing,
        ):  # fmt: skip
            asks.poll()

    # Sources

    def add_sources(self, folders: Iterable[str]) -> None:
        """Add folders and files, or open a project; tell what is not there or already listed."""
        known = self.screen.sources
        added = add(known, tuple(folders))
        if added.refused:
            self._view.show_message(Kind.INFO, added.refused)
        if added.project:
            self.projects.open(added.project)
        new = [name for name in added.sources if name not in known]
        if not any(map(may_be_annotations, new)):
            self._use_sources(added.sources)
            return
        self.errands.begin_late(
            f"look at {new}", looking(new), lambda _: look_at(new, known), self._use_given
        )

    def _use_given(self, given: GivenAnnotations) -> None:
        sources = tuple(dict.fromkeys((*self.screen.sources, *given.sources)))
        scan, project = self.screen.scan_options, self.screen.project.with_sources(sources)
        place = place_with(scan.annotations, given.place)
        if told := [*map(tr, given.told), *filter(None, [replaced(scan.annotations, place)])]:
            self._view.show_message(Kind.INFO, " ".join(told))
        scan = replace(scan, annotations=place)
        self.change(sources=sources, options=project.options, scan_options=scan)

    def remove_sources(self, folders: Iterable[str]) -> None:
        """Remove folders from the list; the folders themselves stay as they are."""
        gone = set(folders)
        self._use_sources(tuple(folder for folder in self.screen.sources if folder not in gone))

    def _use_sources(self, sources: tuple[str, ...]) -> None:
        project = self.screen.project.with_sources(sources)
        self.change(sources=sources, options=project.options)

    # The project, of which all choices are parts

    def change(self, **changes: Any) -> None:  # noqa: ANN401 - fields of a project
        """Change parts of the project; undo takes it back."""
        if replace(self.screen.project, **changes) == self.screen.project:
            return
        self.screen = self._moved_on(self.screen)
        work = self.screen.work
        self._become(replace(work, project=replace(work.project, **changes)), self.screen.history)

    def travel(self, *, back: bool) -> None:
        """Undo the last change to the work, or redo it."""
        self.screen = self._moved_on(self.screen)
        history = self.screen.history
        self._become(*(history.back if back else history.forth)(self.screen.work))

    def _become(self, work: Work, history: History) -> None:
        """Put `work` on the screen, and search its sources if they are others."""
        before = self.screen
        if work.file != before.file:
            if not before.project.is_blank:
                self._view.forget_message()
            self.parent = self.saved_in
            self._jobs.drop("check")
        screen = replace(transitions.became(before, work), history=history)
        if work.project.run.destination in screen.places_taken:
            screen = replace(screen, own_place=False)
        if not screen.own_place and (before.own_place or before.sources != screen.sources):
            screen = self._with_proposal(screen)
        if screen.searched == before.searched:
            self._show(planned(screen))
            return
        self.searching.begin(screen)

    # Choices

    def choose_options(self, options: Options) -> None:
        """Take over `options` and make the plan again."""
        self.change(options=options)

    def choose_scan(self, options: ScanOptions) -> None:
        """Scan the folders again with other scan options."""
        self.change(scan_options=options)

    def mend(self, wanted: Mend) -> None:
        """Change the choices as a warning proposes."""
        options, scan = mended(wanted, self.screen.options, self.screen.scan_options)
        self.choose_options(options)
        self.choose_scan(scan)

    def choose_shared(self, shared: SharedPlan) -> None:
        """Take over the choices of a plan file; scan the folders again if its scan options differ."""
        scan_options = shared.scan_options_beside(self.screen.scan_options)
        self.change(options=shared.options, scan_options=scan_options)

    def choose_size(self, height: int, width: int) -> None:
        """Set the exact size of all rows in pixels."""
        self.choose_options(replace(self.screen.options, size=Size.exact(height, width)))

    def choose_run(self, run: RunOptions) -> None:
        """Change how the plan is carried out, wherever its stack is saved."""
        self.change(run=replace(run, destination=self.screen.project.run.destination))

    def choose_destination(self, path: str) -> None:
        """Save to the folder or the address `path`, which need not exist."""
        place = normal(redacted(path)) if is_address(path) else str(Path(path).absolute())
        found = self.screen.destination
        if place == self.screen.run.destination and found is not None and found.problem:
            self.look_again()  # what was in the way may be gone
            return
        self.change(run=replace(self.screen.run, destination=place))

    def choose_replace(self, wanted: bool) -> None:
        """Choose whether the complete new stack may replace an older one."""
        if not self.screen.under_way and wanted != self.screen.run.replace:
            self._show(replace(self.screen, run=replace(self.screen.run, replace=wanted)))

    def _moved_on(self, screen: Screen) -> Screen:
        """Return `screen` without the result card; propose a new place if a run or the queue has this one."""
        moved_on = replace(screen, end=None, made=None)
        if not screen.is_done and not screen.under_way and not screen.is_queued:
            return moved_on
        return self._with_proposal(moved_on)

    def _with_proposal(self, screen: Screen) -> Screen:
        place = destination.propose(
            self.parent, screen.sources, self.left_over.left_alone | screen.places_taken
        )
        return replace(transitions.saved_to(screen, place), own_place=False)

    def dismiss(self) -> None:
        """Close the result card of the last run."""
        self._show(replace(self.screen, end=None))

    # Free memory and disk

    def look_again(self) -> None:
        """Measure free memory and disk again, because the window has come to the front."""
        if self.screen.sources and not self.screen.under_way and not self._survey.busy:
            self._survey.look()

    # The run

    def convert(self) -> None:
        """Convert what has been prepared, unless there is an obstacle; during a run, add it to the queue."""
        self.parent = self.saved_in
        self.queueing.convert()

    def _ran(self) -> None:
        self._survey.look()
        self.queueing.go_on()
        if self.screen.sources and self.screen.catalog is None and self.screen.scan is None:
            self.searching.again()  # it was resumed, with nothing known of the folders yet

    # Which pictures

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
        self.projects.close(CLOSE_S)
        ended = self._jobs.close(CLOSE_S)
        self.queueing.close()
        self._engine.close()
        return ended

    def _show(self, screen: Screen) -> None:
        asked = (screen.sources, screen.run.destination, screen.run.replace, screen.run.unfinished)
        if moved := asked != self._asked:
            self._asked = asked
            screen = replace(screen, destination=None)
        screen = transitions.noted(self.screen, screen, time.monotonic())
        self.screen = screen = self._problems.told(screen)
        if moved:
            self._survey.look()
        self.pictures.use(screen.plan, screen.selection)
        self.listing.use(screen.known_plan, screen.selection, screen.catalog)
        self.large.use(screen.plan)
        self.curves.use(screen.plan)
        self._planning.use(screen)
        self._savings.hold(screen.under_way)
        self._savings.ask(screen.plan)
        self.health.use(screen)
        self.projects.use(screen)
        self._view.present(screen)


def _savings_of(plan: Plan, control: Control[object]) -> Savings:
    return savings(plan, control)
