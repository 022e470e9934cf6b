"""Plain fields for choices: name, sentence and limits come from the table of choices."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from stackgui.core.base.choice_table import Declared, Spelling, choices_of
from stackgui.core.base.choices import Choice
from stackgui.core.base.errors import UsageError
from stackgui.core.base.kinds import Flag, Number, OneOf, Whole
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.boxes import CheckBox
from stackgui.gui.widgets.drop_down import DropDown
from stackgui.gui.widgets.parts import WidgetT, named, set_quietly

MAX_NUMBER = 1e9
MAX_WHOLE = 2**31 - 1
"""Qt counts in 32 bits."""

Words = Mapping[Any, str]
"""The values of a choice, in the order in which they are offered, in plain words; or the least number.

The field says them in the window's language."""


def told(widget: WidgetT, name: str, table: type[Any], choice: str) -> WidgetT:
    """Give a widget its object name, and the caption and the sentence of a choice of `table`."""
    declared = choices_of(table)[choice]
    return named(widget, name, tr(declared.caption), tr(declared.about))


class ChoiceField:
    """A field for one choice.

    Attributes
    ----------
    widget : QWidget
    """

    widget: QWidget

    @abstractmethod
    def show(self, value: Any) -> None:  # noqa: ANN401 - any choice
        """Show `value` without telling anybody."""


class _OneOf(ChoiceField):
    def __init__(self, kind: OneOf[Any], words: Words, tell: Callable[[Any], None]) -> None:
        # A value that nobody has put into words yet is offered all the same.
        self._words = {**words, **{value: value.value for value in kind.names if value not in words}}
        self._box = self.widget = DropDown()
        # A long entry must not widen the column.
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(12)
        self._box.addItems([tr(each) for each in self._words.values()])
        # Not kept in the box: Qt would give back plain text for what is text and more.
        self._box.activated.connect(lambda place: tell(list(self._words)[place]))

    def show(self, value: Choice) -> None:
        self._box.setCurrentIndex(list(self._words).index(value))


class _Typed(ChoiceField):
    def __init__(self, declared: Declared, tell: Callable[[Any], None]) -> None:
        self._kind, self._tell, self._value = declared.kind, tell, declared.default
        self._line = self.widget = QLineEdit()
        self._line.setAcceptDrops(False)  # a dropped folder is one to be added, wherever it is dropped
        self._line.editingFinished.connect(self._read)

    def show(self, value: object) -> None:
        self._value = value
        self._line.setText(self._kind.typed(value))

    def _read(self) -> None:
        try:
            value = self._kind.parse(self._line.text().strip())
        except UsageError:
            self.show(self._value)
            return
        if value != self._value:
            self._tell(value)


class _Decimals(QDoubleSpinBox):
    """Shows no more decimals than a number has."""

    def textFromValue(self, value: float) -> str:
        """Return the number as people write it, such as 0 or 0.5."""
        text, point = super().textFromValue(value), self.locale().decimalPoint()
        return text.rstrip("0").removesuffix(point) if point in text else text


class _Number(ChoiceField):
    def __init__(
        self, kind: Number | Whole, words: Words, tell: Callable[[Any], None], unit: str = ""
    ) -> None:
        self._box: QSpinBox | QDoubleSpinBox
        if isinstance(kind, Whole):
            self._box = QSpinBox()
            self._box.setRange(kind.least, min(kind.most, MAX_WHOLE))
            self._box.setSpecialValueText(tr(words.get(kind.least, "")))
        else:
            self._box = _Decimals()
            self._box.setRange(-MAX_NUMBER, MAX_NUMBER)
            self._box.setDecimals(3)
        self._box.setSuffix(unit)
        self._box.setKeyboardTracking(False)
        self._box.valueChanged.connect(tell)
        self.widget = self._box

    def show(self, value: float) -> None:
        set_quietly(self._box, value)


class _Flag(ChoiceField):
    def __init__(self, tell: Callable[[Any], None]) -> None:
        self._box = self.widget = CheckBox()
        # Qt leaves out what a slot seems not to take, and cannot see it of every callable.
        self._box.clicked.connect(lambda on: tell(on))  # noqa: PLW0108

    def show(self, value: bool) -> None:
        self._box.setChecked(value)


def field_for(declared: Declared, name: str, words: Words, tell: Callable[[Any], None]) -> ChoiceField:
    """A field that calls `tell` with what the person chose.

    Parameters
    ----------
    declared
    name
        The object name of its widget.
    words
        For one of a few values: these in plain words. For a whole number: the least, if it is special.
    tell
    """
    made: ChoiceField
    match declared.kind:
        case OneOf():
            made = _OneOf(declared.kind, words, tell)
        case Number() | Whole():
            is_px = any(isinstance(each, Spelling) and each.values == "PX" for each in declared.spellings)
            made = _Number(declared.kind, words, tell, tr(" px") if is_px else "")
        case Flag():
            made = _Flag(tell)
        case _:
            made = _Typed(declared, tell)
    named(made.widget, name, tr(declared.caption), tr(declared.about))
    return made
