"""Tells processes of this computer whether another one of them is still there."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Self

from platformdirs import user_cache_path

from stackgui.stores.files.locks import FileLock


class Alive:
    """A sign of life: a file that is locked for as long as its process lives.

    That it lies where another process looks proves that both use the same disk, which a name of a host or a
    number of a process does not: containers share them.
    """

    def __init__(self, name: str, lock: FileLock | None) -> None:
        self._name = name
        self._lock = lock

    @classmethod
    def begin(cls, token: str) -> Self:
        """Give a sign of life under a name of its own; without a folder for that, there is none."""
        name = _file_of(token)
        lock = None
        with suppress(OSError):
            os.makedirs(os.path.dirname(name), exist_ok=True)
            lock = FileLock.taken(name)
        return cls(name, lock)

    @staticmethod
    def is_gone(token: str) -> bool:
        """Whether a process gave that sign here and lives no more; False if nobody knows."""
        name = _file_of(token)
        try:
            lock = FileLock.taken(name) if os.path.exists(name) else None
        except OSError:
            return False
        if lock is None:
            return False
        lock.release()
        return True

    @staticmethod
    def forget(token: str) -> None:
        """Delete the sign of a process that is gone; never raises."""
        with suppress(OSError):
            os.unlink(_file_of(token))

    def end(self) -> None:
        """End it; never raises."""
        if self._lock is not None:
            self._lock.release()
            with suppress(OSError):
                os.unlink(self._name)


def _file_of(token: str) -> str:
    return os.path.join(user_cache_path("stackgui", appauthor=False), "claims", token)
