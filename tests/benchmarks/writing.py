"""How much one writer takes, when decoding costs nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.run.batches import batches, block_bytes
from stackgui.stores.arrays.file_store import FileStore
from tests.benchmarks.measuring import Bench, Row
from tests.making import make_plan


def writer(bench: Bench) -> Iterator[Row]:
    """Rows that are ready in memory, written by the one thread that writes."""
    count = 8 if bench.quick else 800
    for work, sizes in (
        ("whole rows of 512 × 512", [(512, 512)] * count),
        ("rows padded to 1024 × 1024", [(1024, 1024), *[(512, 700)] * count]),
    ):
        plan = make_plan(sizes, Options())
        rates = [_gigabytes_per_s(bench, plan) for _ in range(bench.rounds)]
        figures = f"least {min(rates):.2f}, most {max(rates):.2f}; into the page cache, pixels counted"
        yield Row(
            f"one writer, {work}", "pixels written", float(np.median(rates)), None, unit="GB/s", note=figures
        )


def _gigabytes_per_s(bench: Bench, plan: Plan) -> float:
    file = bench.folder / "writer.npy"
    sparse = plan.waste > 0
    store = FileStore(str(file), plan.arrays[0], plan.options.layout, 0.0, sparse=sparse)
    pixels = np.ones(64 * 2**20, np.uint8)
    written, start = 0, time.perf_counter()
    for batch in batches(plan):
        part = pixels[: int(block_bytes(plan, batch.geometry).sum())]
        store.write(int(batch.rows[0]), part, batch.geometry.placement, np.ones(len(batch), np.bool_))
        written += len(part)
    seconds = time.perf_counter() - start
    store.abort()
    file.unlink()
    return written / seconds / 1e9
