"""The colours of classes, wherever boxes and masks are drawn over pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# Okabe & Ito, "Color Universal Design" (2008), without black. They lie on pictures, not on the window's
# background, so every line has an edge of the opposite brightness instead of a colour that follows the theme.
CLASS_COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
NO_CLASS_COLOUR = "#FFFFFF"
MASK_OPACITY = 0.5
_IGNORED = (160, 160, 160, 150)


def class_colour(number: int) -> str:
    """Return the colour of a class; white for objects without one."""
    return CLASS_COLOURS[number % len(CLASS_COLOURS)] if number >= 0 else NO_CLASS_COLOUR


def mask_pixels(mask: NDArray[np.integer[Any]], hidden: tuple[int, ...] = ()) -> NDArray[np.uint8]:
    """Return a mask as pixels to be laid over its picture, each class in its colour.

    Parameters
    ----------
    mask : integers, shape (H, W)
        Numbers of classes. 0, usually the background, stays clear; the largest number of the dtype, usually
        the ignore value, is a veil without colour.
    hidden
        Numbers that stay clear too.

    Returns
    -------
    uint8, shape (H, W, 4)
        Red, green, blue and opacity.
    """
    rgb = [tuple(bytes.fromhex(each[1:])) for each in CLASS_COLOURS]
    colours = np.array([(*each, round(255 * MASK_OPACITY)) for each in rgb], np.uint8)
    shown = colours[(np.maximum(mask, 1).astype(np.int64) - 1) % len(CLASS_COLOURS)]
    shown[(mask <= 0) | np.isin(mask, list(hidden))] = 0
    shown[mask == np.iinfo(mask.dtype).max] = _IGNORED
    return np.asarray(shown, np.uint8)


def is_unknown(mask: NDArray[np.integer[Any]]) -> bool:
    """Whether a mask is the ignore value throughout, as it is stored for a picture that has no mask."""
    return bool((mask == np.iinfo(mask.dtype).max).all())
