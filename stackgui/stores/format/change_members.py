"""What a manifest says of the rows of a stack that was edited or updated."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_changes import RowChanges

STATUSES = ("failed", "ok", "excluded")
"""What becomes of a row: it is blank, it counts, or it has pixels but was excluded by hand."""


GONE = "gone"
"""Title in the sheet of a stack with rows whose pictures are gone; other marks show in other columns."""


class ChangeMembers:
    """Formats what has become of the rows of a plan; `has_gone` gives the sheet a column for those gone."""

    def __init__(self, plan: Plan, *, has_gone: bool) -> None:
        changes = plan.row_changes or RowChanges.none_of(0)
        self._json = {
            row: "".join(f',"{mark}":true' for mark in changes.marks_of(row)) for row in changes.marked()
        }
        self._gone = changes.gone if has_gone else None

    @property
    def title(self) -> str:
        """Return the end of the sheet's first line."""
        return "" if self._gone is None else f",{GONE}"

    def members(self, row: NDArray[np.int64]) -> Iterable[str]:
        """Return the end of each row's line in JSON."""
        return [self._json.get(each, "") for each in row.tolist()] if self._json else repeat("", len(row))

    def cells(self, row: NDArray[np.int64]) -> Iterable[str]:
        """Return the end of each row's line in the sheet."""
        if self._gone is None:
            return repeat("", len(row))
        return [",yes" if is_gone else "," for is_gone in self._gone[row].tolist()]


def status_codes(plan: Plan, valid: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return the index into `STATUSES` for each row, given which rows of `plan` are not blank."""
    status = valid.astype(np.uint8)
    if plan.row_changes is not None:
        status[valid & plan.row_changes.excluded] = STATUSES.index("excluded")
    return status
