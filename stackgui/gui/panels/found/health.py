"""Findings about doubtful pictures, a line for each kind, with buttons to deal with them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from stackgui.core.advice.health import FENCE, Finding, HealthKind
from stackgui.core.base.units import format_count
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.catalog.selection import Selection
from stackgui.gui.control.screen import Health, Screen
from stackgui.gui.widgets.parts import Words, button, column, line, named

_FAR = (
    f"lies outside the middle half of all pictures by more than {FENCE:g} times the width of that half, "
    "or by anything at all if that half is all alike."
)

TIPS = {
    HealthKind.UNREADABLE: "Their rows stay blank, unless they are left out.",
    HealthKind.ODD_SIZE: f"√(width × height) {_FAR}",
    HealthKind.ODD_SHAPE: f"Width over height {_FAR}",
    HealthKind.TURNED: "They will be turned upright. Programs that ignore the mark show them on their side.",
    HealthKind.DAMAGED: "Their rows stay blank, unless they are left out.",
    HealthKind.DUPLICATE: "They have the same pixels under different names. The first of each is kept.",
    HealthKind.BLANK: "All their pixels are nearly the same.",
    HealthKind.DARK: "Nearly black all over.",
    HealthKind.LIGHT: "Nearly white all over.",
}
NOT_CHECKED = (
    "To find damaged files, exact copies, and pictures that are blank, very dark or very light, every "
    "picture has to be decoded."
)


class HealthLine(QWidget):
    """One finding, with buttons to view its pictures and to exclude or include them.

    Signals
    -------
    look_wanted(Selection)
    exclude_wanted(bool, Selection)
        Exclude them from the stack, or include them again.
    """

    look_wanted = Signal(object)
    exclude_wanted = Signal(bool, object)

    def __init__(self, kind: HealthKind) -> None:
        super().__init__()
        name = f"health.{kind.name.lower()}"
        self.setObjectName(name)
        self._finding: Finding | None = None
        self._left_out: SampleSet | None = None
        self._words = named(Words(f"{name}.words"), f"{name}.words", kind.value, TIPS[kind])
        self._look = button(f"{name}.look", "Look at them", "pictures", "Shows these pictures.")
        self._exclude = button(
            f"{name}.exclude",
            "Leave out",
            "minus",
            "Leaves these pictures out of the stack; their files stay as they are.",
        )
        self._include = button(
            f"{name}.include", "Take in", "plus", "Puts these pictures back into the stack."
        )
        layout = line(self)
        layout.addWidget(self._words, 1)
        for each in (self._look, self._exclude, self._include):
            layout.addWidget(each)
        self._look.clicked.connect(lambda: self.look_wanted.emit(self._selection()))
        self._exclude.clicked.connect(lambda: self.exclude_wanted.emit(True, self._selection()))
        self._include.clicked.connect(lambda: self.exclude_wanted.emit(False, self._selection()))

    def present(self, screen: Screen, finding: Finding | None) -> None:
        """Show `finding`, or nothing."""
        self.setVisible(finding is not None)
        left_out = screen.options.exclude
        if finding is None or (finding is self._finding and left_out is self._left_out):
            return
        self._finding, self._left_out = finding, left_out
        assert screen.catalog is not None
        excluded = int(np.count_nonzero(left_out.mask(screen.catalog)[finding.samples]))
        of_them = "" if excluded == len(finding.samples) else f"{excluded:,} "
        self._words.setText(f"{finding}; {of_them}left out." if excluded else f"{finding}.")
        self._exclude.setVisible(excluded < len(finding.samples))
        self._include.setVisible(excluded == len(finding.samples))

    def _selection(self) -> Selection | None:
        found = self._finding
        return Selection(f"that {found.said}", found.samples) if found else None


class HealthLines(QWidget):
    """A line for each kind of finding, and the button that checks all pictures.

    Signals
    -------
    look_wanted(Selection)
    exclude_wanted(bool, Selection)
    check_wanted()
        Decode all pictures.
    stop_wanted()
    """

    look_wanted = Signal(object)
    exclude_wanted = Signal(bool, object)
    check_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("health")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._lines = {kind: HealthLine(kind) for kind in HealthKind}
        self._state = Words("health.state")
        self._bar = named(QProgressBar(), "health.bar", "Pictures checked", "How many are checked.")
        self._bar.setTextVisible(False)
        self._check = button(
            "health.check", "Chec&k the pictures", "report",
            "Decodes every picture, in the background, and changes nothing.",
        )  # fmt: skip
        self._stop = button("health.stop", "Stop checking", "stop", "Checks no more pictures.")
        layout = column(self)
        for each in self._lines.values():
            layout.addWidget(each)
            each.look_wanted.connect(self.look_wanted)
            each.exclude_wanted.connect(self.exclude_wanted)
        last = line()
        last.addWidget(self._state, 1)
        for widget in (self._bar, self._check, self._stop):
            last.addWidget(widget)
        layout.addLayout(last)
        self._check.clicked.connect(self.check_wanted)
        self._stop.clicked.connect(self.stop_wanted)

    def present(self, screen: Screen) -> None:
        """Show the findings of `screen`."""
        health = screen.health or Health()
        found = {finding.kind: finding for finding in health.findings}
        for kind, each in self._lines.items():
            each.present(screen, found.get(kind))
        progress = health.progress
        self._state.setText(_state(health))
        for widget in (self._bar, self._stop):
            widget.setVisible(progress is not None)
        if progress is not None:
            self._bar.setRange(0, max(1, progress.rows))
            self._bar.setValue(progress.rows_done)
        self._check.setVisible(progress is None)
        self._check.setEnabled(screen.plan is not None)


def _state(health: Health) -> str:
    if health.progress is not None:
        done, rows = health.progress.rows_done, health.progress.rows
        return f"{done:,} of {format_count(rows, 'picture')} checked."
    if health.problem:
        return f"The pictures could not be checked: {health.problem}"
    if health.by_pixels is None:
        return NOT_CHECKED
    return (
        "All pictures were checked." if health.by_pixels else "All pictures were checked; nothing was found."
    )
