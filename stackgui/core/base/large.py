"""How samples of many pixels are read: piece by piece where the format allows it."""

from __future__ import annotations

from collections.abc import Iterator

from stackgui.core.base.decoding import Access, decoding_of

WHOLE_PX = 2**24
"""Samples of up to so many pixels are scaled at once, which is a little faster."""

PIECE_PX = 2**21
"""About so many pixels are scaled at a time of larger ones."""

MAPPED_BYTES = 2**26
"""A larger file of a format that can be mapped is, also where it is one sample only."""


def is_mapped(format_: str, file_bytes: int) -> bool:
    """Whether a file of its own is mapped."""
    return file_bytes > MAPPED_BYTES and decoding_of(format_).access is not Access.WHOLE


def pieces(height: int, width: int) -> Iterator[tuple[int, int]]:
    """From which line up to which each piece of a sample goes."""
    step = max(1, PIECE_PX // width)
    for top in range(0, height, step):
        yield top, min(top + step, height)


def is_in_pieces(height: int, width: int) -> bool:
    """Whether a sample of this size is scaled, or cut, piece by piece."""
    return height * width > WHOLE_PX
