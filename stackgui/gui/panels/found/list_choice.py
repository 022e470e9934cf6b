"""The choice of a list of labels and of its columns, which says what the list gives before it is used."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from stackgui.core.base.choice_table import choices_of
from stackgui.core.base.choices import LabelForm
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_share
from stackgui.core.base.warnings import Mend
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.lists.list_look import ListLook, ListOffer
from stackgui.core.options.mending import mend
from stackgui.core.options.option_words import OPTION_WORDS
from stackgui.core.options.options import Options
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.choice_fields import field_for
from stackgui.gui.widgets.drop_down import DropDown
from stackgui.gui.widgets.flow import Flow
from stackgui.gui.widgets.parts import Words, button, choices_form, column, named
from stackgui.gui.widgets.ticks import column_ticks

COLUMNS = ("path_column", "label_column", "split_column")
TICKED = ("targets", "keep_columns")
FOUND_BY_NAME: dict[str, Any] = dict.fromkeys(COLUMNS, "") | dict.fromkeys(TICKED, ())
MIN_LETTERS = 14


class ListChoice(QWidget):
    """A list, its columns, and what follows.

    Signals
    -------
    look_wanted(ScanOptions)
        Tell what this list would give.
    list_wanted()
        Let the person pick a list that does not lie among the pictures.
    mend_wanted(Mend)
        Use the list, or none.
    """

    look_wanted = Signal(ScanOptions)
    list_wanted = Signal()
    mend_wanted = Signal(Mend)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("labels.list")
        self._used = self._draft = ScanOptions()
        self._offers: dict[str, ListOffer] = {}
        self._look: ListLook | None = None
        self._list = _box("labels.list.name", tr("List"), tr("Which list gives the labels."))
        self._other = button("labels.list.other", tr("Choose…"), "list", tr("Takes a list from elsewhere."))
        self._columns = {
            name: _box(f"labels.list.{name}", tr(choices_of(ScanOptions)[name].title),
                       tr(choices_of(ScanOptions)[name].about))
            for name in COLUMNS
        }  # fmt: skip
        self._ticks = {name: column_ticks(f"labels.list.{name}", name) for name in TICKED}
        self._label_form = field_for(
            choices_of(Options)["label_form"], "labels.list.form", OPTION_WORDS["label_form"], self._tell_form
        )
        self._form = choices_form()
        self._result = Words("labels.list.result")
        self._use = button("labels.list.use", tr("Use this list"), "check", tr("Takes the labels from it."))
        self._drop = button("labels.list.drop", tr("Use no list"), "close", tr("Takes no labels from it."))
        self._lay_out()
        self._list.activated.connect(self._choose)
        for name, box in self._columns.items():
            box.activated.connect(lambda _place, name=name: self._choose_column(name))
        for name, ticks in self._ticks.items():
            ticks.ticked.connect(partial(self._change, name))
        self._other.clicked.connect(self.list_wanted)
        self._use.clicked.connect(self._tell_use)
        self._drop.clicked.connect(self._tell_drop)
        self._show()

    def _lay_out(self) -> None:
        form = self._form
        names, columns = Flow(), Flow()
        for widget in (self._list, self._other, self._use, self._drop):
            names.addWidget(widget)
        for box in self._columns.values():
            columns.addWidget(box)
        form.addRow(tr("List"), names)
        self._columns_line = columns
        form.addRow(tr("Columns"), columns)
        self._values_line = values = Flow()
        for each in self._ticks.values():
            values.addWidget(each)
        form.addRow(tr("Also"), values)
        form.addRow(tr(choices_of(Options)["label_form"].caption), self._label_form.widget)
        layout = column(self)
        layout.addLayout(form)
        layout.addWidget(self._result)

    def present(self, used: ScanOptions, options: Options) -> None:
        """Show which list is used, and how many labels a picture may have."""
        self._label_form.show(options.label_form)
        if used != self._used:
            self._used = self._draft = used
            self._look = None
            self._show()
            self._ask()

    def offer(self, lists: Sequence[ListOffer]) -> None:
        """Offer the lists that lie among the pictures."""
        self._offers = {offer.path: offer for offer in lists}
        self._show()

    def choose_list(self, name: str) -> None:
        """Look at the list at the absolute path `name`."""
        self._draft = replace(self._used, label_list=name, **FOUND_BY_NAME)
        self._look = None
        self._show()
        self._ask()

    def show_look(self, look: ListLook) -> None:
        """Show what the list gives, if it is still the one that was asked for."""
        if look.options == self._draft:
            self._look = look
            self._show()

    def _ask(self) -> None:
        if self._draft.label_list:
            self.look_wanted.emit(self._draft)

    def _show(self) -> None:
        draft, look = self._draft, self._look
        names = list(dict.fromkeys(("", *self._offers, *filter(None, (draft.label_list,)))))
        self._list.clear()
        for name in names:
            self._list.addItem(self._entry(name), name)
            self._list.setItemData(self._list.count() - 1, printable(name), Qt.ItemDataRole.ToolTipRole)
        self._list.setCurrentIndex(names.index(draft.label_list))
        columns = look.columns if look is not None else ()
        for name, box in self._columns.items():
            chosen = getattr(draft, name)
            titles = list(dict.fromkeys(("", *columns, *filter(None, (chosen,)))))
            box.clear()
            declared = choices_of(ScanOptions)[name]
            for title in titles:
                shown = tr("found by name") if not title else printable(title)
                box.addItem(tr("{what}: {title}", what=tr(declared.caption), title=shown), title)
            box.setCurrentIndex(titles.index(chosen))
        for name, ticks in self._ticks.items():
            ticks.show_names(columns, getattr(draft, name))
        for each in (self._columns_line, self._values_line):
            self._form.setRowVisible(each, bool(draft.label_list))
        waiting = tr("Looking at the list.") if draft.label_list and look is None else ""
        self._result.setText(tr(look.summary) if look is not None and draft.label_list else waiting)
        self._result.setVisible(bool(self._result.text()))
        is_new = draft != self._used
        self._use.setVisible(is_new and bool(draft.label_list))
        self._use.setEnabled(look is not None and not look.problem)
        self._drop.setVisible(bool(self._used.label_list))

    def _entry(self, name: str) -> str:
        """Return the name of a list with how many of its lines match, as far as is known."""
        if not name:
            return tr("none")
        file, offer = printable(os.path.basename(name)), self._offers.get(name)
        if offer is None:
            return file
        if not offer.share:
            return tr("{list} (no line matches)", list=file)
        return tr("{list} ({share} of the lines match)", list=file, share=format_share(offer.share))

    def _choose(self, place: int) -> None:
        if name := self._list.itemData(place):
            self.choose_list(name)
        else:
            self._tell_drop()

    def _choose_column(self, name: str) -> None:
        self._change(name, self._columns[name].currentData())

    def _change(self, name: str, value: Any) -> None:  # noqa: ANN401 - a title, or several
        self._draft = replace(self._draft, **{name: value})
        self._ask()
        self._show()

    def _tell_form(self, form: LabelForm) -> None:
        self.mend_wanted.emit(mend("", label_form=form))

    def _tell_use(self) -> None:
        self._tell(self._draft)

    def _tell_drop(self) -> None:
        self._draft = replace(self._used, label_list="", **FOUND_BY_NAME)
        self._look = None
        if self._used.label_list:
            self._tell(self._draft)
        else:
            self._show()

    def _tell(self, wanted: ScanOptions) -> None:
        changes = {name: getattr(wanted, name) for name in ("label_list", *COLUMNS, *TICKED)}
        self.mend_wanted.emit(mend("", **changes))


def _box(name: str, label: str, tip: str) -> QComboBox:
    box = named(DropDown(), name, label, tip)
    # A long entry must not widen the column.
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(MIN_LETTERS)
    return box
