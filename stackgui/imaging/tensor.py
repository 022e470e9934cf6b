"""Files of tensors: ``.npy``, ``.npz``, safetensors and PyTorch's; each array is a sample, or many."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from types import ModuleType
from typing import Any

from numpy.typing import NDArray

from stackgui.core.catalog import Header
from stackgui.core.errors import SampleError
from stackgui.imaging import blocks as laid
from stackgui.imaging import npy, npz, safetensors, torch_file
from stackgui.imaging.blocks import Block
from stackgui.imaging.data import Data

CONTAINERS: dict[str, ModuleType] = {
    "npy": npy,
    "npz": npz,
    "safetensors": safetensors,
    "torch": torch_file,
}
"""By format. Each has ``blocks(data, file_bytes)``, which lists the arrays in a file, and
``buffer(data, entry)``, which gives the bytes that one of them lies in; also ``entry_bytes(data, entry)``,
where that is not the whole file."""

_PICTURE_AXES = len("HW")


@dataclass(eq=False, slots=True)
class _Opened:
    """A file whose samples are read one after another: its table of contents is read once."""

    data: Data
    blocks: list[Block]
    ends: list[int]
    buffers: dict[str, Data | memoryview]


_last_opened: _Opened | None = None


def probe(data: Data, format: str, file_bytes: int) -> Header:  # noqa: A002 - the protocol's word
    """Read the header of a file of tensors; see `stackgui.imaging.probe`."""
    in_entry = getattr(CONTAINERS[format], "entry_bytes", None)
    headers: list[Header] = []
    for block in _pictures(data, format, file_bytes):
        header = laid.header(block, format, in_entry(data, block.entry) if in_entry else file_bytes)
        headers += [header] * block.samples
    return headers[0] if len(headers) == 1 else replace(headers[0], others=tuple(headers[1:]))


def decode(
    data: Data,
    format: str,  # noqa: A002 - the protocol's word
    channels: int | None,  # noqa: ARG001
    out: NDArray[Any] | None,  # noqa: ARG001
    member: int,
) -> tuple[NDArray[Any], int]:
    """Lay a tensor's numbers out as pixels, without a copy; see `stackgui.imaging.families`."""
    opened = _opened(data, format)
    index = bisect_right(opened.ends, member)
    block = opened.blocks[index]
    if block.entry not in opened.buffers:
        # Only one, because unpacked ones lie in memory.
        opened.buffers = {block.entry: CONTAINERS[format].buffer(data, block.entry)}
    buffer = opened.buffers[block.entry]
    laid.header(block, format, len(buffer))
    return laid.pixels(block, member - (opened.ends[index] - block.samples), buffer), 1


def _opened(data: Data, format_: str) -> _Opened:
    global _last_opened  # noqa: PLW0603 - one worker reads one file after another
    if _last_opened is not None and _last_opened.data is data:
        return _last_opened
    found = _pictures(data, format_, len(data))
    opened = _Opened(data, found, list(accumulate(block.samples for block in found)), {})
    # A file of one sample is not looked at twice, and need not stay in memory.
    _last_opened = opened if opened.ends[-1] > 1 else None
    return opened


def _pictures(data: Data, format_: str, file_bytes: int) -> list[Block]:
    """The arrays that are pictures; those of less than two axes, such as labels, are none."""
    found: list[Block] = CONTAINERS[format_].blocks(data, file_bytes)
    if not found:
        raise SampleError("it holds no array")
    pictures = [block for block in found if len(block.shape) >= _PICTURE_AXES]
    return pictures or found
