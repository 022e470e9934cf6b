"""Parts and groups of the rows of a stack that is brought up to date; old rows keep their parts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.groups import joined_columns
from stackgui.core.labels.labels import FoundLabels
from stackgui.core.plan.division import Division, found_split, groups_of, is_placed, placed_split
from stackgui.core.plan.plan import Plan


def grown_division(
    plan: Plan, after: Catalog, labels: FoundLabels, now: Catalog, new: NDArray[np.int64]
) -> Division:
    """Return the parts and groups of the rows of `plan`, and of the `new` samples of `now`.

    A new picture of a known group follows it; new groups go where the shares of all rows need them.

    Parameters
    ----------
    after
        The samples of all rows, old and new, in their order.
    labels
        Of these.

    Raises
    ------
    PlanError
        When the groups that were asked for cannot be found any more.
    """
    old = plan.split.take(plan.samples)
    known = Coded.concatenate([old, Coded.constant("", len(new))])
    group = _groups(plan, after)
    if not plan.parts:
        return Division(known, group)
    if not is_placed(plan.options, after):
        found = found_split(plan.options, now, np.arange(len(now))).take(new)
        return Division(Coded.concatenate([old, found]), group)
    options = plan.options
    found = placed_split((options.split, options.seed), after, labels, group, known).take(np.s_[len(old) :])
    return Division(Coded.concatenate([old, found]), group)


def _groups(plan: Plan, after: Catalog) -> Coded | None:
    found = groups_of(plan.options, after)
    if found is None or plan.group is None:
        return found
    old = plan.group.take(plan.samples)
    return joined_columns([found, Coded.concatenate([old, Coded.constant("", len(after) - len(old))])])
