"""The state of the window as one frozen value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from stackgui.core.advice.estimate import Estimate, Resources
from stackgui.core.advice.health import Finding
from stackgui.core.advice.problems import NO_PROBLEMS, Problems
from stackgui.core.base.addresses import is_address
from stackgui.core.base.text import printable
from stackgui.core.base.warnings import DataWarning
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.core.catalog.selection import Selection
from stackgui.core.catalog.statistics import Statistics
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.size_independent import differ_only_in_size
from stackgui.core.project.history import History, Work
from stackgui.core.project.project import Project
from stackgui.core.run.progress import FillProgress, ScanProgress
from stackgui.core.run.report import Report, RetryReport, Unfinished
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.core.run.verify import VerifyReport
from stackgui.gui.control.place import Destination, space_problem
from stackgui.gui.control.running import QueueState, Running


class State(StrEnum):
    """What the window is in the middle of."""

    EMPTY = "empty"
    SCANNING = "scanning"
    READY = "ready"
    BLOCKED = "blocked"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Kind(StrEnum):
    """Severity of a message."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended.

    Attributes
    ----------
    state : State
        Finished, cancelled or failed.
    destination : str
        Absolute path of its stack.
    report : Report or None
        Report of a finished run.
    text : str
        Why the run failed, or how far a cancelled run came.
    details : str
        Traceback for a fault report; ``""`` if the text says it all.
    way_on : IfUnfinished
        How to continue a failed or cancelled run that has left rows: ``resume``, ``redo`` if files have
        changed, ``restart`` if the job differs.
    retry : RetryReport or None
        Outcome of a retry of its failed rows.
    left : Unfinished or None
        What a failed or cancelled run has left to be resumed.
    is_left_known : bool
        Whether `left` has been looked for yet.
    """

    state: State
    destination: str
    report: Report | None = None
    text: str = ""
    details: str = ""
    way_on: IfUnfinished = IfUnfinished.RESUME
    retry: RetryReport | None = None
    left: Unfinished | None = None
    is_left_known: bool = False

    @property
    def folder(self) -> str:
        """Folder of the stack that was made; ``""`` if there is none, or if it is in a bucket."""
        return "" if self.report is None or is_address(self.report.stack) else self.report.stack


@dataclass(frozen=True, eq=False, slots=True)
class Check:
    """The verification of a stack.

    Attributes
    ----------
    stack : str
        Absolute path of its folder.
    progress : FillProgress or None
    report : VerifyReport or None
        None until it is done.
    problem, details : str
        Why the stack could not be verified, and the traceback of a fault; or ``""``.
    """

    stack: str
    progress: FillProgress | None = None
    report: VerifyReport | None = None
    problem: str = ""
    details: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Health:
    """Findings about doubtful samples of the catalog.

    Attributes
    ----------
    by_headers : tuple of Finding
    by_pixels : tuple of Finding or None
        None until the pictures have been decoded.
    tried : mapping of int to str
        For samples of which reading them showed something else than their headers: why they cannot be read,
        or ``""`` if they can.
    checked : bool, shape (N,), or None
        Mask of the samples that a check has decoded; None before the first.
    converted : bool, shape (N,), or None
        Mask of the samples that runs have decoded; None before the first.
    progress : FillProgress or None
        None while no check is running.
    problem : str
        Why the check failed, or ``""``.
    """

    by_headers: tuple[Finding, ...] = ()
    by_pixels: tuple[Finding, ...] | None = None
    tried: Mapping[int, str] = field(default_factory=dict)
    checked: NDArray[np.bool_] | None = None
    converted: NDArray[np.bool_] | None = None
    progress: FillProgress | None = None
    problem: str = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings so far."""
        return (*self.by_headers, *(self.by_pixels or ()))


