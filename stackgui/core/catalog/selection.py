"""Selections: samples that a person picked to look at or to work with."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.wording import say_many
from stackgui.core.catalog.catalog import Catalog

_BATCH = 4096


@dataclass(frozen=True, slots=True)
class SizeRange:
    """A range of sizes in pixels; the bounds are included."""

    least_height: int
    most_height: int
    least_width: int
    most_width: int

    def samples(self, catalog: Catalog) -> NDArray[np.int64]:
        """Return the usable samples of these sizes, in order."""
        height, width = catalog.height, catalog.width
        inside = (height >= self.least_height) & (height <= self.most_height)
        inside &= (width >= self.least_width) & (width <= self.most_width)
        return np.flatnonzero(inside & catalog.usable)

    def selection(self, catalog: Catalog) -> Selection:
        """Return the selection of the usable samples of these sizes."""
        return Selection(str(self), self.samples(catalog), self)

    def __str__(self) -> str:
        width, height = (
            f"{least:,}" if least == most else f"{least:,} to {most:,}"
            for least, most in (
                (self.least_width, self.most_width),
                (self.least_height, self.most_height),
            )
        )
        return say_many(
            self.most_width,
            "{width} pixel wide and {height} high",
            "{width} pixels wide and {height} high",
            width=width,
            height=height,
        )


@dataclass(frozen=True, eq=False, slots=True)
class Selection:
    """Some samples of a catalog.

    Attributes
    ----------
    title : str
        What they have in common, to follow "3 pictures", for example ``"640 pixels wide and 480 high"``.
    samples : int64, shape (n,)
        In order.
    sizes : SizeRange or None
        The range of sizes that was selected, if any.
    side_by_side : int64, shape (m,), or None
        What is to be shown instead, in this order: the samples together with others, to compare them.
    """

    title: str
    samples: NDArray[np.int64]
    sizes: SizeRange | None = None
    side_by_side: NDArray[np.int64] | None = None

    @property
    def shown(self) -> NDArray[np.int64]:
        """Return the samples that are to be shown, in order."""
        return self.samples if self.side_by_side is None else self.side_by_side

    def __len__(self) -> int:
        return len(self.samples)


Column = Callable[[NDArray[np.int64]], Iterable[object]]
"""Returns the cells of a column for some samples."""


def list_lines(catalog: Catalog, samples: NDArray[np.int64]) -> Iterator[bytes]:
    """Yield a list of files as `csv_lines`: ``path`` (absolute), ``height``, ``width``, ``problem``."""
    columns: dict[str, Column] = {
        "path": lambda part: map(catalog.file, part.tolist()),
        "height": lambda part: catalog.height[part].tolist(),
        "width": lambda part: catalog.width[part].tolist(),
        "problem": catalog.problem.take,
    }
    return csv_lines(columns, samples)


def csv_lines(columns: Mapping[str, Column], samples: NDArray[np.int64]) -> Iterator[bytes]:
    """Yield a table of samples as CSV in UTF-8, with `columns` by title.

    Names that are not valid UTF-8 keep their bytes. Each item holds up to `_BATCH` lines.
    """
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(columns)
    for begin in range(0, len(samples), _BATCH):
        part = samples[begin : begin + _BATCH]
        writer.writerows(zip(*(cells(part) for cells in columns.values()), strict=True))
        yield lines.getvalue().encode("utf-8", "surrogateescape")
        lines.seek(0)
        lines.truncate()
    yield lines.getvalue().encode("utf-8", "surrogateescape")  # the titles, if there are no samples
