"""A decoder that opens each format through one named plugin of Pillow."""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, NamedTuple

import numpy as np
from PIL import Image, UnidentifiedImageError

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.meaning import GREY, PALETTE
from stackgui.imaging.base import framed
from stackgui.imaging.base.data import Data, stream
from stackgui.imaging.base.decoder import Decoder, Pixels, Sample, Start
from stackgui.imaging.base.errors import ENDS_EARLY, MoreBytesNeeded
from stackgui.imaging.base.limits import TooLarge, allow_px, check_claim, check_size, most_px
from stackgui.imaging.pixels import orientation as orient
from stackgui.imaging.pixels import profiles

allow_px(most_px())


class Plugin(NamedTuple):
    """A plugin of Pillow, and traits of the pictures that it opens.

    Attributes
    ----------
    module : str
        Module to import. For a format not loaded yet, Pillow by itself would import all its plugins.
    name : str
        Pillow's name of the format.
    has_frames : bool
        Whether a file may hold several frames.
    are_of_own_sizes : bool
        Whether each frame has its own size and metadata.
    are_composed : bool
        Whether frames after the first are composed over earlier ones, in RGB.
    has_layers : bool
        Whether Pillow counts layers as frames; the picture that it opens is the composite of all layers.
    has_palettes : bool
        Whether a picture may have a palette.
    stores_raw : bool
        Whether a "raw" tile means bytes of the file, rather than bytes that a decoder has already unpacked.
    is_upright : bool
        Whether the plugin reports the upright size and rotates the pixels itself.
    """

    module: str
    name: str
    has_frames: bool = False
    are_of_own_sizes: bool = False
    are_composed: bool = False
    has_layers: bool = False
    has_palettes: bool = True
    stores_raw: bool = False
    is_upright: bool = False


_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
_DEEP_RAWMODE = re.compile(r";16[BLN]")  # without the letter: 5 or 6 bits per colour
_MAX_CHANNELS = 4
_FLOAT_BLOCKS = 6  # BC6H
_PALETTE_BYTES, _PALETTE_MARK = 1 + 3 * 256, b"\x0c"
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


