"""Every other format, through Pillow: an explicit list, opened by no plugin but its own."""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.meaning import GREY, PALETTE
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.base import framed
from stackgui.imaging.base.data import Data, Part, stream
from stackgui.imaging.base.errors import ENDS_EARLY, MoreBytesNeeded
from stackgui.imaging.base.limits import TooLarge, allow_px, check_claim, check_size, most_px
from stackgui.imaging.pictures.containers import is_cut_off
from stackgui.imaging.pixels import orientation as orient
from stackgui.imaging.pixels import profiles

allow_px(most_px())


class _Plugin(NamedTuple):
    module: str
    pillow_format: str
    prefix_suffices: bool = False


# Where the start of a file suffices, its plugin reads the header only, and metadata cannot come later.
_PLUGINS = {
    "jpeg": _Plugin("PIL.JpegImagePlugin", "JPEG"),
    "png": _Plugin("PIL.PngImagePlugin", "PNG"),
    "bmp": _Plugin("PIL.BmpImagePlugin", "BMP", prefix_suffices=True),
    "gif": _Plugin("PIL.GifImagePlugin", "GIF"),
    "ppm": _Plugin("PIL.PpmImagePlugin", "PPM", prefix_suffices=True),
    "qoi": _Plugin("PIL.QoiImagePlugin", "QOI", prefix_suffices=True),
    "sgi": _Plugin("PIL.SgiImagePlugin", "SGI", prefix_suffices=True),
    "tga": _Plugin("PIL.TgaImagePlugin", "TGA", prefix_suffices=True),
    "tiff": _Plugin("PIL.TiffImagePlugin", "TIFF"),
    "webp": _Plugin("PIL.WebPImagePlugin", "WEBP"),
    "ico": _Plugin("PIL.IcoImagePlugin", "ICO"),
    "jpeg2000": _Plugin("PIL.Jpeg2KImagePlugin", "JPEG2000"),
    "avif": _Plugin("PIL.AvifImagePlugin", "AVIF"),
    "blp": _Plugin("PIL.BlpImagePlugin", "BLP"),
    "cur": _Plugin("PIL.CurImagePlugin", "CUR"),
    "dcx": _Plugin("PIL.DcxImagePlugin", "DCX"),
    "dds": _Plugin("PIL.DdsImagePlugin", "DDS"),
    "dib": _Plugin("PIL.BmpImagePlugin", "DIB"),
    "icns": _Plugin("PIL.IcnsImagePlugin", "ICNS"),
    "pcx": _Plugin("PIL.PcxImagePlugin", "PCX"),
    "psd": _Plugin("PIL.PsdImagePlugin", "PSD"),
    "sun": _Plugin("PIL.SunImagePlugin", "SUN"),
    "msp": _Plugin("PIL.MspImagePlugin", "MSP", prefix_suffices=True),
    "spider": _Plugin("PIL.SpiderImagePlugin", "SPIDER", prefix_suffices=True),
    "xbm": _Plugin("PIL.XbmImagePlugin", "XBM"),
    "heic": _Plugin("stackgui.imaging.pictures.heif", "HEIF"),
}
FORMATS = frozenset(_PLUGINS)
"""Formats decoded here."""

_FRAMED = frozenset({"gif", "webp", "avif", "heic", "png", "dcx"})
# Where frames after the first are laid over one another in colours.
_COMPOSED = frozenset({"GIF", "PNG"})
# Where each frame has its own size and marks.
_OF_OWN_SIZES = frozenset({"heic", "dcx"})
# What Pillow counts as its frames are layers; the picture that it opens is all of them on one another.
_LAYERED = "psd"

_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
_DEEP_RAWMODE = re.compile(r";16[BLN]")  # without the letter, 5 or 6 bits of each colour
_MAX_CHANNELS = 4
_FLOAT_BLOCKS = 6  # BC6H
_PALETTE_BYTES, _PALETTE_MARK = 1 + 3 * 256, b"\x0c"
# Where a "raw" tile means bytes of the file; elsewhere it is what a decoder has unpacked already.
_STORES_RAW = frozenset({"bmp", "dib", "msp", "ppm", "psd", "sgi", "spider", "sun", "tga", "tiff"})
_GREY_MODES = frozenset({"1", "L"})
_DEEP_MODES = {"I": "int32", "F": "float32", **dict.fromkeys(("I;16", "I;16B", "I;16L", "I;16N"), "uint16")}
_RAW_BITS = {
    "1": 1,
    "L": 8,
    "P": 8,
    "RGB": 24,
    "BGR": 24,
    "BGRX": 32,
    "BGRA": 32,
    "F;32F": 32,
    "F;32BF": 32,
    "I;16B": 16,
}


