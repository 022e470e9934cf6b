"""List the pages of a TIFF file from its directories of tags, without decoding pixels."""

from __future__ import annotations

import warnings
from typing import Any, BinaryIO, NamedTuple

from PIL import TiffImagePlugin

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.frames import MAX_FRAMES
from stackgui.core.catalog.meaning import GREY, GREY_ALPHA, PALETTE, RGB, has_unstated, meaning_of
from stackgui.imaging.base.data import Data, stream

_KIND, _OLD_KIND, _SUB_IFDS, _DNG_VERSION = 254, 255, 330, 50706
_BITS, _COMPRESSION, _PHOTOMETRIC, _CHANNELS, _PLANES = 258, 259, 262, 277, 284
_EXTRA, _SAMPLE_FORMAT, _PROFILE = 338, 339, 34675
_REDUCED, _MASK, _OLD_REDUCED = 1, 4, 2
_UNSIGNED, _PILLOW_BITS = 1, 8
_INVERTED, _GREY, _RGB, _PALETTE = range(4)
# Palettes, inks, YCbCr and CIELAB.
_RARE_COLOURS = {_PALETTE: 1, 5: 4, 6: 3, 8: 3}
_COLOURS = {_INVERTED: GREY, _GREY: GREY, _RGB: RGB}

_SEPARATE, _MULTIPLIED, _TRANSPARENCY, _WEBP = 2, 1, (1, 2), 50001
# Pillow lists WebP, but its libtiff is built without it.
_PILLOW_COMPRESSIONS = frozenset(TiffImagePlugin.COMPRESSION_INFO) - {_WEBP}
_PILLOW_GREY_BITS = ({1}, {2}, {4}, {8})
_RAW_PHOTOMETRICS = frozenset({32803, 34892})
_PREFIX_BYTES, _MAX_BELOW = 8, 64
_BIG_TIFFS, _BIG_ENDIAN = (b"+\0", b"\0+"), b"MM\0+"
_TAGS_OF_INTEREST = (
    _KIND, _OLD_KIND, _SUB_IFDS, _DNG_VERSION, _BITS, _COMPRESSION, _PHOTOMETRIC, _CHANNELS, _PLANES,
    _EXTRA, _SAMPLE_FORMAT, _PROFILE,
)  # fmt: skip


class CameraRaw(Exception):  # noqa: N818 - a finding, not a fault of the file
    """The file holds camera RAW data, and perhaps pictures developed from it."""


class Page(NamedTuple):
    """A page that is a picture.

    Attributes
    ----------
    place : int
        Index among all directories of the file.
    is_deep : bool
        Whether Pillow cannot read it without loss: its numbers are not unsigned with up to 8 bits, or its
        kind is rarer.
    profile : bytes or None
        The embedded colour profile.
    meaning : str
        Meaning of the channels; see `stackgui.core.catalog.meaning`.
    is_multiplied : bool
        Whether colours are stored multiplied by alpha.
    leaves_out : bool
        Whether the decoder drops some of its channels.
    """

    place: int
    is_deep: bool
    profile: bytes | None
    meaning: str
    is_multiplied: bool
    leaves_out: bool


def pages_of(data: Data) -> tuple[Page, ...]:
    """Return the pages of a file, without reduced copies and masks; stop where the list is damaged.

    Raises
    ------
    CameraRaw
        When any directory or subdirectory holds camera RAW data.
    SampleError
        When the file looks like a camera RAW file, but has no RAW data in a known form.
    """
    is_big, is_big_endian = data[2:4] in _BIG_TIFFS, data[: len(_BIG_ENDIAN)] == _BIG_ENDIAN
    directories = _directories_of_big_tiff(data) if is_big else _directories(data)
    if any(_is_raw(tags) or any(map(_is_raw, below)) for tags, below in directories):
        raise CameraRaw
    first = directories[0].tags
    is_preview = first.get(_KIND, 0) == _REDUCED and _SUB_IFDS in first
    if is_preview or _DNG_VERSION in first:
        raise SampleError(say("camera RAW pictures of this kind are not supported"))
    shown = [index for index, found in enumerate(directories) if not _is_copy_or_mask(found.tags)] or [0]
    pages = [_page(index, directories[index].tags) for index in shown]
    return tuple(page._replace(is_deep=True) for page in pages) if is_big_endian else tuple(pages)


class _Directory(NamedTuple):
    """The tags of interest of a page, and those of its subdirectories (SubIFDs)."""

    tags: dict[int, Any]
    below: list[dict[int, Any]]


def _directories_of_big_tiff(data: Data) -> list[_Directory]:
    """Read the directories of a BigTIFF: Pillow misses its SubIFDs, and all of a big-endian file."""
    import tifffile  # noqa: PLC0415 - loaded when the first such file appears

    def tags_of(page: tifffile.TiffPage | tifffile.TiffFrame) -> dict[int, Any]:
        assert isinstance(page, tifffile.TiffPage)
        return {tag.code: tag.value for tag in page.tags if tag.code in _TAGS_OF_INTEREST}

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with tifffile.TiffFile(stream(data)) as file:
            return [
                _Directory(tags_of(page), [tags_of(below) for below in getattr(page, "pages", None) or ()])
                for page in file.pages
            ]


