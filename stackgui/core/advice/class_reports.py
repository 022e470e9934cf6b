"""Warnings that name some classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.text import printable
from stackgui.core.base.warnings import EXAMPLES, DataWarning, Mend
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import having_class


def classes_where(plan: Plan, mask: Sequence[bool]) -> NDArray[np.intp]:
    """Return the numbers of the classes where `mask` is true; none if the plan has just one class."""
    return np.flatnonzero(np.array(mask, np.bool_)) if len(plan.classes) > 1 else np.array([], np.intp)


def about_classes(
    plan: Plan, code: str, text: str, classes: NDArray[np.integer], mended: Mend | None = None
) -> DataWarning:
    """Return a warning about `classes`, given by their numbers, with the names of some."""
    names = tuple(printable(plan.classes[number]) for number in classes[:EXAMPLES].tolist())
    return DataWarning(code, text, len(classes), names, mend=mended)


def samples_of(plan: Plan, classes: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the samples of `classes`, as indices into the catalog, in order."""
    if plan.label is None:
        return np.array([], np.int64)
    have = [having_class(plan, number, plan.samples) for number in classes.tolist()]
    return np.sort(plan.samples[np.any(have, axis=0)]).astype(np.int64) if have else np.array([], np.int64)
