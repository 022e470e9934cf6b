"""Turns a plan into a stack: workers decode, and this thread writes, or says what counts as written."""

from __future__ import annotations

import contextlib
import functools
import platform
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

import stackgui
from stackgui import imaging
from stackgui.core.advice.estimate import Estimate, Verdict, estimate
from stackgui.core.advice.gathered_warnings import run_warnings
from stackgui.core.base.addresses import is_address
from stackgui.core.base.choices import OnError, Resizer, Storage
from stackgui.core.base.errors import PlanError, RunError
from stackgui.core.base.resizers import SIMD_DISTRIBUTION, has_simd
from stackgui.core.base.spread import Spread
from stackgui.core.base.units import format_bytes
from stackgui.core.base.ways import Way, ways_of_reasons
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.number_rules import to_measure
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_marks import marks_of_rows
from stackgui.core.plan.taken import labels_and_parts
from stackgui.core.run.batches import Batch, block_bytes
from stackgui.core.run.progress import FillProgress, Phase, RowThumb
from stackgui.core.run.report import Failure, NonFiniteCount, Report, Status
from stackgui.core.run.row_results import RowsDone
from stackgui.core.run.run_options import RunOptions
from stackgui.engine.decoding.render import Form, blank_thumbnail, thumbnail
from stackgui.engine.running.checkpoints import Checkpoints, Onward
from stackgui.engine.running.elsewhere import Elsewhere, Lend, Work
from stackgui.engine.running.measure import measured
from stackgui.engine.running.pause_on_error import PauseOnError
from stackgui.engine.running.progress import ProgressMeter
from stackgui.engine.running.resources import measure
from stackgui.engine.running.source_monitor import SourceMonitor
from stackgui.engine.sources.some_files import files_of
from stackgui.engine.workers.aside import aside
from stackgui.engine.workers.blocks import Filled
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.dispatch import Done
from stackgui.engine.workers.run_batches import ALONE, Crew, Rendered, Succession, render_rows
from stackgui.engine.workers.spreading import over
from stackgui.engine.workers.workers import Workers
from stackgui.stores.arrays.file_store import FileStore
from stackgui.stores.arrays.place import Place
from stackgui.stores.arrays.protocol import Writer
from stackgui.stores.remote.anywhere import check_destination, check_plan, open_writer

THUMB_SIDE_PX = 128
"""Longer side of the thumbnails of rows just written."""


def fill(
    plan: Plan,
    run: RunOptions,
    workers: Workers,
    control: Control[FillProgress],
    elsewhere: Elsewhere | None = None,
) -> Report:
    """Carry out `plan`.

    Parameters
    ----------
    plan, run, workers, control
    elsewhere
        Makes the rows; by default `workers` do. Only this process writes anything else than rows.

    Raises
    ------
    PlanError, DestinationError
        When the plan does not fit or the destination cannot be used; nothing has been written yet.
    RunError
        When the run cannot continue, or a sample failed and `run` says to stop on errors.
    Cancelled

    On an error an unfinished stack remains if any rows were done, and can be resumed; otherwise nothing does.
    """
    check_resizer(plan)
    check_plan(plan, run.destination)
    aside(lambda: check_destination(plan.catalog.sources, run), control)
    needed = estimate(plan, measure(run.destination, workers.here.count))
    here = elsewhere is None and not is_address(run.destination)
    storage = choose_storage(run.storage if here else Storage.FILE, needed)
    gauge = ProgressMeter(control, plan.rows)
    reach = SourceMonitor(plan.catalog.roots, workers, PauseOnError(run, gauge), gauge)
    with workers.agreed(lambda: files_of(plan.catalog), gauge):
        if to_measure(plan):
            gauge.enter(Phase.MEASURING)
            plan = measured(plan, Crew(workers, gauge, reach))
        formats = formats_in(plan.catalog, plan.usable)
        made_by = versions(formats, plan.scaled_by)
        if elsewhere is not None:
            elsewhere.prepare(made_by, formats, gauge)
        writer = open_writer(plan, run, storage, made_by, gauge)
        resumed_rows = writer.outcomes.rows_done
        try:
            gauge.start_filling(resumed_rows, len(writer.outcomes.reason))
            filling = Filling(plan, run, writer, gauge, reach, stack_bytes=needed.stack_bytes)
            filling.fill(workers, elsewhere, writer.lend)
        except BaseException:
            writer.abandon()
            raise
        return filling.report(storage, resumed_rows)


