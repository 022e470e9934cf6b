"""The tasks of workers that make rows, and show them beforehand."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.plan.measured import Moments
from stackgui.core.run.progress import RowThumb
from stackgui.core.run.run_options import Limits
from stackgui.engine.decoding.render import Form, RowPlan, Whole, blank_thumbnail, thumbnail
from stackgui.engine.decoding.rows import File, Files
from stackgui.engine.workers import kept_heap, memory_limit
from stackgui.engine.workers.blocks import Filled, filled, mask_of, written
from stackgui.engine.workers.sample_data import attached, rendered
from stackgui.engine.workers.shared_memory import Address
from stackgui.stores.arrays.place import Place

ResultT = TypeVar("ResultT")


def initialize(limits: Limits) -> None:
    """Prepare a new worker for tasks."""
    memory_limit.limit(limits.sample_bytes)
    kept_heap.keep_heap()
    imaging.allow_px(limits.sample_px)


def warm_up() -> None:
    """Do nothing; submitting this task starts a worker."""


def call(task: Callable[..., ResultT], *arguments: object) -> ResultT:
    """Call `task`; for jobs with batches of several kinds."""
    return task(*arguments)


def fill_slot(files: Files, form: Form, address: Address, offset: int, place: Place | None) -> Filled:
    """Decode `files` into shared memory as finished blocks, one after another from byte `offset`.

    Given a `place`, write them there instead if possible.
    """
    memory = attached(address)
    if place is None:
        return filled(files, form, memory, offset)
    return written(files, form, memory, offset, place)


def check_rows(files: Files, form: Form) -> Filled:
    """Decode `files` as `fill_slot` does, and keep only what is told of their blocks."""
    placed_px = int(files.geometry.placement[:, 2:].astype(np.int64).prod(axis=1).sum())
    px_bytes = form.channels * np.dtype(form.dtype).itemsize + form.mask_bytes(1, 1)
    return filled(files, form, bytearray(placed_px * px_bytes), 0)


def measure_rows(files: Files, form: Form, is_finite: bool) -> Moments:  # noqa: FBT001 - as a task is called
    """Return the moments of the placed pixels of `files`, without the samples that fail.

    If `is_finite`, only finite values can become a row, and samples with others are left out too.
    """
    moments = Moments.none_of(form.channels)
    for file, row in files:
        try:
            block = form.upright(rendered(file, row, form))
        except SampleError:
            continue
        pixels = block.astype(np.float64, copy=False)
        if not is_finite or np.isfinite(pixels).all():
            moments = moments.joined(Moments.of(pixels))
    return moments


class Look(NamedTuple):
    """Options of a preview.

    Attributes
    ----------
    side_px : int
        See `stackgui.engine.decoding.render.thumbnail`.
    uncut : bool
        Whether to show the whole sample too if the row holds only a part of it.
    """

    side_px: int
    uncut: bool


def preview_rows(files: Files, form: Form, target: tuple[int, int], look: Look) -> list[RowThumb]:
    """Return thumbnails of rows as the fill would write them; `RowThumb.row` is an index into `files`.

    Parameters
    ----------
    target : (int, int)
        Height and width of the rows.
    """
    thumbs = []
    side_px, uncut = look
    masks = files.of_masks()
    for index, (file, row) in enumerate(files):
        known: dict[str, Any] = {"side_px": side_px, "row": index, "name": os.fsdecode(file.name)}
        place, mask = row.placement, next(masks)
        try:
            block = rendered(file, row, form)
            under = None if form.masks is None else mask_of(mask, row, form.masks, form.scan)
            whole = _whole(file, row, form) if uncut and row.scaled != place[2:] else None
        except SampleError as error:
            thumbs.append(blank_thumbnail(target, reason=error.reason, **known))
        else:
            thumbs.append(thumbnail(block, place, form, target, whole=whole, mask=under, **known))
    return thumbs


def _whole(file: File, row: RowPlan, form: Form) -> Whole:
    """Return the sample uncropped."""
    everything = row._replace(window=(0, 0), placement=(0, 0, *row.scaled))
    return Whole(rendered(file, everything, form), row.window)
