"""Choices with a fixed set of values."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Self

from stackgui.core.base.errors import UsageError
from stackgui.core.base.synonyms import TITLES, known_as


class Choice(StrEnum):
    """An option with a fixed set of values."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """The value called `text`, in any case, or by another of its customary names.

        Raises
        ------
        UsageError
            When there is none, naming those there are.
        """
        try:
            return cls(text)
        except ValueError:
            values = tuple(choice.value for choice in cls)
            if (value := known_as(cls.__name__, text, values)) is not None:
                return cls(value)
            names = ", ".join(values)
            words = re.sub("(?<=[a-z])(?=[A-Z])", " ", cls.__name__).lower()
            title = TITLES.get(cls.__name__, words)
            article = "an" if title[0] in "aeiou" else "a"
            raise UsageError(f"“{text}” is not {article} {title}; choose one of {names}.") from None


class Fit(Choice):
    """How a sample meets its target size."""

    PAD = "pad"
    LETTERBOX = "letterbox"
    STRETCH = "stretch"
    CROP = "crop"
    COVER = "cover"

    @property
    def caption(self) -> str:
        """What people call it."""
        return _FITS[self][0]

    @property
    def about(self) -> str:
        """What it does, in a sentence."""
        return _FITS[self][1]

    @property
    def fills_row(self) -> bool:
        """Whether every row is picture all over."""
        return _FITS[self][2]


_FITS = {
    Fit.PAD: (
        "Pad",
        "Keep every pixel as it is and fill the rest; only a picture larger than its row is made smaller.",
        False,
    ),
    Fit.LETTERBOX: ("Letterbox", "Scale the picture until it just fits, and fill the rest.", False),
    Fit.STRETCH: ("Stretch", "Scale height and width separately to those of the row.", True),
    Fit.CROP: ("Crop", "Keep the middle at its own scale and cut off what sticks out.", False),
    Fit.COVER: ("Cover", "Scale the picture until it covers the row, and cut off what sticks out.", True),
}


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
    INDEX = "index"
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
    and the most that occurs in any sample of the stack; the only rule that brings floats and signed integers
    into another range: the first two take these for numbers from 0 to 1 in an array of floats, and refuse
    them in one of integers. ``none``: 0 and 1, so that numbers such as class ids stay as they are; a sample
    with one that the array cannot hold is refused.
    """

    FULL_RANGE = "full-range"
    FILE_DEPTH = "file-depth"
    MIN_MAX = "min-max"
    NONE = "none"


class NonFinite(Choice):
    """What becomes of values that are no numbers (NaN) or infinite."""

    KEEP = "keep"
    ZERO = "zero"
    ERROR = "error"


class Alpha(Choice):
    """What becomes of transparency in an array that has no channel for it."""

    DROP = "drop"
    COMPOSE = "compose"


class Icc(Choice):
    """What becomes of colours whose embedded profile (ICC) is not that of sRGB."""

    KEEP = "keep"
    SRGB = "srgb"


class Layout(Choice):
    """The order of an array's axes."""

    NHWC = "NHWC"
    NCHW = "NCHW"


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


class OnWarning(Choice):
    """What a warning means for a run that is about to begin."""

    GO_ON = "go-on"
    STOP = "stop"


class TensorLayout(Choice):
    """What the axes of arrays in files are.

    ``hwc`` and ``chw``: arrays of three axes are one sample each, and of four many. ``nhw``: those of three
    are many grey samples, and those of four are told by their shapes. ``auto``: all are told by their shapes.
    """

    AUTO = "auto"
    HWC = "hwc"
    CHW = "chw"
    NHW = "nhw"
