"""Resume an unfinished stack, if the job is the same, and check the rows that are done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Progress
from stackgui.core.base.errors import OtherJobError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.difference import difference
from stackgui.core.plan.plan import Bucket, Plan
from stackgui.core.run.row_results import RowResults, runs
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.stores.arrays.array_file import ArrayFile
from stackgui.stores.arrays.checksums import RowsOf, stored_checksum
from stackgui.stores.arrays.rows import Blank, RowShape
from stackgui.stores.files.failures import explained
from stackgui.stores.format.plan_file import PLAN_FILE, save_plan
from stackgui.stores.recovery.folder import PartialFolder
from stackgui.stores.recovery.journal import JOURNAL_FILE, Journal
from stackgui.stores.recovery.lease import end_left
from stackgui.stores.recovery.unfinished import (
    NEXT_JOURNAL_FILE,
    UnfinishedJournal,
    adopt_next_journal,
    find_journal,
    journal_head,
    read_plan,
    unfinished_files,
)

ENTRY_ROWS = 4096
"""Rows per entry of a rewritten journal."""

PART_ROWS = 4096
"""Rows whose placements are computed at a time."""


@dataclass(frozen=True, eq=False, slots=True)
class Job:
    """The job to do."""

    plan: Plan
    run: RunOptions
    versions: Mapping[str, str]


def take_over(
    folder: PartialFolder, found: UnfinishedJournal, job: Job, progress: Progress
) -> tuple[RowResults, Journal]:
    """Prepare the unfinished stack in `folder` for its remaining rows.

    Afterwards the rows that are done hold what was written; the others are blank, or will be written whole.

    Returns
    -------
    RowResults
        The rows that are done.
    Journal
        The journal, to append the other rows to.

    Raises
    ------
    OtherJobError
        When the job is a different one; then nothing was changed.
    StoreError
        When files cannot be read or written.
    """
    outcomes = found.outcomes(job.plan.rows)
    if (found.fingerprint, found.versions) != (job.plan.fingerprint, dict(job.versions)):
        forget_changed(folder.path, lambda: read_plan(folder.path), found, job, outcomes)
        found = _renew(folder, job, outcomes)
    arrays = [array.file for array in job.plan.all_arrays]
    with explained(folder.path):
        end_left(folder.path)
    folder.clear(keep=(*arrays, *unfinished_files(folder.path)))
    _RowRestorer(job.plan, outcomes, progress).restore(folder)
    return outcomes, Journal.reopen(folder.file(JOURNAL_FILE), found.journal)


def forget_changed(
    place: str, planned: Callable[[], Plan], found: UnfinishedJournal, job: Job, outcomes: RowResults
) -> None:
    """Forget the rows of changed files, if nothing else changes and `job` allows to redo them.

    Parameters
    ----------
    place
        Where the unfinished stack is.
    planned
        Returns its plan.
    found, job, outcomes

    Raises
    ------
    OtherJobError, PlanError
    """
    changes = difference(planned(), job.plan, found.versions, job.versions)
    if not changes.redoable or job.run.unfinished is not IfUnfinished.REDO:
        advice = (
            say("Convert those files again, or discard it and convert again.")
            if changes.redoable
            else say("Discard it and convert again.")
        )
        shown = printable(place)
        message = say(
            "{shown} cannot be resumed, because the job is different. {text} {advice}",
            shown=shown,
            text=changes.text,
            advice=advice,
        )
        raise OtherJobError(message, redoable=changes.redoable)
    outcomes.forget(np.flatnonzero(changes.changed[job.plan.samples]))


def _renew(folder: PartialFolder, job: Job, outcomes: RowResults) -> UnfinishedJournal:
    """Replace the plan and the journal, both in the same instant, by those of the job."""
    next_journal, plan = folder.file(NEXT_JOURNAL_FILE), folder.file(PLAN_FILE)
    journal = Journal.begin(next_journal, journal_head(job.plan, job.run, job.versions))
    try:
        journal.append(outcomes.entries(ENTRY_ROWS))
    finally:
        journal.close()
    save_plan(job.plan, plan)
    with explained(plan):
        adopt_next_journal(folder.path)
        folder.sync()
    renewed = find_journal(folder.path)
    assert renewed is not None, "it has just been written"
    return renewed


class _RowRestorer:
    """Restores the rows of an unfinished stack."""

    def __init__(self, plan: Plan, outcomes: RowResults, progress: Progress) -> None:
        self._plan = plan
        self._outcomes = outcomes
        self._progress = progress
        self._checked = 0

    def restore(self, folder: PartialFolder) -> None:
        """Forget rows that no longer hold what was written, and blank the rows that are not done."""
        first = 0
        layout = self._plan.options.layout
        for bucket in self._plan.buckets:
            with ExitStack() as opened:
                arrays = []
                for array in bucket.arrays:
                    opened.enter_context(explained(path := folder.file(array.file)))
                    file = ArrayFile(path, array, sparse=True, existing=True)
                    opened.callback(file.abort)
                    arrays.append(RowsOf(file, RowShape.of(array, layout)))
                for begin in range(0, bucket.array.rows, PART_ROWS):
                    self._check(arrays, bucket, begin, first)
                self._blank(arrays, bucket, ~self._outcomes.done[first : first + bucket.array.rows])
            first += bucket.array.rows

    def _check(self, arrays: Sequence[RowsOf], bucket: Bucket, begin: int, first: int) -> None:
        """Check `PART_ROWS` rows of a bucket from `begin` on; `first` is its first row."""
        outcomes = self._outcomes
        part = slice(first + begin, first + min(begin + PART_ROWS, bucket.array.rows))
        rows = np.flatnonzero(outcomes.valid[part])
        placement = self._plan.geometry(bucket, bucket.samples[begin + rows]).placement.tolist()
        for row, (top, left, height, width) in zip(rows.tolist(), placement, strict=True):
            stored = stored_checksum(arrays, begin + row, (top, left, height, width))
            if stored != outcomes.checksum[part.start + row]:
                outcomes.forget(slice(part.start + row, part.start + row + 1))
            self._checked += 1
            self._progress.reached(self._checked)

    def _blank(self, arrays: Sequence[RowsOf], bucket: Bucket, rows: NDArray[np.bool_]) -> None:
        """Zero `rows`, which an earlier run may have begun to write, where stores rely on zeros."""
        for (file, shape), array, fill in zip(arrays, bucket.arrays, self._plan.fills, strict=True):
            if Blank.of(fill, array.dtype).is_zero:
                for begin, end in runs(rows):
                    file.make_zero(begin * shape.row_bytes, end * shape.row_bytes)
