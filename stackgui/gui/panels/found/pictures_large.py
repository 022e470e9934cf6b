"""One picture of the tab Pictures, as large as there is room, with the ones before and after it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from stackgui.gui.control.sample_previews import LargePicture
from stackgui.gui.texts import picture_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import images
from stackgui.gui.widgets.overlay import mask_image
from stackgui.gui.widgets.parts import Words, button, column, line, named, tool
from stackgui.gui.widgets.theme import SoftLabel, Space
from stackgui.gui.widgets.zoom_view import ZoomView, zoom_tools


class LargePage(QWidget):
    """A picture that can be zoomed, or why it cannot be shown.

    Signals
    -------
    stepped(int)
        1 for the next picture, -1 for the one before.
    left()
        Go back to all pictures.
    delete_wanted()
    """

    stepped = Signal(int)
    left = Signal()
    delete_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("large")
        self._sample = -1
        self._own_width = 0
        self._back = button("large.back", tr("Back"), "pictures", tr("Goes back to all pictures (Esc)."))
        self._before = tool(
            "large.before", tr("Picture before"), "chevron-left", tr("Shows the one before (←).")
        )
        self._next = tool("large.next", tr("Next picture"), "chevron-right", tr("Shows the next one (→)."))
        self._place = SoftLabel()
        self._place.setObjectName("large.place")
        self._place.setWordWrap(False)
        self._scale = QLabel()
        self._scale.setObjectName("large.scale")
        self.view = named(ZoomView(), "large.view", tr("Picture"), "")
        self._reason = Words("large.reason")
        self._reason.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._reason)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = line(spacing=Space.XS)
        for widget in (self._back, self._before, self._next, self._place):
            head.addWidget(widget)
        head.addStretch(1)
        for each in (self._scale, *zoom_tools(self.view, "large")):
            head.addWidget(each)
        layout = column(self, spacing=Space.XS)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        self._back.clicked.connect(self.left)
        self._before.clicked.connect(lambda: self.stepped.emit(-1))
        self._next.clicked.connect(lambda: self.stepped.emit(1))
        self.view.zoomed.connect(lambda scale: self._scale.setText(picture_texts.zoom(scale)))
        self.view.stepped.connect(self.stepped)
        self.view.left.connect(self.left)
        self.view.delete_wanted.connect(self.delete_wanted)

    def begin(self, sample: int, own_width: int, position: int, count: int) -> None:
        """Make room for `sample`, of `own_width` pixels, which is the picture at `position` of `count`."""
        self._place.setText(picture_texts.place(position, count))
        self._before.setEnabled(position > 0)
        self._next.setEnabled(position < count - 1)
        if sample != self._sample:
            self._sample, self._own_width = sample, own_width
            self._scale.clear()
            self.view.set_picture(None)
            self._stack.setCurrentWidget(self.view)

    def end(self) -> None:
        """Let go of the picture."""
        self._sample = -1
        self.view.set_picture(None)

    def show_large(self, picture: LargePicture) -> None:
        """Show the picture, or why there is none, if it is the one that is wanted."""
        if picture.sample != self._sample:
            return
        if picture.reason:
            self._reason.setText(picture_texts.unreadable(picture.reason))
            self._stack.setCurrentWidget(self._reason)
            self._scale.clear()
            return
        self._stack.setCurrentWidget(self.view)
        own_px = self._own_width / picture.pixels.shape[1]
        mask = None if picture.mask is None else mask_image(picture.mask)
        self.view.set_picture(images.to_qimage(picture.pixels), own_px, picture.marks, mask)
