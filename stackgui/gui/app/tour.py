"""The tour of the window: four steps, each a card that points at a place; all else stays usable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from shiboken6 import isValid

from stackgui.gui.control.screen import Screen
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import eye_order, theme
from stackgui.gui.widgets.parts import Words, button, column, line
from stackgui.gui.widgets.theme import Role, SoftLabel, Space

CARD_PX = 340
FRAME_PX = 3
AROUND_PX = Space.XS + FRAME_PX
GAP_PX = Space.M


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the tour.

    Attributes
    ----------
    place : QWidget
        What it points at.
    title, text : str
    is_done : callable
        Whether the person has done what it speaks of, so that the tour goes on by itself.
    """

    place: QWidget
    title: str
    text: str
    is_done: Callable[[Screen], bool]


class Tour(QWidget):
    """The card of one step after the other, over the window.

    Parameters
    ----------
    window
    steps
    otherwise
        What is pointed at while the place of a step is hidden.

    Signals
    -------
    ended()
        The last step was read, or the tour was skipped.
    """

    ended = Signal()

    def __init__(self, window: QMainWindow, steps: Sequence[Step], otherwise: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("tour")
        self._window = window
        self._steps = steps
        self._otherwise = otherwise
        self._at = 0
        self._screen: Screen | None = None
        self._was_done = False
        self._before: QWidget | None = None
        self._frame = _Frame(window)
        self._count = SoftLabel()
        self._title = Words("tour.title", bold=True)
        self._text = Words("tour.text")
        self._skip = button(
            "tour.skip",
            tr("Skip the tour"),
            "close",
            tr("Closes the tour; the menu Help shows it again (Esc)."),
        )
        self._back = button("tour.back", tr("Back"), "chevron-left", tr("Goes back to the step before."))
        self._next = button("tour.next", tr("Next"), "chevron-right", tr("Goes on to the next step."))
        self._lay_out()
        # The words of some languages need more.
        self.setFixedWidth(max(CARD_PX, self._layout.minimumSize().width()))
        self._skip.clicked.connect(self.end)
        self._back.clicked.connect(lambda: self._go(self._at - 1))
        self._next.clicked.connect(lambda: self._go(self._at + 1))
        self.hide()
        # No argument: see `FocusRings`.
        qt = QApplication.instance()
        assert isinstance(qt, QApplication)
        qt.focusChanged.connect(self._make_way)

    def _lay_out(self) -> None:
        self._layout = layout = column(self, margin=Space.L)
        for words in (self._count, self._title, self._text):
            layout.addWidget(words)
        buttons = line()
        buttons.addWidget(self._skip)
        buttons.addStretch(1)
        buttons.addWidget(self._back)
        buttons.addWidget(self._next)
        layout.addLayout(buttons)

    def begin(self) -> None:
        """Show the first step."""
        self._window.installEventFilter(self)
        self._before = self._window.focusWidget()
        self._go(0)
        self._next.setFocus(Qt.FocusReason.OtherFocusReason)

    def follow(self, screen: Screen) -> None:
        """Go on when what the step speaks of has been done since it was shown."""
        self._screen = screen
        is_done = self._steps[self._at].is_done(screen)
        if self.isVisible() and is_done and not self._was_done:
            self._go(self._at + 1)
        else:
            self._was_done = is_done

    def end(self) -> None:
        """Close the tour."""
        self._window.removeEventFilter(self)
        self._hand_keyboard_back()
        self._frame.hide()
        self.hide()
        self.ended.emit()

    def _hand_keyboard_back(self) -> None:
        """Give the keyboard to what had it before the tour, or else to what is read first."""
        if not self.isAncestorOf(self._window.focusWidget()):
            return
        before = [self._before] if self._before is not None and isValid(self._before) else []
        for each in (*before, *eye_order.stops(self._window)):
            if each.isVisible() and each.isEnabled() and not self.isAncestorOf(each):
                each.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _go(self, at: int) -> None:
        if at >= len(self._steps):
            self.end()
            return
        self._at = at
        step, is_last = self._steps[at], at == len(self._steps) - 1
        self._was_done = self._screen is not None and step.is_done(self._screen)
        count = tr("Step {number} of {steps}", number=at + 1, steps=len(self._steps))
        self._count.setText(count)
        self._title.setText(step.title)
        self._text.setText(step.text)
        self.setAccessibleName(count)
        # Whoever hears the window has the keyboard on this button.
        self._next.setAccessibleDescription(f"{step.title}. {step.text}")
        self._next.setText(tr("Done") if is_last else tr("Next"))
        self._next.setIcon(theme.icon("check" if is_last else "chevron-right"))
        self._next.setAccessibleName(self._next.text())
        self._skip.setVisible(not is_last)
        self._back.setEnabled(at > 0)
        if not self._back.isEnabled() or not self._skip.isVisible():
            self._next.setFocus(Qt.FocusReason.OtherFocusReason)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay beside the place when the window changes."""
        if watched is self._window and event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self._place()
        return super().eventFilter(watched, event)

    def _make_way(self) -> None:
        """Lie beside what has the keyboard too, or else nobody would see it."""
        if self.isVisible():
            self._place()

    def _having_keys(self) -> QRect:
        """Return the place of what has the keyboard in the window; empty if that is the card itself."""
        now: QWidget | None = self._window.focusWidget()
        if now is None or now is self._window or self.isAncestorOf(now):
            return QRect()
        return QRect(now.mapTo(self._window, QPoint(0, 0)), now.size())

    def _place(self) -> None:
        place = self._steps[self._at].place
        place = place if place.isVisible() else self._otherwise
        area = QRect(place.mapTo(self._window, QPoint(0, 0)), place.size())
        room = self._window.rect()
        size = QSize(self.width(), self._layout.totalHeightForWidth(self.width()))
        self.setGeometry(beside(area.intersected(room), size, room, self._having_keys()))
        around = area.adjusted(-AROUND_PX, -AROUND_PX, AROUND_PX, AROUND_PX)
        below_menus = room.adjusted(0, self._window.menuBar().height(), 0, 0)
        self._frame.setGeometry(around.intersected(below_menus))
        self._come_to_front()

    def _come_to_front(self) -> None:
        """Lie in front of the window; not again while nothing has come in between.

        Whatever is raised is painted anew with all that lies below it, which is most of the window here.
        """
        lower, upper = self._frame, self
        beside: list[QObject] = self._window.children()
        if lower.isHidden() or upper.isHidden() or beside.index(lower) > beside.index(upper):
            lower.show()
            lower.raise_()
            upper.show()
            upper.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card in front of everything."""
        painter, palette = QPainter(self), self.palette()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), palette.window())
        painter.setPen(QPen(theme.colour(Role.ACCENT, palette), 1))
        painter.setBrush(palette.base())
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), Space.XS, Space.XS)
        painter.end()


