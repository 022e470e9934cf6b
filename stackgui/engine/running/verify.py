"""Verifies a stack: its files alone, or also against the pictures that it was made from."""

from __future__ import annotations

import contextlib
import os

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.addresses import is_address
from stackgui.core.base.errors import UsageError
from stackgui.core.base.wording import joined, say
from stackgui.core.plan.difference import other_versions
from stackgui.core.plan.plan import Plan
from stackgui.core.run.batches import Batch
from stackgui.core.run.no_folder import no_folder
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.core.run.report import Failure
from stackgui.core.run.row_results import RowResults
from stackgui.core.run.verify import Damage, VerifyReport
from stackgui.engine.running.fill import formats_in, versions
from stackgui.engine.running.progress import ProgressMeter
from stackgui.engine.sources.some_files import files_of
from stackgui.engine.workers.blocks import Filled
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.dispatch import Done
from stackgui.engine.workers.run_batches import Crew, check_rows
from stackgui.engine.workers.workers import Workers
from stackgui.stores.files.locks import FolderLock
from stackgui.stores.recovery.cleanup import tidy_place
from stackgui.stores.remote.verify import VerifyPlace
from stackgui.stores.stack.verify import Verify


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


def _verified(
    checking: Verify | VerifyPlace, stack: str, workers: Workers, gauge: ProgressMeter, deep: int | None
) -> VerifyReport:
    checking.check(gauge)
    rerendering = _Rerendering(workers, gauge, _other_versions(checking))
    if checking.plan is not None and checking.outcomes is not None and deep != 0:
        catalog = checking.plan.catalog
        with workers.agreed(lambda: files_of(catalog), gauge):
            wanted = _spread(checking.outcomes.valid, deep)
            gauge.reached(0, int(np.count_nonzero(wanted)))
            rerendering.compare(checking.plan, checking.outcomes, wanted)
    return VerifyReport(
        stack,
        checking.rows,
        rerendering.decoded,
        (*checking.damage, *rerendering.damage),
        tuple(rerendering.not_compared),
        checking.gone,
    )


def _other_versions(checking: Verify | VerifyPlace) -> list[str]:
    """Describe the versions of what makes pixels that are others than when the stack was made."""
    plan, before = checking.plan, checking.versions
    if plan is None:
        return []
    now = versions(formats_in(plan.catalog, plan.usable), plan.scaled_by)
    return other_versions(before, {name: version for name, version in now.items() if name in before})


def _spread(valid: NDArray[np.bool_], count: int | None) -> NDArray[np.bool_]:
    """Return a mask of at most `count` valid rows, evenly spread; of all of them for None."""
    rows = np.flatnonzero(valid)
    if count is not None and count < len(rows):
        rows = rows[np.linspace(0, len(rows) - 1, count).round().astype(np.int64)]
    wanted = np.zeros(len(valid), np.bool_)
    wanted[rows] = True
    return wanted


class _Rerendering:
    """Renders rows again and compares their checksums.

    With other versions than those that made them, rows that differ say nothing about the stack.
    """

    def __init__(self, workers: Workers, gauge: ProgressMeter, differ: list[str]) -> None:
        self._workers = workers
        self._gauge = gauge
        self._differ = differ
        self.decoded = 0
        self.damage: list[Damage] = []
        self.not_compared: list[Failure] = []

    def compare(self, plan: Plan, outcomes: RowResults, wanted: NDArray[np.bool_]) -> None:
        """Render the `wanted` rows of `plan`, and compare them with the checksums in the stack."""
        self._gauge.enter(Phase.CHECKING)
        crew = Crew(self._workers, self._gauge)
        with contextlib.closing(check_rows(plan, crew, wanted)) as checked:
            for done in checked:
                self._take(done, plan, outcomes)

    def _made_otherwise(self) -> str:
        return say(
            "its picture gives other pixels with what is installed now. {differ}",
            differ=joined(" ", self._differ),
        )

    def _take(self, done: Done[Batch, Filled], plan: Plan, outcomes: RowResults) -> None:
        batch, filled = done.batch, done.result
        failed = dict.fromkeys(range(len(batch)), done.reason) if filled is None else filled.failed
        rows = plan.first_rows[batch.bucket] + batch.rows
        for index, (row, sample) in enumerate(zip(rows.tolist(), batch.samples.tolist(), strict=True)):
            if index in failed:
                self.not_compared.append(Failure(row, plan.catalog.file(sample), failed[index]))
            elif filled is not None and filled.checksum[index] != outcomes.checksum[row]:
                if self._differ:
                    self.not_compared.append(Failure(row, plan.catalog.file(sample), self._made_otherwise()))
                    continue
                file = plan.buckets[batch.bucket].array.file
                self.damage.append(Damage(file, say("it differs from what its picture gives now"), row))
        self.decoded += len(batch) - len(failed)
        self._gauge.reached(self.decoded)
