"""Bytes and waste for 1, 2, … buckets: what each further array saves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.buckets.buckets import MAX_BUCKETS
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.plan.resolve import resolve


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The size and waste of a plan with a given number of buckets.

    Attributes
    ----------
    buckets : int
        The most that the options allow.
    arrays : tuple of ArraySpec
        Fewer than `buckets` if more of them save nothing.
    waste : float
        As in `Plan`.
    """

    buckets: int
    arrays: tuple[ArraySpec, ...]
    waste: float

    @property
    def data_bytes(self) -> int:
        """Return the size of all rows."""
        return sum(array.data_bytes for array in self.arrays)


def curve(options: Options, catalog: Catalog, cancellation: Cancellation = UNWATCHED) -> list[CurvePoint]:
    """Resolve the plan for 1 to `MAX_BUCKETS` buckets, and return a point for each; raises as `resolve` does.

    Parameters
    ----------
    options
        Its own number of buckets is ignored.
    cancellation
        Checked between points and during the search for buckets.
    """
    points = []
    for buckets in range(1, MAX_BUCKETS + 1):
        cancellation.check()
        plan = resolve(replace(options, buckets=buckets), catalog, cancellation)
        points.append(CurvePoint(buckets, plan.all_arrays, plan.waste))
    return points
