"""Buckets: a few target sizes among which samples of many sizes are divided with little padding."""

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

MAX_CACHED = 8
"""Results of `divide` to cache."""

MAX_SIZES = 20_000
"""Distinct sizes to search at most. More are rounded up further first, and the result is then fitted to the
original sizes."""

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
        Total of all rows, including padding.
    """

    sizes: tuple[Pixels, ...]
    pixels: int


def rounded_up(side: NDArray[Any], multiple: int, smallest_px: int) -> Side:
    """Round sides in pixels up to multiples of `multiple` that are at least `smallest_px`."""
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
    """Divide samples into at most 1, 2, … `MAX_BUCKETS` buckets, and return the best division found for each.

    Parameters
    ----------
    height, width : integers, shape (N,), N > 0
        Pixels that each sample needs in its row; 0 if it needs none.
    multiple : int
        Divisor of every bucket's height and width.
    smallest_px : int
        Least height and width of a bucket.
    cancellation : Cancellation
        Checked during the search; a cached result is returned without a check.

    Notes
    -----
    Along a chain of nested sizes the best division is found exactly, in O(k · n · log n) for n links. In two
    dimensions it is a starting point for a local search (`stackgui.core.buckets.search`). The same samples
    always give the same divisions.
    """
    sizes = _counted(rounded_up(height, multiple, smallest_px), rounded_up(width, multiple, smallest_px))
    key = (hashlib.blake2b(np.stack(sizes).tobytes(), digest_size=16).digest(), multiple)
    if (cached := _cache.get(key)) is None:
        cached = _cache[key] = _divided(sizes, multiple, cancellation)
        for oldest in list(_cache)[:-MAX_CACHED]:
            _cache.pop(oldest, None)
    return cached


_cache: dict[tuple[bytes, int], tuple[Division, ...]] = {}
"""Cached results by a digest of the sizes, the latest last; useful because other choices make new plans.

An `lru_cache` would not do: it would count the cancellation as part of the key.
"""


def _divided(sizes: _Counted, multiple: int, cancellation: Cancellation) -> tuple[Division, ...]:
    """Divide distinct sizes as `divide` does."""
    divisions: list[Division] = []
    for found in _best_sizes(sizes, multiple, cancellation):
        cancellation.check()
        best = _tightened(sizes, found)
        pixels = _pixels(sizes, best)
        if divisions and divisions[-1].pixels <= pixels:
            best, pixels = divisions[-1].sizes, divisions[-1].pixels
        divisions.append(Division(best, pixels))
    return tuple(divisions)


def assign(height: NDArray[Any], width: NDArray[Any], sizes: Sequence[Pixels]) -> NDArray[np.intp]:
    """Return the index of each sample's bucket, the smallest that holds it, shape (N,).

    Parameters
    ----------
    height, width : integers, shape (N,)
        Pixels that each sample needs.
    sizes : sequence of (int, int)
        Sizes of the buckets, the smallest area first, as in `Division`; some bucket must hold each sample.
    """
    holds = [(height <= bucket[0]) & (width <= bucket[1]) for bucket in sizes]
    place: NDArray[np.intp] = np.argmax(holds, axis=0)
    return place


class _Counted(NamedTuple):
    """Distinct sizes in pixels, and the number of samples of each, shape (M,)."""

    height: Side
    width: Side
    samples: Side


def _counted(height: Side, width: Side, count: Side | None = None) -> _Counted:
    sizes, place = np.unique((height << 32) | width, return_inverse=True)
    found = np.bincount(place, weights=count).astype(np.int64)
    return _Counted(sizes >> 32, sizes & 0xFFFFFFFF, found)


def _best_sizes(sizes: _Counted, multiple: int, cancellation: Cancellation) -> list[tuple[Pixels, ...]]:
    """Return the sizes of the best 1, 2, … buckets found."""
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


def _tightened(sizes: _Counted, buckets: tuple[Pixels, ...]) -> tuple[Pixels, ...]:
    """Drop the buckets that no sample uses, and shrink the others to the samples in them."""
    place = assign(sizes.height, sizes.width, buckets)
    used = [place == index for index in np.unique(place).tolist()]
    return _in_order(
        [sizes.height[inside].max() for inside in used], [sizes.width[inside].max() for inside in used]
    )


def _pixels(sizes: _Counted, buckets: tuple[Pixels, ...]) -> int:
    place = assign(sizes.height, sizes.width, buckets)
    rows = np.bincount(place, weights=sizes.samples, minlength=len(buckets)).tolist()
    return sum(int(count) * height * width for count, (height, width) in zip(rows, buckets, strict=True))
