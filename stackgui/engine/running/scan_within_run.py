"""Lets a run begin with a scan of its sources."""

from __future__ import annotations

from stackgui.core.run.progress import FillProgress, Phase, ScanProgress
from stackgui.engine.workers.control import Control


class ScanWithinRun(Control[ScanProgress]):
    """Lets a scan within a run use the control of the run."""

    def __init__(self, outer: Control[FillProgress], rows: int) -> None:
        super().__init__()
        self._outer = outer
        self._rows = rows

    @property
    def paused(self) -> bool:
        """Whether the run is paused."""
        return self._outer.paused

    def check(self) -> None:
        """Raise `Cancelled` when the run was cancelled."""
        self._outer.check()

    def publish(self, snapshot: ScanProgress) -> None:
        """Publish the progress of the scan as a phase of the run."""
        self._outer.publish(
            FillProgress(phase=Phase.SCANNING, rows_done=snapshot.samples_read, rows=self._rows)
        )
