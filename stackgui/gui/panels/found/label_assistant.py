"""The label assistant: an example path whose parts can be clicked, and a pattern for those who prefer one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from stackgui.core.base.errors import UsageError
from stackgui.core.labels.examples import PathPart, example_samples, parts_of
from stackgui.core.labels.folder_names import part_called
from stackgui.core.labels.folders import own_path
from stackgui.core.labels.groups import Groups
from stackgui.core.labels.labels import LabelKind, Labels
from stackgui.core.labels.path_rule import GROUP, LABEL, SPLIT, PathRule, RuleKind
from stackgui.core.labels.splits import Split, SplitKind
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import classes_of
from stackgui.gui.panels.found.path_line import PathLine
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.boxes import CheckBox
from stackgui.gui.widgets.parts import Words, button, choices_form, column, line, named
from stackgui.gui.widgets.theme import Space


class LabelAssistant(QWidget):
    """Where in the paths the label and the split are, by example.

    Signals
    -------
    options_changed(Options)
    """

    options_changed = Signal(Options)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("labels.assistant")
        self._options = Options()
        self._plan: Plan | None = None
        self._samples: tuple[int, ...] = ()
        self._place = 0
        self._asked = LABEL
        self._title = Words("labels.example", bold=True)
        self._before = button("labels.example.before", "", "chevron-left", tr("Shows the example before."))
        self._next = button("labels.example.next", "", "chevron-right", tr("Shows another example."))
        self._before.setAccessibleName(tr("Example before"))
        self._next.setAccessibleName(tr("Next example"))
        self._label = PathLine("labels.path.label", tr("take this as the label"))
        self._split = PathLine("labels.path.split", tr("take this as train, validation or test"))
        self._group = PathLine("labels.path.group", tr("keep together what has the same here"))
        self._from_file = named(
            CheckBox(tr("Count folders from the file upwards")),
            "labels.fromFile",
            tr("Count folders from the file upwards"),
            tr("For folders of different depth: the folder just above the file, or the one above that."),
        )
        self._pattern = self._make_pattern()
        self._problem = Words("labels.pattern.problem")
        self._lay_out()
        self._before.clicked.connect(lambda: self._turn(-1))
        self._next.clicked.connect(lambda: self._turn(1))
        self._label.taken.connect(self._take_label)
        self._split.taken.connect(self._take_split)
        self._group.taken.connect(self._take_group)
        self._from_file.clicked.connect(self._count_otherwise)

    def _make_pattern(self) -> QLineEdit:
        field = named(
            QLineEdit(),
            "labels.pattern",
            tr("Pattern"),
            tr(
                "Where the label is in a name: {label} stands for it, {split} for train or test, {group} for "
                "what keeps pictures together, {number} for digits, * for any text. With slashes it is "
                "compared with the end of the path. A regular expression has a group (?P<label>…)."
            ),
        )
        field.setPlaceholderText(tr("{label}_{number}.*"))
        field.setAcceptDrops(False)  # a dropped folder is one to be added, wherever it is dropped
        field.editingFinished.connect(self._take_pattern)
        return field

    def _lay_out(self) -> None:
        layout = column(self)
        head = line()
        for widget in (self._before, self._next):
            head.addWidget(widget)
        head.addWidget(self._title, 1)
        layout.addLayout(head)
        form = choices_form()
        form.setHorizontalSpacing(Space.S)
        form.addRow(tr("Label"), self._label)
        form.addRow(tr("Split"), self._split)
        form.addRow(tr("Keep together"), self._group)
        form.addRow("", self._from_file)
        form.addRow(tr("Pattern"), self._pattern)
        layout.addLayout(form)
        layout.addWidget(self._problem)
        self._problem.hide()

    def ask_for(self, what: str) -> None:
        """Ask for `what` in the heading: `LABEL` or `GROUP`."""
        self._asked = what
        self._show_example()

    def present(self, plan: Plan | None, options: Options) -> None:
        """Show examples of `plan`, and what `options` take from them."""
        if plan is not None and (self._plan is None or plan.catalog is not self._plan.catalog):
            self._samples, self._place = example_samples(plan.catalog, plan.samples), 0
            depths = {own_path(plan.catalog, sample).count("/") for sample in self._samples}
            self._from_file.setVisible(len(depths) > 1)
        self._plan, self._options = plan, options
        self.setEnabled(plan is not None)
        rule = options.labels.rule
        if rule is not None and rule.kind is RuleKind.LEVEL:
            self._from_file.setChecked(rule.level < 0)
        self._pattern.setText(_pattern_of(options))
        self._problem.hide()
        self._show_example()

    def _show_example(self) -> None:
        count, plan = len(self._samples), self._plan
        if not count or plan is None:
            return
        sample = self._samples[self._place]
        at = {"place": self._place + 1, "count": count}
        self._title.setText(
            tr("Choose what keeps pictures together. Example {place} of {count}.", **at)
            if self._asked == GROUP
            else tr("Choose what the label is. Example {place} of {count}.", **at)
        )
        parts = parts_of(own_path(plan.catalog, sample))
        label = next(iter(classes_of(plan, sample)), "")
        self._label.show_path(parts, _taken(parts, self._options.labels.rule, label))
        self._split.show_path(parts, _taken(parts, self._options.split.rule, plan.split[sample]))
        self._group.show_path(parts, _taken(parts, self._options.group_by.rule, _group_of(plan, sample)))
        for turns in (self._before, self._next):
            turns.setEnabled(count > 1)

    def _turn(self, step: int) -> None:
        self._place = (self._place + step) % max(1, len(self._samples))
        self._show_example()

    def _take_label(self, part: PathPart | None) -> None:
        labels = Labels.AUTO
        if part is not None:
            rule = part.rule(LABEL, from_file=self._from_file.isChecked())
            labels = Labels.by_rule(rule, given_first=self._has_list())
        self._tell(replace(self._options, labels=labels))

    def _take_split(self, part: PathPart | None) -> None:
        split = Split()
        if part is not None:
            rule = part.rule(SPLIT, from_file=self._from_file.isChecked())
            split = Split(SplitKind.RULE, rule=rule)
        self._tell(replace(self._options, split=split))

    def _take_group(self, part: PathPart | None) -> None:
        groups = Groups.NONE
        if part is not None:
            groups = Groups.by_rule(part.rule(GROUP, from_file=self._from_file.isChecked()))
        self._tell(replace(self._options, group_by=groups))

    def _count_otherwise(self, from_file: bool) -> None:
        """Count the level of the label from the other end, as the example on the screen has it."""
        labels, plan = self._options.labels, self._plan
        if plan is None:
            return
        depth = own_path(plan.catalog, self._samples[self._place]).count("/")
        if labels.kind is LabelKind.LEVEL and (labels.level < 0) is not from_file:
            level = labels.level - depth - 1 if from_file else labels.level + depth + 1
            if level:
                self._tell(replace(self._options, labels=replace(labels, level=level)))

    def _take_pattern(self) -> None:
        text = self._pattern.text().strip()
        if text == _pattern_of(self._options):
            return
        try:
            options = self._by_pattern(text)
        except UsageError as error:
            self._problem.setText(tr(str(error)))
            self._problem.show()
            return
        self._tell(options)

    def _by_pattern(self, text: str) -> Options:
        """Return the options with what the pattern finds: labels, parts, groups, or several of them."""
        if not text:
            return _without_pattern(self._options, _pattern_of(self._options))
        rule = PathRule(RuleKind.REGEX if "(?P<" in text else RuleKind.NAME, pattern=text)
        finds = {what for what in (LABEL, SPLIT, GROUP) if f"{{{what}}}" in text or f"(?P<{what}>" in text}
        changes: dict[str, Any] = {}
        if LABEL in finds or not finds:
            changes["labels"] = Labels.by_rule(rule, given_first=self._has_list())
        if SPLIT in finds:
            changes["split"] = Split(SplitKind.RULE, rule=rule)
        if GROUP in finds:
            changes["group_by"] = Groups.by_rule(rule)
        return replace(self._options, **changes)

    def _has_list(self) -> bool:
        return self._plan is not None and bool(self._plan.catalog.scan_options.label_list)

    def _tell(self, options: Options) -> None:
        self.options_changed.emit(options)
        self._show_example()  # a part that was released stays pressed if nothing changes


def _pattern_of(options: Options) -> str:
    """Return the pattern of the first rule that has one."""
    rules = (options.labels.rule, options.split.rule, options.group_by.rule)
    return next((rule.pattern for rule in rules if rule is not None and rule.pattern), "")


def _without_pattern(options: Options, pattern: str) -> Options:
    """Return `options` with the defaults of what this pattern finds."""
    defaults = Options()
    same = [
        name
        for name in ("labels", "split", "group_by")
        if (rule := getattr(options, name).rule) is not None and rule.pattern == pattern
    ]
    return replace(options, **{name: getattr(defaults, name) for name in same})


def _group_of(plan: Plan, sample: int) -> str:
    return "" if plan.group is None else plan.group[sample]


def _taken(parts: Sequence[PathPart], rule: PathRule | None, name: str) -> PathPart | None:
    """Return the part of a path that gave its label or split `name`; a rule knows which of several it is."""
    named_so = [
        part for part in parts if name and name in {part.text, part_called(part.text), part.text.lower()}
    ]
    if rule is not None and rule.kind is RuleKind.LEVEL:
        named_so = [part for part in named_so if rule.level in {part.level, part.from_file}]
    return next((part for part in named_so if part.can_be_taken), None)
