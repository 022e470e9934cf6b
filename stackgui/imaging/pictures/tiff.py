"""The TIFF decoder: Pillow for up to 8 bits, tifffile for what Pillow would reduce or refuse."""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.decoding import Access, Decoding
from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.doubts import Doubt
from stackgui.core.catalog.meaning import stated_places
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.base import doubts, framed
from stackgui.imaging.base.data import Data, LastOpened, Readable, stream
from stackgui.imaging.base.declaration import PILLOW, TIFFFILE, Format, Holds
from stackgui.imaging.base.decoder import Pixels, Sample, Start
from stackgui.imaging.base.limits import check_size
from stackgui.imaging.pictures import raw, tiff_segments, tiff_tiles
from stackgui.imaging.pictures.pillow import Pillow, Plugin
from stackgui.imaging.pictures.tiff_pages import CameraRaw, Page, pages_of
from stackgui.imaging.pixels import orientation as orient
from stackgui.imaging.pixels import profiles
from stackgui.imaging.pixels.channels import GREY, RGB, divided
from stackgui.imaging.pixels.numbers import widened

if TYPE_CHECKING:
    import tifffile

_NAME = "tiff"
_BYTE_BITS = 8
_IS_INVERTED, _IS_BLACK_ZERO, _IS_RGB, _IS_YCBCR = 0, 1, 2, 6
_JPEG = 7
_PHOTOMETRIC = 262
_AXES = ("YX", "YXS", "SYX")
# The decoders of these compressions miss damage, or never return when they meet it.
_REFUSED_PACKINGS = {22610: "JPEG XR", 34934: "JPEG XR"}


class _Deep(NamedTuple):
    """Size and number format of a page that tifffile decodes."""

    height: int
    width: int
    channels: int
    dtype: np.dtype[Any]
    orientation: int
    bits: int


class _Tiff(Pillow):
    def headers(self, start: Start[Data]) -> Header:
        """Read the headers of the pages, or that of a camera RAW picture in a TIFF file."""
        # The whole file is needed: directories of tags may be anywhere, and most are at the end.
        try:
            file = _files.get(start.data)
        except CameraRaw:
            return raw.DECODER.headers(start)
        return framed.headers(
            len(file.pages),
            start.scan.frames,
            start.format,
            lambda member: self._page_header(file, start.format, file.pages[member]),
            joins=True,
        )

    def profile(self, sample: Sample[Data]) -> bytes | None:
        """Return the embedded colour profile."""
        return _files.get(sample.data).pages[sample.member].profile

    def meaning(self, sample: Sample[Data]) -> str:
        """Return what the channels mean."""
        file = _files.get(sample.data)
        if _joins(file, sample.scan):
            of_page = self._page_header(file, _NAME, file.pages[0]).channels
            return framed.joined_meaning(of_page, of_page * len(file.pages))
        return file.pages[sample.member].meaning

    def indices(self, sample: Sample[Data]) -> Pixels | None:
        """Decode the page as indices into its palette."""
        file = _files.get(sample.data)
        page = file.pages[sample.member]
        if page.is_deep or _joins(file, sample.scan):
            return None
        return super().indices(sample._replace(member=page.place))

    def inks(self, sample: Sample[Data]) -> Pixels:
        """Decode the page as CMYK ink amounts."""
        return super().inks(sample._replace(member=_files.get(sample.data).pages[sample.member].place))

    def decode(self, sample: Sample[Data]) -> Pixels:
        """Decode a page, or all pages if they are the channels of one sample."""
        file = _files.get(sample.data)
        if _joins(file, sample.scan):
            # Turn each page upright here: all belong to one sample, which has no single orientation.
            alone = sample._replace(channels=None, out=None)
            pages = (self._decode_page(file, page, alone) for page in file.pages)
            return np.concatenate([orient.upright(*page) for page in pages], axis=2), 1
        return self._decode_page(file, file.pages[sample.member], sample)

    def readable(self, sample: Sample[Data]) -> Readable | None:
        """Return a view of a page that decodes only the tiles or strips needed, or None if it cannot."""
        file = _files.get(sample.data)
        found = file.pages[sample.member]
        if _joins(file, sample.scan) or found.is_multiplied:
            return None
        header = self._page_header(file, _NAME, found)
        page = file.page(found.place)
        if header.orientation != 1 or not (found.is_deep or _matches_pillow(page, header, len(sample.data))):
            return None
        with _silent():
            grid = tiff_tiles.grid_of(page)
        if grid is None:
            return None
        alone = sample._replace(channels=None, out=None)
        tiles = tiff_tiles.Tiles(sample.data, page, grid, lambda: self._decode_page(file, found, alone)[0])

        def read(rows: slice, columns: slice) -> NDArray[Any]:
            with _silent():
                return tiles.pixels(rows, columns, lambda stored: _as_pixel_values(page, stored))

        return Readable(header.height, header.width, header.channels, np.dtype(header.dtype), read)

    def _page_header(self, file: _File, format_: str, page: Page) -> Header:
        if page.leaves_out:
            doubts.note(Doubt.MORE_THAN_COLOURS)
        if not page.is_deep:
            return self.header(Start(file.data, format_, len(file.data)), page.place)
        return _deep_header(file, format_, page)

    def _decode_page(self, file: _File, page: Page, sample: Sample[Data]) -> Pixels:
        if not page.is_deep:
            return super().decode(sample._replace(member=page.place))
        return _decode_deep(file, page)


