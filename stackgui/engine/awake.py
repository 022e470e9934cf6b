"""Keeps the computer from going to sleep while a run is on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

END_S = 2.0
"""How long a helper may take to end before it is killed."""

_LOGIND = ("--what=idle:sleep", "--mode=block", "--who=StackGUI", "--why=Pictures are being converted", "cat")

HELPERS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "linux": (
        ("systemd-inhibit", *_LOGIND),
        ("elogind-inhibit", *_LOGIND),
        ("gnome-session-inhibit", "--inhibit", "idle:suspend", "cat"),
    ),
    "darwin": (("caffeinate", "-i", "-s", "cat"),),
}
"""Commands that keep each system awake for as long as another command runs; the first that is there is used.

That command, ``cat``, ends as soon as its input is closed, which happens even if this process is killed.
"""

_CONTINUOUS, _SYSTEM_REQUIRED = 0x80000000, 0x00000001
"""What SetThreadExecutionState of Windows takes; it holds until it is called again, or the process ends."""


class Awake:
    """Keeps the computer awake between `hold` and `release`; does nothing where the system lacks the means.

    Call it from one thread only.

    Parameters
    ----------
    system
        As ``sys.platform``.
    find
        Finds a command; returns None if there is none.
    start
        Starts a command, as `subprocess.Popen` does.
    set_state
        SetThreadExecutionState of Windows.
    """

    def __init__(
        self,
        system: str = sys.platform,
        find: Callable[[str], str | None] | None = None,
        start: Callable[..., subprocess.Popen[bytes]] = subprocess.Popen,
        set_state: Callable[[int], object] | None = None,
    ) -> None:
        self._system = system
        self._find = find or shutil.which
        self._start = start
        self._set_state = set_state or _set_thread_state
        self._helper: subprocess.Popen[bytes] | None = None
        self._held = False

    @property
    def is_held(self) -> bool:
        """Whether the computer was asked to stay awake."""
        return self._held

    def hold(self, *, wanted: bool = True) -> None:
        """Keep the computer awake, or with `wanted` false do what `release` does."""
        if not wanted:
            self.release()
            return
        if self._held:
            return
        self._held = True
        if self._system == "win32":
            self._set_state(_CONTINUOUS | _SYSTEM_REQUIRED)
            return
        for name, *arguments in HELPERS.get(self._system, ()):
            if command := self._find(name):
                self._helper = self._started([command, *arguments])
                return

    def _started(self, command: list[str]) -> subprocess.Popen[bytes] | None:
        with suppress(OSError):
            return self._start(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in the terminal is for this program
            )
        return None

    def release(self) -> None:
        """Let the computer sleep again; never raises, and does nothing the second time."""
        if not self._held:
            return
        self._held = False
        helper, self._helper = self._helper, None
        if self._system == "win32":
            self._set_state(_CONTINUOUS)
        elif helper is not None:
            _end(helper)

    def __enter__(self) -> Self:
        self.hold()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _end(helper: subprocess.Popen[bytes]) -> None:
    if helper.stdin is not None:
        with suppress(OSError):
            helper.stdin.close()
    with suppress(OSError):
        helper.terminate()
    try:
        helper.wait(END_S)
    except subprocess.TimeoutExpired:
        helper.kill()
        helper.wait()


def _set_thread_state(state: int) -> object:
    import ctypes  # noqa: PLC0415 - Windows only

    libraries: Any = ctypes
    return libraries.windll.kernel32.SetThreadExecutionState(state)
