"""The window while somebody drags the line of a size over the plot, or zooms it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from tests.benchmarks.measuring import Bench, Row
from tests.benchmarks.programs import printed

DRAGGED_SIZES = (20_000, 1_000_000)


def dragging(bench: Bench) -> Iterator[Row]:
    """A million samples, made up, in the real window."""
    for distinct in DRAGGED_SIZES[: 1 if bench.quick else None]:
        bench.step(f"{distinct:,} sizes")
        found = printed("tests.benchmarks.dragged", str(distinct), *(["3"] if bench.quick else []))
        work = f"dragging the size of 1,000,000 samples, {distinct:,} sizes drawn"
        drawn, loop = "from the move to painted figures", "a loop that takes as long as most of these"
        for against, times_ms, limit in ((drawn, found["steps_ms"], 50), (loop, found["loops_ms"], None)):
            p95 = statistics.quantiles(times_ms, n=20)[-1]
            note = f"median {statistics.median(times_ms):.1f} ms of {len(times_ms)}"
            for what, measured in (("p95", p95), ("longest", max(times_ms))):
                yield Row(work, f"{against}, {what}", measured, limit, at_least=False, unit="ms", note=note)

    bench.step("drawing and zooming")
    gaps = printed("tests.benchmarks.plotted")
    yield Row(
        "size plot of 1,000,000 samples",
        "longest gap, drawn and zoomed",
        max(gaps),
        100,
        at_least=False,
        unit="ms",
    )
