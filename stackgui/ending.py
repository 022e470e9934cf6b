"""Requests to end the program: Ctrl-C, a closed terminal, a system shutdown.

All are handled alike. The first lets the running job stop cleanly, so that it can be resumed; a second ends
the program at once. A signal that the program was started to ignore, as ``nohup`` does, stays ignored.
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
"""Exit status of a program that was asked to end, however it was asked."""

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")

REQUESTS: tuple[signal.Signals, ...] = tuple(
    getattr(signal, name) for name in _NAMES if hasattr(signal, name)
)
"""Signals that ask the program to end. Windows sends the last one when the console is closed."""

MIN_REPEAT_S = 0.3
"""A signal that follows sooner repeats the same request: a shell or a supervisor may pass it on too."""

CANCELLED = "Cancelled."
AT_ONCE = "Ended at once. What was left unfinished can be resumed."

_SHOW_CURSOR = b"\r\x1b[K\x1b[?25h"

Handler = Callable[[int, FrameType | None], None]

_as_json = False
_is_ending = False


def handle_requests(*, as_json: bool) -> None:
    """Handle requests from now on: they end the program at once, except within `listening`.

    Parameters
    ----------
    as_json
        Whether to report the end as a JSON object on stdout or as a sentence on stderr.
    """
    global _as_json  # noqa: PLW0603 - signal handlers are global, too
    _as_json = as_json
    for number in _not_ignored():
        signal.signal(number, _end_idle)


@contextlib.contextmanager
def listening(first: Callable[[], object], clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Call `first` at the first request and end the program at the second; restore the handlers afterwards.

    A signal handler runs between any two bytecodes of the main thread, whatever locks that holds, so
    `first` may do no more than set a flag.
    """
    first_s: float | None = None

    def handle(number: int, _frame: FrameType | None) -> None:
        nonlocal first_s
        if first_s is None:
            first_s = clock()
            first()
        elif _is_second(number, clock() - first_s):
            end_at_once(AT_ONCE)

    before = [(number, signal.signal(number, handle)) for number in _not_ignored()]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def end_at_once(sentence: str) -> NoReturn:
    """Kill the workers and end the program without any clean-up."""
    global _is_ending  # noqa: PLW0603 - a process ends once
    if not _is_ending:
        # Writing to a stopped terminal blocks; a further request must not write a second time.
        _is_ending = True
        _report(sentence)
    _kill_workers()
    os._exit(EXIT_STATUS)


def _end_idle(_number: int, _frame: FrameType | None) -> None:
    end_at_once(CANCELLED)


def _not_ignored() -> list[signal.Signals]:
    return [number for number in REQUESTS if signal.getsignal(number) is not signal.SIG_IGN]


def _is_second(number: int, after_s: float) -> bool:
    """Return whether a further signal is a second request; a closing terminal sends SIGHUP repeatedly."""
    return after_s >= MIN_REPEAT_S and number != getattr(signal, "SIGHUP", None)


def _report(sentence: str) -> None:
    """Write `sentence` around Python's buffers, which the interrupted code may be using."""
    line = f'{{"status": "cancelled", "error": "{sentence}"}}' if _as_json else sentence
    with contextlib.suppress(OSError):
        if os.isatty(2):
            os.write(2, _SHOW_CURSOR)
        os.write(1 if _as_json else 2, f"{line}\n".encode())


def _kill_workers() -> None:
    # Do not import it here: if it is not loaded, or only half loaded, there are no workers.
    children = getattr(sys.modules.get("multiprocessing"), "active_children", list)
    for child in children():
        child.kill()
