"""Files of tensors: each holds an array that is a sample, or many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.axes import Axes, tell_axes
from stackgui.core.catalog import Header
from stackgui.core.errors import SampleError
from stackgui.core.scan_options import ScanOptions
from stackgui.core.text import printable
from stackgui.imaging import blocks as laid
from stackgui.imaging import hdf5, npy, npz, safetensors, torch_file, zarr_store
from stackgui.imaging.blocks import Block
from stackgui.imaging.data import Data, Part
from stackgui.imaging.errors import ArrayNotChosen
from stackgui.imaging.folder import FOLDER_FORMAT, Folder

CONTAINERS: dict[str, ModuleType] = {
    "npy": npy,
    "npz": npz,
    "safetensors": safetensors,
    "torch": torch_file,
    "hdf5": hdf5,
    FOLDER_FORMAT: zarr_store,
    "zarr-zip": zarr_store,
}
"""By format. Each has ``blocks(data, file_bytes)``, which lists the arrays in a file, and
``array(data, block)``, which gives one of them: whatever is read only where it is indexed."""

SEALED = ("npz", "torch")
"""Formats with one checksum for all samples of an array: before the first of them all has to be read."""

_LISTED = 8
_NAME_CHARACTERS = 60


@dataclass(frozen=True, eq=False, slots=True)
class _Opened:
    """A file whose samples are read one after another: its table of contents is read once."""

    data: Data | Folder
    scan: ScanOptions
    block: Block
    axes: Axes
    array: Any


_last_opened: _Opened | None = None


def probe(data: Data | Folder, format: str, file_bytes: int, scan: ScanOptions) -> Header:  # noqa: A002 - the protocol's word
    """Read the header of a file of tensors; see `stackgui.imaging.probe`."""
    found = CONTAINERS[format].blocks(data, file_bytes)
    block = _chosen(found, scan.array)
    header = laid.header(block, format, tell_axes(block.shape, scan.tensor_layout))
    return replace(header, arrays=tuple(filter(None, _names(found))))


def decode(
    data: Data | Folder,
    format: str,  # noqa: A002 - the protocol's word
    channels: int | None,  # noqa: ARG001
    out: NDArray[Any] | None,  # noqa: ARG001
    part: Part,
) -> tuple[NDArray[Any], int]:
    """Lay a tensor's numbers out as pixels, without a copy; see `stackgui.imaging.families`."""
    opened = _opened(data, format, part.scan)
    array = np.asarray(opened.array[part.member if opened.axes.is_many else ...])
    return laid.pixels(opened.block, opened.axes.of_sample, array), 1


def _opened(data: Data | Folder, format_: str, scan: ScanOptions) -> _Opened:
    global _last_opened  # noqa: PLW0603 - one worker reads one file after another
    if _last_opened is not None and _last_opened.data is data and _last_opened.scan == scan:
        return _last_opened
    block = _chosen(CONTAINERS[format_].blocks(data, len(data)), scan.array)
    told = tell_axes(block.shape, scan.tensor_layout)
    laid.header(block, format_, told)
    opened = _Opened(data, scan, block, told.axes, CONTAINERS[format_].array(data, block))
    # A file of one sample is not looked at twice, and need not stay in memory.
    _last_opened = opened if told.axes.is_many else None
    return opened


def _chosen(found: list[Block], name: str) -> Block:
    """The array that was chosen by `name`, or the only one that can be a picture."""
    if not found:
        raise SampleError("it holds no array")
    names = _names(found)
    if name and any(block.name for block in found):
        chosen = [block for block in found if block.name == name]
        if len(chosen) != 1:
            what = "several arrays" if chosen else "no array"
            raise ArrayNotChosen(f"it holds {what} called “{_short(name)}”; it has {_listed(names)}", names)
        return chosen[0]
    pictures = [block for block in found if _may_be_picture(block)] or found
    if len(pictures) > 1:
        raise ArrayNotChosen(f"it holds several arrays, and none was chosen: {_listed(names)}", names)
    return pictures[0]


def _names(found: list[Block]) -> list[str]:
    return [block.name for block in found if _may_be_picture(block)]


def _may_be_picture(block: Block) -> bool:
    # Arrays of fewer axes are what goes with pictures, such as labels.
    return len(block.shape) >= len(Axes.HW)


def _listed(names: Iterable[str]) -> str:
    shown = [_short(name) for name in islice(names, _LISTED + 1)]
    return ", ".join(shown[:_LISTED]) + (" and more" if len(shown) > _LISTED else "")


def _short(name: str) -> str:
    text = printable(name)
    return text if len(text) <= _NAME_CHARACTERS else text[: _NAME_CHARACTERS - 1] + "…"
