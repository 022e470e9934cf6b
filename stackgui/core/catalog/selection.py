"""Samples that a person picked out, to look at them or to do something with them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.units import agree
from stackgui.core.catalog.catalog import Catalog

_LISTED_TOGETHER = 4096


@dataclass(frozen=True, slots=True)
class SizeRange:
    """Sizes from one to another, both included, in pixels."""

    least_height: int
    most_height: int
    least_width: int
    most_width: int

    def samples(self, catalog: Catalog) -> NDArray[np.int64]:
        """The usable samples of these sizes, in order."""
        height, width = catalog.height, catalog.width
        inside = (height >= self.least_height) & (height <= self.most_height)
        inside &= (width >= self.least_width) & (width <= self.most_width)
        return np.flatnonzero(inside & catalog.usable)

    def selection(self, catalog: Catalog) -> Selection:
        """The samples of these sizes."""
        return Selection(str(self), self.samples(catalog), self)

    def __str__(self) -> str:
        height, width = (
            f"{least:,}" if least == most else f"{least:,} to {most:,}"
            for least, most in (
                (self.least_height, self.most_height),
                (self.least_width, self.most_width),
            )
        )
        return f"{height} {agree(self.most_height, 'pixel', 'pixels')} high and {width} wide"


@dataclass(frozen=True, eq=False, slots=True)
class Selection:
    """Some samples of a catalog.

    Attributes
    ----------
    title : str
        What they have in common, as it follows "3 pictures", for example ``"480 pixels high and 640 wide"``.
    samples : int64, shape (n,)
        In order.
    """

    title: str
    samples: NDArray[np.int64]
    sizes: SizeRange | None = None

    def __len__(self) -> int:
        return len(self.samples)


def list_lines(catalog: Catalog, samples: NDArray[np.int64]) -> Iterator[bytes]:
    """A list of files as CSV: ``path`` (absolute), ``height``, ``width``, ``problem``; in UTF-8.

    Names that are no Unicode keep their bytes. They come `_LISTED_TOGETHER` at a time.
    """
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(("path", "height", "width", "problem"))
    for begin in range(0, len(samples), _LISTED_TOGETHER):
        part = samples[begin : begin + _LISTED_TOGETHER]
        sizes = catalog.height[part].tolist(), catalog.width[part].tolist()
        writer.writerows(
            zip(map(catalog.file, part.tolist()), *sizes, catalog.problem.take(part), strict=True)
        )
        yield lines.getvalue().encode("utf-8", "surrogateescape")
        lines.seek(0)
        lines.truncate()
    yield lines.getvalue().encode("utf-8", "surrogateescape")  # the titles, where there are no samples
