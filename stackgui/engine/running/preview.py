"""Previews rows before they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.plan.plan import NO_ROW, Bucket, Plan
from stackgui.core.plan.row_marks import marks_of_rows
from stackgui.core.run.batches import Batch, batches
from stackgui.core.run.progress import RowThumb
from stackgui.engine.decoding.render import Form, blank_thumbnail
from stackgui.engine.workers import tasks
from stackgui.engine.workers.control import Steering
from stackgui.engine.workers.run_batches import Crew, run_batches
from stackgui.engine.workers.tasks import Look
from stackgui.engine.workers.workers import Workers

SAMPLES_PER_BATCH = 4
"""Few, so that the first thumbnails appear quickly."""


def previews(
    plan: Plan,
    samples: Sequence[int],
    side_px: int,
    workers: Workers,
    steering: Steering,
    *,
    uncut: bool = False,
) -> tuple[RowThumb, ...]:
    """Return thumbnails of the rows of `samples`, rendered by the code that fills the array.

    Parameters
    ----------
    samples
        Indices into the catalog; a sample without a row gets a blank thumbnail with the reason.
    side_px
        Longer side of a thumbnail.
    uncut
        Whether to show the whole sample too if its row holds only a part of it.

    Raises
    ------
    Cancelled
    """
    chosen = np.unique(np.asarray(samples, np.int64))
    wanted = np.isin(plan.samples, chosen)
    made = _rendered(plan, wanted, Look(side_px, uncut), Crew(workers, steering))
    thumbs: dict[int, RowThumb] = {}
    for bucket in plan.buckets:
        rows = np.flatnonzero(np.isin(bucket.samples, chosen))
        drawn = marks_of_rows(plan, bucket, bucket.samples[rows])
        for row, sample, marks in zip(rows.tolist(), bucket.samples[rows].tolist(), drawn, strict=True):
            thumb = made.get(sample) or _blank(bucket, side_px, plan.problem[sample])
            thumbs[sample] = replace(thumb, row=row, name=plan.catalog.path[sample], marks=marks)
    for sample in set(chosen.tolist()) - set(thumbs):
        # The plan leaves the sample out, but the person may want to know why.
        thumbs[sample] = replace(
            _blank(plan.buckets[0], side_px, plan.problem[sample]), row=NO_ROW, name=plan.catalog.path[sample]
        )
    return tuple(thumbs[sample] for sample in samples)


def _rendered(plan: Plan, wanted: NDArray[np.bool_], look: Look, crew: Crew) -> dict[int, RowThumb]:
    """Have the workers render the thumbnails of rows that are `wanted` and usable; return them by sample."""
    form = Form.of(plan)

    def arguments(batch: Batch, _slot: int) -> tuple[Any, ...]:
        bucket = plan.buckets[batch.bucket]
        return form, (bucket.height, bucket.width), look

    made: dict[int, RowThumb] = {}
    few = batches(plan, wanted & plan.usable_at(plan.samples), max_rows=SAMPLES_PER_BATCH)
    slots = crew.workers.count + 1
    for done in run_batches(plan, tasks.preview_rows, arguments, crew, few, slots=slots):
        bucket = plan.buckets[done.batch.bucket]
        thumbs = done.result or [_blank(bucket, look.side_px, done.reason)]
        made.update(zip(done.batch.samples.tolist(), thumbs, strict=True))
    return made


def _blank(bucket: Bucket, side_px: int, reason: str) -> RowThumb:
    return blank_thumbnail((bucket.height, bucket.width), side_px=side_px, row=0, name="", reason=reason)
