"""The tab Fits: all fits side by side, on representative pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QToolButton, QVBoxLayout, QWidget

from stackgui.core.base.choices import Fit
from stackgui.core.base.wording import say
from stackgui.core.catalog.selection import Selection
from stackgui.core.options.options import Options
from stackgui.core.plan.objects_taken import objects_taken, taken_without
from stackgui.core.plan.plan import Plan
from stackgui.gui.control.problems import failed_since, less_failed
from stackgui.gui.control.sample_previews import FitLook
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.outlook import Outlook
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.texts import texts
from stackgui.gui.texts.annotation_texts import fit_objects
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.parts import ToolButton, Words, column, line, named, scrolling
from stackgui.gui.widgets.theme import SoftLabel, Space

HINT = say(
    "The same pictures under every fit, as the run would make them. Padding is hatched; what gets cut off is "
    "dimmed, with a dashed edge."
)

BOXES_HINT = say("Boxes that would not get into the stack are dashed and crossed out.")

FIGURES = 3
"""Lines of figures that most fits have; they come later, and nothing moves then."""


class FitsPage(Tab):
    """A line for each fit: its button, its effect in figures, and the representative rows."""

    TITLE = say("Fits")
    ICON = "fit-letterbox"
    HELP = "sizes"
    IS_RARE = True
    TIP = say("What each fit would do to a few typical and extreme pictures.")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fits")
        self._options = Options()
        self._plan: Plan | None = None
        self._selection: Selection | None = None
        self._failed: NDArray[np.int64] = np.empty(0, np.int64)
        self._looks: dict[Fit, FitLook] = {}
        self._buttons: dict[Fit, QToolButton] = {}
        self._figures: dict[Fit, SoftLabel] = {}
        self._rows: dict[Fit, Outlook] = {}
        self._hint = Words("fits.hint")
        layout = column(self, margin=Space.M)
        layout.addWidget(self._hint)
        layout.addWidget(self._make_lines(), 1)

    def _make_lines(self) -> QScrollArea:
        inner = QWidget()
        lines = column(inner, spacing=Space.M)
        for fit in Fit:
            self._add(lines, fit)
        lines.addStretch(1)
        return scrolling("fits.list", tr("Fits"), inner)

    def _add(self, lines: QVBoxLayout, fit: Fit) -> None:
        label, tip = tr(fit.caption), tr(fit.about)
        choose = named(ToolButton(), f"fits.{fit.value}", label, tip)
        choose.setText(label)
        choose.setIcon(theme.icon(f"fit-{fit.value}"))
        choose.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        choose.setCheckable(True)
        choose.clicked.connect(lambda: self._choose(fit))
        figures = SoftLabel()
        figures.setObjectName(f"fits.{fit.value}.figures")
        shown = Outlook(f"fits.{fit.value}.rows", tr("What {label} does", label=label))
        head = line(spacing=Space.M)
        head.addWidget(choose, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(figures, 1)
        both = column(spacing=Space.XS)
        both.addLayout(head)
        both.addWidget(shown)
        lines.addLayout(both)
        self._buttons[fit], self._figures[fit], self._rows[fit] = choose, figures, shown
        self._show_figures(fit, [])

    def present(self, screen: Screen) -> None:
        """Show which fit is chosen; the pictures follow later."""
        self._options = screen.options
        has_boxes = screen.catalog is not None and screen.catalog.annotations is not None
        self._hint.setText(f"{tr(HINT)} {tr(BOXES_HINT)}" if has_boxes else tr(HINT))
        for fit, choose in self._buttons.items():
            choose.setChecked(fit is screen.options.fit)
        failed = failed_since(screen)
        if screen.plan is self._plan and screen.selection is self._selection:
            if not np.array_equal(failed, self._failed):
                self._failed = failed
                for look in self._looks.values():
                    self._show_effects(look)
            return
        self._plan, self._selection, self._failed = screen.plan, screen.selection, failed
        self._looks.clear()
        for fit in Fit:
            self._show_figures(fit, [])
            self._rows[fit].clear()

    def show_fit(self, look: FitLook) -> None:
        """Show the effect of one fit."""
        fit = look.plan.options.fit
        self._looks[fit] = look
        self._show_effects(look)
        self._rows[fit].set_thumbs(look.names, look.thumbs)

    def _show_effects(self, look: FitLook) -> None:
        """Say what a fit does to pictures and boxes, but for pictures that turned out to be unreadable."""
        plan = look.plan
        taken = objects_taken(plan)  # counted where the look was made
        boxes = (fit_objects(taken_without(plan, taken, self._failed)),) if taken else ()
        figures = texts.fit_figures(less_failed(plan, self._failed))
        self._show_figures(plan.options.fit, [*figures, *boxes])

    def _show_figures(self, fit: Fit, lines: Sequence[str]) -> None:
        """Show figures in at least as many lines as most fits have; a fixed height would cut off more."""
        self._figures[fit].setText("\n".join((*lines, *[""] * (FIGURES - len(lines)))))

    def _choose(self, fit: Fit) -> None:
        # The screen decides which button is pressed, and it may change only later.
        self._buttons[fit].setChecked(fit is self._options.fit)
        self.options_changed.emit(replace(self._options, fit=fit))
