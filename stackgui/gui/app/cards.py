"""The cards at the bottom of the window: closing them, and where the keyboard goes when they come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QWidget

from stackgui.gui.widgets.eye_order import stops

Close = Callable[[], object]


class Cards:
    """Closes cards, and gives the keyboard on from what is hidden or locked.

    Qt would give it to the next field in the order of Tab, which is mostly the one for the destination: who
    then presses a key changes the name of the stack. Here it goes to a button nearby.

    Parameters
    ----------
    window
    cards
        From top to bottom.
    closed_by
        What closes those that can be closed.
    others
        Where the keyboard goes when no card is visible, in this order.
    """

    def __init__(
        self,
        window: QMainWindow,
        cards: Sequence[QWidget],
        closed_by: Mapping[QWidget, Close],
        others: Sequence[QWidget],
    ) -> None:
        self._window = window
        self._cards = cards
        self._closed_by = closed_by
        self._others = others
        self._gone: QWidget | None = None
        self._held = False

    def add(self, card: QWidget, close: Close) -> None:
        """Let `card` be closed before the others."""
        self._closed_by = {card: close, **self._closed_by}

    def close_one(self) -> None:
        """Close the card on top, if any."""
        for card, close in self._closed_by.items():
            if card.isVisible():
                close()
                return

    def hold(self) -> None:
        """Choose nothing yet: many parts of the window are about to change."""
        self._held = True

    def let_go(self) -> None:
        """Choose now where the keyboard goes, if what had it has gone meanwhile."""
        self._held = False
        self._settle()

    def takes(self, gone: QWidget | None) -> bool:
        """Take the keyboard from `gone` if that is hidden or locked; else return False."""
        if gone is None or (gone.isVisible() and gone.isEnabled()):
            return False
        self._gone = gone
        self._window.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self._held:
            self._settle()
        return True

    def _settle(self) -> None:
        gone, self._gone = self._gone, None
        if gone is None or self._window.focusWidget() not in {None, self._window}:
            return
        if (found := next(self._candidates(gone), None)) is not None:
            found.setFocus(Qt.FocusReason.OtherFocusReason)

    def _candidates(self, gone: QWidget) -> Iterator[QWidget]:
        around = gone.parentWidget()
        if around is None or any(each.parentWidget() is around for each in self._others):
            around = None  # the main button goes away because a card comes
        while around is not None and around not in (self._window.centralWidget(), self._window):
            yield from _buttons_after(gone, around)
            around = around.parentWidget()
        for card in self._cards:
            yield from _buttons_after(card, card)
        yield from (each for each in self._others if _can_have_keys(each))
        if (beside := gone.parentWidget()) is not None:
            yield from _buttons_after(gone, beside)
        yield from (each for each in stops(self._window) if _can_have_keys(each))


def _buttons_after(widget: QWidget, inside: QWidget) -> Iterator[QWidget]:
    """Yield the usable buttons inside a widget, beginning after `widget`, in the order they were made.

    `nextInFocusChain` would give the order of Tab, but makes each widget the keeper of the next in Python, so
    that the end of one invalidates all that follow.
    """
    buttons = inside.findChildren(QAbstractButton)
    after = buttons.index(widget) + 1 if isinstance(widget, QAbstractButton) and widget in buttons else 0
    yield from filter(_can_have_keys, (*buttons[after:], *buttons[: max(after - 1, 0)]))


def _can_have_keys(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
