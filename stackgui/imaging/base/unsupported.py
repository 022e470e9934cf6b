"""Kinds of files that are recognised by their first bytes to be refused by name."""

from __future__ import annotations

import re
import struct
from typing import TypeAlias

from stackgui.core.base.errors import SampleError

Table: TypeAlias = tuple[tuple[re.Pattern[bytes], str], ...]

X_BITMAP = (
    rb"\s*(?:/\*.{0,200}?\*/\s*)?#define[ \t]+(\w*)width[ \t]+\d+\s+#define[ \t]+\1height[ \t]+\d+\s+"
    rb"(?:#define[ \t]+\w*_[xy]_hot[ \t]+-?\d+\s+){0,2}"
    rb"(?:static[ \t]+)?(?:const[ \t]+)?(?:unsigned[ \t]+)?%b[ \t]+\1bits\[\][ \t]*=[ \t]*\{\s*0[xX]"
)
"""How a bitmap in C begins, but for the kind of its numbers: other sources have no such sequence of names."""

REFUSED: Table = (
    (re.compile(rb"8BPS\0\x02"), "large Photoshop (PSB)"),
    (re.compile(rb"v/1\x01"), "OpenEXR"),
    (re.compile(rb"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19"), "old PyTorch"),
    (re.compile(rb"#\?R(?:ADIANCE|GBE)"), "Radiance HDR"),
    (re.compile(rb"II\xbc"), "JPEG XR"),
    (re.compile(rb"\xff\xd8\xff\xf7"), "JPEG-LS"),
    (re.compile(rb"gimp xcf "), "GIMP (XCF)"),
    (re.compile(rb"\xabKTX [12][01]\xbb\r\n\x1a\n"), "Khronos texture (KTX)"),
    (re.compile(rb"FLIF[134ACDQSTacd][012]"), "FLIF"),
    (re.compile(rb"BPG\xfb"), "BPG"),
    (re.compile(rb"AT&TFORM....DJV", re.DOTALL), "DjVu"),
    (re.compile(rb"farbfeld\0"), "farbfeld"),
    (re.compile(rb"\x97JB2\r\n\x1a\n"), "JBIG2"),
    (re.compile(rb"\x8aMNG\r\n\x1a\n"), "MNG"),
    (re.compile(rb"\x8bJNG\r\n\x1a\n"), "JNG"),
    (re.compile(rb"\s*/\*\s*XPM\s*\*/|! XPM2\s"), "X pixmap (XPM)"),
    (re.compile(X_BITMAP % b"short"), "old X bitmap (X10)"),
    (re.compile(rb"Image type: [ -~]{1,40}image\r?\n"), "IFUNC (IM)"),
    (re.compile(rb"SDPX|XPDS"), "DPX"),
    (re.compile(rb"\x80\x2a\x5f\xd7"), "Cineon"),
    (re.compile(rb"FORM....(?:ILBM|PBM )", re.DOTALL), "Amiga (ILBM)"),
    (re.compile(rb"(?:\x5c\x01\0\0|\0\0\x01\x5c).{340}n[+i]1\0", re.DOTALL), "NIfTI"),
    (re.compile(rb"(?:\x1c\x02\0\0|\0\0\x02\x1c)n[+i]2\0"), "NIfTI"),
    (re.compile(rb"NRRD000\d"), "NRRD"),
    (re.compile(rb"ZISRAWFILE"), "Zeiss (CZI)"),
    (re.compile(rb"\xda\xce\xbe\x0a"), "Nikon microscope (ND2)"),
    (
        re.compile(rb"....ftyp(?:avc[is]|jpe?gs?|j2k?is?|vvi[cs]|evb[is])", re.DOTALL),
        "HEIF (not HEIC or AVIF)",
    ),
)
"""Pictures of kinds that are not supported. They get a row, which stays blank, like all that are damaged."""

NO_PICTURES: Table = (
    (re.compile(rb"%PDF-"), "a document (PDF)"),
    (re.compile(rb"%!PS|\xc5\xd0\xd3\xc6"), "a drawing (PostScript)"),
    (
        re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,60}?-->\s*)?<(?:!DOCTYPE )?svg\b"),
        "a drawing (SVG)",
    ),
    (
        re.compile(rb"\xd7\xcd\xc6\x9a|[\1\2]\0\x09\0\0[\1\3]|\x01\0\0\0.{36} EMF", re.DOTALL),
        "a drawing (Windows metafile)",
    ),
    (re.compile(rb"\0...(?:ftyp|moov|mdat|wide|skip)", re.DOTALL), "a video (MP4 or QuickTime)"),
    (re.compile(rb"RIFF....AVI ", re.DOTALL), "a video (AVI)"),
    (re.compile(rb"\x1aE\xdf\xa3"), "a video (WebM or Matroska)"),
    (re.compile(rb"\0\0\x01[\xba\xb3]"), "a video (MPEG)"),
    (re.compile(rb"FLV\x01"), "a video (Flash)"),
    (re.compile(rb"0&\xb2u\x8ef\xcf\x11"), "a video (Windows Media)"),
    (re.compile(rb"OggS"), "a video or sound (Ogg)"),
)
"""What lies among pictures without being any. Said where it bears the name of one; else it is left aside."""

_SPIDER_FLOATS, _SPIDER_STACK = 27, (23, 26)


def is_spider(data: bytes) -> bool:
    """Whether this is a file of SPIDER, which has no mark, by what its header says of itself.

    Raises
    ------
    SampleError
        When it is one of several pictures.
    """
    if len(data) < 4 * _SPIDER_FLOATS:
        return False
    for order in "<>":
        head = struct.unpack_from(f"{order}{_SPIDER_FLOATS}f", data)
        slices, height, kind, width, records, bytes_, line_bytes = (
            head[at] for at in (0, 1, 4, 11, 12, 21, 22)
        )
        sizes = (height, width, records)
        is_whole = all(size >= 1 and size.is_integer() for size in sizes)
        if (
            is_whole
            and (slices, kind) == (1, 1)
            and (line_bytes, bytes_) == (4 * width, records * line_bytes)
        ):
            if any(head[at] for at in _SPIDER_STACK):
                raise SampleError("SPIDER stacks are not supported")
            return True
    return False
