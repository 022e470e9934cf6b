"""Check the strips and tiles of a TIFF page, because tifffile fills missing ones with zeros."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.imaging.base.limits import check_claim

if TYPE_CHECKING:
    import tifffile

_NONE = 1
_DEFLATE = frozenset({8, 32946})
_CHUNKY = 1


def settle(page: tifffile.TiffPage, file_bytes: int) -> None:
    """Check that the file holds all segments, and correct their sizes in place where they are known.

    Programs omit the sizes, or write a wrong one for the last segment. The size of an uncompressed segment
    follows from the size of the picture; a deflate stream marks its own end and has a checksum.

    Raises
    ------
    SampleError
        When a segment is missing or cut off.
    """
    offsets, counts = page.dataoffsets, page.databytecounts
    if page.compression == _NONE:
        counts = _uncompressed_bytes(page)
    elif page.compression in _DEFLATE:
        counts = _up_to_the_next(offsets, counts, file_bytes)
    if not offsets or len(counts) != len(offsets):
        raise SampleError(
            say("the picture header is damaged (not every strip or tile has a place and a size)")
        )
    if 0 in counts or max(map(sum, zip(offsets, counts, strict=True))) > file_bytes:
        raise SampleError(say("the file ends in the middle of the picture"))
    if page.compression == _NONE:
        stored_bytes = page.size * page.bitspersample // 8
        check_claim(stored_bytes, sum(counts), page.imagelength, page.imagewidth)
    page.databytecounts = tuple(counts)


def _uncompressed_bytes(page: tifffile.TiffPage) -> tuple[int, ...]:
    """Return the size of each uncompressed segment, in bytes."""
    is_chunky = page.planarconfig == _CHUNKY
    channels = page.samplesperpixel if is_chunky else 1
    planes = 1 if is_chunky else page.samplesperpixel
    if page.is_tiled:
        line = -(-page.tilewidth * channels * page.bitspersample // 8)
        return (line * page.tilelength,) * len(page.dataoffsets)
    line = -(-page.imagewidth * channels * page.bitspersample // 8)
    rows = max(1, min(page.rowsperstrip, page.imagelength))
    strips = -(-page.imagelength // rows)
    last = page.imagelength - (strips - 1) * rows
    return ((rows * line,) * (strips - 1) + (last * line,)) * planes


def _up_to_the_next(offsets: tuple[int, ...], counts: tuple[int, ...], file_bytes: int) -> tuple[int, ...]:
    """Return the stored sizes; replace missing or impossible ones by the distance to the next segment."""
    begins = [*sorted(set(offsets)), file_bytes]
    stored = dict(zip(offsets, counts, strict=False))
    found = []
    for offset in offsets:
        count = stored.get(offset, 0)
        place = bisect_right(begins, offset)
        if place < len(begins) and (not count or offset + count > file_bytes):
            count = begins[place] - offset
        found.append(count)
    return tuple(found)
