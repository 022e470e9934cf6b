"""The meaning of a tensor's axes: inferred from its shape by rules that can be shown, or chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

from stackgui.core.base.choices import TensorLayout
from stackgui.core.base.errors import SampleError
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import Wording, say

MAX_COLOUR_CHANNELS = 4
"""The first or last axis counts channels if it is at most this long."""

COLOURS = 3
"""Red, green and blue."""

MAX_FEW_CHANNELS = 16
"""An axis of at most this length is more likely to count channels than samples."""

MAX_CHANNELS = 1024
"""A longer axis does not count channels: no sensor has so many."""

MAX_RATIO = 100
"""A reading that makes one side of the picture more than this many times the other counts as impossible."""

UNCERTAIN = "?"
"""Suffix to the name of axes whose shape could also be read in another way."""


class Axes(StrEnum):
    """The axes of an array in a file, in order: N samples, H height, W width, C channels."""

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


class InferredAxes(NamedTuple):
    """The axes of an array, and whether they could be others.

    Attributes
    ----------
    axes : Axes
    certain : bool
        Whether the shape allows no other reading, or the reading was chosen.
    """

    axes: Axes
    certain: bool

    def __str__(self) -> str:
        return self.axes if self.certain else self.axes + UNCERTAIN


def infer_axes(shape: tuple[int, ...], layout: TensorLayout) -> InferredAxes:
    """Infer the axes of an array from its shape.

    Two axes are one grey sample. For three axes, the first of these rules that holds decides:

    1. The last axis is at most `MAX_COLOUR_CHANNELS` long: one sample, channels last. If it has length 3 and
       the first does not have length 1 or 3, this is certain however small the sample is.
    2. The first axis is at most `MAX_COLOUR_CHANNELS` long: one sample, channels first.
    3. Only the first two are equal: one sample, channels last.
    4. Only the last two are equal: one sample, channels first, if the first axis is at most
       `MAX_FEW_CHANNELS` long, else many grey samples.
    5. The shorter of first and last is at most `MAX_FEW_CHANNELS` long: it counts channels; the last axis
       does if both are equal.
    6. Otherwise: many grey samples.

    Four axes are many samples of three axes each. Within such a sample, which cannot itself be many, the
    shorter of first and last counts channels, however long it is.

    The result is uncertain if another reading is possible, that is, one with at most `MAX_CHANNELS` channels
    and a picture whose sides differ by a factor of at most `MAX_RATIO`. A reading outside these bounds gives
    way to one within them.

    Parameters
    ----------
    shape : tuple of int
    layout : TensorLayout
        The person's choice; ``auto`` applies the rules above.

    Raises
    ------
    SampleError
        When no picture has such a shape.
    """
    if len(shape) == len(Axes.HW):
        return InferredAxes(Axes.HW, certain=True)
    if len(shape) == len(Axes.HWC):
        if layout is not TensorLayout.AUTO:
            return InferredAxes(Axes(layout.upper()), certain=True)
        return _infer_colours(shape) or _infer_by_sides(shape)
    if len(shape) == len(Axes.NHWC):
        if layout in (TensorLayout.HWC, TensorLayout.CHW):
            return InferredAxes(Axes("N" + layout.upper()), certain=True)
        sample = _infer_colours(shape[1:]) or _infer_by_sides(shape[1:], _ONE_SAMPLE)
        # With channels first, the short axis cannot count grey samples: the first axis counts them already.
        is_clear = sample.certain or (shape[1] <= MAX_COLOUR_CHANNELS < min(shape[2:]))
        return InferredAxes(Axes("N" + sample.axes), is_clear)
    axes = format_count(len(shape), "axis", "axes")
    raise SampleError(
        say(
            "its shape {shape} has {axes}; a picture has two (height, width) or three (with "
            "channels, first or last), and several pictures in one array have three or four: "
            "save it in such a shape",
            shape=shape,
            axes=axes,
        )
    )


def _infer_colours(shape: tuple[int, ...]) -> InferredAxes | None:
    """Return the axes of one sample if its first or last axis is short enough for colours, else None."""
    first, middle, last = shape
    if last <= MAX_COLOUR_CHANNELS:
        is_colours = last == COLOURS and first not in _USUAL_CHANNELS_FIRST
        return InferredAxes(Axes.HWC, certain=is_colours or min(first, middle) > MAX_COLOUR_CHANNELS)
    if first <= MAX_COLOUR_CHANNELS:
        # A length of 1 means one grey sample either way; 2 or 4 may well be that many grey samples.
        return InferredAxes(Axes.CHW, certain=first in _USUAL_CHANNELS_FIRST and middle > MAX_COLOUR_CHANNELS)
    return None


_USUAL_CHANNELS_FIRST = (1, COLOURS)
_ONE_SAMPLE = (Axes.HWC, Axes.CHW)


def _infer_by_sides(
    shape: tuple[int, ...], readings: tuple[Axes, ...] = (Axes.HWC, Axes.CHW, Axes.NHW)
) -> InferredAxes:
    """Infer three axes of which neither the first nor the last is short enough for colours."""
    possible = tuple(axes for axes in readings if _is_possible(shape, axes))
    for axes in _by_likelihood(shape, readings):
        if axes in possible or not possible:
            return InferredAxes(axes, certain=possible == (axes,))
    raise AssertionError(shape)


def _by_likelihood(shape: tuple[int, ...], readings: tuple[Axes, ...]) -> tuple[Axes, ...]:
    """Return the readings, the likeliest first."""
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
    """Return the shape of an array in its file, for example ``(3, 480, 640)``; ``N`` counts samples."""
    sides = {"N": "N", "H": f"{height:,}", "W": f"{width:,}", "C": f"{channels:,}"}
    return f"({', '.join(sides[axis] for axis in axes.removesuffix(UNCERTAIN))})"


def reason_text(axes: str, channels: int, layout: TensorLayout) -> str:
    """Say in which order the axes of an array are read, and why."""
    name = Axes(axes.removesuffix(UNCERTAIN))
    is_chosen = layout.upper() in (name, name.of_sample)
    doubt = say("; the shape could also be read in another way") if axes.endswith(UNCERTAIN) else ""
    if is_chosen:
        return say("read as {order}, as you chose{doubt}", order=_ORDERS[name], doubt=doubt)
    if name is Axes.HW:
        return say("read as {order}", order=_ORDERS[name])
    why = _REASONS[name](channels)
    return say("read as {order}, because {why}{doubt}", order=_ORDERS[name], why=why, doubt=doubt)


_ORDERS = {
    Axes.HW: say("height × width, in grey"),
    Axes.HWC: say("height × width × colour"),
    Axes.CHW: say("colour × height × width"),
    Axes.NHW: say("pictures × height × width, in grey"),
    Axes.NHWC: say("pictures × height × width × colour"),
    Axes.NCHW: say("pictures × colour × height × width"),
}


def _because_last(channels: int) -> Wording:
    return say("the last axis has {channels:,}", channels=channels)


_REASONS: Mapping[Axes, Callable[[int], Wording]] = {
    Axes.HWC: _because_last,
    Axes.CHW: lambda channels: say("the first axis has {channels:,}", channels=channels),
    Axes.NHW: lambda _: say("no axis is short enough for colours"),
    Axes.NHWC: _because_last,
    Axes.NCHW: lambda channels: say("the second axis has {channels:,}", channels=channels),
}
"""Why an array of more than two axes is read in that order, by the length of its axis of channels."""