def formats_in(catalog: Catalog, usable: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return the formats of the `usable` samples of `catalog`, and of their masks."""
    masks = catalog.masks
    of_masks = {} if masks is None else masks.files.format.take(masks.of[masks.has_mask & usable]).counts()
    return tuple({**catalog.format.counts(usable), **of_masks})


def choose_storage(asked: Storage, needed: Estimate) -> Storage:
    """Return where the rows are held: as requested, or as the estimate recommends.

    Raises
    ------
    PlanError
        When there is not enough memory or disk space.
    """
    if needed.verdict is Verdict.DOES_NOT_FIT:
        raise PlanError(needed.reason, ways=(Way.SMALLER,))
    match asked:
        case Storage.AUTO:
            return needed.storage
        case Storage.FILE:
            return asked
        case Storage.MEMORY:
            if needed.storage is not Storage.MEMORY:
                memory = format_bytes(sum(needed.array_bytes) + needed.working_bytes)
                raise PlanError(
                    say(
                        "Filling in memory may take {memory}, too much for the {free_memory} that are free.",
                        memory=memory,
                        free_memory=format_bytes(needed.free_memory_bytes),
                    ),
                    ways=(Way.FILE_STORAGE,),
                )
            return asked
        case _:
            assert_never(asked)


def check_resizer(plan: Plan) -> None:
    """Raise PlanError if the library that is to scale pictures is not installed."""
    if plan.scaled_by is Resizer.SIMD and not has_simd():
        raise PlanError(
            say(
                "This plan scales pictures by simd, but {library} is not installed here.",
                library=SIMD_DISTRIBUTION,
            ),
            ways=(Way.RESIZER,),
        )


def versions(formats: Iterable[str], scaled_by: Resizer | None) -> dict[str, str]:
    """Return the versions of everything that pixels of `formats` depend on, if `scaled_by` scales them."""
    return {
        "stackgui": stackgui.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        **imaging.decoder_versions(formats),
        **(imaging.resizer_versions() if scaled_by is Resizer.SIMD else {}),
    }


def _same(thumb: RowThumb) -> RowThumb:
    return thumb


class Filling:
    """Passes the rows of one run from the workers to the writer.

    Parameters
    ----------
    plan, run, writer, gauge, reach
    stack_bytes
        Size of the stack that the run makes, if it makes one.
    form
        By default that of `plan`, which has to be that of all rows, even if the plan has only a part of them.
    succession
        How another run takes over the workers while this one ends.
    """

    def __init__(
        self,
        plan: Plan,
        run: RunOptions,
        writer: Writer,
        gauge: ProgressMeter,
        reach: SourceMonitor,
        *,
        stack_bytes: int = 0,
        form: Form | None = None,
        succession: Succession = ALONE,
    ) -> None:
        self._plan = plan
        self._run = run
        self._reach = reach
        self._writer = writer
        self._outcomes = writer.outcomes
        self._gauge = gauge
        self._checkpoints = Checkpoints(writer, len(writer.outcomes) - writer.outcomes.rows_done)
        self._patience = PauseOnError(run, gauge, self._checkpoints.forgive, stack_bytes)
        self._form = form or Form.of(plan)
        self._succession = succession
        self._first_row = plan.first_rows
        self._samples = plan.samples

    def fill(self, workers: Workers, elsewhere: Elsewhere | None = None, lend: Lend | None = None) -> None:
        """Write the rows that are not done yet and the tables beside them, and publish the stack.

        Parameters
        ----------
        workers
        elsewhere, lend
            What makes the rows, and `Work.lend`; by default `workers` do.
        """
        overcome, gauge = self._patience.overcome, self._gauge
        try:
            if elsewhere is None or lend is None:
                self._write_rows(workers)
            else:
                self._take_rows(elsewhere, lend)
            overcome(lambda: self._checkpoints.poll(at_once=True))
            gauge.enter(Phase.FINISHING)
            # On a cluster there may be no workers here, and to start them takes longer than they would save.
            onward = Onward(gauge, self._checkpoints)
            spread: Spread = over(workers, onward) if elsewhere is None else map
            overcome(lambda: self._writer.write_tables(onward, spread))
            gauge.enter(Phase.SAVING)
            self._finish_checkpoints()
            overcome(lambda: self._writer.publish(gauge))
        finally:
            self._checkpoints.stop()

    def _write_rows(self, workers: Workers) -> None:
        crew = Crew(workers, self, self._reach, self._finish_checkpoints, self._succession)
        wanted = ~self._outcomes.done
        ran = render_rows(self._plan, crew, wanted, self._form, self._place_of)
        with contextlib.closing(ran) as rendered:
            for rows in rendered:
                self._write(rows)

    def _take_rows(self, elsewhere: Elsewhere, lend: Lend) -> None:
        """Record rows that are made and written elsewhere."""
        work = Work(self._plan, self._run, self._form, ~self._outcomes.done, self, self._patience, lend)
        with contextlib.closing(elsewhere.rows(work)) as made:
            for each in made:
                for rows in each.rows:
                    self._stop_if_asked(rows)
                    self._outcomes.record(rows)
                    self._checkpoints.add(rows, 0)
                failed = sum(len(rows.reasons) for rows in each.rows)
                self._gauge.advance(sum(map(len, each.rows)), failed, functools.partial(_same, each.thumb))
        elsewhere.settle(self._gauge)

    def _finish_checkpoints(self) -> None:
        self._patience.overcome(lambda: self._checkpoints.finish(self._gauge))

    @property
    def paused(self) -> bool:
        """Whether the run is paused."""
        return self._gauge.paused

    def check(self) -> None:
        """Checkpoint rows when due, and report progress; raises `Cancelled` when the run was cancelled."""
        self._gauge.check()
        self._patience.overcome(self._checkpoints.poll)
        self._patience.look_at_space()

    def failures(self) -> tuple[Failure, ...]:
        """Return the failed rows, in order."""
        reasons = self._outcomes.reason
        return tuple(Failure(row, self._file(row), reasons[row]) for row in sorted(reasons))

    def report(self, storage: Storage, resumed_rows: int) -> Report:
        """Return the report of a complete stack, of which `resumed_rows` were done by an earlier run."""
        plan, outcomes, failures = self._plan, self._outcomes, self.failures()
        seconds = self._gauge.elapsed_s
        return Report(
            status=Status.COMPLETE_WITH_FAILURES if failures else Status.COMPLETE,
            stack=self._run.destination,
            rows=plan.rows,
            failures=failures,
            skipped=plan.left_aside,
            arrays=plan.all_arrays,
            storage=storage,
            fingerprint=plan.fingerprint,
            seconds=seconds,
            images_per_s=(plan.rows - resumed_rows) / seconds if seconds else 0.0,
            peak_rss_bytes=self._gauge.peak_bytes,
            non_finite=NonFiniteCount.of(outcomes.non_finite.values()),
            resumed_rows=resumed_rows,
            taken=labels_and_parts(plan, outcomes.valid),
            warnings=run_warnings(plan, outcomes.doubts),
        )

    def _file(self, row: int) -> str:
        return self._plan.catalog.file(int(self._samples[row]))

    def _place_of(self, batch: Batch) -> Place | None:
        """Return where the worker may write a batch: rows in a row, all of which have samples that may do."""
        store = self._writer.stores[batch.bucket]
        if not isinstance(store, FileStore) or len(batch.consecutive()) > 1:
            return None
        if not self._plan.usable_at(batch.samples).all():
            return None
        return store.place(int(batch.rows[0]), batch.geometry.placement)

    def _write(self, rendered: Rendered) -> None:
        """Write a batch, one run of consecutive rows at a time."""
        batch, pixels = rendered.done.batch, rendered.pixels
        found = self._found(rendered.done)
        store, placement = self._writer.stores[batch.bucket], batch.geometry.placement
        ends = np.cumsum(block_bytes(self._plan, batch.geometry))
        begin_bytes = 0
        for inside in batch.consecutive():
            start, end_bytes = int(batch.rows[inside.start]), int(ends[inside.stop - 1])
            rows = found.part(self._first_row[batch.bucket] + start, inside)
            result = rendered.done.result
            if result is not None and result.is_written and isinstance(store, FileStore):
                write = functools.partial(store.complete, start, placement[inside], rows.valid)
            else:
                write = functools.partial(
                    store.write, start, pixels[begin_bytes:end_bytes], placement[inside], rows.valid
                )
            self._patience.overcome(write)
            self._stop_if_asked(rows)
            self._outcomes.record(rows)
            self._checkpoints.add(rows, end_bytes - begin_bytes)
            begin_bytes = end_bytes
        thumb = functools.partial(self._thumb, batch, found, pixels)
        self._gauge.advance(len(batch), len(found.reasons), thumb)

    def _stop_if_asked(self, rows: RowsDone) -> None:
        if rows.reasons and self._run.on_error is OnError.STOP:
            index, reason = next(iter(rows.reasons.items()))
            raise RunError(
                say(
                    "{file}: {reason}. The conversion stopped there, as asked.",
                    file=self._file(rows.first + index),
                    reason=reason,
                ),
                ways=(Way.BLANK_ON_ERROR, *ways_of_reasons([reason])),
            )

    def _found(self, done: Done[Batch, Filled]) -> RowsDone:
        """Return the results of a batch's rows, counted from the first."""
        samples = done.batch.samples
        usable = self._plan.usable_at(samples)
        reasons = {int(index): self._plan.problem[samples[index]] for index in np.flatnonzero(~usable)}
        decoded = np.flatnonzero(usable)
        checksum = np.zeros(len(samples), np.uint64)
        non_finite: dict[int, int] = {}
        doubts: dict[int, tuple[str, ...]] = {}
        if (filled := done.result) is None:
            reasons |= {int(index): done.reason for index in decoded}
        else:
            reasons |= {int(decoded[place]): reason for place, reason in filled.failed.items()}
            checksum[decoded] = filled.checksum
            non_finite = {int(decoded[place]): values for place, values in filled.non_finite.items()}
            doubts = {int(decoded[place]): noted for place, noted in filled.doubts.items()}
        valid = np.ones(len(samples), np.bool_)
        valid[list(reasons)] = False
        return RowsDone(0, valid, checksum, reasons, non_finite, doubts)

    def _thumb(self, batch: Batch, found: RowsDone, pixels: np.ndarray) -> RowThumb:
        """Return a thumbnail of the last row of a batch."""
        last = len(batch) - 1
        row, reason = self._first_row[batch.bucket] + int(batch.rows[last]), found.reasons.get(last)
        bucket = self._plan.buckets[batch.bucket]
        target = (bucket.height, bucket.width)
        name = self._plan.catalog.path[int(batch.samples[last])]
        if reason is not None:
            return blank_thumbnail(target, side_px=THUMB_SIDE_PX, row=row, name=name, reason=reason)
        top, left, height, width = batch.geometry.placement[last].tolist()
        placement = (top, left, height, width)
        begin = len(pixels) - height * width * self._plan.pixel_bytes
        block = np.ndarray(self._form.block_shape(height, width), self._plan.dtype, pixels.data, begin)
        mask = None
        if (masks := self._plan.masks) is not None:
            mask = np.ndarray((height, width), masks.dtype, pixels.data, begin + block.nbytes)
        known: dict[str, Any] = {"side_px": THUMB_SIDE_PX, "row": row, "name": name}
        thumb = thumbnail(block, placement, self._form, target, mask=mask, **known)
        (marks,) = marks_of_rows(self._plan, bucket, batch.samples[last:])
        return replace(thumb, marks=marks)
