"""JPEG files with bytes that do not belong there, which cameras write by the million.

libjpeg says of a file what struck it first, and nothing of what came after. So what it may be is taken away,
and the rest has to be without any fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.doubts import Doubt
from stackgui.imaging.base.data import Data
from stackgui.imaging.pictures.jpeg_left_over import Seen, is_pixels, is_stray
from stackgui.imaging.pictures.jpeg_parts import Parts, is_finished, parts_of

Complaint = Callable[[bytes], str]
"""What a strict decoder has to say against a file, or ``""``."""

_EXTRANEOUS = re.compile(r"(\d+) extraneous bytes before marker 0xd9")
_READ_AHEAD_BYTES = 16
"""More than libjpeg reads of a scan behind its last pixel without a word."""

_END_MARK = b"\xff\xd9"
_ROOM = bytes(16)
"""What stands at the end of files whose room was reserved before they were written, and cut short."""

_FILLED_END = b"\0\0" + _END_MARK


class Mended(NamedTuple):
    """A file without what does not belong there, and what is to be said of it."""

    data: bytes
    doubts: tuple[Doubt, ...]


def mended(data: Data, complaint_of: Complaint, seen_of: Seen) -> Mended | None:
    """A file as it should have been written.

    Parameters
    ----------
    data
        The whole file, against which a strict decoder has something to say.
    complaint_of
        Asks it.
    seen_of
        What it makes of a file.

    Returns
    -------
    Mended or None
        None where pixels are lost, or may be.
    """
    complaint_of = lru_cache(maxsize=None)(complaint_of)
    found = parts_of(data)
    parts = found.tidied()
    doubts = []
    if not is_finished(found.finest()):
        return None
    has_strays = found.has_strays
    if complaint_of(parts.joined()):
        without = _without_left_over(parts, complaint_of, seen_of)
        if without is None:
            return None
        parts, has_strays = without, True
    if has_strays:
        doubts.append(Doubt.STRAY_BYTES)
    if not found.has_end:
        if parts.parts[-1].packed.endswith(_ROOM):
            return None
        doubts.append(Doubt.NO_END_MARK)
    return Mended(parts.joined(), tuple(doubts))


def ends_in_filling(data: Data, complaint_of: Complaint) -> bool:
    """Whether a file that decodes well has zeros before its end mark, too few for libjpeg to notice.

    Raises
    ------
    SampleError
        When they have taken the place of pixels.
    """
    if data[-len(_FILLED_END) :] != _FILLED_END:
        return False
    whole = bytes(data[: -len(_END_MARK)])
    kept = whole.rstrip(b"\0")
    if not kept.endswith(b"\xff") and not complaint_of(kept + _END_MARK):
        return True
    if not is_pixels(parts_of(data), len(whole) - len(kept)):
        raise SampleError("the file ends in the middle of the picture")
    return False


def _without_left_over(parts: Parts, complaint_of: Complaint, seen_of: Seen) -> Parts | None:
    """Take away what is left over at the ends of scans."""
    for index in tuple(parts.scans):
        packed = parts.parts[index].packed

        def complaint(count: int, index: int = index, packed: bytes = packed, parts: Parts = parts) -> str:
            return complaint_of(parts.with_packed(index, packed[: len(packed) - count]).joined(index + 1))

        count = _noticed(complaint, len(packed))
        if count is None:
            return None
        if not count:
            continue
        filling = len(packed) - len(packed.rstrip(packed[-1:]))
        if 1 < filling >= count:
            # Where pixels need more than one of them, they have taken the place of others.
            count = _noticed(complaint, len(packed), filling - 1)
            if count is None:
                return None
        else:
            count = _all_left_over(complaint, count, len(packed))
            if not is_stray(parts, index, packed[:-count], packed[-count:], seen_of):
                return None
        parts = parts.with_packed(index, packed[:-count])
    return None if complaint_of(parts.joined()) else parts


def _noticed(complaint: Callable[[int], str], most: int, count: int = 0) -> int | None:
    """How many bytes at a scan's end no pixel needs, says libjpeg; None where it says anything else."""
    while said := complaint(count):
        match = _EXTRANEOUS.search(said)
        if match is None or count + int(match[1]) > most:
            return None
        count += int(match[1])
    return count


def _all_left_over(complaint: Callable[[int], str], noticed: int, most: int) -> int:
    """How many it really are, together with those that were read ahead."""
    fits, fails = noticed, min(noticed + _READ_AHEAD_BYTES, most) + 1
    while fails - fits > 1:
        middle = (fits + fails) // 2
        if complaint(middle):
            fails = middle
        else:
            fits = middle
    return fits
