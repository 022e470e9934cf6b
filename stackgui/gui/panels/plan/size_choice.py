"""The choice of the row size: the largest picture, a share of the pictures, or an exact size."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QButtonGroup,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from stackgui.core.base.size import MAX_SIDE_PX, Size, SizeKind
from stackgui.core.base.units import TIMES, format_size
from stackgui.core.plan.glance import largest_found
from stackgui.core.plan.plan import Plan
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.boxes import RadioButton
from stackgui.gui.widgets.flow import Flow
from stackgui.gui.widgets.parts import line, named, set_quietly
from stackgui.gui.widgets.theme import SoftLabel, Space

FIRST_EXACT = (224, 224)
FIRST_PERCENTILE = 95.0
SIDE_WIDTH_PX = 52
"""Wide enough for five digits; more can be typed."""


class SizeChoice(QWidget):
    """Three ways to a target size.

    Signals
    -------
    changed(Size)
    """

    changed = Signal(Size)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._largest = named(
            RadioButton(tr("Lar&gest found")), "plan.size.max", tr("As the largest found"),
            tr("Every row is as wide as the widest picture and as high as the highest, so nothing is "
            "scaled."),
        )  # fmt: skip
        self._share = named(
            RadioButton(tr("For mos&t:")), "plan.size.percentile", tr("Large enough for most pictures"),
            tr("Rows that are wide and high enough for this share of the pictures; a few large ones then do "
            "not decide how much padding all the others get."),
        )  # fmt: skip
        self._exact = named(
            RadioButton(tr("E&xactly:")), "plan.size.exact", tr("Exactly this size"),
            tr("Every row has the width and height that you type, or that you drag in the plot."),
        )  # fmt: skip
        self._percentile = self._make_percentile()
        self._width = _side("plan.size.width", tr("Width in pixels"), tr("Width in pixels of every row."))
        self._height = _side("plan.size.height", tr("Height in pixels"), tr("Height in pixels of every row."))
        self._found = SoftLabel()
        self._found.setObjectName("plan.size.found")
        self._reached = SoftLabel()
        self._reached.setObjectName("plan.size.reached")
        self._group = QButtonGroup(self)
        for button in (self._largest, self._share, self._exact):
            self._group.addButton(button)
        self._lay_out()
        self._group.buttonClicked.connect(self._tell)
        self._percentile.valueChanged.connect(self._tell_share)
        for side in (self._width, self._height):
            side.valueChanged.connect(self._tell_exact)

    def _make_percentile(self) -> QDoubleSpinBox:
        box = named(
            QDoubleSpinBox(),
            "plan.size.share",
            tr("Share of the pictures in per cent"),
            tr("Share of the pictures."),
        )
        box.setRange(0.1, 100.0)
        box.setDecimals(1)
        box.setSuffix(" %")
        box.setValue(FIRST_PERCENTILE)
        box.setKeyboardTracking(False)
        return box

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.S)
        grid.setVerticalSpacing(Space.XS)
        grid.setColumnStretch(2, 1)
        both = QWidget()
        pair = line(both, spacing=Space.XS)
        for widget in (self._width, QLabel(TIMES), self._height):
            pair.addWidget(widget)
        order = SoftLabel(tr("width × height"))
        order.setWordWrap(False)
        sides = Flow(spacing=Space.XS)
        sides.addWidget(both)
        sides.addWidget(order)
        for row, button in enumerate((self._largest, self._share, self._exact)):
            grid.addWidget(button, row, 0)
        grid.addWidget(self._found, 0, 1, 1, 2)
        grid.addWidget(self._percentile, 1, 1)
        grid.addWidget(self._reached, 1, 2)
        grid.addLayout(sides, 2, 1, 1, 2)

    def present(self, screen: Screen) -> None:
        """Show the size option of `screen`, and the resulting size in pixels."""
        size = screen.options.size
        target = (screen.plan.largest.height, screen.plan.largest.width) if screen.plan else None
        chosen = {
            SizeKind.MAX: self._largest, SizeKind.PERCENTILE: self._share, SizeKind.EXACT: self._exact,
        }[size.kind]  # fmt: skip
        chosen.setChecked(True)
        if size.kind is SizeKind.PERCENTILE:
            set_quietly(self._percentile, size.percentile)
        elif size.kind is SizeKind.EXACT:
            set_quietly(self._height, size.height)
            set_quietly(self._width, size.width)
        elif target:
            # Switching to "exactly" starts from the size shown now.
            set_quietly(self._height, target[0])
            set_quietly(self._width, target[1])
        self._found.setText(tr(_largest(screen.plan)))
        shown = target if size.kind is SizeKind.PERCENTILE else None
        self._reached.setText(tr(format_size(*shown)) if shown else "")

    def _tell(self) -> None:
        if self._largest.isChecked():
            self.changed.emit(Size())
        elif self._share.isChecked():
            self._tell_share()
        else:
            self._tell_exact()

    def _tell_share(self) -> None:
        self.changed.emit(Size(SizeKind.PERCENTILE, percentile=round(self._percentile.value(), 1)))

    def _tell_exact(self) -> None:
        self.changed.emit(Size.exact(self._height.value(), self._width.value()))


def _largest(plan: Plan | None) -> str:
    """Return the size that rows as large as the largest picture of `plan` would have."""
    if plan is None:
        return ""
    found = largest_found(plan)
    return format_size(*found) if found else ""  # nothing if all are to be shrunk


def _side(name: str, label: str, tip: str) -> QSpinBox:
    box = named(QSpinBox(), name, label, tip)
    box.setRange(1, MAX_SIDE_PX)
    box.setFixedWidth(SIDE_WIDTH_PX)
    box.setValue(FIRST_EXACT[0])
    # Typing 224 is one change, not the three of 2, 22 and 224.
    box.setKeyboardTracking(False)
    box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
    return box