def _directories(data: Data) -> list[_Directory]:
    file = stream(data)
    directory = TiffImagePlugin.ImageFileDirectory_v2(file.read(_PREFIX_BYTES))
    places = {0, directory.next}
    found = [_read(directory, file)]
    while directory.next not in places and len(found) <= MAX_FRAMES:
        places.add(directory.next)
        try:
            found.append(_read(directory, file))
        except Exception:  # noqa: BLE001 - Pillow's parser fails in many ways on foreign bytes
            break
    return [_Directory(tags, _below(data, tags)) for tags in found]


def _below(data: Data, tags: dict[int, Any]) -> list[dict[int, Any]]:
    """Read the subdirectories of a page; a camera keeps its RAW picture in one of them."""
    file = stream(data)
    prefix = file.read(_PREFIX_BYTES)
    found = []
    for place in _numbers(tags.get(_SUB_IFDS, ()))[:_MAX_BELOW]:
        directory = TiffImagePlugin.ImageFileDirectory_v2(prefix)
        directory.next = place
        try:
            found.append(_read(directory, file))
        except Exception:  # noqa: BLE001 - Pillow's parser fails in many ways on foreign bytes
            break
    return found


def _is_raw(tags: dict[int, Any]) -> bool:
    return tags.get(_PHOTOMETRIC) in _RAW_PHOTOMETRICS


def _read(directory: TiffImagePlugin.ImageFileDirectory_v2, file: BinaryIO) -> dict[int, Any]:
    file.seek(directory.next)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        directory.load(file)
        return {tag: directory[tag] for tag in _TAGS_OF_INTEREST if tag in directory}


def _is_copy_or_mask(tags: dict[int, Any]) -> bool:
    kind = tags.get(_KIND, 0)
    return bool(isinstance(kind, int) and kind & (_REDUCED | _MASK)) or tags.get(_OLD_KIND) == _OLD_REDUCED


def _page(index: int, tags: dict[int, Any]) -> Page:
    formats, bits = _numbers(tags.get(_SAMPLE_FORMAT, _UNSIGNED)), _numbers(tags.get(_BITS, 1))
    is_deep = any(n != _UNSIGNED for n in formats) or any(n > _PILLOW_BITS for n in bits)
    is_deep = is_deep or not _is_read_by_pillow(tags, set(bits))
    profile = tags.get(_PROFILE)
    meaning, is_multiplied = _meaning(tags)
    known = profile if isinstance(profile, bytes) else None
    return Page(index, is_deep, known, meaning, is_multiplied, _leaves_out(tags))


def _leaves_out(tags: dict[int, Any]) -> bool:
    """Whether Pillow, the only decoder of such colours, drops the page's extra channels."""
    colours, channels = tags.get(_PHOTOMETRIC), tags.get(_CHANNELS, 1)
    count = _RARE_COLOURS.get(colours) if isinstance(colours, int) else None
    if count is None or not isinstance(channels, int) or channels <= count:
        return False
    has_alpha = colours == _PALETTE and _numbers(tags.get(_EXTRA, ()))[:1] == (_TRANSPARENCY[1],)
    return channels > count + has_alpha


def _meaning(tags: dict[int, Any]) -> tuple[str, bool]:
    """Return the meaning of the channels, and whether colours are stored multiplied by alpha."""
    colours, channels = tags.get(_PHOTOMETRIC), tags.get(_CHANNELS, 1)
    if colours == _PALETTE:
        return PALETTE, False
    count = _COLOURS.get(colours) if isinstance(colours, int) else None
    if count is None or not isinstance(channels, int) or channels <= count:
        return "", False
    codes = [*_numbers(tags.get(_EXTRA, ())), *[0] * channels][: channels - count]
    alpha = next((place for place, code in enumerate(codes) if code in _TRANSPARENCY), None)
    letters = ["A" if place == alpha else "?" for place in range(len(codes))]
    return meaning_of(count, "".join(letters)), alpha is not None and codes[alpha] == _MULTIPLIED


def _is_read_by_pillow(tags: dict[int, Any], bits: set[Any]) -> bool:
    """Whether Pillow reads a page of up to 8 bits without loss; True for colours that only Pillow reads."""
    if tags.get(_COMPRESSION, 1) not in _PILLOW_COMPRESSIONS:
        return False
    colours, channels = tags.get(_PHOTOMETRIC), tags.get(_CHANNELS, 1)
    if not isinstance(channels, int) or colours not in _COLOURS:
        return True  # damaged, which Pillow will report, or rarer
    if channels == GREY:
        return bits in _PILLOW_GREY_BITS
    # Pillow mixes up separate planes of grey and alpha.
    has_planes = tags.get(_PLANES) == _SEPARATE and channels != RGB
    is_odd = channels == GREY_ALPHA and colours != _GREY
    return bits == {_PILLOW_BITS} and not has_unstated(_meaning(tags)[0]) and not has_planes and not is_odd


def _numbers(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a tag holds one number or a tuple
    return value if isinstance(value, tuple) else (value,)
