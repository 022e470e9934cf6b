"""Spreads work that is no sample's over the workers, and does here what they cannot."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.errors import RunError
from stackgui.core.base.spread import Spread
from stackgui.engine.workers import tasks
from stackgui.engine.workers.dispatch import Dispatch
from stackgui.engine.workers.workers import Workers

PartT = TypeVar("PartT")
ResultT = TypeVar("ResultT")

LIMIT_S = 60.0
"""Time for a part, which is meant to take some hundredths of a second."""


@dataclass(frozen=True, eq=False, slots=True)
class _Part(Generic[PartT]):
    """A value and its number; a batch that is not divided, because no sample is to blame if it fails."""

    number: int
    value: PartT

    def __len__(self) -> int:
        return 1

    def part(self, _begin: int, _end: int) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class _Unpaused:
    """Steers what goes on while a run is paused, as everything does that comes after the last row."""

    cancellation: Cancellation
    paused = False

    def check(self) -> None:
        self.cancellation.check()


def over(workers: Workers, cancellation: Cancellation) -> Spread:
    """Return what calls a function in `workers`; cancelling stops it, and raises `Cancelled`.

    The first values are taken and handed out at once, the others when results are taken.
    """

    def spread(function: Callable[[PartT], ResultT], values: Iterable[PartT], /) -> Iterator[ResultT]:
        spreading = _Spreading(workers, cancellation, function, values)
        spreading.hand_out()
        return spreading.results()

    return spread


class _Spreading(Generic[PartT, ResultT]):
    """One function called for some values, which are taken when they are needed."""

    def __init__(
        self,
        workers: Workers,
        cancellation: Cancellation,
        function: Callable[[PartT], ResultT],
        values: Iterable[PartT],
    ) -> None:
        self._function, self._values = function, values
        self._slots = workers.count + 1
        self._made: dict[int, ResultT] = {}
        self._taken: dict[int, PartT] = {}
        self._yielded = 0
        self._parts = self._each_part()
        self._dispatch: Dispatch[_Part[PartT], Any] = Dispatch(
            workers,
            _Unpaused(cancellation),
            tasks.call,
            lambda part, _slot: (function, part.value),
            slots=self._slots,
            more_s=lambda _part: LIMIT_S,
        )

    def hand_out(self) -> None:
        """Give each worker something to do."""
        with contextlib.suppress(RunError):  # it will come again
            self._dispatch.hand_out(self._parts)

    def results(self) -> Iterator[ResultT]:
        """Yield the results in the order of the values."""
        try:
            with contextlib.closing(self._dispatch.run(self._parts)) as ran:
                for done in ran:
                    value = self._taken.pop(done.batch.number)
                    made = self._function(value) if done.result is None else done.result
                    self._made[done.batch.number] = made
                    yield from self._in_turn()
        except RunError:
            # The workers keep ending. Nothing that is done here needs them.
            yield from self._here()

    def _each_part(self) -> Iterator[_Part[PartT] | None]:
        """Yield the values; None while as many wait for their turn as may."""
        for number, value in enumerate(self._values):
            while number >= self._yielded + 2 * self._slots:
                yield None
            self._taken[number] = value
            yield _Part(number, value)

    def _in_turn(self) -> Iterator[ResultT]:
        while self._yielded in self._made:
            result = self._made.pop(self._yielded)
            self._yielded += 1
            yield result

    def _here(self) -> Iterator[ResultT]:
        """Yield what is left."""
        while True:
            while self._taken:
                number, value = self._taken.popitem()
                self._made[number] = self._function(value)
            yield from self._in_turn()
            if next(self._parts, self) is self:
                return
