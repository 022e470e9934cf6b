"""One way in for all formats: sniff, hand over to the family, finish.

A family is a module with two functions, and more where its files can have a colour profile, one of inks
that is not left to Pillow, a palette, or channels that their number does not explain::

    probe(data, format, file_bytes, scan) -> Header
    decode(data, format, channels, out, part) -> (pixels, orientation)
    profile(data, format, part) -> bytes or None
    decode_inks(data, format, part) -> (pixels, orientation)
    readable(data, format, part) -> pixels that are read part by part, upright, or None for the whole only
    indices(data, format, part) -> (pixels, orientation), or None for a picture without a palette
    meaning(data, format, part) -> text

`decode` gives pixels of shape (h, w, c) in native dtype, and the orientation still to be obeyed. `channels`
and `out` are offers: a family that can decode straight into `out` does so when nothing is left to finish, and
then returns `out`. The `decode` here finishes whatever the family did not.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.doubts import Doubt, joined
from stackgui.core.catalog.meaning import GREY_ALPHA, Taken, without_palette
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.imaging.base import doubts
from stackgui.imaging.base.data import Data, Part
from stackgui.imaging.base.errors import ENDS_EARLY, MoreBytesNeeded, as_sample_error
from stackgui.imaging.base.folder import FOLDER_FORMAT, Folder
from stackgui.imaging.dicom import dicom
from stackgui.imaging.pictures import (
    avif,
    fits,
    heic,
    jpeg,
    jpeg2000,
    jpegxl,
    pillow,
    png,
    pnm,
    raw,
    tiff,
    xbm,
)
from stackgui.imaging.pictures.containers import is_cut_off, lacks_end_mark
from stackgui.imaging.pixels import profiles
from stackgui.imaging.pixels.channels import convert_channels, stated
from stackgui.imaging.pixels.orientation import upright
from stackgui.imaging.pixels.resize import Readable
from stackgui.imaging.registry.sniff import SNIFF_BYTES, sniff
from stackgui.imaging.tensors import tensor

PREFIX_BYTES = 16 * 1024
"""How much of a file's start the scan reads at first: enough for the header of nearly every picture."""

_FAMILIES: dict[str, ModuleType] = {
    **dict.fromkeys(pillow.FORMATS, pillow),
    avif.FORMAT: avif,
    "dicom": dicom,
    fits.FORMAT: fits,
    "heic": heic,
    "jpeg": jpeg,
    "jpeg2000": jpeg2000,
    "jpegxl": jpegxl,
    "png": png,
    "ppm": pnm,
    raw.FORMAT: raw,
    **dict.fromkeys(tensor.CONTAINERS, tensor),
    "tiff": tiff,
    xbm.FORMAT: xbm,
}
_DECODERS = ("simplejpeg", "imagecodecs", "PIL", "tifffile", "pi_heif", "numpy")

EXTRAS = {
    "hdf5": "h5py", FOLDER_FORMAT: "zarr", "zarr-zip": "zarr", "dicom": "pydicom", raw.FORMAT: "rawpy",
}  # fmt: skip
"""Libraries that need not be installed, by the formats that they decode."""


def probe(data: Data | Folder, *, file_bytes: int, scan: ScanOptions = DEFAULT) -> Header:
    """Read a sample's header.

    Parameters
    ----------
    data : bytes, mmap or Folder
        The first `PREFIX_BYTES` of the file, or all of it, which is best mapped.
    file_bytes : int
        Size of the whole file; ``len(data) == file_bytes`` says that `data` is all of it.
    scan : ScanOptions
        What was chosen about arrays and the like.

    Returns
    -------
    Header
        Height, width and channels are those of what `decode` returns; of the first sample, where the file
        holds several.

    Raises
    ------
    NotAPicture
        When the content is of no known format.
    SampleError
        When it is a sample that cannot be used: damaged, not supported, or claiming the impossible.
    MoreBytesNeeded
        When the prefix does not tell: call again with the whole file.
    """
    try:
        doubts.take()  # what a sample that failed has left
        format_ = FOLDER_FORMAT if isinstance(data, Folder) else sniff(data[:SNIFF_BYTES])
        header: Header = _family(format_).probe(data, format_, file_bytes, scan)
    except (SampleError, MoreBytesNeeded):
        raise
    except Exception as error:
        raise _told(error, data, format_, file_bytes) from error
    if noted := joined(doubts.take()):
        # Of a file, hence of all samples in it.
        others = tuple(replace(other, doubts=noted) for other in header.others)
        header = replace(header, doubts=noted, others=others)
    return header


