"""How a cluster is doing that jobs can be carried out on, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes
from stackgui.core.base.wording import Wording, joined, say, say_many


class Link(StrEnum):
    """How far a cluster can be reached."""

    SOUGHT = "sought"
    REACHED = "reached"
    AWAY = "away"


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
    problem: str = ""

    @property
    def can_work(self) -> bool:
        """Whether there is a worker that takes work."""
        return self.workers > 0

    @property
    def is_well(self) -> bool:
        """Whether nothing is amiss."""
        return self.can_work and not self.lost and not self.refused


def health_line(health: ClusterHealth) -> Wording:
    """Return how a cluster is doing, in a sentence or more."""
    name = printable(health.address)
    if not name:
        return say("The settings name no cluster yet, so this computer does the work.")
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


def _at_work(health: ClusterHealth, name: str) -> Wording:
    workers = say_many(health.workers, "{count:,} worker", "{count:,} workers")
    threads = say_many(health.threads, "{count:,} picture at a time", "{count:,} pictures at a time")
    return say(
        "Cluster at {address}: {workers}, {threads}, {used} of {memory} of memory in use.",
        address=name,
        workers=workers,
        threads=threads,
        used=format_bytes(health.used_bytes),
        memory=format_bytes(health.memory_bytes),
    )


def _amiss(health: ClusterHealth) -> tuple[str, ...]:
    if not health.lost:
        return health.refused
    lost = say_many(
        health.lost,
        "{count:,} worker was lost; the others do its work again.",
        "{count:,} workers were lost; the others do their work again.",
    )
    return (lost, *health.refused)
