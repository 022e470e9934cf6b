"""Enumerations: the options that have a fixed set of values."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Self

from stackgui.core.base.errors import UsageError
from stackgui.core.base.synonyms import TITLES, known_as
from stackgui.core.base.wording import say


class Choice(StrEnum):
    """An option with a fixed set of values."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the value that `text` names, in any case or by a usual synonym.

        Raises
        ------
        UsageError
            When there is none; the message lists the values.
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
            known = {"text": text, "title": say(title), "names": names}
            raise UsageError(
                say("“{text}” is not an {title}; choose one of {names}.", **known)
                if title[0] in "aeiou"
                else say("“{text}” is not a {title}; choose one of {names}.", **known)
            ) from None


class Fit(Choice):
    """How a sample is made to fit its target size."""

    PAD = "pad"
    LETTERBOX = "letterbox"
    STRETCH = "stretch"
    CROP = "crop"
    COVER = "cover"

    @property
    def caption(self) -> str:
        """Name shown to people."""
        return _FITS[self][0]

    @property
    def about(self) -> str:
        """Its effect, in a sentence."""
        return _FITS[self][1]

    @property
    def fills_row(self) -> bool:
        """Whether pictures fill their rows without padding."""
        return _FITS[self][2]


_FITS = {
    Fit.PAD: (
        say("Pad"),
        say(
            "Keep every pixel as it is and fill the rest; only a picture larger than its row is made smaller."
        ),
        False,
    ),
    Fit.LETTERBOX: (say("Letterbox"), say("Scale the picture until it just fits, and fill the rest."), False),
    Fit.STRETCH: (say("Stretch"), say("Scale height and width separately to those of the row."), True),
    Fit.CROP: (say("Crop"), say("Keep the middle at its own scale and cut off what sticks out."), False),
    Fit.COVER: (
        say("Cover"),
        say("Scale the picture until it covers the row, and cut off what sticks out."),
        True,
    ),
}


class Anchor(Choice):
    """Where a sample lies in a row that is larger than the sample."""

    TOP_LEFT = "top-left"
    TOP_RIGHT = "top-right"
    CENTER = "center"
    BOTTOM_LEFT = "bottom-left"
    BOTTOM_RIGHT = "bottom-right"


class Channels(Choice):
    """The channels of a row."""

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
    """The values of black and white in an array of floats; `Reduce` decides what counts as black and white.

    ``imagenet`` and ``mean-std`` scale to 0..1, subtract a mean from each channel and divide by a standard
    deviation: the first uses the usual figures of ImageNet, the second those of the samples.
    """

    UNIT = "0..1"
    SIGNED = "-1..1"
    BYTES = "0..255"
    IMAGENET = "imagenet"
    MEASURED = "mean-std"
    NONE = "none"


class Reduce(Choice):
    """What counts as black and white when numbers are converted to another range.

    ``full-range``: 0 and the maximum of the sample's unsigned dtype. ``file-depth``: 0 and the maximum of the
    bits that the file says it uses, for example 4095 for 12 of 16 bits. ``min-max``: the minimum and maximum
    over all samples of the stack. Only this rule rescales floats and signed integers; for an array of floats
    the first two assume that these lie between 0 and 1, and for one of integers they refuse them. ``none``:
    0 and 1, so that numbers such as class ids stay unchanged; a sample with a number that the array cannot
    hold is refused.
    """

    FULL_RANGE = "full-range"
    FILE_DEPTH = "file-depth"
    MIN_MAX = "min-max"
    NONE = "none"


class NonFinite(Choice):
    """How to handle values that are NaN or infinite."""

    KEEP = "keep"
    ZERO = "zero"
    ERROR = "error"


class Alpha(Choice):
    """How to handle transparency if the array has no alpha channel."""

    DROP = "drop"
    COMPOSE = "compose"


class Icc(Choice):
    """How to handle colours whose embedded ICC profile is not sRGB."""

    KEEP = "keep"
    SRGB = "srgb"


class Layout(Choice):
    """The order of an array's axes."""

    NHWC = "NHWC"
    NCHW = "NCHW"


