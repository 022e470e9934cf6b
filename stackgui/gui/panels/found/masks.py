"""The tab Masks: which pictures are masks of others, what they hold, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from stackgui.core.base.choice_table import Group, choices_of
from stackgui.core.base.choices import DrawMasks
from stackgui.core.base.wording import say
from stackgui.core.catalog.mask_classes import MaskClasses
from stackgui.core.catalog.scan_options import AUTOMATIC, NONE, ScanOptions
from stackgui.core.options.option_words import OPTION_WORDS
from stackgui.core.options.options import Options
from stackgui.core.plan.mask_table import MaskValue, mask_values, with_name, with_number
from stackgui.core.plan.masks_taken import becoming, masks_found
from stackgui.core.plan.plan import Plan
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.choice_fields import field_for
from stackgui.gui.widgets.drop_down import narrow_drop_down
from stackgui.gui.widgets.mask_rows import NAME, MaskRows
from stackgui.gui.widgets.parts import Words, button, column, line
from stackgui.gui.widgets.places import LEAST_CHARS, place_buttons, show_places
from stackgui.gui.widgets.table_and_fields import TableAndFields, table_of
from stackgui.gui.widgets.theme import SoftLabel, Space

FIELDS = {
    name: each
    for name, each in choices_of(Options).items()
    if each.group is Group.MASKS and name != "mask_classes"
}
"""The choices that are plain fields here; classes are shown as a table."""

PLACES = {AUTOMATIC: say("Found automatically"), NONE: say("None: they are pictures like any other")}
"""Where masks are taken from, in words, but for a place that was picked."""

NOTHING = say("No masks were found.")
WHAT_THEY_ARE = say(
    "A mask is a picture that says of each pixel of another to which class it belongs, for example road or "
    "sky. StackGUI finds masks in folders such as “masks” beside the pictures, and by endings such as "
    "“_mask”. If yours are elsewhere, choose the folder that holds them, or a list with a picture and its "
    "mask in each line."
)
CAN_BE_DRAWN = say("Or let masks be drawn from the outlines that the annotation files hold.")
AS_PICTURES = say("Masks are taken for pictures like any other, as chosen.")

NO_MASKS = say("These are pictures, not masks")
TAKES_THEM = say("Takes them for pictures like any other.")
LOOK_FOR_THEM = say("Look for masks")
LOOKS_FOR_THEM = say("Looks again which pictures are masks of others.")

TABLE_PX = 380
"""Width in which the table of values cuts off no usual name."""


class MasksPage(Tab):
    """The masks, their classes, and the choices about them.

    Signals
    -------
    scan_changed(ScanOptions)
    place_wanted(bool)
        Ask for the folder (True) or list of masks.
    classes_wanted()
        Ask for a file with a table of classes.
    """

    TITLE = say("Masks")
    ICON = "masks"
    HELP = "masks"
    TIP = say("Masks of the pictures, and what their numbers and colours become.")
    IS_RARE = True

    scan_changed = Signal(ScanOptions)
    place_wanted = Signal(bool)
    classes_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("masks.page")
        self._options, self._scan = Options(), ScanOptions()
        self._screen: Screen | None = None
        self._values: tuple[MaskValue, ...] = ()
        self._line = Words("masks.line", bold=True)
        self._details = SoftLabel()
        self._details.setObjectName("masks.details")
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._place = narrow_drop_down(
            "masks.place", tr("Where masks are"), tr("Which pictures are masks of others."), LEAST_CHARS
        )
        self._place.activated.connect(lambda at: self.choose_place(str(self._place.itemData(at))))
        self._rows = MaskRows(self)
        self._rows.numbered.connect(lambda at, number: self._change(with_number(self._values, at, number)))
        self._rows.named.connect(lambda at, name: self._change(with_name(self._values, at, name)))
        self._table = self._make_table()
        self._classes, self._as_found = self._make_class_buttons()
        self._other = button("masks.other", "", "pictures", "")
        self._other.clicked.connect(
            lambda: self.choose_place(AUTOMATIC if self._scan.masks == NONE else NONE)
        )
        self._below = TableAndFields(self._hold_table(), TABLE_PX)
        self._choices = {}
        for name, declared in FIELDS.items():
            tell = partial(self._tell, name)
            self._choices[name] = field_for(declared, f"masks.{name}", OPTION_WORDS.get(name, {}), tell)
            self._below.form.addRow(tr(declared.caption), self._choices[name].widget)
        self._lay_out()

    def _lay_out(self) -> None:
        layout = column(self, margin=Space.M)
        layout.addWidget(self._line)
        layout.addWidget(self._details)
        places = line()
        places.addWidget(self._place, 1)
        tip = tr("Chooses where the masks are.")
        for each in place_buttons("masks", ("list", tr("List…")), tip, self.place_wanted.emit):
            places.addWidget(each)
        layout.addLayout(places)
        layout.addWidget(self._other, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._below, 1)
        layout.addStretch()  # for when there is nothing below

    def _hold_table(self) -> QWidget:
        held = QWidget()
        layout = column(held)
        layout.addWidget(self._table, 1)
        buttons = line()
        buttons.addWidget(self._classes)
        buttons.addWidget(self._as_found)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        return held

    def _make_class_buttons(self) -> tuple[QWidget, QWidget]:
        classes = button(
            "masks.classes_file", tr("Class list…"), "list",
            tr("Reads names, numbers and colours of the classes from a file, such as labelmap.txt, "
               "classes.txt, data.yaml or the categories of COCO."),
        )  # fmt: skip
        classes.clicked.connect(self.classes_wanted)
        back = button(
            "masks.as_found", tr("As found"), "undo", tr("Forgets all numbers and names chosen here.")
        )
        back.clicked.connect(lambda: self._change(()))
        return classes, back

    def _make_table(self) -> QTableView:
        table = table_of(
            self._rows, "masks.values", tr("Values in masks"),
            tr("Which numbers and colours masks hold, and which class each becomes."),
        )  # fmt: skip
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        return table

    def present(self, screen: Screen) -> None:
        """Show the masks of `screen`."""
        before, self._screen = self._screen, screen
        self._options, self._scan = screen.options, screen.scan_options
        if before is not None and screen.went_on_from(before) == "size":
            return
        for name, field in self._choices.items():
            field.show(getattr(self._options, name))
        self._show_place()
        catalog, plan = screen.catalog, screen.plan
        masks = None if catalog is None else catalog.masks
        form = None if plan is None or plan.catalog is not catalog else plan.masks
        can_draw = catalog is not None and catalog.annotations is not None
        self._say(None if catalog is None else masks_found(catalog), plan, can_draw=can_draw)
        is_table = masks is not None and form is not None and not (form.drawn or form.is_open)
        self._values = mask_values(masks, form) if masks and form and is_table else ()
        self._rows.set_values(self._values)
        self._as_found.setVisible(bool(self._options.mask_classes))
        self._show_fields(has_masks=masks is not None, can_draw=can_draw)
        is_off = self._scan.masks == NONE
        self._other.setText(tr(LOOK_FOR_THEM if is_off else NO_MASKS))
        self._other.setToolTip(tr(LOOKS_FOR_THEM if is_off else TAKES_THEM))
        self._other.setVisible(masks is not None or is_off)

    def _say(self, found: str | None, plan: Plan | None, *, can_draw: bool) -> None:
        """Say which masks there are and what they become, or what masks are."""
        is_off = self._scan.masks == NONE
        self._line.setText(tr(found or (AS_PICTURES if is_off else NOTHING)))
        told = list(becoming(plan)) if plan is not None and plan.masks is not None else []
        if found is None and not is_off and not told:
            told = [WHAT_THEY_ARE, *([CAN_BE_DRAWN] if can_draw else [])]
        self._details.setText("\n".join(map(tr, told)))
        self._details.setVisible(bool(told))

    def _show_fields(self, *, has_masks: bool, can_draw: bool) -> None:
        """Show the fields that change something."""
        draws = self._options.draw_masks is not DrawMasks.NONE
        for name, field in self._choices.items():
            is_shown = can_draw or draws if name == "draw_masks" else has_masks
            if name == "ignore_value":
                is_shown = has_masks or draws
            self._below.form.setRowVisible(field.widget, is_shown)
        self._below.show_parts(table=has_masks, fields=has_masks or can_draw or draws)

    def choose_place(self, place: str) -> None:
        """Take masks from `place`, or as its word says."""
        if place != self._scan.masks:
            self.scan_changed.emit(replace(self._scan, masks=place))

    def choose_classes(self, classes: MaskClasses) -> None:
        """Take a table of classes that was read from a file."""
        self._change(classes)

    def _show_place(self) -> None:
        picked = self._scan.masks
        show_places(self._place, PLACES, picked)

    def _change(self, classes: MaskClasses) -> None:
        self.options_changed.emit(replace(self._options, mask_classes=classes))

    def _tell(self, name: str, value: Any) -> None:  # noqa: ANN401 - any choice
        self.options_changed.emit(replace(self._options, **{name: value}))
