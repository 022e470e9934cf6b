"""The plan panel at the right: size, fit and position of the rows, and further choices."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from stackgui.core.base.choices import Anchor, Fit
from stackgui.core.base.size import Size
from stackgui.core.base.wording import say
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.option_words import OPTION_WORDS
from stackgui.core.options.options import Options
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.control.counted import counted_objects
from stackgui.gui.control.problems import empty_places, without_failed
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.plan.details import DetailsForm
from stackgui.gui.panels.plan.presets import PresetButton
from stackgui.gui.panels.plan.size_choice import SizeChoice
from stackgui.gui.panels.plan.splits import SplitForm
from stackgui.gui.texts import texts
from stackgui.gui.texts.annotation_texts import boxes_line
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.choice_buttons import ChoiceButtons
from stackgui.gui.widgets.fold import FoldButton
from stackgui.gui.widgets.parts import Mark, Words, button, column, line, named
from stackgui.gui.widgets.steady import Steady
from stackgui.gui.widgets.theme import Role, Space

PLACES: tuple[tuple[Anchor, str, str], ...] = (
    (Anchor.TOP_LEFT, OPTION_WORDS["anchor"][Anchor.TOP_LEFT], say("Top left of its row.")),
    (Anchor.TOP_RIGHT, OPTION_WORDS["anchor"][Anchor.TOP_RIGHT], say("Top right of its row.")),
    (Anchor.CENTER, OPTION_WORDS["anchor"][Anchor.CENTER], say("Centre of its row.")),
    (Anchor.BOTTOM_LEFT, OPTION_WORDS["anchor"][Anchor.BOTTOM_LEFT], say("Bottom left of its row.")),
    (Anchor.BOTTOM_RIGHT, OPTION_WORDS["anchor"][Anchor.BOTTOM_RIGHT], say("Bottom right of its row.")),
)


class PlanPanel(QWidget):
    """Size, fit and position of the rows, and all other choices behind one button.

    Signals
    -------
    options_changed(Options)
    run_changed(RunOptions)
    scan_changed(ScanOptions)

    Attributes
    ----------
    labels : LabelChoice
    presets : PresetButton
    """

    HELP: ClassVar[str] = "sizes"

    options_changed = Signal(Options)
    run_changed = Signal(RunOptions)
    scan_changed = Signal(ScanOptions)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plan")
        self._options = Options()
        self.presets = PresetButton()
        self._undo, self._redo = QToolButton(), QToolButton()
        self._size = SizeChoice()
        self._fit = self._make_fit()
        self._anchor = self._make_anchor()
        self._mark = Mark("plan.mark")
        self._effects = Words("plan.effects")
        self._boxes = Words("plan.boxes")
        self._boxes.setMinimumWidth(1)
        self._boxes.hide()
        self._more = self._make_more()
        self._details = DetailsForm()
        self._splits = SplitForm()
        self._more.unfold([self._details, self._splits])
        self.labels = self._details.labels
        self._reset = button(
            "plan.reset",
            tr("Reset choices"),
            "undo",
            tr("Resets all choices to the ones that leave every picture unchanged."),
        )
        self._lay_out()
        self._connect()

    def _make_fit(self) -> ChoiceButtons:
        buttons = named(ChoiceButtons(), "plan.fit", tr("Fit"), "")
        buttons.set_choices([(fit.value, tr(fit.caption), f"fit-{fit.value}", tr(fit.about)) for fit in Fit])
        return buttons

    def _make_anchor(self) -> ChoiceButtons:
        buttons = named(ChoiceButtons(show_labels=False), "plan.anchor", tr("Place in the row"), "")
        buttons.set_choices(
            [(anchor.value, tr(label), f"anchor-{anchor.value}", tr(tip)) for anchor, label, tip in PLACES]
        )
        return buttons

    def _make_more(self) -> FoldButton:
        more = named(
            FoldButton(), "plan.more", tr("More choices: colours, numbers, layout"),
            tr("Opens the choices for colours, numbers, layout, labels, and how the array is filled."),
        )  # fmt: skip
        more.setText(tr("&More choices: colours, numbers, layout"))
        return more

    def _lay_out(self) -> None:
        layout = column(self, spacing=Space.S)
        head = line(spacing=Space.XS)
        head.addWidget(theme.heading(tr("Plan")), 1)
        for widget in (self._undo, self._redo, self._reset):
            head.addWidget(widget)
        layout.addLayout(head)
        layout.addWidget(self.presets)
        layout.addWidget(self._size)
        layout.addWidget(self._fit)
        place = line(spacing=Space.M)
        place.addWidget(QLabel(tr("Place in the row")))
        place.addWidget(self._anchor)
        place.addStretch(1)
        layout.addLayout(place)
        effects = line()
        effects.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        told = Steady(self._effects)
        # A long name in it must not push the column wider than the window has room for.
        told.setMinimumWidth(1)
        effects.addWidget(told, 1, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(effects)
        layout.addWidget(self._boxes)
        layout.addWidget(self._more)
        layout.addWidget(self._details)
        layout.addWidget(self._splits)

    def _connect(self) -> None:
        self._size.changed.connect(self._tell_size)
        self._fit.changed.connect(lambda value: self._tell(fit=Fit(value)))
        self._anchor.changed.connect(lambda value: self._tell(anchor=Anchor(value)))
        self._details.options_changed.connect(self.options_changed)
        for chooses in (self.labels, self._splits):
            chooses.scan_changed.connect(self.scan_changed)
        self._splits.options_changed.connect(self.options_changed)
        self._splits.example_wanted.connect(self.labels.example_wanted)
        self._details.run_changed.connect(self.run_changed)
        self._reset.clicked.connect(lambda: self.options_changed.emit(Options()))

    @property
    def spare_px(self) -> int:
        """Width beyond the least at which all fits stand on one line."""
        return max(0, self._fit.sizeHint().width() - self.minimumSizeHint().width())

    def show_history(self, undo: QAction, redo: QAction) -> None:
        """Offer the actions that undo and redo changes."""
        for button_, action in ((self._undo, undo), (self._redo, redo)):
            button_.setDefaultAction(action)
            button_.setAutoRaise(True)
            named(
                button_,
                f"plan.{action.objectName().removeprefix('action.')}",
                action.text(),
                action.toolTip(),
            )
            button_.setAccessibleName(action.text().replace("&", ""))
            button_.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def present(self, screen: Screen) -> None:
        """Show the choices of `screen` and their effect on the pictures."""
        self._options = screen.options
        self._size.present(screen)
        self._fit.set_value(screen.options.fit.value)
        self._anchor.set_value(screen.options.anchor.value)
        self._anchor.setEnabled(not screen.options.fit.fills_row)
        self._details.present(screen)
        self._splits.present(screen)
        self._reset.setEnabled(screen.options != Options())
        self._present_effects(screen)

    def _present_effects(self, screen: Screen) -> None:
        plan = without_failed(screen)
        told = texts.effects(plan, empty_places(screen)) if plan else ""
        text = tr(screen.plan_problem) or told
        self._effects.setText(text)
        self._present_boxes(screen)
        self._mark.setVisible(bool(text))
        if text:
            self._mark.set_role(Role.ERROR if screen.plan_problem else Role.INFO)

    def _present_boxes(self, screen: Screen) -> None:
        """Say what becomes of boxes; while they are counted, what became of them before."""
        catalog = screen.catalog
        self._boxes.setVisible(catalog is not None and catalog.annotations is not None)
        if (taken := counted_objects(screen)) is not None:
            self._boxes.setText(tr("{text}.", text=boxes_line(taken)))

    def open_details(self, opened: bool) -> None:
        """Show or hide the other choices."""
        self._more.setChecked(opened)

    def _tell_size(self, size: Size) -> None:
        self._tell(size=size)

    def _tell(self, **changes: Size | Fit | Anchor) -> None:
        self.options_changed.emit(replace(self._options, **changes))  # type: ignore[arg-type]
