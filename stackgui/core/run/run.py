"""Values that a run takes, shows while it goes on, and leaves behind."""

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
    """What to do where an unfinished conversion to the same destination is found.

    ``refuse``: end at once. ``resume``: go on with it, if it is the same job. ``redo``: the same, and redo
    files that were changed since. ``restart``: throw away what it made. Without one, all are the same.
    """

    REFUSE = "refuse"
    RESUME = "resume"
    REDO = "redo"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a plan is carried out; none of it changes a pixel of the result."""

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
        "What a picture that cannot be read means for the others.",
        Spelling("--on-error"), group=Group.RUN, decides_contents=False, caption="If one fails",
        more="`blank` leaves its row blank and goes on.",
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
        "What becomes of an unfinished conversion to the same place.",
        FlagSpelling("--resume", IfUnfinished.RESUME, "Continue an unfinished conversion, if there is one."),
        FlagSpelling("--restart", IfUnfinished.RESTART,
            "Throw away what an unfinished conversion made, and start over."),
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
        """What an unfinished run keeps of them, as JSON values."""
        return choice_table.to_json(self)

    @classmethod
    def from_json(cls, value: object, destination: str, unfinished: IfUnfinished) -> RunOptions:
        """Rebuild what `to_json` gave, for a run to `destination`; raises UsageError."""
        return choice_table.from_json(cls, value, destination=destination, unfinished=unfinished)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one sample may take before it counts as damaged; of memory, 0 for half of the machine's."""

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
    """A conversion that did not come to its end, and can be resumed.

    Attributes
    ----------
    partial : str
        Absolute name of its folder.
    destination : str
        What that would have become.
    rows_done, rows : int
        Rows that need not be done again, those known to stay blank included, and all rows.
    failed : int
        Rows that are known to stay blank.
    sources : tuple of str
    scan_options : ScanOptions
    options : Options
    when_s : float
        When it last made rows durable, seconds since 1970.
    in_use : bool
        Whether it goes on at this moment, in another window or process.
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
    """How far a scan is. All figures are unfinished until the scan returns its catalog.

    Attributes
    ----------
    samples_found, samples_read : int
        Files that may be samples, and those whose header was looked at.
    skipped : int
    searching : bool
        Whether folders are still being searched, so that `samples_found` still grows.
    current : str
        The folder or file being looked at.
    statistics : Statistics or None
        Of the samples read so far, where they were asked for; may be a little behind the counts.
    """

    samples_found: int = 0
    samples_read: int = 0
    skipped: int = 0
    searching: bool = True
    current: str = ""
    statistics: Statistics | None = None


class Phase(StrEnum):
    """What a run is doing."""

    PREPARING = "preparing"
    MEASURING = "measuring"
    CHECKING = "checking"
    FILLING = "filling"
    PAUSED = "paused"
    SAVING = "saving"
    FINISHING = "finishing"
    EXPORTING = "exporting"


NO_ROW = -1
"""The row of a sample that was left out of the plan."""


@dataclass(frozen=True, eq=False, slots=True)
class Uncut:
    """A whole sample of which only a part lies in its row, at the scale of the row's thumbnail.

    Attributes
    ----------
    pixels : uint8, shape (h, w, 3)
    top, left : int
        Where in it the part begins that is kept.
    """

    pixels: NDArray[np.uint8]
    top: int
    left: int


@dataclass(frozen=True, eq=False, slots=True)
class RowThumb:
    """A small picture of a row as it lies in its array.

    Attributes
    ----------
    row : int
    name : str
        The sample's file, relative to its source.
    pixels : uint8, shape (h, w, 3)
        Only the placed part, scaled down, for showing.
    row_px : (int, int)
        Height and width of the whole row at the thumbnail's scale.
    placement : (int, int, int, int)
        Top, left, height and width of `pixels` within `row_px`; the rest is padding.
    reason : str
        Why the row is blank, or ``""``.
    uncut : Uncut or None
        The whole sample, where that was asked for and the row holds only a part of it.
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
    """How far a run is.

    Attributes
    ----------
    rows_done, rows : int
    failed : int
        Rows left blank so far.
    rows_per_s : float
        Over the last seconds.
    seconds_left : float or None
        None while it cannot be told yet.
    elapsed_s : float
        Pauses not counted.
    memory_bytes, free_memory_bytes : int
        Of this program with its workers; what the system has left.
    thumbs : tuple of RowThumb
        Some of the rows written last, newest last.
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
    """How a run ended; ``failed`` and ``cancelled`` leave no stack, but what can be resumed."""

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
        Absolute name.
    reason : str
        A sentence fragment.
    """

    row: int
    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class NonFiniteCount:
    """Values of samples that are NaN or infinite, and the rows whose samples have some.

    Attributes
    ----------
    rows, values : int
    """

    rows: int = 0
    values: int = 0

    @classmethod
    def of(cls, values: Collection[int]) -> NonFiniteCount:
        """Of rows of which each has one entry in `values`."""
        return cls(len(values), sum(values))


ALL_FINITE = NonFiniteCount()


@dataclass(frozen=True, slots=True)
class Report:
    """What a run that ended by itself made.

    Attributes
    ----------
    stack : str
        Absolute name of the finished folder.
    failures : tuple of Failure
    skipped : dict of str to int
        From the scan, by kind.
    images_per_s : float
        Rows per second of the whole run, pauses not counted.
    peak_rss_bytes : int
        Largest resident memory seen, of this process and its workers together.
    non_finite : NonFiniteCount
    resumed_rows : int
        Rows that an earlier, unfinished run had done.
    taken : LabelsAndParts
        Its labels and parts, and what told them.
    warnings : tuple of DataWarning
        What was doubtful, though nothing failed.
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
    """What became of the failed rows of a finished stack.

    Attributes
    ----------
    status : Status
        ``cancelled`` where it was ended early; what was done by then counts all the same.
    stack : str
        Absolute name of its folder.
    sources : tuple of str
        The folders in which the files were looked at again.
    retried : int
        Rows that had failed before.
    failures : tuple of Failure
        Those of them that still fail, or were not reached.
    """

    status: Status
    stack: str
    sources: tuple[str, ...]
    retried: int
    failures: tuple[Failure, ...]
    seconds: float

    @property
    def repaired(self) -> int:
        """Rows that hold their pictures now."""
        return self.retried - len(self.failures)
