"""How a cluster is doing that jobs can be carried out on, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes
from stackgui.core.base.wording import Wording, joined, say, say_many


class Link(StrEnum):
    """How far a cluster can be reached."""

    SOUGHT = "sought"
    REACHED = "reached"
    AWAY = "away"


class SilentWorker(NamedTuple):
    """A worker that should have been heard of."""

    host: str
    silent_s: int


@dataclass(frozen=True, slots=True)
class ClusterHealth:
    """The state of a cluster at one moment.

    Attributes
    ----------
    address : str
        As the person gave it.
    link : Link
    workers, threads : int
        Workers that are connected, and pictures that they can decode at the same time.
    memory_bytes, used_bytes : int
        Memory that the workers may take together, and what they take now.
    lost : int
        Workers that were connected earlier and are not any more.
    refused : tuple of str
        A sentence for each worker that may not help, such as one with other versions.
    dashboard : str
        Address of the page on which the scheduler shows its work, or ``""``.
    silent_s : int
        Seconds for which the scheduler has not answered, 0 if that is not worth saying.
    silent_workers : tuple of SilentWorker
        Workers that are still connected, but have not been heard of for long.
    problem : str
        Why the cluster cannot be reached, as a sentence.
    """

    address: str
    link: Link = Link.SOUGHT
    workers: int = 0
    threads: int = 0
    memory_bytes: int = 0
    used_bytes: int = 0
    lost: int = 0
    refused: tuple[str, ...] = ()
    dashboard: str = ""
    silent_s: int = 0
    silent_workers: tuple[SilentWorker, ...] = ()
    problem: str = ""

    @property
    def can_work(self) -> bool:
        """Whether there is a worker that takes work."""
        return self.workers > 0

    @property
    def is_well(self) -> bool:
        """Whether nothing is amiss."""
        return self.can_work and not (self.lost or self.refused or self.silent_s or self.silent_workers)


def health_line(health: ClusterHealth) -> Wording:
    """Return how a cluster is doing, in a sentence or more."""
    name = printable(health.address)
    if not name:
        return say("The settings name no cluster yet, so this computer does the work.")
    if health.silent_s:
        return _silence(health, name)
    match health.link:
        case Link.SOUGHT:
            return say("Looking for the cluster at {address}.", address=name)
        case Link.AWAY:
            return joined("", (health.problem,))
        case Link.REACHED if not health.can_work:
            waiting = say(
                "The cluster at {address} has no workers. Work goes on as soon as one is started there.",
                address=name,
            )
            return joined(" ", (waiting, *_amiss(health)))
        case Link.REACHED:
            return joined(" ", (_at_work(health, name), *_amiss(health)))


def what_is_amiss(health: ClusterHealth) -> tuple[object, ...]:
    """Return what changes when something else is amiss with a cluster; nothing if it is well."""
    if health.is_well or (health.link is Link.SOUGHT and not health.silent_s):
        return ()
    silent = frozenset(each.host for each in health.silent_workers)
    return health.link, health.can_work, bool(health.silent_s), silent, health.lost, health.refused


def _silence(health: ClusterHealth, name: str) -> Wording:
    if health.link is Link.SOUGHT:
        return say(
            "Nobody has answered at {address} for {seconds:,} s. Look whether the scheduler of the cluster "
            "runs (stackgui cluster scheduler), and whether the address is right.",
            address=name,
            seconds=health.silent_s,
        )
    return say(
        "The scheduler of the cluster at {address} has not answered for {seconds:,} s. Work goes on as soon "
        "as it does.",
        address=name,
        seconds=health.silent_s,
    )


def _at_work(health: ClusterHealth, name: str) -> Wording:
    workers = say_many(health.workers, "{count:,} worker", "{count:,} workers")
    threads = say_many(health.threads, "{count:,} picture at a time", "{count:,} pictures at a time")
    if not health.memory_bytes:
        return say(
            "Cluster at {address}: {workers}, {threads}.", address=name, workers=workers, threads=threads
        )
    return say(
        "Cluster at {address}: {workers}, {threads}, {used} of {memory} of memory in use.",
        address=name,
        workers=workers,
        threads=threads,
        used=format_bytes(health.used_bytes),
        memory=format_bytes(health.memory_bytes),
    )


def _amiss(health: ClusterHealth) -> Iterator[str]:
    if silent := health.silent_workers:
        yield say_many(
            len(silent),
            "The worker on {host} has not answered for {seconds:,} s.",
            "{count:,} workers, one of them on {host}, have not answered for {seconds:,} s.",
            host=printable(silent[0].host),
            seconds=min(each.silent_s for each in silent),
        )
    if health.lost and not health.can_work:
        yield say_many(health.lost, "{count:,} worker was lost.", "{count:,} workers were lost.")
    elif health.lost:
        yield say_many(
            health.lost,
            "{count:,} worker was lost; the others do its work again.",
            "{count:,} workers were lost; the others do their work again.",
        )
    yield from health.refused
