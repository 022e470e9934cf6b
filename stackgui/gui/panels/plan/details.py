"""The choices that few people need: colours, numbers, layout, and how the run goes about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QWidget

from stackgui.core.base.choices import (
    Alpha,
    Channels,
    Choice,
    Decode,
    Icc,
    Layout,
    NonFinite,
    Numbers,
    OnError,
    Reduce,
    Resample,
    Scale,
    Storage,
)
from stackgui.core.base.colour import Colour
from stackgui.core.base.errors import UsageError
from stackgui.core.options.options import Options
from stackgui.core.run.run import RunOptions
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.plan.label_choice import LabelChoice
from stackgui.gui.widgets.parts import choices_form, named, set_quietly
from stackgui.gui.widgets.theme import Space

FILL_LIMIT = 1e9


class Row(NamedTuple):
    """One choice: the option's name, its label, a sentence, and its values in plain words."""

    field: str
    label: str
    tip: str
    values: tuple[tuple[Choice, str], ...]


OF_THE_STACK = (
    Row("channels", "Colours", "What each pixel is made of. Colour takes three times as much room as grey.", (
        (Channels.RGB, "colour (red, green, blue)"),
        (Channels.GREY, "grey"),
        (Channels.RGBA, "colour with transparency"),
        (Channels.INDEX, "palette indices (label pictures)"),
        (Channels.AUTO, "the least that loses nothing"),
    )),
    Row("dtype", "Numbers", "How a pixel is stored. float32 takes four times as much room as uint8.", (
        (Numbers.AUTO, "the least that loses nothing"),
        (Numbers.UINT8, "uint8: 0 to 255"),
        (Numbers.UINT16, "uint16: 0 to 65,535"),
        (Numbers.FLOAT32, "float32"),
        (Numbers.FLOAT16, "float16: half the room"),
    )),
    Row("scale", "Scale", "What the numbers of a picture become in an array of floats.", (
        (Scale.UNIT, "0 to 1"),
        (Scale.SIGNED, "−1 to 1"),
        (Scale.BYTES, "0 to 255"),
        (Scale.IMAGENET, "ImageNet's mean and deviation"),
        (Scale.MEASURED, "their own mean and deviation"),
        (Scale.NONE, "as they are"),
    )),
    Row("reduce", "Black and white", "What counts as black and white where numbers are scaled.", (
        (Reduce.FULL_RANGE, "all that the numbers can hold"),
        (Reduce.FILE_DEPTH, "the bits that the file uses"),
        (Reduce.MIN_MAX, "the least and most that occur"),
        (Reduce.NONE, "neither: keep numbers that fit"),
    )),
    Row("non_finite", "Not finite", "What becomes of values that are no number (NaN) or infinite.", (
        (NonFinite.KEEP, "kept"),
        (NonFinite.ZERO, "zero"),
        (NonFinite.ERROR, "the picture fails"),
    )),
    Row("alpha", "Transparency", "What becomes of transparency if the array has no channel for it.", (
        (Alpha.DROP, "dropped"),
        (Alpha.COMPOSE, "laid on a colour"),
    )),
    Row("icc", "Colour profile", "What becomes of colours other than sRGB, such as Adobe RGB.", (
        (Icc.KEEP, "ignored: numbers stay as they are"),
        (Icc.SRGB, "converted to sRGB"),
    )),
    Row("layout", "Layout", "The order of the array's axes; it changes no pixel and no size.", (
        (Layout.NHWC, "NHWC: colours last"),
        (Layout.NCHW, "NCHW: colours first"),
    )),
    Row("resample", "Scaling", "How pixels are mixed where a picture is made smaller or larger.", (
        (Resample.BILINEAR, "bilinear"),
        (Resample.NEAREST, "nearest: no mixing"),
        (Resample.BICUBIC, "bicubic"),
        (Resample.LANCZOS, "Lanczos: sharpest"),
        (Resample.AREA, "area: mean"),
    )),
    Row("decode", "Decoding", "A draft makes large JPEG smaller faster, and pixels differ a little.", (
        (Decode.EXACT, "exact"),
        (Decode.DRAFT, "draft: faster"),
    )),
)  # fmt: skip

