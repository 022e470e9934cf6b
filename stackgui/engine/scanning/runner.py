"""Runs the tasks of a scan in workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from stackgui.engine.scanning.tally import Tally
from stackgui.engine.workers.dispatch import Dispatch, Divisible, Done, no_more
from stackgui.engine.workers.workers import Workers

BatchT = TypeVar("BatchT", bound=Divisible)
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, eq=False, slots=True)
class Runner:
    """The workers of a scan, and the tally that is published while they are busy."""

    workers: Workers
    tally: Tally

    @property
    def here(self) -> Runner:
        """What runs tasks on this computer, whose arguments are too large to be sent to another."""
        return Runner(self.workers.here, self.tally)

    def run(
        self,
        task: Callable[..., ResultT],
        arguments: Callable[[BatchT], tuple[Any, ...]],
        batches: Iterable[BatchT | None],
        more_s: Callable[[BatchT], float] = no_more,
    ) -> Iterator[Done[BatchT, ResultT]]:
        """Run `task` in the workers over all `batches`."""
        dispatch: Dispatch[BatchT, ResultT] = Dispatch(
            self.workers,
            self.tally,
            task,
            lambda batch, _slot: arguments(batch),
            slots=2 * self.workers.count + 1,
            more_s=more_s,
        )
        return dispatch.run(batches)
