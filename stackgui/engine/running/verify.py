"""Verifies a stack: its files alone, or also against the pictures that it was made from."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.addresses import is_address
from stackgui.core.base.aside import columns_aside
from stackgui.core.base.blocks import blocks
from stackgui.core.base.errors import UsageError
from stackgui.core.base.wording import joined, say
from stackgui.core.plan.difference import other_versions
from stackgui.core.plan.plan import Plan
from stackgui.core.run.batches import Batch
from stackgui.core.run.findings import NotCompared
from stackgui.core.run.no_folder import no_folder
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.core.run.report import Failure
from stackgui.core.run.row_results import RowResults
from stackgui.core.run.verify import VerifyReport
from stackgui.engine.running.fill import formats_in, versions
from stackgui.engine.running.progress import ProgressMeter
from stackgui.engine.sources.some_files import files_of
from stackgui.engine.workers.blocks import Filled
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.dispatch import Done
from stackgui.engine.workers.run_batches import Crew, check_rows
from stackgui.engine.workers.workers import Workers
from stackgui.stores.files.locks import FolderLock
from stackgui.stores.files.nameless import nameless_memory
from stackgui.stores.recovery.cleanup import tidy_place
from stackgui.stores.remote.verify import VerifyPlace
from stackgui.stores.stack.verify import Verify

MOST_LISTED = 10_000
"""Rows that could not be compared up to which a report holds their files' names."""


def verify(
    stack: str, workers: Workers, control: Control[FillProgress], *, deep: int | None = 0
) -> VerifyReport:
    """Check the stack in the folder `stack`, or the group of Zarr at that address.

    Parameters
    ----------
    stack
        Absolute path, or an address.
    deep
        Number of rows, evenly spread, to render again from their files and compare; None for all.

    Raises
    ------
    UsageError
        When the folder does not exist, or its failed rows are being retried; or there is no group, or one
        without a plan by which rows could be made again.
    Cancelled
    RunError
        When a server does not answer, or the workers keep dying, or another computer that works here does
        not see the same files.
    """
    if is_address(stack):
        with VerifyPlace(stack, deep=deep != 0) as checking:
            return _verified(checking, stack, workers, ProgressMeter(control, 0), deep)
    tidy_place(stack)
    if not os.path.isdir(stack):
        raise UsageError(no_folder(stack))
    gauge = ProgressMeter(control, 0)
    with FolderLock(stack, shared=True):
        return _verified(Verify(stack), stack, workers, gauge, deep)


@columns_aside(nameless_memory)
def _verified(
    checking: Verify | VerifyPlace, stack: str, workers: Workers, gauge: ProgressMeter, deep: int | None
) -> VerifyReport:
    checking.check(gauge)
    plan, outcomes, decoded = checking.plan, checking.outcomes, 0
    not_compared: Sequence[Failure] = ()
    if plan is not None and outcomes is not None and deep != 0:
        with workers.agreed(lambda: files_of(plan.catalog), gauge):
            wanted = _spread(outcomes.valid, deep)
            gauge.reached(0, int(np.count_nonzero(wanted)))
            again = _Rerendering(checking, plan, outcomes)
            again.compare(Crew(workers, gauge), wanted, gauge)
            decoded, not_compared = again.decoded, again.not_compared
    if len(not_compared) <= MOST_LISTED:  # so few need not keep the plan for their names
        not_compared = tuple(not_compared)
    return VerifyReport(stack, checking.rows, decoded, checking.damage, not_compared, checking.gone)


def _other_versions(plan: Plan, before: Mapping[str, str]) -> list[str]:
    """Describe the versions of what makes pixels that are others than when the stack was made."""
    now = versions(formats_in(plan.catalog, plan.usable), plan.scaled_by)
    return other_versions(before, {name: version for name, version in now.items() if name in before})


def _spread(valid: NDArray[np.bool_], count: int | None) -> NDArray[np.bool_]:
    """Return a mask of at most `count` valid rows, evenly spread; of all of them for None."""
    total = int(np.count_nonzero(valid))
    if count is None or count >= total:
        return valid
    numbers = np.linspace(0, total - 1, count).round().astype(np.int64)
    wanted, seen = np.zeros(len(valid), np.bool_), 0
    for rows in blocks(len(valid)):
        own = np.flatnonzero(valid[rows])
        wanted[rows][own[numbers[(numbers >= seen) & (numbers < seen + len(own))] - seen]] = True
        seen += len(own)
    return wanted


class _Rerendering:
    """Renders rows again and compares their checksums.

    With other versions than those that made them, rows that differ say nothing about the stack.
    """

    def __init__(self, checking: Verify | VerifyPlace, plan: Plan, outcomes: RowResults) -> None:
        self._plan, self._outcomes = plan, outcomes
        self._differ = _other_versions(plan, checking.versions)
        self.decoded = 0
        samples, catalog = plan.samples, plan.catalog
        self.not_compared = NotCompared(plan.rows, lambda row: catalog.file(int(samples[row])))
        what = say("it differs from what its picture gives now")
        self._found = [
            checking.damage.in_rows(range(first, first + array.rows), (array.file, what))
            for first, array in zip(plan.first_rows, plan.arrays, strict=True)
        ]

    def compare(self, crew: Crew, wanted: NDArray[np.bool_], gauge: ProgressMeter) -> None:
        """Render the `wanted` rows, and compare them with the checksums in the stack."""
        gauge.enter(Phase.CHECKING)
        with contextlib.closing(check_rows(self._plan, crew, wanted)) as checked:
            for done in checked:
                self._take(done)
                gauge.reached(self.decoded)

    def _made_otherwise(self) -> str:
        return say(
            "its picture gives other pixels with what is installed now. {differ}",
            differ=joined(" ", self._differ),
        )

    def _take(self, done: Done[Batch, Filled]) -> None:
        batch, filled = done.batch, done.result
        failed = dict.fromkeys(range(len(batch)), done.reason) if filled is None else filled.failed
        rows = self._plan.first_rows[batch.bucket] + batch.rows
        for index, row in enumerate(rows.tolist()):
            if index in failed:
                self.not_compared.add(row, failed[index])
            elif filled is not None and filled.checksum[index] != self._outcomes.checksum[row]:
                if self._differ:
                    self.not_compared.add(row, self._made_otherwise())
                else:
                    self._found[batch.bucket].add(0, row)
        self.decoded += len(batch) - len(failed)