class Container(Choice):
    """What kind of file holds an array.

    ``npy``: NumPy's own. ``hdf5``: HDF5, with the array as one dataset under the name of its file.
    """

    NPY = "npy"
    HDF5 = "hdf5"


class Resample(Choice):
    """The filter for resizing; names and results are those of Pillow."""

    NEAREST = "nearest"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    LANCZOS = "lanczos"
    AREA = "area"


class Resizer(Choice):
    """What scales pictures.

    ``simd``: fast_image_resize, as near to the exact result as Pillow. ``pillow``: bit for bit what Pillow
    and torchvision's PIL backend give.
    """

    SIMD = "simd"
    PILLOW = "pillow"


class Decode(Choice):
    """Whether JPEG files that are reduced in size may be decoded at a reduced scale (draft)."""

    EXACT = "exact"
    DRAFT = "draft"


class Storage(Choice):
    """Where the rows are kept while they are written."""

    AUTO = "auto"
    MEMORY = "memory"
    FILE = "file"


class OnError(Choice):
    """How the run reacts to a sample that fails."""

    BLANK = "blank"
    STOP = "stop"


class OnWarning(Choice):
    """How a run that is about to begin reacts to warnings."""

    GO_ON = "go-on"
    STOP = "stop"


class Crowds(Choice):
    """What becomes of annotations that mark a crowd, or a region to ignore, instead of one object."""

    KEEP = "keep"
    DROP = "drop"


class LabelForm(Choice):
    """How many labels a picture may have.

    ``one``: one at most, as a number. ``many``: any number; each class is a column with 1 for the pictures
    that have it.
    """

    ONE = "one"
    MANY = "many"


class RepeatedLines(Choice):
    """What lines of a list of files become that name the same picture.

    ``rows``: a row each. ``join``: one row with the labels of all of them.
    """

    ROWS = "rows"
    JOIN = "join"


class LabelSeparator(Choice):
    """What separates the labels of a picture where one text holds several.

    ``auto``: what the texts show. ``none``: nothing, each text is one label.
    """

    AUTO = "auto"
    NONE = "none"
    SEMICOLON = "semicolon"
    BAR = "bar"
    COMMA = "comma"
    BLANK = "blank"


class MissingMask(Choice):
    """What becomes of a picture without a mask, where others have one.

    ``background``: its mask is 0 throughout. ``ignore``: it is the ignore value throughout. ``leave-out``: it
    gets no row. ``stop``: the plan cannot be met.
    """

    BACKGROUND = "background"
    IGNORE = "ignore"
    LEAVE_OUT = "leave-out"
    STOP = "stop"


class DrawMasks(Choice):
    """Masks to draw from the outlines of annotated objects.

    ``classes``: each pixel has the number of its object's class, from 1; 0 is background. ``objects``: it has
    the number of its object in the row, from 1.
    """

    NONE = "none"
    CLASSES = "classes"
    OBJECTS = "objects"


class MaskNumbers(Choice):
    """What the numbers in masks become.

    ``auto``: they stay, but 0 and 255 alone become 0 and 1. ``keep``: they stay. ``reduce-zero``: 0 becomes
    the ignore value, and all others 1 less. ``renumber``: they are numbered from 0, in ascending order.
    ``object-ids``: they stay, because they number objects; a colour is the number R + 256 G + 65,536 B, as in
    COCO's panoptic masks, where 0 is no object.
    """

    AUTO = "auto"
    KEEP = "keep"
    REDUCE_ZERO = "reduce-zero"
    RENUMBER = "renumber"
    OBJECT_IDS = "object-ids"


class TensorLayout(Choice):
    """The axes of arrays in files.

    ``hwc`` and ``chw``: an array of three axes is one sample, one of four is many. ``nhw``: an array of three
    axes is many grey samples, and the axes of one of four are inferred from its shape. ``auto``: all axes are
    inferred from shapes.
    """

    AUTO = "auto"
    HWC = "hwc"
    CHW = "chw"
    NHW = "nhw"