def probe(
    data: Data,
    format: str,  # noqa: A002 - the protocol's word
    file_bytes: int,
    scan: ScanOptions,
) -> Header:
    """Read the header of a file with Pillow; see `stackgui.imaging.probe`."""
    is_prefix = len(data) < file_bytes
    if is_prefix and not _PLUGINS[format].prefix_suffices:
        raise MoreBytesNeeded
    frames = count(data, format)
    try:
        with _opened(data, format) as picture:
            return framed.headers(
                frames,
                scan.frames,
                format,
                lambda index: _header(picture, format, file_bytes, index),
                first=picture.tell(),
            )
    except SampleError:
        raise
    except Exception:
        if is_prefix:
            raise MoreBytesNeeded from None
        raise


def header(data: Data, format: str, file_bytes: int, member: int) -> Header:  # noqa: A002 - the protocol's word
    """The header of one frame."""
    with _opened(data, format, member) as picture:
        return _header(picture, format, file_bytes, member)


def decode(
    data: Data,
    format: str,  # noqa: A002 - the protocol's word
    channels: int | None,
    out: NDArray[Any] | None,  # noqa: ARG001
    part: Part,
) -> tuple[NDArray[Any], int]:
    """Decode a file with Pillow; see `stackgui.imaging.registry.registry`."""
    with _opened(data, format, part.member) as picture:
        native, dtype = _channels_and_dtype(picture, part.member)
        check_size(picture.height, picture.width)
        picture.load()
        orientation = _orientation(picture)
        if dtype != "uint8":
            return np.asarray(picture).astype(dtype, copy=False)[:, :, np.newaxis], orientation
        # Not all conversions of rarer modes are among Pillow's: the caller goes on from the nearest.
        takes_luma = channels == GREY and picture.mode == "YCbCr"
        mode = _MODES[GREY if takes_luma else native]
        pixels = np.asarray(picture if picture.mode == mode else picture.convert(mode))
        return pixels.reshape(*pixels.shape[:2], -1), orientation


def indices(data: Data, format: str, part: Part) -> tuple[NDArray[Any], int] | None:  # noqa: A002 - the protocol's word
    """Indices into the picture's palette, shape (h, w, 1), and the orientation still to be obeyed.

    None where it has no palette.
    """
    with _opened(data, format, part.member) as picture:
        if not _has_palette(picture, part.member):
            return None
        check_size(picture.height, picture.width)
        picture.load()
        return np.asarray(picture).reshape(picture.height, picture.width, -1)[:, :, :1], _orientation(picture)


def _has_palette(picture: Image.Image, member: int) -> bool:
    is_composed = bool(member) and picture.format in _COMPOSED
    return picture.mode in ("P", "PA") and not is_composed


def decode_inks(data: Data, format: str, part: Part) -> tuple[NDArray[Any], int]:  # noqa: A002 - the protocol's word
    """Amounts of cyan, magenta, yellow and black, shape (h, w, 4), and the orientation still to be obeyed."""
    with _opened(data, format, part.member) as picture:
        if picture.mode != profiles.INKS:
            raise SampleError("its colour profile is one of inks, but its pixels are not")
        check_size(picture.height, picture.width)
        picture.load()
        return np.asarray(picture), _orientation(picture)


def profile(data: Data, format: str, part: Part) -> bytes | None:  # noqa: A002 - the protocol's word
    """The embedded colour profile."""
    with _opened(data, format, part.member) as picture:
        return _profile(picture)


class _Kept(NamedTuple):
    """A file whose frames are decoded one after another: each builds on the one before."""

    data: Data
    picture: Image.Image


_kept: _Kept | None = None


@contextmanager
def _opened(data: Data, format: str, member: int | None = None) -> Iterator[Image.Image]:  # noqa: A002 - the protocol's word
    """Open a file, at a frame or at the one that it begins with."""
    global _kept  # noqa: PLW0603 - one worker reads one file after another
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if not member:
            with _open(data, format) as picture:
                if member is not None and picture.tell() != member and format != _LAYERED:
                    picture.seek(member)
                yield picture
            return
        kept, _kept = _kept, None  # after a failure Pillow's picture must not be used again
        # Going back is a new beginning anyway, and in some formats Pillow cannot.
        goes_on = kept and kept.data is data and kept.picture.tell() <= member
        picture = kept.picture if kept and goes_on else _open(data, format)
        if picture.tell() != member:
            picture.seek(member)
        _check_depth(picture)
        yield picture
        _kept = _Kept(data, picture)


