"""What of the changes in the sources of a stack is taken now, and what waits because it is still changing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog.archive_location import NO_ARCHIVE
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.options.update_options import Signs
from stackgui.core.plan.changed_since import NOT_FOUND, ChangedSince, annotation_sums, gone_before
from stackgui.core.plan.difference import keys_of
from stackgui.core.plan.plan import Plan

_GONE = 0
"""The sign of a picture that is gone."""


def settled(plan: Plan, now: Catalog, since: ChangedSince, seen: Signs | None) -> tuple[ChangedSince, Signs]:
    """Let everything wait that is not as it was when it was seen before.

    Parameters
    ----------
    plan
        The stack's plan.
    now, since
        What its sources hold now, and how that differs.
    seen
        The signs that were returned last time; None if nothing is to wait.

    Returns
    -------
    ChangedSince
        Without what waits.
    Signs
        Of all that has changed, including what waits.
    """
    rows = plan.catalog.take(plan.samples)
    signs = _signs(plan, rows, now, since)
    unsettled = set() if seen is None else {key for key, sign in signs.items() if seen.get(key) != sign}
    if not unsettled:
        return since, signs
    keys = list(keys_of(rows))
    for row, key in zip(since.found.tolist(), keys_of(now.take(since.match[since.found])), strict=True):
        keys[row] = key
    waiting = np.array([key in unsettled for key in keys], np.bool_)
    waits = np.array([key in unsettled for key in keys_of(now.take(since.new))], np.bool_)
    return replace(
        since,
        match=np.where(waiting, NOT_FOUND, since.match),
        new=since.new[~waits],
        changed=since.changed & ~waiting,
        annotated=since.annotated & ~waiting,
        revalued=since.revalued & ~waiting,
        renamed=since.renamed & ~waiting,
        retimed=since.retimed & ~waiting,
        gone=np.where(waiting, gone_before(plan), since.gone),
        waiting=waiting,
        waiting_new=since.new[waits],
    ), signs


def _signs(plan: Plan, rows: Catalog, now: Catalog, since: ChangedSince) -> Signs:
    """Return the signs of all that has changed."""
    found, before = since.found, gone_before(plan)
    differs = since.changed | since.annotated | since.revalued | since.renamed | since.retimed
    differs[found] |= before[found]
    differs[found] |= rows.given_label.take(found).differs(now.given_label.take(since.match[found]))
    lost = dict.fromkeys(keys_of(rows.take(np.flatnonzero(since.gone & ~before))), _GONE)
    pending = now.take(np.concatenate([since.match[differs & (since.match != NOT_FOUND)], since.new]))
    signs = [*_of_files(pending), pending.given_label]
    if pending.annotations is not None:
        signs.append(annotation_sums(pending.annotations))
    if pending.values is not None:
        signs += [pending.values.numbers.view(np.uint32).sum(axis=1).tolist(), *pending.values.texts]
    if pending.masks is not None:
        has_mask = pending.masks.has_mask
        of_masks: NDArray[np.int64] = np.zeros((2, len(pending)), np.int64)
        files = pending.masks.files.take(pending.masks.of[has_mask])
        of_masks[:, has_mask] = files.file_bytes, files.mtime_ns
        signs += [each.tolist() for each in of_masks]
    return {**lost, **dict(zip(keys_of(pending), map(hash, zip(*signs, strict=True)), strict=True))}


def _of_files(catalog: Catalog) -> list[Sequence[object]]:
    """Return what tells of each sample whether its file is still being written."""
    of_archive = [(archive.file_bytes, archive.mtime_ns) for archive in catalog.archives]
    inside = catalog.inside.archive.tolist()
    archives = [None if place == NO_ARCHIVE else of_archive[place] for place in inside]
    return [catalog.file_bytes.tolist(), catalog.mtime_ns.tolist(), archives]
