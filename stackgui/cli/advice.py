"""Advice on making a plan's arrays smaller: as JSON values and as lines for people."""

from __future__ import annotations

from typing import Any

from stackgui.core.advice.outliers import Outliers, outliers
from stackgui.core.advice.remedies import BUCKETS, PERCENTILE, SCALED_PX, RemedyKind, remedies
from stackgui.core.base.text import printable
from stackgui.core.base.units import agree, format_bytes, format_count, format_times
from stackgui.core.plan.outputs import file_bytes
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.split_table import split_table

MAX_NAMES = 3
"""Outliers named to people; the JSON has all."""

MAX_REMEDIES = 3
"""Remedies shown to people; the JSON has all."""

_HOW = {
    RemedyKind.UINT8: "--dtype uint8",
    RemedyKind.BUCKETS: f"--buckets {BUCKETS}",
    RemedyKind.PERCENTILE: f"--size p{PERCENTILE:g}",
    RemedyKind.SCALE: f"--size {SCALED_PX}x{SCALED_PX}",
    RemedyKind.EXCLUDE: "--exclude-from a list of these",
    RemedyKind.SHRINK: "--shrink-from a list of these",
    RemedyKind.GREY: "--channels grey",
}


def advice_json(plan: Plan) -> dict[str, Any]:
    """Return outliers, remedies and the split as JSON values."""
    table = split_table(plan)
    return {
        "outliers": [
            {
                "files": [plan.catalog.file(sample) for sample in step.samples],
                "array_bytes": step.array_bytes,
                "shrunk_bytes": step.shrunk_bytes,
            }
            for step in outliers(plan)
        ],
        "remedies": [
            {
                "kind": remedy.kind.value,
                "array_bytes": remedy.array_bytes,
                "saved_bytes": remedy.saved_bytes,
            }
            for remedy in remedies(plan)
        ],
        "split": None
        if table is None
        else {"labels": list(table.labels), "parts": list(table.parts), "rows": table.rows.tolist()},
    }


def advice_lines(plan: Plan) -> list[str]:
    """Describe outliers and remedies for people."""
    lines = []
    if steps := outliers(plan):
        lines.append(f"  {_cost(plan, steps)}")
    lines += [
        f"  {_HOW[remedy.kind]} makes it {format_bytes(remedy.array_bytes)}"
        for remedy in remedies(plan)[:MAX_REMEDIES]
    ]
    return lines


def _cost(plan: Plan, steps: tuple[Outliers, ...]) -> str:
    """Say how much larger the array is because of the outliers."""
    samples = [sample for step in steps for sample in step.samples]
    names = ", ".join(printable(plan.catalog.path[sample]) for sample in samples[:MAX_NAMES])
    more = ", …" if len(samples) > MAX_NAMES else ""
    before, after = sum(map(file_bytes, plan.all_arrays)), steps[-1].array_bytes
    verb = agree(len(samples), "makes", "make")
    return (
        f"{len(samples):,} of {format_count(plan.rows, 'picture')} {verb} the array "
        f"{format_times(before / after)} times as large, {format_bytes(before)} instead of "
        f"{format_bytes(after)}: {names}{more}"
    )
