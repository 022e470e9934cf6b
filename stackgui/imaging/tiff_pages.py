"""The pages of a TIFF file, from its directories of tags alone."""

from __future__ import annotations

import warnings
from typing import Any, BinaryIO, NamedTuple

from PIL import TiffImagePlugin

from stackgui.core.errors import SampleError
from stackgui.core.frames import MAX_FRAMES
from stackgui.imaging.data import Data, stream

_KIND, _OLD_KIND, _SUB_IFDS, _DNG_VERSION = 254, 255, 330, 50706
_BITS, _PHOTOMETRIC, _SAMPLE_FORMAT, _PROFILE = 258, 262, 339, 34675
_COMPRESSION, _CHANNELS = 259, 277
_RARELY_PACKED = frozenset({
    22610, 33003, 33004, 33005, 34712, 34887, 34892, 34927, 34933, 34934, 50001, 50002, 52546,
})  # fmt: skip
"""JPEG XR, JPEG 2000, LERC, lossy JPEG of DNG, WebP, PNG and JPEG XL, each by all of its numbers."""
_REDUCED, _MASK, _OLD_REDUCED = 1, 4, 2
_UNSIGNED, _PILLOW_BITS, _PILLOW_CHANNELS = 1, frozenset({1, 2, 4, 8}), 4
_RAW_PHOTOMETRICS = frozenset({32803, 34892})
_MOST_BELOW = 64
_BIG_TIFF, _BIG_ENDIAN = 43, b"MM\0+"
_WANTED = (
    _KIND, _OLD_KIND, _SUB_IFDS, _DNG_VERSION, _BITS, _PHOTOMETRIC, _SAMPLE_FORMAT, _PROFILE, _COMPRESSION,
    _CHANNELS,
)  # fmt: skip


class CameraRaw(Exception):  # noqa: N818 - a finding, not a fault of the file
    """The file holds what a camera's sensor saw, and pictures made of it beside."""


class Page(NamedTuple):
    """A page that is a picture.

    Attributes
    ----------
    place : int
        Among all directories of the file.
    is_for_tifffile : bool
        Whether it is what Pillow would reduce or cannot read: other numbers than unsigned ones of up to 8
        bits, more than four channels, or packed in a rare way.
    profile : bytes or None
        The embedded colour profile.
    """

    place: int
    is_for_tifffile: bool
    profile: bytes | None


def pages_of(data: Data) -> tuple[Page, ...]:
    """The pages of a file but for reduced copies and masks; of a damaged list those before the damage.

    Raises
    ------
    CameraRaw
        When one of its pictures is a camera's raw one, also behind the others or in a list below them.
    SampleError
        When it only looks like a camera's file.
    """
    if data[: len(_BIG_ENDIAN)] == _BIG_ENDIAN:
        return _pages_of_big_endian(data)
    directories = _directories(data)
    if any(_is_raw(tags) or any(map(_is_raw, _below(data, tags))) for tags in directories):
        raise CameraRaw
    first = directories[0]
    is_preview = first.get(_KIND, 0) == _REDUCED and _SUB_IFDS in first
    if is_preview or _DNG_VERSION in first:
        raise SampleError("camera RAW pictures of this kind are not supported")
    shown = [index for index, tags in enumerate(directories) if not _is_beside(tags)] or [0]
    return tuple(_page(index, directories[index]) for index in shown)


def _pages_of_big_endian(data: Data) -> tuple[Page, ...]:
    """Of BigTIFF with the highest byte first, which Pillow cannot read: all counts as deep."""
    import tifffile  # noqa: PLC0415 - loaded when the first such file appears

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with tifffile.TiffFile(stream(data)) as file:
            pages = [page for page in file.pages if isinstance(page, tifffile.TiffPage)]
            below = [
                sub for page in pages for sub in (page.pages or ()) if isinstance(sub, tifffile.TiffPage)
            ]
            if any(page.photometric in _RAW_PHOTOMETRICS for page in (*pages, *below)):
                raise CameraRaw
            kinds = [(page.is_reduced or page.is_mask, page.iccprofile) for page in pages]
    shown = [index for index, (is_beside, _profile) in enumerate(kinds) if not is_beside] or [0]
    return tuple(Page(index, is_for_tifffile=True, profile=kinds[index][1]) for index in shown)


def _directories(data: Data) -> list[dict[int, Any]]:
    file = stream(data)
    directory = TiffImagePlugin.ImageFileDirectory_v2(_prefix(file))
    places = {0, directory.next}
    found = [_read(directory, file)]
    while directory.next not in places and len(found) <= MAX_FRAMES:
        places.add(directory.next)
        try:
            found.append(_read(directory, file))
        except Exception:  # noqa: BLE001 - Pillow's parser fails in many ways on foreign bytes
            break
    return found


def _below(data: Data, tags: dict[int, Any]) -> list[dict[int, Any]]:
    """The directories that a page has below it, of which a camera's file keeps the picture itself in one."""
    file = stream(data)
    prefix = _prefix(file)
    found = []
    for place in _numbers(tags.get(_SUB_IFDS, ()))[:_MOST_BELOW]:
        directory = TiffImagePlugin.ImageFileDirectory_v2(prefix)
        directory.next = place
        try:
            found.append(_read(directory, file))
        except Exception:  # noqa: BLE001 - Pillow's parser fails in many ways on foreign bytes
            break
    return found


def _is_raw(tags: dict[int, Any]) -> bool:
    return tags.get(_PHOTOMETRIC) in _RAW_PHOTOMETRICS


def _prefix(file: BinaryIO) -> bytes:
    prefix = file.read(8)
    return prefix + file.read(8) if _BIG_TIFF in (prefix[2], prefix[3]) else prefix


def _read(directory: TiffImagePlugin.ImageFileDirectory_v2, file: BinaryIO) -> dict[int, Any]:
    file.seek(directory.next)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        directory.load(file)
        return {tag: directory[tag] for tag in _WANTED if tag in directory}


def _is_beside(tags: dict[int, Any]) -> bool:
    kind = tags.get(_KIND, 0)
    return bool(isinstance(kind, int) and kind & (_REDUCED | _MASK)) or tags.get(_OLD_KIND) == _OLD_REDUCED


def _page(index: int, tags: dict[int, Any]) -> Page:
    formats, bits = _numbers(tags.get(_SAMPLE_FORMAT, _UNSIGNED)), _numbers(tags.get(_BITS, 1))
    is_for_tifffile = (
        any(n != _UNSIGNED for n in formats)
        or not _PILLOW_BITS.issuperset(bits)
        or _numbers(tags.get(_CHANNELS, 1))[0] > _PILLOW_CHANNELS
        or tags.get(_COMPRESSION) in _RARELY_PACKED
    )
    profile = tags.get(_PROFILE)
    return Page(index, is_for_tifffile, profile if isinstance(profile, bytes) else None)


def _numbers(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a tag holds one number or several
    return value if isinstance(value, tuple) else (value,)
