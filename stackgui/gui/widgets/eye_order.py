"""The keyboard goes through a window in the order in which the eye does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QScrollArea, QWidget
from shiboken6 import isValid


def stops(container: QWidget) -> Iterator[QWidget]:
    """Yield all visible widgets inside `container` that Tab may stop at, locked ones too, line by line.

    Tables and lists are stops as a whole. Python must not get hold of what they are made of: the program
    ended when the window of such a table went.
    """
    for child in _read(container):
        if _takes_tab(child):
            yield child
        if isinstance(child, QScrollArea):
            if (inner := child.widget()) is not None and inner.isVisible():
                yield from stops(inner)
        elif not isinstance(child, QAbstractItemView):
            yield from stops(child)


def _read(container: QWidget) -> list[QWidget]:
    """Return the visible children in reading order."""
    found = container.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    shown = [child for child in found if child.isVisible() and not child.isWindow()]
    shown.sort(key=lambda child: child.geometry().center().y())
    mirrored = container.layoutDirection() is Qt.LayoutDirection.RightToLeft
    lines: list[list[QWidget]] = []
    line = QRect()
    for child in shown:
        middle = child.geometry().center().y()
        if not lines or not line.top() <= middle <= line.bottom():
            line = QRect()
            lines.append([])
        line = line.united(child.geometry())
        lines[-1].append(child)
    for each in lines:
        each.sort(key=lambda child: child.x(), reverse=mirrored)
    return [child for each in lines for child in each]


def _takes_tab(widget: QWidget) -> bool:
    everywhere = QGuiApplication.styleHints().tabFocusBehavior() is Qt.TabFocusBehavior.TabFocusAllControls
    wanted = Qt.FocusPolicy.TabFocus if everywhere else Qt.FocusPolicy.StrongFocus
    proxy: QWidget | None = widget.focusProxy()
    return (widget.focusPolicy() & wanted) == wanted and proxy is None


def go(window: QWidget, *, forward: bool) -> bool:
    """Move the focus in `window` to the next stop, or to the one before; return whether there is one."""
    now: QWidget | None = window.focusWidget()
    found = list(stops(window))
    start = _place_in(found, now, forward=forward)
    around = found[start:] + found[:start] if forward else found[:start][::-1] + found[start:][::-1]
    wanted = next((each for each in around if each.isEnabled() and each is not now), None)
    if wanted is None:
        return False
    window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    wanted.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    _bring_into_view(wanted)
    return True


def near(widget: QWidget | None, inside: QWidget) -> QWidget | None:
    """Return what can have the keyboard: `widget` or else the first stop around it, `inside` a widget."""
    around = widget if widget is not None and isValid(widget) else None
    while around is not None and around is not inside:
        if around.isVisible():
            own = [around] if _takes_tab(around) else []
            if found := next((each for each in (*own, *stops(around)) if each.isEnabled()), None):
                return found
        around = around.parentWidget()
    return None


def go_to_part(window: QWidget, parts: Sequence[QWidget], *, forward: bool) -> bool:
    """Move the focus to the next of the visible `parts` of `window`, or to the one before."""
    now: QWidget | None = window.focusWidget()
    usable = [next((each for each in stops(part) if each.isEnabled()), None) for part in parts]
    firsts = [(part, first) for part, first in zip(parts, usable, strict=True) if first is not None]
    if not firsts:
        return False
    inside = [now is not None and part.isAncestorOf(now) for part, _ in firsts]
    here = inside.index(True) if True in inside else None
    start = (-1 if forward else len(firsts)) if here is None else here
    wanted = firsts[(start + (1 if forward else -1)) % len(firsts)][1]
    wanted.setFocus(Qt.FocusReason.ShortcutFocusReason)
    _bring_into_view(wanted)
    return True


def _place_in(found: list[QWidget], now: QWidget | None, *, forward: bool) -> int:
    """Return how many of `found` come before the next stop, or up to and with the one before."""
    while now is not None and not now.isWindow():
        for place, each in enumerate(found):
            if each is now or now.isAncestorOf(each):
                return place + 1 if forward and each is now else place
        now = now.parentWidget()
    return 0 if forward else len(found)


def _bring_into_view(widget: QWidget) -> None:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()