class _Frame(QWidget):
    """A frame around the place of a step; lets every click through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("tour.frame")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(Role.ACCENT, self.palette()), FRAME_PX))
        inside = QRectF(self.rect()).adjusted(FRAME_PX / 2, FRAME_PX / 2, -FRAME_PX / 2, -FRAME_PX / 2)
        painter.drawRoundedRect(inside, Space.XS, Space.XS)
        painter.end()


def beside(area: QRect, size: QSize, room: QRect, kept: QRect) -> QRect:
    """Return where a card of `size` lies: off `kept` and beside `area` where `room` allows it."""
    middle = area.center() - QPoint(size.width() // 2, size.height() // 2)
    left, right = area.left() - GAP_PX - size.width(), area.right() + GAP_PX
    above, below = area.top() - GAP_PX - size.height(), area.bottom() + GAP_PX

    def at(x: int, y: int) -> QRect:
        return _held(QRect(QPoint(x, y), size), room)

    sides = (at(right, middle.y()), at(left, middle.y()), at(middle.x(), above), at(middle.x(), below))
    wanted = [each for each in sides if not each.intersects(area)]
    wanted += [at(middle.x(), middle.y()), *(at(x, y) for x in (room.right(), 0) for y in (room.bottom(), 0))]
    return next((each for each in wanted if not each.intersects(kept)), wanted[0])


def _held(card: QRect, room: QRect) -> QRect:
    """Return `card`, moved into `room` as far as it fits."""
    x = max(room.left(), min(card.x(), room.right() + 1 - card.width()))
    y = max(room.top(), min(card.y(), room.bottom() + 1 - card.height()))
    return QRect(QPoint(x, y), card.size())
