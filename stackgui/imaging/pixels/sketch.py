"""The sketch of a picture: its look in 128 bits, by which pictures that are almost alike are found.

A picture that was saved again, made smaller or lighter, or cropped a little keeps its coarse pattern of
light and dark. That pattern is described by the slowest waves of the picture (its discrete cosine transform),
and of each wave one bit is kept: whether it begins light or dark. So neither brightness nor contrast matters.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIDE_PX = 128
"""Height and width to which a picture is scaled, whatever its shape."""

FLAT = 0.005
"""Standard deviation of the brightness, as a share of its range, below which a picture has no sketch.

What is left of the waves then is noise, or nothing: pictures of one colour would all look alike.
"""

_WAVES = 128
_HALF = 64
_BANDS = 3
_MAX_WAVE = 16


def _slowest() -> NDArray[np.int64]:
    """Return how often each wave swings down and across, shape (waves, 2): the slowest first."""
    numbers = [(down, across) for down in range(_MAX_WAVE) for across in range(_MAX_WAVE)]
    numbers.sort(key=lambda wave: (wave[0] ** 2 + wave[1] ** 2, wave))
    return np.array(numbers[1 : _WAVES + 1])  # the first is the brightness


_DOWN, _ACROSS = _slowest().T
# Slow waves say less about a picture than fast ones, so each band of the first half has as many of both; see
# `stackgui.core.labels.look_alikes.BANDS`.
_ORDER = np.concatenate(
    [np.arange(band, _HALF, _BANDS) for band in range(_BANDS)] + [np.arange(_HALF, _WAVES)]
)
_DOWN, _ACROSS = _DOWN[_ORDER], _ACROSS[_ORDER]
_COSINES = np.cos(np.pi * np.arange(_MAX_WAVE)[:, None] * (np.arange(SIDE_PX) + 0.5) / SIDE_PX)


def sketch_of(grey: NDArray[np.floating], *, white: float) -> tuple[int, int]:
    """Return the sketch of a picture: two halves of 64 bits, as signed numbers; (0, 0) for none.

    Parameters
    ----------
    grey : floats, shape (SIDE_PX, SIDE_PX)
    white : float
        The largest number that a picture may have where 0 is black; of numbers of unknown range, the largest
        that this one has.
    """
    if not np.isfinite(grey).all() or not white > 0 or grey.std() < FLAT * white:
        return 0, 0
    waves = (_COSINES @ grey @ _COSINES.T)[_DOWN, _ACROSS]
    coarse, fine = np.packbits(waves > 0, bitorder="little").view(np.dtype("<i8")).tolist()
    return coarse, fine
