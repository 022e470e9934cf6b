"""What a person chooses about the stack's contents."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from stackgui.core.choices import (
    Alpha,
    Anchor,
    Channels,
    Decode,
    Fit,
    Icc,
    Labels,
    Layout,
    NonFinite,
    Numbers,
    Reduce,
    Resample,
    Scale,
)
from stackgui.core.colour import WHITE, Colour
from stackgui.core.errors import UsageError
from stackgui.core.size import Size


@dataclass(frozen=True, slots=True)
class Options:
    """What the person chose about the stack's contents. Defaults change no pixel.

    Attributes
    ----------
    fill : float
        Value of padding and of blank rows, in the array's own numbers.
    background : Colour
        On which transparent pixels are composed, where `alpha` says so.
    """

    size: Size = field(default_factory=Size)
    fit: Fit = Fit.PAD
    anchor: Anchor = Anchor.TOP_LEFT
    fill: float = 0.0
    channels: Channels = Channels.RGB
    dtype: Numbers = Numbers.AUTO
    scale: Scale = Scale.UNIT
    layout: Layout = Layout.NHWC
    labels: Labels = Labels.AUTO
    resample: Resample = Resample.BILINEAR
    reduce: Reduce = Reduce.FULL_RANGE
    non_finite: NonFinite = NonFinite.KEEP
    alpha: Alpha = Alpha.DROP
    background: Colour = WHITE
    icc: Icc = Icc.KEEP
    decode: Decode = Decode.EXACT

    def __post_init__(self) -> None:
        if not math.isfinite(self.fill):
            raise UsageError(f"A fill value of {self.fill} is not possible; it must be a number.")
        # 0 and 0.0 are the same choice, and must look the same in a plan's fingerprint.
        object.__setattr__(self, "fill", float(self.fill))

    def to_json(self) -> dict[str, Any]:
        """The options as JSON values."""
        return {
            name: str(value) if isinstance(value, StrEnum | Size | Colour) else value
            for name in self.__dataclass_fields__
            for value in [getattr(self, name)]
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Options:
        """Rebuild what `to_json` gave.

        Raises
        ------
        UsageError
            When a name or a value is unknown.
        """
        if unknown := sorted(set(value) - set(cls.__dataclass_fields__)):
            raise UsageError(f"Unknown option: {', '.join(unknown)}.")
        return cls(**{name: _READERS[name](setting) for name, setting in value.items()})


_READERS: dict[str, Callable[[Any], Any]] = {
    "size": Size.parse,
    "fit": Fit.parse,
    "anchor": Anchor.parse,
    "fill": float,
    "channels": Channels.parse,
    "dtype": Numbers.parse,
    "scale": Scale.parse,
    "layout": Layout.parse,
    "labels": Labels.parse,
    "resample": Resample.parse,
    "reduce": Reduce.parse,
    "non_finite": NonFinite.parse,
    "alpha": Alpha.parse,
    "background": Colour.parse,
    "icc": Icc.parse,
    "decode": Decode.parse,
}
