"""From options and a catalog to a plan."""

from __future__ import annotations

from collections.abc import Sequence

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.options.options import Options
from stackgui.core.plan.arrange import Rows, arrange
from stackgui.core.plan.fit_summary import FitSummary, SizeHistogram, fit_summary
from stackgui.core.plan.outputs import DEFAULT, Output
from stackgui.core.plan.plan import ArraySpec, Bucket, Plan, array_shape
from stackgui.core.plan.size_independent import Contents, contents, size_independent


def outline(
    options: Options, catalog: Catalog, cancellation: Cancellation = UNWATCHED, *, output: Output = DEFAULT
) -> tuple[ArraySpec, ...]:
    """Work out the arrays of a plan, and nothing that takes longer; raises as `resolve` does."""
    made = contents(options, catalog)
    arranged = arrange(options, catalog, made.usable, made.samples, cancellation)
    return _arrays(options, made, arranged, output)


def resolve(
    options: Options, catalog: Catalog, cancellation: Cancellation = UNWATCHED, *, output: Output = DEFAULT
) -> Plan:
    """Work out what every row will be, and which files of `output` will hold the rows.

    Samples that cannot be part of the plan (an unreadable header, numbers or channels that the options cannot
    take) keep their row, which stays blank. Those that the options exclude have none.
    `cancellation` is checked while buckets are searched for.

    Raises
    ------
    PlanError
        When no sample is left, or the options contradict each other.
    """
    known = size_independent(options, catalog)
    made = known.contents
    arranged = arrange(options, catalog, made.usable, made.samples, cancellation)
    done = FitSummary()
    for rows in arranged:
        alone = len(arranged) == 1
        tally = known.tally if alone else SizeHistogram.of(catalog, rows.samples[made.usable[rows.samples]])
        done += fit_summary(tally, rows.size, options.fit)
    row_px = sum(len(rows.samples) * rows.size[0] * rows.size[1] for rows in arranged)
    return Plan(
        options=options,
        catalog=catalog,
        buckets=tuple(
            Bucket(*rows.size, array, rows.samples)
            for rows, array in zip(arranged, _arrays(options, made, arranged, output), strict=True)
        ),
        channels=made.channels,
        dtype=made.dtype.name,
        problem=made.problem,
        label=known.label,
        classes=known.classes,
        split=known.split,
        scaled_down=done.scaled_down,
        scaled_up=done.scaled_up,
        cropped=done.cropped,
        waste=1.0 - done.placed_px / row_px,
        largest_px=done.largest_px,
    )


def _arrays(
    options: Options, made: Contents, arranged: Sequence[Rows], output: Output
) -> tuple[ArraySpec, ...]:
    files = [name + output.suffix for name in _names([rows.size for rows in arranged])]
    return tuple(
        ArraySpec(file, array_shape(options, len(rows.samples), rows.size, made.channels), made.dtype.name)
        for rows, file in zip(arranged, files, strict=True)
    )


def _names(sizes: Sequence[tuple[int, int]]) -> list[str]:
    """Names of arrays: one alone is ``images``; of several each tells its size."""
    if len(sizes) == 1:
        return ["images"]
    return [f"images-{height}x{width}" for height, width in sizes]
