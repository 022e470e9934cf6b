"""The choice of which frames or pages become rows if files hold several."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox, QWidget

from stackgui.core.base.wording import say
from stackgui.core.catalog.frames import ALL, CHANNELS, FIRST, MAX_FRAMES, Frames
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts import texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.choice_fields import told
from stackgui.gui.widgets.drop_down import DropDown
from stackgui.gui.widgets.parts import Words, choices_form, column, named, set_quietly

TAKEN = (say("the first of each"), say("all of them"), say("pages as channels"), say("one by its number"))
BY_NUMBER = 3
_WORDS = (FIRST, ALL, CHANNELS)


class FramesPart(QWidget):
    """Visible only if files hold several frames; every choice starts a new scan.

    Signals
    -------
    scan_changed(ScanOptions)
    """

    scan_changed = Signal(ScanOptions)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("frames")
        self._options = ScanOptions()
        self._found = Words("frames.found")
        self._taken = told(DropDown(), "frames.taken", ScanOptions, "frames")
        self._taken.addItems([tr(words) for words in TAKEN])
        self._number = named(
            QSpinBox(), "frames.number", tr("Number"), tr("Which frame or page of each, counted from 1.")
        )
        self._number.setRange(1, MAX_FRAMES)
        self._number.setKeyboardTracking(False)
        self._taken.activated.connect(self._tell_taken)
        self._number.valueChanged.connect(lambda number: self._tell(Frames(number)))
        self._form = choices_form()
        self._form.addRow(tr("Take"), self._taken)
        self._form.addRow(tr("Number"), self._number)
        layout = column(self)
        layout.addWidget(theme.rule())
        layout.addWidget(theme.heading(tr("Frames and pages")))
        layout.addWidget(self._found)
        layout.addLayout(self._form)
        self.hide()

    def present(self, screen: Screen) -> None:
        """Show the frames of `screen` and the choice made."""
        self.setEnabled(screen.scan is None)
        if screen.scan is not None:
            return  # what was there a moment ago is most likely there again
        self._options, frames = screen.scan_options, screen.scan_options.frames
        statistics = screen.statistics
        several = statistics.several_frames if statistics else 0
        self.setVisible(bool(several or (screen.sources and frames != FIRST)))
        self._found.setText(texts.frames(several, statistics.frames) if statistics and several else "")
        self._found.setVisible(bool(several))
        if frames in _WORDS:
            # The number 1 is the first, but whoever is choosing a number must be able to pass it.
            is_numbering = frames == FIRST and self._taken.currentIndex() == BY_NUMBER
            self._taken.setCurrentIndex(BY_NUMBER if is_numbering else _WORDS.index(frames))
        else:
            self._taken.setCurrentIndex(BY_NUMBER)
            set_quietly(self._number, frames.number)
        self._form.setRowVisible(self._number, self._taken.currentIndex() == BY_NUMBER)

    def _tell_taken(self, index: int) -> None:
        self._form.setRowVisible(self._number, index == BY_NUMBER)
        self._tell((*_WORDS, Frames(self._number.value()))[index])

    def _tell(self, frames: Frames) -> None:
        self.scan_changed.emit(replace(self._options, frames=frames))
