"""Tells pictures that only got another name or time, by making their rows again and comparing the two."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping

import numpy as np

from stackgui.core.plan.growth import Growth
from stackgui.core.plan.same_pictures import same_pictures
from stackgui.core.run.progress import Phase
from stackgui.core.run.row_results import RowResults
from stackgui.engine.running.progress import ProgressMeter
from stackgui.engine.workers.run_batches import Crew, check_rows
from stackgui.engine.workers.workers import Workers


def find_same(
    maybe: Mapping[int, int],
    grown: Callable[[Mapping[int, int]], Growth],
    outcomes: RowResults,
    workers: Workers,
    gauge: ProgressMeter,
) -> Mapping[int, int]:
    """Return which pairs of `stackgui.core.plan.same_pictures.maybe_same` are the same picture.

    Parameters
    ----------
    maybe
    grown
        Works out the update if some pictures are the same.
    outcomes
        Of the stack's rows.

    Raises
    ------
    Cancelled
    RunError
        When the workers keep dying, or a source folder is gone.
    """
    if not maybe:
        return {}
    plan = grown(maybe).plan
    wanted = np.zeros(plan.rows, np.bool_)
    wanted[list(maybe)] = True
    gauge.enter(Phase.CHECKING)
    gauge.reached(0, len(maybe))
    sums: dict[int, int] = {}
    with contextlib.closing(check_rows(plan, Crew(workers, gauge), wanted)) as checked:
        for done in checked:
            rows = plan.first_rows[done.batch.bucket] + done.batch.rows
            decoded = rows[plan.usable_at(done.batch.samples)].tolist()
            if (filled := done.result) is not None:
                made = enumerate(zip(decoded, filled.checksum.tolist(), strict=True))
                sums |= {row: value for place, (row, value) in made if place not in filled.failed}
            gauge.reached(len(sums))
    before = {row: int(outcomes.checksum[row]) for row in maybe}
    return same_pictures(plan, maybe, before, sums)
