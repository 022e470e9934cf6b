"""What can go wrong, as values whose text can be shown to a person as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stackgui.core.base.text import printable
from stackgui.core.base.units import agree, format_count
from stackgui.core.base.warnings import DataWarning, warning_line
from stackgui.core.base.ways import Way


class StackguiError(Exception):
    """Root of all errors raised on purpose; ``str(error)`` is plain language, without a traceback.

    Parameters
    ----------
    *args
        As for `Exception`.
    ways
        What leads on, which the terminal and the window word each in its own way.
    """

    def __init__(self, *args: object, ways: Iterable[Way] = ()) -> None:
        super().__init__(*args)
        self.ways = tuple(ways)


class UsageError(StackguiError):
    """What was asked for cannot be done as asked; nothing was started. Exit status 2."""


class PlanError(UsageError):
    """The options cannot be met by these samples."""


class DoubtfulError(UsageError):
    """There are warnings, and the run was to stop then.

    Parameters
    ----------
    warnings
    """

    def __init__(self, warnings: Sequence[DataWarning]) -> None:
        lines = "\n".join(f"  {warning_line(warning)}" for warning in warnings)
        super().__init__(
            f"Nothing was written, because there {agree(len(warnings), 'is', 'are')} "
            f"{format_count(len(warnings), 'warning')} and --on-warning is stop:\n{lines}"
        )
        self.warnings = tuple(warnings)


class DestinationError(UsageError):
    """The stack cannot be written where it was asked for."""


class UnfinishedError(DestinationError):
    """An unfinished conversion to the same destination is in the way."""


class OtherJobError(DestinationError):
    """An unfinished conversion cannot be resumed, because it was another job.

    Parameters
    ----------
    message
    redoable
        Whether doing the files again that were changed would make it the same job.
    """

    def __init__(self, message: str, *, redoable: bool) -> None:
        super().__init__(message, ways=(*((Way.REDO_CHANGED,) if redoable else ()), Way.RESTART))
        self.redoable = redoable


class RunError(StackguiError):
    """A run that had started could not be completed. Exit status 1."""


class StoreError(RunError):
    """Rows could not be written, for example because the disk is full."""


class SourceGoneError(RunError):
    """A folder of pictures cannot be reached; nothing is wrong with the pictures.

    Parameters
    ----------
    folder : str
    file : str
        What could not be read because of that.
    """

    def __init__(self, folder: str, file: str) -> None:
        super().__init__(folder, file)
        self.folder = folder
        self.file = file

    def __str__(self) -> str:
        return f"{self.what} Connect it again, then try again."

    @property
    def what(self) -> str:
        """What has happened, without what to do about it."""
        folder = printable(self.folder)
        return f"{folder} cannot be reached: its disk or network is disconnected, or it was moved."


class Cancelled(StackguiError):  # noqa: N818 - an outcome, not an error; the name reads as one at the call
    """The person cancelled. Exit status 130."""


class SampleError(StackguiError):
    """One sample cannot be used.

    Parameters
    ----------
    reason
        A plain sentence fragment without the file's name, for example
        ``"the file ends in the middle of the picture"``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
