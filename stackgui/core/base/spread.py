"""How work that falls into independent parts is shared out, without a word about who does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

PartT = TypeVar("PartT")
ResultT = TypeVar("ResultT")


class Spread(Protocol):
    """Calls a function for each of some values; yields what it returns, in their order, as `map` does.

    `map` itself is one that calls the function here and now. Others may begin before a result is asked for,
    and call it in other processes. So it has to be a function of a module that returns something, and values
    and results have to be such as can be sent.
    """

    def __call__(self, function: Callable[[PartT], ResultT], values: Iterable[PartT], /) -> Iterator[ResultT]:
        """Yield ``function(value)`` for each value."""
        ...
