"""The choices that few people need: colours, numbers, layout, and the options of the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from stackgui.core.base.choice_table import Declared, Group, choices_of
from stackgui.core.base.choices import (
    Alpha,
    LabelForm,
    Numbers,
    OnError,
    Resizer,
    Scale,
    Storage,
)
from stackgui.core.base.resizers import SIMD_FILTERS, has_simd
from stackgui.core.base.wording import say
from stackgui.core.options.option_words import OPTION_WORDS
from stackgui.core.options.options import Options
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.plan.label_choice import LabelChoice
from stackgui.gui.texts.bucket_texts import NO_PAGE, NOT_THERE
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.choice_fields import ChoiceField, Words, field_for
from stackgui.gui.widgets.parts import choices_form
from stackgui.gui.widgets.theme import Space

DRAWN_ELSEWHERE = frozenset({
    "size", "fit", "anchor", "buckets", "multiple", "smallest_px", "shrink", "exclude", "first",
    "labels", "classes", "split", "group_by", "stratify", "shuffle", "seed",
})  # fmt: skip
"""Options that other parts of the window show in their own way; all the others are plain fields here."""

WORDS: Mapping[str, Words] = {
    **OPTION_WORDS,
    "storage": {
        Storage.AUTO: say("automatic"),
        Storage.MEMORY: say("in memory, then saved"),
        Storage.FILE: say("in a file"),
    },
    "on_error": {
        OnError.BLANK: say("leave its place empty and go on"),
        OnError.STOP: say("stop"),
    },
}
"""The values of choices in plain words, by the name of the choice."""

OF_THE_STACK = {
    name: each
    for name, each in choices_of(Options).items()
    if name not in DRAWN_ELSEWHERE and each.group not in {Group.ANNOTATIONS, Group.MASKS}
}
OF_THE_RUN = {name: each for name, each in choices_of(RunOptions).items() if not each.is_passing}


class DetailsForm(QWidget):
    """A field for each of these choices.

    Signals
    -------
    options_changed(Options)
    run_changed(RunOptions)

    Attributes
    ----------
    labels : LabelChoice
    """

    options_changed = Signal(Options)
    run_changed = Signal(RunOptions)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plan.details")
        self._screen: Screen | None = None
        self._options = Options()
        self._run = RunOptions("")
        self._form = choices_form(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(Space.S)
        self.labels = LabelChoice(self._form, self)
        self.labels.options_changed.connect(self.options_changed)
        self._of_the_stack = {
            name: self._add(name, each, partial(self._tell_option, name))
            for name, each in OF_THE_STACK.items()
        }
        self._of_the_run = {
            name: self._add(name, each, partial(self._tell_run, name)) for name, each in OF_THE_RUN.items()
        }

    def _add(self, name: str, declared: Declared, tell: Callable[[Any], None]) -> ChoiceField:
        field = field_for(declared, f"plan.{name}", WORDS.get(name, {}), tell)
        self._form.addRow(tr(declared.caption), field.widget)
        return field

    def present(self, screen: Screen) -> None:
        """Show the choices of `screen`."""
        before, self._screen = self._screen, screen
        self._options, self._run = screen.options, screen.run
        if before is not None and screen.went_on_from(before) == "size":
            self.labels.present(screen)
            return
        for name, field in self._of_the_stack.items():
            field.show(getattr(self._options, name))
        for name, field in self._of_the_run.items():
            field.show(getattr(self._run, name))
        self.labels.present(screen)
        self._present_place(is_bucket=screen.goes_to_bucket)
        self._of_the_stack["background"].widget.setEnabled(self._options.alpha is Alpha.COMPOSE)
        self._of_the_stack["label_separator"].widget.setEnabled(self._options.label_form is LabelForm.MANY)
        # Only some filters leave a choice, and only where the library is; what is refused can be taken back.
        self._of_the_stack["resizer"].widget.setEnabled(
            self._options.resample in SIMD_FILTERS and (has_simd() or self._options.resizer is Resizer.SIMD)
        )
        floats = screen.plan is not None and screen.plan.dtype.startswith("float")
        floats = floats or self._options.dtype in {Numbers.FLOAT32, Numbers.FLOAT16}
        # A scale that is without an effect is warned of, and has to be there to be taken back.
        self._of_the_stack["scale"].widget.setEnabled(floats or self._options.scale is not Scale.UNIT)

    def _present_place(self, *, is_bucket: bool) -> None:
        """Lock what makes no difference in a bucket, and say so; what is refused there can be taken back."""
        for name, table, fields, why in (
            ("container", Options, self._of_the_stack, NOT_THERE),
            ("storage", RunOptions, self._of_the_run, NOT_THERE),
            ("report", RunOptions, self._of_the_run, NO_PAGE),
        ):
            widget = fields[name].widget
            widget.setEnabled(not is_bucket or (name == "report" and self._run.report))
            widget.setToolTip(tr(why if is_bucket else choices_of(table)[name].about))

    def _tell_option(self, name: str, value: Any) -> None:  # noqa: ANN401 - any choice
        self.options_changed.emit(replace(self._options, **{name: value}))

    def _tell_run(self, name: str, value: Any) -> None:  # noqa: ANN401 - any choice
        self.run_changed.emit(replace(self._run, **{name: value}))
