"""How many rows of each label go to each part of the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.plan.plan import Plan

UNLABELLED = "no label"
ALL = "all"
NO_PART = "no part"


@dataclass(frozen=True, eq=False, slots=True)
class SplitTable:
    """What goes where.

    Attributes
    ----------
    labels : tuple of str
        The classes, then `UNLABELLED` where some rows have none; just `ALL` without labels.
    parts : tuple of str
        The parts of the data, then `NO_PART` where some rows belong to none.
    rows : int64, shape (labels, parts)
    """

    labels: tuple[str, ...]
    parts: tuple[str, ...]
    rows: NDArray[np.int64]


def split_table(plan: Plan) -> SplitTable | None:
    """The table of `plan`; None where its rows are not split."""
    if not plan.parts:
        return None
    samples = plan.samples
    part = plan.part_of(samples)
    label = np.zeros(len(samples), np.int32) if plan.label is None else plan.label[samples]
    labels = (ALL,) if plan.label is None else plan.classes
    parts = plan.parts
    # What belongs nowhere is counted in one more column, and one more line.
    if (label < 0).any():
        labels, label = (*labels, UNLABELLED), np.where(label < 0, len(labels), label)
    if (part < 0).any():
        parts, part = (*parts, NO_PART), np.where(part < 0, len(parts), part)
    rows = np.bincount(label * len(parts) + part, minlength=len(labels) * len(parts))
    return SplitTable(labels, parts, rows.reshape(len(labels), len(parts)))
