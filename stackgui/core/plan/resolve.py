"""Applying options to a catalog, which makes a plan."""

from __future__ import annotations

from collections.abc import Sequence

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.options.options import Options
from stackgui.core.plan.arrange import Rows, arrange
from stackgui.core.plan.division import Division
from stackgui.core.plan.fit_summary import FitSummary, SizeHistogram, fit_summary
from stackgui.core.plan.mask_form import MaskForm, mask_form
from stackgui.core.plan.outputs import OUTPUTS
from stackgui.core.plan.plan import ArraySpec, Bucket, Plan, array_shape
from stackgui.core.plan.size_independent import Contents, SizeIndependent, contents, size_independent


def outline(
    options: Options, catalog: Catalog, cancellation: Cancellation = UNWATCHED
) -> tuple[ArraySpec, ...]:
    """Work out only the arrays of a plan, which is faster than `resolve`; raises as `resolve` does."""
    made = contents(options, catalog)
    arranged = arrange(options, catalog, made.usable, made.samples, cancellation)
    masks = _mask_arrays(options, mask_form(options, catalog), arranged)
    return (*_arrays(options, made, arranged), *filter(None, masks))


def resolve(
    options: Options,
    catalog: Catalog,
    cancellation: Cancellation = UNWATCHED,
    *,
    division: Division | None = None,
) -> Plan:
    """Work out what every row will hold, and which files will hold the rows.

    Samples that cannot be part of the plan, because of an unreadable header or because the options do not
    accept their numbers or channels, keep their row, which stays blank. Excluded samples have no row.
    `cancellation` is checked during the search for buckets. Of a plan that was made before, the `division` is
    known, and is not worked out again.

    Raises
    ------
    PlanError
        When no sample is left, or the options contradict each other.
    """
    known = size_independent(options, catalog, division)
    made = known.contents
    arranged = arrange(options, catalog, made.usable, made.samples, cancellation)
    summary = _fits(options, catalog, known, arranged)
    masks = mask_form(options, catalog)
    arrays = zip(
        arranged,
        _arrays(options, made, arranged),
        _mask_arrays(options, masks, arranged),
        strict=True,
    )
    row_px = sum(len(rows.samples) * rows.size[0] * rows.size[1] for rows in arranged)
    return Plan(
        options=options,
        catalog=catalog,
        buckets=tuple(Bucket(*rows.size, array, rows.samples, mask) for rows, array, mask in arrays),
        channels=made.channels,
        dtype=made.dtype.name,
        problem=made.problem,
        label=known.labels.label,
        classes=known.labels.classes,
        label_sets=known.labels.sets,
        split=known.division.split,
        group=known.division.group,
        scaled_down=summary.scaled_down,
        scaled_up=summary.scaled_up,
        cropped=summary.cropped,
        waste=1.0 - summary.placed_px / row_px,
        largest_px=summary.largest_px,
        masks=masks,
    )


def _fits(options: Options, catalog: Catalog, known: SizeIndependent, arranged: Sequence[Rows]) -> FitSummary:
    """Sum up how the samples fit into the rows."""
    summary = FitSummary()
    for rows in arranged:
        histogram = known.histogram
        if len(arranged) > 1:
            histogram = SizeHistogram.of(catalog, rows.samples[known.contents.usable[rows.samples]])
        summary += fit_summary(histogram, rows.size, options.fit)
    return summary


def _arrays(options: Options, made: Contents, arranged: Sequence[Rows]) -> tuple[ArraySpec, ...]:
    files = _files("images", options, arranged)
    return tuple(
        ArraySpec(file, array_shape(options, len(rows.samples), rows.size, made.channels), made.dtype.name)
        for rows, file in zip(arranged, files, strict=True)
    )


def _mask_arrays(
    options: Options, masks: MaskForm | None, arranged: Sequence[Rows]
) -> tuple[ArraySpec | None, ...]:
    """Return the array of masks for each of `arranged`."""
    if masks is None:
        return (None,) * len(arranged)
    files = _files("masks", options, arranged)
    return tuple(
        ArraySpec(file, (len(rows.samples), *rows.size), masks.dtype)
        for rows, file in zip(arranged, files, strict=True)
    )


def _files(what: str, options: Options, arranged: Sequence[Rows]) -> list[str]:
    """Return the names of the arrays' files: `what` if there is one, else `what` with each size."""
    suffix = OUTPUTS[options.container].suffix
    if len(arranged) == 1:
        return [what + suffix]
    return ["{}-{}x{}{}".format(what, *rows.size, suffix) for rows in arranged]
