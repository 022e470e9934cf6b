"""What would make the arrays of a plan smaller, all together."""

from __future__ import annotations

from dataclasses import dataclass

from stackgui.core.advice.outliers import Outliers, outliers, tamed
from stackgui.core.advice.remedies import Remedy, remedies
from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.plan.plan import Plan


@dataclass(frozen=True, eq=False, slots=True)
class Savings:
    """What would make the arrays of a plan smaller.

    Attributes
    ----------
    plan : Plan
    remedies : tuple of Remedy
        The largest saving first.
    outliers : tuple of Outliers
        The costliest first.
    tamed : tuple of int
        Samples that would be outliers, had they not been left out or scaled down.
    """

    plan: Plan
    remedies: tuple[Remedy, ...]
    outliers: tuple[Outliers, ...]
    tamed: tuple[int, ...]


def savings(plan: Plan, cancellation: Cancellation = UNWATCHED) -> Savings:
    """Work all of it out; takes a second or two for many samples of many sizes.

    Parameters
    ----------
    cancellation
        As for `remedies`.
    """
    return Savings(plan, remedies(plan, cancellation), outliers(plan), tamed(plan))
