"""Runs a task over the rows of a plan in the workers; every job over a plan uses `run_batches`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import StackguiError
from stackgui.core.plan.plan import Plan
from stackgui.core.run.batches import Batch, batches, block_bytes, slot_bytes, slot_count
from stackgui.engine.decoding.render import Form
from stackgui.engine.decoding.rows import Files, files_of, reading_s
from stackgui.engine.sources.roots import Root
from stackgui.engine.workers import tasks
from stackgui.engine.workers.blocks import Filled
from stackgui.engine.workers.control import Steering
from stackgui.engine.workers.dispatch import Dispatch, Done
from stackgui.engine.workers.packed_once import PackedOnce
from stackgui.engine.workers.shared_memory import Slots, lent
from stackgui.engine.workers.workers import Workers
from stackgui.stores.arrays.place import Place

ResultT = TypeVar("ResultT")


class Monitor(Protocol):
    """Watches whether the source folders can be reached."""

    @property
    def roots(self) -> tuple[Root, ...]:
        """Identities of the source folders, for workers to compare with what they find."""

    def excuses(self, files: Files, error: StackguiError, before_waiting: Callable[[], None]) -> bool:
        """Return whether `files` failed because their folder was gone; block until the folder is back."""


@dataclass(frozen=True, slots=True)
class Succession:
    """How another run takes over the same workers while this one ends.

    Attributes
    ----------
    handed_out
        Called as soon as the workers have all batches, and none has more to do than what it has begun.
    lend
        Lends so many slots of so many bytes.
    """

    handed_out: Callable[[], None] = lambda: None
    lend: Callable[[int, int], AbstractContextManager[Slots]] = lent


ALONE = Succession()


@dataclass(frozen=True, slots=True)
class Crew:
    """The workers of a job, with what steers and excuses them.

    Attributes
    ----------
    workers : Workers
    steering : Steering
    monitor : Monitor or None
        Waits for source folders that are gone; without it, a missing folder is an error.
    before_waiting
        Called before that wait.
    succession : Succession
    """

    workers: Workers
    steering: Steering
    monitor: Monitor | None = None
    before_waiting: Callable[[], None] = lambda: None
    succession: Succession = ALONE

    def excuses(self, files: Files, error: StackguiError) -> bool:
        """Return whether `files` failed only because their folder was gone."""
        return self.monitor is not None and self.monitor.excuses(files, error, self.before_waiting)


def run_batches(
    plan: Plan,
    task: Callable[..., ResultT],
    arguments: Callable[[Batch, int], tuple[Any, ...]],
    crew: Crew,
    wanted: Iterable[Batch],
    *,
    slots: int = 0,
) -> Generator[Done[Batch, ResultT], None, None]:
    """Run `task` in the workers over batches of rows; yield each batch once it is done, in any order.

    Parameters
    ----------
    task
        A function of `stackgui.engine.workers.tasks` whose first argument is the `Files` of the usable rows.
    arguments
        Returns the other arguments for a batch and its slot.
    wanted
        Batches to run, from `stackgui.core.run.batches.batches`.
    slots
        Maximum number of batches in flight; by default enough to keep all workers busy.

    Raises
    ------
    Cancelled
    RunError
        When the whole pool keeps dying, or a source folder is gone and the crew has no monitor.
    """

    def files(batch: Batch) -> Files:
        usable = plan.usable_at(batch.samples)
        roots = crew.monitor.roots if crew.monitor else ()
        if usable.all():
            return files_of(plan, batch.samples, batch.geometry, roots)
        return files_of(plan, batch.samples[usable], batch.geometry.take(usable), roots)

    dispatch: Dispatch[Batch, ResultT] = Dispatch(
        crew.workers,
        crew.steering,
        task,
        lambda batch, slot: (files(batch), *arguments(batch, slot)),
        slots=slots or slot_count(crew.workers.count),
        excuse=lambda batch, error: crew.excuses(files(batch), error),
        more_s=lambda batch: reading_s(plan, batch.samples),
        handed_out=crew.succession.handed_out,
    )
    return dispatch.run(wanted)


@dataclass(frozen=True, eq=False, slots=True)
class Rendered:
    """Rows as the array will hold them.

    Attributes
    ----------
    pixels : uint8, shape (bytes,)
        Blocks of the rows one after another, in shared memory; invalid once the next rows are requested. Of
        rows that their worker has written, only the block of the last one.
    """

    done: Done[Batch, Filled]
    pixels: NDArray[np.uint8]


def nowhere(_batch: Batch) -> None:
    """Have no rows written by workers."""


def render_rows(
    plan: Plan,
    crew: Crew,
    wanted: NDArray[np.bool_],
    form: Form | None = None,
    place_of: Callable[[Batch], Place | None] = nowhere,
) -> Generator[Rendered, None, None]:
    """Render the rows of `plan` that the mask `wanted` selects; raises as `run_batches` does.

    Parameters
    ----------
    plan, crew, wanted
    form
        By default that of `plan`.
    place_of
        Returns where the worker may write a batch, if it may.
    """
    packed, succession = PackedOnce(form or Form.of(plan)), crew.succession
    new: list[Batch] = []

    def all_of_them() -> Iterator[Batch]:
        for batch in batches(plan, wanted, workers=crew.workers.count):
            new[:] = [batch]
            yield batch

    with succession.lend(slot_count(crew.workers.count), slot_bytes(plan)) as slots:

        def arguments(batch: Batch, slot: int) -> tuple[Any, ...]:
            # What has to be tried again is not written by workers, lest a sample is blamed for a slow disk.
            is_new = bool(new) and new.pop() is batch
            place = place_of(batch) if is_new and len(batch) > 1 else None
            return packed, slots.address, slots.offset(slot), place

        ran = run_batches(plan, tasks.fill_slot, arguments, crew, all_of_them(), slots=slots.count)
        with contextlib.closing(ran):
            for done in ran:
                size_bytes = int(block_bytes(plan, done.batch.geometry).sum())
                yield Rendered(done, slots.view(done.slot)[:size_bytes])


def check_rows(
    plan: Plan, crew: Crew, wanted: NDArray[np.bool_]
) -> Generator[Done[Batch, Filled], None, None]:
    """Render rows as `render_rows` does, without keeping their pixels."""
    form = Form.of(plan)
    shared = batches(plan, wanted, workers=crew.workers.count)
    return run_batches(plan, tasks.check_rows, lambda *_: (form,), crew, shared)
