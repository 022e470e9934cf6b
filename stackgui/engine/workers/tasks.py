"""The tasks of workers that make rows, and show them beforehand."""

from __future__ import annotations

import os
from collections.abc import Callable
from mmap import mmap
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.plan.drawn_masks import Outlines
from stackgui.core.plan.mask_form import MaskForm
from stackgui.core.plan.measured import Moments
from stackgui.core.run.progress import RowThumb
from stackgui.core.run.run_options import Limits
from stackgui.engine.archives.reading import Use
from stackgui.engine.decoding.masks import class_keys, drawn_mask, rendered_mask
from stackgui.engine.decoding.render import Form, RowPlan, Whole, blank_thumbnail, render, thumbnail
from stackgui.engine.decoding.rows import File, Files, MaskRow
from stackgui.engine.workers import memory_limit
from stackgui.engine.workers.sample_data import ahead, attached, data_of, rendered
from stackgui.engine.workers.shared_memory import Address
from stackgui.stores.arrays.checksums import block_checksum

ResultT = TypeVar("ResultT")


def initialize(limits: Limits) -> None:
    """Prepare a new worker for tasks."""
    memory_limit.limit(limits.sample_bytes)
    imaging.allow_px(limits.sample_px)


def warm_up() -> None:
    """Do nothing; submitting this task starts a worker."""


def call(task: Callable[..., ResultT], *arguments: object) -> ResultT:
    """Call `task`; for jobs with batches of several kinds."""
    return task(*arguments)


class Filled(NamedTuple):
    """The results of a batch, by index of the row within the batch.

    Attributes
    ----------
    failed : dict of int to str
        Reason for each row that failed; the block of such a row holds garbage.
    checksum : uint64, shape (n,)
        Checksum of each row's block; 0 for rows that failed.
    non_finite : dict of int to int
        Number of values that are NaN or infinite, for rows that have any.
    doubts : dict of int to tuple of str
        Doubts that the decoder had, for rows with any.
    """

    failed: dict[int, str]
    checksum: NDArray[np.uint64]
    non_finite: dict[int, int]
    doubts: dict[int, tuple[str, ...]]


def fill_slot(files: Files, form: Form, address: Address, offset: int) -> Filled:
    """Decode `files` into shared memory as finished blocks, one after another from byte `offset`."""
    return _filled(files, form, attached(address), offset)


def check_rows(files: Files, form: Form) -> Filled:
    """Decode `files` as `fill_slot` does, and keep only what is told of their blocks."""
    placed_px = int(files.geometry.placement[:, 2:].astype(np.int64).prod(axis=1).sum())
    px_bytes = form.channels * np.dtype(form.dtype).itemsize + form.mask_bytes(1, 1)
    return _filled(files, form, bytearray(placed_px * px_bytes), 0)


def _filled(files: Files, form: Form, memory: mmap | bytearray, offset: int) -> Filled:
    """Decode `files` into `memory` as finished blocks, one after another from byte `offset`."""
    whole, dtype = memoryview(memory), np.dtype(form.dtype)
    last: RowPlan | None = None
    failed: dict[int, str] = {}
    checksum: list[int] = []
    non_finite: dict[int, int] = {}
    doubts: dict[int, tuple[str, ...]] = {}
    imaging.take_doubts()
    masks = files.of_masks()
    for index, ((_file, row), data) in enumerate(ahead.each(files)):
        if row is not last:
            last, shape = row, form.block_shape(*row.placement[2:])
            block_bytes = form.block_bytes(*row.placement[2:]) + form.mask_bytes(*row.placement[2:])
        out = np.ndarray(shape, dtype, memory, offset)
        block = whole[offset : offset + block_bytes]
        offset += block_bytes
        mask = next(masks)
        try:
            if count := render(data(), row, form, out):
                non_finite[index] = count
            if form.masks is not None:
                block[out.nbytes :] = _mask(mask, row, form.masks, form.scan).tobytes()
            checksum.append(block_checksum(block))
            if noted := imaging.take_doubts():
                doubts[index] = noted
        except SampleError as error:
            failed[index] = error.reason
            checksum.append(0)
            imaging.take_doubts()
    return Filled(failed, np.array(checksum, np.uint64), non_finite, doubts)


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
            under = None if form.masks is None else _mask(mask, row, form.masks, form.scan)
            whole = _whole(file, row, form) if uncut and row.scaled != place[2:] else None
        except SampleError as error:
            thumbs.append(blank_thumbnail(target, reason=error.reason, **known))
        else:
            thumbs.append(thumbnail(block, place, form, target, whole=whole, mask=under, **known))
    return thumbs


def _mask(
    mask: MaskRow | Outlines | None, row: RowPlan, form: MaskForm, scan: ScanOptions
) -> NDArray[np.integer[Any]]:
    """Return the mask of a row, shape (height, width); raises SampleError."""
    if isinstance(mask, list):
        return drawn_mask(mask, row, form)
    keys = None
    if mask is not None:
        try:
            data = data_of(mask.file, mask.row, Use.MASKS)
            ids = form.colours_are_ids
            keys = class_keys(data, mask.row, scan, mask.segments, colours_are_ids=ids)
        except SampleError as error:
            raise SampleError(say("its mask cannot be used: {reason}", reason=error.reason)) from error
    return rendered_mask(keys, mask.turn if mask else 1, row, form)


def _whole(file: File, row: RowPlan, form: Form) -> Whole:
    """Return the sample uncropped."""
    everything = row._replace(window=(0, 0), placement=(0, 0, *row.scaled))
    return Whole(rendered(file, everything, form), row.window)