def decode(
    data: Data | Folder,
    format: str,  # noqa: A002 - the word of the header
    *,
    channels: int | None = None,
    part: Part = Part(),  # noqa: B008 - a frozen value
    background: tuple[int, int, int] | None = None,
    out: NDArray[Any] | None = None,
    at_least: tuple[int, int] | None = None,
    to_srgb: bool = False,
    bits: int = 0,
    taken: Taken = Taken.COLOURS,
) -> NDArray[Any]:
    """Decode a sample to upright pixels.

    Parameters
    ----------
    data : bytes, mmap or Folder
        The whole file.
    format : str
        As in the header.
    channels : int, optional
        1 grey, 2 grey and alpha, 3 RGB, 4 RGBA; None for the sample's own.
    part : Part
        Which of the file's samples, and how it was probed.
    background : (int, int, int), optional
        See `convert_channels`.
    out : ndarray, shape (h, w, c), C-contiguous, native dtype of the sample, optional
        Filled and returned.
    at_least : (int, int), optional
        Height and width of the upright picture that suffice. A format that can be decoded to a smaller size
        at less cost (JPEG) then is, to one that is at least this and at most its own.
    to_srgb : bool
        Bring the colours from those of the embedded profile to sRGB; its header names one.
    bits : int
        As in the header: white and opaque are the largest number of so many bits.
    taken : Taken
        What is taken where `channels` says how many there are to be. Of indices, neither the colour profile
        nor the background changes any.

    Returns
    -------
    ndarray, shape (h, w, c), native dtype
        Without `out` it may be read-only.

    Raises
    ------
    SampleError
        Whatever went wrong, with a plain reason.
    """
    try:
        found = _indices(data, format, part) if taken is Taken.INDICES else None
        if found is not None:
            pixels, orientation = found
        elif to_srgb and taken is not Taken.INDICES:
            pixels, orientation = _in_srgb(data, format, part, at_least, bits)
        else:
            # A family that is told the channels drops an alpha that they have no room for.
            offered = channels if background is None else None
            pixels, orientation = _as_stored(data, format, offered, out, part, at_least)
        if not isinstance(data, Folder) and not part.member and lacks_end_mark(data, format):
            doubts.note(Doubt.NO_END_MARK)  # all pixels are there: nothing was raised
        if pixels is out:
            return pixels
        pixels = upright(pixels, orientation)
        if channels is not None and not (taken is Taken.ALL and pixels.shape[2] == channels):
            told = stated(pixels, _meaning(data, format, part))
            if taken is Taken.INDICES and told.shape[2] > GREY_ALPHA:
                raise SampleError(without_palette(pixels.shape[2]))  # noqa: TRY301 - as all below raises
            pixels = convert_channels(told, channels, background, bits=bits)
        return _finish(pixels, out)
    except SampleError:
        raise
    except Exception as error:
        raise _told(error, data, format, 0) from error


def readable(
    data: Data | Folder,
    format: str,  # noqa: A002 - the word of the header
    *,
    channels: int,
    part: Part,
    background: tuple[int, int, int] | None = None,
    bits: int = 0,
    taken: Taken = Taken.COLOURS,
) -> Readable | None:
    """What `decode` gives, part by part, or None where the format has to be decoded as a whole.

    Parameters are those of `decode`; whatever goes wrong in reading is a `SampleError` too.
    """
    find = getattr(_family(format), "readable", None)
    if find is None or taken is Taken.INDICES:
        return None
    try:
        stored: Readable | None = find(data, format, part)
        if stored is None:
            return None
        meant = _meaning(data, format, part)
    except SampleError:
        raise
    except Exception as error:
        raise as_sample_error(error) from error
    keeps = taken is Taken.ALL and stored.channels == channels

    def read(rows: slice, columns: slice) -> NDArray[Any]:
        try:
            pixels = stored.read(rows, columns)
            return (
                pixels if keeps else convert_channels(stated(pixels, meant), channels, background, bits=bits)
            )
        except SampleError:
            raise
        except Exception as error:
            raise as_sample_error(error) from error

    return stored._replace(channels=channels, read=read)


