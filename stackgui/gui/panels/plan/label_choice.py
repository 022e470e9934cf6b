"""The choice of where labels come from: folders, file names or lists."""

from __future__ import annotations

import os
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QBoxLayout, QComboBox, QFormLayout, QLineEdit, QPushButton, QWidget

from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.labels import LabelKind, Labels
from stackgui.core.labels.path_rule import LABEL
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.size_independent import differ_only_in_size
from stackgui.core.plan.taken import listed
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts.label_texts import counts_of, examples
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.drop_down import DropDown
from stackgui.gui.widgets.one_line import OneLine
from stackgui.gui.widgets.parts import Words, button, line, named
from stackgui.gui.widgets.theme import Space

LABELS = (
    (Labels.AUTO, say("automatic (a list if there is one, else folder names)")),
    (Labels.FOLDERS, say("the first folders")),
    (Labels(LabelKind.LEVEL, level=2), say("the second folders")),
    (Labels(LabelKind.LEVEL, level=-1), say("the folders they lie in")),
    (Labels.GIVEN, say("lists and shards")),
    (Labels.OBJECTS, say("classes of annotated objects")),
    (Labels(LabelKind.NAME, pattern="{label}_*"), say("a part of the file's name")),
    (Labels.NONE, say("none")),
)
BY_NAME = next(place for place, (labels, _) in enumerate(LABELS) if labels.kind is LabelKind.NAME)
NO_LIST = say("none")


