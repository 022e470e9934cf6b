"""Handing a finished stack over: what can be made of it, and making it, alongside everything else."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from stackgui.core.run.export import ExportChoice, ExportReport
from stackgui.core.run.loading import snippet
from stackgui.core.run.progress import FillProgress
from stackgui.engine import Control, Engine
from stackgui.gui.control.handed import Handed, Offer
from stackgui.gui.control.jobs import Ending, Jobs, Outcome


class Handing:
    """Looks at stacks and exports them, one at a time.

    Attributes
    ----------
    state : Handed
    """

    def __init__(self, engine: Engine, jobs: Jobs) -> None:
        self._engine, self._jobs = engine, jobs
        self._show: Callable[[Handed], object] = lambda _state: None
        self.state = Handed()

    def attach(self, show: Callable[[Handed], object]) -> None:
        """Call `show` with every new state."""
        self._show = show

    def look(self, stack: str) -> None:
        """Look at `stack`, unless another is being exported."""
        if self.state.target:
            return
        self._become(Handed(stack))
        self._jobs.start("hand over", lambda _control: self._offer(stack), self._looked)

    def begin(self, exporter: str, target: str) -> None:
        """Export the stack."""
        stack = self.state.stack
        self._become(
            replace(
                self.state, target=target, tried=target, progress=None, report=None, cancelled=False,
                problem="", details="",
            )
        )  # fmt: skip

        def work(control: Control[FillProgress]) -> ExportReport:
            return self._engine.export(stack, exporter, target, control)

        self._jobs.start("export", work, self._ended, self._went_on)

    def cancel(self) -> None:
        """Cancel the export; nothing stays of it."""
        self._jobs.cancel("export")

    def lines(self, stack: str) -> str:
        """Return Python that loads a stack with NumPy alone; raises StackguiError."""
        return snippet(self._engine.loadable(stack), "numpy")

    def _offer(self, stack: str) -> Offer:
        choices = self._engine.export_choices(stack)
        places = {each.name: free_place(stack, each) for each in choices}
        return Offer(self._engine.loadable(stack), choices, places)

    def _looked(self, ending: Ending[Offer]) -> None:
        self._become(replace(self.state, offer=ending.result, problem=ending.text, details=ending.details))

    def _went_on(self, progress: FillProgress) -> None:
        self._become(replace(self.state, progress=progress))

    def _ended(self, ending: Ending[ExportReport]) -> None:
        is_failed = ending.outcome is Outcome.FAILED
        self._become(
            replace(
                self.state, target="", progress=None, report=ending.result,
                cancelled=ending.outcome is Outcome.CANCELLED,
                problem=ending.text if is_failed else "", details=ending.details,
            )
        )  # fmt: skip

    def _become(self, state: Handed) -> None:
        self.state = state
        self._show(state)


def free_place(stack: str, choice: ExportChoice) -> str:
    """Return a name beside `stack` that nothing has yet."""
    begins = stack if choice.suffix else f"{stack}-{choice.name}"
    place, number = f"{begins}{choice.suffix}", 1
    while os.path.lexists(place):
        number += 1
        place = f"{begins}-{number}{choice.suffix}"
    return place
