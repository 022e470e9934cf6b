"""Puts the computer to sleep or shuts it down, where the system allows it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from stackgui.core.base.errors import RunError
from stackgui.core.base.wording import say

LIMIT_S = 10.0
"""How long the system may take to answer."""


class Power(StrEnum):
    """What can be done with the computer."""

    SLEEP = "sleep"
    SHUT_DOWN = "shutdown"


@dataclass(frozen=True, slots=True)
class _Means:
    """Commands of one system.

    Attributes
    ----------
    does : tuple of str
    allows : tuple of str
        Prints ``yes``, perhaps between other words, if it is allowed; empty where it always is.
    """

    does: tuple[str, ...]
    allows: tuple[str, ...] = ()


_LOGIND = (
    "busctl", "call", "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
)  # fmt: skip

MEANS: Mapping[tuple[str, Power], _Means] = {
    ("linux", Power.SLEEP): _Means(("systemctl", "suspend"), (*_LOGIND, "CanSuspend")),
    ("linux", Power.SHUT_DOWN): _Means(("systemctl", "poweroff"), (*_LOGIND, "CanPowerOff")),
    ("darwin", Power.SLEEP): _Means(("pmset", "sleepnow")),
    ("darwin", Power.SHUT_DOWN): _Means(("osascript", "-e", 'tell app "System Events" to shut down')),
    ("win32", Power.SLEEP): _Means(("rundll32.exe", "powrprof.dll,SetSuspendState", "0,1,0")),
    ("win32", Power.SHUT_DOWN): _Means(("shutdown.exe", "/s", "/t", "0")),
}

NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""On Windows, a command would otherwise open a console for a moment."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def can(
    power: Power,
    system: str = sys.platform,
    find: Callable[[str], str | None] = shutil.which,
    run: Run = subprocess.run,
) -> bool:
    """Return whether the system allows `power` without asking anyone; may take seconds.

    Parameters
    ----------
    power
    system
        As ``sys.platform``.
    find
        Finds a command; returns None if there is none.
    run
        Runs a command, as `subprocess.run` does.
    """
    means = MEANS.get((system, power))
    if means is None or find(means.does[0]) is None:
        return False
    if not means.allows:
        return True
    if find(means.allows[0]) is None:
        return False
    try:
        said = _ran(means.allows, run)
    except RunError:
        return False
    return '"yes"' in said


def use(power: Power, system: str = sys.platform, run: Run = subprocess.run) -> None:
    """Put the computer to sleep, or shut it down; raises RunError if the system refuses."""
    _ran(MEANS[system, power].does, run)


def _ran(command: tuple[str, ...], run: Run) -> str:
    try:
        done = run(
            command,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=LIMIT_S,
            creationflags=NO_WINDOW,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise _refused(str(error)) from error
    if done.returncode:
        raise _refused(done.stderr.strip() or str(done.returncode))
    return done.stdout


def _refused(reason: str) -> RunError:
    return RunError(say("The system did not do it: {reason}.", reason=reason.rstrip(".")))
