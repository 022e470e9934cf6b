"""The number of rows of each label in each part of the dataset split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.wording import say
from stackgui.core.plan.plan import Plan

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
    """

    labels: tuple[str, ...]
    parts: tuple[str, ...]
    rows: NDArray[np.int64]


def split_table(plan: Plan) -> SplitTable | None:
    """Count the rows of `plan`; return None if they are not split."""
    if not plan.parts:
        return None
    samples = plan.samples
    part = plan.part_of(samples)
    label = np.zeros(len(samples), np.int32) if plan.label is None else plan.label[samples]
    labels = (ALL,) if plan.label is None else plan.classes
    parts = plan.parts
    # Rows without a label get a line of their own, and rows without a part a column.
    if (label < 0).any():
        labels, label = (*labels, UNLABELLED), np.where(label < 0, len(labels), label)
    if (part < 0).any():
        parts, part = (*parts, NO_PART), np.where(part < 0, len(parts), part)
    rows = np.bincount(label * len(parts) + part, minlength=len(labels) * len(parts))
    return SplitTable(labels, parts, rows.reshape(len(labels), len(parts)))
