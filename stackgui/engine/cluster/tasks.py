"""The tasks that Dask runs in its workers."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass

import numpy as np
from distributed import get_worker, secede
from numpy.typing import NDArray

from stackgui.core.base.errors import RunError, SourceGoneError, StoreError
from stackgui.core.base.wording import say
from stackgui.core.plan.part import Part
from stackgui.core.run.progress import FillProgress
from stackgui.core.run.run_options import RunOptions
from stackgui.engine.cluster.hands import Hands
from stackgui.engine.cluster.host import HOST
from stackgui.engine.cluster.parcels import unpack_on_host
from stackgui.engine.cluster.standing import Standing
from stackgui.engine.decoding.render import Form
from stackgui.engine.running.elsewhere import Made
from stackgui.engine.running.fill import Filling
from stackgui.engine.running.pause_on_error import PauseOnError
from stackgui.engine.running.progress import ProgressMeter
from stackgui.engine.running.source_monitor import SourceMonitor
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.run_batches import Succession
from stackgui.engine.workers.workers import Workers
from stackgui.stores.recovery.lease import Permit
from stackgui.stores.remote.anywhere import open_part

ENTRY_ROWS = 4096
"""Rows that come back in one piece."""


@dataclass(frozen=True, eq=False, slots=True)
class FillTask:
    """Rows to make.

    Attributes
    ----------
    part : Part
    form : Form
        That of the whole plan.
    wanted : bool, shape (rows,)
        Which rows of the part are to be made.
    destination : str
        Where the stack will be.
    lease : Permit
    """

    part: Part
    form: Form
    wanted: NDArray[np.bool_]
    destination: str
    lease: Permit


def fill_part(packed: bytes, name: str) -> Made:
    """Make the rows of a packed `FillTask` by the `Hands` of that name, and write them to their place.

    The next task begins when a worker's only process has begun the last pictures of this one: it would have
    nothing to do while those are written, synced and reported. No earlier, or one worker would hoard the last
    ranges of a run while another has nothing to do.

    Rows are counted from the first one of the part.

    Raises
    ------
    StoreError, SourceGoneError, RunError
        They name the host.
    LeaseEndedError, Cancelled, Reschedule
        When nobody wants the rows any more, or not from this worker.
    """
    task: FillTask = unpack_on_host(packed, HOST.paths)
    hands: Hands = get_worker().plugins[name]
    host = socket.gethostname()
    with hands.at_work() as (workers, control):
        try:
            # Other processes of a worker go on with other tasks in any case.
            handed_out = secede if workers.count == 1 else _stay
            succession = Succession(handed_out, hands.shelf.lend)
            return _filled(task, workers, control, succession, hands.standing)
        except SourceGoneError as error:
            raise SourceGoneError(f"{host}:{error.folder}", error.file) from error
        except StoreError as error:
            raise StoreError(say("{host}: {error}", host=host, error=error)) from error
        except RunError as error:
            raise RunError(say("{host}: {error}", host=host, error=error)) from error


def _stay() -> None:
    """Keep the place among the tasks in work."""


def _filled(
    task: FillTask,
    workers: Workers,
    control: Control[FillProgress],
    succession: Succession,
    standing: Standing,
) -> Made:
    began_s = time.monotonic()
    plan, run = task.part.plan, RunOptions(task.destination)

    def may_write() -> None:
        standing.check(control)
        task.lease.check()

    writer = open_part(task.part, task.lease.place, task.wanted, may_write)
    try:
        gauge = ProgressMeter(control, plan.rows, is_watched=False)
        reach = SourceMonitor(plan.catalog.roots, workers, PauseOnError(run, gauge), gauge)
        Filling(plan, run, writer, gauge, reach, form=task.form, succession=succession).fill(workers)
    except BaseException:
        writer.abandon()
        raise
    outcomes = writer.outcomes
    outcomes.forget(np.flatnonzero(~task.wanted))
    return Made(outcomes.entries(ENTRY_ROWS), gauge.thumbs[-1], time.monotonic() - began_s)
