"""The options, limits, progress and reports of scans, runs and retries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base import choice_table
from stackgui.core.base.choice_table import FlagSpelling, Group, Spelling, Unspelled, choice
from stackgui.core.base.choices import Choice, OnError, Storage
from stackgui.core.base.kinds import Flag, OneOf, Place, Quantity, megabytes, pixels, seconds
from stackgui.core.base.warnings import DataWarning
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.statistics import Statistics
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.plan.taken import NONE_TAKEN, LabelsAndParts


class IfUnfinished(Choice):
    """What to do if there is an unfinished conversion to the same destination.

    ``refuse``: end at once. ``resume``: continue it, if it is the same job. ``redo``: continue it, and redo
    files that have changed since. ``restart``: discard what it made. Without one, all behave the same.
    """

    REFUSE = "refuse"
    RESUME = "resume"
    REDO = "redo"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to carry out a plan; none of these choices changes a pixel of the result."""

    destination: str = choice(
        "", Place("STACK"), "destination",
        "The folder that will hold the stack; it is made for you.",
        Spelling("--out", is_required=True),
        group=Group.RUN, decides_contents=False, caption="Save as", is_saved=False,
        is_passing=True,
    )  # fmt: skip
    storage: Storage = choice(
        Storage.AUTO, OneOf(Storage), "storage",
        "Where the array is while it grows. In a file it may be larger than memory.",
        Spelling("--storage"), group=Group.RUN, decides_contents=False, caption="Fill it",
    )  # fmt: skip
    on_error: OnError = choice(
        OnError.BLANK, OneOf(OnError), "what a failure means",
        "What happens when a picture cannot be read.",
        Spelling("--on-error"), group=Group.RUN, decides_contents=False, caption="If one fails",
        more="`blank` leaves its place empty and goes on.",
    )  # fmt: skip
    replace: bool = choice(
        False, Flag(), "replacing",
        "The stack of that name stays as it is until the new one is complete, and is then replaced.",
        FlagSpelling("--replace", True, "Replace the stack of that name, once the new one is complete."),
        group=Group.RUN, decides_contents=False, caption="Replace the stack that is there",
        is_passing=True,
    )  # fmt: skip
    unfinished: IfUnfinished = choice(
        IfUnfinished.REFUSE, OneOf(IfUnfinished), "what becomes of an unfinished conversion",
        "What happens to an unfinished conversion to the same place.",
        FlagSpelling("--resume", IfUnfinished.RESUME, "Continue an unfinished conversion, if there is one."),
        FlagSpelling("--restart", IfUnfinished.RESTART,
            "Discard what an unfinished conversion made, and convert again."),
        group=Group.RUN, decides_contents=False, is_saved=False, is_passing=True,
    )  # fmt: skip
    pause_on_trouble: bool = choice(
        False, Flag(), "pausing on trouble",
        "Whether a full or failing disk pauses the run, which tries again when it is resumed, instead of "
        "ending it.",
        Unspelled("Only the window can wait for a person; either way nothing is lost."),
        group=Group.RUN, decides_contents=False, is_saved=False, is_passing=True,
    )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """Return the options that an unfinished run keeps, as JSON values."""
        return choice_table.to_json(self)

    @classmethod
    def from_json(cls, value: object, destination: str, unfinished: IfUnfinished) -> RunOptions:
        """Rebuild options from `to_json`, for a run to `destination`; raises UsageError."""
        return choice_table.from_json(cls, value, destination=destination, unfinished=unfinished)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one sample may take before it counts as damaged; 0 for memory means half of the machine's."""

    sample_s: float = choice(
        20.0, Quantity(seconds, "S"), "seconds for one picture",
        "Seconds that one picture may take before it counts as damaged.",
        Spelling("--sample-seconds", default="20"),
        group=Group.LIMITS, decides_contents=False, is_saved=False,
    )  # fmt: skip
    sample_bytes: int = choice(
        0, Quantity(megabytes, "MB"), "memory for one picture",
        "Megabytes of memory that one picture may take, beyond what a worker needs anyway.",
        Spelling("--sample-memory", default="half of the machine's"),
        group=Group.LIMITS, decides_contents=False, is_saved=False,
    )  # fmt: skip
    sample_px: int = choice(
        2**28, Quantity(pixels), "pixels of one picture",
        "Height times width that a picture's header may claim, for example 400000000 or 2G.",
        Spelling("--sample-pixels", default="268M"),
        group=Group.LIMITS, decides_contents=False, is_saved=False,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An unfinished conversion that can be resumed.

    Attributes
    ----------
    partial : str
        Absolute path of its folder.
    destination : str
        Absolute path of the stack that it would have become.
    rows_done, rows : int
        Rows that need not be done again, including rows that stay blank, and all rows.
    failed : int
        Rows that are known to stay blank.
    sources : tuple of str
    scan_options : ScanOptions
    options : Options
    when_s : float
        Time of its last checkpoint, in seconds since 1970.
    in_use : bool
        Whether another window or process is running it now.
    """

    partial: str
    destination: str
    rows_done: int
    rows: int
    failed: int
    sources: tuple[str, ...]
    scan_options: ScanOptions
    options: Options
    when_s: float
    in_use: bool


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """The progress of a scan; all figures are preliminary until the scan returns its catalog.

    Attributes
    ----------
    samples_found, samples_read : int
        Files that may be samples, and those whose headers have been read.
    skipped : int
    searching : bool
        Whether folders are still being searched, so that `samples_found` keeps growing.
    current : str
        The folder or file that is being read.
    statistics : Statistics or None
        Statistics of the samples read so far, if requested; they may lag behind the counts.
    """

    samples_found: int = 0
    samples_read: int = 0
    skipped: int = 0
    searching: bool = True
    current: str = ""
    statistics: Statistics | None = None


class Phase(StrEnum):
    """The stage that a run is in."""

    PREPARING = "preparing"
    SCANNING = "scanning"
    MEASURING = "measuring"
    CHECKING = "checking"
    FILLING = "filling"
    PAUSED = "paused"
    SAVING = "saving"
    FINISHING = "finishing"
    EXPORTING = "exporting"


@dataclass(frozen=True, eq=False, slots=True)
class Uncut:
    """A whole sample whose row holds only a part of it, at the scale of the row's thumbnail.

    Attributes
    ----------
    pixels : uint8, shape (h, w, 3)
    top, left : int
        Position in `pixels` of the part that is kept.
    """

    pixels: NDArray[np.uint8]
    top: int
    left: int


@dataclass(frozen=True, eq=False, slots=True)
class RowThumb:
    """A thumbnail of a row as it is stored in its array.

    Attributes
    ----------
    row : int
    name : str
        Path of the sample's file, relative to its source.
    pixels : uint8, shape (h, w, 3)
        The placed part only, scaled down for display.
    row_px : (int, int)
        Height and width of the whole row at the thumbnail's scale.
    placement : (int, int, int, int)
        Top, left, height and width of `pixels` within `row_px`; the rest is padding.
    reason : str
        Why the row is blank, or ``""``.
    uncut : Uncut or None
        The whole sample, if requested and if the row holds only a part of it.
    """

    row: int
    name: str
    pixels: NDArray[np.uint8]
    row_px: tuple[int, int]
    placement: tuple[int, int, int, int]
    reason: str = ""
    uncut: Uncut | None = None


@dataclass(frozen=True, eq=False, slots=True)
class FillProgress:
    """The progress of a run.

    Attributes
    ----------
    phase : Phase
    rows_done, rows : int
    failed : int
        Rows left blank so far.
    rows_per_s : float
        Rate over the last seconds.
    seconds_left : float or None
        Remaining time; None while it cannot be estimated.
    elapsed_s : float
        Time since the start, without pauses.
    memory_bytes, free_memory_bytes : int
        Memory of this program with its workers, and the memory that the system has left.
    thumbs : tuple of RowThumb
        Thumbnails of some recently written rows, newest last.
    trouble : str
        Why the run paused by itself, for example because the disk is full, and what to do; otherwise ``""``.
        `Control.resume` tries again.
    """

    phase: Phase = Phase.PREPARING
    rows_done: int = 0
    rows: int = 0
    failed: int = 0
    rows_per_s: float = 0.0
    seconds_left: float | None = None
    elapsed_s: float = 0.0
    memory_bytes: int = 0
    free_memory_bytes: int = 0
    thumbs: tuple[RowThumb, ...] = ()
    trouble: str = ""


class Status(StrEnum):
    """How a run ended; after ``failed`` and ``cancelled`` there is no stack, but the run can be resumed."""

    COMPLETE = "complete"
    COMPLETE_WITH_FAILURES = "complete_with_failures"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that stayed blank.

    Attributes
    ----------
    row : int
    file : str
        Absolute path.
    reason : str
        A sentence fragment.
    """

    row: int
    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class NonFiniteCount:
    """Number of NaN or infinite values, and of the rows whose samples have some.

    Attributes
    ----------
    rows, values : int
    """

    rows: int = 0
    values: int = 0

    @classmethod
    def of(cls, values: Collection[int]) -> NonFiniteCount:
        """Count rows, given the number of such values in each of them."""
        return cls(len(values), sum(values))


ALL_FINITE = NonFiniteCount()


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a run that was not cancelled and did not fail.

    Attributes
    ----------
    status : Status
    stack : str
        Absolute path of the finished stack's folder.
    failures : tuple of Failure
    skipped : dict of str to int
        Number of files that the scan skipped, by kind.
    images_per_s : float
        Rows per second over the whole run, without pauses.
    peak_rss_bytes : int
        Peak resident memory of this process and its workers together.
    non_finite : NonFiniteCount
    resumed_rows : int
        Rows that an earlier, unfinished run had done.
    taken : LabelsAndParts
        The labels and parts, and where they come from.
    warnings : tuple of DataWarning
    """

    status: Status
    stack: str
    rows: int
    failures: tuple[Failure, ...]
    skipped: dict[str, int]
    arrays: tuple[ArraySpec, ...]
    storage: Storage
    fingerprint: str
    seconds: float
    images_per_s: float
    peak_rss_bytes: int
    non_finite: NonFiniteCount = ALL_FINITE
    resumed_rows: int = 0
    taken: LabelsAndParts = NONE_TAKEN
    warnings: tuple[DataWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class RetryReport:
    """The result of retrying the failed rows of a finished stack.

    Attributes
    ----------
    status : Status
        ``cancelled`` if it ended early; rows repaired until then stay repaired.
    stack : str
        Absolute path of the stack's folder.
    sources : tuple of str
        The folders from which the files were read again.
    retried : int
        Rows that had failed before.
    failures : tuple of Failure
        Rows that still fail, or were not reached.
    seconds : float
    """

    status: Status
    stack: str
    sources: tuple[str, ...]
    retried: int
    failures: tuple[Failure, ...]
    seconds: float

    @property
    def repaired(self) -> int:
        """Return how many rows now hold their pictures."""
        return self.retried - len(self.failures)
