"""What a Dask worker has to write pieces of exports: the right versions, and a look at who still writes."""

from __future__ import annotations

import contextlib
import importlib.metadata
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from distributed import get_worker
from distributed.diagnostics.plugin import WorkerPlugin

import stackgui
from stackgui.core.base.errors import RunError, StoreError
from stackgui.core.base.wording import Wording, joined, say
from stackgui.core.plan.difference import other_versions
from stackgui.engine.cluster.agreement import Seen, first_difference, sentence
from stackgui.engine.cluster.at_work import counted
from stackgui.engine.cluster.hands import refuse
from stackgui.engine.cluster.host import HOST
from stackgui.engine.cluster.parcels import unpack_on_host
from stackgui.engine.workers.control import Control
from stackgui.stores.export.exporter import Piece
from stackgui.stores.files import failures
from stackgui.stores.recovery.lease import Permit


def versions_of(packages: tuple[str, ...]) -> dict[str, str]:
    """Return the versions of everything that the bytes of an export depend on, and that are there."""
    found = {"stackgui": stackgui.__version__, "numpy": np.__version__}
    for name in (*packages, "numcodecs"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return found


class Writers(WorkerPlugin):  # type: ignore[misc] # has no types where Dask is not installed
    """Lets a Dask worker write pieces of one export.

    A worker that has other versions ends itself before it gets a task: it would write other bytes.

    Parameters
    ----------
    name
    packages
        Those that the exporter needs.
    wanted
        Versions of the computer on which the export was begun.
    """

    def __init__(self, name: str, packages: tuple[str, ...], wanted: Mapping[str, str]) -> None:
        self.name = name
        self._packages = packages
        self._wanted = dict(wanted)
        self._control: Control[Any] | None = None

    async def setup(self, worker: Any) -> None:  # noqa: ANN401 - Dask's
        """Get ready; Dask waits for it before the worker gets a task."""
        self._control = Control()
        if differ := other_versions(self._wanted, versions_of(self._packages)):
            await refuse(worker, self.name, _refusal(differ))

    def teardown(self, worker: Any) -> None:  # noqa: ANN401, ARG002 - Dask's
        """Stop writing; called by Dask after the export, and when the worker loses the scheduler."""
        if self._control is not None:
            self._control.cancel()

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Control[Any]]:
        """Lend what tells a task that nobody wants it any more."""
        assert self._control is not None, "Dask sets plugins up before it hands out tasks"
        with counted(self.name):
            yield self._control


def _refusal(differ: list[str]) -> Wording:
    return say(
        "The worker on {host} cannot be used, because it would write other bytes. {differ} Install the same "
        "versions there.",
        host=socket.gethostname(),
        differ=joined(" ", differ),
    )


@dataclass(frozen=True, eq=False, slots=True)
class WriteTask:
    """A piece of an export to write.

    Attributes
    ----------
    write : callable
        As in `stackgui.stores.export.exporter.InPieces`.
    folder : str
        The stack.
    target : str
    piece : Piece
    permit : Permit
    files : tuple of Seen
        What each host has to see as the computer does on which the export was begun.
    """

    write: Callable[[str, str, Any, Callable[[int], object]], None]
    folder: str
    target: str
    piece: Piece
    permit: Permit
    files: tuple[Seen, ...]


def write_piece(packed: bytes, names: tuple[Seen, ...], name: str) -> tuple[int, float]:
    """Write the piece of a packed `WriteTask`; return the size of its rows in bytes, and how long it took.

    Parameters
    ----------
    packed
    names
        The files of the task, as they are called where the export was begun.
    name
        Name of the plugin.

    Raises
    ------
    StoreError, RunError
        They name the host.
    Cancelled, StackguiError
        When nobody wants the piece any more.
    """
    task: WriteTask = unpack_on_host(packed, HOST.paths)
    host, began_s, done = socket.gethostname(), time.monotonic(), 0
    if (found := first_difference(task.files)) is not None:
        raise RunError(sentence(found, names))
    writers: Writers = get_worker().plugins[name]
    with writers.at_work() as control:

        def written(count: int) -> None:
            nonlocal done
            done += count
            control.check()
            task.permit.check()

        written(0)
        try:
            task.write(task.folder, task.target, task.piece, written)
        except StoreError as error:
            raise StoreError(say("{host}: {error}", host=host, error=error)) from error
        except OSError as error:
            raise StoreError(
                say("{host}: {error}", host=host, error=failures.sentence(error, task.target))
            ) from error
    return done, time.monotonic() - began_s
