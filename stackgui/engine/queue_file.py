"""The file of the queue, which windows and terminals share, and the lock of the one that runs it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress

from platformdirs import user_data_path

from stackgui.core.base.errors import StackguiError, StoreError
from stackgui.core.base.system_errors import system_reason
from stackgui.core.base.text import printable
from stackgui.core.base.wording import joined, say
from stackgui.core.project.queue import JobState, Queue, QueuedJob
from stackgui.stores.files.failures import explained
from stackgui.stores.files.locks import FileLock
from stackgui.stores.files.replacing import DAMAGED, replace_file
from stackgui.stores.format.header import read_header

MAX_BYTES = 2**30
"""Maximum size to read; jobs take some kilobytes each, and more only where many pictures are left out."""

PATIENCE_S = 10.0
"""How long to wait while another program writes the file, which takes milliseconds."""

_TICK_S = 0.02


def queue_file() -> str:
    """Return the path of the queue, in the data folder of the person's account."""
    return str(user_data_path("stackgui", appauthor=False) / "queue.json")


class QueueFile:
    """The queue on the disk: every change is durable, and made to what is there at that moment.

    Parameters
    ----------
    file
        Its path; by default that of the person's account.
    """

    def __init__(self, file: str = "") -> None:
        self.file = file or queue_file()
        self._owned: FileLock | None = None

    def read(self) -> Queue:
        """Return the queue; empty if there is none, and with a problem if it cannot be read in full."""
        try:
            with open(self.file, "rb") as opened:
                return Queue.from_json(json.loads(opened.read(MAX_BYTES)))
        except FileNotFoundError:
            return Queue()
        except OSError as error:
            return Queue(problem=say("The queue cannot be read: {reason}.", reason=system_reason(error)))
        except (ValueError, RecursionError):
            return Queue.from_json(None)

    def told(self) -> str:
        """Return what of the queue cannot be read, and where the file is kept; or ``""``."""
        problem = self.read().problem
        kept = say("At the next change, the file is kept as {file}.", file=printable(self.file + DAMAGED))
        return joined(" ", (problem, kept)) if problem else ""

    def stamp(self) -> tuple[int, int]:
        """Return what changes with the file: its time and size; zeros if there is none."""
        try:
            found = os.stat(self.file)
        except OSError:
            return 0, 0
        return found.st_mtime_ns, found.st_size

    def change(self, edit: Callable[[Queue], Queue]) -> Queue:
        """Apply `edit` to the queue and return the result, while no other program can change it.

        Raises
        ------
        StoreError
            When the file cannot be written, and whatever `edit` raises; the queue is as it was then.
        """
        with self._locked():
            before = self.read()
            after = edit(before)
            if after != before:
                contents = json.dumps(after.to_json(), indent=1) + "\n"
                replace_file(self.file, contents.encode("ascii"), keeps_old=bool(before.problem))
            return after

    def own(self) -> bool:
        """Become the one program that runs the queue; False if another one is.

        What the last one left running waits again.
        """
        if self._owned is not None:
            return True
        self._owned = self._lock("running.lock")
        if self._owned is None:
            return False
        try:
            self.change(_recovered)
        except BaseException:
            self.release()
            raise
        return True

    @property
    def is_run_elsewhere(self) -> bool:
        """Whether another program runs the queue."""
        if self._owned is not None or not os.path.exists(self.file):
            return False
        found = self._lock("running.lock")
        if found is not None:
            found.release()
        return found is None

    def release(self) -> None:
        """Let another program run the queue; never raises."""
        if self._owned is not None:
            self._owned.release()
            self._owned = None

    def take(self) -> QueuedJob | None:
        """Mark the next waiting job as running and return it as it was; None if none waits."""
        taken: list[QueuedJob] = []

        def edit(queue: Queue) -> Queue:
            if not queue.waiting:
                return queue
            taken.append(queue.waiting[0])
            return queue.begun(queue.waiting[0].number)

        self.change(edit)
        return taken[0] if taken else None

    def _lock(self, name: str) -> FileLock | None:
        file = f"{self.file}.{name}"
        with explained(file):
            os.makedirs(os.path.dirname(file), exist_ok=True)
            return FileLock.taken(file)

    def _locked(self) -> FileLock:
        deadline_s = time.monotonic() + PATIENCE_S
        while (found := self._lock("lock")) is None:
            if time.monotonic() > deadline_s:
                raise StoreError(say("Another program keeps the queue locked. Try again."))
            time.sleep(_TICK_S)
        return found


def _recovered(queue: Queue) -> Queue:
    """Return the queue after the program that ran it has ended, perhaps just after its job was done."""
    job = queue.running
    if job is None:
        return queue
    failed = _failed_rows(job)
    if failed is not None:
        return _recovered(queue.ended(job.number, JobState.DONE, failed=failed))
    return _recovered(queue.interrupted())


def _failed_rows(job: QueuedJob) -> int | None:
    """Return how many rows of the finished stack of `job` are blank; None if it is not finished."""
    with suppress(StackguiError, LookupError, TypeError, ValueError):
        header = read_header(job.destination)
        if job.fingerprint and header["plan"]["fingerprint"] == job.fingerprint:
            return int(header["failed"])
    return None
