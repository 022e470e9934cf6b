"""Tells sources that cannot be reached from those whose pictures were deleted."""

from __future__ import annotations

import numpy as np

from stackgui.core.base.errors import PlanError
from stackgui.core.base.text import printable
from stackgui.core.base.ways import Way
from stackgui.core.base.wording import say, say_many
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.changed_since import ChangedSince, gone_before
from stackgui.core.plan.plan import Plan


def check_sources(plan: Plan, now: Catalog, since: ChangedSince) -> None:
    """Raise PlanError if all of something is gone at once, as on a disk that is not connected.

    Parameters
    ----------
    plan
        The stack's plan.
    now, since
        What its sources hold now, and how that differs.
    """
    source, before = plan.catalog.source[plan.samples], gone_before(plan)
    for number in np.unique(source[since.gone & ~before]).tolist():
        of_source = source == number
        if since.gone[of_source].all():
            raise _gone(int(np.count_nonzero(of_source)), plan.catalog.sources[number])
    stays = np.isin(np.arange(plan.rows), since.found)
    rows = plan.catalog.take(plan.samples)
    if plan.masks is not None and not plan.masks.drawn and rows.masks is not None:
        had = rows.masks.has_mask & stays
        if had.any() and (now.masks is None or not now.masks.has_mask.any()):
            raise PlanError(
                say(
                    "None of the masks is there any more. Is a disk missing, or was a folder moved? The "
                    "stack stays as it is."
                ),
                ways=(Way.EMPTY_SOURCES,),
            )
    had_boxes = rows.annotations is not None and bool((rows.annotations.is_annotated & stays).any())
    if had_boxes and (now.annotations is None or not now.annotations.is_annotated.any()):
        raise PlanError(
            say(
                "The boxes of its pictures are not there any more: no file of annotations is found that "
                "can be read. Is one still being written, or was it moved? The stack stays as it is."
            ),
            ways=(Way.EMPTY_SOURCES,),
        )


def _gone(pictures: int, source: str) -> PlanError:
    return PlanError(
        say_many(
            pictures,
            "The only picture that came from {source} is not there any more. Is a disk missing, or was a "
            "folder moved? The stack stays as it is.",
            "None of the {count:,} pictures that came from {source} is there any more. Is a disk missing, or "
            "was a folder moved? The stack stays as it is.",
            source=printable(source),
        ),
        ways=(Way.EMPTY_SOURCES,),
    )
