"""Tells sources and folders that cannot be reached from those whose pictures were deleted."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import PlanError
from stackgui.core.base.text import printable
from stackgui.core.base.ways import Way
from stackgui.core.base.wording import joined, say, say_many
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.changed_since import ChangedSince, gone_before
from stackgui.core.plan.plan import Plan

FEW = 2
"""A folder that has lost fewer pictures than that, all that it had, has probably lost them on purpose."""
MANY = 10
"""So many pictures that are gone at once are asked about, if they are more than half of their source."""
MAX_NAMED = 3

_Folder: TypeAlias = tuple[int, bytes]
"""The number of a source, and a path within it."""


def check_sources(plan: Plan, now: Catalog, since: ChangedSince) -> None:
    """Raise PlanError if all or most of something is gone at once, as on a disk that is not connected.

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
    _check_folders(plan, now, since.gone & ~before)
    for number in np.unique(source[since.gone & ~before]).tolist():
        there = (source == number) & ~before
        _check_share(there, since.gone & there, plan.catalog.sources[number])
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


def _check_folders(plan: Plan, now: Catalog, gone: NDArray[np.bool_]) -> None:
    """Raise PlanError if folders that had pictures have none any more; another disk may lie there."""
    rows = plan.catalog.take(plan.samples[gone])
    lost = Counter(above for folder in _folders(rows) for above in _with_all_above(folder))
    empty = {folder for folder, count in lost.items() if count >= FEW}
    seen = set[_Folder]()
    for folder in _folders(now) if empty else ():
        if folder not in seen:
            seen.add(folder)
            empty.difference_update(_with_all_above(folder))
    # Only the uppermost: what lies in them is gone with them.
    tops = sorted(each for each in empty if (each[0], os.path.dirname(each[1])) not in empty)
    if tops:
        named = [os.path.join(plan.catalog.folders[number], os.fsdecode(path)) for number, path in tops]
        raise _gone_from_folders(sum(lost[each] for each in tops), named)


def _folders(catalog: Catalog) -> Iterator[_Folder]:
    """Yield for each sample the folder or archive that it lies in."""
    for index, source in enumerate(catalog.source.tolist()):
        yield source, os.path.dirname(catalog.path.raw(index))


def _with_all_above(folder: _Folder) -> Iterator[_Folder]:
    """Yield a folder and those above it, but not the source itself."""
    source, path = folder
    while path:
        yield source, path
        path = os.path.dirname(path)


def _check_share(there: NDArray[np.bool_], gone: NDArray[np.bool_], source: str) -> None:
    """Raise PlanError if more than half of the pictures that were there are gone."""
    had, lost = int(np.count_nonzero(there)), int(np.count_nonzero(gone))
    if lost >= MANY and 2 * lost > had:
        raise PlanError(
            say(
                "{count:,} of the {all:,} pictures that came from {source} are gone, more than half. Is a "
                "disk missing, or was a folder moved? The stack stays as it is.",
                count=lost,
                all=had,
                source=printable(source),
            ),
            ways=(Way.EMPTY_SOURCES,),
        )


def _gone_from_folders(pictures: int, folders: Iterable[str]) -> PlanError:
    names = [printable(folder) for folder in folders]
    more = say(" and {count:,} more", count=len(names) - MAX_NAMED) if len(names) > MAX_NAMED else ""
    return PlanError(
        say(
            "All {count:,} pictures in {folders} are gone, and no other is there. Is a disk missing, or was "
            "a folder moved? The stack stays as it is.",
            count=pictures,
            folders=joined("", (", ".join(names[:MAX_NAMED]), more)),
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
