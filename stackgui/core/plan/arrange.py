"""Assigning samples to rows, and sizing the rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.aside import new_column
from stackgui.core.base.blocks import at, places_of
from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.errors import PlanError
from stackgui.core.base.size import Size, SizeKind
from stackgui.core.base.ways import Way
from stackgui.core.base.wording import say
from stackgui.core.buckets.buckets import assign, divide, rounded_up
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.splits import shuffled
from stackgui.core.options.options import Options
from stackgui.core.plan.geometry import place
from stackgui.core.plan.mask_form import left_out

BATCH_SAMPLES = 65_536
"""Samples per batch of geometry, which takes ten times as much memory as what is kept of it."""

Pixels = tuple[int, int]
"""Height and width."""


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """Rows of one size.

    Attributes
    ----------
    size : (int, int)
        Height and width in pixels.
    samples : int64, shape (rows,)
        Index into the catalog for each row.
    """

    size: Pixels
    samples: NDArray[np.int64]


def taken_in(options: Options, catalog: Catalog) -> NDArray[np.int64]:
    """Return the samples that are not left out, in the catalog's order, shape (rows,)."""
    is_out = left_out(options, catalog)
    return places_of(lambda rows: ~is_out[rows], len(is_out))


def ordered(options: Options, catalog: Catalog) -> NDArray[np.int64]:
    """Return the samples that are not left out, in row order, shape (rows,)."""
    samples = taken_in(options, catalog)
    samples = at(samples, shuffled(len(samples), options.seed)) if options.shuffle else samples
    is_first = options.first.mask(catalog)
    if not is_first.any():
        return samples
    is_first = is_first[samples]
    return np.concatenate([samples[is_first], samples[~is_first]])


def arrange(
    options: Options,
    catalog: Catalog,
    usable: NDArray[np.bool_],
    samples: NDArray[np.int64],
    cancellation: Cancellation = UNWATCHED,
) -> list[Rows]:
    """Give each of `samples` a row of the smallest size that holds it.

    Parameters
    ----------
    usable : bool, shape (N,)
        Mask of the samples that will have pixels; the others get a row of the smallest size.
    samples : int64, shape (rows,)
        From `ordered`.
    cancellation
        Checked during the search for buckets.

    Raises
    ------
    PlanError
        When no sample counts for the size.
    """
    target = largest_row(options, catalog, usable)
    if options.buckets == 1:
        return [Rows(target, samples)]
    height, width = (at(side, samples) for side in needed(options, catalog, usable, target))
    divisions = divide(height, width, options.multiple, options.smallest_px, cancellation)
    sizes = divisions[options.buckets - 1].sizes
    bucket = assign(height, width, sizes)
    return [Rows(size, samples[bucket == index]) for index, size in enumerate(sizes)]


def largest_row(options: Options, catalog: Catalog, usable: NDArray[np.bool_]) -> Pixels:
    """Return the height and width in pixels of the largest row, before buckets are made."""
    size = options.size.height, options.size.width
    if options.size.kind is not SizeKind.EXACT:
        counted = usable & ~options.shrink.mask(catalog)
        if not counted.any():
            raise PlanError(
                say(
                    "No picture is left to take the size from, because all of them are to be shrunk. "
                    "Give a size in pixels, or shrink fewer."
                ),
                ways=(Way.SIZE, Way.SHRINK),
            )
        size = target_size(options.size, catalog.height[counted], catalog.width[counted])
    height, width = rounded_up(np.array(size), options.multiple, options.smallest_px).tolist()
    return height, width


def target_size(size: Size, height: NDArray[np.int32], width: NDArray[np.int32]) -> Pixels:
    """Return the height and width in pixels that `size` asks for.

    Percentiles of heights and widths are taken separately. Each is the smallest value that at least that
    share of the samples does not exceed (NumPy's ``inverted_cdf``), so it is a length that occurs.
    """
    if size.kind is SizeKind.EXACT:
        return size.height, size.width
    if size.kind is SizeKind.MAX:
        return int(height.max()), int(width.max())
    found = [np.percentile(side, size.percentile, method="inverted_cdf") for side in (height, width)]
    return int(found[0]), int(found[1])


def needed(
    options: Options, catalog: Catalog, usable: NDArray[np.bool_], target: Pixels
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the height and width in pixels, shape (N,), that each sample fills in a row of size `target`."""
    sides = new_column(2 * len(catalog), np.int64).reshape(2, -1)
    for begin in range(0, len(catalog), BATCH_SAMPLES):
        batch = slice(begin, begin + BATCH_SAMPLES)
        height, width = (np.where(usable[batch], side[batch], 0) for side in (catalog.height, catalog.width))
        sides[:, batch] = place(height, width, target, options.fit, options.anchor).placement[:, 2:].T
    return sides[0], sides[1]
