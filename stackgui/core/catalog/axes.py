"""What the axes of a tensor mean: told from its shape by rules that can be shown, or chosen."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from stackgui.core.base.choices import TensorLayout
from stackgui.core.base.errors import SampleError
from stackgui.core.base.units import format_count

MAX_COLOUR_CHANNELS = 4
"""An axis of at most this length at one end of a shape counts channels."""

COLOURS = 3
"""Red, green and blue."""

MAX_FEW_CHANNELS = 16
"""One of at most this length is taken for channels before samples."""

MAX_CHANNELS = 1024
"""No sensor has more: a longer axis counts no channels."""

MAX_RATIO = 100
"""No picture of which another reading is possible is so many times as long as it is short."""

UNCERTAIN = "?"
"""Behind the name of axes that a shape also allows to be read in another way."""


class Axes(StrEnum):
    """The axes of an array in a file, in order: samples, height, width, channels."""

    HW = "HW"
    HWC = "HWC"
    CHW = "CHW"
    NHW = "NHW"
    NHWC = "NHWC"
    NCHW = "NCHW"

    @property
    def is_many(self) -> bool:
        """Whether the first axis counts samples."""
        return self.startswith("N")

    @property
    def of_sample(self) -> Axes:
        """The axes of each sample."""
        return Axes(self.removeprefix("N"))


class Told(NamedTuple):
    """What the axes of an array are.

    Attributes
    ----------
    axes : Axes
    certain : bool
        Whether the shape leaves no other reading, or the reading was chosen.
    """

    axes: Axes
    certain: bool

    def __str__(self) -> str:
        return self.axes if self.certain else self.axes + UNCERTAIN


def tell_axes(shape: tuple[int, ...], layout: TensorLayout) -> Told:
    """Tell what the axes of an array of `shape` are.

    Two axes are a grey sample. Of three axes, the first of these rules that holds decides:

    1. The last is at most `MAX_COLOUR_CHANNELS` long: one sample, channels last. If it is 3 long and the
       first is not 1 or 3 long, that is certain however small the sample is.
    2. The first is: one sample, channels first.
    3. The first two are alike and the last is not: one sample, channels last.
    4. The last two are alike and the first is not: one sample, channels first, if that is at most
       `MAX_FEW_CHANNELS` long, else many grey samples.
    5. The shorter of first and last is at most `MAX_FEW_CHANNELS` long: it counts channels; the last if both
       are equal.
    6. Many grey samples.

    Four axes are many samples of three, none of which is many again: there the shorter counts channels,
    however long it is. What comes out is uncertain where another reading is possible: with at most
    `MAX_CHANNELS`, and a picture that is at most `MAX_RATIO` times as long as it is short. A reading that
    breaks these bounds gives way to one that does not.

    Parameters
    ----------
    shape : tuple of int
    layout : TensorLayout
        What was chosen; ``auto`` follows the rules above.

    Raises
    ------
    SampleError
        When the shape is that of no picture.
    """
    if len(shape) == len(Axes.HW):
        return Told(Axes.HW, certain=True)
    if len(shape) == len(Axes.HWC):
        if layout is not TensorLayout.AUTO:
            return Told(Axes(layout.upper()), certain=True)
        return _tell_one(shape) or _tell_three(shape)
    if len(shape) == len(Axes.NHWC):
        if layout in (TensorLayout.HWC, TensorLayout.CHW):
            return Told(Axes("N" + layout.upper()), certain=True)
        sample = _tell_one(shape[1:]) or _tell_three(shape[1:], _ONE)
        # Beside channels first there are no grey samples to be counted.
        is_clear = sample.certain or (shape[1] <= MAX_COLOUR_CHANNELS < min(shape[2:]))
        return Told(Axes("N" + sample.axes), is_clear)
    axes = format_count(len(shape), "axis", "axes")
    raise SampleError(
        f"its shape {shape} has {axes}; a picture has two (height, width) or three (with channels, "
        "first or last), and several pictures in one array have three or four: save it in such a shape"
    )


def _tell_one(shape: tuple[int, ...]) -> Told | None:
    """What is told by so few channels as colours have."""
    first, middle, last = shape
    if last <= MAX_COLOUR_CHANNELS:
        is_colours = last == COLOURS and first not in _CUSTOMARY_FIRST
        return Told(Axes.HWC, certain=is_colours or min(first, middle) > MAX_COLOUR_CHANNELS)
    if first <= MAX_COLOUR_CHANNELS:
        # One grey sample is the same either way; two or four may well be grey ones.
        return Told(Axes.CHW, certain=first in _CUSTOMARY_FIRST and middle > MAX_COLOUR_CHANNELS)
    return None


_CUSTOMARY_FIRST = (1, COLOURS)
_ONE = (Axes.HWC, Axes.CHW)


def _tell_three(shape: tuple[int, ...], readings: tuple[Axes, ...] = (Axes.HWC, Axes.CHW, Axes.NHW)) -> Told:
    """What is told of three axes neither end of which is so short that it must count colours."""
    possible = tuple(axes for axes in readings if _is_possible(shape, axes))
    for axes in _in_order(shape, readings):
        if axes in possible or not possible:
            return Told(axes, certain=possible == (axes,))
    raise AssertionError(shape)


def _in_order(shape: tuple[int, ...], readings: tuple[Axes, ...]) -> tuple[Axes, ...]:
    """The readings, the likeliest first."""
    first, middle, last = shape
    shorter = (Axes.HWC, Axes.CHW) if last <= first else (Axes.CHW, Axes.HWC)
    many = tuple(axes for axes in readings if axes.is_many)
    if first == middle != last:
        return (Axes.HWC, *many, Axes.CHW)
    if middle == last != first:
        return (Axes.CHW, *many, Axes.HWC) if first <= MAX_FEW_CHANNELS else (*many, Axes.CHW, Axes.HWC)
    return (*shorter, *many) if min(first, last) <= MAX_FEW_CHANNELS else (*many, *shorter)


def _is_possible(shape: tuple[int, ...], axes: Axes) -> bool:
    sides = dict(zip(axes, shape, strict=True))
    height, width = sides["H"], sides["W"]
    return sides.get("C", 1) <= MAX_CHANNELS and max(height, width) <= MAX_RATIO * min(height, width)


def shape_text(axes: str, height: int, width: int, channels: int) -> str:
    """The shape of an array as a file has it, for example ``(3, 480, 640)``; many samples count as ``N``."""
    sides = {"N": "N", "H": f"{height:,}", "W": f"{width:,}", "C": f"{channels:,}"}
    return f"({', '.join(sides[axis] for axis in axes.removesuffix(UNCERTAIN))})"


def reason_text(axes: str, channels: int, layout: TensorLayout) -> str:
    """Why an array has these axes, as a sentence fragment."""
    name = Axes(axes.removesuffix(UNCERTAIN))
    is_chosen = layout.upper() in (name, name.of_sample)
    doubt = "; the shape could also be read in another way" if axes.endswith(UNCERTAIN) else ""
    if name is Axes.HW:
        return "two axes are a grey picture"
    if name is Axes.NHW:
        why = "you chose so" if is_chosen else "no axis is short enough for colours"
        return f"{why}: the first axis counts grey pictures{doubt}"
    is_last = name.endswith("C")
    place, axis = ("last", "last") if is_last else ("first", "second" if name.is_many else "first")
    why = "you chose so:" if is_chosen else f"the {axis} axis has {channels:,}, so"
    many = "; the first counts pictures" if name.is_many else ""
    return f"{why} channels come {place}{many}{doubt}"
