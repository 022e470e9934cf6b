"""A bar chart of the number of samples of each label."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count, format_share
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.contrast import mix
from stackgui.gui.widgets.sheet import Plotted, Sheet
from stackgui.gui.widgets.theme import Role, Space
from stackgui.gui.widgets.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
LARGEST_NAME_SHARE = 0.4


class _LabelModel(QAbstractListModel):
    """Labels with their counts, in the order given."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.labels: tuple[tuple[str, int], ...] = ()
        self.largest = 1
        self.total = 1

    def set_counts(self, counts: dict[str, int]) -> None:
        self.beginResetModel()
        self.labels = tuple((printable(name), count) for name, count in counts.items())
        self.largest = max((*counts.values(), 1))
        self.total = max(sum(counts.values()), 1)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.labels)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        name, count = self.labels[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            share = format_share(count / self.total)
            told = tr(
                "Label {row:,}, {name}: {pictures}, {share} of all",
                row=index.row(),
                name=name,
                pictures=format_count(count, "picture"),
                share=share,
            )
            return plain_tip(told) if role == Qt.ItemDataRole.ToolTipRole else told
        return None


class _BarDelegate(QStyledItemDelegate):
    """Draws name, bar and count on one line."""

    def __init__(self, model: _LabelModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.name_px = 0
        self.count_px = 0

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the same size for all labels."""
        return QSize(160, option.fontMetrics.height() + Space.S)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one label."""
        name, count = self._model.labels[index.row()]
        line = option.rect.adjusted(Space.S, 0, -Space.S, 0)
        name_px = min(self.name_px, int(line.width() * LARGEST_NAME_SHARE))
        painter.setPen(option.palette.text().color())
        shown = option.fontMetrics.elidedText(name, Qt.TextElideMode.ElideMiddle, name_px)
        painter.drawText(
            QRect(line.left(), line.top(), name_px, line.height()),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            shown,
        )
        painter.setPen(theme.soft_text(option.palette))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, _figure(count))
        room = line.adjusted(name_px + Space.M, 0, -self.count_px - Space.M, 0)
        self._paint_bar(painter, QRectF(room), count, option)

    def _paint_bar(self, painter: QPainter, room: QRectF, count: int, option: QStyleOptionViewItem) -> None:
        bar = room.adjusted(0, Space.XS + 1, 0, -Space.XS - 1)
        bar.setWidth(max(1.0 if count else 0.0, bar.width() * count / self._model.largest))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(theme.colour(Role.ACCENT, option.palette), option.palette.base().color(), 0.15))
        painter.drawRoundedRect(bar, 2, 2)
        painter.restore()


class LabelBars(Plotted):
    """A list of labels, each with a bar in proportion to the largest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _LabelModel(self)
        self._view = QListView(self)
        self._delegate = _BarDelegate(self._model, self._view)
        self._view.setObjectName("labelBars")
        self.setAccessibleName(tr("Pictures per label"))
        self.setAccessibleDescription(tr("A bar for each label, in proportion to the largest."))
        self._view.setAccessibleName(tr("Labels"))
        self._view.setUniformItemSizes(True)
        self._view.setSelectionMode(QListView.SelectionMode.NoSelection)
        self._view.setItemDelegate(self._delegate)
        self._view.setModel(self._model)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self.setFocusProxy(self._view)

    @property
    def needed_px(self) -> int:
        """Width at which every name is shown in full beside its bar; 0 without labels."""
        if not self._model.labels:
            return 0
        bar_px = self._view.verticalScrollBar().sizeHint().width()
        return int(self._delegate.name_px / LARGEST_NAME_SHARE) + bar_px + 2 * Space.S

    def sheet(self) -> Sheet | None:
        """Return the pictures of each label."""

        def row(place: int) -> tuple[str, ...]:
            name, count = self._model.labels[place]
            return name, _figure(count), tr(format_share(count / self._model.total))

        return Sheet(
            self.accessibleName(), (tr("Label"), tr("Pictures"), tr("Share")), len(self._model.labels), row
        )

    def set_counts(self, counts: dict[str, int]) -> None:
        """Show the number of samples of each label in the order of `counts`; hide the list if it is empty."""
        measure = self.fontMetrics().horizontalAdvance
        # A little extra, since widths are rounded and a name that just fits must not be elided.
        self._delegate.name_px = max(map(measure, counts), default=0) + Space.XS
        self._delegate.count_px = measure(_figure(max((*counts.values(), 0))))
        self._model.set_counts(counts)
        self._view.setVisible(bool(counts))


def _figure(count: int) -> str:
    return tr("{count:,}", count=count)
