"""Content that scrolls where the window is too small for it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QLayout, QScrollArea, QSizePolicy, QWidget

from stackgui.gui.widgets.parts import column

LEAST_HIGH_PX = 80
WIDEST_LEAST_PX = 390
"""Content that needs more scrolls sideways as well, so that three of these fit side by side in any font."""


class _Content(QWidget):
    """Takes as little height as it can, where Qt would give it the height that it likes best."""

    def heightForWidth(self, width: int) -> int:
        """Return the least height at `width`."""
        layout = self.layout()
        return layout.minimumHeightForWidth(width) if layout is not None else -1


class Scrolled(QScrollArea):
    """Shows `content` in full height where there is room, and lets it scroll where there is none.

    It is as wide as the content needs, unless large letters leave too little for what lies beside it.
    """

    def __init__(self, content: QLayout, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = _Content()
        self._told_px = QSize()
        self._content.setLayout(content)
        self.setWidget(self._content)

    @property
    def needed_px(self) -> int:
        """Width at which nothing scrolls sideways."""
        return self._content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()

    def minimumSizeHint(self) -> QSize:
        """Return the width that the content needs, within limits, and a small height."""
        high_px = min(self._content.minimumSizeHint().height(), LEAST_HIGH_PX)
        return QSize(min(self.needed_px, WIDEST_LEAST_PX), high_px)

    def sizeHint(self) -> QSize:
        """Return the size at which nothing scrolls."""
        return self._content.sizeHint().expandedTo(self.minimumSizeHint())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what has the keyboard in sight when something beside it comes or goes."""
        super().resizeEvent(event)
        now: QWidget | None = QApplication.focusWidget()
        if now is not None and self._content.isAncestorOf(now):
            self.ensureWidgetVisible(now)

    def event(self, event: QEvent) -> bool:
        """Tell the layout around it when the content needs another width, which seldom is so."""
        if (
            event.type() is QEvent.Type.LayoutRequest
            and (needed_px := self.minimumSizeHint()) != self._told_px
        ):
            self._told_px = needed_px
            self.updateGeometry()
        return super().event(event)


def scroll_up_to(top: QWidget, bottom: QWidget) -> None:
    """Scroll what both are in so far down that `bottom` can be seen, but not so far that `top` cannot."""
    parent: QWidget | None = top.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    if parent is None:
        return
    content, bar = parent.widget(), parent.verticalScrollBar()
    assert content is not None
    end_px = bottom.mapTo(content, QPoint(0, bottom.height())).y()
    begin_px = top.mapTo(content, QPoint(0, 0)).y()
    bar.setValue(min(max(bar.value(), end_px - parent.viewport().height()), begin_px))


def scroll_within(page: QWidget) -> None:
    """Let what is laid out in `page` scroll inside of it."""
    layout = page.layout()
    if layout is None:
        return
    area = Scrolled(layout)
    area.setObjectName(f"{page.objectName()}.scroll")
    area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    column(page).addWidget(area)
