"""Parts and groups of the rows of a stack that is brought up to date; old rows keep their parts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.groups import chosen_groups, joined_columns
from stackgui.core.labels.labels import FoundLabels
from stackgui.core.plan.division import (
    Division,
    Keeper,
    found_split,
    is_placed,
    kinds_of_groups,
    placed_split,
)
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
    known = _longer(old, len(after))
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
    """Return the groups of all rows; those that old rows were given go on to hold them together."""
    found = kinds_of_groups(plan.options, after)
    if not found or plan.group is None:
        return joined_columns([*found.values()]) if found else None
    before = chosen_groups(plan.catalog.take(plan.samples), plan.options.group_by)
    if before is not None:
        # A row whose name or list says another group now would join that one to its own.
        found[Keeper.CHOSEN] = _without_changed(found[Keeper.CHOSEN], before)
    given = plan.group.take(plan.samples)
    return joined_columns([*found.values(), _longer(given, len(after))])


def _without_changed(now: Coded, before: Coded) -> Coded:
    names = now.names if "" in now.names else (*now.names, "")
    codes = now.codes.copy()
    old = np.s_[: len(before)]
    codes[old][now.take(old).differs(before)] = names.index("")
    return Coded(codes, names)


def _longer(column: Coded, length: int) -> Coded:
    """Return `column` with ``""`` in as many further rows as make it `length` rows long."""
    return Coded.concatenate([column, Coded.constant("", length - len(column))])
