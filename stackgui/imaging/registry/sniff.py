"""Which format is it? Told from the content, never from the name's ending."""

from __future__ import annotations

import re

from stackgui.core.base.errors import SampleError
from stackgui.imaging.base.errors import NotAPicture
from stackgui.imaging.base.unsupported import NO_PICTURES, REFUSED, X_BITMAP, Table, is_spider

# fmt: off
PICTURE_SUFFIXES = frozenset({
    ".apng", ".arw", ".avif", ".blp", ".bmp", ".cr2", ".cr3", ".crw", ".cur", ".dcm", ".dcx", ".dds", ".dib",
    ".dng", ".exr", ".fits", ".fts", ".gif", ".h5", ".hdf5", ".hdr", ".heic", ".heif", ".icns", ".ico",
    ".j2k", ".jfif", ".jp2", ".jpe", ".jpeg", ".jpg", ".jpx", ".jxl", ".jxr", ".mpo", ".msp", ".nef", ".npy",
    ".npz", ".orf", ".pam", ".pbm", ".pcx", ".pef", ".pfm", ".pgm", ".png", ".pnm", ".ppm", ".psd", ".pt",
    ".pth", ".qoi", ".raf", ".ras", ".rw2", ".safetensors", ".sgi", ".srw", ".tga", ".tif", ".tiff",
    ".webp", ".xbm", ".xpm",
})
# fmt: on
"""Lower-case endings by which a name claims that the file is a sample."""

SNIFF_BYTES = 352
"""Bytes from the start of a file that `sniff` looks at."""

_JPEG, _JPEG_LS = b"\xff\xd8\xff", b"\xff\xd8\xff\xf7"
_DICOM_AT, _DICOM = 128, b"DICM"
# Most are TIFF files but for this; others are told by their tags (`stackgui.imaging.pictures.tiff_pages`).
_CAMERA_RAW = re.compile(
    rb"II\*\0....(?:CR|IIII)|MM\0\*....MMMM|FUJIFILMCCD-RAW|IIR[OS]|MMOR|IIU\0|II\x1a\0\0\0HEAPCCDR|\0MRM|FOVb|"
    rb"....ftypcrx ",
    re.DOTALL,
)
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\x93NUMPY", "npy"),
    (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "jpeg2000"),
    (b"\xff\x4f\xff\x51", "jpeg2000"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "jpegxl"),
    (b"\xff\x0a", "jpegxl"),
    (b"qoif", "qoi"),
    (b"\x01\xda", "sgi"),
    (b"8BPS\0\1", "psd"),
    (b"DDS |\0\0\0", "dds"),
    (b"BLP1", "blp"),
    (b"BLP2", "blp"),
    (b"\xb1\x68\xde\x3a", "dcx"),
    (b"\x59\xa6\x6a\x95", "sun"),
    (b"SIMPLE  =", "fits"),
)
_PATTERNS = (
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp"),
    # Two letters alone would make a bitmap of any text that starts with "BM": the size of its header decides.
    (re.compile(rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL), "bmp"),
    (re.compile(rb"P[1-6fF]\s+(?:#[^\n]*\n\s*)*\d"), "ppm"),
    (re.compile(rb"P7\n(?:#[^\n]*\n)*(?:WIDTH|HEIGHT|DEPTH|MAXVAL|TUPLTYPE)[ \t]"), "ppm"),
    (re.compile(rb"\0\0\x01\0[\x01-\x40]\0.{12}", re.DOTALL), "ico"),
    (re.compile(rb"\0\0\x02\0[\x01-\x40]\0.{12}", re.DOTALL), "cur"),
    (re.compile(rb"icns[\0-\x0f]"), "icns"),
    (re.compile(rb"\x0a[\0\2-\5]\x01[\1\2\4\x08].{60}\0[\1-\4]", re.DOTALL), "pcx"),
    # A bitmap without the header of a file around it: the size of its own, one plane, bits, and a packing.
    (re.compile(rb"[\x28\x40\x6c\x7c]\0{3}.{8}\x01\0[\1\4\x08\x10\x18\x20]\0[\0-\3]\0{3}", re.DOTALL), "dib"),
    # A general brand first, with the real one among those that follow, is as valid.
    (re.compile(rb"....ftyp(?:avi[fs]|m(?:if|sf)1.{4,96}?avi[fs])", re.DOTALL), "avif"),
    (re.compile(rb"....ftyp(?:hei[cxms]|hev[cmxs]|mif1|msf1)", re.DOTALL), "heic"),
    # TGA has no mark of its own, but kinds of palette and pixels, empty fields without a palette, and a size.
    (
        re.compile(
            rb".(?:\0[\2\3\x0a\x0b]\0{5}|\x01[\1\x09]...[\0-\1][\x0f\x10\x18\x20]).{4}"
            rb"(?!\0\0)..(?!\0\0)..[\x01\x08\x0f\x10\x18\x20][\0-\x3f]",
            re.DOTALL,
        ),
        "tga",
    ),
    # Of a text of these letters there is no zero in what would be the header.
    (re.compile(rb"(?:DanM|LinS)(?=.{0,27}\0)", re.DOTALL), "msp"),
    (re.compile(X_BITMAP % b"char"), "xbm"),
    # ZIP files both: the name of their first part tells.
    (re.compile(rb"PK\x03\x04.{26}[^\0/]{1,80}\.npy", re.DOTALL), "npz"),
    (
        re.compile(rb"PK\x03\x04.{26}(?:zarr\.json|\.zarray|\.zgroup|\.zattrs|\.zmetadata)", re.DOTALL),
        "zarr-zip",
    ),
    (re.compile(rb"PK\x03\x04.{26}[^\0/]{1,80}/(?:data\.pkl|\.format_version)", re.DOTALL), "torch"),
    # A length that no sensible header exceeds, and the JSON that it is the length of.
    (re.compile(rb".{4}\0{4}\{", re.DOTALL), "safetensors"),
)


def sniff(data: bytes) -> str:
    """Name the format of a file from its first bytes.

    Parameters
    ----------
    data : bytes
        At least `SNIFF_BYTES` from the start, or the whole file when it is shorter.

    Returns
    -------
    str
        The name under which `stackgui.imaging.decode` knows the format.

    Raises
    ------
    SampleError
        When it is a picture of a kind that is not supported; the reason names it.
    NotAPicture
        When it is of no known kind, or of one that holds no picture; the reason names that.
    """
    if data.startswith(_JPEG) and not data.startswith(_JPEG_LS):
        return "jpeg"  # first, because most samples are
    if data[_DICOM_AT:].startswith(_DICOM):
        return "dicom"  # before all others: what stands before its mark may look like any of them
    if _CAMERA_RAW.match(data):
        return "raw"
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    # Before the patterns, some of which are weak.
    if name := _first(REFUSED, data):
        raise SampleError(f"{name} pictures are not supported")
    if name := _first(_PATTERNS, data):
        return name
    if is_spider(data):
        return "spider"
    if name := _first(NO_PICTURES, data):
        raise NotAPicture(f"it is not a picture but {name}", name)
    raise NotAPicture("the file is empty" if not data else "it is not a picture of a known kind")


def _first(table: Table, data: bytes) -> str:
    return next((name for pattern, name in table if pattern.match(data)), "")
