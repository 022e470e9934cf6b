"""The tasks that run in a worker, the only code that reads the bytes of samples."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from mmap import mmap
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.base.large import is_mapped
from stackgui.core.base.wording import say
from stackgui.core.catalog.doubts import Doubt
from stackgui.core.catalog.label_values import doubts_about
from stackgui.core.catalog.meaning import GREY, Taken
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.plan.drawn_masks import Outlines
from stackgui.core.plan.mask_form import MaskForm
from stackgui.core.plan.measured import Moments
from stackgui.core.run.progress import RowThumb
from stackgui.core.run.run_options import Limits
from stackgui.engine.archives.reading import CHANGED, Place, Use, forget, opened
from stackgui.engine.decoding.masks import drawn_mask, keys_of, rendered_mask
from stackgui.engine.decoding.render import Form, RowPlan, Whole, blank_thumbnail, render, thumbnail
from stackgui.engine.decoding.rows import File, Files, MaskRow
from stackgui.engine.sources.reading import READING, os_reason, read_all
from stackgui.engine.sources.roots import check_reach
from stackgui.engine.workers import memory_limit
from stackgui.engine.workers.prefetch import Prefetch
from stackgui.engine.workers.shared_memory import Address, attach
from stackgui.stores.arrays.checksums import block_checksum

ResultT = TypeVar("ResultT")
DataT = TypeVar("DataT", bytes, imaging.Mapped)

CHECKED_FILES = 4096
"""Number of multi-sample files for which a worker remembers which checksums it has verified."""

LOOKED_AT_PX = 256
"""Approximate number of pixels along a sample's shorter side that its brightness is computed from."""


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
    memory = _attached(address)
    failed: dict[int, str] = {}
    checksum: list[int] = []
    non_finite: dict[int, int] = {}
    doubts: dict[int, tuple[str, ...]] = {}
    imaging.take_doubts()
    masks = files.of_masks()
    for index, ((_file, row), data) in enumerate(_ahead.each(files)):
        out = np.ndarray(form.block_shape(*row.placement[2:]), form.dtype, memory, offset)
        block = memoryview(memory)[offset : offset + out.nbytes + form.mask_bytes(*row.placement[2:])]
        offset += len(block)
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
            block = form.upright(_rendered(file, row, form))
        except SampleError:
            continue
        pixels = block.astype(np.float64, copy=False)
        if not is_finite or np.isfinite(pixels).all():
            moments = moments.joined(Moments.of(pixels))
    return moments


class Looks(NamedTuple):
    """Measurements of some samples, by index within the batch.

    Attributes
    ----------
    failed : dict of int to str
        Reason for each sample that failed; its other entries mean nothing.
    checksum : uint64, shape (n,)
        Checksum of the pixels.
    brightness, spread : float32, shape (n,)
        Mean and standard deviation of a grid of pixels, over all channels.
    doubts : dict of int to tuple of str
        Doubts that the decoder had, for samples with any.
    """

    failed: dict[int, str]
    checksum: NDArray[np.uint64]
    brightness: NDArray[np.float32]
    spread: NDArray[np.float32]
    doubts: dict[int, tuple[str, ...]]