@dataclass(frozen=True, eq=False, slots=True)
class Screen:
    """The state of the window. Parts that did not change are the same objects as before.

    Attributes
    ----------
    run : RunOptions
        Run options; the destination is ``""`` until there is a source.
    history : History
        Undo history of the work.
    file : str
        Absolute path of the project's file, even if nothing was written yet.
    own_place : bool
        Whether the person chose the destination, instead of the proposed one.
    sources : tuple of str
        Absolute paths, in the order in which they were added.
    scan_options : ScanOptions
    scan : ScanProgress or None
        None while no scan is running.
    scan_problem : str
        Why the last scan gave no catalog, or ``""``.
    catalog, statistics, health, plan, resources, estimate
        None until they are known.
    warnings : tuple of DataWarning
        Warnings about the plan, or about the catalog if there is no plan; those of the previous plan until
        the new ones are known. After a run, those of its report.
    warned_of : Plan or Catalog or None
        What these warnings are about.
    selection : Selection or None
        Samples of the catalog that the person selected.
    plan_problem : str
        Why the options cannot be met, as a sentence, or ``""``.
    destination : Destination or None
        None while it is being checked.
    running : Running or None
        The run that is active, paused or not.
    end : RunEnd or None
        End of the last run, until the person moves on; kept during a retry of its failed rows.
    made : RunEnd or None
        End of the run, from the queue or not, that made the stack on the screen; until something is changed.
    left_over : Unfinished or None
        Unfinished conversion of an earlier session, found at the start.
    check : Check or None
        Verification of a stack; its card stands beside the others.
    problems : Problems
        Everything that may be wrong; it follows from the other parts.
    queue : QueueState
    known_plan : Plan or None
        `plan`, with the problems of samples that could not be read since the scan; it follows as well.
    """

    run: RunOptions
    options: Options = field(default_factory=Options)
    history: History = field(default_factory=History)
    file: str = ""
    own_place: bool = False
    sources: tuple[str, ...] = ()
    scan_options: ScanOptions = DEFAULT
    scan: ScanProgress | None = None
    scan_problem: str = ""
    catalog: Catalog | None = None
    statistics: Statistics | None = None
    health: Health | None = None
    warnings: tuple[DataWarning, ...] = ()
    warned_of: Plan | Catalog | None = None
    selection: Selection | None = None
    plan: Plan | None = None
    plan_problem: str = ""
    resources: Resources | None = None
    estimate: Estimate | None = None
    destination: Destination | None = None
    running: Running | None = None
    end: RunEnd | None = None
    made: RunEnd | None = None
    left_over: Unfinished | None = None
    check: Check | None = None
    problems: Problems = NO_PROBLEMS
    queue: QueueState = field(default_factory=QueueState)
    known_plan: Plan | None = None

    def went_on_from(self, before: Screen) -> str:
        """Return the one part that advanced since `before`, such as ``"scan"``; ``""`` if more changed.

        What follows from other parts does not count, nor does what a size that is dragged always changes.
        """
        follow = {"problems", "known_plan", "warned_of"}
        parts = [each.name for each in fields(self) if each.name not in follow]
        changed = [name for name in parts if getattr(before, name) is not getattr(self, name)]
        if self._was_dragged_from(before, changed):
            return "size"
        if len(changed) != 1 or changed[0] not in {"scan", "running", "check", "health", "warnings"}:
            return ""
        if self.running and before.running and self.running.paused is not before.running.paused:
            return ""
        begun_or_ended = getattr(before, changed[0]) is None or getattr(self, changed[0]) is None
        return "" if begun_or_ended else changed[0]

    def _was_dragged_from(self, before: Screen, changed: list[str]) -> bool:
        """Tell whether, of what `changed`, all follows from another size of rows in the plan."""
        if not {"options", "plan"} <= set(changed) <= {"options", "plan", "estimate", "history", "run"}:
            return False
        is_planned = not self.planning and not before.planning and self.plan is not None
        same = replace(before.options, size=self.options.size) == self.options and self.run == before.run
        return is_planned and before.plan is not None and same

    @property
    def project(self) -> Project:
        """All that the person chose."""
        run = self.run if self.own_place else replace(self.run, destination="")
        return Project(self.sources, self.scan_options, self.options, run)

    @property
    def searched(self) -> tuple[str, tuple[str, ...], ScanOptions]:
        """What a scan depends on."""
        return self.file, self.sources, self.scan_options

    @property
    def work(self) -> Work:
        """The project and its file."""
        return Work(self.file, self.project)

    @property
    def unfinished(self) -> Unfinished | None:
        """Resumable conversion: at the destination or, without sources, the one found at the start."""
        if self.running or self.run.unfinished is IfUnfinished.RESTART:
            return None
        if not self.sources:
            return self.left_over
        return self.destination.unfinished if self.destination else None

    @property
    def state(self) -> State:
        """What the window is in the middle of; exactly one state at any time."""
        if self.running:
            return State.PAUSED if self.running.paused else State.RUNNING
        if self.end is not None:
            return self.end.state
        if not self.sources:
            return State.EMPTY
        if self.scan is not None:
            return State.SCANNING
        return State.BLOCKED if self.obstacle else State.READY

    @property
    def under_way(self) -> bool:
        """Whether the stack that is being made is the one on the screen, not an earlier one."""
        return self.running is not None and self.running.destination == self.run.destination

    @property
    def is_done(self) -> bool:
        """Whether the stack on the screen has been made."""
        return self.made is not None and self.made.destination == self.run.destination

    @property
    def warned(self) -> bool:
        """Whether the warnings are known for this plan, apart from those that depend on its size."""
        of = self.warned_of
        return of is self.plan or (isinstance(of, Plan) and differ_only_in_size(self.plan, of))

    @property
    def is_queued(self) -> bool:
        """Whether the stack on the screen waits in the queue."""
        return self.run.destination in self.queue.places

    @property
    def places_taken(self) -> frozenset[str]:
        """The destinations of stacks that are being made, or wait for it."""
        return self.queue.places | ({self.running.destination} if self.running else frozenset())

    @property
    def planning(self) -> bool:
        """Whether the plan still belongs to the previous options, because the new one is slow to make."""
        return self.plan is not None and self.plan.options != self.options

    @property
    def obstacle(self) -> str:
        """Why Convert is disabled, as a sentence, or ``""``."""
        if taken := self._place_taken():
            return taken
        if not self.sources:
            return say("Add a folder, an archive or a list first.")
        if self.scan is not None:
            return say("Still searching the folders.")
        if self.planning:
            return say("Planning the arrays.")
        space = space_problem(self.run, self.plan, self.estimate, self.destination)
        return self.scan_problem or self.plan_problem or space

    @property
    def is_being_checked(self) -> bool:
        """Whether nothing is in the way of Convert but checks of the last choice, which end by themselves."""
        if self.scan is not None or not self.sources or self._place_taken():
            return False
        unknown = self.plan is None or self.estimate is None or self.destination is None
        return self.planning or (unknown and not self.scan_problem and not self.plan_problem)

    @property
    def can_convert(self) -> bool:
        """Whether Convert and Add to queue can be pressed."""
        return self.is_being_checked or not self.obstacle

    def _place_taken(self) -> str:
        """Return what is already being done, or was, to make the stack on the screen; ``""`` if nothing."""
        if self.running and self.under_way:
            return self.running.busy
        if self.is_queued:
            return say(
                "“{name}” is in the queue. Change something, or begin a new project.",
                name=printable(os.path.basename(self.run.destination)),
            )
        if self.is_done:
            return say("This stack is done. Change something, or begin a new project for other folders.")
        return ""

    @property
    def goes_to_bucket(self) -> bool:
        """Whether the stack is to be written to an address."""
        return is_address(self.run.destination)

    @property
    def is_asking(self) -> bool:
        """Whether a server is being asked if the stack can be written to its address."""
        return self.goes_to_bucket and self.destination is None and bool(self.sources)
