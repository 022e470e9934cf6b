"""TIFF: Pillow for up to 8 bits, tifffile for what Pillow would reduce or refuse."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.doubts import Doubt
from stackgui.core.catalog.meaning import stated_places
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.base import doubts, framed
from stackgui.imaging.base.data import Data, LastOpened, Part, stream
from stackgui.imaging.base.errors import MoreBytesNeeded
from stackgui.imaging.base.limits import check_size
from stackgui.imaging.pictures import pillow, raw, tiff_segments, tiff_tiles
from stackgui.imaging.pictures.tiff_pages import CameraRaw, Page, pages_of
from stackgui.imaging.pixels import orientation as orient
from stackgui.imaging.pixels import profiles
from stackgui.imaging.pixels.channels import GREY, RGB, divided
from stackgui.imaging.pixels.numbers import widened
from stackgui.imaging.pixels.resize import Readable

if TYPE_CHECKING:
    import tifffile

_BYTE_BITS = 8
_IS_INVERTED, _IS_BLACK_ZERO, _IS_RGB, _IS_YCBCR = 0, 1, 2, 6
_JPEG = 7
_PHOTOMETRIC = 262
_AXES = ("YX", "YXS", "SYX")
# Their decoders do not notice damage, or never come to an end with it.
_REFUSED_PACKINGS = {22610: "JPEG XR", 34934: "JPEG XR"}


class _Deep(NamedTuple):
    """How a deep picture lies in its file."""

    height: int
    width: int
    channels: int
    dtype: np.dtype[Any]
    orientation: int
    bits: int


def probe(
    data: Data,
    format: str,  # noqa: A002 - the protocol's word
    file_bytes: int,
    scan: ScanOptions,
) -> Header:
    """Read the header of a TIFF file; see `stackgui.imaging.probe`."""
    if len(data) < file_bytes:
        raise MoreBytesNeeded  # the directory of tags stands anywhere, most often at the end
    try:
        file = _files.get(data)
    except CameraRaw:
        return raw.probe(data, raw.FORMAT, file_bytes, scan)
    return framed.headers(
        len(file.pages),
        scan.frames,
        format,
        lambda member: _header(file, format, file.pages[member]),
        joins=True,
    )


def _header(file: _File, format_: str, page: Page) -> Header:
    if page.leaves_out:
        doubts.note(Doubt.MORE_THAN_COLOURS)
    if not page.is_deep:
        return pillow.header(file.data, format_, len(file.data), page.place)
    deep = _deep(file.page(page.place), len(file.data))
    height, width = deep.height, deep.width
    if orient.swaps_sides(deep.orientation):
        height, width = width, height
    dtype = deep.dtype.name
    name = profiles.name_of(page.profile, profiles.space_of(_stated(page, deep.channels)), dtype)
    return Header(
        format_,
        height,
        width,
        deep.channels,
        dtype,
        deep.orientation,
        deep.bits,
        profile=name,
        meaning=page.meaning,
    )


def _stated(page: Page, channels: int) -> int:
    return len(stated_places(page.meaning, channels))


def profile(data: Data, format: str, part: Part) -> bytes | None:  # noqa: A002, ARG001 - the protocol's words
    """The embedded colour profile."""
    return _files.get(data).pages[part.member].profile


def meaning(data: Data, format: str, part: Part) -> str:  # noqa: A002 - the protocol's word
    """What the channels are; see `stackgui.core.catalog.meaning`."""
    file = _files.get(data)
    if _joins(file, part):
        of_page = _header(file, format, file.pages[0]).channels
        return framed.joined_meaning(of_page, of_page * len(file.pages))
    return file.pages[part.member].meaning


def indices(data: Data, format: str, part: Part) -> tuple[NDArray[Any], int] | None:  # noqa: A002 - the protocol's word
    """Indices into the page's palette; see `stackgui.imaging.pictures.pillow`."""
    file = _files.get(data)
    page = file.pages[part.member]
    return None if page.is_deep or _joins(file, part) else pillow.indices(data, format, Part(page.place))


