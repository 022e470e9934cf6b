"""What is known of a stack that is being brought up to date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from stackgui.core.base.ways import Way
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
    is_paused : bool
        Whether the update is paused, on request or because of trouble.
    is_watched : bool
        Whether it is updated whenever files have changed.
    looked_at : datetime or None
        When its sources were last looked through.
    problem, details : str
        Why the last look or update failed, and the traceback of a fault.
    ways : tuple of Way
        Ways out of that.
    """

    stack: str
    choices: UpdateOptions = AS_USUAL
    report: UpdateReport | None = None
    progress: FillProgress | None = None
    is_looking: bool = False
    is_paused: bool = False
    is_watched: bool = False
    looked_at: datetime | None = None
    problem: str = ""
    details: str = ""
    ways: tuple[Way, ...] = ()

    @property
    def is_updating(self) -> bool:
        """Whether rows are being made."""
        return self.progress is not None

    @property
    def can_begin(self) -> bool:
        """Whether there is something to do, and nothing under way."""
        found = self.report
        is_open = found is not None and not found.is_done and not found.is_nothing and not self.asks_versions
        return is_open and not self.is_updating and not self.is_looking

    @property
    def asks_versions(self) -> bool:
        """Whether rows would be made by other versions, and a person has to say that they may be."""
        found = self.report
        return found is not None and bool(found.versions) and not self.choices.allow_other_versions
