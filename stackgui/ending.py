"""Requests to end: Ctrl-C, a terminal that is closed, a system that shuts down.

All of them mean the same. The first lets the job at work end properly, so that it can be resumed; a second
ends the program at once. What the program was started to ignore, as by ``nohup``, stays ignored.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NoReturn

EXIT_STATUS = 130
"""Of a program that ended because it was asked to, whichever way it was asked."""

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")

REQUESTS: tuple[signal.Signals, ...] = tuple(
    getattr(signal, name) for name in _NAMES if hasattr(signal, name)
)
"""The signals that ask to end. On Windows a console that is closed sends the last one."""

AGAIN_S = 0.3
"""What comes sooner is the same request: a program and its shell, or its supervisor, may both pass it on."""

CANCELLED = "Cancelled."
AT_ONCE = "Ended at once. What was left unfinished can be resumed."

_SHOW_CURSOR = b"\r\x1b[K\x1b[?25h"

Handler = Callable[[int, FrameType | None], None]

_as_json = False
_is_ending = False


def stand_by(*, as_json: bool) -> None:
    """Answer requests from now on, for the rest of the program; while nobody listens, they end it at once.

    Parameters
    ----------
    as_json
        Whether the program tells its end on stdout, as a JSON object, or on stderr, to people.
    """
    global _as_json  # noqa: PLW0603 - a process has its signals once
    _as_json = as_json
    for number in _heeded():
        signal.signal(number, _end_idle)


@contextlib.contextmanager
def listening(told: Callable[[], object], clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Have the first request told to `told` and the second end the program, and after it all as before.

    A signal's handler runs between any two lines of Python of the main thread, whatever locks they hold:
    `told` may do no more than set a flag.
    """
    first_s: float | None = None

    def handle(number: int, _frame: FrameType | None) -> None:
        nonlocal first_s
        if first_s is None:
            first_s = clock()
            told()
        elif _insists(number, clock() - first_s):
            end_at_once(AT_ONCE)

    before = [(number, signal.signal(number, handle)) for number in _heeded()]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def end_at_once(sentence: str) -> NoReturn:
    """End this program and its workers, leaving all as it is."""
    global _is_ending  # noqa: PLW0603 - a process ends once
    if not _is_ending:
        # A terminal that is stopped holds the sentence up, and whoever then asks again gets no other.
        _is_ending = True
        _say(sentence)
    _kill_workers()
    os._exit(EXIT_STATUS)


def _end_idle(_number: int, _frame: FrameType | None) -> None:
    end_at_once(CANCELLED)


def _heeded() -> list[signal.Signals]:
    return [number for number in REQUESTS if signal.getsignal(number) is not signal.SIG_IGN]


def _insists(number: int, after_s: float) -> bool:
    """Whether somebody asks again; a terminal that is closed does so, and means nothing by it."""
    return after_s >= AGAIN_S and number != getattr(signal, "SIGHUP", None)


def _say(sentence: str) -> None:
    """Write past Python's buffers, which the interrupted line may be in the middle of using."""
    line = f'{{"status": "cancelled", "error": "{sentence}"}}' if _as_json else sentence
    with contextlib.suppress(OSError):
        if os.isatty(2):
            os.write(2, _SHOW_CURSOR)
        os.write(1 if _as_json else 2, f"{line}\n".encode())


def _kill_workers() -> None:
    # Not imported for this: where it is absent, or not there yet as a whole, there are no workers.
    children = getattr(sys.modules.get("multiprocessing"), "active_children", list)
    for child in children():
        child.kill()