OF_THE_RUN = (
    Row("storage", "Fill it", "Where the array is while it grows. In a file it may be larger than memory.", (
        (Storage.AUTO, "automatic"),
        (Storage.MEMORY, "in memory, then save"),
        (Storage.FILE, "in a file"),
    )),
    Row("on_error", "If one fails", "What a picture that cannot be read means for the others.", (
        (OnError.BLANK, "leave its row blank, go on"),
        (OnError.STOP, "stop"),
    )),
)  # fmt: skip


class DetailsForm(QWidget):
    """A field for each of these choices.

    Signals
    -------
    options_changed(Options)
    run_changed(Storage, OnError)

    Attributes
    ----------
    labels : LabelChoice
    """

    options_changed = Signal(Options)
    run_changed = Signal(Storage, OnError)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plan.details")
        self._options = Options()
        self._run = RunOptions("")
        self._boxes: dict[str, QComboBox] = {}
        self._form = choices_form(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(Space.S)
        self.labels = LabelChoice(self._form, self)
        self.labels.options_changed.connect(self.options_changed)
        for row in OF_THE_STACK:
            self._add(row).activated.connect(lambda _, row=row: self._tell_option(row))
        self._background = self._add_background()
        self._fill = self._add_fill()
        for row in OF_THE_RUN:
            self._add(row).activated.connect(self._tell_run)

    def _add(self, row: Row) -> QComboBox:
        box = named(QComboBox(), f"plan.{row.field}", row.label, row.tip)
        # A long entry must not widen the column.
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        box.addItems([words for _, words in row.values])
        self._boxes[row.field] = box
        self._form.addRow(row.label, box)
        return box

    def _add_background(self) -> QLineEdit:
        tip = "The colour below transparent pixels, as #rrggbb: #ffffff is white, #000000 black."
        field = named(QLineEdit(), "plan.background", "Background", tip)
        field.setAcceptDrops(False)  # a dropped folder is one to be added, wherever it is dropped
        field.editingFinished.connect(self._tell_background)
        self._form.addRow("Background", field)
        return field

    def _add_fill(self) -> QDoubleSpinBox:
        box = named(
            QDoubleSpinBox(),
            "plan.fill",
            "Padding",
            "The number that padding and blank rows are filled with.",
        )
        box.setRange(-FILL_LIMIT, FILL_LIMIT)
        box.setDecimals(3)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda value: self.options_changed.emit(replace(self._options, fill=value)))
        self._form.addRow("Padding", box)
        return box

    def present(self, screen: Screen) -> None:
        """Show the choices of `screen`."""
        self._options, self._run = screen.options, screen.run
        for values, rows in ((self._options, OF_THE_STACK), (self._run, OF_THE_RUN)):
            for row in rows:
                listed, chosen = [value for value, _ in row.values], getattr(values, row.field)
                # What was chosen at the terminal need not be on the list.
                self._boxes[row.field].setPlaceholderText(str(chosen))
                self._boxes[row.field].setCurrentIndex(listed.index(chosen) if chosen in listed else -1)
        self.labels.present(screen)
        self._background.setText(str(self._options.background))
        self._background.setEnabled(self._options.alpha is Alpha.COMPOSE)
        set_quietly(self._fill, self._options.fill)
        floats = screen.plan is not None and screen.plan.dtype.startswith("float")
        floats = floats or self._options.dtype in {Numbers.FLOAT32, Numbers.FLOAT16}
        # A scale that is without an effect is warned of, and has to be there to be taken back.
        self._boxes["scale"].setEnabled(floats or self._options.scale is not Scale.UNIT)

    def _chosen(self, row: Row) -> Choice:
        # Not kept in the box: Qt would give back plain text for what is text and more.
        return row.values[self._boxes[row.field].currentIndex()][0]

    def _tell_option(self, row: Row) -> None:
        changes: dict[str, Any] = {row.field: self._chosen(row)}
        self.options_changed.emit(replace(self._options, **changes))

    def _tell_background(self) -> None:
        try:
            colour = Colour.parse(self._background.text().strip())
        except UsageError:
            self._background.setText(str(self._options.background))
            return
        if colour != self._options.background:
            self.options_changed.emit(replace(self._options, background=colour))

    def _tell_run(self) -> None:
        self.run_changed.emit(*(self._chosen(row) for row in OF_THE_RUN))
