"""Estimating the memory and the disk space that a plan will need, before anything is written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from stackgui.core.base.choices import Decode, Resizer, Storage
from stackgui.core.base.columns import Coded
from stackgui.core.base.decoding import Access, decoding_of
from stackgui.core.base.kept import kept
from stackgui.core.base.large import PIECE_PX, is_in_pieces, is_mapped
from stackgui.core.base.resizers import AT_ONCE_BYTES, used
from stackgui.core.base.units import format_bytes
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.manifest_form import is_listed
from stackgui.core.plan.outputs import file_bytes
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import label_shape
from stackgui.core.run.batches import BATCH_BYTES, slot_bytes, slot_count
from stackgui.core.run.sharding import shards_bytes


class Verdict(StrEnum):
    """Where there is room for the arrays."""

    FITS_IN_MEMORY = "fits in memory"
    USE_A_FILE = "use a file"
    IS_SENT = "is sent to a bucket"
    DOES_NOT_FIT = "does not fit"


@dataclass(frozen=True, slots=True)
class Resources:
    """The resources of the machine, as measured now.

    Attributes
    ----------
    total_memory_bytes, free_memory_bytes : int
        Physical memory, and the part of it that is available without swapping.
    free_disk_bytes : int or None
        Free space at the destination; None if no destination is known yet.
    workers : int
        Number of decoding processes.
    total_disk_bytes : int or None
        Capacity of the destination's disk; None if it is not known.
    program_bytes : int
        Memory that this program and its workers use already, with shared pages counted once.
    running_workers : int
        How many of the workers run already; the others are still to be started.
    is_bucket : bool
        Whether the destination is a bucket, whose room nobody knows, and to which rows are sent from memory.
    """

    total_memory_bytes: int
    free_memory_bytes: int
    free_disk_bytes: int | None
    workers: int
    total_disk_bytes: int | None = None
    program_bytes: int = 0
    running_workers: int = 0
    is_bucket: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """Memory and disk space that a plan will need.

    Attributes
    ----------
    array_bytes : tuple of int
        Exact size of each array's file, header included.
    stack_bytes : int
        Size of the stack's folder; in a bucket it takes less, because it is compressed there.
    working_bytes : int
        Memory that the run needs in addition to the arrays and to what the program uses already: processes
        that are still to be started, samples being decoded, blocks on their way to the writer, tables, and
        shards on their way to a bucket.
    peak_file_bytes : int
        Peak memory of the whole program while rows are written to a file.
    peak_memory_bytes : int
        Upper bound of that peak if rows are held in memory; less if the disk is fast.
    free_memory_bytes : int
    free_disk_bytes : int or None
    verdict : Verdict
    storage : Storage
        The storage that ``auto`` chooses: ``MEMORY`` or ``FILE``.
    reason : str
        A sentence with the numbers behind the verdict.
    """

    array_bytes: tuple[int, ...]
    stack_bytes: int
    working_bytes: int
    peak_file_bytes: int
    peak_memory_bytes: int
    free_memory_bytes: int
    free_disk_bytes: int | None
    verdict: Verdict
    storage: Storage
    reason: str


WORKER_BYTES = 53_000_000
"""Memory of one worker with NumPy and the decoders, measured on Linux with CPython 3.11."""

TRACKER_BYTES = 13_000_000
"""Memory of Python's resource tracker, the process that keeps track of shared memory; measured likewise."""

RUN_BYTES = 4_000_000
"""Memory that a run takes whatever its plan, measured."""

TABLED_ROWS = 10_000
TABLED_ROW_BYTES = 1_700
"""Rows whose manifest lines are in memory at a time, and the memory that each of them takes, measured."""

ROW_BYTES = 120
"""Memory for each further row, measured from 100,000 to 1,000,000 rows (`tests/benchmarks/memory.py`)."""

_NUMBER_BYTES = 8

PILLOW_PIXEL_BYTES = 4
"""Pillow resizes pixels of four bytes, whatever their channels."""