def _as_stored(  # noqa: PLR0917 - as the families' own
    data: Data | Folder,
    format_: str,
    channels: int | None,
    out: NDArray[Any] | None,
    part: Part,
    at_least: tuple[int, int] | None,
) -> tuple[NDArray[Any], int]:
    family = _family(format_)
    if at_least and family is jpeg and not isinstance(data, Folder):
        return jpeg.decode_reduced(data, format_, channels, at_least, part)
    pixels, orientation = family.decode(data, format_, channels, out, part)
    return pixels, orientation


def _in_srgb(
    data: Data | Folder, format_: str, part: Part, at_least: tuple[int, int] | None, bits: int
) -> tuple[NDArray[Any], int]:
    family = _family(format_)
    profile = family.profile(data, format_, part)
    if not profile:
        raise SampleError("it has lost its colour profile since it was looked at")
    if profiles.is_of_inks(profile) and not isinstance(data, Folder):
        decode_inks = getattr(family, "decode_inks", pillow.decode_inks)
        pixels, orientation = decode_inks(data, format_, part)
    else:
        pixels, orientation = _as_stored(data, format_, None, None, part, at_least)
    return profiles.to_srgb(pixels, profile, bits), orientation


def _indices(data: Data | Folder, format_: str, part: Part) -> tuple[NDArray[Any], int] | None:
    """Indices into a palette, where there is one."""
    find = getattr(_family(format_), "indices", None)
    found: tuple[NDArray[Any], int] | None = find(data, format_, part) if find else None
    return found


def _meaning(data: Data | Folder, format_: str, part: Part) -> str:
    """What the channels are, where their number does not say it."""
    find = getattr(_family(format_), "meaning", None)
    return find(data, format_, part) if find else ""


def decoder_versions(formats: Iterable[str]) -> dict[str, str]:
    """Versions of the libraries that turn bytes of these `formats` into pixels, by name."""
    found = {name: str(importlib.import_module(name).__version__) for name in _DECODERS}
    for extra in sorted({EXTRAS[name] for name in formats if name in EXTRAS}):
        with suppress(ImportError):  # then none of its samples has pixels
            found[extra] = str(importlib.import_module(extra).__version__)
    return found


def _told(error: Exception, data: Data | Folder, format_: str, file_bytes: int) -> SampleError:
    """What to say of an error that no family has put into words."""
    if isinstance(data, Folder) or isinstance(error, MemoryError) or len(data) < file_bytes:
        return as_sample_error(error)
    return SampleError(ENDS_EARLY) if is_cut_off(data, format_) else as_sample_error(error)


def _family(format_: str) -> ModuleType:
    try:
        return _FAMILIES[format_]
    except KeyError:
        raise SampleError(f"{format_} pictures are not supported") from None


def _finish(pixels: NDArray[Any], out: NDArray[Any] | None) -> NDArray[Any]:
    if out is None and pixels.flags.c_contiguous:
        return pixels
    return _fill(np.empty(pixels.shape, pixels.dtype) if out is None else out, pixels)


def _fill(out: NDArray[Any], pixels: NDArray[Any]) -> NDArray[Any]:
    if out.shape != pixels.shape or out.dtype != pixels.dtype:
        raise SampleError("the picture is not what its header said when it was looked at")
    if pixels.flags.c_contiguous:
        np.copyto(out, pixels)
        return out
    # Turned pixels: channel by channel is three times as fast as letting NumPy order the loops.
    for channel in range(out.shape[2]):
        out[:, :, channel] = pixels[:, :, channel]
    return out
