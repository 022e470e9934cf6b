"""Cancelling, pausing and watching a job from another thread."""

from __future__ import annotations

import threading
import time
from typing import Generic, Protocol, TypeVar

from stackgui.core.base.cancellation import Cancellation, Progress
from stackgui.core.base.errors import Cancelled

SnapshotT = TypeVar("SnapshotT")


class Steering(Cancellation, Protocol):
    """What a job checks to learn that it is cancelled or paused."""

    @property
    def paused(self) -> bool:
        """Whether the job is paused, or will be as soon as it can."""


class Watch(Progress, Steering, Protocol):
    """What a job obeys, and where it reports its progress."""


class Control(Generic[SnapshotT]):
    """Cancels, pauses and watches one job; all methods may be called from any thread.

    The job publishes immutable snapshots, and a watcher reads the latest at its own pace: a signal for every
    sample would freeze the window.
    """

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self._running = threading.Event()
        self._running.set()
        self._lock = threading.Lock()
        self._paused_s = 0.0
        self._paused_at: float | None = None
        self._snapshot: SnapshotT | None = None

    def cancel(self) -> None:
        """Ask the job to end; it raises `Cancelled` within a second."""
        self._cancelled.set()

    def pause(self) -> None:
        """Ask the job to pause; batches that a worker already has are finished first."""
        with self._lock:
            if self._paused_at is None:
                self._paused_at = time.monotonic()
            self._running.clear()

    def resume(self) -> None:
        """End a pause."""
        with self._lock:
            if self._paused_at is not None:
                self._paused_s += time.monotonic() - self._paused_at
                self._paused_at = None
            self._running.set()

    @property
    def paused(self) -> bool:
        """Whether the job is paused, or will be as soon as it can."""
        return not self._running.is_set()

    @property
    def paused_s(self) -> float:
        """Seconds spent in pauses so far."""
        with self._lock:
            now = 0.0 if self._paused_at is None else time.monotonic() - self._paused_at
            return self._paused_s + now

    @property
    def snapshot(self) -> SnapshotT | None:
        """The snapshot that the job published last."""
        return self._snapshot

    def publish(self, snapshot: SnapshotT) -> None:
        """Replace the snapshot; called by the job."""
        self._snapshot = snapshot

    def check(self) -> None:
        """Raise `Cancelled` when `cancel` was called; called by the job."""
        if self._cancelled.is_set():
            raise Cancelled("Cancelled.")
