"""What is searched for among the rows of a stack, and what they are sorted by."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QSpinBox, QWidget

from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.listing import Order, Standing, Wanted
from stackgui.core.viewing.found import FoundRows, Sorting
from stackgui.core.viewing.opened import Opened
from stackgui.gui.texts import stack_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.drop_down import narrow_drop_down
from stackgui.gui.widgets.flow import flowing
from stackgui.gui.widgets.parts import button, clearable, column, line, named, tool
from stackgui.gui.widgets.size_fields import side_fields, size_field, size_range
from stackgui.gui.widgets.theme import SoftLabel, Space

TYPED_MS = 150
LATE_MS = 300
"""What is quicker than that is not spoken of, so that nothing moves to and fro."""
SEARCH_PX, SIDE_PX, ROW_PX = 220, 64, 100
LEAST_CHARS, STANDING_CHARS = 9, 16
ANY, NONE = say("Any"), say("None")


class StackSearch(QWidget):
    """A field for names, filters for label, part, state and size, and the order.

    Signals
    -------
    wanted_changed(Wanted)
    row_wanted(int)
        Go to this row.
    stopped(Wanted)
        Search and sort no longer; with what is listed now.
    """

    wanted_changed = Signal(Wanted)
    row_wanted = Signal(int)
    stopped = Signal(Wanted)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = self._shown = Wanted()
        self._opened: Opened | None = None
        self._found = FoundRows(0)
        self.search = clearable(
            named(
                QLineEdit(), "stack.search", tr("File name"),
                tr("Shows only rows whose file name holds these words (Ctrl+F)."),
            )
        )  # fmt: skip
        self.search.setPlaceholderText(tr("File name"))
        self.search.setMinimumWidth(SEARCH_PX)
        self._typed = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._make_filters()
        self._make_order()
        self._count = SoftLabel()
        self._count.setObjectName("stack.count")
        self._all = button("stack.all", tr("Show all"), "close", tr("Shows all rows again."))
        self._stop = button(
            "stack.stop", tr("Stop"), "stop",
            tr("Stops searching and sorting; the rows stay as they are listed now."),
        )  # fmt: skip
        self._late = QTimer(self, singleShot=True, interval=LATE_MS)
        self._lay_out()
        self._connect()

    def _make_filters(self) -> None:
        self._label = narrow_drop_down(
            "stack.label", tr("Label"), tr("Shows only rows with this label."), LEAST_CHARS
        )
        self._part = narrow_drop_down(
            "stack.part", tr("Part"), tr("Shows only rows of this part of the data."), LEAST_CHARS
        )
        self._standing = narrow_drop_down(
            "stack.standing",
            tr("Show"),
            tr("Shows only rows in a certain state, such as empty ones."),
            STANDING_CHARS,
        )
        for standing, words in stack_texts.STANDINGS.items():
            self._standing.addItem(tr(words), standing.value)
        self._more = tool("stack.sizes", tr("Sizes"), "filter", tr("Shows only pictures of certain sizes."))
        self._more.setCheckable(True)
        self._sides = side_fields("stack")
        for side in self._sides.values():
            side.setMinimumWidth(SIDE_PX)

    def _make_order(self) -> None:
        self._order = narrow_drop_down(
            "stack.order", tr("Sort by"), tr("What the rows are sorted by."), LEAST_CHARS
        )
        for order, words in stack_texts.ORDERS.items():
            self._order.addItem(tr(words), order.value)
        self._down = tool(
            "stack.descending", tr("Largest or last first"), "arrow-down", tr("Turns the order round.")
        )
        self._down.setCheckable(True)
        self.row = named(
            QSpinBox(), "stack.row", tr("Go to row"), tr("Goes to the row of this number (Ctrl+G).")
        )
        self.row.setGroupSeparatorShown(True)
        self.row.setMinimumWidth(ROW_PX)
        self._order.setMinimumContentsLength(15)

    def _lay_out(self) -> None:
        self._label_text, self._part_text = QLabel(tr("Label")), QLabel(tr("Part"))
        groups = [
            _group(self.search), _group(self._label_text, self._label), _group(self._part_text, self._part),
            _group(self._standing, self._more), _group(QLabel(tr("Sort by")), self._order, self._down),
            _group(QLabel(tr("Row")), self.row),
        ]  # fmt: skip
        self._of_stacks = [*groups[:4], groups[4]]
        self._bounds = QWidget()
        bounds = line(self._bounds, spacing=Space.XS)
        for text, side in ((tr("Width"), "width"), (tr("Height"), "height")):
            for each in (
                QLabel(text),
                self._sides[f"least_{side}"],
                QLabel(tr("to")),
                self._sides[f"most_{side}"],
                QLabel(tr("px")),
            ):
                bounds.addWidget(each)
            bounds.addSpacing(Space.L)
        bounds.addStretch(1)
        self._bounds.hide()
        self._result = QWidget()
        result = line(self._result)
        result.addWidget(self._count, 1)
        result.addWidget(self._stop)
        result.addWidget(self._all)
        layout = column(self, spacing=Space.XS)
        layout.addLayout(flowing(*groups))
        layout.addWidget(self._bounds)
        layout.addWidget(self._result)
        self._result.hide()

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _text: self._typed.start())
        self._typed.timeout.connect(self._read)
        for box in (self._label, self._part, self._standing, self._order):
            box.activated.connect(self._read)
        for side in self._sides.values():
            side.valueChanged.connect(self._read)
        self._more.toggled.connect(self._bounds.setVisible)
        self._down.toggled.connect(self._turn)
        self._all.clicked.connect(self.clear)
        self._stop.clicked.connect(self._end)
        self._late.timeout.connect(self._tell_busy)
        self.row.editingFinished.connect(self._go)

    def present(self, opened: Opened) -> None:
        """Offer what can be searched for in what was opened."""
        self._opened = opened
        self.row.setRange(0, max(0, opened.rows - 1))
        for each in self._of_stacks:
            each.setVisible(opened.is_stack)
        for place, (_standing, words) in enumerate(stack_texts.standings(opened)):
            self._standing.setItemText(place, words)
        for box, entries, text in (
            (self._label, opened.classes, self._label_text),
            (self._part, opened.parts, self._part_text),
        ):
            chosen = box.currentData()
            box.clear()
            box.addItem(tr(ANY), None)
            for entry in entries:
                box.addItem(printable(entry), entry)
            box.addItem(tr(NONE), "")
            box.setCurrentIndex(max(0, box.findData(chosen)))
            for widget in (box, text):
                widget.setVisible(bool(entries))

    def show_found(self, found: FoundRows) -> None:
        """Say how many rows are listed, if any are left out, and whether more may follow."""
        self._shown, self._found = self._wanted, found
        self._tell(stack_texts.counted(found, self._among), busy=found.searching)
        self._result.setVisible(self._wanted.filters)

    def show_busy(self) -> None:
        """Say that the rows are being searched or sorted, if that is not done at once."""
        self._late.start()

    def show_sorting(self, sorting: Sorting) -> None:
        """Say how far rows are sorted."""
        self._tell(stack_texts.sorting(sorting), busy=True)

    def show_failed(self, text: str) -> None:
        """Say why rows could not be searched or sorted."""
        self._tell(tr(text), busy=False)

    @property
    def _among(self) -> int:
        return self._opened.rows if self._opened else 0

    def _tell_busy(self) -> None:
        self._tell(tr("Searching…") if self._wanted.filters else tr("Sorting…"), busy=True)

    def _tell(self, text: str, *, busy: bool) -> None:
        self._late.stop()
        self._count.setText(text)
        self._stop.setVisible(busy)
        self._all.setVisible(self._wanted.filters)
        self._result.setVisible(True)

    def _end(self) -> None:
        """Search and sort no longer, and choose what is listed now."""
        self._put(self._shown)
        self._wanted = self._shown
        self._tell(stack_texts.stopped(self._found, self._among), busy=False)
        self.stopped.emit(self._wanted)

    def _put(self, wanted: Wanted) -> None:
        """Show what is searched for, and by what it is sorted."""
        for box, value in (
            (self._label, wanted.label), (self._part, wanted.part),
            (self._standing, wanted.standing.value), (self._order, wanted.order.value),
        ):  # fmt: skip
            box.setCurrentIndex(max(0, box.findData(value)))
        for name, side in self._sides.items():
            with QSignalBlocker(side):
                side.setValue(size_field(name, wanted.sizes))
        with QSignalBlocker(self._down):
            self._down.setChecked(wanted.descending)
        self._down.setIcon(theme.icon("arrow-up" if wanted.descending else "arrow-down"))
        self.search.setText(wanted.text)
        self._typed.stop()

    def clear(self) -> None:
        """Search for nothing; the order stays."""
        self._put(Wanted(order=self._wanted.order, descending=self._wanted.descending))
        self._read()

    @property
    def wanted(self) -> Wanted:
        """Return what is searched for."""
        return self._wanted

    def _read(self) -> None:
        wanted = Wanted(
            text=" ".join(self.search.text().split()),
            label=self._label.currentData(),
            part=self._part.currentData(),
            sizes=size_range(self._sides),
            standing=Standing(self._standing.currentData()),
            order=Order(self._order.currentData()),
            descending=self._down.isChecked(),
        )
        if wanted != self._wanted:
            self._wanted = wanted
            self.wanted_changed.emit(wanted)

    def _turn(self, descending: bool) -> None:
        self._down.setIcon(theme.icon("arrow-up" if descending else "arrow-down"))
        self._read()

    def _go(self) -> None:
        if self._opened is not None and self.row.hasFocus():
            self.row_wanted.emit(self.row.value())


def _group(*widgets: QWidget) -> QWidget:
    """Return widgets that stay together on one line."""
    made = QWidget()
    layout = line(made, spacing=Space.XS)
    for each in widgets:
        layout.addWidget(each)
    return made
