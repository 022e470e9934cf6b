"""The choice of what keeps pictures together, with the groups that follow and what could not be met."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from stackgui.core.base.text import printable
from stackgui.core.base.wording import Wording, say
from stackgui.core.labels.groups import Groups
from stackgui.core.labels.path_rule import PathRule, RuleKind
from stackgui.core.plan.glance import folder_levels
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.rule_words import told_by_rule
from stackgui.core.plan.size_independent import differ_only_in_size
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts.group_texts import groups_line, unmet_lines
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.drop_down import DropDown
from stackgui.gui.widgets.parts import Words, column, named

MAX_LEVELS = 3
"""Levels of folders that are offered; the label assistant offers all."""


class GroupChoice(QWidget):
    """What keeps pictures together, as a drop-down, with lines below it.

    Signals
    -------
    chosen(Groups)
    example_wanted()
        Show the label assistant, to choose groups.
    """

    chosen = Signal(Groups)
    example_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups = Groups.NONE
        self._offered: list[Groups] = []
        self._plan: Plan | None = None
        self._levels = 0
        self.box = self._make_box()
        self._line = Words("plan.groups.line")
        self._unmet = Words("plan.groups.unmet")
        layout = column(self)
        for each in (self.box, self._line, self._unmet):
            layout.addWidget(each)
        self._line.hide()
        self._unmet.hide()

    def _make_box(self) -> QComboBox:
        box = named(
            DropDown(),
            "plan.groups",
            tr("Keep together"),
            tr(
                "Which pictures stay together, such as those of one patient or one video, so that none of "
                "them is for training while another is for testing."
            ),
        )
        # A long entry must not widen the column.
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        box.activated.connect(self._choose)
        return box

    def present(self, screen: Screen) -> None:
        """Show what keeps the pictures of `screen` together, and what followed from that."""
        self._groups = screen.options.group_by
        if not differ_only_in_size(screen.plan, self._plan):
            self._levels = 0 if screen.plan is None else folder_levels(screen.plan)
        offered = dict(_offers(screen, self._levels))
        offered.setdefault(self._groups, say("{choice}", choice=printable(str(self._groups))))
        if [*offered] != self._offered:
            self._offered = [*offered]
            self.box.clear()
            self.box.addItems([tr(words) for words in offered.values()])
            self.box.addItem(tr("by example…"))
        self.box.setCurrentIndex(self._offered.index(self._groups))
        if screen.plan is not self._plan:
            self._plan = screen.plan
            self._line.setText(groups_line(screen.plan))
            self._line.setVisible(bool(self._line.text()))
        unmet = unmet_lines(screen.warnings if screen.plan is not None else ())
        self._unmet.setText("\n".join(f"• {each}" for each in unmet))
        self._unmet.setVisible(bool(unmet))

    def _choose(self, place: int) -> None:
        if place == len(self._offered):
            self.box.setCurrentIndex(self._offered.index(self._groups))
            self.example_wanted.emit()
        elif self._offered[place] != self._groups:
            self.chosen.emit(self._offered[place])


def _offers(screen: Screen, levels: int) -> Iterator[tuple[Groups, Wording]]:
    """Yield what may keep pictures in so many levels of folders together, each with its name."""
    yield Groups.NONE, say("nothing")
    if screen.plan is None:
        return
    for level in range(1, min(levels, MAX_LEVELS) + 1):
        rule = PathRule(RuleKind.LEVEL, level)
        yield Groups.by_rule(rule), told_by_rule(rule)
    for title in screen.plan.catalog.list_columns:
        yield Groups.by_column(title), say("the column “{title}”", title=printable(title))
    chosen = screen.options.group_by
    if chosen.rule is not None:
        yield chosen, told_by_rule(chosen.rule)
