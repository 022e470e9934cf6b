"""Repair JPEG files with stray bytes, which cameras write by the million.

libjpeg reports only the first fault of a file. So this module removes what may be stray, and accepts the
result only if libjpeg finds no fault in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.doubts import Doubt
from stackgui.imaging.base.data import Data
from stackgui.imaging.pictures.jpeg_left_over import Seen, is_pixels, is_stray
from stackgui.imaging.pictures.jpeg_parts import Parts, is_finished, parts_of

Complaint = Callable[[bytes], str]
"""Returns a strict decoder's error message for a file, or ``""``."""

_EXTRANEOUS = re.compile(r"(\d+) extraneous bytes before marker 0xd9")
_READ_AHEAD_BYTES = 16
"""More than libjpeg silently reads of a scan after its last pixel."""

_END_MARK = b"\xff\xd9"
_UNWRITTEN = bytes(16)
"""Ends a file whose space was allocated in advance, if writing stopped early."""

FILLED_END = b"\0\0" + _END_MARK
"""Ends a file that may have been filled with zeros."""


class Mended(NamedTuple):
    """A repaired file, and the doubts to report about it."""

    data: bytes
    doubts: tuple[Doubt, ...]


def mended(data: Data, complaint_of: Complaint, seen_of: Seen) -> Mended | None:
    """Repair a file that a strict decoder rejects.

    Parameters
    ----------
    data
        The whole file.
    complaint_of
        Runs the strict decoder and returns its error message.
    seen_of
        Decodes a file, for comparison.

    Returns
    -------
    Mended or None
        None if pixels are lost, or may be.
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
        if parts.parts[-1].packed.endswith(_UNWRITTEN):
            return None
        doubts.append(Doubt.NO_END_MARK)
    return Mended(parts.joined(), tuple(doubts))


def is_filled(data: Data, complaint_of: Complaint) -> bool:
    """Whether a file that decodes and has `FILLED_END` was filled with zeros, too few for libjpeg to notice.

    Raises
    ------
    SampleError
        When the zeros replaced pixels.
    """
    whole = bytes(data[: -len(_END_MARK)])
    kept = whole.rstrip(b"\0")
    if not kept.endswith(b"\xff") and not complaint_of(kept + _END_MARK):
        return True
    if not is_pixels(parts_of(data), len(whole) - len(kept)):
        raise SampleError(say("the file ends in the middle of the picture"))
    return False


def _without_left_over(parts: Parts, complaint_of: Complaint, seen_of: Seen) -> Parts | None:
    """Remove stray bytes at the ends of scans; return None if they may be pixels."""
    for index in tuple(parts.scans):
        packed = parts.parts[index].packed

        def complaint(count: int, index: int = index, packed: bytes = packed, parts: Parts = parts) -> str:
            return complaint_of(parts.with_packed(index, packed[: len(packed) - count]).joined(index + 1))

        count = _reported_surplus(complaint, len(packed))
        if count is None:
            return None
        if not count:
            continue
        filling = len(packed) - len(packed.rstrip(packed[-1:]))
        if 1 < filling >= count:
            # If pixels need more than one of the fill bytes, the fill bytes replaced pixels.
            count = _reported_surplus(complaint, len(packed), filling - 1)
            if count is None:
                return None
        else:
            count = _full_surplus(complaint, count, len(packed))
            if not is_stray(parts, index, packed[:-count], packed[-count:], seen_of):
                return None
        parts = parts.with_packed(index, packed[:-count])
    return None if complaint_of(parts.joined()) else parts


def _reported_surplus(complaint: Callable[[int], str], most: int, count: int = 0) -> int | None:
    """Return how many surplus bytes libjpeg reports at a scan's end, or None if it reports another fault."""
    while message := complaint(count):
        match = _EXTRANEOUS.search(message)
        if match is None or count + int(match[1]) > most:
            return None
        count += int(match[1])
    return count


def _full_surplus(complaint: Callable[[int], str], reported: int, most: int) -> int:
    """Return the true number of surplus bytes, including those that libjpeg read ahead."""
    fits, fails = reported, min(reported + _READ_AHEAD_BYTES, most) + 1
    while fails - fits > 1:
        middle = (fits + fails) // 2
        if complaint(middle):
            fails = middle
        else:
            fits = middle
    return fits
