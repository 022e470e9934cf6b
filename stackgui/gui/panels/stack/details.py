"""What the current row is, and how its values are shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from stackgui.core.plan.row_marks import RowMarks
from stackgui.core.viewing.contrast import Contrast
from stackgui.core.viewing.look import Look, Seen, Stretch
from stackgui.core.viewing.opened import Opened, RowFacts
from stackgui.gui.texts import stack_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.boxes import CheckBox
from stackgui.gui.widgets.drop_down import DropDown
from stackgui.gui.widgets.flow import flowing
from stackgui.gui.widgets.overlay import overlay
from stackgui.gui.widgets.parts import Words, button, choices_form, column, named, set_quietly
from stackgui.gui.widgets.theme import Space
from stackgui.gui.widgets.value_chart import ValueChart

MOST = 1e12


class RowDetails(QWidget):
    """Facts about a row, its file, its channels and its contrast.

    Signals
    -------
    look_changed()
        Channel or contrast have changed.
    reveal_wanted(str)
        Show this file in the file manager.
    copy_wanted(), save_wanted()
        Copy or save the row as a picture.
    """

    look_changed = Signal()
    reveal_wanted = Signal(str)
    copy_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stack.details")
        self._facts: RowFacts | None = None
        self.seen: Seen | None = None
        self._lines = QFormLayout()
        self._lines.setVerticalSpacing(Space.XS)
        self._lines.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._nothing = Words("stack.details.nothing")
        self._nothing.setText(
            tr("Click a row to see what it is. Double-click it, or press Enter, to look closer.")
        )
        self.reveal = button(
            "stack.reveal",
            tr("Show file"),
            "folder-open",
            tr("Shows the picture’s file in the file manager."),
        )
        self.copy = button(
            "stack.copy", tr("Copy picture"), "copy", tr("Copies the row as a picture (Ctrl+C).")
        )
        self.save = button(
            "stack.save", tr("Save as PNG…"), "save", tr("Saves the row as a picture of its own.")
        )
        self._make_look()
        self._lay_out()
        self._connect()

    def _make_look(self) -> None:
        self._channel = named(DropDown(), "stack.channel", tr("Channels"), tr("Which channels are shown."))
        self._stretch = named(
            DropDown(), "stack.contrast", tr("Contrast"), tr("Which values are shown as black and as white.")
        )
        for stretch, words in stack_texts.STRETCHES.items():
            self._stretch.addItem(tr(words), stretch.value)
        self._black = _value("stack.black", tr("Black"), tr("Values up to this one are shown black."))
        self._white = _value("stack.white", tr("White"), tr("Values from this one on are shown white."))
        self._chart = ValueChart()
        self._marks = named(
            CheckBox(tr("Boxes and masks")), "stack.marks", tr("Boxes and masks"),
            tr("Draws boxes, polygons, keypoints and masks over the rows (Ctrl+B)."),
        )  # fmt: skip
        self._marks.setChecked(overlay().is_on)

    def _lay_out(self) -> None:
        layout: QVBoxLayout = column(self, margin=Space.M, spacing=Space.S)
        layout.addWidget(self._nothing)
        layout.addLayout(self._lines)
        layout.addLayout(flowing(self.reveal, self.copy, self.save))
        layout.addWidget(theme.rule())
        self._look = QWidget()
        look = column(self._look)
        form = choices_form()
        form.addRow(tr("Channels"), self._channel)
        form.addRow(tr("Contrast"), self._stretch)
        form.addRow(tr("Black"), self._black)
        form.addRow(tr("White"), self._white)
        look.addLayout(form)
        look.addWidget(self._chart)
        layout.addWidget(self._look)
        layout.addWidget(self._marks)
        layout.addStretch(1)
        for each in (self.reveal, self.copy, self.save, self._look):
            each.hide()

    def _connect(self) -> None:
        self.reveal.clicked.connect(self._reveal)
        self.copy.clicked.connect(self.copy_wanted)
        self.save.clicked.connect(self.save_wanted)
        self._channel.activated.connect(lambda _place: self.look_changed.emit())
        self._stretch.activated.connect(lambda _place: self.look_changed.emit())
        self._black.valueChanged.connect(self._choose)
        self._white.valueChanged.connect(self._choose)
        self._chart.dragged.connect(self._drag)
        self._marks.toggled.connect(lambda wanted: overlay().show(wanted=wanted))
        overlay().changed.connect(self._follow_overlay)

    def _reveal(self) -> None:
        if self._facts is not None:
            self.reveal_wanted.emit(self._facts.file)

    def _follow_overlay(self) -> None:
        self._marks.setChecked(overlay().is_on)

    def present(self, opened: Opened) -> None:
        """Offer the channels of what was opened."""
        chosen = self._channel.currentData()
        self._channel.clear()
        self._channel.addItem(tr("All"), None)
        if opened.channels > 1:
            for number in range(opened.channels):
                self._channel.addItem(stack_texts.channel_name(number, opened.channels), number)
        self._channel.setCurrentIndex(max(0, self._channel.findData(chosen)))
        self._channel.setEnabled(opened.channels > 1)
        for box in (self._black, self._white):
            box.setDecimals(0 if stack_texts.is_whole(opened.dtype) else 4)
        self._marks.setVisible(opened.has_boxes or bool(opened.mask_classes))

    def look(self, row: int) -> Look:
        """Return how `row` is looked at."""
        low, high = self._black.value(), self._white.value()
        chosen = Contrast(low, high if high > low else low + 1)
        return Look(row, self._channel.currentData(), Stretch(self._stretch.currentData()), chosen)

    def show_facts(self, facts: RowFacts | None, marks: RowMarks | None = None) -> None:
        """Show what a row is, or that none is chosen."""
        self._facts = facts
        self.seen = None
        while self._lines.rowCount():
            self._lines.removeRow(0)
        for title, told in stack_texts.facts(facts, marks) if facts else ():
            words = Words("stack.fact")
            words.setText(told)
            head = QLabel(title)
            head.setAlignment(Qt.AlignmentFlag.AlignTop)
            self._lines.addRow(head, words)
        self._nothing.setVisible(facts is None)
        self.reveal.setVisible(facts is not None and bool(facts.file))
        for each in (self.copy, self.save, self._look):
            each.setVisible(facts is not None)

    def show_seen(self, seen: Seen) -> None:
        """Show what a row is, its values and the contrast that it is shown with."""
        if self._facts is not seen.large.facts:
            self.show_facts(seen.large.facts, seen.large.marks)
        self.seen = seen
        self._chart.set_values(seen.counts.tolist(), seen.low, seen.high)
        self._chart.set_lines(seen.contrast.low, seen.contrast.high)
        for box, value in ((self._black, seen.contrast.low), (self._white, seen.contrast.high)):
            if not box.hasFocus():
                set_quietly(box, value)

    def _choose(self) -> None:
        self._stretch.setCurrentIndex(self._stretch.findData(Stretch.CHOSEN.value))
        self.look_changed.emit()

    def _drag(self, black: float, white: float) -> None:
        set_quietly(self._black, black)
        set_quietly(self._white, white)
        self._choose()


def _value(name: str, label: str, tip: str) -> QDoubleSpinBox:
    made = named(QDoubleSpinBox(), name, label, tip)
    made.setRange(-MOST, MOST)
    made.setKeyboardTracking(False)
    made.setMinimumWidth(90)
    return made
