"""What a plan will need, before anything is written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from stackgui.core.base.choices import Decode, Storage
from stackgui.core.base.columns import Coded
from stackgui.core.base.decoding import Access, decoding_of
from stackgui.core.base.kept import kept
from stackgui.core.base.large import PIECE_PX, is_in_pieces, is_mapped
from stackgui.core.base.units import format_bytes
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.outputs import file_bytes
from stackgui.core.plan.plan import Plan
from stackgui.core.run.batches import BATCH_BYTES, slot_bytes, slot_count


class Verdict(StrEnum):
    """Where the arrays can be."""

    FITS_IN_MEMORY = "fits in memory"
    USE_A_FILE = "use a file"
    DOES_NOT_FIT = "does not fit"


@dataclass(frozen=True, slots=True)
class Resources:
    """What the machine has to give, measured now.

    Attributes
    ----------
    total_memory_bytes, free_memory_bytes : int
        Physical memory, and what of it can be had without swapping.
    free_disk_bytes : int or None
        At the destination; None where no destination is known yet.
    workers : int
        Processes that decode.
    total_disk_bytes : int or None
        What the destination's disk holds in all; None where that is not known.
    program_bytes : int
        What this program and its workers have of the memory already; pages that they share count once.
    running_workers : int
        How many of the workers are among them; the others are still to be started.
    """

    total_memory_bytes: int
    free_memory_bytes: int
    free_disk_bytes: int | None
    workers: int
    total_disk_bytes: int | None = None
    program_bytes: int = 0
    running_workers: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes that a plan will need.

    Attributes
    ----------
    array_bytes : tuple of int
        Size of each array's file, header included; exact.
    stack_bytes : int
        The whole folder.
    working_bytes : int
        Memory that the run takes beside what the program has already and the arrays: processes that are still
        to be started, decoded pictures, finished ones on their way to the writer, tables.
    peak_file_bytes : int
        The most that the whole program will have of the memory while rows are written to a file.
    peak_memory_bytes : int
        The same where they wait in memory: no more than this, and less where the disk is quick.
    free_memory_bytes : int
    free_disk_bytes : int or None
    verdict : Verdict
    storage : Storage
        What ``auto`` stands for: ``MEMORY`` or ``FILE``.
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
"""Memory of the process with which Python keeps track of what workers share; measured likewise."""

RUN_BYTES = 4_000_000
"""What a run loads and makes whatever its plan, measured."""

TABLED_ROWS = 10_000
TABLED_ROW_BYTES = 1_700
"""Rows whose lines in the manifests are in memory at a time, and what such a row takes, measured."""

ROW_BYTES = 120
"""Growth for a further row, measured from 100,000 to 1,000,000 rows (`tests/benchmarks/memory.py`)."""

PILLOW_PIXEL_BYTES = 4
"""Pillow scales pixels of four bytes, whatever their channels."""

MEMORY_RESERVE = 0.2
"""Share of the free memory left to other programs when the arrays are to be held in memory."""

DISK_RESERVE_BYTES = 64 * 2**20
"""Free space that a run leaves on the disk."""


def estimate(plan: Plan, resources: Resources) -> Estimate:
    """Work out what `plan` will need and whether `resources` can give it.

    Working memory is bounded whatever the number of rows, but for the tables: each worker holds one sample in
    the forms that it goes through, and the slots hold finished blocks on their way to the writer.
    """
    arrays = tuple(file_bytes(array) for array in plan.arrays)
    sidecar = _sidecar_bytes(plan)
    stack_bytes = sum(arrays) + sidecar
    working = _working_bytes(plan, resources)
    peak_bytes = resources.program_bytes + working
    in_memory = sum(arrays) + working <= resources.free_memory_bytes * (1 - MEMORY_RESERVE)
    missing = 0
    if resources.free_disk_bytes is not None:
        missing = max(0, stack_bytes + DISK_RESERVE_BYTES - resources.free_disk_bytes)
    possible = Verdict.FITS_IN_MEMORY if in_memory else Verdict.USE_A_FILE
    verdict = Verdict.DOES_NOT_FIT if missing else possible
    return Estimate(
        array_bytes=arrays,
        stack_bytes=stack_bytes,
        working_bytes=working,
        peak_file_bytes=peak_bytes,
        peak_memory_bytes=peak_bytes + _placed_bytes(plan),
        free_memory_bytes=resources.free_memory_bytes,
        free_disk_bytes=resources.free_disk_bytes,
        verdict=verdict,
        storage=Storage.MEMORY if in_memory else Storage.FILE,
        reason=_reason(verdict, sum(arrays) + working, stack_bytes, missing, resources),
    )


def _working_bytes(plan: Plan, resources: Resources) -> int:
    missing = max(0, resources.workers - resources.running_workers)
    processes = missing * WORKER_BYTES + (0 if resources.running_workers else TRACKER_BYTES)
    heaviest = heaviest_samples(plan.catalog, plan.problem, slot_count(resources.workers))
    samples = sum(_sample_bytes(plan, sample) for sample in heaviest[: resources.workers])
    slots = min(_slots_bytes(plan, heaviest, resources.workers), _placed_bytes(plan))
    tables = min(plan.rows, TABLED_ROWS) * TABLED_ROW_BYTES + plan.rows * ROW_BYTES
    return RUN_BYTES + processes + samples + slots + tables


def _slots_bytes(plan: Plan, heaviest: Sequence[HeavySample], workers: int) -> int:
    """What is used of the slots: a batch in each, of which those with the heaviest samples are larger."""
    pixel_bytes = plan.channels * np.dtype(plan.dtype).itemsize
    largest = slot_bytes(plan)
    if plan.scaled_down or plan.scaled_up:
        return largest * slot_count(workers)
    own = [min(largest, max(BATCH_BYTES, sample.pixels * pixel_bytes)) for sample in heaviest]
    return sum(own) + (slot_count(workers) - len(own)) * min(largest, BATCH_BYTES)


def _placed_bytes(plan: Plan) -> int:
    """All pixels as they lie in their rows, without the padding."""
    return round((1.0 - plan.waste) * sum(array.data_bytes for array in plan.arrays))


def _sample_bytes(plan: Plan, heaviest: HeavySample) -> int:
    """What a worker holds of a sample beside its place in a slot."""
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
    if scaled and in_pieces:
        # Pillow's pixels of a piece, and of all lines when they are as short as in the row.
        row_width = min(heaviest.width, max(bucket.width for bucket in plan.buckets))
        planes = 1 if heaviest.dtype == "uint8" else max(heaviest.channels, plan.channels)
        held += (PIECE_PX + heaviest.height * row_width) * planes * PILLOW_PIXEL_BYTES
    elif scaled:
        held += decoded_px * PILLOW_PIXEL_BYTES * itemsize
    if converted:
        placed_px = min(heaviest.pixels, max(bucket.height * bucket.width for bucket in plan.buckets))
        held += placed_px * plan.channels * np.dtype(plan.dtype).itemsize
    return held


def _decoded_px(plan: Plan, heaviest: HeavySample) -> int:
    """Pixels of a sample when it is decoded: fewer where a draft is made in eighths of its size."""
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
    """A sample that takes much memory while it is decoded, as far as its header tells.

    Attributes
    ----------
    height, width, channels : int
    dtype : str
    format : str
    file_bytes : int
        Of the file if it is read whole, else 0.
    """

    height: int
    width: int
    channels: int
    dtype: str
    format: str
    file_bytes: int

    @property
    def pixels(self) -> int:
        """Height times width."""
        return self.height * self.width


@kept(most=2)
def heaviest_samples(catalog: Catalog, problem: Coded, count: int) -> tuple[HeavySample, ...]:
    """The `count` heaviest usable samples, heaviest first; kept for all plans of one catalog."""
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


def _sidecar_bytes(plan: Plan) -> int:
    """Validity (1 byte a row), placements (16), labels (4), and two manifests with the files' names."""
    names = len(plan.catalog.path.data)
    labels = 4 if plan.label is not None else 0
    return 8192 + plan.rows * (1 + 16 + labels + 420) + 2 * names


def _reason(verdict: Verdict, memory: int, disk: int, missing: int, resources: Resources) -> str:
    free = format_bytes(resources.free_memory_bytes)
    if verdict is Verdict.DOES_NOT_FIT:
        disk_free = format_bytes(resources.free_disk_bytes or 0)
        return (
            f"The stack needs {format_bytes(disk)} on the disk, which has {disk_free} free; "
            f"{format_bytes(missing)} more are needed."
        )
    if verdict is Verdict.FITS_IN_MEMORY:
        return f"Filling it in memory takes at most {format_bytes(memory)}; {free} are free."
    return (
        f"Filling it in memory may take {format_bytes(memory)}, and only {free} are free; "
        "written to a file as it grows, it may be larger than memory."
    )
