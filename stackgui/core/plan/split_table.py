"""The number of rows of each label in each part of the dataset split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.kept import kept
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import class_counts

UNLABELLED = say("no label")
ALL = say("all")
NO_PART = say("no part")


@dataclass(frozen=True, eq=False, slots=True)
class SplitTable:
    """Rows by label and part.

    Attributes
    ----------
    labels : tuple of str
        The classes, then `UNLABELLED` if some rows have none; just `ALL` if the plan has no labels.
    parts : tuple of str
        The parts of the split, then `NO_PART` if some rows belong to none.
    rows : int64, shape (labels, parts)
        Number of rows.
    total : int64, shape (parts,)
        Number of rows in each part; fewer than all its `rows` where a row may have several labels.
    """

    labels: tuple[str, ...]
    parts: tuple[str, ...]
    rows: NDArray[np.int64]
    total: NDArray[np.int64]


@kept()
def split_table(plan: Plan) -> SplitTable | None:
    """Count the rows of `plan`; return None if they are not split."""
    if not plan.parts:
        return None
    samples = plan.samples
    part = plan.part_of(samples)
    parts, labels = plan.parts, plan.classes
    # Rows without a label get a line of their own, and rows without a part a column.
    if (part < 0).any():
        parts, part = (*parts, NO_PART), np.where(part < 0, len(parts), part)
    total = np.bincount(part, minlength=len(parts))
    if plan.label is None:
        return SplitTable((ALL,), parts, total[None], total)
    rows = np.stack([class_counts(plan, samples[part == each]) for each in range(len(parts))], axis=1)
    if (is_without := plan.label[samples] < 0).any():
        labels = (*labels, UNLABELLED)
        rows = np.concatenate([rows, np.bincount(part[is_without], minlength=len(parts))[None]])
    return SplitTable(labels, parts, rows, total)
