"""The choice of list columns for file, label and split, and what was read from them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from stackgui.core.base.choice_table import Declared, Group, choices_of
from stackgui.core.base.choices import RepeatedLines
from stackgui.core.base.kinds import OneOf, Place, Text
from stackgui.core.base.list_kinds import Names
from stackgui.core.base.source_names import is_list_name
from stackgui.core.base.text import printable
from stackgui.core.base.wording import capital, say
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.choice_fields import field_for
from stackgui.gui.widgets.parts import Words, button, choices_form, column, named
from stackgui.gui.widgets.theme import SoftLabel
from stackgui.gui.widgets.ticks import column_ticks

OF_LISTS = {name: each for name, each in choices_of(ScanOptions).items() if each.group is Group.LISTS}
COLUMNS = {
    name: each
    for name, each in OF_LISTS.items()
    if isinstance(each.kind, Text) and not isinstance(each.kind, Place)
}
TICKED = {name: each for name, each in OF_LISTS.items() if isinstance(each.kind, Names)}
FIELDS = {name: each for name, each in OF_LISTS.items() if isinstance(each.kind, OneOf)}
WORDS = {
    "repeated_lines": {
        RepeatedLines.ROWS: say("a row for each line"),
        RepeatedLines.JOIN: say("one row with all labels"),
    }
}
BY_NAME = say("found by name")


class ListsPart(QWidget):
    """Shown only where a list is a source or says the labels; a choice looks through the sources again.

    A list of labels can be taken away here too, where it is seen although the search with it has failed.

    Signals
    -------
    scan_changed(ScanOptions)
    """

    scan_changed = Signal(ScanOptions)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lists")
        self._options = ScanOptions()
        form = choices_form()
        self._told = Words("lists.told")
        self._told.setMinimumWidth(1)  # a long name must not make the column wider
        self._no_list = button(
            "lists.no_label_list",
            tr("Use no list"),
            "close",
            tr("Stops taking labels from it."),
        )
        self._no_list.clicked.connect(self._take_away)
        self._names: tuple[str, ...] = ()
        self._titles = {name: self._field(form, name, declared) for name, declared in COLUMNS.items()}
        self._ticks = {name: column_ticks(f"lists.{name}", name) for name in TICKED}
        self._fields = {
            name: field_for(declared, f"lists.{name}", WORDS[name], partial(self._tell_one, name))
            for name, declared in FIELDS.items()
        }
        for name, ticks in self._ticks.items():
            form.addRow("", ticks)
            ticks.ticked.connect(partial(self._tell_one, name))
        for name, each in self._fields.items():
            form.addRow(tr(OF_LISTS[name].caption), each.widget)
        layout = column(self)
        layout.addWidget(theme.rule())
        layout.addWidget(theme.heading(tr("Columns of lists")))
        layout.addLayout(form)
        layout.addWidget(
            SoftLabel(tr("Choose a column where it has no usual name, or type its title or its number."))
        )
        layout.addWidget(self._told)
        layout.addWidget(self._no_list)
        self.hide()

    def _field(self, form: QFormLayout, name: str, declared: Declared) -> QComboBox:
        title, about = tr(capital(declared.title)), tr(declared.about)
        field = named(QComboBox(), f"lists.{name}", title, about)
        typed = named(QLineEdit(), f"lists.{name}.typed", title, about)
        field.setEditable(True)
        field.setLineEdit(typed)
        field.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        # A long title must not make the column wider.
        field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        field.setMinimumContentsLength(8)
        typed.setPlaceholderText(tr(BY_NAME))
        typed.setAcceptDrops(False)  # a dropped list is one to be added, wherever it is dropped
        typed.editingFinished.connect(self._tell)
        field.activated.connect(lambda place: self._choose(field, place))
        form.addRow(tr(declared.caption), field)
        return field

    def _choose(self, field: QComboBox, place: int) -> None:
        field.setEditText(field.itemText(place) if place else "")
        self._tell()

    def _offer(self, names: tuple[str, ...]) -> None:
        """Offer the columns `names`; what is being typed stays."""
        if names == self._names:
            return
        self._names = names
        for field in self._titles.values():
            typed = field.currentText()
            field.clear()
            field.addItems([tr(BY_NAME), *names])
            field.setEditText(typed)

    def present(self, screen: Screen) -> None:
        """Show which columns were chosen for the lists of `screen`."""
        self.setEnabled(screen.scan is None)
        label_list = screen.scan_options.label_list
        self.setVisible(bool(label_list) or any(map(is_list_name, screen.sources)))
        self._told.setText("\n".join(map(tr, screen.catalog.lists if screen.catalog else ())))
        self._told.setVisible(bool(self._told.text()))
        self._no_list.setToolTip(
            tr("Stops taking labels from {label_list}.", label_list=printable(label_list))
        )
        self._no_list.setVisible(bool(label_list))
        if screen.catalog is not None:  # after a search that failed, the columns seen last are the best guess
            self._offer(screen.catalog.list_columns)
        for name, ticks in self._ticks.items():
            ticks.show_names(self._names, getattr(screen.scan_options, name))
        for name, each in self._fields.items():
            each.show(getattr(screen.scan_options, name))
        if screen.scan_options == self._options:
            return  # what is being typed stays
        self._options = screen.scan_options
        for name, field in self._titles.items():
            field.setEditText(getattr(self._options, name))

    def _take_away(self) -> None:
        self.scan_changed.emit(replace(self._options, label_list=""))

    def _tell_one(self, name: str, value: Any) -> None:  # noqa: ANN401 - any choice
        self.scan_changed.emit(replace(self._options, **{name: value}))

    def _tell(self) -> None:
        titles: dict[str, Any] = {name: field.currentText().strip() for name, field in self._titles.items()}
        chosen = replace(self._options, **titles)
        if chosen != self._options:
            self.scan_changed.emit(chosen)
