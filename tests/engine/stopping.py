"""A run that is cancelled at a known place."""

from stackgui.core.run.progress import FillProgress, Phase
from stackgui.engine import Control


class StopAt(Control[FillProgress]):
    """Cancels a run as soon as so many rows are done, and remembers its phases."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows = rows
        self.phases: list[Phase] = []

    def publish(self, snapshot: FillProgress) -> None:
        super().publish(snapshot)
        self.phases.append(snapshot.phase)
        if snapshot.phase is Phase.FILLING and snapshot.rows_done >= self._rows:
            self.cancel()
