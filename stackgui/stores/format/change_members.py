"""What a manifest says of the rows of a stack that was edited or updated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_changes import RowChanges

STATUSES = ("failed", "ok", "excluded")
"""What becomes of a row: it is blank, it counts, or it has pixels but was excluded by hand."""


def change_members(changes: RowChanges | None) -> dict[int, str]:
    """Return the marks of each row that has any, as members that end its line in JSON."""
    if changes is None:
        return {}
    return {row: "".join(f',"{mark}":true' for mark in changes.marks_of(row)) for row in changes.marked()}


def status_codes(plan: Plan, valid: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return the index into `STATUSES` for each row, given which rows of `plan` are not blank."""
    status = valid.astype(np.uint8)
    if plan.row_changes is not None:
        status[valid & plan.row_changes.excluded] = STATUSES.index("excluded")
    return status
