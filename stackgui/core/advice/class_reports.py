"""Counts of classes, and warnings that name some of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.text import printable
from stackgui.core.base.warnings import EXAMPLES, DataWarning, Mend
from stackgui.core.plan.plan import Plan


def class_counts(plan: Plan) -> NDArray[np.int64]:
    """Return the number of pictures in each class; none if the plan has no labels."""
    if plan.label is None:
        return np.array([], np.int64)
    return np.bincount(plan.label[plan.samples] + 1, minlength=len(plan.classes) + 1)[1:]


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
    return np.sort(plan.samples[np.isin(plan.label[plan.samples], classes)]).astype(np.int64)
