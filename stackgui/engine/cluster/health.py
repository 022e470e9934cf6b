"""Asks a cluster how it is doing."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

import psutil

from stackgui.core.run.cluster import ClusterHealth, Link, SilentWorker
from stackgui.engine.cluster.connecting import Cluster
from stackgui.engine.cluster.hands import reasons

ANSWER_S = 5.0
"""Time for all workers to answer; those that do not are asked again the next time."""

SILENT_S = 10
"""Without a heartbeat for so long something is wrong: a few workers send one every half second, hundreds one
every few seconds."""

MAX_REFUSED = 3


class Vitals(NamedTuple):
    """The memory of a worker's host, and what is taken of it."""

    host: str
    memory_bytes: int
    used_bytes: int


def vitals() -> Vitals:
    """Return what this host has; runs on a worker."""
    memory = psutil.virtual_memory()
    return Vitals(socket.gethostname(), int(memory.total), int(memory.total - memory.available))


def shows_pages() -> bool:
    """Whether Dask's pages are there; runs in the scheduler, where Dask loads them if they can be shown."""
    return "distributed.dashboard.scheduler" in sys.modules


class Doctor:
    """Asks one cluster again and again, and remembers what was answered."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._vitals: dict[str, Vitals] = {}
        self._dashboard: str | None = None
        self._earlier = 0

    def begin(self) -> None:
        """Forget, for a new run, who was lost or refused before."""
        self._cluster.pulse.forget_lost()
        self._earlier = len(self._cluster.pulse.events)

    def glance(self) -> ClusterHealth:
        """Return what is known, without waiting for anybody."""
        pulse = self._cluster.pulse
        pulse.ask()
        known, refused = pulse.known, self._refused()
        hosts = {said.host: said for each, said in self._vitals.items() if each in known}.values()
        return ClusterHealth(
            str(self._cluster.address),
            Link.REACHED if pulse.has_answered else Link.SOUGHT,
            workers=len(known),
            threads=sum(each.threads for each in known.values()),
            memory_bytes=sum(each.memory_bytes for each in hosts),
            used_bytes=sum(each.used_bytes for each in hosts),
            lost=max(0, pulse.lost - len({event["worker"] for _when, event in refused} - known.keys())),
            refused=reasons(refused)[-MAX_REFUSED:],
            dashboard=self._dashboard or "",
            silent_s=_worth_saying(pulse.silent_s),
            silent_workers=tuple(
                SilentWorker(self._vitals[each].host if each in self._vitals else known[each].host, seconds)
                for each, silent_s in pulse.silent_workers.items()
                if (seconds := _worth_saying(silent_s)) and each in known
            ),
        )

    def look(self) -> ClusterHealth:
        """Ask scheduler and workers how they are doing, which takes seconds where somebody is silent."""
        cluster, pulse = self._cluster, self._cluster.pulse
        pulse.look()
        if not pulse.silent_s:  # else nobody would answer in time
            awake = [each for each, silent_s in pulse.silent_workers.items() if silent_s < SILENT_S]
            asked = cluster.answer(
                lambda: cluster.client.run(vitals, workers=awake, on_error="ignore"), ANSWER_S, {}
            )
            self._vitals |= asked if awake else {}
            if self._dashboard is None:
                self._dashboard = self._page()
        return self.glance()

    def _refused(self) -> Sequence[tuple[float, Any]]:
        """Return what was logged of workers that were refused since the run began."""
        events = self._cluster.pulse.events
        if len(events) < self._earlier:
            self._earlier = 0  # it is another scheduler
        return events[self._earlier :]

    def _page(self) -> str | None:
        """Return the address of Dask's pages, ``""`` if it shows none, None if nobody says."""
        client = self._cluster.client
        shown = self._cluster.answer(lambda: client.run_on_scheduler(shows_pages), ANSWER_S, None)
        if not shown:
            return None if shown is None else ""
        with contextlib.suppress(Exception):  # it has no server for them
            return str(client.dashboard_link or "")
        return ""


def _worth_saying(silent_s: float) -> int:
    return int(silent_s) if silent_s >= SILENT_S else 0
