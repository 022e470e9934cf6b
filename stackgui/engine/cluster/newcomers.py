"""Asks workers that come while a job goes on whether they see its files, before they get a task."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Sequence
from typing import Any

from distributed.diagnostics.plugin import WorkerPlugin

from stackgui.core.base.text import printable
from stackgui.core.base.wording import Wording, say
from stackgui.core.run.run_options import Limits
from stackgui.engine.cluster.agreement import Seen, first_difference, sentence
from stackgui.engine.cluster.hands import pool_of, refuse
from stackgui.engine.cluster.host import HOST, carry_out
from stackgui.engine.cluster.parcels import pack, unpack

ANSWER_S = 30.0
"""Time for a host to look at the files that are compared, after its processes have started."""


class Newcomers(WorkerPlugin):  # type: ignore[misc] # has no types where Dask is not installed
    """Compares what workers see that come later; one that sees something else ends itself.

    Parameters
    ----------
    name
    known
        The files, as the computer sees them on which the job was begun.
    there
        Addresses of the workers that have been asked already.
    limits
        Limits for one sample, by which a worker knows its processes.
    """

    def __init__(self, name: str, known: Sequence[Seen], there: Iterable[str], limits: Limits) -> None:
        self.name = name
        self._known = tuple(known)
        self._question = pack((first_difference, (self._known,)))
        self._there = frozenset(there)
        self._limits = limits

    async def setup(self, worker: Any) -> None:  # noqa: ANN401 - Dask's
        """Look at the files; Dask waits for it before the worker gets a task."""
        if worker.address in self._there:
            return
        asked = pool_of(worker, self._limits).submit(carry_out, (self._question, HOST.paths), ANSWER_S)
        try:
            found, _error = unpack(await asyncio.wrap_future(asked))
        except Exception:  # noqa: BLE001 - whatever it is, the worker has not seen the files
            await refuse(worker, self.name, _cannot_look())
        else:
            if found is not None:
                await refuse(worker, self.name, sentence(found, self._known))


def _cannot_look() -> Wording:
    return say(
        "The worker on {host} cannot be used, because it cannot look at the pictures. Look whether their "
        "folders can be reached there.",
        host=printable(socket.gethostname()),
    )
