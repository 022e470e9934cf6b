"""A frame around the control that has the keyboard, the same for every kind of control and every style."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen, QRegion, QWindow
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from stackgui.gui.widgets import theme
from stackgui.gui.widgets.message_bar import MessageBar

LINE_PX = 2
GAP_PX = 1
TEXT_FIELDS = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)
"""They show that they have the keyboard even after a click, since the next key goes into them."""

MARKED_ALREADY = (QMenu,)
MOVES = frozenset({
    QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange,
    QEvent.Type.LayoutRequest, QEvent.Type.EnabledChange, QEvent.Type.ZOrderChange,
})  # fmt: skip
KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride})
PRESSES = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.TabletPress})


class FocusRing(QWidget):
    """The frame in one window; lets every click through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("focusRing")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._followed: list[QWidget] = []
        self._messages: list[MessageBar] = []
        self._by_keyboard = False
        self.hide()

    def follow(self, widget: QWidget | None, *, by_keyboard: bool = False) -> None:
        """Frame `widget`, which is in this window; None takes the frame away.

        Unless the keyboard was used last, only text fields are framed.
        """
        self._by_keyboard = by_keyboard
        for each in self._followed:
            if isValid(each):
                each.removeEventFilter(self)
        self._followed = []
        while widget is not None:
            self._followed.append(widget)
            widget.installEventFilter(self)
            widget = None if widget.isWindow() else widget.parentWidget()
        self._messages = self._followed[-1].findChildren(MessageBar) if self._followed else []
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move along with what is framed."""
        moved = event.type() in MOVES or (self._followed and watched is self._followed[0])
        if moved and event.type() is not QEvent.Type.Paint:
            self._place()
        return False

    def _place(self) -> None:
        framed = self._framed()
        if framed.isEmpty():
            self.hide()
            return
        if framed != self.geometry():
            self.setGeometry(framed)
        if self.isHidden():
            self.show()
        self.raise_()

    def _framed(self) -> QRect:
        """Return the frame's place in the window; empty if nothing of it can be seen."""
        if not self._followed or not all(map(isValid, self._followed)) or not self._shows():
            return QRect()
        widget, window = self._followed[0], self._followed[-1]
        part = _part(widget)
        if part.isEmpty():
            return part
        margin = GAP_PX + LINE_PX
        place = QRect(widget.mapTo(window, part.topLeft()), part.size())
        place = place.adjusted(-margin, -margin, margin, margin)
        for each in self._followed[1:]:
            # What scrolls cuts off what lies beside it; other parents leave room.
            if isinstance(each.parentWidget(), QAbstractScrollArea) or each.isWindow():
                place &= QRect(each.mapTo(window, each.rect().topLeft()), each.size())
        return place

    def _shows(self) -> bool:
        widget = self._followed[0]
        typed_into = isinstance(widget, TEXT_FIELDS) or (
            isinstance(widget, QComboBox) and widget.isEditable()
        )
        has_keys = widget.isVisible() and widget.isEnabled() and widget.hasFocus()
        return has_keys and (self._by_keyboard or typed_into)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = LINE_PX / 2
        painter.setClipRegion(self._free())
        painter.setPen(QPen(theme.focus_colour(self.palette()), LINE_PX))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 4, 4)
        painter.end()

    def _free(self) -> QRegion:
        """Return where the frame may be drawn: not over a message that lies over what is framed.

        A message that comes or goes has its place painted anew, the frame included.
        """
        free = QRegion(self.rect())
        for message in self._messages:
            if isValid(message) and message.isVisible() and message not in self._followed:
                place = QRect(message.mapTo(self.window(), QPoint(0, 0)), message.size())
                free -= place.translated(-self.pos())
        return free


def _part(widget: QWidget) -> QRect:
    """Return the part of `widget` that the next key is for: a tab, the title of a menu, or all of it."""
    if isinstance(widget, QTabBar):
        return widget.tabRect(widget.currentIndex())
    if isinstance(widget, QMenuBar):
        # Of a menu that is open the style marks the title itself.
        title: QAction | None = widget.activeAction()
        is_open = QApplication.activePopupWidget() is not None
        return QRect() if title is None or is_open else widget.actionGeometry(title)
    return widget.rect()


class FocusRings(QObject):
    """Keeps a frame around the control that has the keyboard, in whichever window it is.

    The frame shows from the start and whenever a key was used last, whatever moved the keyboard: Tab, an
    access key, a window that opened or one that closed. After a click it shows in text fields only.
    """

    def __init__(self, qt: QApplication) -> None:
        super().__init__(qt)
        self._ring: FocusRing | None = None
        self._watched: QWidget | None = None
        self._by_keyboard = True
        # Qt tells of widgets that are being destroyed too, and handing one of these to Python aborts the
        # program. So this slot takes none of the signal's arguments.
        qt.focusChanged.connect(self.follow)

    def follow(self) -> None:
        """Move the frame to what has the keyboard now."""
        now = QApplication.focusWidget()
        ring = None
        if now is not None and not isinstance(now, MARKED_ALREADY):
            ring = now.window().findChild(FocusRing) or FocusRing(now.window())
        if self._ring is not None and self._ring is not ring and isValid(self._ring):
            self._ring.follow(None)
        self._ring = ring
        self._watch(now)
        if ring is not None:
            ring.follow(now, by_keyboard=self._by_keyboard)

    def _watch(self, now: QWidget | None) -> None:
        """Watch which keys `now` gets, and the clicks anywhere in its window."""
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = now
        if now is None:
            return
        now.installEventFilter(self)
        handle: QWindow | None = now.window().windowHandle()
        # Not kept, since it comes and goes with its dialog; Python may even know it as one that has gone.
        if handle is not None and isValid(handle):
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note whether a key or the mouse was used last."""
        is_key = event.type() in KEYS and not isinstance(watched, QWindow)
        if (is_key or event.type() in PRESSES) and is_key != self._by_keyboard:
            self._by_keyboard = is_key
            self.follow()
        return False


def show_focus(qt: QApplication) -> None:
    """Frame what has the keyboard in all windows of `qt`, now and later."""
    if qt.findChild(FocusRings) is None:
        FocusRings(qt)
