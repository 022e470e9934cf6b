"""A picture that can be zoomed and moved."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsPixmapItem, QGraphicsScene, QGraphicsView, QToolButton, QWidget

from stackgui.core.plan.row_marks import RowMarks
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.claims import claims
from stackgui.gui.widgets.marks_item import MarksItem
from stackgui.gui.widgets.parts import tool

STEP = 1.25
MOST = 32.0
"""Screen pixels for each pixel of the picture."""

SHARP_FROM = 2.0
"""From this zoom on, single pixels are drawn as squares: that is what one zooms in for."""

NOTCH = 120
"""Qt's unit for one notch of a mouse wheel."""


_OPPOSITE: dict[int, int] = {Qt.Key.Key_Left: Qt.Key.Key_Right, Qt.Key.Key_Right: Qt.Key.Key_Left}


class ZoomView(QGraphicsView):
    """Shows a picture as large as fits until the person zooms.

    Signals
    -------
    zoomed(float)
        Screen pixels for each pixel of the picture.
    stepped(int)
        1 for the next picture, -1 for the one before.
    left()
        Go back.
    delete_wanted()
    pointed(int, int)
        Column and line of the image under the pointer; -1 for both outside of it.

    Attributes
    ----------
    most_fit : float
        How many times its own size a picture is shown at most until the person zooms.
    """

    zoomed = Signal(float)
    stepped = Signal(int)
    left = Signal()
    delete_wanted = Signal()
    pointed = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item = QGraphicsPixmapItem()
        scene = QGraphicsScene(self)
        scene.addItem(self._item)
        self._marks = MarksItem()
        scene.addItem(self._marks)
        self.setScene(scene)
        self.most_fit = 1.0
        self._fits = True
        self._own_px = 1.0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        # Dropped folders must reach the window, and a graphics view accepts every drop.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.viewport().setMouseTracking(True)
        self.viewport().setAccessibleName(tr("Picture"))

    def set_picture(
        self,
        image: QImage | None,
        own_px: float = 1.0,
        marks: RowMarks | None = None,
        mask: QImage | None = None,
        *,
        kept: QRectF | None = None,
        stay: bool = False,
    ) -> None:
        """Show `image` as large as fits.

        Parameters
        ----------
        image
            None for nothing.
        own_px
            How many pixels of the picture a pixel of `image` stands for, along each side.
        marks, mask
            Objects, and a mask, to draw over it.
        kept
            What of it is no padding; None for all.
        stay
            Keep zoom and place if the person has zoomed and the size is the same.
        """
        before = self._item.boundingRect()
        self._item.setPixmap(QPixmap() if image is None else QPixmap.fromImage(image))
        self._own_px = own_px
        self._marks.set_marks(marks, mask, QRectF(self._item.boundingRect()), kept)
        self.setSceneRect(QRectF(self._item.boundingRect()))
        if not stay or self._fits or before != self._item.boundingRect():
            self.fit()

    def fit(self) -> None:
        """Show the whole picture, but not larger than `most_fit` times its own size."""
        self._fits = True
        shown = self._item.boundingRect()
        if shown.isEmpty():
            return
        room = self.viewport().size()
        self._set(
            min(room.width() / shown.width(), room.height() / shown.height(), self._full() * self.most_fit)
        )

    def show_full(self) -> None:
        """Show each pixel of the picture as one of the screen."""
        self._fits = False
        self._set(self._full())

    def zoom(self, factor: float) -> None:
        """Show the picture so many times as large."""
        if not self._item.boundingRect().isEmpty():
            self._fits = False
            self._set(min(self.transform().m11() * factor, MOST * self._full()))

    def _full(self) -> float:
        return self._own_px / self.devicePixelRatioF()

    def _set(self, scale: float) -> None:
        change = max(scale, self._full() / 1000) / self.transform().m11()
        self.scale(change, change)
        per_pixel = self.transform().m11() / self._full()
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, per_pixel < SHARP_FROM)
        self._item.setTransformationMode(
            Qt.TransformationMode.SmoothTransformation
            if per_pixel < SHARP_FROM
            else Qt.TransformationMode.FastTransformation
        )
        self.zoomed.emit(per_pixel)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again, unless the person has zoomed."""
        super().resizeEvent(event)
        if self._fits:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer."""
        self.zoom(STEP ** (event.angleDelta().y() / NOTCH))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which pixel is under the pointer."""
        super().mouseMoveEvent(event)
        point = self.mapToScene(event.position().toPoint())
        inside = self._item.boundingRect().contains(point)
        self.pointed.emit(*((int(point.x()), int(point.y())) if inside else (-1, -1)))

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that no pixel is under the pointer."""
        super().leaveEvent(event)
        self.pointed.emit(-1, -1)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Change between the whole picture and its own size."""
        if self._fits:
            self.show_full()
        else:
            self.fit()
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Keep Esc from closing a card of the window."""
        return claims(event, Qt.Key.Key_Escape) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom, go to the picture beside this one, or back; the other arrow keys move the picture."""
        key = event.key()
        if self.isRightToLeft():  # the next picture is at the left
            key = _OPPOSITE.get(key, key)
        match key:
            case Qt.Key.Key_Left | Qt.Key.Key_PageUp | Qt.Key.Key_Backspace:
                self.stepped.emit(-1)
            case Qt.Key.Key_Right | Qt.Key.Key_PageDown | Qt.Key.Key_Space:
                self.stepped.emit(1)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(STEP)
            case Qt.Key.Key_Minus:
                self.zoom(1 / STEP)
            case Qt.Key.Key_0:
                self.fit()
            case Qt.Key.Key_1:
                self.show_full()
            case Qt.Key.Key_Escape | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.left.emit()
            case Qt.Key.Key_Delete:
                self.delete_wanted.emit()
            case _:
                super().keyPressEvent(event)


def zoom_tools(view: ZoomView, name: str) -> tuple[QToolButton, ...]:
    """Return the buttons that show the picture of `view` smaller, larger and whole."""
    smaller = tool(
        f"{name}.smaller", tr("Smaller"), "minus", tr("Shows the picture smaller (−, or the wheel).")
    )
    larger = tool(f"{name}.larger", tr("Larger"), "plus", tr("Shows the picture larger (+, or the wheel)."))
    whole = tool(f"{name}.fit", tr("Whole picture"), "fit-all", tr("Shows the whole picture (0)."))
    smaller.clicked.connect(lambda: view.zoom(1 / STEP))
    larger.clicked.connect(lambda: view.zoom(STEP))
    whole.clicked.connect(view.fit)
    return smaller, larger, whole
