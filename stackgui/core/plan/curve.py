"""What more arrays are worth: bytes and waste for 1, 2, … buckets."""

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
    """What a plan with some number of buckets would come to.

    Attributes
    ----------
    buckets : int
        How many the options allow.
    arrays : tuple of ArraySpec
        Fewer than `buckets` where more of them save nothing.
    waste : float
        As in `Plan`.
    """

    buckets: int
    arrays: tuple[ArraySpec, ...]
    waste: float

    @property
    def data_bytes(self) -> int:
        """Bytes of all rows."""
        return sum(array.data_bytes for array in self.arrays)


def curve(options: Options, catalog: Catalog, cancellation: Cancellation = UNWATCHED) -> list[CurvePoint]:
    """The points for 1 to `MAX_BUCKETS` buckets, each as `resolve` makes the plan; raises as it does.

    Parameters
    ----------
    options
        Whose own number of buckets does not matter.
    cancellation
        Checked in between.
    """
    points = []
    for buckets in range(1, MAX_BUCKETS + 1):
        cancellation.check()
        plan = resolve(replace(options, buckets=buckets), catalog, cancellation)
        points.append(CurvePoint(buckets, plan.arrays, plan.waste))
    return points
