"""The decoder shared by all array formats: it turns arrays, each with one or many samples, into pixels."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.axes import Axes, infer_axes
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.base.data import Readable
from stackgui.imaging.base.decoder import Decoder, Pixels, Sample, SourceT_contra, Start
from stackgui.imaging.tensors import blocks as block_layout
from stackgui.imaging.tensors.blocks import Block
from stackgui.imaging.tensors.chosen_arrays import chosen, names_of


@dataclass(eq=False, slots=True)
class _Opened:
    """An open file whose samples are read one after another. Its table of contents is read only once.

    Attributes
    ----------
    data
    scan
    blocks, headers
        The arrays that contain samples, and the header of each.
    ends
        Cumulative sample counts: the number of samples up to the end of each array.
    read
        Function that returns an array, given its block.
    """

    data: object
    scan: ScanOptions
    blocks: tuple[Block, ...]
    headers: tuple[Header, ...]
    ends: tuple[int, ...]
    read: Callable[[Block], Any]
    _last: tuple[int, Any] | None = field(default=None, init=False)

    def sample(self, member: int) -> NDArray[Any]:
        """Return the pixels of a sample."""
        return self.readable(member).read(slice(None), slice(None))

    def readable(self, member: int) -> Readable:
        """Return the pixels of a sample as regions; axes are reordered when a region is read."""
        if member >= self.ends[-1]:
            raise SampleError(say("it has fewer samples than when it was looked at"))
        place = bisect_right(self.ends, member)
        header, block = self.headers[place], self.blocks[place]
        if header.problem:
            raise SampleError(header.problem)
        if self._last is None or self._last[0] != place:
            self._last = (place, self.read(block))
        axes = infer_axes(block.shape, self.scan.tensor_layout).axes
        first = self.ends[place] - header.samples
        array = np.asarray(self._last[1][member - first if axes.is_many else ...])

        def read(rows: slice, columns: slice) -> NDArray[Any]:
            part = array[:, rows, columns] if axes.of_sample is Axes.CHW else array[rows, columns]
            return block_layout.pixels(block, axes.of_sample, part)

        return Readable(header.height, header.width, header.channels, np.dtype(header.dtype), read)


class Tensors(Decoder[SourceT_contra]):
    """Decodes array files.

    Parameters
    ----------
    blocks
        Function that lists the arrays in a file.
    reader
        Function that opens a file. It returns a function from a block to its array, which reads only the
        parts that are indexed.
    """

    _kept: ClassVar[_Opened | None] = None
    """The open file. All formats share one slot, because a worker reads one file after another."""

    def __init__(
        self,
        blocks: Callable[[Start[SourceT_contra]], list[Block]],
        reader: Callable[[SourceT_contra], Callable[[Block], Any]],
    ) -> None:
        self._blocks = blocks
        self._reader = reader

    def headers(self, start: Start[SourceT_contra]) -> Header:
        """Return the header of the first array that contains samples, with the others in `Header.others`."""
        found = self._blocks(start)
        first, *others = _headers(chosen(found, start.scan), start.format, start.scan)
        return replace(first, arrays=tuple(filter(None, names_of(found))), others=tuple(others))

    def decode(self, sample: Sample[SourceT_contra]) -> Pixels:
        """Return a sample's pixels, as a view where possible; arrays have no orientation."""
        return self._opened(sample).sample(sample.member), 1

    def readable(self, sample: Sample[SourceT_contra]) -> Readable:
        """Return a sample that can be read region by region."""
        return self._opened(sample).readable(sample.member)

    def _opened(self, sample: Sample[SourceT_contra]) -> _Opened:
        kept = Tensors._kept
        if kept is not None and kept.data is sample.data and kept.scan == sample.scan:
            return kept
        whole = Start(sample.data, "", len(sample.data), sample.scan)
        blocks = chosen(self._blocks(whole), sample.scan)
        headers = _headers(blocks, "", sample.scan)
        ends = tuple(accumulate(header.samples for header in headers))
        opened = _Opened(sample.data, sample.scan, blocks, headers, ends, self._reader(sample.data))
        # A file with a single sample is not read again, so it need not stay in memory.
        Tensors._kept = opened if ends[-1] > 1 else None
        return opened


def _headers(blocks: tuple[Block, ...], format_: str, scan: ScanOptions) -> tuple[Header, ...]:
    """Return the header of each array. Among several, one unusable array must not lose the others."""
    if len(blocks) == 1:
        return (_header(blocks[0], format_, scan),)
    found = []
    for block in blocks:
        try:
            found.append(_header(block, format_, scan))
        except SampleError as error:
            found.append(Header(format_, 0, 0, 0, "", problem=error.reason, member_name=block.name))
    return tuple(found)


def _header(block: Block, format_: str, scan: ScanOptions) -> Header:
    return block_layout.header(block, format_, infer_axes(block.shape, scan.tensor_layout))
