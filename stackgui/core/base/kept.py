"""A cache for functions of a catalog or plan, which lasts as long as that object."""

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
    """Cache the results of a function for its first argument until that argument is garbage-collected.

    `functools.lru_cache` would keep the arguments alive: each cache would hold a catalog of a million samples
    long after the window shows another one.

    Parameters
    ----------
    most : int
        Results to keep for each first argument; the least recently used is dropped first.

    Notes
    -----
    The first argument is compared by identity and must support weak references. A result must not refer to
    it. All other arguments must be hashable.
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
            made = function(owner, *args, **kwargs)  # without the lock, so that other calls need not wait
            with lock:
                own[key] = made
                while len(own) > most:
                    own.popitem(last=False)
            return made

        return found

    return decorate
