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
    Channels,
    Decode,
    Icc,
    LabelForm,
    LabelSeparator,
    Layout,
    NonFinite,
    Numbers,
    OnError,
    Reduce,
    Resample,
    Scale,
    Storage,
)
from stackgui.core.base.wording import say
from stackgui.core.options.options import Options
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.plan.label_choice import LabelChoice
from stackgui.gui.texts.label_texts import FORMS
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.choice_fields import ChoiceField, Words, field_for
from stackgui.gui.widgets.parts import choices_form
from stackgui.gui.widgets.theme import Space

DRAWN_ELSEWHERE = frozenset({
    "size", "fit", "anchor", "buckets", "multiple", "smallest_px", "shrink", "exclude", "first",
    "labels", "classes", "split", "shuffle", "seed",
})  # fmt: skip
"""Options that other parts of the window show in their own way; all the others are plain fields here."""

WORDS: Mapping[str, Words] = {
    "channels": {
        Channels.RGB: say("colour (red, green, blue)"),
        Channels.GREY: say("grey"),
        Channels.RGBA: say("colour with transparency"),
        Channels.INDEX: say("palette indices (label pictures)"),
        Channels.AUTO: say("automatic: the smallest that loses nothing"),
    },
    "dtype": {
        Numbers.AUTO: say("automatic: the smallest that loses nothing"),
        Numbers.UINT8: say("uint8: 0 to 255"),
        Numbers.UINT16: say("uint16: 0 to 65,535"),
        Numbers.FLOAT32: "float32",
        Numbers.FLOAT16: say("float16: half the size"),
    },
    "scale": {
        Scale.UNIT: say("0 to 1"),
        Scale.SIGNED: say("−1 to 1"),
        Scale.BYTES: say("0 to 255"),
        Scale.IMAGENET: say("ImageNet’s mean and standard deviation"),
        Scale.MEASURED: say("these pictures’ own mean and standard deviation"),
        Scale.NONE: say("unchanged"),
    },
    "reduce": {
        Reduce.FULL_RANGE: say("full range of the file’s number type"),
        Reduce.FILE_DEPTH: say("the bits that the file says it uses"),
        Reduce.MIN_MAX: say("smallest to largest value found"),
        Reduce.NONE: say("keep the numbers unchanged"),
    },
    "non_finite": {
        NonFinite.KEEP: say("keep (NaN, infinite)"),
        NonFinite.ZERO: say("set to zero"),
        NonFinite.ERROR: say("refuse the picture"),
    },
    "alpha": {
        Alpha.DROP: say("remove it"),
        Alpha.COMPOSE: say("put the background colour behind it"),
    },
    "icc": {
        Icc.KEEP: say("ignore it: the numbers stay unchanged"),
        Icc.SRGB: say("convert to sRGB"),
    },
    "layout": {
        Layout.NHWC: say("NHWC: colours last"),
        Layout.NCHW: say("NCHW: colours first"),
    },
    "resample": {
        Resample.BILINEAR: say("bilinear"),
        Resample.NEAREST: say("nearest: no blending"),
        Resample.BICUBIC: say("bicubic"),
        Resample.LANCZOS: say("Lanczos: sharpest"),
        Resample.AREA: say("area: average"),
    },
    "decode": {
        Decode.EXACT: say("exact"),
        Decode.DRAFT: say("draft: faster, slightly different"),
    },
    "label_form": FORMS,
    "label_separator": {
        LabelSeparator.AUTO: say("automatic: what the labels show"),
        LabelSeparator.NONE: say("nothing: each text is one label"),
        LabelSeparator.SEMICOLON: say("semicolons"),
        LabelSeparator.BAR: say("vertical bars"),
        LabelSeparator.COMMA: say("commas"),
        LabelSeparator.BLANK: say("blanks"),
    },
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
        self._options, self._run = screen.options, screen.run
        for name, field in self._of_the_stack.items():
            field.show(getattr(self._options, name))
        for name, field in self._of_the_run.items():
            field.show(getattr(self._run, name))
        self.labels.present(screen)
        self._of_the_stack["background"].widget.setEnabled(self._options.alpha is Alpha.COMPOSE)
        self._of_the_stack["label_separator"].widget.setEnabled(self._options.label_form is LabelForm.MANY)
        floats = screen.plan is not None and screen.plan.dtype.startswith("float")
        floats = floats or self._options.dtype in {Numbers.FLOAT32, Numbers.FLOAT16}
        # A scale that is without an effect is warned of, and has to be there to be taken back.
        self._of_the_stack["scale"].widget.setEnabled(floats or self._options.scale is not Scale.UNIT)

    def _tell_option(self, name: str, value: Any) -> None:  # noqa: ANN401 - any choice
        self.options_changed.emit(replace(self._options, **{name: value}))

    def _tell_run(self, name: str, value: Any) -> None:  # noqa: ANN401 - any choice
        self.run_changed.emit(replace(self._run, **{name: value}))
