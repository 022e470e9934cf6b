"""The tab Arrays: the number of arrays, their sizes, and what more arrays would save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QSpinBox,
    QTableView,
    QWidget,
)

from stackgui.core.base.size import MAX_SIDE_PX
from stackgui.core.base.wording import say
from stackgui.core.options.options import Options
from stackgui.core.plan.curve import CurvePoint
from stackgui.core.plan.plan import Plan
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.texts import texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.bucket_bars import BucketBars
from stackgui.gui.widgets.choice_fields import told
from stackgui.gui.widgets.drop_down import DropDown
from stackgui.gui.widgets.flow import Flow
from stackgui.gui.widgets.parts import Words, column, line, named, set_quietly
from stackgui.gui.widgets.tables import ArrayRows
from stackgui.gui.widgets.theme import SoftLabel, Space

HINT = say(
    "Pictures of many sizes can go into several arrays, each picture into the smallest row that holds it. "
    "Click a number of arrays. Padding is hatched."
)
MULTIPLES = (1, 8, 16, 32, 64)


class BucketsPage(Tab):
    """The curve of bytes, the constraints on sizes, and the resulting arrays."""

    TITLE = say("Arrays")
    ICON = "stack"
    HELP = "sizes"
    IS_RARE = True
    TIP = say("How many arrays there are, and what more arrays would save.")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("buckets")
        self._options = Options()
        self._plan: Plan | None = None
        self._multiples: tuple[int, ...] = ()
        hint = Words("buckets.hint")
        hint.setText(tr(HINT))
        self._bars = BucketBars()
        self._bars.chosen.connect(lambda k: self.options_changed.emit(replace(self._options, buckets=k)))
        self._multiple = told(DropDown(), "buckets.multiple", Options, "multiple")
        self._multiple.activated.connect(self._tell_multiple)
        self._smallest = self._make_smallest()
        self._state = SoftLabel()
        self._state.setObjectName("buckets.state")
        self._rows = ArrayRows(self)
        layout = column(self, margin=Space.M)
        layout.addWidget(hint)
        layout.addWidget(self._bars)
        layout.addLayout(self._make_controls())
        layout.addWidget(self._state)
        layout.addWidget(self._make_table(), 1)

    def _make_smallest(self) -> QSpinBox:
        box = told(QSpinBox(), "buckets.smallest", Options, "smallest_px")
        box.setRange(1, MAX_SIDE_PX)
        box.setSuffix(tr(" px"))
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda px: self.options_changed.emit(replace(self._options, smallest_px=px)))
        return box

    def _make_controls(self) -> Flow:
        controls = Flow(spacing=Space.M)
        for words, box in ((tr("Multiple of"), self._multiple), (tr("Smallest side"), self._smallest)):
            label, pair = QLabel(words), QWidget()
            label.setBuddy(box)
            together = line(pair)
            together.addWidget(label)
            together.addWidget(box)
            controls.addWidget(pair)
        return controls

    def _make_table(self) -> QTableView:
        table = named(QTableView(), "buckets.table", tr("Arrays"), tr("The arrays that the stack will have."))
        table.setModel(self._rows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + Space.S)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)  # the longest of the titles
        return table

    def present(self, screen: Screen) -> None:
        """Show the choices of `screen` and the arrays of its plan; the curve follows later."""
        self._options = screen.options
        self._bars.set_chosen(self._options.buckets)
        self._show_multiples(tuple(sorted({*MULTIPLES, self._options.multiple})))
        self._multiple.setCurrentIndex(self._multiples.index(self._options.multiple))
        set_quietly(self._smallest, self._options.smallest_px)
        if screen.plan is not self._plan:
            self._plan = screen.plan
            self._rows.set_arrays(self._plan)
        self._state.setText(texts.arrays(screen.plan, working=screen.planning))

    def show_curve(self, points: Sequence[CurvePoint]) -> None:
        """Show the size for each number of arrays; nothing while it is being computed."""
        self._bars.set_points(points)

    def _show_multiples(self, multiples: tuple[int, ...]) -> None:
        if multiples == self._multiples:
            return
        self._multiples = multiples
        self._multiple.clear()
        self._multiple.addItems([tr("{multiple:,}", multiple=multiple) for multiple in multiples])

    def _tell_multiple(self, index: int) -> None:
        self.options_changed.emit(replace(self._options, multiple=self._multiples[index]))