class LabelChoice(QObject):
    """The rows of a form that choose labels, label list and class list, and show the outcome.

    Signals
    -------
    options_changed(Options)
    scan_changed(ScanOptions)
    list_wanted()
        Let the person pick a list of labels.
    classes_wanted()
        Let the person pick a list of all classes.
    example_wanted(str)
        Show the label assistant, to choose by example what is named: `path_rule.LABEL` or another.
    """

    options_changed = Signal(Options)
    scan_changed = Signal(ScanOptions)
    list_wanted = Signal()
    classes_wanted = Signal()
    example_wanted = Signal(str)

    def __init__(self, form: QFormLayout, parent: QWidget) -> None:
        super().__init__(parent)
        self._form = form
        self._options, self._scan_options = Options(), ScanOptions()
        self._plan: Plan | None = None
        self._box = self._make_box()
        self._pattern = self._make_pattern()
        self._outcome = Words("plan.labels.outcome")
        self._list = self._name("plan.labels.list")
        self._clear = button("plan.labels.list.clear", "", "close", tr("Stops using this list."))
        self._clear.setAccessibleName(tr("Use no list of labels"))
        form.addRow(tr("Labels"), self._box)
        form.addRow("", self._make_example())
        form.addRow(tr("Pattern"), self._pattern)
        form.addRow("", self._outcome)
        form.addRow(tr("Label list"), self._make_list())
        self._classes = self._name("plan.labels.classes")
        self._clear_classes = button(
            "plan.labels.classes.clear",
            "",
            "close",
            tr("Numbers the classes that there are, in natural order."),
        )
        self._clear_classes.setAccessibleName(tr("Use no list of classes"))
        form.addRow(tr("Class list"), self._make_classes())
        self._show_labels(self._options.labels)
        self._say("")

    @staticmethod
    def _name(name: str) -> OneLine:
        made = OneLine()
        made.setObjectName(name)
        return made

    def _make_box(self) -> QComboBox:
        tip = tr("Where the pictures' labels come from; the tab Labels shows the result.")
        box = named(DropDown(), "plan.labels", tr("Labels"), tip)
        # A long entry must not widen the column.
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        box.addItems([tr(words) for _, words in LABELS])
        box.activated.connect(lambda place: self._tell(LABELS[place][0]))
        return box

    def _make_example(self) -> QPushButton:
        tip = tr("Shows a path in the tab Labels, in which you click what the label is.")
        made = button("plan.labels.example", tr("Choose by example…"), "label", tip)
        made.clicked.connect(lambda: self.example_wanted.emit(LABEL))
        return made

    def _make_pattern(self) -> QLineEdit:
        tip = tr(
            "Where the label is in a file's name: {label} stands for it, * for any text, ? for one "
            "character. {label}_* finds cat in cat_01.jpg."
        )
        field = named(QLineEdit(), "plan.labels.pattern", tr("Pattern of names"), tip)
        field.setAcceptDrops(False)  # a dropped folder is one to be added, wherever it is dropped
        field.editingFinished.connect(self._tell_pattern)
        return field

    def _make_list(self) -> QWidget:
        holder = QWidget()
        layout = line(holder, spacing=Space.XS)
        tip = tr("A list (CSV) with a column of files and one of labels, for the pictures of all sources.")
        choose = button("plan.labels.list.choose", tr("Choose…"), "list", tip)
        choose.clicked.connect(self.list_wanted)
        self._clear.clicked.connect(lambda: self.choose_list(""))
        self._put(layout, self._list, choose, self._clear)
        return holder

    def _make_classes(self) -> QWidget:
        holder = QWidget()
        layout = line(holder, spacing=Space.XS)
        tip = tr(
            "All classes in the order of their numbers, so that several stacks agree: a text with a name a "
            "line, JSON, or the classes.json of a stack."
        )
        choose = button("plan.labels.classes.choose", tr("Choose…"), "list", tip)
        choose.setAccessibleName(tr("Choose a list of classes"))
        choose.clicked.connect(self.classes_wanted)
        self._clear_classes.clicked.connect(lambda: self.choose_classes(()))
        self._put(layout, self._classes, choose, self._clear_classes)
        return holder

    @staticmethod
    def _put(layout: QBoxLayout, words: OneLine, choose: QWidget, clear: QWidget) -> None:
        layout.addWidget(words, 1)
        layout.addWidget(choose)
        layout.addWidget(clear)

    def present(self, screen: Screen) -> None:
        """Show where the labels of `screen` come from, and the first few of them."""
        self._scan_options = screen.scan_options
        self._show_list(screen.scan_options.label_list)
        self._show_classes(screen.options.classes)
        same = differ_only_in_size(screen.plan, self._plan)
        if screen.options.labels != self._options.labels or not same:
            self._show_labels(screen.options.labels)
            self._say(examples(screen.plan, counts_of(screen.plan)))
        self._options, self._plan = screen.options, screen.plan

    def _show_labels(self, labels: Labels) -> None:
        listed = [value for value, _ in LABELS]
        is_pattern = labels.kind is LabelKind.NAME
        # What was chosen at the terminal need not be on the list.
        place = BY_NAME if is_pattern else listed.index(labels) if labels in listed else -1
        self._box.setPlaceholderText(str(labels))
        self._box.setCurrentIndex(place)
        self._pattern.setText(labels.pattern if is_pattern else "")
        self._form.setRowVisible(self._pattern, is_pattern)

    def _say(self, text: str) -> None:
        self._outcome.setText(text)
        self._form.setRowVisible(self._outcome, bool(text))

    def _show_list(self, name: str) -> None:
        self._list.setText(printable(os.path.basename(name)) or tr(NO_LIST))
        self._list.setToolTip(printable(name))
        self._clear.setVisible(bool(name))

    def _show_classes(self, classes: tuple[str, ...]) -> None:
        named = tr("{count:,}: {names}", count=len(classes), names=listed(classes)) if classes else ""
        self._classes.setText(named or tr(NO_LIST))
        self._classes.setToolTip(named)
        self._clear_classes.setVisible(bool(classes))

    def choose_classes(self, classes: tuple[str, ...]) -> None:
        """Number the classes in the order of `classes`; in natural order if it is empty."""
        self.options_changed.emit(replace(self._options, classes=classes))

    def choose_list(self, name: str) -> None:
        """Take labels from the list at the absolute path `name`; from no list if it is ``""``."""
        says_nothing = self._options.labels.kind not in {LabelKind.AUTO, LabelKind.GIVEN}
        self.scan_changed.emit(replace(self._scan_options, label_list=name))
        if name and says_nothing:
            self._tell(Labels.AUTO)  # whoever picks a list wants its labels

    def _tell_pattern(self) -> None:
        try:
            labels = Labels(LabelKind.NAME, pattern=self._pattern.text().strip())
        except UsageError as error:
            self._say(tr(str(error)))
            return
        if labels != self._options.labels:
            self._tell(labels)

    def _tell(self, labels: Labels) -> None:
        self.options_changed.emit(replace(self._options, labels=labels))
