"""Boxes that are ticked, and those of which one is chosen, in colours in which empty ones can be seen.

Qt could colour all boxes by a palette for their class. But then it would ask each widget for its class,
through PySide, whenever it works out a palette, only to find that it is no box.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QRadioButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from stackgui.gui.widgets import palettes


class CheckBox(QCheckBox):
    """A box that is ticked or not."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        _colour(self)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            _colour(self)


class RadioButton(QRadioButton):
    """One of several, of which one is chosen."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        _colour(self)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            _colour(self)


class BoxDelegate(QStyledItemDelegate):
    """Draws the boxes in the cells of a table."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw a cell, and over its box the same in its own colours, which are not those of the text."""
        super().paint(painter, option, index)
        box = QStyleOptionViewItem(option)
        self.initStyleOption(box, index)
        if not box.features & QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator:
            return
        table = option.widget
        style = table.style()
        box.rect = style.subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, box, table)
        is_chosen = bool(box.state & QStyle.StateFlag.State_Selected)
        ground = box.palette.highlight() if is_chosen else box.palette.base()
        group = box.palette.currentColorGroup()
        box.palette = palettes.of_boxes(box.palette, ground.color()).resolve(box.palette)
        box.palette.setCurrentColorGroup(group)
        is_on = box.checkState is Qt.CheckState.Checked
        box.state &= ~QStyle.StateFlag.State_HasFocus
        box.state |= QStyle.StateFlag.State_On if is_on else QStyle.StateFlag.State_Off
        style.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck, box, painter, table)


def _colour(box: QWidget) -> None:
    """Give a box its colours; setting them tells it of a change, and then it has them."""
    own, has = palettes.of_boxes(QApplication.palette()), box.palette()
    wanted = own.resolve(QApplication.palette())
    roles = (QPalette.ColorRole.Base, QPalette.ColorRole.Text)
    if any(has.color(role) != wanted.color(role) for role in roles):
        box.setPalette(own)