FLOAT_BYTES = 4
SIMD_COPIES = 4
"""Copies of what the fast resizer is handed at once: as it comes, prepared, handed over, given back."""

MEMORY_RESERVE = 0.2
"""Share of the free memory that is left to other programs if the arrays are held in memory."""

DISK_RESERVE_BYTES = 64 * 2**20
"""Free space that a run leaves on the disk."""


def estimate(plan: Plan, resources: Resources) -> Estimate:
    """Work out what `plan` will need and whether `resources` suffice.

    Only the tables grow with the number of rows. Otherwise each worker holds one sample in its stages of
    decoding, and the slots hold finished blocks on their way to the writer.
    """
    arrays = tuple(file_bytes(array) for array in plan.all_arrays)
    sidecar = sidecar_bytes(plan)
    stack_bytes = sum(arrays) + sidecar
    working = _working_bytes(plan, resources) + (shards_bytes(plan) if resources.is_bucket else 0)
    peak_bytes = resources.program_bytes + working
    memory = working if resources.is_bucket else sum(arrays) + working
    possible = _possible(memory, resources)
    missing = 0
    if resources.free_disk_bytes is not None:
        missing = max(0, stack_bytes + DISK_RESERVE_BYTES - resources.free_disk_bytes)
    verdict = Verdict.DOES_NOT_FIT if missing else possible
    return Estimate(
        array_bytes=arrays,
        stack_bytes=stack_bytes,
        working_bytes=working,
        peak_file_bytes=peak_bytes,
        peak_memory_bytes=peak_bytes + (0 if possible is Verdict.IS_SENT else _placed_bytes(plan)),
        free_memory_bytes=resources.free_memory_bytes,
        free_disk_bytes=resources.free_disk_bytes,
        verdict=verdict,
        storage=Storage.MEMORY if possible is Verdict.FITS_IN_MEMORY else Storage.FILE,
        reason=_reason(verdict, memory, stack_bytes, missing, resources),
    )


def _possible(memory_bytes: int, resources: Resources) -> Verdict:
    """Return how the arrays can be made, wherever there is room for them."""
    if resources.is_bucket:
        return Verdict.IS_SENT
    is_enough = memory_bytes <= resources.free_memory_bytes * (1 - MEMORY_RESERVE)
    return Verdict.FITS_IN_MEMORY if is_enough else Verdict.USE_A_FILE


def _working_bytes(plan: Plan, resources: Resources) -> int:
    missing = max(0, resources.workers - resources.running_workers)
    processes = missing * WORKER_BYTES + (0 if resources.running_workers else TRACKER_BYTES)
    heaviest = heaviest_samples(plan.catalog, plan.problem, slot_count(resources.workers))
    samples = sum(_sample_bytes(plan, sample) for sample in heaviest[: resources.workers])
    slots = min(_slots_bytes(plan, heaviest, resources.workers), _placed_bytes(plan))
    tables = min(plan.rows, TABLED_ROWS) * TABLED_ROW_BYTES + plan.rows * ROW_BYTES
    return RUN_BYTES + processes + samples + slots + tables


def _slots_bytes(plan: Plan, heaviest: Sequence[HeavySample], workers: int) -> int:
    """Return the used part of the slots: one batch in each, larger for those with the heaviest samples."""
    pixel_bytes = plan.pixel_bytes
    largest = slot_bytes(plan)
    if plan.scaled_down or plan.scaled_up:
        return largest * slot_count(workers)
    own = [min(largest, max(BATCH_BYTES, sample.pixels * pixel_bytes)) for sample in heaviest]
    return sum(own) + (slot_count(workers) - len(own)) * min(largest, BATCH_BYTES)


def _placed_bytes(plan: Plan) -> int:
    """Return the size of all placed pixels, without padding."""
    return round((1.0 - plan.waste) * sum(array.data_bytes for array in plan.all_arrays))