def look_at(files: Files, form: Form) -> Looks:
    """Decode whole samples into numbers from 0 to 1, and measure them."""
    failed: dict[int, str] = {}
    doubts: dict[int, tuple[str, ...]] = {}
    found = []
    for index, (file, row) in enumerate(files):
        try:
            imaging.take_doubts()
            block = _rendered(file, row, form)
        except SampleError as error:
            failed[index] = error.reason
            found.append((0, 0.0, 0.0))
            continue
        if noted := imaging.take_doubts():
            doubts[index] = noted
        upright = form.upright(block)
        step = max(1, min(upright.shape[:2]) // LOOKED_AT_PX)
        seen = upright[::step, ::step].astype(np.float64)
        with np.errstate(invalid="ignore"):  # infinite values
            found.append((block_checksum(block), float(seen.mean()), float(seen.std())))
    return Looks(
        failed,
        np.array([checksum for checksum, _mean, _deviation in found], np.uint64),
        np.array([mean for _checksum, mean, _deviation in found], np.float32),
        np.array([deviation for _checksum, _mean, deviation in found], np.float32),
        doubts,
    )


def look_at_numbers(
    files: Files, scan: ScanOptions, may_be_ids: Sequence[bool], have_palettes: Sequence[bool]
) -> list[tuple[Doubt, ...]]:
    """Return the doubts about each sample's values, palette indices included; none for failed samples."""
    found: list[tuple[Doubt, ...]] = []
    for (file, row), may_be, has_palette in zip(files, may_be_ids, have_palettes, strict=True):
        try:
            pixels = imaging.decode(
                data_of(file, row),
                row.format,
                channels=GREY if may_be else None,
                part=imaging.Part(max(row.member, 0), scan),
                bits=row.bits,
                taken=Taken.INDICES if may_be else Taken.ALL,
            )
        except SampleError:
            found.append(())
        else:
            found.append(doubts_about(pixels, are_indices=has_palette))
    return found


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
            block = _rendered(file, row, form)
            under = None if form.masks is None else _mask(mask, row, form.masks, form.scan)
            whole = _whole(file, row, form) if uncut and row.scaled != place[2:] else None
        except SampleError as error:
            thumbs.append(blank_thumbnail(target, reason=error.reason, **known))
        else:
            thumbs.append(thumbnail(block, place, form, target, whole=whole, mask=under, **known))
    return thumbs


def _rendered(file: File, row: RowPlan, form: Form) -> NDArray[np.generic]:
    out = np.empty(form.block_shape(*row.placement[2:]), form.dtype)
    render(data_of(file, row), row, form, out)
    return out


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
            keys = keys_of(data, mask.row, scan, colours_are_ids=form.colours_are_ids)
        except SampleError as error:
            raise SampleError(say("its mask cannot be used: {reason}", reason=error.reason)) from error
    return rendered_mask(keys, mask.turn if mask else 1, row, form)


def _whole(file: File, row: RowPlan, form: Form) -> Whole:
    """Return the sample uncropped."""
    everything = row._replace(window=(0, 0), placement=(0, 0, *row.scaled))
    return Whole(_rendered(file, everything, form), row.window)


_last_attached: tuple[Address, mmap] | None = None


def _attached(address: Address) -> mmap:
    """Return the block of shared memory at `address`; the latest block stays open."""
    global _last_attached  # noqa: PLW0603 - one worker, one run at a time
    if _last_attached is None or _last_attached[0] != address:
        memory_limit.grant("attached", os.stat(address.path).st_size)
        _last_attached = (address, attach(address))
    return _last_attached[1]


_last_mapped: tuple[File, imaging.Data | imaging.Folder] | None = None


def data_of(file: File, row: RowPlan, use: Use = Use.PICTURES) -> imaging.Data | imaging.Folder:
    """Return a sample's file: read, or memory-mapped and kept open if it is large or holds many samples."""
    global _last_mapped  # noqa: PLW0603 - one worker reads one file after another
    is_folder = row.format == imaging.FOLDER_FORMAT
    if file.place is not None and row.member < 0:
        return _unpacked(file, file.place, use)
    if row.member < 0 and not is_folder and not is_mapped(row.format, file.file_bytes):
        return _opened(file, read_all)
    if _last_mapped is None or _last_mapped[0] != file:
        _last_mapped = (file, _folder(file) if is_folder else _kept(file, use))
    return _last_mapped[1]


_checked: OrderedDict[File, dict[str, str]] = OrderedDict()
"""Results of the checksums verified in each mapped file, least recently used first."""


def _kept(file: File, use: Use) -> imaging.Data:
    return _unpacked(file, file.place, use) if file.place else _opened(file, partial(_mapped, file))


def _unpacked(file: File, place: Place, use: Use) -> bytes:
    try:
        return opened(file.name, file.file_bytes, file.mtime_ns, use).whole(place)
    except SampleError as error:
        if isinstance(error.__cause__, OSError):
            # Handles opened before the folder went away must not be read from again.
            forget()
            check_reach(file.name, file.roots)
        raise


def _mapped(file: File, handle: int, size: int) -> imaging.Mapped:
    # A mapping takes address space, but no memory.
    memory_limit.grant("mapped", size)
    checked = _checked.setdefault(file, {})
    _checked.move_to_end(file)
    if len(_checked) > CHECKED_FILES:
        _checked.popitem(last=False)
    return imaging.Mapped.of(handle, size, checked)


def _folder(file: File) -> imaging.Folder:
    """Return a sample that is a folder rather than a file; it must not have changed since the scan."""
    try:
        folder = imaging.Folder.at(file.name)
    except OSError as error:
        check_reach(file.name, file.roots)
        raise SampleError(os_reason(error)) from error
    if len(folder) != file.file_bytes or folder.mtime_ns != file.mtime_ns:
        raise SampleError(CHANGED)
    return folder


def _is_alone(sample: tuple[File, RowPlan]) -> bool:
    """Return whether the sample has its file to itself, so that threads share nothing when they read it."""
    file, row = sample
    is_read = row.format != imaging.FOLDER_FORMAT and not is_mapped(row.format, file.file_bytes)
    return file.place is None and row.member < 0 and is_read


_ahead: Prefetch[tuple[File, RowPlan], imaging.Data | imaging.Folder] = Prefetch(
    lambda sample: data_of(*sample), _is_alone
)
"""Shared by all slots, because a worker fills one after another."""


def _opened(file: File, take: Callable[[int, int], DataT]) -> DataT:
    """Call `take` with the open file and its size; the file must not have changed since the scan."""
    try:
        handle = os.open(file.name, READING)
        try:
            status = os.fstat(handle)
            if status.st_size != file.file_bytes or status.st_mtime_ns != file.mtime_ns:
                raise SampleError(CHANGED)
            return take(handle, file.file_bytes)
        finally:
            os.close(handle)
    except OSError as error:
        check_reach(file.name, file.roots)
        raise SampleError(os_reason(error)) from error