def _open(data: Data, format_: str) -> Image.Image:
    plugin = _PLUGINS[format_]
    # Left to itself, Pillow would import all its plugins for a format that it has not met yet.
    importlib.import_module(plugin.module)
    try:
        picture = Image.open(stream(data), formats=[plugin.pillow_format])
    except Image.DecompressionBombError:
        raise TooLarge("more pixels than") from None
    except UnidentifiedImageError:
        is_cut = is_cut_off(data, format_)
        reason = ENDS_EARLY if is_cut else "the picture header is damaged, or of a kind that is not supported"
        raise SampleError(reason) from None
    _check_depth(picture)
    has_palette = picture.format == "PCX" and _has_palette_at_end(picture)
    if has_palette and data[-_PALETTE_BYTES:][:1] != _PALETTE_MARK:
        raise SampleError("the file ends in the middle of the picture (its palette is missing)")
    return picture


def _has_palette_at_end(picture: Image.Image) -> bool:
    """Whether it is a PCX picture of 256 colours, which Pillow takes for grey where it finds no palette."""
    return [arguments[0] for _codec, _extents, _offset, arguments in _tiles(picture)] == ["L"]


def count(data: Data, format_: str) -> int:
    """How many frames a file holds."""
    if format_ not in _FRAMED:
        return 1
    with _opened(data, format_) as picture:
        try:
            return int(getattr(picture, "n_frames", 1))
        except Exception:  # noqa: BLE001 - what follows the first frame is damaged: the first is all there is
            return 1


def _check_depth(picture: Image.Image) -> None:
    """Refuse what Pillow would bring down to 8 bits, or to grey, without a word."""
    if picture.format == "DCX" and _has_palette_at_end(picture):
        raise SampleError("DCX pages of 256 colours are not supported: save them as PCX or PNG")
    if picture.mode not in _DEEP_MODES and _is_reduced(picture):
        raise SampleError(f"{picture.format} pictures with more than 8 bits per colour are not supported")


def _is_reduced(picture: Image.Image) -> bool:
    return any(
        codec == "SGI16"
        or (codec == "bcn" and arguments[0] == _FLOAT_BLOCKS)
        or (codec in ("raw", "sgi_rle") and _DEEP_RAWMODE.search(str(arguments)))
        for codec, _extents, _offset, arguments in _tiles(picture)
    )


def _tiles(picture: Image.Image) -> list[Any]:
    """Where Pillow will find the pixels: codec, extents, offset, the codec's arguments."""
    return list(getattr(picture, "tile", ()))


def _header(picture: Image.Image, format: str, file_bytes: int, member: int) -> Header:  # noqa: A002 - the protocol's word
    if format in _OF_OWN_SIZES and picture.tell() != member:
        picture.seek(member)
        _check_depth(picture)
    height, width = picture.height, picture.width
    check_size(height, width)
    if format in _STORES_RAW:
        check_claim(_raw_bytes(picture), file_bytes, height, width)
    channels, dtype = _channels_and_dtype(picture, member)
    orientation = _orientation(picture)
    # Pillow's TIFF plugin gives the upright size already, and turns the pixels itself.
    if orient.swaps_sides(orientation) and format != "tiff":
        height, width = width, height
    space = profiles.INKS if picture.mode == profiles.INKS else profiles.space_of(channels)
    profile_name = profiles.name_of(_profile(picture), space, dtype)
    meaning = PALETTE if _has_palette(picture, member) else ""
    return Header(format, height, width, channels, dtype, orientation, profile=profile_name, meaning=meaning)


def _channels_and_dtype(picture: Image.Image, member: int) -> tuple[int, str]:
    if member and picture.format == "GIF":
        return _MAX_CHANNELS, "uint8"  # each frame has its own colours, and may leave holes
    deep = _DEEP_MODES.get(picture.mode)
    if deep:
        return 1, deep
    if picture.mode in _GREY_MODES or picture.mode in ("LA", "La"):
        return (2 if picture.has_transparency_data else 1), "uint8"
    return (4 if picture.has_transparency_data else 3), "uint8"


def _orientation(picture: Image.Image) -> int:
    try:
        return orient.from_exif(picture.getexif()) or 1
    except Exception:  # noqa: BLE001 - damaged metadata is no reason to lose the picture
        return 1


def _profile(picture: Image.Image) -> bytes | None:
    found = picture.info.get("icc_profile")
    return found if isinstance(found, bytes) else None


def _raw_bytes(picture: Image.Image) -> int:
    """The fewest bytes that the file must have, where its pixels are stored as they are; else 0."""
    total = 0
    for codec, extents, _offset, arguments in _tiles(picture):
        if codec == "raw" and extents is not None:
            rawmode, stride = (*arguments, 0)[:2] if isinstance(arguments, tuple) else (arguments, 0)
            width, height = extents[2] - extents[0], extents[3] - extents[1]
            line_bytes = width * _RAW_BITS.get(rawmode, 1) // 8
            total += max(line_bytes, stride if isinstance(stride, int) else 0) * (height - 1) + line_bytes
    return total
