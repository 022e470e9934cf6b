"""XBM, which is source code in C: through Pillow, once it is sure that it holds nothing else."""

from __future__ import annotations

import re
from typing import Any

from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.base.data import Data, Part
from stackgui.imaging.base.errors import ENDS_EARLY, MoreBytesNeeded, NotAPicture
from stackgui.imaging.pictures import pillow

FORMAT = "xbm"
_NUMBERS = re.compile(rb"(?:[\s,]*0[xX][0-9A-Fa-f]{2}(?=[\s,]|\Z))+[\s,]*")
_BEHIND = b"; \t\r\n\0\x1a"


def probe(
    data: Data,
    format: str,  # noqa: A002 - the protocol's word
    file_bytes: int,
    scan: ScanOptions,
) -> Header:
    """Read the header of an XBM file; see `stackgui.imaging.probe`."""
    if len(data) < file_bytes:
        raise MoreBytesNeeded
    _check(bytes(data))
    return pillow.probe(data, format, file_bytes, scan)


def decode(
    data: Data,
    format: str,  # noqa: A002 - the protocol's word
    channels: int | None,
    out: NDArray[Any] | None,
    part: Part,
) -> tuple[NDArray[Any], int]:
    """Decode an XBM file; see `stackgui.imaging.registry.registry`."""
    _check(bytes(data))
    return pillow.decode(data, format, channels, out, part)


def _check(data: bytes) -> None:
    numbers, end, behind = data.partition(b"{")[2].partition(b"}")
    if behind.strip(_BEHIND):
        raise NotAPicture("it is not a picture but source code", "source code")
    if not end:
        raise SampleError(ENDS_EARLY)
    if not _NUMBERS.fullmatch(numbers):
        raise SampleError("the picture is damaged (its numbers are not of two hexadecimal digits each)")
