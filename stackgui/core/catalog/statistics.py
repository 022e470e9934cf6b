"""Statistics of a catalog: counts, and the distribution of sizes and shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base import histogram
from stackgui.core.base.histogram import Histogram
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.tensor_shapes import TensorShapes, tensor_shapes


@dataclass(frozen=True, slots=True)
class Spread:
    """The distribution of a quantity.

    Attributes
    ----------
    classes : Histogram
    smallest, quarter, median, three_quarters, percentile_99, largest : int
        Percentiles; each is a value that occurs.
    """

    classes: Histogram

    smallest: int
    quarter: int
    median: int
    three_quarters: int
    percentile_99: int
    largest: int


@dataclass(frozen=True, slots=True)
class Shapes:
    """The aspect ratios of samples.

    Attributes
    ----------
    wide, high, square : int
        Numbers of samples that are wider than high, higher than wide, and neither.
    widest, highest : (int, int)
        Height and width of the first sample with the largest, and the smallest, ratio of width to height.
    ratios : Histogram
        Ratios of width to height.
    """

    wide: int
    high: int
    square: int
    widest: tuple[int, int]
    highest: tuple[int, int]
    ratios: Histogram


@dataclass(frozen=True, eq=False, slots=True)
class SizeCounts:
    """The distinct sizes, which many samples may share, and the number of samples of each.

    Attributes
    ----------
    height, width : int32, shape (M,)
        In pixels, upright; sorted by height, then width.
    count : int64, shape (M,)
        Samples of that size.
    example : int64, shape (M,)
        The first sample of that size.
    """

    height: NDArray[np.int32]
    width: NDArray[np.int32]
    count: NDArray[np.int64]
    example: NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Statistics:
    """Statistics of a catalog.

    Attributes
    ----------
    samples, usable : int
        All samples, and those without a problem.
    file_bytes : int
        Total of all samples.
    pixels : int
        Total of the usable samples.
    height, width, file_size : Spread or None
        Of usable samples, in pixels and bytes; None if no sample is usable.
    shapes : Shapes or None
        Of usable samples; None if there are none.
    formats, dtypes, problems, skipped : dict of str to int
        Counts, most frequent first.
    channels : dict of int to int
        Usable samples by number of channels.
    profiles : dict of str to int
        Usable samples by colour profile, except sRGB; most frequent first.
    several_frames, frames : int
        Files with several frames or pages, and the total of their frames.
    turned : int
        Usable samples whose EXIF orientation rotates or mirrors them.
    sizes : SizeCounts
        Of usable samples.
    per_source : dict of str to int
        Samples in each source, by its name.
    tensors : tuple of TensorShapes
        Usable tensors, grouped by how their shape was read.
    """

    samples: int
    usable: int
    file_bytes: int
    pixels: int
    height: Spread | None
    width: Spread | None
    file_size: Spread | None
    shapes: Shapes | None
    formats: dict[str, int]
    dtypes: dict[str, int]
    channels: dict[int, int]
    problems: dict[str, int]
    skipped: dict[str, int]
    profiles: dict[str, int]
    several_frames: int
    frames: int
    turned: int
    sizes: SizeCounts
    per_source: dict[str, int]
    tensors: tuple[TensorShapes, ...]


def describe(catalog: Catalog) -> Statistics:
    """Compute the statistics of `catalog`; sizes and shapes are those of the usable samples."""
    usable = catalog.usable
    height, width = catalog.height[usable], catalog.width[usable]
    channels, channel_counts = np.unique(catalog.channels[usable], return_counts=True)
    problems = catalog.problem.counts() if len(catalog) else {}
    frames = _frames_of_files(catalog)
    profiles = catalog.profile.take(usable).counts()
    for counts in (problems, profiles):
        counts.pop("", None)
    per_source = np.bincount(catalog.source, minlength=len(catalog.sources))
    return Statistics(
        samples=len(catalog),
        usable=int(np.count_nonzero(usable)),
        file_bytes=int(catalog.file_bytes.sum()),
        pixels=int(height.astype(np.int64) @ width.astype(np.int64)),
        height=_spread(height, histogram.of_sides),
        width=_spread(width, histogram.of_sides),
        file_size=_spread(catalog.file_bytes[usable], histogram.of_ratios),
        shapes=_shapes(height, width),
        formats=catalog.format.take(usable).counts(),
        dtypes=catalog.dtype.take(usable).counts(),
        channels=dict(zip(channels.tolist(), channel_counts.tolist(), strict=True)),
        problems=problems,
        skipped=catalog.skipped.left_aside,
        profiles=profiles,
        several_frames=len(frames),
        frames=int(frames.sum()),
        turned=int(np.count_nonzero(catalog.orientation[usable] > 1)),
        sizes=_size_counts(height, width, np.flatnonzero(usable)),
        per_source=dict(zip(catalog.sources, per_source.tolist(), strict=True)),
        tensors=tensor_shapes(catalog),
    )


def _frames_of_files(catalog: Catalog) -> NDArray[np.int32]:
    """Return the number of frames of each file that has several."""
    one_of_each = catalog.frames > 1
    if catalog.scan_options.frames.takes_all:
        one_of_each &= catalog.member == 0
    return catalog.frames[one_of_each]


def _shapes(height: NDArray[np.int32], width: NDArray[np.int32]) -> Shapes | None:
    if not len(height):
        return None
    ratio = width / height
    widest, highest = int(np.argmax(ratio)), int(np.argmin(ratio))
    wide, high = int(np.count_nonzero(width > height)), int(np.count_nonzero(width < height))
    return Shapes(
        wide,
        high,
        len(height) - wide - high,
        (int(height[widest]), int(width[widest])),
        (int(height[highest]), int(width[highest])),
        histogram.of_ratios(ratio),
    )


def _spread(
    values: NDArray[np.integer], classes: Callable[[NDArray[np.integer[Any]]], Histogram]
) -> Spread | None:
    if not len(values):
        return None
    found = np.percentile(values, [0, 25, 50, 75, 99, 100], method="inverted_cdf")
    return Spread(classes(values), *(int(value) for value in found))


def _size_counts(
    height: NDArray[np.int32], width: NDArray[np.int32], samples: NDArray[np.int64]
) -> SizeCounts:
    # One 64-bit key per size sorts ten times faster than rows of two columns.
    key = (height.astype(np.int64) << 32) | width
    sizes, first, count = np.unique(key, return_index=True, return_counts=True)
    return SizeCounts(
        height=(sizes >> 32).astype(np.int32),
        width=(sizes & 0xFFFFFFFF).astype(np.int32),
        count=count.astype(np.int64),
        example=samples[first],
    )
