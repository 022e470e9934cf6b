"""Buckets: the few target sizes among which samples of many sizes are divided, so that little is padding."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.buckets.search import Sizes, search

MAX_BUCKETS = 8

MAX_KNOWN = 8
"""Divisions that are remembered."""

MAX_SIZES = 20_000
"""Distinct sizes that are told apart in the search; more are rounded up further, and the result is made to
fit the sizes themselves."""

Side = NDArray[np.int64]
Pixels = tuple[int, int]
"""Height and width."""


@dataclass(frozen=True, slots=True)
class Division:
    """Samples divided into buckets, each to the smallest that holds it.

    Attributes
    ----------
    sizes : tuple of (int, int)
        Height and width of the buckets in pixels, the smallest area first.
    pixels : int
        Of all rows together, padding included.
    """

    sizes: tuple[Pixels, ...]
    pixels: int


def rounded_up(side: NDArray[Any], multiple: int, smallest_px: int) -> Side:
    """The sides in pixels that rows need so as to be multiples of `multiple` and at least `smallest_px`."""
    wanted = np.maximum(np.asarray(side, np.int64), smallest_px)
    rounded: Side = -(-wanted // multiple) * multiple
    return rounded


def divide(
    height: NDArray[Any],
    width: NDArray[Any],
    multiple: int = 1,
    smallest_px: int = 1,
    cancellation: Cancellation = UNWATCHED,
) -> tuple[Division, ...]:
    """The best divisions found of samples into at most 1, 2, … `MAX_BUCKETS` buckets.

    Parameters
    ----------
    height, width : integers, shape (N,), N > 0
        What each sample needs in its row, in pixels; 0 where it needs nothing.
    multiple : int
        Of which every bucket's height and width is a multiple.
    smallest_px : int
        That no bucket's height or width is below.
    cancellation
        Checked during the search; a division that was found before is given without.

    Notes
    -----
    Along a chain of nested sizes the best division is found exactly, in O(k · n · log n) for n links. In two
    dimensions that is a start, which a local search improves (`stackgui.core.buckets.search`). The
    same samples always give the same divisions.
    """
    sizes = _counted(rounded_up(height, multiple, smallest_px), rounded_up(width, multiple, smallest_px))
    key = (hashlib.blake2b(np.stack(sizes).tobytes(), digest_size=16).digest(), multiple)
    if (known := _known.get(key)) is None:
        known = _known[key] = _divided(sizes, multiple, cancellation)
        for oldest in list(_known)[:-MAX_KNOWN]:
            _known.pop(oldest, None)
    return known


_known: dict[tuple[bytes, int], tuple[Division, ...]] = {}
"""Divisions that were found, by a digest of the sizes, the latest last; kept, because a plan is made anew
with every other choice.

No `lru_cache`: for that, two that differ in nothing but what may end them would be two.
"""


def _divided(sizes: _Counted, multiple: int, cancellation: Cancellation) -> tuple[Division, ...]:
    """As `divide` does it for distinct sizes."""
    divisions: list[Division] = []
    for found in _found(sizes, multiple, cancellation):
        cancellation.check()
        best = _tight(sizes, found)
        pixels = _pixels(sizes, best)
        if divisions and divisions[-1].pixels <= pixels:
            best, pixels = divisions[-1].sizes, divisions[-1].pixels
        divisions.append(Division(best, pixels))
    return tuple(divisions)


def assign(height: NDArray[Any], width: NDArray[Any], sizes: Sequence[Pixels]) -> NDArray[np.intp]:
    """Which bucket takes each sample, shape (N,): the smallest that holds it.

    Parameters
    ----------
    height, width : integers, shape (N,)
        What each sample needs, in pixels.
    sizes
        Of the buckets, the smallest area first, as `Division` has them; together they hold all.
    """
    holds = [(height <= bucket[0]) & (width <= bucket[1]) for bucket in sizes]
    place: NDArray[np.intp] = np.argmax(holds, axis=0)
    return place


class _Counted(NamedTuple):
    """Distinct sizes in pixels, and how many samples have each; shape (M,)."""

    height: Side
    width: Side
    samples: Side


def _counted(height: Side, width: Side, count: Side | None = None) -> _Counted:
    sizes, place = np.unique((height << 32) | width, return_inverse=True)
    found = np.bincount(place, weights=count).astype(np.int64)
    return _Counted(sizes >> 32, sizes & 0xFFFFFFFF, found)


def _found(sizes: _Counted, multiple: int, cancellation: Cancellation) -> list[tuple[Pixels, ...]]:
    """The sizes of buckets for 1, 2, … of them."""
    coarse = sizes
    while len(coarse.samples) > MAX_SIZES:
        cancellation.check()
        multiple *= 2
        height, width = (rounded_up(side, multiple, 1) for side in (sizes.height, sizes.width))
        coarse = _counted(height, width, sizes.samples)
    searched = Sizes.of(*coarse)
    return [
        _in_order(searched.heights[boxes[:, 0]], searched.widths[boxes[:, 1]])
        for boxes in search(searched, MAX_BUCKETS, cancellation)
    ]


def _in_order(height: Iterable[float], width: Iterable[float]) -> tuple[Pixels, ...]:
    pairs = {(int(h), int(w)) for h, w in zip(height, width, strict=True)}
    return tuple(sorted(pairs, key=lambda size: (size[0] * size[1], size)))


def _tight(sizes: _Counted, buckets: tuple[Pixels, ...]) -> tuple[Pixels, ...]:
    """The same buckets without those that no sample takes, and no larger than the samples in them need."""
    place = assign(sizes.height, sizes.width, buckets)
    used = [place == index for index in np.unique(place).tolist()]
    return _in_order(
        [sizes.height[inside].max() for inside in used], [sizes.width[inside].max() for inside in used]
    )


def _pixels(sizes: _Counted, buckets: tuple[Pixels, ...]) -> int:
    place = assign(sizes.height, sizes.width, buckets)
    rows = np.bincount(place, weights=sizes.samples, minlength=len(buckets)).tolist()
    return sum(int(count) * height * width for count, (height, width) in zip(rows, buckets, strict=True))
