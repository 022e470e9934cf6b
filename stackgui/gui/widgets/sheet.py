"""The figures behind a plot as a table: for screen readers, and for anybody who wants the numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from stackgui.gui.texts.language import tr

Index = QModelIndex | QPersistentModelIndex
CELL_ROLES = frozenset({Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole})


@dataclass(frozen=True, slots=True)
class Sheet:
    """The figures behind a plot; rows are made when they are looked at.

    Attributes
    ----------
    title : str
    columns : tuple of str
    count : int
        Number of rows.
    row : callable
        Returns the cells of a row.
    """

    title: str
    columns: tuple[str, ...]
    count: int
    row: Callable[[int], tuple[str, ...]]

    def text(self) -> str:
        """Return everything as lines of cells divided by tabs, as programs for tables read it."""
        return "".join("\t".join(cells) + "\n" for cells in (self.columns, *map(self.row, range(self.count))))


class SheetModel(QAbstractTableModel):
    """A sheet for Qt."""

    def __init__(self, sheet: Sheet, parent: QObject) -> None:
        super().__init__(parent)
        self._sheet = sheet

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of rows."""
        return 0 if parent is not None and parent.isValid() else self._sheet.count

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self._sheet.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the text of a cell."""
        return self._sheet.row(index.row())[index.column()] if role in CELL_ROLES else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: ANN401 - as above
        """Return the title of a column, or the number of a row."""
        if role not in CELL_ROLES:
            return None
        if orientation is Qt.Orientation.Horizontal:
            return self._sheet.columns[section]
        return tr("{number:,}", number=section + 1)


class Plotted(QWidget):
    """The base of what is painted from figures: screen readers take it for a chart, and it has a sheet."""

    ROLE = QAccessible.Role.Chart

    def sheet(self) -> Sheet | None:
        """Return the figures that are drawn now; None if there are none."""
        raise NotImplementedError


class Drawn(QWidget):
    """The base of other things that are painted: screen readers take them for a picture."""

    ROLE = QAccessible.Role.Graphic


@cache
def tell_roles() -> None:
    """Let screen readers know what the program's own widgets are; Qt takes all of them for panes."""
    QAccessible.installFactory(_interface)


def _interface(_kind: str, thing: QObject) -> QAccessibleWidget | None:
    if isinstance(thing, Plotted | Drawn):
        return QAccessibleWidget(thing, thing.ROLE)
    return None


def sheets_in(window: QWidget) -> list[tuple[Plotted, Sheet]]:
    """Return the plots of a window that can be seen now and have figures, with these."""
    seen = [plot for plot in window.findChildren(Plotted) if plot.isVisible()]
    return [(plot, sheet) for plot in seen if (sheet := plot.sheet()) is not None]
