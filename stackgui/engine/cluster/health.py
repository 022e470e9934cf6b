"""Asks a cluster how it is doing."""

from __future__ import annotations

import socket
from typing import NamedTuple

import psutil

from stackgui.core.run.cluster import ClusterHealth, Link
from stackgui.engine.cluster.connecting import Cluster
from stackgui.engine.cluster.hands import refusals

ANSWER_S = 5.0
"""Time for all workers to answer; those that do not are asked again the next time."""

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


def health_of(cluster: Cluster) -> ClusterHealth:
    """Return how a cluster is doing."""
    said: dict[str, Vitals] = cluster.ask(vitals, within_s=ANSWER_S)
    hosts = {each.host: each for each in said.values()}.values()
    workers = cluster.workers
    return ClusterHealth(
        str(cluster.address),
        Link.REACHED,
        workers=len(workers),
        threads=sum(workers.values()),
        memory_bytes=sum(each.memory_bytes for each in hosts),
        used_bytes=sum(each.used_bytes for each in hosts),
        lost=cluster.lost,
        refused=refusals(cluster.client)[-MAX_REFUSED:],
        dashboard=cluster.dashboard,
    )
