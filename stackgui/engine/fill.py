"""From a plan to a stack: workers decode, this thread alone writes."""

from __future__ import annotations

import contextlib
import platform

import numpy as np

import stackgui
from stackgui import imaging
from stackgui.core.batches import Batch, batches, block_bytes, slot_bytes, slot_count
from stackgui.core.columns import Coded
from stackgui.core.errors import PlanError, RunError
from stackgui.core.estimate import Estimate, Verdict, estimate
from stackgui.core.number_rules import to_measure
from stackgui.core.options import OnError, Storage
from stackgui.core.plan import Plan
from stackgui.core.run import (
    ALL_FINITE,
    Failure,
    FillProgress,
    Phase,
    Report,
    RowThumb,
    RunOptions,
    Status,
)
from stackgui.core.units import format_bytes
from stackgui.engine import tasks
from stackgui.engine.control import Control
from stackgui.engine.dispatch import Dispatch, Done
from stackgui.engine.gauge import Gauge
from stackgui.engine.measure import measured
from stackgui.engine.render import Form, blank_thumbnail, thumbnail
from stackgui.engine.resources import measure
from stackgui.engine.rows import Files, files_of
from stackgui.engine.slots import Slots
from stackgui.engine.workers import Workers
from stackgui.stores.destination import check_destination
from stackgui.stores.stack import StackWriter

THUMB_SIDE_PX = 128
"""Longer side of the pictures of rows just written."""


def fill(plan: Plan, run: RunOptions, workers: Workers, control: Control[FillProgress]) -> Report:
    """Carry out `plan`.

    Raises
    ------
    PlanError, DestinationError
        Before anything is written, when the plan or the destination cannot be met.
    RunError
        When the run cannot go on, or a sample failed and the run was to stop then. Nothing is left behind.
    Cancelled
        Nothing is left behind.
    """
    check_destination(plan.catalog.sources, run)
    storage = choose_storage(run.storage, estimate(plan, measure(run.destination, workers.count)))
    gauge = Gauge(control, plan.rows)
    if to_measure(plan):
        gauge.enter(Phase.MEASURING)
        plan = measured(plan, workers, control, gauge.publish)
    writer = StackWriter.create(plan, run, storage)
    try:
        filling = _Fill(plan, run, writer, gauge)
        filling.fill(workers, control)
        gauge.enter(Phase.SAVING if storage is Storage.MEMORY else Phase.FINISHING)
        writer.finish(
            filling.valid,
            filling.reasons(),
            versions(),
            proceed=lambda _done: gauge.proceed(),
            non_finite=filling.non_finite,
        )
    except BaseException:
        writer.abandon()
        raise
    failures = filling.failures()
    seconds = gauge.elapsed_s
    return Report(
        status=Status.COMPLETE_WITH_FAILURES if failures else Status.COMPLETE,
        stack=run.destination,
        rows=plan.rows,
        failures=failures,
        skipped=plan.catalog.skipped.kind.counts(),
        arrays=plan.arrays,
        storage=storage,
        fingerprint=plan.fingerprint,
        seconds=seconds,
        images_per_s=plan.rows / seconds if seconds else 0.0,
        peak_rss_bytes=gauge.peak_bytes,
        non_finite=filling.non_finite,
    )


def choose_storage(asked: Storage, needed: Estimate) -> Storage:
    """What holds the rows: what was asked for, or the estimate's choice.

    Raises
    ------
    PlanError
        When there is not the memory or the space on the disk for it.
    """
    if needed.verdict is Verdict.DOES_NOT_FIT:
        raise PlanError(needed.reason)
    if asked is Storage.AUTO:
        return needed.storage
    if asked is Storage.MEMORY and needed.storage is not Storage.MEMORY:
        memory = format_bytes(sum(needed.array_bytes) + needed.working_bytes)
        raise PlanError(
            f"Filling in memory would take {memory}, too much for the "
            f"{format_bytes(needed.free_memory_bytes)} that are free. Choose a file as storage instead."
        )
    return asked


def versions() -> dict[str, str]:
    """Versions of all that the pixels depend on."""
    return {
        "stackgui": stackgui.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        **imaging.decoder_versions(),
    }


