"""Where a window opens: always on a screen that is there, and never larger than the screen."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRect, QSize, QTimer
from PySide6.QtGui import QGuiApplication, QScreen, QWindow
from PySide6.QtWidgets import QStyle, QWidget

FRAMED_AFTER_MS = 200
"""Delay after which a window manager has usually framed a new window."""

LOOKS = 10
"""How often a new window is looked at before it counts as one that gets no frame."""


def fitted(window: QRect, frame: QMargins, available: QRect) -> QRect:
    """Move and shrink `window` as little as possible, so that it lies in `available` with its frame.

    Parameters
    ----------
    window
        Without its frame.
    frame
        What the window manager draws around it.
    available
        The screen without task bars.
    """
    room = available.marginsRemoved(frame)
    size = window.size().boundedTo(room.size()).expandedTo(QSize(1, 1))
    x = max(room.left(), min(window.x(), room.left() + room.width() - size.width()))
    y = max(room.top(), min(window.y(), room.top() + room.height() - size.height()))
    return QRect(x, y, size.width(), size.height())


def keep_on_screen(window: QWidget) -> None:
    """Let `window` lie on the screen that shows most of its middle, or on its own."""
    if window.isMaximized() or window.isFullScreen():
        return
    now = window.geometry()
    # Nothing is there where the window was left on a screen that has gone.
    screen: QScreen | None = QGuiApplication.screenAt(now.center())
    screen = screen if screen is not None else window.screen()
    wanted = fitted(now, frame_of(window), screen.availableGeometry())
    if wanted != now:
        window.setGeometry(wanted)


def keep_new_on_screen(window: QWidget) -> None:
    """Let `window`, which is being shown, lie on a screen, and look again as soon as its frame is known."""
    keep_on_screen(window)
    keep_framed_on_screen(window, LOOKS)


def keep_framed_on_screen(window: QWidget, looks: int) -> None:
    """Look again at `window` in a moment, up to `looks` times as long as it has no frame."""

    def look() -> None:
        keep_on_screen(window)
        if looks > 1 and frame_of(window).isNull():
            keep_framed_on_screen(window, looks - 1)

    QTimer.singleShot(FRAMED_AFTER_MS, window, look)


def frame_of(window: QWidget) -> QMargins:
    """Return the frame around `window`; what is usual for one that no window manager has framed yet."""
    handle: QWindow | None = window.windowHandle()
    known = handle.frameMargins() if handle is not None else QMargins()
    if not known.isNull() or window.isVisible():
        return known
    style = window.style()
    title_px = style.pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight, None, window)
    edge_px = style.pixelMetric(QStyle.PixelMetric.PM_MdiSubWindowFrameWidth, None, window)
    return QMargins(edge_px, title_px + edge_px, edge_px, edge_px)
