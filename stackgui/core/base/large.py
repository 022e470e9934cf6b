"""Limits above which samples are memory-mapped, and resized or cut in pieces."""

from __future__ import annotations

from collections.abc import Iterator

from stackgui.core.base.decoding import Access, decoding_of

WHOLE_PX = 2**24
"""Samples of at most this many pixels are resized as a whole, which is a little faster."""

PIECE_PX = 2**21
"""Larger samples are resized in pieces of about this many pixels."""

MAPPED_BYTES = 2**26
"""Files above this size are memory-mapped if their format allows it, even if they hold one sample only."""


def is_mapped(format_: str, file_bytes: int) -> bool:
    """Whether a file outside any archive is memory-mapped."""
    return file_bytes > MAPPED_BYTES and decoding_of(format_).access is not Access.WHOLE


def pieces(height: int, width: int) -> Iterator[tuple[int, int]]:
    """Yield the first line of each piece of a sample, and the line after its last."""
    step = max(1, PIECE_PX // width)
    for top in range(0, height, step):
        yield top, min(top + step, height)


def is_in_pieces(height: int, width: int) -> bool:
    """Whether a sample of this size is resized or cut in pieces."""
    return height * width > WHOLE_PX
