"""What a plan will need, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from stackgui.core.batches import slot_bytes, slot_count
from stackgui.core.catalog import Catalog
from stackgui.core.choices import Storage
from stackgui.core.columns import Coded
from stackgui.core.npy import file_bytes
from stackgui.core.plan import Plan
from stackgui.core.units import format_bytes


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
    """

    total_memory_bytes: int
    free_memory_bytes: int
    free_disk_bytes: int | None
    workers: int
    total_disk_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes that a plan will need.

    Attributes
    ----------
    array_bytes : tuple of int
        Size of each array's file, header included; exact.
    sidecar_bytes : int
        The stack's other files, about.
    stack_bytes : int
        The whole folder.
    working_bytes : int
        Memory for the run besides the arrays: processes, decoded pictures, tables.
    free_memory_bytes : int
    free_disk_bytes : int or None
    verdict : Verdict
    storage : Storage
        What ``auto`` stands for: ``MEMORY`` or ``FILE``.
    reason : str
        A sentence with the numbers behind the verdict.
    """

    array_bytes: tuple[int, ...]
    sidecar_bytes: int
    stack_bytes: int
    working_bytes: int
    free_memory_bytes: int
    free_disk_bytes: int | None
    verdict: Verdict
    storage: Storage
    reason: str


PROCESS_BYTES = 60_000_000
"""Memory of one Python process with NumPy and the decoders, measured on Linux with CPython 3.11."""

ROW_TABLE_BYTES = 300
"""Memory for one row of catalog and plan and its share of the manifest's buffers."""

MEMORY_RESERVE = 0.2
"""Share of the free memory left to other programs when the arrays are to be held in memory."""

DISK_RESERVE_BYTES = 64 * 2**20
"""Free space that a run leaves on the disk."""


def estimate(plan: Plan, resources: Resources) -> Estimate:
    """Work out what `plan` will need and whether `resources` can give it.

    Working memory is bounded whatever the number of rows, but for the tables: each worker holds one decoded
    sample twice (own size and scaled), and the slots hold finished blocks on their way to the writer.
    """
    arrays = tuple(file_bytes(array) for array in plan.arrays)
    sidecar = _sidecar_bytes(plan)
    stack_bytes = sum(arrays) + sidecar
    working = _working_bytes(plan, resources.workers)
    in_memory = sum(arrays) + working <= resources.free_memory_bytes * (1 - MEMORY_RESERVE)
    missing = 0
    if resources.free_disk_bytes is not None:
        missing = max(0, stack_bytes + DISK_RESERVE_BYTES - resources.free_disk_bytes)
    possible = Verdict.FITS_IN_MEMORY if in_memory else Verdict.USE_A_FILE
    verdict = Verdict.DOES_NOT_FIT if missing else possible
    return Estimate(
        array_bytes=arrays,
        sidecar_bytes=sidecar,
        stack_bytes=stack_bytes,
        working_bytes=working,
        free_memory_bytes=resources.free_memory_bytes,
        free_disk_bytes=resources.free_disk_bytes,
        verdict=verdict,
        storage=Storage.MEMORY if in_memory else Storage.FILE,
        reason=_reason(verdict, sum(arrays) + working, stack_bytes, missing, resources),
    )


def _working_bytes(plan: Plan, workers: int) -> int:
    numbers, largest_file = largest_to_read(plan.catalog, plan.problem)
    per_worker = PROCESS_BYTES + 2 * numbers * np.dtype(plan.dtype).itemsize + largest_file
    slots = slot_bytes(plan) * slot_count(workers)
    return PROCESS_BYTES + workers * per_worker + slots + plan.rows * ROW_TABLE_BYTES


@lru_cache(maxsize=2)
def largest_to_read(catalog: Catalog, problem: Coded) -> tuple[int, int]:
    """Numbers in the largest usable sample, and bytes of the largest file; kept for plans of one basis."""
    usable = problem.equals("")
    own = catalog.height[usable].astype(np.int64) * catalog.width[usable] * catalog.channels[usable]
    return int(own.max(initial=0)), int(catalog.file_bytes[usable].max(initial=0))


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
        return f"Filling it in memory takes {format_bytes(memory)}; {free} are free."
    return (
        f"Filling it in memory would take {format_bytes(memory)}, and only {free} are free; "
        "written to a file as it grows, it may be larger than memory."
    )
