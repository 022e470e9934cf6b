"""Read parts of a large TIFF page, decoding only the tiles or strips that hold them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.imaging.base.data import Data

if TYPE_CHECKING:
    import tifffile

_NONE, _LZW, _JPEG, _DEFLATE, _OLD_DEFLATE, _PACKBITS, _LZMA, _ZSTD = 1, 5, 7, 8, 32946, 32773, 34925, 50000
_PACKINGS = frozenset({_NONE, _LZW, _JPEG, _DEFLATE, _OLD_DEFLATE, _PACKBITS, _LZMA, _ZSTD})
_PREDICTORS = frozenset({1, 2, 3})

WHOLE_SHARE = 4
"""Decode the whole page if a read needs more than one in `WHOLE_SHARE` of its segments, as some columns of
a page in strips do. Otherwise each read would decode the same segments again, or most would stay cached."""


class Grid(NamedTuple):
    """How a page is divided into segments, which are tiles or strips.

    Attributes
    ----------
    height, width : int
        Size of a segment, in pixels.
    down, across : int
        Number of segments per column and per row of a plane.
    planes, channels : int
        Number of planes, and of channels in each plane.
    """

    height: int
    width: int
    down: int
    across: int
    planes: int
    channels: int


def grid_of(page: tifffile.TiffPage) -> Grid | None:
    """Return the grid of segments of a page, or None if it cannot be decoded in parts."""
    planes, depth, height, width, channels = page.shaped
    is_plain = page.compression in _PACKINGS and page.predictor in _PREDICTORS
    if not is_plain or depth != 1 or page.jpegheader is not None:
        return None
    own_height = page.tilelength if page.is_tiled else min(page.rowsperstrip, height)
    own_width = page.tilewidth if page.is_tiled else width
    if own_height < 1 or own_width < 1 or (page.is_tiled and page.tiledepth != 1):
        return None
    down, across = math.ceil(height / own_height), math.ceil(width / own_width)
    if len(page.dataoffsets) != planes * down * across or len(page.databytecounts) != len(page.dataoffsets):
        return None
    if own_height * own_width * WHOLE_SHARE > height * width:
        return None
    return Grid(own_height, own_width, down, across, planes, channels)


@dataclass(eq=False, slots=True)
class Tiles:
    """The pixels of a page, read in parts; consecutive reads decode no segment twice.

    Attributes
    ----------
    data
        The whole file.
    page
        The page, as tifffile describes it.
    grid
        Its segments.
    whole
        Decodes all pixels, shape (h, w, c). Called when a read needs many segments, or when a segment is
        damaged, so that the decoder of small pages reports it.
    """

    data: Data
    page: tifffile.TiffPage
    grid: Grid
    whole: Callable[[], NDArray[Any]]
    _cache: dict[int, NDArray[Any]] = field(default_factory=dict, init=False)
    _whole_pixels: NDArray[Any] | None = field(default=None, init=False)

    def read(self, rows: slice, columns: slice) -> NDArray[Any] | None:
        """Return some rows and columns as stored, shape (h, w, c), or None if `whole` must decode them."""
        top, bottom, _ = rows.indices(self.page.imagelength)
        left, right, _ = columns.indices(self.page.imagewidth)
        grid = self.grid
        down = range(top // grid.height, math.ceil(bottom / grid.height))
        across = range(left // grid.width, math.ceil(right / grid.width))
        if len(down) * len(across) * WHOLE_SHARE > grid.down * grid.across:
            return None
        found = np.empty((bottom - top, right - left, grid.planes * grid.channels), self.page.dtype)
        needed = set(self._places(down, across))
        self._cache = {place: pixels for place, pixels in self._cache.items() if place in needed}
        for place in sorted(needed):
            segment = self._segment(place)
            if segment is None:
                return None
            plane, row, column = self._where(place)
            # Rows and columns that the segment and the read share.
            first, last = max(top, row), min(bottom, row + segment.shape[0])
            begin, end = max(left, column), min(right, column + segment.shape[1])
            channels = slice(plane * grid.channels, (plane + 1) * grid.channels)
            found[first - top : last - top, begin - left : end - left, channels] = segment[
                first - row : last - row, begin - column : end - column
            ]
        return found

    def pixels(
        self, rows: slice, columns: slice, settled: Callable[[NDArray[Any]], NDArray[Any]]
    ) -> NDArray[Any]:
        """Return some rows and columns as pixel values; `settled` converts stored numbers to them."""
        if self._whole_pixels is None:
            found = self.read(rows, columns)
            if found is not None:
                return settled(found)
            self._cache = {}
            self._whole_pixels = self.whole()
        return self._whole_pixels[rows, columns]

    def _places(self, down: range, across: range) -> Iterator[int]:
        for plane in range(self.grid.planes):
            for row in down:
                for column in across:
                    yield (plane * self.grid.down + row) * self.grid.across + column

    def _where(self, place: int) -> tuple[int, int, int]:
        """Return the plane, first row and first column of a segment."""
        row, column = divmod(place, self.grid.across)
        plane, row = divmod(row, self.grid.down)
        return plane, row * self.grid.height, column * self.grid.width

    def _segment(self, place: int) -> NDArray[Any] | None:
        """Return the pixels of a segment that lie within the picture, or None if it is damaged."""
        if place not in self._cache:
            page = self.page
            begin = page.dataoffsets[place]
            packed = self.data[begin : begin + page.databytecounts[place]]
            tables = {"jpegtables": page.jpegtables} if page.compression == _JPEG else {}
            try:
                decoded = page.decode(packed, place, **tables)[0]
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001 - decoders fail in many ways; decoding the whole page reports it better
                return None
            _, row, column = self._where(place)
            height = min(self.grid.height, page.imagelength - row)
            width = min(self.grid.width, page.imagewidth - column)
            if decoded is None or decoded.dtype != page.dtype:
                return None
            pixels = decoded[0, :height, :width]
            if pixels.shape != (height, width, self.grid.channels):
                return None
            self._cache[place] = pixels
        return self._cache[place]
