"""How a row is looked at, and what one sees then."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from stackgui.core.viewing.contrast import BYTES, Contrast, histogram, shown
from stackgui.core.viewing.opened import LargeRow


class Stretch(StrEnum):
    """Which numbers are shown as black and white."""

    AUTOMATIC = "automatic"
    WHOLE = "whole"
    STRETCHED = "stretched"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Look:
    """What is wanted of a row.

    Attributes
    ----------
    row : int
    channel : int or None
        The only channel that is shown; None for all.
    stretch : Stretch
    chosen : Contrast
        For ``CHOSEN``.
    """

    row: int
    channel: int | None = None
    stretch: Stretch = Stretch.AUTOMATIC
    chosen: Contrast = BYTES


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """A row as it is shown.

    Attributes
    ----------
    look : Look
    large : LargeRow
    picture : uint8, shape (h, w, 3)
    contrast : Contrast
        The one that it is shown with.
    counts : int64, shape (k,)
        Of its values, in equal classes from `low` to `high`; padding is not counted.
    low, high : float
    """

    look: Look
    large: LargeRow
    picture: NDArray[np.uint8]
    contrast: Contrast
    counts: NDArray[np.int64]
    low: float
    high: float


def see(large: LargeRow, look: Look) -> Seen:
    """Return a row as `look` wants to see it."""
    facts, step = large.facts, large.step
    top, left, height, width = (-(-side // step) for side in facts.placement)
    # Padding is no part of the picture, so it has no say in the contrast.
    inside = large.pixels[top : top + height, left : left + width] if height and width else large.pixels
    counted = inside if look.channel is None else inside[..., look.channel : look.channel + 1]
    match look.stretch:
        case Stretch.AUTOMATIC:
            contrast = Contrast.automatic(counted)
        case Stretch.WHOLE:
            contrast = Contrast.whole(counted)
        case Stretch.STRETCHED:
            contrast = Contrast.stretched(counted)
        case Stretch.CHOSEN:
            contrast = look.chosen
    counts, low, high = histogram(counted)
    return Seen(look, large, shown(large.pixels, contrast, look.channel), contrast, counts, low, high)
