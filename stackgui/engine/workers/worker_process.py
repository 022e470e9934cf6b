"""A worker's process: how it starts, how it ends, and what it shares with others.

A new process imports this before all else, so it brings none of the decoders: while they are loaded, which
takes most of the start, the worker already is silent and ends with the program.
"""

from __future__ import annotations

import contextlib
import faulthandler
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

from stackgui.core.run.run import Limits
from stackgui.ending import REQUESTS

if sys.platform != "win32":
    from multiprocessing import resource_tracker

STDOUT, STDERR = 1, 2

GRACE_S = 10.0
"""How long after its time a worker that nobody can stop ends itself."""

LOOK_S = 2.0
"""How often a worker looks whether the program that it belongs to is still there."""


def begin(limits: Limits) -> None:
    """Prepare a new worker."""
    # The decoders' libraries print warnings of their own, which would tear the progress line.
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, STDOUT)
    os.dup2(quiet, STDERR)
    os.close(quiet)
    threading.Thread(target=_end_with_parent, args=(limits.sample_s,), daemon=True).start()
    from stackgui.engine.workers import tasks  # noqa: PLC0415 - brings the decoders

    tasks.initialize(limits)


def _end_with_parent(sample_s: float) -> None:
    """End this process with the program, even while a decoder lets no other Python code run."""
    parent = multiprocessing.parent_process()
    while parent is not None and parent.is_alive():
        # A thread without Python, wound up anew as long as Python runs.
        faulthandler.dump_traceback_later(sample_s + GRACE_S, exit=True, file=STDERR)
        parent.join(LOOK_S)
    if parent is not None:
        os._exit(1)


class WorkerProcess(SpawnProcess):
    """A process that ends when the program says so, and by no other request.

    Ctrl-C, a closed terminal and a supervisor address all processes together. The program decides what comes
    of that; a worker that ended by itself would be taken for one that a sample has killed.
    """

    def start(self) -> None:
        """Start it with the requests held back from its first moment on, imports included."""
        with _requests_held_back():
            super().start()

    def terminate(self) -> None:
        """End it now: a worker has nothing to tidy up, and one that is stuck would hear of nothing less."""
        self.kill()


class Turn:
    """A lock among processes without a name: a byte in a pipe, which whoever has the turn has taken out.

    The locks of `multiprocessing` are files in memory on most systems, and stay for good when all processes
    of a program are killed together. A pipe goes with the last process that has it open. Like those, it
    stays locked when its holder is killed: that one may have been in the middle of a message.
    """

    def __init__(self) -> None:
        self._reader, self._writer = multiprocessing.Pipe(duplex=False)
        os.set_blocking(self._reader.fileno(), False)
        self._owner, self._depth = 0, 0
        self._put_back()

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:  # noqa: FBT001, FBT002 - as every lock of Python's
        """Take the turn, unless it takes longer than `timeout` seconds; its holder may take it again."""
        if self._owner != threading.get_ident():
            if not self._take_out(None if timeout is None else time.monotonic() + timeout, block=block):
                return False
            self._owner = threading.get_ident()
        self._depth += 1
        return True

    def release(self) -> None:
        """Give the turn back, when it was taken once only."""
        assert self._owner == threading.get_ident(), "another has the turn"
        self._depth -= 1
        if not self._depth:
            self._owner = 0
            self._put_back()

    def _take_out(self, deadline_s: float | None, *, block: bool) -> bool:
        waiter = select.poll()
        waiter.register(self._reader.fileno(), select.POLLIN)
        while True:
            with contextlib.suppress(BlockingIOError):  # another was faster
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
    """What a pool makes its processes and their locks with."""

    Process = WorkerProcess

    if sys.platform != "win32":  # there locks are nameless

        def RLock(self) -> Any:  # noqa: ANN401, N802 - the pool's word; it is used as Python's own
            """Make a lock that leaves nothing behind."""
            return Turn()


def was_killed(exit_code: int) -> bool:
    """Whether a worker that ended with `exit_code` was killed from outside, as when memory is short."""
    kill = getattr(signal, "SIGKILL", None)
    return exit_code in _KILLED_ON_WINDOWS if kill is None else exit_code == -kill


_KILLED_ON_WINDOWS = {-signal.SIGTERM, 0xC0000017, 0xC000012D}
"""What `multiprocessing` makes of a process that was terminated, and what Windows says when it lacks memory
(``STATUS_NO_MEMORY``, ``STATUS_COMMITMENT_LIMIT``)."""


@contextlib.contextmanager
def _requests_held_back() -> Iterator[None]:
    """Have what is started inherit that it hears no requests; a thread's mask goes to its children."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, REQUESTS)
    try:
        # Python's helper goes with the last worker. Starting it lets some requests through again.
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, REQUESTS)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
