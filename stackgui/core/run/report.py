"""How a run ended, and what an unfinished one has left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from stackgui.core.base.choices import Storage
from stackgui.core.base.errors import Cancelled, StackguiError
from stackgui.core.base.system_errors import system_reason
from stackgui.core.base.warnings import DataWarning
from stackgui.core.base.wording import Wording, say
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.plan.taken import NONE_TAKEN, LabelsAndParts


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
    page : str
        Absolute path of the page about the stack; ``""`` if none was written.
    page_problem : str
        Why the page that was wanted could not be written, as a sentence.
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
    page: str = ""
    page_problem: str = ""


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
    rows : int
        All rows of the stack.
    """

    status: Status
    stack: str
    sources: tuple[str, ...]
    retried: int
    failures: tuple[Failure, ...]
    seconds: float
    rows: int = 0

    @property
    def repaired(self) -> int:
        """Return how many rows now hold their pictures."""
        return self.retried - len(self.failures)


def no_page(error: Exception) -> Wording:
    """Say why a stack has no page."""
    if isinstance(error, Cancelled):
        return say("The stack is complete, but has no report, because you cancelled before it was written.")
    if isinstance(error, OSError):
        error = StackguiError(system_reason(error))
    reason = str(error) if isinstance(error, StackguiError) else f"{type(error).__name__}: {error}"
    return say("The stack is complete, but its report could not be written. {reason}", reason=reason)