def _sample_bytes(plan: Plan, heaviest: HeavySample) -> int:
    """Return the memory that a worker needs for a sample, apart from its slot."""
    scaled = bool(plan.scaled_down or plan.scaled_up)
    in_pieces = is_in_pieces(heaviest.height, heaviest.width)
    converted = heaviest.dtype != plan.dtype or heaviest.channels != plan.channels
    decoding = decoding_of(heaviest.format)
    direct = decoding.copies == 1 and not scaled and not converted
    itemsize = np.dtype(heaviest.dtype).itemsize
    decoded_px = _decoded_px(plan, heaviest)
    own = 0 if direct else decoded_px * heaviest.channels * itemsize
    if scaled and in_pieces and decoding.access is Access.LINES:
        own = min(own, PIECE_PX * heaviest.channels * itemsize)
    held = heaviest.file_bytes + own * decoding.copies
    if scaled:
        held += _scaling_bytes(plan, heaviest, decoded_px)
    if converted:
        placed_px = min(heaviest.pixels, max(bucket.height * bucket.width for bucket in plan.buckets))
        held += placed_px * plan.channels * np.dtype(plan.dtype).itemsize
    return max(held, _mask_bytes(plan, heaviest))


def _scaling_bytes(plan: Plan, heaviest: HeavySample, decoded_px: int) -> int:
    """Return the memory that is taken by what scales pixels, besides theirs."""
    channels = max(heaviest.channels, plan.channels)
    is_bytes = heaviest.dtype == "uint8"
    # All lines, once they are as short as in the row.
    half_done_px = heaviest.height * min(heaviest.width, max(bucket.width for bucket in plan.buckets))
    if used(plan.options.resizer, plan.options.resample) is Resizer.SIMD:
        # Bytes with transparency are weighted by it as floats.
        item_bytes = 1 if is_bytes and channels % 2 else FLOAT_BYTES
        return half_done_px * channels * item_bytes + SIMD_COPIES * AT_ONCE_BYTES
    if is_in_pieces(heaviest.height, heaviest.width):
        planes = 1 if is_bytes else channels
        return (PIECE_PX + half_done_px) * planes * PILLOW_PIXEL_BYTES
    return decoded_px * PILLOW_PIXEL_BYTES * np.dtype(heaviest.dtype).itemsize


def _mask_bytes(plan: Plan, heaviest: HeavySample) -> int:
    """Return the memory for the mask of a sample, which is decoded when the sample is done."""
    if plan.masks is None:
        return 0
    masks = plan.catalog.masks
    names = () if masks is None else masks.files.dtype.names
    item_bytes = max((np.dtype(name).itemsize for name in names if name), default=1)
    # Its numbers as they are, as 64 bits on the way, and as the row has them.
    return heaviest.pixels * (2 * item_bytes + _NUMBER_BYTES + plan.masks.item_bytes)


def _decoded_px(plan: Plan, heaviest: HeavySample) -> int:
    """Return how many pixels of a sample are decoded: fewer for a draft at some eighths of its size."""
    if (
        not decoding_of(heaviest.format).can_draft
        or plan.options.decode is not Decode.DRAFT
        or not plan.scaled_down
    ):
        return heaviest.pixels
    row_px = max(bucket.height * bucket.width for bucket in plan.buckets)
    eighths = min(8, math.ceil(8 * math.sqrt(row_px / heaviest.pixels)))
    return heaviest.pixels * eighths**2 // 64


@dataclass(frozen=True, slots=True)
class HeavySample:
    """A sample that needs much memory to decode, judging by its header.

    Attributes
    ----------
    height, width, channels : int
    dtype : str
    format : str
    file_bytes : int
        Size of the file if it is read as a whole, else 0.
    """

    height: int
    width: int
    channels: int
    dtype: str
    format: str
    file_bytes: int

    @property
    def pixels(self) -> int:
        """Return height times width."""
        return self.height * self.width


