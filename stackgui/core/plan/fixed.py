"""The plan of a stack that was updated: what was worked out from all samples when it was made stays.

Options are not resolved again, because with the samples that came later they would give another plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.label_sets import LabelSets
from stackgui.core.options.options import Options
from stackgui.core.plan.fit_summary import FitSummary, SizeHistogram, fit_summary
from stackgui.core.plan.mask_form import mask_form
from stackgui.core.plan.measured import Measured
from stackgui.core.plan.plan import EXCLUDED, Bucket, Plan
from stackgui.core.plan.repair import misfits
from stackgui.core.plan.size_independent import problems


@dataclass(frozen=True, eq=False, slots=True)
class Fixed:
    """What stays of a plan when samples are added.

    Attributes
    ----------
    buckets : tuple of Bucket
    channels : int
    dtype : str
    label : int32, shape (N,), or None
        As `classes`, `split` and `group`, of each sample as in `Plan`.
    classes : tuple of str
    label_sets : LabelSets or None
    split : Coded
    group : Coded or None
    measured : Measured or None
    is_added : bool, shape (N,)
        Samples that were added to the stack after it had been made.
    """

    buckets: tuple[Bucket, ...]
    channels: int
    dtype: str
    label: NDArray[np.int32] | None
    classes: tuple[str, ...]
    label_sets: LabelSets | None
    split: Coded
    group: Coded | None
    measured: Measured | None
    is_added: NDArray[np.bool_]


def fixed_plan(options: Options, catalog: Catalog, fixed: Fixed) -> Plan:
    """Return the plan of `catalog`, all of whose samples have rows.

    Added samples that do not fit what is fixed have a problem, so that their rows stay blank.
    """
    found = problems(options, catalog, fixed.channels, np.dtype(fixed.dtype))
    plan = Plan(
        options=options,
        catalog=catalog,
        buckets=fixed.buckets,
        channels=fixed.channels,
        dtype=fixed.dtype,
        # What the rows were made by follows from the samples that were there first.
        problem=_put(found, fixed.is_added, EXCLUDED),
        label=fixed.label,
        classes=fixed.classes,
        label_sets=fixed.label_sets,
        split=fixed.split,
        group=fixed.group,
        scaled_down=0,
        scaled_up=0,
        cropped=0,
        waste=0.0,
        largest_px=0,
        measured=fixed.measured,
        masks=mask_form(options, catalog),
    )
    usable = found.equals("") & fixed.is_added
    reasons: dict[int, str] = {}
    for bucket in fixed.buckets:
        reasons |= dict(misfits(plan, catalog, bucket, usable, is_new=True))
    return _with_figures(replace(plan, problem=found.put(reasons) if reasons else found))


def _put(column: Coded, where: NDArray[np.bool_], text: str) -> Coded:
    codes = np.where(where & column.equals(""), len(column.names), column.codes).astype(np.int32)
    return Coded(codes, (*column.names, text))


def _with_figures(plan: Plan) -> Plan:
    summary, row_px = FitSummary(), 0
    for bucket in plan.buckets:
        placed = bucket.samples[plan.usable[bucket.samples]]
        summary += fit_summary(
            SizeHistogram.of(plan.catalog, placed), (bucket.height, bucket.width), plan.options.fit
        )
        row_px += bucket.array.rows * bucket.height * bucket.width
    return replace(
        plan,
        scaled_down=summary.scaled_down,
        scaled_up=summary.scaled_up,
        cropped=summary.cropped,
        waste=1.0 - summary.placed_px / row_px,
        largest_px=summary.largest_px,
    )


def part_of_plan(plan: Plan, rows: Sequence[NDArray[np.int64]]) -> Plan:
    """Return a plan of only some rows of `plan`, to be made by the same rules.

    Parameters
    ----------
    rows
        For each bucket the rows to make, by their numbers in it; buckets without any are left out, unless
        there are none at all.
    """
    wanted = [(bucket, each) for bucket, each in zip(plan.buckets, rows, strict=True) if len(each)]
    wanted = wanted or [(plan.buckets[0], rows[0])]
    samples = np.concatenate([bucket.samples[each] for bucket, each in wanted])
    buckets, begin = [], 0
    for bucket, each in wanted:
        arrays = [replace(array, shape=(len(each), *array.shape[1:])) for array in bucket.arrays]
        made = np.arange(begin, begin + len(each))
        buckets.append(Bucket(bucket.height, bucket.width, arrays[0], made, *arrays[1:]))
        begin += len(each)
    return replace(
        plan,
        catalog=plan.catalog.take(samples),
        buckets=tuple(buckets),
        problem=plan.problem.take(samples),
        label=None,
        classes=(),
        label_sets=None,
        split=Coded.constant("", len(samples)),
        group=None,
        origin=plan.origin or plan,
        row_changes=None,
    )
