"""What many tasks have in common, packed once for all of them and unpacked once by each worker."""

from __future__ import annotations

import pickle
from functools import lru_cache
from typing import Any

_MOST_KEPT = 8
"""Values that a worker keeps; a run has one, and few runs share the workers."""


class PackedOnce:
    """Stands for a value among the arguments of tasks; they get the value itself, which must never change."""

    def __init__(self, value: object) -> None:
        self._data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpacked, (self._data,)


@lru_cache(_MOST_KEPT)
def _unpacked(data: bytes) -> object:
    return pickle.loads(data)  # noqa: S301 - by the process that started this one
