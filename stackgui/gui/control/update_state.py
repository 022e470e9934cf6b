"""What is known of a stack that is being brought up to date."""

from __future__ import annotations

from dataclasses import dataclass

from stackgui.core.options.update_options import AS_USUAL, UpdateOptions
from stackgui.core.run.progress import FillProgress
from stackgui.core.run.update_report import UpdateReport


@dataclass(frozen=True, eq=False, slots=True)
class UpdateState:
    """What is known of the stack that is being brought up to date.

    Attributes
    ----------
    stack : str
        Its folder.
    choices : UpdateOptions
    report : UpdateReport or None
        What the last look or update has found.
    progress : FillProgress or None
        Progress of an update; None otherwise.
    is_looking : bool
        Whether its sources are being looked through.
    is_watched : bool
        Whether it is updated whenever files have changed.
    problem, details : str
        Why the last look or update failed, and the traceback of a fault.
    """

    stack: str
    choices: UpdateOptions = AS_USUAL
    report: UpdateReport | None = None
    progress: FillProgress | None = None
    is_looking: bool = False
    is_watched: bool = False
    problem: str = ""
    details: str = ""

    @property
    def is_updating(self) -> bool:
        """Whether rows are being made."""
        return self.progress is not None

    @property
    def can_begin(self) -> bool:
        """Whether there is something to do, and nothing under way."""
        found = self.report
        is_open = found is not None and not found.is_done and not found.is_nothing
        return is_open and not self.is_updating and not self.is_looking