def decode_inks(data: Data, format: str, part: Part) -> tuple[NDArray[Any], int]:  # noqa: A002 - the protocol's word
    """Decode a page of inks to inks; see `stackgui.imaging.pictures.pillow`."""
    return pillow.decode_inks(data, format, Part(_files.get(data).pages[part.member].place))


def decode(
    data: Data,
    format: str,  # noqa: A002 - the protocol's word
    channels: int | None,
    out: NDArray[Any] | None,
    part: Part,
) -> tuple[NDArray[Any], int]:
    """Decode a page of a TIFF file; see `stackgui.imaging.registry.registry`."""
    file = _files.get(data)
    if _joins(file, part):
        # Each is made upright here, since all are one sample.
        pages = (_decode_page(file, format, page, None, None) for page in file.pages)
        return np.concatenate([orient.upright(*page) for page in pages], axis=2), 1
    return _decode_page(file, format, file.pages[part.member], channels, out)


def _joins(file: _File, part: Part) -> bool:
    """Whether the pages are the channels of one sample."""
    return part.scan.frames.as_channels and file.has_several


def _decode_page(
    file: _File,
    format_: str,
    found: Page,
    channels: int | None,
    out: NDArray[Any] | None,
) -> tuple[NDArray[Any], int]:
    data = file.data
    if not found.is_deep:
        return pillow.decode(data, format_, channels, out, Part(found.place))
    page = file.page(found.place)
    deep = _deep(page, len(data))
    with _silent():
        pixels = np.asarray(page.asarray())
    if page.axes == "SYX":
        pixels = np.moveaxis(pixels, 0, -1)
    pixels = _settled(page, pixels.reshape(deep.height, deep.width, deep.channels))
    if found.is_multiplied:
        colours = RGB if page.photometric == _IS_RGB else GREY
        alpha = (found.meaning or "LA" if colours == GREY else found.meaning or "RGBA").index("A")
        pixels = divided(pixels, colours, alpha, deep.bits)
    return pixels, deep.orientation


def readable(data: Data, format: str, part: Part) -> Readable | None:  # noqa: A002 - the protocol's word
    """A page of which only the tiles or strips that are needed are decoded; see `decode`."""
    file = _files.get(data)
    found = file.pages[part.member]
    if _joins(file, part) or found.is_multiplied:
        return None
    header = _header(file, format, found)
    page = file.page(found.place)
    if header.orientation != 1 or not (found.is_deep or _is_simple(page, header, len(data))):
        return None
    with _silent():
        grid = tiff_tiles.grid_of(page)
    if grid is None:
        return None
    tiles = tiff_tiles.Tiles(data, page, grid, lambda: _decode_page(file, format, found, None, None)[0])

    def read(rows: slice, columns: slice) -> NDArray[Any]:
        with _silent():
            return tiles.pixels(rows, columns, lambda stored: _settled(page, stored))

    return Readable(header.height, header.width, header.channels, np.dtype(header.dtype), read)


def _is_simple(page: tifffile.TiffPage, header: Header, file_bytes: int) -> bool:
    """Whether tifffile makes the same pixels of a page as Pillow, which decodes it where it is small."""
    # Of RGB that calls itself JFIF, hence YCbCr, each believes something else.
    is_clear = not (page.is_jfif and page.photometric == _IS_RGB)
    is_jpeg = page.compression == _JPEG and is_clear and page.planarconfig == 1
    colours = (_IS_INVERTED, _IS_BLACK_ZERO, _IS_RGB, *([_IS_YCBCR] if is_jpeg else []))
    is_plain = page.photometric in colours and (is_jpeg or page.compression != _JPEG)
    is_known = _PHOTOMETRIC in page.tags and page.fillorder == 1 and page.predictor in (1, 2)
    shape = (page.imagelength, page.imagewidth, page.samplesperpixel)
    if not (is_plain and is_known and shape == (header.height, header.width, header.channels)):
        return False
    if page.dtype != np.uint8 or page.bitspersample != _BYTE_BITS or page.axes not in _AXES:
        return False
    try:
        tiff_segments.settle(page, file_bytes)
    except SampleError:  # Pillow decides what to say of it
        return False
    return True


