"""What becomes of colours in masks without a table of classes: they are numbered, if they can be classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import PlanError
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.core.catalog.mask_classes import COLOUR
from stackgui.core.catalog.masks import MaskValues

MAX_COLOURS = 256
"""Colours that may be classes; more are those of photographs or of single objects."""

MAX_ID = 2**24 - 1
"""The largest number that a colour can be."""

_FREQUENT = 12
"""Colours, the most frequent, of which others may be blends."""

_MIN_FEW = 8
"""Colours up to which they are taken for classes without looking for blends."""

_ROUNDING = 2.0
"""Distance from a blend of two colours within which a third is one, in steps of 8 bits."""


def has_colours(found: MaskValues) -> bool:
    """Whether masks hold anything but numbers."""
    return bool((found.keys >= COLOUR).any())


def colour_names(found: MaskValues) -> dict[int, str]:
    """Return the colours found as ``#rrggbb`` by their keys; black comes first, then by red, green and blue.

    Raises
    ------
    PlanError
        When there are too many for classes, or most are blends of others.
    """
    if found.is_open or len(found.keys) > MAX_COLOURS:
        raise PlanError(
            say(
                "The masks hold more than {count:,} different colours, as photographs do. Take them for "
                "pictures, choose another folder of masks, give a table of classes (labelmap.txt), or take "
                "the colours for numbers of objects (object-ids).",
                count=min(len(found.keys), MAX_COLOURS),
            )
        )
    if blended := blends(found):
        raise PlanError(
            say(
                "The masks hold {colours}, of which {blends} are blends of others: the edges were smoothed "
                "(antialiased) when the masks were saved. Save them again without smoothing, or give a "
                "table of classes (labelmap.txt).",
                colours=format_count(len(found.keys), "colour"),
                blends=f"{blended:,}",
            )
        )
    colours = _colours(found.keys)
    order = np.lexsort((*colours.T[::-1], colours.any(axis=1)))
    return {int(found.keys[at]): "#{:02x}{:02x}{:02x}".format(*colours[at].tolist()) for at in order.tolist()}


def ids_of(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return colours as numbers of objects, R + 256 G + 65,536 B; for greys, of the colour that they are."""
    red, green, blue = _colours(keys).T
    ids: NDArray[np.int64] = red + (green << 8) + (blue << 16)
    return ids


def blends(found: MaskValues) -> int:
    """Count the colours that lie between two frequent ones, if they are the majority; otherwise 0."""
    if len(found.keys) <= _MIN_FEW:
        return 0
    order = np.argsort(-found.pixels, kind="stable")
    colours = _colours(found.keys[order]).astype(np.float64)
    is_blend = np.zeros(len(colours), np.bool_)
    most = min(_FREQUENT, len(colours))
    for one in range(most):
        for other in range(one + 1, most):
            is_blend[other + 1 :] |= _between(colours[other + 1 :], colours[one], colours[other])
    count = int(np.count_nonzero(is_blend))
    return count if 2 * count > len(colours) else 0


def _between(
    colours: NDArray[np.float64], one: NDArray[np.float64], other: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return which colours lie on the line from one to another, ends excluded."""
    along = other - one
    share = (colours - one) @ along / (along @ along)
    distance = np.abs(colours - one - share[:, np.newaxis] * along).max(axis=1)
    found: NDArray[np.bool_] = (share > 0) & (share < 1) & (distance <= _ROUNDING)
    return found


def _colours(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return red, green and blue, shape (n, 3)."""
    packed = np.where(keys >= COLOUR, keys - COLOUR, np.clip(keys, 0, 255) * 0x010101)
    return np.stack((packed >> 16, packed >> 8 & 255, packed & 255), axis=1)
