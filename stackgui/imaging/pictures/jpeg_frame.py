"""What the markers of a JPEG file say before its first scan."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from stackgui.core.base.errors import SampleError
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.errors import MoreBytesNeeded
from stackgui.imaging.pictures import jpeg_parts, mpo
from stackgui.imaging.pixels import orientation as orient
from stackgui.imaging.pixels.channels import GREY, RGB

_JPEG_LS = 0xF7
_SOF_MARKERS = frozenset({*range(0xC0, 0xD0), _JPEG_LS} - {0xC4, 0xC8, 0xCC})
# simplejpeg decodes baseline, extended and progressive Huffman; Pillow decodes the other two.
SIMPLEJPEG_MARKERS = frozenset({0xC0, 0xC1, 0xC2})
_ARITHMETIC = frozenset({0xC9, 0xCA})
_LOSSLESS = 0xC3
_PROGRESSIVE = 0xC2
_METADATA_MARKERS = frozenset({0xE1, 0xE2})  # segments with EXIF, XMP and colour profiles
_END_MARKERS = frozenset({0xDA, 0xD9})  # the first scan, or the end of the file
_MARK = 0xFF
_NOT_MARKERS = frozenset({0x00, 0xFF})
BITS, _DEEP_BITS, _MIN_BITS, MAX_BITS = 8, 12, 2, 16
_STANDALONE = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
_SCAN = b"\xff\xda"
_SCAN_COUNT_AT = 4
_SHORT_BYTES = 2048
"""Cache parsed headers up to this length: those of small pictures, which hold tables and little else."""

_EXIF = b"Exif\0\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_ICC = b"ICC_PROFILE\0"
_ICC_PREFIX_BYTES = len(_ICC) + 2
CMYK = 4
CHANNELS = {1: GREY, 3: RGB, CMYK: RGB}
# Luma sampling factors that libjpeg-turbo's simple interface has a name for.
_COMMON_LUMA = frozenset({(1, 1), (2, 1), (2, 2), (1, 2), (4, 1), (1, 4)})
_UNSAMPLED = 0x11


class Frame(NamedTuple):
    """The header of a picture, read from the markers before the first scan.

    `is_simple` tells whether simplejpeg decodes the picture exactly as Pillow does, and `least_bytes` is less
    than any file of that size takes.
    """

    marker: int
    height: int
    width: int
    components: int
    least_bytes: int
    is_simple: bool
    orientation: int
    profile: bytes
    bits: int
    scan: int
    pictures: mpo.Place | None
    has_several_scans: bool = False

    @property
    def is_deep(self) -> bool:
        """Whether samples have more or fewer than 8 bits."""
        return self.bits != BITS


def read_frame(data: Data, file_bytes: int) -> Frame:
    """Read the markers up to the first scan, from the cache where possible."""
    global _last_known  # noqa: PLW0603 - files are read one after another
    if _last_known is not None and isinstance(data, bytes) and data.startswith(_last_known[0]):
        return _last_known[1]
    start = known_start(data)
    if start is None or (frame := _known_frame(start)) is None:
        return walk(data, file_bytes)
    _last_known = start, frame
    return frame


def known_start(data: Data) -> bytes | None:
    """Return all that `read_frame` reads of a file, up to its first scan; None if that is long."""
    end = data.find(_SCAN, 0, _SHORT_BYTES)
    # The scan marker found may be bytes within a segment; the cached walk then finds no header.
    start = data[: end + _SCAN_COUNT_AT + 1] if end >= 0 else None
    return start if start is not None and _known_frame(start) is not None else None


_last_known: tuple[bytes, Frame] | None = None
"""The start of the last file, up to its first scan, and what it says: the next one often begins alike."""


@lru_cache(maxsize=64)
def _known_frame(start: bytes) -> Frame | None:
    """Return the frame if `start` holds the whole header, else None.

    Cached, because small pictures from one program begin alike, and the walk takes a fifth of their time.
    """
    try:
        return walk(start, len(start) + 1)
    except MoreBytesNeeded:
        return None


def walk(data: Data, file_bytes: int) -> Frame:
    """Walk the markers from the start of the file to its first scan."""
    sof: int | None = None
    sof_start, pos = 0, 2
    metadata = _Metadata()
    try:
        while True:
            if data[pos] != _MARK or (marker := data[pos + 1]) in _NOT_MARKERS:
                pos += 1  # fill bytes, or stray bytes that every decoder skips
                continue
            if marker in _END_MARKERS:
                break
            if marker in _STANDALONE:
                pos += 2
                continue
            start = pos + 4
            pos += 2 + (data[pos + 2] << 8 | data[pos + 3])
            if marker in _SOF_MARKERS and sof is None:
                sof, sof_start = marker, start
            elif marker in _METADATA_MARKERS:
                metadata.take(data[start:pos], start)
        if sof is None:
            raise SampleError(say("the file has no picture header"))
        frame = _frame(data, sof, sof_start, metadata, pos)
        is_partial = marker != jpeg_parts.END and data[pos + _SCAN_COUNT_AT] < frame.components
        return frame._replace(has_several_scans=is_partial or sof == _PROGRESSIVE)
    except IndexError:
        if len(data) < file_bytes:
            raise MoreBytesNeeded from None
        raise SampleError(say("the file ends before the picture begins")) from None


class _Metadata:
    """EXIF, XMP, colour profile and picture list from the segments before the first scan."""

    def __init__(self) -> None:
        self._exif: bytes | None = None
        self._xmp: bytes | None = None
        self._profile: dict[int, bytes] = {}
        self.pictures: mpo.Place | None = None

    def take(self, segment: bytes, start: int) -> None:
        """Store the metadata of a segment whose content begins at byte `start`."""
        if segment.startswith(_EXIF):
            # EXIF larger than one segment continues in the next: drop the repeated prefix.
            self._exif = segment if self._exif is None else self._exif + segment[len(_EXIF) :]
        elif segment.startswith(_XMP):
            self._xmp = segment[len(_XMP) :]
        elif segment.startswith(_ICC) and len(segment) > _ICC_PREFIX_BYTES:
            self._profile.setdefault(segment[len(_ICC)], segment[_ICC_PREFIX_BYTES:])
        elif segment.startswith(mpo.PREFIX) and self.pictures is None:
            self.pictures = (start + len(mpo.PREFIX), start + len(segment))

    @property
    def orientation(self) -> int:
        return orient.from_blocks(self._exif, self._xmp) if self._exif or self._xmp else 1

    @property
    def profile(self) -> bytes:
        # Each segment carries its sequence number; the order in the file may differ.
        return b"".join(self._profile[place] for place in sorted(self._profile))


def _frame(data: Data, marker: int, start: int, metadata: _Metadata, scan: int) -> Frame:
    bits, components = data[start], data[start + 5]
    height = data[start + 1] << 8 | data[start + 2]
    width = data[start + 3] << 8 | data[start + 4]
    if marker == _JPEG_LS:
        raise SampleError(say("JPEG-LS pictures are not supported"))
    if marker not in SIMPLEJPEG_MARKERS and marker not in _ARITHMETIC and marker != _LOSSLESS:
        raise SampleError(
            say("JPEG pictures of this rare kind (differential or hierarchical) are not supported")
        )
    if not _is_supported(marker, bits, components):
        raise SampleError(say("{bits}-bit JPEG pictures are not supported", bits=bits))
    if components not in CHANNELS:
        raise SampleError(
            say(
                "JPEG pictures with {components} are not supported",
                components=format_count(components, "component"),
            )
        )
    factors = bytes([data[start + 7 + 3 * component] for component in range(components)])
    across, most_across, down, most_down, is_common = _sampling(factors)
    # Every 8 × 8 block of the first component has a Huffman code, at least one bit long.
    blocks = (width * across // most_across >> 3) * (height * down // most_down >> 3)
    least_bytes = 0 if marker in _ARITHMETIC else blocks >> 3
    is_simple = marker in SIMPLEJPEG_MARKERS and is_common and components != CMYK and bits == BITS
    found = (metadata.orientation, metadata.profile)
    shape = marker, height, width, components, least_bytes
    return Frame(*shape, is_simple, *found, bits, scan, metadata.pictures)


def _is_supported(marker: int, bits: int, components: int) -> bool:
    """Whether any decoder supports this bit depth."""
    if bits == BITS:
        return True
    least, most = (_MIN_BITS, MAX_BITS) if marker == _LOSSLESS else (_DEEP_BITS, _DEEP_BITS)
    return marker not in _ARITHMETIC and components in (GREY, RGB) and least <= bits <= most


@lru_cache(maxsize=64)
def _sampling(factors: bytes) -> tuple[int, int, int, int, bool]:
    """Return the first and largest factors, horizontal then vertical, and whether simplejpeg names them.

    Cached, because a folder holds few kinds of pictures, and microseconds matter for small ones.
    """
    across, down = [factor >> 4 for factor in factors], [factor & 15 for factor in factors]
    is_common = len(factors) == GREY or (
        (across[0], down[0]) in _COMMON_LUMA and set(factors[1:]) == {_UNSAMPLED}
    )
    if not all(across) or not all(down):
        return 0, 1, 0, 1, is_common
    return across[0], max(across), down[0], max(down), is_common
