"""Signatures of files that cannot be read, so that messages can name their format."""

from __future__ import annotations

import re
from typing import NamedTuple

from stackgui.core.base.wording import say


class Unsupported(NamedTuple):
    """A file format that is recognised but not read.

    Attributes
    ----------
    pattern
        Matches the start of such files.
    title : str
        Name shown to people.
    suffixes : tuple of str
        Lower-case file name suffixes of the format.
    """

    pattern: re.Pattern[bytes]
    title: str
    suffixes: tuple[str, ...] = ()


X_BITMAP = (
    rb"\s*(?:/\*.{0,200}?\*/\s*)?#define[ \t]+(\w*)width[ \t]+\d+\s+#define[ \t]+\1height[ \t]+\d+\s+"
    rb"(?:#define[ \t]+\w*_[xy]_hot[ \t]+-?\d+\s+){0,2}"
    rb"(?:static[ \t]+)?(?:const[ \t]+)?(?:unsigned[ \t]+)?%b[ \t]+\1bits\[\][ \t]*=[ \t]*\{\s*0[xX]"
)
"""Start of a bitmap in C source, with ``%b`` for its number type. Other C sources lack this name sequence."""

REFUSED: tuple[Unsupported, ...] = (
    Unsupported(re.compile(rb"8BPS\0\x02"), say("large Photoshop (PSB)")),
    Unsupported(re.compile(rb"v/1\x01"), "OpenEXR", (".exr",)),
    Unsupported(re.compile(rb"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19"), say("old PyTorch")),
    Unsupported(re.compile(rb"#\?R(?:ADIANCE|GBE)"), say("Radiance HDR"), (".hdr",)),
    Unsupported(re.compile(rb"II\xbc"), say("JPEG XR"), (".jxr",)),
    Unsupported(re.compile(rb"\xff\xd8\xff\xf7"), "JPEG-LS"),
    Unsupported(re.compile(rb"gimp xcf "), say("GIMP (XCF)")),
    Unsupported(re.compile(rb"\xabKTX [12][01]\xbb\r\n\x1a\n"), say("Khronos texture (KTX)")),
    Unsupported(re.compile(rb"FLIF[134ACDQSTacd][012]"), "FLIF"),
    Unsupported(re.compile(rb"BPG\xfb"), "BPG"),
    Unsupported(re.compile(rb"AT&TFORM....DJV", re.DOTALL), "DjVu"),
    Unsupported(re.compile(rb"farbfeld\0"), "farbfeld"),
    Unsupported(re.compile(rb"\x97JB2\r\n\x1a\n"), "JBIG2"),
    Unsupported(re.compile(rb"\x8aMNG\r\n\x1a\n"), "MNG"),
    Unsupported(re.compile(rb"\x8bJNG\r\n\x1a\n"), "JNG"),
    Unsupported(re.compile(rb"\s*/\*\s*XPM\s*\*/|! XPM2\s"), say("X pixmap (XPM)"), (".xpm",)),
    Unsupported(re.compile(X_BITMAP % b"short"), say("old X bitmap (X10)")),
    Unsupported(re.compile(rb"Image type: [ -~]{1,40}image\r?\n"), say("IFUNC (IM)")),
    Unsupported(re.compile(rb"SDPX|XPDS"), "DPX"),
    Unsupported(re.compile(rb"\x80\x2a\x5f\xd7"), "Cineon"),
    Unsupported(re.compile(rb"FORM....(?:ILBM|PBM )", re.DOTALL), say("Amiga (ILBM)")),
    Unsupported(re.compile(rb"(?:\x5c\x01\0\0|\0\0\x01\x5c).{340}n[+i]1\0", re.DOTALL), "NIfTI"),
    Unsupported(re.compile(rb"(?:\x1c\x02\0\0|\0\0\x02\x1c)n[+i]2\0"), "NIfTI"),
    Unsupported(re.compile(rb"NRRD000\d"), "NRRD"),
    Unsupported(re.compile(rb"ZISRAWFILE"), say("Zeiss (CZI)")),
    Unsupported(re.compile(rb"\xda\xce\xbe\x0a"), say("Nikon microscope (ND2)")),
    Unsupported(
        re.compile(rb"....ftyp(?:avc[is]|jpe?gs?|j2k?is?|vvi[cs]|evb[is])", re.DOTALL),
        say("HEIF (not HEIC or AVIF)"),
    ),
)
"""Unsupported picture formats. Like damaged pictures, these files get a row that stays blank."""

NO_PICTURES: tuple[Unsupported, ...] = (
    Unsupported(re.compile(rb"%PDF-"), say("a document (PDF)")),
    Unsupported(re.compile(rb"%!PS|\xc5\xd0\xd3\xc6"), say("a drawing (PostScript)")),
    Unsupported(
        re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,60}?-->\s*)?<(?:!DOCTYPE )?svg\b"),
        say("a drawing (SVG)"),
    ),
    Unsupported(
        re.compile(rb"\xd7\xcd\xc6\x9a|[\1\2]\0\x09\0\0[\1\3]|\x01\0\0\0.{36} EMF", re.DOTALL),
        say("a drawing (Windows metafile)"),
    ),
    Unsupported(
        re.compile(rb"\0...(?:ftyp|moov|mdat|wide|skip)", re.DOTALL), say("a video (MP4 or QuickTime)")
    ),
    Unsupported(re.compile(rb"RIFF....AVI ", re.DOTALL), say("a video (AVI)")),
    Unsupported(re.compile(rb"\x1aE\xdf\xa3"), say("a video (WebM or Matroska)")),
    Unsupported(re.compile(rb"\0\0\x01[\xba\xb3]"), say("a video (MPEG)")),
    Unsupported(re.compile(rb"FLV\x01"), say("a video (Flash)")),
    Unsupported(re.compile(rb"0&\xb2u\x8ef\xcf\x11"), say("a video (Windows Media)")),
    Unsupported(re.compile(rb"OggS"), say("a video or sound (Ogg)")),
)
"""Files that often lie among pictures. They are reported only if their suffix is that of a picture."""
