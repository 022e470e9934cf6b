"""What a host of a cluster does with a packed task, and what it calls the folders of a job.

Processes that decode import it, so it imports no Dask, which would take each of them 0.3 s and 22 MB.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

from pebble import ProcessExpired

from stackgui.core.base.errors import StackguiError
from stackgui.core.run.path_map import PathMap
from stackgui.engine.cluster.parcels import pack, unpack_on_host

LOSSES = (TimeoutError, MemoryError, ProcessExpired, BrokenProcessPool)
"""What a sample can cost: its process, or all of them."""


@dataclass(slots=True)
class Host:
    """The host that this process is a worker of.

    Attributes
    ----------
    paths : PathMap
    """

    paths: PathMap = field(default_factory=PathMap)


HOST = Host()


def run_here(hands: str, packed: bytes, timeout_s: float | None) -> bytes:
    """Carry out a packed task in a process of `hands` on this host; return its packed result and error."""
    from distributed import get_worker  # noqa: PLC0415 - see above

    try:
        with get_worker().plugins[hands].at_work() as (workers, _control):
            done = workers.submit(carry_out, (packed, HOST.paths), timeout_s).result()
            return bytes(done)
    except (*LOSSES, StackguiError) as error:
        return pack((None, error), HOST.paths)


def carry_out(packed: bytes, paths: PathMap) -> bytes:
    """Carry out a packed task, in a process that decodes; return its packed result and no error."""
    task, arguments = unpack_on_host(packed, paths)
    return pack((_called(task, arguments), None), paths)


def _called(task: Callable[..., object], arguments: tuple[object, ...]) -> object:
    return task(*arguments)
