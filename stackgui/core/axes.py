"""What the axes of a tensor mean: told from its shape by rules that can be shown, or chosen."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from stackgui.core.choices import TensorLayout
from stackgui.core.errors import SampleError

MAX_COLOUR_CHANNELS = 4
"""An axis of at most this length at one end of a shape counts channels."""

MAX_CHANNELS = 16
"""One of at most this length is taken for channels where the other end is longer."""

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

    Two axes are a grey sample. Three are one sample whose channels are last when the last axis is at most
    `MAX_COLOUR_CHANNELS` long, else first when the first is; else the shorter of the two counts them if it is
    at most `MAX_CHANNELS`, the last when both are equal; else they are many grey samples. Four axes are many
    samples of three.

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
        return _tell_three(shape, layout)
    if len(shape) == len(Axes.NHWC):
        sample = _tell_three(shape[1:], TensorLayout.AUTO if layout is TensorLayout.NHW else layout)
        if not sample.axes.is_many:
            return Told(Axes("N" + sample.axes), sample.certain)
    raise SampleError(
        f"its shape {shape} is none of (height, width), (height, width, channels), (channels, height, width)"
        ", or several of these"
    )


def _tell_three(shape: tuple[int, ...], layout: TensorLayout) -> Told:
    if layout is not TensorLayout.AUTO:
        return Told(Axes(layout.upper()), certain=True)
    first, _, last = shape
    if last <= MAX_COLOUR_CHANNELS:
        return Told(Axes.HWC, certain=first > MAX_COLOUR_CHANNELS)
    if first <= MAX_COLOUR_CHANNELS:
        return Told(Axes.CHW, certain=True)
    if min(first, last) <= MAX_CHANNELS:
        # Few grey samples, or as many channels at the other end, look the same.
        return Told(Axes.HWC if last <= first else Axes.CHW, certain=False)
    return Told(Axes.NHW, certain=True)


def shape_text(axes: str, height: int, width: int, channels: int) -> str:
    """The shape of an array as a file has it, for example ``(3, 480, 640)``; many samples count as ``N``."""
    sides = {"N": "N", "H": f"{height:,}", "W": f"{width:,}", "C": f"{channels:,}"}
    return f"({', '.join(sides[axis] for axis in axes.removesuffix(UNCERTAIN))})"


def reason_text(axes: str, channels: int, layout: TensorLayout) -> str:
    """Why an array has these axes, as a sentence fragment."""
    name = Axes(axes.removesuffix(UNCERTAIN))
    is_chosen = layout.upper() in (name, name.of_sample)
    if name is Axes.HW:
        return "two axes are a grey picture"
    if name is Axes.NHW:
        why = "you chose so" if is_chosen else "no axis is short enough for channels"
        return f"{why}: the first axis counts grey pictures"
    is_last = name.endswith("C")
    place, axis = ("last", "last") if is_last else ("first", "second" if name.is_many else "first")
    why = "you chose so:" if is_chosen else f"the {axis} axis has {channels:,}, so"
    many = "; the first counts pictures" if name.is_many else ""
    doubt = "; the shape could also be read in another way" if axes.endswith(UNCERTAIN) else ""
    return f"{why} channels come {place}{many}{doubt}"
