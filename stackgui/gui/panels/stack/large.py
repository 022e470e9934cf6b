"""One row of a stack, as large as there is room."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from stackgui.core.viewing.class_colours import is_unknown
from stackgui.core.viewing.look import Seen
from stackgui.gui.texts import picture_texts, stack_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.stored import tr_stored
from stackgui.gui.widgets import images, theme
from stackgui.gui.widgets.one_line import OneLine
from stackgui.gui.widgets.overlay import mask_image
from stackgui.gui.widgets.parts import Words, button, column, line, named, tool
from stackgui.gui.widgets.theme import SoftLabel, Space
from stackgui.gui.widgets.zoom_view import ZoomView, zoom_tools

PLAY_MS = 400
MOST_FIT = 12.0
"""Rows of thumbnails are small, and nobody looks at them in their own size."""


class LargeRowPage(QWidget):
    """A row that can be zoomed, with the values under the pointer, and those before and after it.

    Signals
    -------
    stepped(int)
        1 for the next row, -1 for the one before.
    left()
        Go back to the grid.
    """

    stepped = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stack.large")
        self.seen: Seen | None = None
        self._masks: dict[int, str] = {}
        self._row = -1
        self._back = button(
            "stack.large.back", tr("All rows"), "pictures", tr("Goes back to the grid (Esc).")
        )
        self._before = tool(
            "stack.large.before", tr("Row before"), "chevron-left", tr("Shows the one before (←).")
        )
        self._next = tool("stack.large.next", tr("Next row"), "chevron-right", tr("Shows the next one (→)."))
        self.play = tool("stack.large.play", tr("Play"), "play", tr("Shows one row after the other."))
        self.play.setCheckable(True)
        self._timer = QTimer(self, interval=PLAY_MS)
        self._place = SoftLabel()
        self._place.setWordWrap(False)
        self._scale = QLabel()
        self.view = named(ZoomView(), "stack.large.view", tr("Row"), "")
        self.view.most_fit = MOST_FIT
        self._reason = Words("stack.large.reason")
        self._reason.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._values = OneLine()
        self._values.setObjectName("stack.large.values")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._reason)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = line(spacing=Space.XS)
        for widget in (self._back, self._before, self._next, self.play, self._place):
            head.addWidget(widget)
        head.addStretch(1)
        for each in (self._scale, *zoom_tools(self.view, "stack.large")):
            head.addWidget(each)
        layout = column(self, spacing=Space.XS)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._values)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        self._back.clicked.connect(self.left)
        self._before.clicked.connect(lambda: self.stepped.emit(-1))
        self._next.clicked.connect(lambda: self.stepped.emit(1))
        self.play.toggled.connect(self._play)
        self._timer.timeout.connect(self._play_on)
        self.view.zoomed.connect(lambda scale: self._scale.setText(picture_texts.zoom(scale)))
        self.view.pointed.connect(self._tell_values)
        self.view.stepped.connect(self.stepped)
        self.view.left.connect(self.left)

    def use_masks(self, classes: dict[int, str]) -> None:
        """Tell the names of the classes of masks by number."""
        self._masks = classes

    def begin(self, row: int, position: int, count: int) -> None:
        """Wait for `row`, which is at `position` of `count`; what is shown stays until it comes."""
        self._row = row
        self._place.setText(picture_texts.place(position, count))
        self._before.setEnabled(position > 0)
        self._next.setEnabled(position < count - 1)
        if position >= count - 1:
            self.play.setChecked(False)

    def end(self) -> None:
        """Let go of the row."""
        self.play.setChecked(False)
        self._row = -1
        self.seen = None
        self.view.set_picture(None)

    def show_seen(self, seen: Seen) -> None:
        """Show a row, if it is the one that is wanted."""
        large = seen.large
        facts, step = large.facts, large.step
        if facts.row != self._row:
            return
        self.seen = seen
        self._stack.setCurrentWidget(self.view)
        top, left, height, width = (side / step for side in facts.placement)
        mask = None if large.mask is None else mask_image(_inside(large.mask, facts.placement, step))
        self.view.set_picture(
            images.to_qimage(seen.picture), float(step), large.marks, mask,
            kept=QRectF(left, top, width, height), stay=True,
        )  # fmt: skip
        name = tr("Row {row:,}", row=facts.row)
        self.view.setAccessibleName(name)
        self._values.setText(tr("Empty: {reason}", reason=tr_stored(facts.reason)) if facts.reason else "")

    def show_unseen(self, row: int, text: str) -> None:
        """Say why a row cannot be shown."""
        if row == self._row:
            self.seen = None
            self._reason.setText(tr(text))
            self._stack.setCurrentWidget(self._reason)

    @property
    def waits(self) -> bool:
        """Whether the row that is wanted is still to come."""
        return self._row >= 0 and (self.seen is None or self.seen.large.facts.row != self._row)

    def _play(self, wanted: bool) -> None:
        self.play.setIcon(theme.icon("pause" if wanted else "play"))
        if wanted:
            self._timer.start()
        else:
            self._timer.stop()

    def _play_on(self) -> None:
        # A slow disk decides the pace: nothing is left out.
        if not self.waits or self._stack.currentWidget() is self._reason:
            self.stepped.emit(1)

    def _tell_values(self, x: int, y: int) -> None:
        seen = self.seen
        if seen is None or x < 0:
            self._values.setText("")
            return
        large = seen.large
        label = ""
        if large.mask is not None:
            number = int(large.mask[y, x])
            label = self._masks.get(number, str(number))
        if not _is_picture(large.facts.placement, x * large.step, y * large.step):
            label = tr("padding")
        self._values.setText(stack_texts.values(large.pixels, x, y, large.step, label))


def _is_picture(placement: tuple[int, int, int, int], x: int, y: int) -> bool:
    top, left, height, width = placement
    return left <= x < left + width and top <= y < top + height


def _inside(
    mask: NDArray[np.integer], placement: tuple[int, int, int, int], step: int
) -> NDArray[np.integer]:
    """Return a mask without what it says of padding, which is hatched already; blank for none."""
    top, left, height, width = (-(-side // step) for side in placement)
    inside, part = np.zeros_like(mask), mask[top : top + height, left : left + width]
    if not is_unknown(part):
        inside[top : top + height, left : left + width] = part
    return inside
