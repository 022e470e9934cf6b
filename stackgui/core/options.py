"""What a person chooses about the stack's contents."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

import numpy as np

from stackgui.core.errors import UsageError

MAX_SIDE_PX = 1_000_000


class Choice(StrEnum):
    """An option with a fixed set of values."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """The value called `text`.

        Raises
        ------
        UsageError
            When there is none, naming those there are.
        """
        try:
            return cls(text)
        except ValueError:
            names = ", ".join(choice.value for choice in cls)
            raise UsageError(f"“{text}” is no {cls.__name__.lower()}; choose one of {names}.") from None


class Fit(Choice):
    """How a sample meets its target size."""

    PAD = "pad"
    LETTERBOX = "letterbox"
    STRETCH = "stretch"
    CROP = "crop"
    COVER = "cover"


class Anchor(Choice):
    """Where a sample lies in a row that is larger than it."""

    TOP_LEFT = "top-left"
    TOP_RIGHT = "top-right"
    CENTER = "center"
    BOTTOM_LEFT = "bottom-left"
    BOTTOM_RIGHT = "bottom-right"


class Channels(Choice):
    """What a pixel is made of."""

    RGB = "rgb"
    GREY = "grey"
    RGBA = "rgba"
    AUTO = "auto"


class Numbers(Choice):
    """The array's dtype."""

    AUTO = "auto"
    UINT8 = "uint8"
    UINT16 = "uint16"
    FLOAT32 = "float32"
    FLOAT16 = "float16"


class Scale(Choice):
    """What black and white become in an array of floats; `Reduce` says what counts as black and white.

    ``imagenet`` and ``mean-std`` take a mean from each channel and divide by a deviation, of numbers from 0
    to 1: the first by the figures that are customary for ImageNet, the second by those of the samples.
    """

    UNIT = "0..1"
    SIGNED = "-1..1"
    BYTES = "0..255"
    IMAGENET = "imagenet"
    MEASURED = "mean-std"
    NONE = "none"


class Reduce(Choice):
    """What counts as black and white where numbers are brought into another range.

    ``full-range``: 0 and the most that the sample's unsigned integers can hold. ``file-depth``: the most that
    the bits which the file says it uses can hold, for example 4095 for 12 of 16 bits. ``min-max``: the least
    and the most that occurs in any sample of the stack; the only rule for floats and signed integers: the
    others take these for numbers from 0 to 1 in an array of floats, and refuse them in one of integers.
    """

    FULL_RANGE = "full-range"
    FILE_DEPTH = "file-depth"
    MIN_MAX = "min-max"


class NonFinite(Choice):
    """What becomes of values that are no numbers (NaN) or infinite."""

    KEEP = "keep"
    ZERO = "zero"
    ERROR = "error"


class Alpha(Choice):
    """What becomes of transparency in an array that has no channel for it."""

    DROP = "drop"
    COMPOSE = "compose"


class Layout(Choice):
    """The order of an array's axes."""

    NHWC = "NHWC"
    NCHW = "NCHW"


class Labels(Choice):
    """Where a row's label comes from."""

    AUTO = "auto"
    FOLDERS = "folders"
    NONE = "none"


class Resample(Choice):
    """The filter used where a sample is scaled; the names and results are Pillow's."""

    NEAREST = "nearest"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    LANCZOS = "lanczos"
    AREA = "area"


class Decode(Choice):
    """Whether JPEG that are made smaller may be decoded from fewer of their frequencies."""

    EXACT = "exact"
    DRAFT = "draft"


class Storage(Choice):
    """What holds the rows while they are written."""

    AUTO = "auto"
    MEMORY = "memory"
    FILE = "file"


class OnError(Choice):
    """What a sample that fails means for the run."""

    BLANK = "blank"
    STOP = "stop"


class SizeKind(StrEnum):
    """How the target size is found."""

    MAX = "max"
    EXACT = "exact"
    PERCENTILE = "percentile"


@dataclass(frozen=True, slots=True)
class Size:
    """The target size as it was asked for: ``max``, ``HxW``, or a percentile such as ``p95``.

    Attributes
    ----------
    kind : SizeKind
    height, width : int
        Pixels, for ``EXACT``; otherwise 0.
    percentile : float
        Above 0, up to 100, for ``PERCENTILE``; otherwise 0. Taken of heights and widths apart.
    """

    kind: SizeKind = SizeKind.MAX
    height: int = 0
    width: int = 0
    percentile: float = 0.0

    def __post_init__(self) -> None:
        exact = self.kind is SizeKind.EXACT
        if exact and not (0 < self.height <= MAX_SIDE_PX and 0 < self.width <= MAX_SIDE_PX):
            raise UsageError(
                f"A size of {self.height:,} × {self.width:,} is not possible; "
                f"each side must be between 1 and {MAX_SIDE_PX:,} pixels."
            )
        if self.kind is SizeKind.PERCENTILE and not 0 < self.percentile <= 100:  # noqa: PLR2004
            raise UsageError(
                f"A percentile of {self.percentile:g} is not possible; it must be above 0 and at most 100."
            )

    @classmethod
    def exact(cls, height: int, width: int) -> Size:
        """A size in pixels."""
        return cls(SizeKind.EXACT, height=height, width=width)

    @classmethod
    def parse(cls, text: str) -> Size:
        """Read ``max``, ``480x640`` (height first) or ``p95``.

        Raises
        ------
        UsageError
            When `text` is none of these, or names an impossible size.
        """
        if text == "max":
            return cls()
        if match := re.fullmatch(r"(-?\d{1,9})\s*[xX×]\s*(-?\d{1,9})", text):
            return cls.exact(int(match[1]), int(match[2]))
        if match := re.fullmatch(r"p(\d+(?:\.\d+)?)", text):
            return cls(SizeKind.PERCENTILE, percentile=float(match[1]))
        raise UsageError(
            f"“{text}” is no size; "
            "write max, a height and a width such as 480x640, or a percentile such as p95."
        )

    def __str__(self) -> str:
        if self.kind is SizeKind.EXACT:
            return f"{self.height}x{self.width}"
        if self.kind is SizeKind.MAX:
            return "max"
        # All digits and no exponent, so that `parse` gives the same number back.
        return f"p{np.format_float_positional(self.percentile, trim='-')}"


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour, as it is written: ``#rrggbb``.

    Attributes
    ----------
    red, green, blue : int
        0 to 255.
    """

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> Colour:
        """Read ``#rrggbb``.

        Raises
        ------
        UsageError
            When `text` is nothing of that kind.
        """
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
            raise UsageError(f"“{text}” is no colour; write it as #rrggbb, for example #ffffff for white.")
        return cls(*bytes.fromhex(text[1:]))

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


WHITE = Colour(255, 255, 255)


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
    "decode": Decode.parse,
}
