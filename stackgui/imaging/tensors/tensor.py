"""Files of tensors: each holds an array that is a sample, or many."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import accumulate
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.axes import Axes, tell_axes
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.base.data import Data, Part
from stackgui.imaging.base.folder import FOLDER_FORMAT, Folder
from stackgui.imaging.pixels.resize import Readable
from stackgui.imaging.tensors import blocks as laid
from stackgui.imaging.tensors import hdf5, npy, npz, safetensors, torch_file, zarr_store
from stackgui.imaging.tensors.blocks import Block
from stackgui.imaging.tensors.chosen_arrays import chosen, names_of

CONTAINERS: dict[str, ModuleType] = {
    "npy": npy,
    "npz": npz,
    "safetensors": safetensors,
    "torch": torch_file,
    "hdf5": hdf5,
    FOLDER_FORMAT: zarr_store,
    "zarr-zip": zarr_store,
}
"""By format. Each has ``blocks(data, file_bytes)``, which lists the arrays in a file, and ``reader(data)``,
whose result gives one of them by its block: whatever is read only where it is indexed."""

SEALED = ("npz", "torch")
"""Formats with one checksum for all samples of an array: before the first of them all has to be read."""


@dataclass(eq=False, slots=True)
class _Opened:
    """A file whose samples are read one after another: its table of contents is read once.

    Attributes
    ----------
    data
    scan
    blocks, headers
        The arrays that are samples or hold some, and what is said of each.
    ends
        How many samples there are up to the end of each.
    read
        Gives an array by its block.
    """

    data: Data | Folder
    scan: ScanOptions
    blocks: tuple[Block, ...]
    headers: tuple[Header, ...]
    ends: tuple[int, ...]
    read: Callable[[Block], Any]
    _last: tuple[int, Any] | None = field(default=None, init=False)

    def sample(self, member: int) -> NDArray[Any]:
        """The pixels of a sample."""
        return self.readable(member).read(slice(None), slice(None))

    def readable(self, member: int) -> Readable:
        """The pixels of a sample, laid out when they are read."""
        if member >= self.ends[-1]:
            raise SampleError("it has fewer samples than when it was looked at")
        place = bisect_right(self.ends, member)
        header, block = self.headers[place], self.blocks[place]
        if header.problem:
            raise SampleError(header.problem)
        if self._last is None or self._last[0] != place:
            self._last = (place, self.read(block))
        axes = tell_axes(block.shape, self.scan.tensor_layout).axes
        first = self.ends[place] - header.samples
        array = np.asarray(self._last[1][member - first if axes.is_many else ...])

        def read(rows: slice, columns: slice) -> NDArray[Any]:
            part = array[:, rows, columns] if axes.of_sample is Axes.CHW else array[rows, columns]
            return laid.pixels(block, axes.of_sample, part)

        return Readable(header.height, header.width, header.channels, np.dtype(header.dtype), read)


_last_opened: _Opened | None = None


def probe(data: Data | Folder, format: str, file_bytes: int, scan: ScanOptions) -> Header:  # noqa: A002 - the protocol's word
    """Read the header of a file of tensors; see `stackgui.imaging.probe`."""
    found = CONTAINERS[format].blocks(data, file_bytes)
    first, *others = _headers(chosen(found, scan), format, scan)
    return replace(first, arrays=tuple(filter(None, names_of(found))), others=tuple(others))


def decode(
    data: Data | Folder,
    format: str,  # noqa: A002 - the protocol's word
    channels: int | None,  # noqa: ARG001
    out: NDArray[Any] | None,  # noqa: ARG001
    part: Part,
) -> tuple[NDArray[Any], int]:
    """Lay a tensor's numbers out as pixels, without a copy; see `stackgui.imaging.registry.registry`."""
    return _opened(data, format, part.scan).sample(part.member), 1


def readable(data: Data | Folder, format: str, part: Part) -> Readable:  # noqa: A002 - the protocol's word
    """A tensor that is laid out part by part; see `stackgui.imaging.registry.registry`."""
    return _opened(data, format, part.scan).readable(part.member)


def _opened(data: Data | Folder, format_: str, scan: ScanOptions) -> _Opened:
    global _last_opened  # noqa: PLW0603 - one worker reads one file after another
    if _last_opened is not None and _last_opened.data is data and _last_opened.scan == scan:
        return _last_opened
    blocks = chosen(CONTAINERS[format_].blocks(data, len(data)), scan)
    headers = _headers(blocks, format_, scan)
    ends = tuple(accumulate(header.samples for header in headers))
    opened = _Opened(data, scan, blocks, headers, ends, CONTAINERS[format_].reader(data))
    # A file of one sample is not looked at twice, and need not stay in memory.
    _last_opened = opened if ends[-1] > 1 else None
    return opened


def _headers(blocks: tuple[Block, ...], format_: str, scan: ScanOptions) -> tuple[Header, ...]:
    """What is said of each array; of several, one that is no sample must not lose the others."""
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
    return laid.header(block, format_, tell_axes(block.shape, scan.tensor_layout))