class Pillow(Decoder[Data]):
    """Decodes a format through one plugin of Pillow; base class of decoders that use it for some files."""

    _kept: ClassVar[_Kept | None] = None
    """The open file; one for all formats, because a worker reads one file at a time."""

    def __init__(self, plugin: Plugin) -> None:
        self._plugin = plugin

    def headers(self, start: Start[Data]) -> Header:
        """Read the header of the first frame that is a sample, and the headers of the others."""
        frames = self.count(start.data)
        try:
            with self._opened(start.data) as picture:
                return framed.headers(
                    frames,
                    start.scan.frames,
                    start.format,
                    lambda index: self._header(picture, start, index),
                    first=picture.tell(),
                )
        except SampleError:
            raise
        except Exception:
            if not start.is_whole:
                raise MoreBytesNeeded from None
            raise

    def header(self, start: Start[Data], member: int) -> Header:
        """Read the header of one frame."""
        with self._opened(start.data, member) as picture:
            return self._header(picture, start, member)

    def decode(self, sample: Sample[Data]) -> Pixels:
        """Decode one frame."""
        with self._opened(sample.data, sample.member) as picture:
            native, dtype = _channels_and_dtype(picture, sample.member)
            check_size(picture.height, picture.width)
            picture.load()
            orientation = _orientation(picture)
            if dtype != "uint8":
                return np.asarray(picture).astype(dtype, copy=False)[:, :, np.newaxis], orientation
            # Pillow cannot convert rarer modes to every other: the caller converts from the nearest.
            takes_luma = sample.channels == GREY and picture.mode == "YCbCr"
            mode = _MODES[GREY if takes_luma else native]
            pixels = np.asarray(picture if picture.mode == mode else picture.convert(mode))
            return pixels.reshape(*pixels.shape[:2], -1), orientation

    def indices(self, sample: Sample[Data]) -> Pixels | None:
        """Decode the frame as indices into its palette."""
        if not self._plugin.has_palettes:
            return None
        with self._opened(sample.data, sample.member) as picture:
            if not self._has_palette(picture, sample.member):
                return None
            check_size(picture.height, picture.width)
            picture.load()
            indices = np.asarray(picture).reshape(picture.height, picture.width, -1)[:, :, :1]
            return indices, _orientation(picture)

    def inks(self, sample: Sample[Data]) -> Pixels:
        """Decode the frame as CMYK ink amounts."""
        with self._opened(sample.data, sample.member) as picture:
            if picture.mode != profiles.INKS:
                return super().inks(sample)
            check_size(picture.height, picture.width)
            picture.load()
            return np.asarray(picture), _orientation(picture)

    def profile(self, sample: Sample[Data]) -> bytes | None:
        """Return the embedded colour profile."""
        with self._opened(sample.data, sample.member) as picture:
            return _profile(picture)

    def count(self, data: Data) -> int:
        """Return the number of frames in a file."""
        if not self._plugin.has_frames:
            return 1
        with self._opened(data) as picture:
            try:
                return int(getattr(picture, "n_frames", 1))
            except Exception:  # noqa: BLE001 - the file is damaged after the first frame: use that one only
                return 1

    def load(self) -> None:
        """Import the plugin."""
        importlib.import_module(self._plugin.module)

    @contextmanager
    def _opened(self, data: Data, member: int | None = None) -> Iterator[Image.Image]:
        """Open a file at frame `member`, or at its initial frame."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if not member:
                with self._open(data) as picture:
                    if member is not None and picture.tell() != member and not self._plugin.has_layers:
                        picture.seek(member)
                    yield picture
                return
            kept, Pillow._kept = Pillow._kept, None  # do not reuse Pillow's picture after an error
            # To seek backwards, Pillow starts again, and in some formats it fails.
            is_ahead = kept and kept.data is data and kept.picture.tell() <= member
            picture = kept.picture if kept and is_ahead else self._open(data)
            if picture.tell() != member:
                picture.seek(member)
            _check_depth(picture)
            yield picture
            Pillow._kept = _Kept(data, picture)

    def _open(self, data: Data) -> Image.Image:
        self.load()
        try:
            picture = Image.open(stream(data), formats=[self._plugin.name])
        except Image.DecompressionBombError:
            raise TooLarge("more pixels than") from None
        except UnidentifiedImageError:
            is_cut = self.is_cut_off(data)
            unknown = say("the picture header is damaged, or of a kind that is not supported")
            raise SampleError(ENDS_EARLY if is_cut else unknown) from None
        _check_depth(picture)
        has_palette = picture.format == "PCX" and _has_palette_at_end(picture)
        if has_palette and data[-_PALETTE_BYTES:][:1] != _PALETTE_MARK:
            raise SampleError(say("the file ends in the middle of the picture (its palette is missing)"))
        return picture

    def _header(self, picture: Image.Image, start: Start[Data], member: int) -> Header:
        if self._plugin.are_of_own_sizes and picture.tell() != member:
            picture.seek(member)
            _check_depth(picture)
        height, width = picture.height, picture.width
        check_size(height, width)
        if self._plugin.stores_raw:
            check_claim(_raw_bytes(picture), start.file_bytes, height, width)
        channels, dtype = _channels_and_dtype(picture, member)
        orientation = _orientation(picture)
        if orient.swaps_sides(orientation) and not self._plugin.is_upright:
            height, width = width, height
        space = profiles.INKS if picture.mode == profiles.INKS else profiles.space_of(channels)
        name = profiles.name_of(_profile(picture), space, dtype)
        palette = PALETTE if self._has_palette(picture, member) else ""
        return Header(
            start.format, height, width, channels, dtype, orientation, profile=name, meaning=palette
        )

    def _has_palette(self, picture: Image.Image, member: int) -> bool:
        return picture.mode in ("P", "PA") and not (member and self._plugin.are_composed)


class _Kept(NamedTuple):
    """A file kept open between frames, because each frame builds on the one before."""

    data: Data
    picture: Image.Image


def _has_palette_at_end(picture: Image.Image) -> bool:
    """Whether a PCX picture has 256 colours; without the palette at the end, Pillow would read it as grey."""
    return [arguments[0] for _codec, _extents, _offset, arguments in _tiles(picture)] == ["L"]


def _check_depth(picture: Image.Image) -> None:
    """Refuse pictures that Pillow would silently reduce to 8 bits or to grey."""
    if picture.format == "DCX" and _has_palette_at_end(picture):
        raise SampleError(say("DCX pages of 256 colours are not supported: save them as PCX or PNG"))
    if picture.mode not in _DEEP_MODES and _is_reduced(picture):
        raise SampleError(
            say("{format} pictures with more than 8 bits per colour are not supported", format=picture.format)
        )


def _is_reduced(picture: Image.Image) -> bool:
    return any(
        codec == "SGI16"
        or (codec == "bcn" and arguments[0] == _FLOAT_BLOCKS)
        or (codec in ("raw", "sgi_rle") and _DEEP_RAWMODE.search(str(arguments)))
        for codec, _extents, _offset, arguments in _tiles(picture)
    )


def _tiles(picture: Image.Image) -> list[Any]:
    """Return Pillow's tiles of pixels: codec, extents, offset and the codec's arguments."""
    return list(getattr(picture, "tile", ()))


def _channels_and_dtype(picture: Image.Image, member: int) -> tuple[int, str]:
    if member and picture.format == "GIF":
        return _MAX_CHANNELS, "uint8"  # each frame has its own palette, and may be partly transparent
    deep = _DEEP_MODES.get(picture.mode)
    if deep:
        return 1, deep
    if picture.mode in _GREY_MODES or picture.mode in ("LA", "La"):
        return (2 if picture.has_transparency_data else 1), "uint8"
    return (4 if picture.has_transparency_data else 3), "uint8"


def _orientation(picture: Image.Image) -> int:
    try:
        return orient.from_exif(picture.getexif()) or 1
    except Exception:  # noqa: BLE001 - damaged metadata must not cost the picture
        return 1


def _profile(picture: Image.Image) -> bytes | None:
    found = picture.info.get("icc_profile")
    return found if isinstance(found, bytes) else None


def _raw_bytes(picture: Image.Image) -> int:
    """Return the minimum size of a file with uncompressed pixels, in bytes; 0 for other files."""
    total = 0
    for codec, extents, _offset, arguments in _tiles(picture):
        if codec == "raw" and extents is not None:
            rawmode, stride = (*arguments, 0)[:2] if isinstance(arguments, tuple) else (arguments, 0)
            width, height = extents[2] - extents[0], extents[3] - extents[1]
            line_bytes = width * _RAW_BITS.get(rawmode, 1) // 8
            total += max(line_bytes, stride if isinstance(stride, int) else 0) * (height - 1) + line_bytes
    return total
