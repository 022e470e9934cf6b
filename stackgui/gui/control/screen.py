"""Everything that the window shows, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum

from stackgui.core.advice.estimate import Estimate, Resources, Verdict
from stackgui.core.advice.health import Finding
from stackgui.core.base.choices import Storage
from stackgui.core.base.units import format_bytes
from stackgui.core.base.warnings import DataWarning
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.core.catalog.selection import Selection
from stackgui.core.catalog.statistics import Statistics
from stackgui.core.options.history import History
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.run.run import (
    FillProgress,
    IfUnfinished,
    Report,
    RetryReport,
    RunOptions,
    ScanProgress,
    Unfinished,
)
from stackgui.core.run.verify import VerifyReport


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
    """How weighty a message is."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Destination:
    """What was found where the stack is to be saved.

    Attributes
    ----------
    problem : str
        Why it cannot be written there, as a sentence, or ``""``.
    replaceable : bool
        Whether the problem is an older stack, which may be replaced when the person says so.
    unfinished : Unfinished or None
        What an earlier conversion to the same place has left, and nobody is working on.
    """

    problem: str = ""
    replaceable: bool = False
    unfinished: Unfinished | None = None


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended.

    Attributes
    ----------
    state : State
        Finished, cancelled or failed.
    report : Report or None
        Of a run that finished.
    text : str
        Why it failed, or what became of a cancelled run.
    details : str
        For a report of a fault; ``""`` where the text says it all.
    way_on : IfUnfinished
        What to do with the rows that a failed or cancelled run has left, if it has left any: ``resume``,
        ``redo`` where files were changed since, ``restart`` where it is another job now.
    retry : RetryReport or None
        What became of its failed rows when they were made again.
    """

    state: State
    report: Report | None = None
    text: str = ""
    details: str = ""
    way_on: IfUnfinished = IfUnfinished.RESUME
    retry: RetryReport | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Check:
    """A stack that is verified.

    Attributes
    ----------
    stack : str
        Absolute name of its folder.
    progress : FillProgress or None
    report : VerifyReport or None
        Once it is done.
    problem, details : str
        Why it could not be verified, and what helps to mend a fault of the program; or ``""``.
    """

    stack: str
    progress: FillProgress | None = None
    report: VerifyReport | None = None
    problem: str = ""
    details: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Health:
    """What may be wrong with the samples of the catalog.

    Attributes
    ----------
    by_headers : tuple of Finding
    by_pixels : tuple of Finding or None
        None until the pictures were decoded.
    progress : FillProgress or None
        None when no pictures are being decoded for this.
    problem : str
        Why they could not be, or ``""``.
    """

    by_headers: tuple[Finding, ...] = ()
    by_pixels: tuple[Finding, ...] | None = None
    progress: FillProgress | None = None
    problem: str = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that is known by now."""
        return (*self.by_headers, *(self.by_pixels or ()))


@dataclass(frozen=True, eq=False, slots=True)
class Screen:
    """Everything that the window shows. Parts that did not change are the same objects as before.

    Attributes
    ----------
    run : RunOptions
        Where to and how; the destination is ``""`` until there is a source.
    history : History
        Of the options.
    sources : tuple of str
        Absolute folders, in the order they were picked.
    scan_options : ScanOptions
        How they are searched.
    scan : ScanProgress or None
        None when no scan is under way.
    scan_problem : str
        Why the last scan gave no catalog, or ``""``.
    catalog, statistics, health, plan, resources, estimate
        None until they are known.
    warnings : tuple of DataWarning
        About the plan, or without one about the catalog; those of the plan before until they are known. After
        a run, those of its report.
    selection : Selection or None
        Samples of the catalog that the person picked out.
    plan_problem : str
        Why the options cannot be met, as a sentence, or ``""``.
    destination : Destination or None
        None while it is being looked at.
    progress : FillProgress or None
        None when no run is under way.
    paused : bool
    end : RunEnd or None
        Of the last run, until the person moves on; also while its failed rows are made again.
    left_over : Unfinished or None
        An unfinished conversion of an earlier time, found at the start.
    check : Check or None
        The stack that is verified; its card stands before the others.
    """

    run: RunOptions
    options: Options = field(default_factory=Options)
    history: History = field(default_factory=History)
    sources: tuple[str, ...] = ()
    scan_options: ScanOptions = DEFAULT
    scan: ScanProgress | None = None
    scan_problem: str = ""
    catalog: Catalog | None = None
    statistics: Statistics | None = None
    health: Health | None = None
    warnings: tuple[DataWarning, ...] = ()
    selection: Selection | None = None
    plan: Plan | None = None
    plan_problem: str = ""
    resources: Resources | None = None
    estimate: Estimate | None = None
    destination: Destination | None = None
    progress: FillProgress | None = None
    paused: bool = False
    end: RunEnd | None = None
    left_over: Unfinished | None = None
    check: Check | None = None

    def went_on_from(self, before: Screen) -> str:
        """What alone got on since `before`: scan, progress, check, health or warnings; ``""`` for more."""
        changed = [
            each.name for each in fields(self) if getattr(before, each.name) is not getattr(self, each.name)
        ]
        if len(changed) != 1 or changed[0] not in {"scan", "progress", "check", "health", "warnings"}:
            return ""
        begun_or_ended = getattr(before, changed[0]) is None or getattr(self, changed[0]) is None
        return "" if begun_or_ended else changed[0]

    @property
    def unfinished(self) -> Unfinished | None:
        """What can be resumed now: at the destination, or without one what was found at the start."""
        if self.running or self.run.unfinished is IfUnfinished.RESTART:
            return None
        if not self.sources:
            return self.left_over
        return self.destination.unfinished if self.destination else None

    @property
    def state(self) -> State:
        """What the window is in the middle of; exactly one state at any time."""
        if self.progress is not None:
            return State.PAUSED if self.paused else State.RUNNING
        if self.end is not None:
            return self.end.state
        if not self.sources:
            return State.EMPTY
        if self.scan is not None:
            return State.SCANNING
        return State.BLOCKED if self.obstacle else State.READY

    @property
    def running(self) -> bool:
        """Whether a run is under way, paused or not; everything else is locked meanwhile."""
        return self.progress is not None

    @property
    def planning(self) -> bool:
        """Whether the plan is still that of the options before, because a new one takes long to make."""
        return self.plan is not None and self.plan.options != self.options

    @property
    def retrying(self) -> bool:
        """Whether failed rows of the stack of the last run are made again."""
        return self.running and self.end is not None

    @property
    def obstacle(self) -> str:
        """Why Convert cannot be pressed, as a sentence, or ``""``."""
        if self.progress is not None:
            return "Failed rows are being retried." if self.retrying else "A conversion is running."
        if self.end is not None and self.end.state is State.FINISHED:
            return "This stack is done. Change something, or press New to choose other folders."
        if not self.sources:
            return "Add a folder, an archive or a list first."
        if self.scan is not None:
            return "Still searching the folders."
        if self.planning:
            return "Planning the arrays."
        return self.scan_problem or self.plan_problem or self._space_problem()

    def _space_problem(self) -> str:
        if self.plan is None or self.estimate is None or self.destination is None:
            return "Checking the folder where the stack will be saved."
        if self.destination.problem:
            return self.destination.problem
        if self.estimate.verdict is Verdict.DOES_NOT_FIT:
            return self.estimate.reason
        if self.run.storage is Storage.MEMORY and self.estimate.storage is Storage.FILE:
            free = format_bytes(self.estimate.free_memory_bytes)
            return (
                f"The array is too large to fill in memory ({free} are free). Choose “a file” or “automatic”."
            )
        return ""
