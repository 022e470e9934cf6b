"""What takes a moment to work out for a table of samples, kept for as long as somebody has the table."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

OwnerT = TypeVar("OwnerT")
P = ParamSpec("P")
FoundT = TypeVar("FoundT")

Function = Callable[Concatenate[OwnerT, P], FoundT]


def kept(most: int = 1) -> Callable[[Function[OwnerT, P, FoundT]], Function[OwnerT, P, FoundT]]:
    """Keep what a function returned for its first argument, and forget it together with that argument.

    `functools.lru_cache` would keep the arguments alive too: a catalog of a million samples in each cache,
    long after the window shows another one.

    Parameters
    ----------
    most
        Results to keep for each first argument; the least recently used goes first.

    Notes
    -----
    The first argument is told from others by identity, and can be referred to weakly. A result must not refer
    to it. All other arguments can be hashed.
    """

    def decorate(function: Function[OwnerT, P, FoundT]) -> Function[OwnerT, P, FoundT]:
        known: WeakKeyDictionary[OwnerT, OrderedDict[Hashable, FoundT]] = WeakKeyDictionary()
        lock = Lock()

        @wraps(function)
        def found(owner: OwnerT, /, *args: P.args, **kwargs: P.kwargs) -> FoundT:
            key = (args, tuple(sorted(kwargs.items())))
            with lock:
                own = known.setdefault(owner, OrderedDict())
                if key in own:
                    own.move_to_end(key)
                    return own[key]
            made = function(owner, *args, **kwargs)  # outside the lock: others need not wait for it
            with lock:
                own[key] = made
                while len(own) > most:
                    own.popitem(last=False)
            return made

        return found

    return decorate
