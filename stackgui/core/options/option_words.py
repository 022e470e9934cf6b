"""The values of the options in plain words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from stackgui.core.base.choice_table import Declared, choices_of
from stackgui.core.base.choices import (
    Alpha,
    Anchor,
    Channels,
    Container,
    Crowds,
    Decode,
    DrawMasks,
    Fit,
    Icc,
    LabelForm,
    LabelSeparator,
    Layout,
    MaskNumbers,
    MissingMask,
    NonFinite,
    Numbers,
    Reduce,
    Resample,
    Resizer,
    Scale,
)
from stackgui.core.base.size import Size, SizeKind
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count, format_size
from stackgui.core.base.wording import joined, say
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.options.options import Options

OPTION_WORDS: Mapping[str, Mapping[Any, str]] = {
    "anchor": {
        Anchor.TOP_LEFT: say("Top left"),
        Anchor.TOP_RIGHT: say("Top right"),
        Anchor.CENTER: say("Centre"),
        Anchor.BOTTOM_LEFT: say("Bottom left"),
        Anchor.BOTTOM_RIGHT: say("Bottom right"),
    },
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
    "container": {
        Container.NPY: say("npy: for Python"),
        Container.HDF5: say("HDF5: for MATLAB, R, Julia too"),
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
    "resizer": {
        Resizer.SIMD: say("simd: fast, as exact as Pillow"),
        Resizer.PILLOW: say("Pillow: bit for bit its results"),
    },
    "decode": {
        Decode.EXACT: say("exact"),
        Decode.DRAFT: say("draft: faster, slightly different"),
    },
    "label_form": {
        LabelForm.ONE: say("one label"),
        LabelForm.MANY: say("several labels, as a table of 0 and 1"),
    },
    "label_separator": {
        LabelSeparator.AUTO: say("automatic: what the labels show"),
        LabelSeparator.NONE: say("nothing: each text is one label"),
        LabelSeparator.SEMICOLON: say("semicolons"),
        LabelSeparator.BAR: say("vertical bars"),
        LabelSeparator.COMMA: say("commas"),
        LabelSeparator.BLANK: say("blanks"),
    },
    "crowds": {Crowds.KEEP: say("keep and mark them"), Crowds.DROP: say("leave them out")},
    "missing_masks": {
        MissingMask.IGNORE: say("their pixels do not count"),
        MissingMask.BACKGROUND: say("they are background"),
        MissingMask.LEAVE_OUT: say("leave the picture out"),
        MissingMask.STOP: say("stop"),
    },
    "draw_masks": {
        DrawMasks.NONE: say("none"),
        DrawMasks.CLASSES: say("of the classes of objects"),
        DrawMasks.OBJECTS: say("of each object"),
    },
    "mask_numbers": {
        MaskNumbers.AUTO: say("as they are; 0 and 255 become 0 and 1"),
        MaskNumbers.KEEP: say("as they are"),
        MaskNumbers.REDUCE_ZERO: say("0 does not count, others become 1 less"),
        MaskNumbers.RENUMBER: say("numbered from 0"),
        MaskNumbers.OBJECT_IDS: say("numbers of objects, also as colours"),
    },
}
"""By the name of the option; in the order in which the window offers them."""

ALWAYS_TOLD = frozenset({"size", "fit", "anchor", "channels", "dtype", "layout"})
"""Options that people want to know even if they have their defaults."""

MAX_NAMED = 8
"""Names that a text lists."""


def told_options(options: Options, without: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield caption and value of the options that say how a stack was made, in plain words."""
    for name, declared in choices_of(Options).items():
        value = getattr(options, name)
        if (name in ALWAYS_TOLD or value != declared.default) and name not in without:
            yield declared.caption, _told(name, declared, value)


def _told(name: str, declared: Declared, value: object) -> str:
    if isinstance(value, Fit):
        return say("{fit}: {effect}", fit=value.caption, effect=value.about)
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, int | float):
        return say("{number:,}", number=value) if isinstance(value, int) else say("{number:g}", number=value)
    if isinstance(value, tuple | SampleSet):
        return _listed(value)
    if isinstance(value, Size):
        return _sized(value)
    return OPTION_WORDS.get(name, {}).get(value) or printable(declared.kind.typed(value))


def _sized(size: Size) -> str:
    match size.kind:
        case SizeKind.MAX:
            return say("the largest found")
        case SizeKind.PERCENTILE:
            return say("large enough for {percent:g} % of the pictures", percent=size.percentile)
        case SizeKind.EXACT:
            return format_size(size.height, size.width)


def _listed(value: tuple[object, ...] | SampleSet) -> str:
    if isinstance(value, SampleSet):
        return format_count(len(value), "picture")
    names = [each for each in value if isinstance(each, str)]
    if len(names) < len(value):
        return say("{number:,}", number=len(value))
    shown, more = ", ".join(map(printable, names[:MAX_NAMED])), len(names) - MAX_NAMED
    return joined("", (shown, say(" and {count:,} more", count=more) if more > 0 else ""))
