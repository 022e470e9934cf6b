"""Shows rows before they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.plan.plan import Bucket, Plan
from stackgui.core.run.run import NO_ROW, RowThumb
from stackgui.engine.decoding.render import Form, blank_thumbnail
from stackgui.engine.decoding.rows import files_of, reading_s
from stackgui.engine.workers import tasks
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.dispatch import Dispatch
from stackgui.engine.workers.workers import Workers

SAMPLES_PER_BATCH = 4
"""Few, so that the first pictures come soon."""


@dataclass(frozen=True, eq=False, slots=True)
class SampleBatch:
    """Samples of one bucket to preview."""

    samples: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.samples)

    def part(self, begin: int, end: int) -> SampleBatch:
        """The samples from `begin` up to `end` as a batch of their own."""
        return SampleBatch(self.samples[begin:end])


def previews(
    plan: Plan,
    samples: Sequence[int],
    side_px: int,
    workers: Workers,
    control: Control[Any],
    *,
    uncut: bool = False,
) -> tuple[RowThumb, ...]:
    """Small pictures of `samples` as their rows will be, made by the code that fills the array.

    Parameters
    ----------
    samples
        Of the catalog; of those that have no row only the reason is told.
    side_px
        Longer side of a row's picture.
    uncut
        Whether also the whole samples are shown of which a row holds only a part.

    Raises
    ------
    Cancelled
    """
    show = _Show(plan, side_px, uncut, workers, control)
    chosen = np.unique(np.asarray(samples, np.int64))
    thumbs: dict[int, RowThumb] = {}
    for bucket in plan.buckets:
        rows = np.flatnonzero(np.isin(bucket.samples, chosen))
        inside = bucket.samples[rows]
        made = show.rendered(bucket, inside[plan.usable_at(inside)])
        for row, sample in zip(rows.tolist(), inside.tolist(), strict=True):
            name = plan.catalog.path[sample]
            thumb = made.get(sample) or _blank(bucket, side_px, plan.problem[sample])
            thumbs[sample] = replace(thumb, row=row, name=name)
    for sample in set(chosen.tolist()) - set(thumbs):
        # Left out of the plan: it has no row, but a person may want to see what it is.
        thumbs[sample] = replace(
            _blank(plan.buckets[0], side_px, plan.problem[sample]), row=NO_ROW, name=plan.catalog.path[sample]
        )
    return tuple(thumbs[sample] for sample in samples)


@dataclass(frozen=True, eq=False, slots=True)
class _Show:
    """What the pictures of all buckets have in common."""

    plan: Plan
    side_px: int
    uncut: bool
    workers: Workers
    control: Control[Any]

    def rendered(self, bucket: Bucket, samples: NDArray[np.int64]) -> dict[int, RowThumb]:
        """The pictures of usable samples of one bucket, made by the workers."""
        plan, form = self.plan, Form.of(self.plan)
        look = tasks.Look((bucket.height, bucket.width), self.side_px, self.uncut)

        def arguments(batch: SampleBatch, _slot: int) -> tuple[Any, ...]:
            files = files_of(plan, batch.samples, plan.geometry(bucket, batch.samples))
            return (files, form, look)

        dispatch: Dispatch[SampleBatch] = Dispatch(
            self.workers,
            self.control,
            tasks.preview_rows,
            arguments,
            slots=self.workers.count + 1,
            more_s=lambda batch: reading_s(plan, batch.samples),
        )
        parts = (
            samples[begin : begin + SAMPLES_PER_BATCH] for begin in range(0, len(samples), SAMPLES_PER_BATCH)
        )
        made: dict[int, RowThumb] = {}
        for done in dispatch.run(SampleBatch(part) for part in parts):
            thumbs = done.result or [_blank(bucket, self.side_px, done.reason)]
            made.update(zip(done.batch.samples.tolist(), thumbs, strict=True))
        return made


def _blank(bucket: Bucket, side_px: int, reason: str) -> RowThumb:
    return blank_thumbnail((bucket.height, bucket.width), side_px=side_px, row=0, name="", reason=reason)