def _deep_header(file: _File, format_: str, page: Page) -> Header:
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


def _joins(file: _File, scan: ScanOptions) -> bool:
    """Whether all pages are read as the channels of one sample."""
    return scan.frames.as_channels and file.has_several


def _decode_deep(file: _File, found: Page) -> Pixels:
    page = file.page(found.place)
    deep = _deep(page, len(file.data))
    with _silent():
        pixels = _lying_there(file.data, page)
        if pixels is None:
            pixels = np.asarray(page.asarray())
    if page.axes == "SYX":
        pixels = np.moveaxis(pixels, 0, -1)
    pixels = _as_pixel_values(page, pixels.reshape(deep.height, deep.width, deep.channels))
    if found.is_multiplied:
        colours = RGB if page.photometric == _IS_RGB else GREY
        alpha = (found.meaning or "LA" if colours == GREY else found.meaning or "RGBA").index("A")
        pixels = divided(pixels, colours, alpha, deep.bits)
    return pixels, deep.orientation


def _lying_there(data: Data, page: tifffile.TiffPage) -> NDArray[Any] | None:
    """Return a view of numbers that lie in the file as they are, or None if they have to be decoded.

    A copy would cost as much as reading the file, mostly for new memory.
    """
    dtype, place = page.dtype, page.dataoffsets[0]
    if dtype is None or not isinstance(data, bytes) or not page.is_final or place % dtype.itemsize:
        return None
    stored = np.frombuffer(data, dtype.newbyteorder(page.parent.byteorder), math.prod(page.shape), place)
    return stored.reshape(page.shape)


def _matches_pillow(page: tifffile.TiffPage, header: Header, file_bytes: int) -> bool:
    """Whether tifffile decodes a page to the same pixels as Pillow, which decodes small pages."""
    # The libraries disagree on RGB pages whose JPEG data has a JFIF header, which implies YCbCr.
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
    except SampleError:  # leave the error message to Pillow
        return False
    return True


def _as_pixel_values(page: tifffile.TiffPage, pixels: NDArray[Any]) -> NDArray[Any]:
    """Convert stored numbers, shape (h, w, c), to pixel values."""
    if _has_white_zero(page):
        pixels = _inverted(pixels, page.bitspersample)
    if page.bitspersample < _BYTE_BITS:
        pixels = widened(pixels, 2**page.bitspersample - 1)
    return pixels.astype(pixels.dtype.newbyteorder("="), copy=False)


def _inverted(pixels: NDArray[Any], bits: int) -> NDArray[Any]:
    """Invert the first channel, grey in which 0 is white; keep the others."""
    turned = pixels.copy()
    turned[:, :, 0] = 2**bits - 1 - turned[:, :, 0]
    return turned


@dataclass(eq=False)
class _File:
    """A file and its pages; keeps the reader open, so that each directory is read once."""

    data: Data
    pages: tuple[Page, ...]

    @property
    def has_several(self) -> bool:
        """Whether there are several pages."""
        return len(self.pages) > 1

    @cached_property
    def _stream(self) -> BinaryIO:
        return stream(self.data)

    @cached_property
    def _reader(self) -> tifffile.TiffFile:
        import tifffile  # noqa: PLC0415 - loaded when the first such file appears

        # tifffile also logs the errors that this module raises.
        logging.getLogger("tifffile").setLevel(logging.CRITICAL + 1)
        with _silent():
            return tifffile.TiffFile(self._stream)

    def __del__(self) -> None:
        # The reader and its pages refer to each other, so without this the bytes would stay in memory until
        # Python looks for such cycles, which may be many files later.
        if "_stream" in self.__dict__:
            self._stream.close()

    def page(self, index: int) -> tifffile.TiffPage:
        """Return the page at place `index` among all directories."""
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
        raise SampleError(say("TIFF pictures of this kind are not supported"))
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
            packing, "name", say("the unknown method {packing}", packing=int(packing))
        )
        raise SampleError(say("TIFF pictures that are packed by {name} are not supported", name=name))


def _is_plain(page: tifffile.TiffPage, dtype: np.dtype[Any]) -> bool:
    if _has_white_zero(page):
        return dtype.kind == "u"
    return (
        _PHOTOMETRIC not in page.tags or page.photometric in (_IS_BLACK_ZERO, _IS_RGB)
    ) and dtype.kind in "uif"


def _has_white_zero(page: tifffile.TiffPage) -> bool:
    """Whether 0 is white; False if the file does not say, as files with measurements may not."""
    return page.photometric == _IS_INVERTED and _PHOTOMETRIC in page.tags


FORMATS = (
    Format(
        name=_NAME,
        title="TIFF",
        decoder=_Tiff(Plugin("PIL.TiffImagePlugin", "TIFF", stores_raw=True, is_upright=True)),
        libraries=(PILLOW, TIFFFILE),
        magic=(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
        suffixes=(".tif", ".tiff"),
        holds=Holds.PAGES,
        needs_whole_file=True,
        decoding=Decoding(access=Access.MAPPED, keeps_numbers=True),
    ),
)
