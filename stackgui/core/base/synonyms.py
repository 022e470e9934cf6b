"""Synonyms for the values of choices: other spellings, and the words of other libraries."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stackgui.core.base.wording import say

_BETWEEN = re.compile(r"(?<=[^\W\d_])[\s_\-]+(?=\w)")
_MODULE = re.compile(r"(?:np|numpy|torch|tf|jnp|cv2|pil|image|resampling|interpolationmode)\.")
_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "[": "", "]": "", "(": "", ")": ""})

TITLES: Mapping[str, str] = {
    "Alpha": say("choice for transparency"),
    "Channels": say("choice of channels"),
    "Decode": say("way of decoding"),
    "Icc": say("choice for colour profiles"),
    "NonFinite": say("choice for invalid numbers"),
    "Numbers": say("dtype that an array can have"),
    "OnError": say("choice for pictures that fail"),
    "OnWarning": say("choice for warnings"),
    "Reduce": say("brightness range"),
    "Resample": say("filter"),
    "Storage": say("place for the rows"),
}
"""What to call a value of a choice in messages, if the name of the choice is not clear enough."""

ALSO_CALLED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Fit": {
        "pad": ("padding", "padded"),
        "letterbox": ("contain",),
        "stretch": ("resize", "squash", "distort", "warp"),
        "crop": ("center-crop", "centre-crop"),
    },
    "Anchor": {
        "top-left": ("upper-left", "left-top"),
        "top-right": ("upper-right", "right-top"),
        "center": ("centre", "centred", "centered", "middle"),
        "bottom-left": ("lower-left", "left-bottom"),
        "bottom-right": ("lower-right", "right-bottom"),
    },
    "Channels": {
        "grey": ("gray", "greyscale", "grayscale", "monochrome", "luminance", "l", "1"),
        "rgb": ("colour", "color", "3"),
        "rgba": ("4",),
        "index": ("indices", "indexed", "palette", "p"),
    },
    "Numbers": {
        "uint8": ("byte", "8-bit", "8bit", "u1", "|u1"),
        "uint16": ("u2", "<u2", "ushort"),
        "float32": ("single", "fp32", "f4", "<f4"),
        "float16": ("half", "fp16", "f2", "<f2"),
    },
    "Scale": {
        "0..1": ("0,1", "0-1", "0:1", "0 to 1", "unit"),
        "-1..1": ("-1,1", "-1:1", "-1 to 1", "signed"),
        "0..255": ("0,255", "0-255", "0:255", "0 to 255"),
        "mean-std": ("standardize", "standardise", "z-score"),
        "none": ("off", "no", "raw"),
    },
    "Reduce": {"full-range": ("full",), "file-depth": ("depth",), "min-max": ("minmax-scaling",)},
    "NonFinite": {"zero": ("0",), "error": ("fail", "raise")},
    "Alpha": {"drop": ("ignore", "remove"), "compose": ("composite", "blend", "flatten")},
    "Icc": {"keep": ("ignore",), "srgb": ("convert", "to-srgb")},
    "Layout": {"NHWC": ("channels-last", "hwc", "bhwc"), "NCHW": ("channels-first", "chw", "bchw")},
    "Resample": {
        "nearest": ("nearest-neighbour", "nearest-neighbor", "inter-nearest", "nn"),
        "bilinear": ("linear", "inter-linear"),
        "bicubic": ("cubic", "inter-cubic"),
        "lanczos": ("lanczos3", "antialias"),
        "area": ("box", "inter-area"),
    },
    "Storage": {"memory": ("ram",), "file": ("disk", "memmap", "mmap")},
    "OnError": {"stop": ("fail", "raise", "abort")},
    "TensorLayout": {"hwc": ("channels-last", "nhwc"), "chw": ("channels-first", "nchw")},
}
"""Synonyms by the name of the choice and its value; each must be unambiguous within its choice."""


def plain(text: str) -> str:
    """Return `text` in lower case, without spaces, hyphens between words, brackets and module names."""
    bare = _MODULE.sub("", text.strip().casefold()).translate(_SIGNS)
    return _BETWEEN.sub("", bare).replace(" ", "")


def known_as(choice: str, text: str, values: tuple[str, ...]) -> str | None:
    """Return which of `values` of the choice called `choice` `text` means, or None."""
    wanted = plain(text)
    for value in values:
        if wanted == plain(value):
            return value
    also = ALSO_CALLED.get(choice, {})
    return next((value for value in values if wanted in map(plain, also.get(value, ()))), None)
