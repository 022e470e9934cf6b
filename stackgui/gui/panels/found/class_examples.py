"""One picture of each of the first few classes, and one without a label."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from stackgui.core.base.text import printable
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import class_counts, having_class
from stackgui.core.run.progress import RowThumb
from stackgui.gui.panels.found.problem_card import PICTURE_PX
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.flow import Flow
from stackgui.gui.widgets.one_line import OneLine
from stackgui.gui.widgets.parts import column
from stackgui.gui.widgets.row_view import RowView
from stackgui.gui.widgets.theme import Space

MAX_CLASSES = 7


class ClassExamples(QWidget):
    """Pictures with the names of their classes below."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("labels.examples")
        self._samples: tuple[int, ...] = ()
        self._catalog: Catalog | None = None
        self._thumbs: dict[int, RowThumb | None] = {}
        self._cells = [_Cell(f"labels.examples.{place}") for place in range(MAX_CLASSES + 1)]
        layout = Flow(self)
        for cell in self._cells:
            layout.addWidget(cell)

    def present(self, plan: Plan | None) -> None:
        """Choose the examples of `plan`."""
        catalog = None if plan is None else plan.catalog
        if catalog is not self._catalog:
            self._catalog, self._thumbs = catalog, {}
        found = [] if plan is None or plan.label is None else _first_of_each(plan, plan.label)
        self._samples = tuple(sample for sample, _name in found)
        for place, cell in enumerate(self._cells):
            cell.setVisible(place < len(found))
            if place < len(found):
                cell.set_name(found[place][1])
            cell.picture.set_thumb(self._thumbs.get(found[place][0]) if place < len(found) else None)

    def samples(self) -> tuple[int, ...]:
        """Return the samples that are shown."""
        return self._samples

    def show_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Show the thumbnail of `sample` if it is an example, or keep it: each comes once for a plan."""
        self._thumbs[sample] = thumb
        for place, each in enumerate(self._samples):
            if each == sample:
                self._cells[place].picture.set_thumb(thumb)


class _Cell(QWidget):
    """A picture with a name below."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.picture = RowView(f"{name}.picture", PICTURE_PX, padded=False)
        self._name = OneLine("")
        self._name.setObjectName(f"{name}.name")
        self._name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setFixedWidth(PICTURE_PX.width())
        layout = column(self, spacing=Space.XS)
        layout.addWidget(self.picture)
        layout.addWidget(self._name)

    def set_name(self, name: str) -> None:
        """Show the name of a class below the picture."""
        self._name.setText(name)


def _first_of_each(plan: Plan, label: NDArray[np.int32]) -> list[tuple[int, str]]:
    """Return the first sample of each of the first classes, and the first without a label, with names."""
    rows = np.sort(plan.samples)
    found = []
    for number in np.flatnonzero(class_counts(plan, rows))[:MAX_CLASSES].tolist():
        first = int(rows[np.argmax(having_class(plan, number, rows))])
        found.append((first, printable(plan.classes[number])))
    without = rows[label[rows] < 0][:1].tolist()
    return [*found, *((sample, tr("no label")) for sample in without)]