def _settled(page: tifffile.TiffPage, pixels: NDArray[Any]) -> NDArray[Any]:
    """Stored numbers (h, w, c) as those of a picture."""
    if _is_inverted(page):
        pixels = _inverted(pixels, page.bitspersample)
    if page.bitspersample < _BYTE_BITS:
        pixels = widened(pixels, 2**page.bitspersample - 1)
    return pixels.astype(pixels.dtype.newbyteorder("="), copy=False)


def _inverted(pixels: NDArray[Any], bits: int) -> NDArray[Any]:
    """Grey of which less is lighter, turned round; what else a pixel has stays."""
    turned = pixels.copy()
    turned[:, :, 0] = 2**bits - 1 - turned[:, :, 0]
    return turned


@dataclass(eq=False)
class _File:
    """A file whose pages are decoded one after another: its directories are read once."""

    data: Data
    pages: tuple[Page, ...]

    @property
    def has_several(self) -> bool:
        """Whether there are several pages."""
        return len(self.pages) > 1

    @cached_property
    def _reader(self) -> tifffile.TiffFile:
        import tifffile  # noqa: PLC0415 - loaded when the first such file appears

        # It reports through logging what is raised below.
        logging.getLogger("tifffile").setLevel(logging.CRITICAL + 1)
        with _silent():
            return tifffile.TiffFile(stream(self.data))

    def page(self, index: int) -> tifffile.TiffPage:
        """One of all pages."""
        import tifffile  # noqa: PLC0415 - loaded when the first such file appears

        with _silent():
            page = self._reader.pages[index]
        assert isinstance(page, tifffile.TiffPage)
        return page


_files = LastOpened(lambda data: _File(data, pages_of(data)))


@contextmanager
def _silent() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _deep(page: tifffile.TiffPage, file_bytes: int) -> _Deep:
    check_size(page.imagelength, page.imagewidth)
    _check_packing(page)
    dtype = page.dtype
    if dtype is None or page.axes not in _AXES or not _is_plain(page, dtype):
        raise SampleError("TIFF pictures of this kind are not supported")
    tiff_segments.settle(page, file_bytes)
    tag = page.tags.get("Orientation")
    value = tag.value if tag is not None else 1
    orientation = orient.valid(value)
    is_packed = dtype.kind == "u" and _BYTE_BITS < page.bitspersample < 8 * dtype.itemsize
    bits = page.bitspersample if is_packed else 0
    return _Deep(
        page.imagelength, page.imagewidth, page.samplesperpixel, dtype.newbyteorder("="), orientation, bits
    )


def _check_packing(page: tifffile.TiffPage) -> None:
    import tifffile  # noqa: PLC0415 - loaded when the first such file appears

    packing = page.compression
    if packing in _REFUSED_PACKINGS or packing not in tifffile.TIFF.DECOMPRESSORS:
        name = _REFUSED_PACKINGS.get(packing) or getattr(
            packing, "name", f"the unknown method {int(packing)}"
        )
        raise SampleError(f"TIFF pictures that are packed by {name} are not supported")


def _is_plain(page: tifffile.TiffPage, dtype: np.dtype[Any]) -> bool:
    if _is_inverted(page):
        return dtype.kind == "u"
    return (
        _PHOTOMETRIC not in page.tags or page.photometric in (_IS_BLACK_ZERO, _IS_RGB)
    ) and dtype.kind in "uif"


def _is_inverted(page: tifffile.TiffPage) -> bool:
    """Whether less is lighter; not where a file does not say what is black, as those of measurements may."""
    return page.photometric == _IS_INVERTED and _PHOTOMETRIC in page.tags
