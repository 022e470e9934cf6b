"""The tab Annotations: the boxes, polygons and keypoints that were found, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QTableView,
    QWidget,
)

from stackgui.core.annotations.reading import VOC_TITLE, Turned, VocOrigin
from stackgui.core.base.choice_table import Declared, Group, choices_of
from stackgui.core.base.kinds import Place
from stackgui.core.base.list_kinds import Renames
from stackgui.core.base.wording import say
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.option_words import OPTION_WORDS
from stackgui.core.options.options import Options
from stackgui.core.plan.objects_taken import ObjectsTaken
from stackgui.core.plan.plan import Plan
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.texts.annotation_texts import PLACES, details, headline
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.boxes import CheckBox
from stackgui.gui.widgets.choice_fields import ChoiceField, field_for
from stackgui.gui.widgets.choice_fields import Words as ChoiceWords
from stackgui.gui.widgets.class_rows import COUNT, SHOWN, ClassRows, EyeDelegate
from stackgui.gui.widgets.drop_down import narrow_drop_down
from stackgui.gui.widgets.overlay import overlay
from stackgui.gui.widgets.parts import Words, column, line, named
from stackgui.gui.widgets.places import LEAST_CHARS, place_buttons, show_places
from stackgui.gui.widgets.table_and_fields import TableAndFields, table_of
from stackgui.gui.widgets.theme import SoftLabel, Space

OF_THE_SCAN = {
    name: each
    for name, each in choices_of(ScanOptions).items()
    if each.group is Group.ANNOTATIONS and not isinstance(each.kind, Place)
}
OF_THE_STACK = {
    name: each
    for name, each in choices_of(Options).items()
    if each.group is Group.ANNOTATIONS and not isinstance(each.kind, Renames)
}
"""The choices that are plain fields here; places and classes are shown in their own way."""

WORDS: dict[str, ChoiceWords] = {
    "annotation_turn": {
        Turned.UPRIGHT: say("as people see the picture"),
        Turned.STORED: say("as the picture is stored"),
    },
    "voc_origin": {VocOrigin.AUTO: say("automatic"), VocOrigin.ZERO: "0", VocOrigin.ONE: "1"},
}

TABLE_PX = 340
"""Width in which the table of classes cuts off no usual name."""


class AnnotationsPage(Tab):
    """The objects that annotation files mark, their classes, and the choices about them.

    Signals
    -------
    scan_changed(ScanOptions)
    place_wanted(bool)
        Ask for the folder (True) or file of annotations.
    count_wanted(Plan)
        Count its objects, which may take seconds.
    """

    TITLE = say("Boxes")
    ICON = "boxes"
    HELP = "annotations"
    TIP = say("Boxes, polygons and keypoints of the pictures, and what becomes of them.")

    scan_changed = Signal(ScanOptions)
    place_wanted = Signal(bool)
    count_wanted = Signal(Plan)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("annotations")
        self._plan: Plan | None = None
        self._options, self._scan = Options(), ScanOptions()
        self._is_counted = True
        self._line = Words("annotations.line", bold=True)
        self._details = SoftLabel()
        self._details.setObjectName("annotations.details")
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._place = narrow_drop_down(
            "annotations.place", tr("Where annotations are"),
            tr("Which annotations belong to the pictures."), LEAST_CHARS,
        )  # fmt: skip
        self._place.activated.connect(self._choose_place)
        self._shown = CheckBox(tr("Draw them over pictures"))
        named(self._shown, "annotations.shown", self._shown.text(), tr("Everywhere in the window (Ctrl+B)."))
        self._shown.setChecked(overlay().is_on)
        self._shown.toggled.connect(lambda on: overlay().show(wanted=on))
        overlay().changed.connect(self._show_switch)
        self._rows = ClassRows(self)
        self._rows.renamed.connect(self._rename)
        self._table = self._make_table()
        self._below = TableAndFields(self._table, TABLE_PX)
        self._of_the_stack = self._make_fields()
        self._lay_out()

    def _lay_out(self) -> None:
        layout = column(self, margin=Space.M)
        layout.addWidget(self._line)
        layout.addWidget(self._details)
        places = line()
        places.addWidget(self._place, 1)
        tip = tr("Chooses where the annotations are.")
        for each in place_buttons("annotations", ("file", tr("File…")), tip, self.place_wanted.emit):
            places.addWidget(each)
        layout.addLayout(places)
        layout.addWidget(self._shown)
        layout.addWidget(self._below, 1)
        layout.addStretch()  # for when there is nothing below

    def _make_table(self) -> QTableView:
        table = table_of(
            self._rows, "annotations.classes", tr("Classes of objects"),
            tr("Which classes there are, and what each is called in the stack."),
        )  # fmt: skip
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for narrow in (SHOWN, COUNT):
            header.setSectionResizeMode(narrow, QHeaderView.ResizeMode.ResizeToContents)
        table.setItemDelegateForColumn(SHOWN, EyeDelegate(table))
        return table

    def _make_fields(self) -> dict[str, ChoiceField]:
        found = {}
        for name, declared, tell in (
            *((name, each, self._tell_option) for name, each in OF_THE_STACK.items()),
            *((name, each, self._tell_scan) for name, each in OF_THE_SCAN.items()),
        ):
            found[name] = self._field(name, declared, partial(tell, name))
            self._below.form.addRow(tr(declared.caption), found[name].widget)
        return found

    @staticmethod
    def _field(name: str, declared: Declared, tell: Any) -> ChoiceField:  # noqa: ANN401 - called with any choice
        return field_for(declared, f"annotations.{name}", {**OPTION_WORDS, **WORDS}.get(name, {}), tell)

    def present(self, screen: Screen) -> None:
        """Show the annotations of `screen`, or count them when the tab is visible."""
        self._options, self._scan = screen.options, screen.scan_options
        for name, field in self._of_the_stack.items():
            owner = self._options if name in OF_THE_STACK else self._scan
            field.show(getattr(owner, name))
        self._show_place()
        if screen.known_plan is self._plan:
            return
        self._plan, self._is_counted = screen.known_plan, False
        if self.isVisible():
            self._count()

    def showEvent(self, event: QShowEvent) -> None:
        """Count the objects if they changed while the tab was hidden."""
        super().showEvent(event)
        self._count()

    def choose_place(self, place: str) -> None:
        """Take annotations from `place`, or as its word says."""
        if place != self._scan.annotations:
            self.scan_changed.emit(replace(self._scan, annotations=place))

    def _choose_place(self, position: int) -> None:
        self.choose_place(str(self._place.itemData(position)))

    def _show_place(self) -> None:
        picked = self._scan.annotations
        show_places(self._place, PLACES, picked)

    def _show_switch(self) -> None:
        self._shown.setChecked(overlay().is_on)

    def _count(self) -> None:
        if self._is_counted:
            return
        plan, self._is_counted = self._plan, True
        if plan is None or plan.catalog.annotations is None:
            self._show(plan, None)
        else:
            self._line.setText(tr("Counting the boxes…"))
            self.count_wanted.emit(plan)

    def show_count(self, plan: Plan, taken: ObjectsTaken | None) -> None:
        """Show what becomes of the objects of `plan`, if it is still the one that is shown."""
        if plan is self._plan:
            self._show(plan, taken)

    def _show(self, plan: Plan | None, taken: ObjectsTaken | None) -> None:
        self._line.setText(headline(self._scan.annotations, taken))
        told = details(self._scan.annotations, taken)
        self._details.setText(told)
        self._details.setVisible(bool(told))
        self._shown.setVisible(taken is not None)
        is_voc = taken is not None and any(source.title == VOC_TITLE for source in taken.sources)
        voc = self._of_the_stack["voc_origin"].widget
        self._below.form.setRowVisible(voc, is_voc or self._scan.voc_origin is not VocOrigin.AUTO)
        self._below.show_parts(table=taken is not None, fields=taken is not None)
        annotations = None if plan is None else plan.catalog.annotations
        if plan is None or annotations is None:
            self._rows.set_classes((), (), (), ())
            return
        names, category = annotations.categories, annotations.objects.category
        counts = np.bincount(category[category >= 0], minlength=len(names)).tolist()
        numbers = plan.object_classes.number[:-1].tolist()
        classes = plan.object_classes.names
        new = [classes[number] if number >= 0 else "" for number in numbers]
        self._rows.set_classes(names, counts, new, numbers)

    def _rename(self, old: str, new: str) -> None:
        kept = [each for each in self._options.object_classes if each.rsplit("=", 1)[0] != old]
        if new != old:
            kept.append(f"{old}={new}")
        self.options_changed.emit(replace(self._options, object_classes=tuple(kept)))

    def _tell_option(self, name: str, value: Any) -> None:  # noqa: ANN401 - any choice
        self.options_changed.emit(replace(self._options, **{name: value}))

    def _tell_scan(self, name: str, value: Any) -> None:  # noqa: ANN401 - any choice
        self.scan_changed.emit(replace(self._scan, **{name: value}))
