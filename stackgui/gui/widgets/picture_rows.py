"""The model of the table of pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_size
from stackgui.core.base.wording import say
from stackgui.core.plan.listing import Order, label_of, rows_of
from stackgui.core.plan.plan import EXCLUDED, NO_ROW, Plan
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.stored import tr_stored
from stackgui.gui.widgets.tables import Cells, Index, Rows

COLUMNS = {
    say("Row"): Order.ROW,
    say("File"): Order.PATH,
    say("Label"): Order.LABEL,
    say("Part"): Order.PART,
    say("Width × height"): Order.AREA,
    say("Problem"): Order.PROBLEM,
}
"""What each column is sorted by when its title is clicked."""

_NUMBERS = (0, 4)


class PictureRows(Rows):
    """One row for each listed picture of a plan.

    Signals
    -------
    sort_wanted(str, bool)
        An `Order`, and whether the largest comes first.
    """

    sort_wanted = Signal(str, bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(tuple(map(tr, COLUMNS)), parent)
        self._plan: Plan | None = None
        self._row: NDArray[np.int64] = np.empty(0, np.int64)
        self.samples: NDArray[np.int64] = np.empty(0, np.int64)

    def set_plan(self, plan: Plan | None) -> None:
        """Take the cells from `plan`, of which no picture is listed yet."""
        self.beginResetModel()
        self._plan = plan
        self._row = np.empty(0, np.int64) if plan is None else rows_of(plan)
        self.samples = np.empty(0, np.int64)
        self.endResetModel()

    def set_samples(self, samples: NDArray[np.int64]) -> None:
        """List `samples`, in this order."""
        self.beginResetModel()
        self.samples = samples if self._plan is not None else np.empty(0, np.int64)
        self.endResetModel()

    def length(self) -> int:
        """Return the number of listed pictures."""
        return len(self.samples)

    def cells(self, row: int) -> Cells:
        """Return row number, file, label, part, size and problem."""
        plan, sample = self._plan, int(self.samples[row])
        assert plan is not None
        height, width = int(plan.catalog.height[sample]), int(plan.catalog.width[sample])
        number, problem = int(self._row[sample]), plan.problem[sample]
        return (
            "" if number == NO_ROW else tr("{number:,}", number=number),
            printable(plan.catalog.path[sample]),
            printable(label_of(plan, sample)),
            printable(plan.split[sample]),
            tr(format_size(height, width)) if width else "",
            tr("left out") if problem == EXCLUDED else tr_stored(problem),
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the cell as in any table, with numbers aligned to the right."""
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in _NUMBERS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return super().data(index, role)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask for another order; the rows follow."""
        if column >= 0:
            wanted = tuple(COLUMNS.values())[column]
            self.sort_wanted.emit(wanted.value, order is Qt.SortOrder.DescendingOrder)
