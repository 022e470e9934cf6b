"""The tab Labels: the labels, and how many rows of each go to which dataset split."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from stackgui.core.base.wording import say
from stackgui.core.labels.path_rule import LABEL
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.split_table import split_table
from stackgui.core.plan.taken import parts_taken
from stackgui.core.run.progress import RowThumb
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.class_examples import ClassExamples
from stackgui.gui.panels.found.label_assistant import LabelAssistant
from stackgui.gui.panels.found.list_choice import ListChoice
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.texts.group_texts import groups_line
from stackgui.gui.texts.label_texts import counts_of, labels_line
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.label_bars import LabelBars
from stackgui.gui.widgets.parts import Words, button, column, line, named
from stackgui.gui.widgets.tables import SplitRows
from stackgui.gui.widgets.theme import SoftLabel, Space

WIDEST_PX = 240
"""Longer names of labels are shortened; their tooltips have them in full."""


class LabelsPage(Tab):
    """Pictures of each label, and how many of them go to each dataset split.

    Signals
    -------
    listed()
        Other examples are shown.
    lists_wanted()
        Find the lists that lie among the pictures.

    Attributes
    ----------
    list : ListChoice
    """

    TITLE = say("&Labels")
    ICON = "label"
    HELP = "numbers"
    TIP = say("How many pictures each label has, and how they are split.")

    listed = Signal()
    lists_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("labels")
        self._plan: Plan | None = None
        self._screen: Screen | None = None
        self._is_counted = True
        self._line = Words("labels.line")
        self._split_line = SoftLabel()
        self._split_line.setObjectName("labels.split.line")
        self._choose = button(
            "labels.choose", tr("Choose by example"), "label", tr("Shows where the label is in a path.")
        )
        self._choose.setCheckable(True)
        self._assistant = LabelAssistant()
        self._examples = ClassExamples()
        self.list = ListChoice()
        for shown in (self._assistant, self.list, self._examples):
            shown.hide()
        self._assistant.options_changed.connect(self.options_changed)
        self._choose.toggled.connect(self.open_assistant)
        self._bars = LabelBars()
        self._rows = SplitRows(self)
        self._table = self._make_table()
        below = line()
        below.addWidget(self._bars, 1)
        below.addWidget(self._table, 1)
        layout = column(self, margin=Space.M)
        head = line()
        head.addWidget(self._line, 1)
        head.addWidget(self._choose, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        layout.addWidget(self._assistant)
        layout.addWidget(self.list)
        layout.addWidget(self._examples)
        layout.addWidget(self._split_line)
        layout.addLayout(below, 1)

    def _make_table(self) -> QTableView:
        table = named(
            QTableView(), "labels.table", tr("What goes where"), tr("Rows of each label in each part.")
        )
        table.setModel(self._rows)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + Space.S)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setMaximumSectionSize(WIDEST_PX)
        return table

    def present(self, screen: Screen) -> None:
        """Count the labels of `screen`, or wait until the tab is visible."""
        self._screen = screen
        if not self._assistant.isHidden():
            if screen.scan is None:  # until then there is nothing to compare a list with
                self.list.present(screen.scan_options, screen.options)
            self._assistant.present(screen.plan, screen.options)
        if screen.plan is self._plan:
            return
        self._plan, self._is_counted = screen.plan, False
        if not self._examples.isHidden():
            self._examples.present(screen.plan)
            self.listed.emit()
        if self.isVisible():
            self._count()

    def open_assistant(self, opened: bool, what: str = LABEL) -> None:
        """Show or hide the label assistant, to choose `what`, a name of `path_rule`."""
        self._choose.setChecked(opened)
        self._assistant.ask_for(what)
        self._assistant.setVisible(opened)
        self.list.setVisible(opened)
        self._examples.setVisible(opened)
        if opened and self._screen is not None:
            self.lists_wanted.emit()
            self.list.present(self._screen.scan_options, self._screen.options)
            self._assistant.present(self._screen.plan, self._screen.options)
            self._examples.present(self._screen.plan)
        self.listed.emit()

    def samples_in_view(self) -> tuple[int, ...]:
        """Return the samples that are shown as examples of their classes."""
        return () if self._examples.isHidden() else self._examples.samples()

    def show_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Show the thumbnail of `sample`, if it is an example of its class."""
        self._examples.show_thumb(sample, thumb)

    def showEvent(self, event: QShowEvent) -> None:
        """Count the labels if they changed while the tab was hidden."""
        super().showEvent(event)
        self._count()

    def _count(self) -> None:
        if self._is_counted:
            return
        plan, self._is_counted = self._plan, True
        counts = counts_of(plan)
        self._line.setText(labels_line(plan, counts))
        self._bars.set_counts(counts)
        self._rows.set_table(None if plan is None else split_table(plan))
        self._share_room()
        self._split_line.setText(_split_line(plan))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the bars beside the table only where there is room for both."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """Let the table, which has all counts too, have the room of the bars where names would be cut off."""
        is_split = self._plan is not None and bool(self._plan.parts)
        table_px = (
            self._table.horizontalHeader().length() + self._table.verticalScrollBar().sizeHint().width()
        )
        room_px = self.contentsRect().width() - 2 * Space.M - Space.S
        self._table.setVisible(is_split)
        has_room = self._bars.needed_px > 0 and max(table_px, self._bars.needed_px) <= room_px // 2
        self._bars.setVisible(not is_split or has_room)


def _split_line(plan: Plan | None) -> str:
    if plan is None:
        return ""
    parts = (
        tr("Parts: {text}.", text=parts_taken(plan).text)
        if plan.parts
        else tr("The rows are not split; choose train, validation and test under “More choices”.")
    )
    return f"{parts} {groups_line(plan)}".rstrip()