@kept(most=2)
def heaviest_samples(catalog: Catalog, problem: Coded, count: int) -> tuple[HeavySample, ...]:
    """Return the `count` heaviest usable samples, heaviest first; cached for all plans of one catalog."""
    usable = np.flatnonzero(problem.equals(""))
    copies = np.array([decoding_of(name).copies for name in catalog.format.names], np.int64)
    itemsize = np.array([np.dtype(name or "uint8").itemsize for name in catalog.dtype.names], np.int64)
    weight = catalog.height[usable].astype(np.int64) * catalog.width[usable] * catalog.channels[usable]
    weight *= copies[catalog.format.codes[usable]] * itemsize[catalog.dtype.codes[usable]]
    most = np.argpartition(weight, -min(count, len(weight)))[-count:]
    return tuple(_heavy(catalog, int(sample)) for sample in usable[most[np.argsort(-weight[most])]])


def _heavy(catalog: Catalog, sample: int) -> HeavySample:
    file_bytes = int(catalog.file_bytes[sample])
    is_read = catalog.member[sample] < 0 and not is_mapped(catalog.format[sample], file_bytes)
    return HeavySample(
        height=int(catalog.height[sample]),
        width=int(catalog.width[sample]),
        channels=int(catalog.channels[sample]),
        dtype=catalog.dtype[sample],
        format=catalog.format[sample],
        file_bytes=file_bytes if is_read else 0,
    )


def sidecar_bytes(plan: Plan) -> int:
    """Estimate the files beside the arrays.

    Per row: validity (1 byte), placement (16), transform (32), labels, the name, and lines of two manifests
    or a row of one of columns, which hold it too. Annotations are there twice, as their files have them and
    as they lie in the rows.
    """
    names = len(plan.catalog.path.data)
    labels = 0
    if plan.label is not None:
        shape, dtype = label_shape(plan)
        labels = math.prod(shape) * dtype.itemsize
    annotations, values = plan.catalog.annotations, plan.catalog.values
    if values is not None:  # numbers, and all columns in both manifests
        labels += plan.rows * (28 * len(values.targets) + 8 * len(values.titles))
        labels += 2 * sum(len(column.data) for column in values.texts)
    marks = 0 if annotations is None else sum(column.nbytes for _name, column in annotations.columns())
    masks = 0 if plan.catalog.masks is None else plan.rows * 400 + 2 * len(plan.catalog.masks.files.path.data)
    manifests = plan.rows * 420 + 2 * names if is_listed(plan.rows) else plan.rows * 90 + names
    return 8192 + labels + plan.rows * (1 + 16 + 32 + 1) + names + manifests + 2 * marks + masks


def _reason(verdict: Verdict, memory: int, disk: int, missing: int, resources: Resources) -> str:
    free = format_bytes(resources.free_memory_bytes)
    if verdict is Verdict.DOES_NOT_FIT:
        return say(
            "The stack needs {stack} on the disk, and {reserve} have to stay free; the disk has {free} free, "
            "so {missing} more are needed. Make room, choose another place, or make the stack smaller.",
            stack=format_bytes(disk),
            reserve=format_bytes(DISK_RESERVE_BYTES),
            free=format_bytes(resources.free_disk_bytes or 0),
            missing=format_bytes(missing),
        )
    if verdict is Verdict.IS_SENT:
        return say(
            "Rows are gathered in memory and sent to the bucket as they are made. That takes up to {memory} "
            "of memory; {free} are free.",
            memory=format_bytes(memory),
            free=free,
        )
    if verdict is Verdict.FITS_IN_MEMORY:
        return say(
            "Filling it in memory takes at most {memory}; {free} are free.",
            memory=format_bytes(memory),
            free=free,
        )
    return say(
        "Filling it in memory may take {memory}, but only {free} are free; in a file "
        "that grows with it, it may be larger than memory.",
        memory=format_bytes(memory),
        free=free,
    )
