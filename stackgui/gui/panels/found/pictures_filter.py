"""The search field of the tab Pictures, with the filters and the order of the list."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QSpinBox, QWidget

from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.listing import Order, Standing, Wanted, reasons
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.size_independent import differ_only_in_size
from stackgui.gui.texts import picture_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.stored import tr_stored
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.drop_down import DropDown, narrow_drop_down
from stackgui.gui.widgets.parts import button, clearable, column, line, named, tool
from stackgui.gui.widgets.size_fields import side_fields, size_range
from stackgui.gui.widgets.theme import SoftLabel, Space

TYPED_MS = 200
MAX_REASONS = 30
ANY, NONE = say("Any"), say("None")
SIDE_PX, LEAST_CHARS = 56, 8


class PicturesFilter(QWidget):
    """What is searched for: words, label, part, size and problem; and what the list is sorted by.

    Signals
    -------
    wanted_changed(Wanted)
    """

    wanted_changed = Signal(Wanted)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = Wanted()
        self._offered: object = None
        self._plan: Plan | None = None
        self.search = search_field("pictures.search")
        self._typed = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._more = tool(
            "pictures.filters", tr("Filters"), "filter", tr("Shows more ways to choose pictures.")
        )
        self._more.setCheckable(True)
        self._order = named(
            DropDown(), "pictures.order", tr("Sort by"), tr("What the pictures are sorted by.")
        )
        for order, words in picture_texts.ORDERS.items():
            self._order.addItem(tr(words), order.value)
        self._down = tool(
            "pictures.descending", tr("Largest or last first"), "arrow-down", tr("Turns the order round.")
        )
        self._down.setCheckable(True)
        self.as_list = tool("pictures.asList", tr("As a list"), "list", tr("Shows all pictures as a table."))
        self._make_filters()
        self._sides = _narrow(side_fields("pictures"))
        self._count = SoftLabel()
        self._count.setObjectName("pictures.count")
        self._all = button(
            "pictures.all", tr("Show all"), "close", tr("Ends the search, and shows all pictures.")
        )
        self._lay_out()
        self._connect()
        self._offer(None)

    def _make_filters(self) -> None:
        self._label = narrow_drop_down(
            "pictures.label", tr("Label"), tr("Shows only pictures with this label."), LEAST_CHARS
        )
        self._part = narrow_drop_down(
            "pictures.part", tr("Part"), tr("Shows only pictures of this part of the data."), LEAST_CHARS
        )
        self._standing = narrow_drop_down(
            "pictures.standing",
            tr("Show"),
            tr("Shows only pictures with this problem, or without."),
            LEAST_CHARS,
        )

    def _lay_out(self) -> None:
        top = line(spacing=Space.XS)
        top.addWidget(self.search, 1)
        for widget in (self._more, self._order, self._down, self.as_list):
            top.addWidget(widget)
        self._filters = QWidget()
        grid = QGridLayout(self._filters)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(Space.XS)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        for place, (name, field) in enumerate(((tr("Label"), self._label), (tr("Part"), self._part))):
            grid.addWidget(_caption(name, field), 0, 2 * place)
            grid.addWidget(field, 0, 2 * place + 1)
        grid.addWidget(_caption(tr("Show"), self._standing), 1, 0)
        grid.addWidget(self._standing, 1, 1, 1, 3)
        for place, (name, side) in enumerate(((tr("Width"), "width"), (tr("Height"), "height"))):
            least, most = self._sides[f"least_{side}"], self._sides[f"most_{side}"]
            sides = line(spacing=Space.XS)
            for each in (least, QLabel(tr("to")), most, QLabel(tr("px"))):
                sides.addWidget(each)
            sides.addStretch(1)
            grid.addWidget(QLabel(name), 2, 2 * place)
            grid.addLayout(sides, 2, 2 * place + 1)
        self._result = QWidget()
        result = line(self._result)
        result.addWidget(self._count, 1)
        result.addWidget(self._all)
        layout = column(self, spacing=Space.XS)
        layout.addLayout(top)
        layout.addWidget(self._filters)
        layout.addWidget(self._result)
        self._filters.hide()
        self._result.hide()

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _text: self._typed.start())
        self._typed.timeout.connect(self._read)
        self._more.toggled.connect(self._filters.setVisible)
        for box in (self._order, self._label, self._part, self._standing):
            box.activated.connect(self._read)
        for side in self._sides.values():
            side.valueChanged.connect(self._read)
        self._down.toggled.connect(self._turn)
        self._all.clicked.connect(self.clear)

    @property
    def wanted(self) -> Wanted:
        """Return what is searched for."""
        return self._wanted

    def present(self, plan: Plan | None) -> None:
        """Offer the labels, parts and problems of `plan`."""
        before, self._plan = self._plan, plan
        if before and plan and differ_only_in_size(plan, before) and plan.problem is before.problem:
            return
        offered = None if plan is None else (plan.classes, plan.parts, tuple(reasons(plan).items()))
        if offered != self._offered:
            self._offered = offered
            self._offer(plan)

    def _offer(self, plan: Plan | None) -> None:
        named_parts = [(printable(part), part) for part in plan.parts] if plan else []
        labels = [(printable(label), label) for label in plan.classes] if plan else []
        for box, entries, chosen in (
            (self._label, labels, self._wanted.label),
            (self._part, named_parts, self._wanted.part),
        ):
            box.clear()
            box.addItem(tr(ANY), None)
            for words, value in entries:
                box.addItem(words, value)
            box.addItem(tr(NONE), "")
            box.setEnabled(bool(entries))
            box.setCurrentIndex(max(0, box.findData(chosen)))
        self._standing.clear()
        for standing, words in picture_texts.STANDINGS.items():
            self._standing.addItem(tr(words), (standing.value, ""))
        for reason, count in list(reasons(plan).items())[:MAX_REASONS] if plan else ():
            text = tr("{reason} ({count:,})", reason=tr_stored(reason), count=count)
            self._standing.addItem(text, (Standing.BLANK.value, reason))
        self._standing.setCurrentIndex(self._chosen_standing())
        if plan is not None:
            self._read()

    def _chosen_standing(self) -> int:
        chosen = self._wanted.standing.value, self._wanted.reason
        entries = [tuple(self._standing.itemData(place)) for place in range(self._standing.count())]
        return entries.index(chosen) if chosen in entries else 0

    def show_count(self, shown: int, among: int) -> None:
        """Say how many of `among` pictures match, if any may not."""
        self._count.setText(picture_texts.found(shown, among))
        self._result.setVisible(self._wanted.filters)

    def clear(self) -> None:
        """Search for nothing; the order stays."""
        for box in (self._label, self._part, self._standing):
            box.setCurrentIndex(0)
        for side in self._sides.values():
            side.setValue(0)
        self.search.clear()
        self._typed.stop()
        self._read()

    def _read(self) -> None:
        standing, reason = self._standing.currentData()
        wanted = Wanted(
            text=self.search.text(),
            label=self._label.currentData(),
            part=self._part.currentData(),
            sizes=size_range(self._sides),
            standing=Standing(standing),
            reason=reason,
            order=Order(self._order.currentData()),
            descending=self._down.isChecked(),
        )
        if wanted != self._wanted:
            self._wanted = wanted
            self._result.setVisible(wanted.filters)
            self.wanted_changed.emit(wanted)

    def _turn(self, descending: bool) -> None:
        self._down.setIcon(theme.icon("arrow-up" if descending else "arrow-down"))
        self._read()


def _narrow(sides: dict[str, QSpinBox]) -> dict[str, QSpinBox]:
    """Make fields as narrow as the filters need them, and return them."""
    for each in sides.values():
        each.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        each.setKeyboardTracking(False)
        each.setFixedWidth(SIDE_PX)
    return sides


def _caption(text: str, field: QWidget) -> QLabel:
    made = QLabel(text)
    made.setBuddy(field)
    return made


def search_field(name: str) -> QLineEdit:
    """Return a field for words of names."""
    made = named(
        QLineEdit(), name, tr("Search"),
        tr("Shows only pictures whose name or folder contains all of these words (Ctrl+F)."),
    )  # fmt: skip
    made.setPlaceholderText(tr("Search names and folders"))
    clearable(made)
    made.setAcceptDrops(False)  # a dropped folder is one to be added, wherever it is dropped
    made.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition).setText(tr("Search"))
    return made
