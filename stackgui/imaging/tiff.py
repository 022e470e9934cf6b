"""TIFF: Pillow for up to 8 bits, tifffile for deeper numbers, which Pillow would reduce or refuse."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import TiffImagePlugin

from stackgui.core.catalog import Header
from stackgui.core.errors import SampleError
from stackgui.core.scan_options import ScanOptions
from stackgui.imaging import orientation as orient
from stackgui.imaging import pillow, profiles
from stackgui.imaging.channels import RGB, RGBA
from stackgui.imaging.data import Data, Part, stream
from stackgui.imaging.errors import MoreBytesNeeded
from stackgui.imaging.limits import check_claim, check_size

if TYPE_CHECKING:
    import tifffile

_NEW_SUBFILE_TYPE, _SUB_IFDS, _DNG_VERSION = 254, 330, 50706
_BITS, _PHOTOMETRIC, _SAMPLE_FORMAT, _PROFILE = 258, 262, 339, 34675
_UNSIGNED, _PILLOW_BITS = 1, 8
_IS_INVERTED, _IS_BLACK_ZERO, _IS_RGB = 0, 1, 2
_RAW_PHOTOMETRICS = frozenset({32803, 34892})
_BIG_TIFF = 43
_UNSPECIFIED_EXTRA = 0
_AXES = ("YX", "YXS", "SYX")


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
    if not _is_deep(data):
        return pillow.probe(data, format, file_bytes, scan)
    with _first_page(data) as page:
        deep = _deep(page, len(data))
    height, width = deep.height, deep.width
    if orient.swaps_sides(deep.orientation):
        height, width = width, height
    dtype = deep.dtype.name
    name = profiles.name_of(profile(data, format), profiles.space_of(deep.channels), dtype)
    return Header(format, height, width, deep.channels, dtype, deep.orientation, deep.bits, profile=name)


def profile(data: Data, format: str) -> bytes | None:  # noqa: A002, ARG001 - the protocol's words
    """The embedded colour profile."""
    found = _tags(data).get(_PROFILE)
    return found if isinstance(found, bytes) else None


def decode(
    data: Data,
    format: str,  # noqa: A002 - the protocol's word
    channels: int | None,
    out: NDArray[Any] | None,
    part: Part,
) -> tuple[NDArray[Any], int]:
    """Decode the first picture of a TIFF file; see `stackgui.imaging.families`."""
    if not _is_deep(data):
        return pillow.decode(data, format, channels, out, part)
    with _first_page(data) as page:
        deep = _deep(page, len(data))
        pixels = np.asarray(page.asarray())
        is_inverted = page.photometric == _IS_INVERTED
        if page.axes == "SYX":
            pixels = np.moveaxis(pixels, 0, -1)
    pixels = pixels.reshape(deep.height, deep.width, -1)[:, :, : deep.channels]
    if is_inverted:
        pixels = np.bitwise_not(pixels)
    return pixels.astype(deep.dtype, copy=False), deep.orientation


def _is_deep(data: Data) -> bool:
    """Whether the numbers are other than unsigned with up to 8 bits; camera RAW is refused on the way."""
    tags = _tags(data)
    is_preview = tags.get(_NEW_SUBFILE_TYPE, 0) == 1 and _SUB_IFDS in tags
    if is_preview or _DNG_VERSION in tags or tags.get(_PHOTOMETRIC) in _RAW_PHOTOMETRICS:
        raise SampleError("camera RAW pictures are not supported")
    formats, bits = _numbers(tags.get(_SAMPLE_FORMAT, _UNSIGNED)), _numbers(tags.get(_BITS, 1))
    return any(n != _UNSIGNED for n in formats) or any(n > _PILLOW_BITS for n in bits)


def _tags(data: Data) -> dict[int, Any]:
    file = stream(data)
    prefix = file.read(8)
    if prefix[2] == _BIG_TIFF or prefix[3] == _BIG_TIFF:
        prefix += file.read(8)
    directory = TiffImagePlugin.ImageFileDirectory_v2(prefix)
    file.seek(directory.next)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        directory.load(file)
        wanted = (_NEW_SUBFILE_TYPE, _SUB_IFDS, _DNG_VERSION, _PHOTOMETRIC, _SAMPLE_FORMAT, _BITS, _PROFILE)
        return {tag: directory[tag] for tag in wanted if tag in directory}


def _numbers(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a tag holds one number or several
    return value if isinstance(value, tuple) else (value,)


@contextmanager
def _first_page(data: Data) -> Iterator[tifffile.TiffPage]:
    import tifffile  # noqa: PLC0415 - loaded when the first such file appears

    # It reports through logging what is raised below.
    logging.getLogger("tifffile").setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with tifffile.TiffFile(stream(data)) as file:
            page = file.pages.first
            assert isinstance(page, tifffile.TiffPage)
            yield page


def _deep(page: tifffile.TiffPage, file_bytes: int) -> _Deep:
    check_size(page.imagelength, page.imagewidth)
    dtype = page.dtype
    if dtype is None or page.axes not in _AXES or not _is_plain(page, dtype):
        raise SampleError("TIFF pictures of this kind are not supported")
    _check_segments(page, file_bytes)
    channels = page.samplesperpixel
    if channels == RGBA and page.photometric == _IS_RGB and page.extrasamples[:1] == (_UNSPECIFIED_EXTRA,):
        channels = RGB  # the fourth is said to be nothing in particular
    tag = page.tags.get("Orientation")
    value = tag.value if tag is not None else 1
    orientation = orient.valid(value)
    is_packed = dtype.kind == "u" and page.bitspersample < 8 * dtype.itemsize
    bits = page.bitspersample if is_packed else 0
    return _Deep(page.imagelength, page.imagewidth, channels, dtype.newbyteorder("="), orientation, bits)


def _is_plain(page: tifffile.TiffPage, dtype: np.dtype[Any]) -> bool:
    if page.photometric == _IS_INVERTED:
        return dtype.kind == "u" and page.bitspersample == 8 * dtype.itemsize
    return page.photometric in (_IS_BLACK_ZERO, _IS_RGB) and dtype.kind in "uif"


def _check_segments(page: tifffile.TiffPage, file_bytes: int) -> None:
    # tifffile fills what is missing with zeros, which would pass for pixels.
    ends = [o + n for o, n in zip(page.dataoffsets, page.databytecounts, strict=True)]
    if not ends or 0 in page.databytecounts or max(ends) > file_bytes:
        raise SampleError("the file ends in the middle of the picture")
    if page.compression == 1:
        stored_bytes = page.size * page.bitspersample // 8
        check_claim(stored_bytes, sum(page.databytecounts), page.imagelength, page.imagewidth)
