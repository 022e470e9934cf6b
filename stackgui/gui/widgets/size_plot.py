"""Width × height of every sample, with the target size as two lines that can be dragged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stackgui.core.statistics import SizeCounts
from stackgui.core.units import format_count
from stackgui.gui import theme
from stackgui.gui.theme import Space

if TYPE_CHECKING:
    from stackgui.gui.widgets.size_canvas import SizeCanvas

HINT = "Drag a line to change the size. Turn the wheel to look closer; double-click to see all."


class SizePlot(QWidget):
    """A density of all sizes, histograms of widths and heights, and the target.

    pyqtgraph is imported when the first sizes come: the window is there sooner.

    Signals
    -------
    target_dragged(int, int)
        Height and width in pixels, while the person drags.
    """

    target_dragged = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas: SizeCanvas | None = None
        self._target: tuple[int, int] | None = None
        self.setObjectName("sizePlot")
        self.setAccessibleName("Widths and heights of all pictures")
        self._readout = theme.SoftLabel(parent=self)
        self._readout.setObjectName("sizePlot.readout")
        self._readout.setWordWrap(False)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(Space.XS)
        self._layout.addStretch(1)
        self._layout.addWidget(self._readout)

    def set_sizes(self, sizes: SizeCounts) -> None:
        """Show `sizes`."""
        if self._canvas is None:
            self._canvas = self._make_canvas()
        self._canvas.set_sizes(sizes, self._target)
        distinct, samples = len(sizes.count), int(sizes.count.sum())
        self.setAccessibleDescription(
            f"{format_count(samples, 'picture')} of {format_count(distinct, 'size')}"
        )
        self._readout.setText(HINT)

    def set_target(self, target: tuple[int, int] | None) -> None:
        """Show the target's height and width in pixels, or none."""
        self._target = target
        if self._canvas is not None:
            self._canvas.set_target(target)

    def clear(self) -> None:
        """Show nothing."""
        if self._canvas is not None:
            self._layout.removeWidget(self._canvas)
            self._canvas.deleteLater()
            self._canvas = None
        self._readout.clear()

    def _make_canvas(self) -> SizeCanvas:
        from stackgui.gui.widgets.size_canvas import SizeCanvas  # noqa: PLC0415 - imports pyqtgraph: half a second

        canvas = SizeCanvas(self)
        canvas.target_dragged.connect(self._on_dragged)
        canvas.pointed_at.connect(self._on_pointed_at)
        self._layout.insertWidget(0, canvas, 1000)
        return canvas

    def _on_dragged(self, height: int, width: int) -> None:
        self._target = (height, width)
        self.target_dragged.emit(height, width)

    def _on_pointed_at(self, height: int, width: int, count: int) -> None:
        """Say what is under the pointer; a count of 0 stands for nothing."""
        found = f"{format_count(count, 'picture')} {height:,} pixels high and {width:,} wide."
        self._readout.setText(found if count else HINT)
