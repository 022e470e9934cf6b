"""Moving the target of the size plot by keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from stackgui.core.base.size import MAX_SIDE_PX

LARGE_STEP_PX = 16
"""Step while Shift is held."""

STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Down: (-1, 0),
    Qt.Key.Key_Up: (1, 0),
}
"""Directions of height and width, as the lines move in the plot."""


def moved(target: tuple[int, int] | None, event: QKeyEvent) -> tuple[int, int] | None:
    """Return the height and width to which an arrow key moves `target`; None for other keys."""
    step = STEPS.get(Qt.Key(event.key()))
    if target is None or step is None:
        return None
    pace = LARGE_STEP_PX if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
    height, width = (
        min(max(1, side + pace * way), MAX_SIDE_PX) for side, way in zip(target, step, strict=True)
    )
    return height, width
