"""Everything that would make the arrays of a plan smaller, worked out together."""

from __future__ import annotations

from dataclasses import dataclass

from stackgui.core.advice.outliers import Outliers, former_outliers, outliers
from stackgui.core.advice.remedies import Remedy, remedies
from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.plan.plan import Plan


@dataclass(frozen=True, eq=False, slots=True)
class Savings:
    """Everything that would make the arrays of a plan smaller.

    Attributes
    ----------
    plan : Plan
    remedies : tuple of Remedy
        The largest saving first.
    outliers : tuple of Outliers
        The costliest first.
    former_outliers : tuple of int
        Samples that would be outliers if they were not excluded or shrunk.
    """

    plan: Plan
    remedies: tuple[Remedy, ...]
    outliers: tuple[Outliers, ...]
    former_outliers: tuple[int, ...]


def savings(plan: Plan, cancellation: Cancellation = UNWATCHED) -> Savings:
    """Work out all savings; takes a second or two for many samples of many sizes.

    Parameters
    ----------
    cancellation
        As for `remedies`.
    """
    return Savings(plan, remedies(plan, cancellation), outliers(plan), former_outliers(plan))
