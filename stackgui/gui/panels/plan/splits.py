"""The choice of dataset splits and row order, with a table of the resulting counts."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from stackgui.core.base.text import printable
from stackgui.core.base.wording import Wording, say
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.groups import Groups
from stackgui.core.labels.path_rule import GROUP
from stackgui.core.labels.splits import Split, SplitKind
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.size_independent import differ_only_in_size
from stackgui.core.plan.split_table import ALL, SplitTable, split_table
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.plan.group_choice import GroupChoice
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.boxes import CheckBox
from stackgui.gui.widgets.choice_fields import told
from stackgui.gui.widgets.drop_down import DropDown
from stackgui.gui.widgets.parts import choices_form, column, named, set_quietly
from stackgui.gui.widgets.theme import Space

SPLITS = (
    (Split(), say("from folder or list names")),
    (Split(SplitKind.NONE), say("none")),
    (Split(SplitKind.SHARES, (80, 10, 10)), say("80 % train, 10 validation, 10 test")),
    (Split(SplitKind.SHARES, (70, 15, 15)), say("70 % train, 15 validation, 15 test")),
    (Split(SplitKind.SHARES, (90, 10, 0)), say("90 % train, 10 validation")),
    (Split(SplitKind.SHARES, (80, 20, 0)), say("80 % train, 20 validation")),
    (Split(SplitKind.SHARES, (80, 10, 10), each_row=True), say("80, 10, 10 %, each row of a file by itself")),
)
MAX_SEED = 2**31 - 1
SHOWN_LABELS = 200
"""Limit of table rows, since longer tables are unreadable; the totals include all labels."""

TABLE_PX = 150
LABEL_PX = 110


class SplitForm(QWidget):
    """How rows are split and ordered.

    Signals
    -------
    options_changed(Options)
    scan_changed(ScanOptions)
    example_wanted(str)
        Show the label assistant, to choose by example what is named: `path_rule.GROUP`.
    """

    options_changed = Signal(Options)
    scan_changed = Signal(ScanOptions)
    example_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plan.splits")
        self._options = Options()
        self._scan_options = ScanOptions()
        self._plan: Plan | None = None
        self._split = self._make_split()
        self._groups = GroupChoice()
        self._stratify = told(CheckBox(tr("each class alike")), "plan.stratify", Options, "stratify")
        self._shuffle = told(CheckBox(tr("in a random order")), "plan.shuffle", Options, "shuffle")
        self._seed = told(QSpinBox(), "plan.seed", Options, "seed")
        self._seed.setRange(0, MAX_SEED)
        self._seed.setKeyboardTracking(False)
        self._near = told(
            CheckBox(tr("find and keep together")), "plan.near_duplicates", ScanOptions, "near_duplicates"
        )
        self._table = self._make_table()
        self._lay_out()
        self._split.activated.connect(
            lambda index: self._tell(replace(self._options, split=SPLITS[index][0]))
        )
        self._groups.chosen.connect(lambda groups: self._tell(replace(self._options, group_by=groups)))
        self._groups.example_wanted.connect(lambda: self.example_wanted.emit(GROUP))
        self._stratify.clicked.connect(lambda on: self._tell(replace(self._options, stratify=on)))
        self._shuffle.clicked.connect(lambda on: self._tell(replace(self._options, shuffle=on)))
        self._seed.valueChanged.connect(lambda seed: self._tell(replace(self._options, seed=seed)))
        self._near.clicked.connect(
            lambda on: self.scan_changed.emit(replace(self._scan_options, near_duplicates=on))
        )

    def _make_split(self) -> QComboBox:
        box = named(
            DropDown(),
            "plan.split",
            tr("Split"),
            tr(
                "Which pictures are for training and which for testing. By percentages, each file's name "
                "decides, so that files that are added move no other."
            ),
        )
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        box.addItems([tr(words) for _, words in SPLITS])
        return box

    def _make_table(self) -> QTableWidget:
        table = named(
            QTableWidget(), "plan.parts", tr("What goes where"), tr("How many rows of each label go where.")
        )
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setMaximumHeight(TABLE_PX)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + Space.S)
        # Names of parts are read in full; long labels give way to them.
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setStretchLastSection(True)
        table.verticalHeader().setMaximumWidth(LABEL_PX)
        table.verticalHeader().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.hide()
        return table

    def _lay_out(self) -> None:
        layout = column(self)
        form = choices_form()
        form.setHorizontalSpacing(Space.S)
        form.addRow(tr("Split"), self._split)
        form.addRow("", self._stratify)
        form.addRow(tr("Near-duplicates"), self._near)
        form.addRow(tr("Keep together"), self._groups)
        form.addRow(tr("Rows"), self._shuffle)
        form.addRow(tr("Seed"), self._seed)
        layout.addLayout(form)
        layout.addWidget(self._table)

    def present(self, screen: Screen) -> None:
        """Show the choices of `screen`, and the table of its plan."""
        options = self._options = screen.options
        listed = [split for split, _ in SPLITS]
        # What was chosen at the terminal need not be on the list.
        self._split.setPlaceholderText(str(options.split))
        self._split.setCurrentIndex(listed.index(options.split) if options.split in listed else -1)
        self._groups.present(screen)
        by_shares = options.split.kind is SplitKind.SHARES
        in_groups = options.group_by != Groups.NONE or screen.scan_options.near_duplicates
        # Whole groups are always placed so that each class is divided alike.
        self._stratify.setChecked(by_shares and (options.stratify or in_groups))
        self._stratify.setEnabled(by_shares and not in_groups)
        self._shuffle.setChecked(options.shuffle)
        self._scan_options = screen.scan_options
        self._near.setChecked(screen.scan_options.near_duplicates)
        self._near.setEnabled(screen.scan is None)
        set_quietly(self._seed, min(options.seed, MAX_SEED))
        self._seed.setEnabled(options.shuffle or by_shares)
        before, self._plan = self._plan, screen.plan
        if not differ_only_in_size(screen.plan, before):
            self._show_table(split_table(screen.plan) if screen.plan else None)

    def _show_table(self, table: SplitTable | None) -> None:
        self._table.setVisible(table is not None)
        if table is None:
            return
        lines = list(zip(table.labels[:SHOWN_LABELS], table.rows[:SHOWN_LABELS].tolist(), strict=True))
        if len(table.labels) > 1:
            lines.insert(0, (ALL, table.total.tolist()))
        self._table.setRowCount(len(lines))
        self._table.setColumnCount(len(table.parts))
        self._table.setHorizontalHeaderLabels([_heading(part) for part in table.parts])
        self._table.setVerticalHeaderLabels([_heading(label) for label, _ in lines])
        for row, (_, counts) in enumerate(lines):
            for place, count in enumerate(counts):
                item = QTableWidgetItem(tr("{count:,}", count=count))
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._table.setItem(row, place, item)

    def _tell(self, options: Options) -> None:
        if options != self._options:
            self.options_changed.emit(options)


def _heading(name: str) -> str:
    """Return a label or a part as it is; what stands for none or all of them, in the window's language."""
    return tr(name) if isinstance(name, Wording) else printable(name)
