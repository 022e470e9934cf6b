"""Background jobs; the only module of the window that starts threads.

A job is one thread and one control. The thread never calls the window and imports nothing of Qt (see
`app/loading`). The window polls, reads the latest snapshot, and takes the job's one ending. Starting a job
again drops the result of the previous one.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from stackgui.core.base.errors import Cancelled, StackguiError
from stackgui.core.base.wording import say
from stackgui.engine import Control
from stackgui.gui.texts.ways_out import told

SnapshotT = TypeVar("SnapshotT")
ResultT = TypeVar("ResultT")


class Outcome(StrEnum):
    """How a job ended."""

    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, eq=False, slots=True)
class Ending(Generic[ResultT]):
    """The one ending of a job.

    Attributes
    ----------
    job : int
        The job's number.
    result
        What the work returned; None unless it finished.
    text : str
        Why it failed, as a sentence to show.
    details : str
        Traceback of a fault of the program; ``""`` for a `StackguiError`.
    error : StackguiError or None
        The error, if it was raised deliberately.
    """

    job: int
    outcome: Outcome
    result: ResultT | None = None
    text: str = ""
    details: str = ""
    error: StackguiError | None = None


FAULT_TEXT = say("Something went wrong inside StackGUI. This is a fault of the program, not yours.")


class Job(Generic[SnapshotT, ResultT]):
    """One thread that does one piece of work.

    Parameters
    ----------
    number
        Unique number.
    name
        Purpose, used in the thread's name.
    work
        Called with the control in the thread; returns the result or raises.
    """

    def __init__(self, number: int, name: str, work: Callable[[Control[SnapshotT]], ResultT]) -> None:
        self.number = number
        self.control: Control[SnapshotT] = Control()
        self._work = work
        self._ending: Ending[ResultT] | None = None
        # Not a daemon: the interpreter must not end in the middle of a write.
        self._thread = threading.Thread(target=self._run, name=f"stackgui-{name}-{number}")
        self._thread.start()

    @property
    def ending(self) -> Ending[ResultT] | None:
        """Ending of the job, or None while it runs."""
        return self._ending

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread; return False if it is still running after `timeout_s`."""
        self._thread.join(max(0.0, timeout_s))
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            result = self._work(self.control)
        except Cancelled:
            self._ending = Ending(self.number, Outcome.CANCELLED)
        except StackguiError as error:
            self._ending = Ending(self.number, Outcome.FAILED, text=told(error), error=error)
        except BaseException:  # noqa: BLE001 - whatever it was, the job must end and the window must say so
            self._ending = Ending(
                self.number, Outcome.FAILED, text=FAULT_TEXT, details=traceback.format_exc()
            )
        else:
            self._ending = Ending(self.number, Outcome.FINISHED, result=result)


@dataclass(eq=False, slots=True)
class _Watched:
    """A job with the callbacks for its progress and ending."""

    job: Job[Any, Any]
    on_end: Callable[[Ending[Any]], None]
    on_progress: Callable[[Any], None] | None
    shown: object = None


class Jobs:
    """The jobs of a window, at most one of each kind. Call from one thread only."""

    def __init__(self) -> None:
        self._watched: dict[str, _Watched] = {}
        self._dropped: list[Job[Any, Any]] = []
        self._last_number = 0

    def start(
        self,
        kind: str,
        work: Callable[[Control[SnapshotT]], ResultT],
        on_end: Callable[[Ending[ResultT]], None],
        on_progress: Callable[[SnapshotT], None] | None = None,
    ) -> int:
        """Start a job of `kind`; cancel a running one of the same kind and drop its result.

        Returns
        -------
        int
            The job's number.
        """
        self.drop(kind)
        self._last_number += 1
        job = Job(self._last_number, kind, work)
        self._watched[kind] = _Watched(job, on_end, on_progress)
        return job.number

    def drop(self, *kinds: str) -> None:
        """Cancel the jobs of `kinds`, if any, without reporting their endings."""
        for kind in kinds:
            if watched := self._watched.pop(kind, None):
                watched.job.control.cancel()
                self._dropped.append(watched.job)

    def is_active(self, kind: str) -> bool:
        """Return whether a job of `kind` has yet to report its ending."""
        return kind in self._watched

    def cancel(self, kind: str) -> None:
        """Cancel the job of `kind`; its ending will be reported."""
        if watched := self._watched.get(kind):
            watched.job.control.cancel()

    def pause(self, kind: str) -> None:
        """Pause the job of `kind`."""
        if watched := self._watched.get(kind):
            watched.job.control.pause()

    def resume(self, kind: str) -> None:
        """Resume the job of `kind`."""
        if watched := self._watched.get(kind):
            watched.job.control.resume()

    def wait(self, kind: str, timeout_s: float) -> None:
        """Wait for the job of `kind`, and report its ending if it ends within `timeout_s`."""
        if (watched := self._watched.get(kind)) and watched.job.join(timeout_s):
            self._poll_one(kind, watched)

    def is_paused(self, kind: str) -> bool:
        """Return whether the job of `kind` is paused, on request or because of trouble."""
        watched = self._watched.get(kind)
        return watched is not None and watched.job.control.paused

    def poll(self) -> None:
        """Report new snapshots and endings; called ten times a second."""
        self._dropped = [job for job in self._dropped if not (job.ending and job.join(1.0))]
        for kind, watched in list(self._watched.items()):
            if self._watched.get(kind) is watched:  # an earlier callback may have restarted it
                self._poll_one(kind, watched)

    def _poll_one(self, kind: str, watched: _Watched) -> None:
        ending = watched.job.ending  # read before the snapshot, so that the last snapshot is not missed
        snapshot = watched.job.control.snapshot
        if ending:
            # Removed before it is reported, so that an error in the callback cannot report it twice.
            del self._watched[kind]
            self._dropped.append(watched.job)
        if watched.on_progress and snapshot is not None and snapshot is not watched.shown:
            watched.shown = snapshot
            watched.on_progress(snapshot)
        if ending:
            watched.on_end(ending)

    def close(self, timeout_s: float) -> bool:
        """Cancel all jobs and wait; return False if one is still running after `timeout_s`."""
        for kind in list(self._watched):
            self.drop(kind)
        deadline = time.monotonic() + timeout_s
        self._dropped = [job for job in self._dropped if not job.join(deadline - time.monotonic())]
        return not self._dropped
