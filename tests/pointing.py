"""A mouse; Qt's own test functions move it with no button pressed."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from stackgui.gui.widgets.size_plot import SizePlot

MOVE_MS = 15
"""Between two movements: pyqtgraph looks at no more than a hundred a second."""

MOVE, PRESS, RELEASE = (
    QMouseEvent.Type.MouseMove, QMouseEvent.Type.MouseButtonPress, QMouseEvent.Type.MouseButtonRelease,
)  # fmt: skip


def send(widget: QWidget, kind: QMouseEvent.Type, at: QPointF, *, held: bool) -> None:
    """Move the mouse to a place in `widget`, or press or let go its left button there."""
    button = Qt.MouseButton.NoButton if kind is MOVE else Qt.MouseButton.LeftButton
    buttons = Qt.MouseButton.LeftButton if held else Qt.MouseButton.NoButton
    where = widget.mapToGlobal(at)
    QApplication.sendEvent(
        widget, QMouseEvent(kind, at, where, button, buttons, Qt.KeyboardModifier.NoModifier)
    )


def viewport(plot: SizePlot) -> QWidget:
    """What of a plot takes the mouse."""
    return plot._canvas._graphics.viewport()


def place_of(plot: SizePlot, height: float, width: float) -> QPointF:
    """Where a size is drawn, in the coordinates of the viewport."""
    canvas = plot._canvas
    scene = canvas._plot.vb.mapViewToScene(QPointF(width, height))
    return QPointF(canvas._graphics.mapFromScene(scene))
