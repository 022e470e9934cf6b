"""A worker process: how it starts, how it ends, and the lock that it shares with others.

A new process imports this module first, so the module must not import decoders: loading them takes most of
the start, and by then the worker must already be silent and set to end with the program.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import multiprocessing
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing.context import SpawnContext, SpawnProcess, assert_spawning
from typing import Any

from stackgui.core.run.run_options import Limits
from stackgui.ending import REQUESTS
from stackgui.engine.workers import priority

if sys.platform != "win32":
    from multiprocessing import resource_tracker

STDOUT, STDERR = 1, 2

GRACE_S = 10.0
"""Time past its limit after which a worker that nobody stopped ends itself."""

LOOK_S = 2.0
"""How often a worker checks that its parent process is still alive."""


def begin(limits: Limits, gives_way: bool) -> None:  # noqa: FBT001 - as a pool calls it
    """Prepare a new worker, which `gives_way` to the window or not."""
    # Decoder libraries print warnings of their own, which would garble the progress line.
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, STDOUT)
    os.dup2(quiet, STDERR)
    os.close(quiet)
    threading.Thread(target=_end_with_parent, args=(limits.sample_s,), daemon=True).start()
    if gives_way:
        priority.give_way()
    gc.disable()  # there is no garbage among modules, and looking for it takes a tenth of the start
    from stackgui.engine.workers import tasks  # noqa: PLC0415 - brings the decoders

    gc.freeze()
    gc.enable()
    tasks.initialize(limits)


def _end_with_parent(sample_s: float) -> None:
    """End this process when its parent ends, even while a decoder holds the interpreter lock."""
    parent = multiprocessing.parent_process()
    while parent is not None and parent.is_alive():
        # A watchdog thread in C, restarted for as long as Python code runs.
        faulthandler.dump_traceback_later(sample_s + GRACE_S, exit=True, file=STDERR)
        parent.join(LOOK_S)
    if parent is not None:
        os._exit(1)


class WorkerProcess(SpawnProcess):
    """A process that ends only when its parent ends it.

    Ctrl-C, a closed terminal and a supervisor signal all processes of the program at once. The parent decides
    what to do; a worker that ended on its own would look like one that a sample has killed.
    """

    def start(self) -> None:
        """Start the process with these signals blocked from the start, imports included."""
        with _requests_held_back():
            super().start()

    def terminate(self) -> None:
        """Kill the process: a worker has nothing to clean up, and a stuck one ignores anything less."""
        self.kill()


class Turn:
    """A reentrant lock between processes: a pipe with one byte in it, which the holder has taken out.

    On most systems the locks of `multiprocessing` are named files in memory, and stay for ever when all
    processes of a program are killed together. A pipe goes with the last process that has it open. Like those
    locks, it stays locked when its holder is killed, who may have been in the middle of a message.
    """

    def __init__(self) -> None:
        self._reader, self._writer = multiprocessing.Pipe(duplex=False)
        os.set_blocking(self._reader.fileno(), False)
        self._owner, self._depth = 0, 0
        self._put_back()

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:  # noqa: FBT001, FBT002 - as every lock of Python's
        """Acquire the lock within `timeout` seconds; return whether it is held. Reentrant."""
        if self._owner != threading.get_ident():
            if not self._take_out(None if timeout is None else time.monotonic() + timeout, block=block):
                return False
            self._owner = threading.get_ident()
        self._depth += 1
        return True

    def release(self) -> None:
        """Undo one `acquire`; the last one frees the lock."""
        assert self._owner == threading.get_ident(), "another thread holds the lock"
        self._depth -= 1
        if not self._depth:
            self._owner = 0
            self._put_back()

    def _take_out(self, deadline_s: float | None, *, block: bool) -> bool:
        waiter = select.poll()
        waiter.register(self._reader.fileno(), select.POLLIN)
        while True:
            with contextlib.suppress(BlockingIOError):  # another process was faster
                return bool(os.read(self._reader.fileno(), 1))
            left_s = None if deadline_s is None else deadline_s - time.monotonic()
            if not block or (left_s is not None and left_s <= 0):
                return False
            waiter.poll(None if left_s is None else left_s * 1000)

    def _put_back(self) -> None:
        os.write(self._writer.fileno(), b"1")

    def __getstate__(self) -> tuple[object, object]:
        assert_spawning(self)
        return self._reader, self._writer

    def __setstate__(self, state: tuple[object, object]) -> None:
        self._reader, self._writer = state  # type: ignore[assignment]
        self._owner, self._depth = 0, 0


class WorkerContext(SpawnContext):
    """The `multiprocessing` context from which the pool gets its processes and locks."""

    Process = WorkerProcess

    if sys.platform != "win32":  # locks have no names on Windows

        def RLock(self) -> Any:  # noqa: ANN401, N802 - overrides a method of multiprocessing
            """Return a lock that leaves nothing behind."""
            return Turn()


def was_killed(exit_code: int) -> bool:
    """Return whether a worker that ended with `exit_code` was killed from outside, say for want of memory."""
    kill = getattr(signal, "SIGKILL", None)
    return exit_code in _KILLED_ON_WINDOWS if kill is None else exit_code == -kill


_KILLED_ON_WINDOWS = {-signal.SIGTERM, 0xC0000017, 0xC000012D}
"""Exit code that `multiprocessing` reports for a terminated process, and those of Windows when memory
runs out (``STATUS_NO_MEMORY``, ``STATUS_COMMITMENT_LIMIT``)."""


@contextlib.contextmanager
def _requests_held_back() -> Iterator[None]:
    """Block the signals that ask the program to end, so that processes started meanwhile inherit the mask."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, REQUESTS)
    try:
        # Python's resource tracker ends with the last worker. Starting it unblocks some of the signals.
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, REQUESTS)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
