"""The program's own exceptions; their text can be shown to people as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.base.warnings import DataWarning, warning_line
from stackgui.core.base.ways import Way
from stackgui.core.base.wording import say, say_many


class StackguiError(Exception):
    """Base of all errors raised on purpose; ``str(error)`` is a message in plain language.

    Parameters
    ----------
    *args
        As for `Exception`.
    ways : iterable of Way
        Ways out, which the terminal and the window put into words differently.
    """

    def __init__(self, *args: object, ways: Iterable[Way] = ()) -> None:
        super().__init__(*args)
        self.ways = tuple(ways)


class UsageError(StackguiError):
    """The request cannot be carried out as given, and nothing was started. Exit status 2."""


class UselessListError(UsageError):
    """A source is a list that cannot be used.

    Parameters
    ----------
    message : str
    source : str
        Absolute path of the list.
    reason : str
        Why, as a sentence fragment.
    ways
        As in `StackguiError`.
    """

    def __init__(self, message: str, *, source: str, reason: str, ways: Iterable[Way] = ()) -> None:
        super().__init__(message, ways=ways)
        self.source = source
        self.reason = reason


class PlanError(UsageError):
    """The options do not suit these samples."""


class DoubtfulError(UsageError):
    """There are warnings, and the run is set to stop on warnings.

    Parameters
    ----------
    warnings : sequence of DataWarning
    """

    def __init__(self, warnings: Sequence[DataWarning]) -> None:
        lines = "\n".join(f"  {warning_line(warning)}" for warning in warnings)
        super().__init__(
            say_many(
                len(warnings),
                "Nothing was written, because there is {warnings} and --on-warning is stop:\n{lines}",
                "Nothing was written, because there are {warnings} and --on-warning is stop:\n{lines}",
                warnings=format_count(len(warnings), "warning"),
                lines=lines,
            )
        )
        self.warnings = tuple(warnings)


class DestinationError(UsageError):
    """The stack cannot be written to the destination."""


class UnfinishedError(DestinationError):
    """An unfinished conversion to the same destination is in the way."""


class OtherJobError(DestinationError):
    """An unfinished conversion cannot be resumed, because it belongs to a different job.

    Parameters
    ----------
    message : str
    redoable : bool
        Whether converting the changed files again would make it the same job.
    """

    def __init__(self, message: str, *, redoable: bool) -> None:
        super().__init__(message, ways=(*((Way.REDO_CHANGED,) if redoable else ()), Way.RESTART))
        self.redoable = redoable


class RunError(StackguiError):
    """A run started but could not be completed. Exit status 1."""


class ClusterAwayError(RunError):
    """The cluster cannot be reached, which is the fault of no job that it was to do."""


class StoreError(RunError):
    """Rows could not be written, for example because the disk is full."""


class UnansweredError(StackguiError):
    """A server does not give what is asked for; it may do so later."""


class SourceGoneError(RunError):
    """A source folder cannot be reached; the pictures themselves may be intact.

    Parameters
    ----------
    folder : str
    file : str
        A file that could not be read for this reason.
    """

    def __init__(self, folder: str, file: str) -> None:
        super().__init__(folder, file)
        self.folder = folder
        self.file = file

    def __str__(self) -> str:
        return say("{what} Connect it again.", what=self.what)

    @property
    def what(self) -> str:
        """What happened, without the advice."""
        folder = printable(self.folder)
        return say(
            "{folder} cannot be reached: its disk or network is disconnected, or it was moved.", folder=folder
        )


class Cancelled(StackguiError):  # noqa: N818 - an outcome, not an error; the name reads as one at the call
    """The person cancelled. Exit status 130."""


class SampleError(StackguiError):
    """One sample cannot be used.

    Parameters
    ----------
    reason : str
        A sentence fragment without the file's name, for example
        ``"the file ends in the middle of the picture"``. Plans and stacks keep it, and fingerprints count it,
        so changing a reason invalidates the fingerprints of plans in which it occurs.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
