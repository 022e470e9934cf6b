"""Moving the target of the size plot, and the frame around sizes, by keys."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from stackgui.core.base.size import MAX_SIDE_PX
from stackgui.core.catalog.selection import SizeRange
from stackgui.core.catalog.statistics import SizeCounts

LARGE_STEP_PX = 16
"""Step while Shift is held."""

MOST_STEPS = 48
"""Places at which an edge of the frame stops on its way; of more sides than that, some are passed over."""

STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Down: (-1, 0),
    Qt.Key.Key_Up: (1, 0),
}
"""Directions of height and width, as the lines move in the plot."""

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def moved(target: tuple[int, int] | None, event: QKeyEvent) -> tuple[int, int] | None:
    """Return the height and width to which an arrow key moves `target`; None for other keys."""
    step = STEPS.get(Qt.Key(event.key()))
    if target is None or step is None:
        return None
    pace = LARGE_STEP_PX if event.modifiers() & SHIFT else 1
    height, width = (
        min(max(1, side + pace * way), MAX_SIDE_PX) for side, way in zip(target, step, strict=True)
    )
    return height, width


def framed(frame: SizeRange | None, sizes: SizeCounts, event: QKeyEvent) -> SizeRange | None:
    """Return the frame after an arrow key with Ctrl; None for other keys.

    The key moves the right or the upper edge to the next side that a picture has, with Shift the left or the
    lower edge. Without a frame, it begins with one around everything.
    """
    step = STEPS.get(Qt.Key(event.key()))
    if step is None or not event.modifiers() & CTRL or not len(sizes.count):
        return None
    frame = frame or around(sizes)
    (down, across), far = step, "least" if event.modifiers() & SHIFT else "most"
    name, sides = (f"{far}_width", sizes.width) if across else (f"{far}_height", sizes.height)
    changed = dataclasses.replace(frame, **{name: _next(sides, getattr(frame, name), across or down)})
    is_empty = changed.least_width > changed.most_width or changed.least_height > changed.most_height
    return frame if is_empty else changed


def around(sizes: SizeCounts) -> SizeRange:
    """Return the frame around all of `sizes`."""
    height, width = sizes.height, sizes.width
    return SizeRange(int(height.min()), int(height.max()), int(width.min()), int(width.max()))


def _next(sides: NDArray[np.int32], side: int, way: int) -> int:
    """Return the place after or before `side` at which an edge stops."""
    places = np.unique(sides)
    if len(places) > MOST_STEPS:
        places = places[np.linspace(0, len(places) - 1, MOST_STEPS).round().astype(np.intp)]
    found = places[places > side][:1] if way > 0 else places[places < side][-1:]
    return int(found[0]) if len(found) else side