class _Fill:
    """The rows of one run: which are valid, and why the others are not."""

    def __init__(self, plan: Plan, run: RunOptions, writer: StackWriter, gauge: Gauge) -> None:
        self._plan = plan
        self._run = run
        self._writer = writer
        self._gauge = gauge
        self._form = Form.of(plan)
        self._first_row = np.cumsum([0, *(bucket.array.rows for bucket in plan.buckets)]).tolist()
        self._samples = np.concatenate([bucket.samples for bucket in plan.buckets])
        self._reason: dict[int, str] = {}
        self.non_finite = ALL_FINITE
        self.valid = np.zeros(plan.rows, np.bool_)

    def fill(self, workers: Workers, control: Control[FillProgress]) -> None:
        """Write all rows."""
        slots = Slots(slot_count(workers.count), slot_bytes(self._plan))
        dispatch: Dispatch[Batch] = Dispatch(
            workers,
            control,
            tasks.fill_slot,
            lambda batch, slot: (slots.address, slots.offset(slot), self._files(batch), self._form),
            slots=slots.count,
            tick=self._gauge.publish,
        )
        self._gauge.enter(Phase.FILLING)
        with contextlib.closing(slots), contextlib.closing(dispatch.run(batches(self._plan))) as finished:
            for done in finished:
                self._write(done, slots)

    def reasons(self) -> Coded:
        """Why each row is blank, or ``""``."""
        return Coded.from_values(self._reason.get(row, "") for row in range(self._plan.rows))

    def failures(self) -> tuple[Failure, ...]:
        """The blank rows in order."""
        return tuple(Failure(row, self._file(row), self._reason[row]) for row in sorted(self._reason))

    def _files(self, batch: Batch) -> Files:
        """What the worker needs; rows known to stay blank have empty blocks and are left out."""
        usable = self._plan.usable_at(batch.samples)
        return files_of(self._plan, batch.samples[usable], batch.geometry.take(usable))

    def _file(self, row: int) -> str:
        return self._plan.catalog.file(int(self._samples[row]))

    def _write(self, done: Done[Batch], slots: Slots) -> None:
        batch = done.batch
        first = self._first_row[batch.bucket] + batch.start
        failed = self._failed(done)
        if not done.reason:
            self.non_finite = self.non_finite.plus(done.result.non_finite.values())
        valid = np.ones(len(batch), np.bool_)
        valid[list(failed)] = False
        pixels = slots.view(done.slot)[: int(block_bytes(self._plan, batch.geometry).sum())]
        self._writer.stores[batch.bucket].write(batch.start, pixels, batch.geometry.placement, valid)
        self.valid[first : first + len(batch)] = valid
        for index, reason in failed.items():
            self._reason[first + index] = reason
            if self._run.on_error is OnError.STOP:
                raise RunError(
                    f"{self._file(first + index)}: {reason}. The conversion was stopped there, as asked."
                )
        self._gauge.advance(
            len(batch), len(failed), pixels.nbytes, lambda: self._thumb(batch, first, pixels, failed)
        )

    def _failed(self, done: Done[Batch]) -> dict[int, str]:
        """Why rows of a batch are blank, counted within the batch."""
        samples = done.batch.samples
        usable = self._plan.usable_at(samples)
        failed = {int(index): self._plan.problem[samples[index]] for index in np.flatnonzero(~usable)}
        decoded = np.flatnonzero(usable)
        if done.reason:
            return {**failed, **{int(index): done.reason for index in decoded}}
        return {**failed, **{int(decoded[place]): reason for place, reason in done.result.failed.items()}}

    def _thumb(self, batch: Batch, first: int, pixels: np.ndarray, failed: dict[int, str]) -> RowThumb:
        """A small picture of the last row of a batch."""
        last = len(batch) - 1
        bucket = self._plan.buckets[batch.bucket]
        target = (bucket.height, bucket.width)
        name = self._plan.catalog.path[int(batch.samples[last])]
        if last in failed:
            return blank_thumbnail(
                target, side_px=THUMB_SIDE_PX, row=first + last, name=name, reason=failed[last]
            )
        top, left, height, width = batch.geometry.placement[last].tolist()
        placement = (top, left, height, width)
        size = height * width * self._plan.channels * np.dtype(self._plan.dtype).itemsize
        block = (
            pixels[len(pixels) - size :].view(self._plan.dtype).reshape(self._form.block_shape(height, width))
        )
        return thumbnail(
            block, placement, self._form, target, side_px=THUMB_SIDE_PX, row=first + last, name=name
        )
