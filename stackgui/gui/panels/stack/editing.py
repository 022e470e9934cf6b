"""What can be put right in the marked rows: their label, and whether they count."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from stackgui.core.base.addresses import is_address
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.run.edits import Edit, ExcludeEdit, LabelEdit
from stackgui.core.viewing.opened import Opened
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.drop_down import DropDown
from stackgui.gui.widgets.flow import flowing
from stackgui.gui.widgets.parts import Words, button, column, line, named
from stackgui.gui.widgets.theme import Space

MAX_ROWS = 10_000
"""Rows that are edited at once at most; more are left alone."""


class EditPanel(QWidget):
    """A field for the label of the marked rows, and buttons that exclude them or take them back in.

    Signals
    -------
    edited(Edit)
    undo_wanted(), redo_wanted()
    """

    edited = Signal(object)
    undo_wanted = Signal()
    redo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stack.editing")
        self._rows: tuple[int, ...] = ()
        self._told = Words("stack.edit.rows", bold=True)
        self._label = _label_field()
        self._set = button(
            "stack.edit.set", tr("Set label"), "label", tr("Gives the marked rows this label.")
        )
        self._exclude = button(
            "stack.edit.exclude", tr("Exclude"), "minus",
            tr("The marked rows no longer count as valid; their pictures stay."),
        )  # fmt: skip
        self._include = button(
            "stack.edit.include", tr("Take back in"), "plus", tr("The marked rows count as valid again.")
        )
        self._undo = button("stack.edit.undo", tr("Undo"), "undo", tr("Takes back the last change to rows."))
        self._redo = button("stack.edit.redo", tr("Redo"), "redo", tr("Restores the change that was undone."))
        self.show_undo(possible=False, again=False)
        layout = column(self)
        layout.setContentsMargins(Space.M, 0, Space.M, 0)
        layout.addWidget(self._told)
        labels = line()
        labels.addWidget(self._label, 1)
        labels.addWidget(self._set)
        layout.addLayout(labels)
        layout.addLayout(flowing(self._exclude, self._include, self._undo, self._redo))
        self._set.clicked.connect(self._tell_label)
        self._exclude.clicked.connect(lambda: self.edited.emit(ExcludeEdit(self._rows, excluded=True)))
        self._include.clicked.connect(lambda: self.edited.emit(ExcludeEdit(self._rows, excluded=False)))
        self._undo.clicked.connect(self.undo_wanted)
        self._redo.clicked.connect(self.redo_wanted)
        self.hide()

    def present(self, opened: Opened) -> None:
        """Offer the labels of what was opened."""
        self.setVisible(opened.is_stack and not is_address(opened.path))
        typed = self._label.currentText()
        self._label.clear()
        for name in opened.classes:
            self._label.addItem(printable(name), name)
        self._label.setEditText(typed)

    def show_marked(self, rows: list[int]) -> None:
        """Edit `rows` from now on."""
        self._rows = tuple(rows)
        self._told.setText(tr(format_count(len(rows), "marked row")))
        for each in (self._set, self._exclude, self._include):
            each.setEnabled(bool(rows))

    def show_undo(self, *, possible: bool, again: bool) -> None:
        """Tell whether there is something to take back, and something to make `again`."""
        self._undo.setEnabled(possible)
        self._redo.setEnabled(again)

    def _tell_label(self) -> None:
        place = self._label.findText(self._label.currentText())
        name = self._label.itemData(place) if place >= 0 else self._label.currentText().strip()
        edit: Edit = LabelEdit(self._rows, name)
        self.edited.emit(edit)


def _label_field() -> DropDown:
    """Return the field in which a label is chosen or written."""
    made = named(
        DropDown(), "stack.edit.label", tr("Label of the marked rows"),
        tr("Choose a label, or write a new one. No label takes it away."),
    )  # fmt: skip
    typed = QLineEdit()
    typed.setAccessibleName(tr("Label of the marked rows"))
    typed.setPlaceholderText(tr("Label"))
    made.setEditable(True)
    made.setLineEdit(typed)
    return made
