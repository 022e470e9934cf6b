"""The entry point for all formats: detect the format, call its decoder, convert the result."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.doubts import Doubt, join_doubts
from stackgui.core.catalog.meaning import GREY_ALPHA, Taken, without_palette
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.imaging.base import doubts
from stackgui.imaging.base.data import Data, Part, Readable
from stackgui.imaging.base.declaration import Format
from stackgui.imaging.base.decoder import Decoder, Pixels, Sample, Start
from stackgui.imaging.base.errors import ENDS_EARLY, MoreBytesNeeded, as_sample_error
from stackgui.imaging.base.folder import FOLDER_FORMAT, Folder
from stackgui.imaging.base.limits import most_px
from stackgui.imaging.pixels import profiles
from stackgui.imaging.pixels.channels import convert_channels, stated
from stackgui.imaging.pixels.orientation import upright
from stackgui.imaging.registry.declared import BY_NAME, LIBRARIES
from stackgui.imaging.registry.sniff import SNIFF_BYTES, sniff

Straight: TypeAlias = Callable[[Data | Folder, NDArray[Any]], bool]
"""See `Decode.straight`."""

PREFIX_BYTES = 16 * 1024
"""Size of the prefix that the scan reads first. It contains the header of nearly every picture."""


def probe(data: Data | Folder, *, file_bytes: int, scan: ScanOptions = DEFAULT) -> Header:
    """Read a sample's header.

    Parameters
    ----------
    data : bytes, mmap or Folder
        The first `PREFIX_BYTES` of the file, or the whole file, preferably memory-mapped.
    file_bytes : int
        Size of the whole file; if it equals ``len(data)``, `data` is the whole file.
    scan : ScanOptions
        Options that decide which arrays or frames of a file are samples.

    Returns
    -------
    Header
        Header of the first sample in the file. Height, width and channels are those of the array that
        `decode` returns.

    Raises
    ------
    NotAPicture
        When the content is in no known format.
    SampleError
        When the sample is unusable: damaged, not supported, or with an impossible size.
    MoreBytesNeeded
        When the header does not fit into the prefix: call again with the whole file.
    """
    global _alike  # noqa: PLW0603 - files are read one after another
    known = _alike
    if known is not None and isinstance(data, bytes) and data.startswith(known.start):
        header = known.header
        fits = header.height * header.width <= most_px() and file_bytes >= known.least_bytes
        if fits and known.scan is scan:
            return header
    try:
        doubts.take()  # discard those of an earlier sample that failed
        name = FOLDER_FORMAT if isinstance(data, Folder) else sniff(data[:SNIFF_BYTES])
        found = _format(name)
        start = Start(data, name, file_bytes, scan)
        if found.needs_whole_file and not start.is_whole:
            raise MoreBytesNeeded  # noqa: TRY301 - as decoders raise it
        header = found.decoder.headers(start)
    except (SampleError, MoreBytesNeeded):
        raise
    except Exception as error:
        raise _failure(error, data, name, file_bytes) from error
    if found_doubts := doubts.take():
        # They concern the file, hence every sample in it.
        noted = join_doubts(found_doubts)
        others = tuple(replace(other, doubts=noted) for other in header.others)
        header = replace(header, doubts=noted, others=others)
    elif (begin := found.decoder.alike(start)) is not None:
        _alike = _Alike(*begin, scan, header)
    return header


class _Alike(NamedTuple):
    """The header of a file, which all others have that begin as it does and are no shorter."""

    start: bytes
    least_bytes: int
    scan: ScanOptions
    header: Header


_alike: _Alike | None = None
"""The last file that others may be like: small pictures of one program often are."""


def decode(
    data: Data | Folder,
    format: str,  # noqa: A002 - the word of the header
    *,
    out: NDArray[Any] | None = None,
    **how: Any,  # noqa: ANN401 - as `Decode` takes them
) -> NDArray[Any]:
    """Decode a sample to upright pixels; the parameters are those of `Decode` and of calling it."""
    return Decode(format, **how)(data, out)


class Decode:
    """Decodes samples that are alike to upright pixels: what they have in common is looked at once.

    Parameters
    ----------
    format : str
        Format name from the header.
    channels : int, optional
        1 grey, 2 grey and alpha, 3 RGB, 4 RGBA; None for the sample's own.
    part : Part
        Index of the sample in the file, and the options under which the file was probed.
    background : (int, int, int), optional
        See `convert_channels`.
    at_least : (int, int), optional
        Smallest height and width that suffice, measured on the upright picture. Formats that decode faster
        at reduced size (JPEG) then return a picture between this size and the full size.
    to_srgb : bool
        Convert colours from the embedded ICC profile, which the header must name, to sRGB.
    bits : int
        Bit depth from the header; white and opaque are the largest number of that many bits.
    taken : Taken
        Whether to return colours, palette indices or all channels if `channels` is given. Neither the colour
        profile nor the background affects indices.

    Raises
    ------
    SampleError
        When the format is not known.
    """

    def __init__(
        self,
        format: str,  # noqa: A002 - the word of the header
        *,
        channels: int | None = None,
        part: Part = Part(),  # noqa: B008 - a frozen value
        background: tuple[int, int, int] | None = None,
        at_least: tuple[int, int] | None = None,
        to_srgb: bool = False,
        bits: int = 0,
        taken: Taken = Taken.COLOURS,
    ) -> None:
        self.at_least = at_least
        self._format, self._decoder = format, _format(format).decoder
        self._part, self._channels, self._bits, self._taken = part, channels, bits, taken
        self._background = background
        # Given a channel count, a decoder may drop alpha, which is needed to compose on the background.
        self._offered = channels if background is None else None
        self._is_plain = taken is not Taken.INDICES and not to_srgb
        # Most decoders know of no end mark, and are not asked about each sample.
        asked = getattr(type(self._decoder), "lacks_end_mark", None) is not Decoder.lacks_end_mark
        self._has_end_mark = asked and not part.member
        # Most decoders give channels that mean what their number says.
        is_told = getattr(type(self._decoder), "meaning", None) is not Decoder.meaning
        self._keeps_as_many = taken is Taken.ALL or (taken is Taken.COLOURS and not is_told)

    def __call__(self, data: Data | Folder, out: NDArray[Any] | None = None) -> NDArray[Any]:
        """Decode a sample.

        Parameters
        ----------
        data : bytes, mmap or Folder
            The whole file.
        out : ndarray, shape (h, w, c), C-contiguous, native dtype of the sample, optional
            Array to fill and return.

        Returns
        -------
        ndarray, shape (h, w, c), native dtype
            May be read-only unless `out` was given.

        Raises
        ------
        SampleError
            On any failure, with a plain reason.
        """
        decoder, (member, scan) = self._decoder, self._part
        try:
            sample = Sample(data, member, scan, self._offered, out, self.at_least)
            pixels, orientation = decoder.decode(sample) if self._is_plain else self._special(sample)
            if self._has_end_mark and not isinstance(data, Folder) and decoder.lacks_end_mark(data):
                doubts.note(Doubt.NO_END_MARK)  # only a doubt: decoding succeeded, so no pixels are missing
            if pixels is out:
                return pixels
            return _finish(self._converted(upright(pixels, orientation), sample), out)
        except SampleError:
            raise
        except Exception as error:
            raise _failure(error, data, self._format, 0) from error

    def straight(self, shape: tuple[int, ...]) -> Straight | None:
        """Return what decodes many samples to arrays of this shape, as calling this would, but in less time.

        It returns False for samples that have to be decoded by calling this. None if there is no such way.
        """
        if self.at_least or self._part.member or self._has_end_mark or not self._is_plain:
            return None
        into = self._decoder.straight(self._offered, shape, self._part.scan)
        if into is None:
            return None

        def decoded(data: Data | Folder, out: NDArray[Any]) -> bool:
            try:
                return into(data, out)
            except SampleError:
                raise
            except Exception as error:
                raise _failure(error, data, self._format, 0) from error

        return decoded

    def _special(self, sample: Sample[Any]) -> Pixels:
        """Decode to palette indices or sRGB colours."""
        match self._taken:
            case Taken.COLOURS | Taken.ALL:
                return _in_srgb(self._decoder, sample, self._bits)
            case Taken.INDICES:
                return self._decoder.indices(sample) or self._decoder.decode(sample)
            case _:
                assert_never(self._taken)

    def _converted(self, pixels: NDArray[Any], sample: Sample[Any]) -> NDArray[Any]:
        """Convert upright pixels to the channels that were asked for."""
        channels, taken = self._channels, self._taken
        if channels is None or (self._keeps_as_many and pixels.shape[2] == channels):
            return pixels
        colours = stated(pixels, self._decoder.meaning(sample._replace(channels=channels)))
        if taken is Taken.INDICES and colours.shape[2] > GREY_ALPHA:
            raise SampleError(without_palette(pixels.shape[2]))
        return convert_channels(colours, channels, self._background, bits=self._bits)


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
    """Return the result of `decode` as regions to be read; None if the format must be decoded whole.

    The parameters are those of `decode`. Reading a region raises `SampleError` on any failure.
    """
    if taken is Taken.INDICES:
        return None
    decoder, sample = _format(format).decoder, Sample(data, part.member, part.scan)
    try:
        stored = decoder.readable(sample)
        if stored is None:
            return None
        meant = decoder.meaning(sample)
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


def _in_srgb(decoder: Decoder[Any], sample: Sample[Any], bits: int) -> Pixels:
    profile = decoder.profile(sample)
    if not profile:
        raise SampleError(say("it has lost its colour profile since it was looked at"))
    if profiles.is_of_inks(profile) and not isinstance(sample.data, Folder):
        pixels, orientation = decoder.inks(sample)
    else:
        pixels, orientation = decoder.decode(sample._replace(channels=None, out=None))
    return profiles.to_srgb(pixels, profile, bits), orientation


def decoder_versions(formats: Iterable[str]) -> dict[str, str]:
    """Return the versions of the libraries that decode these `formats`, by module name."""
    used = {library for name in formats if name in BY_NAME for library in BY_NAME[name].libraries}
    found = {}
    for library in LIBRARIES:
        if library in used or not library.extra:
            with suppress(ImportError):  # not installed, so it decoded no sample
                found[library.module] = str(importlib.import_module(library.module).__version__)
    return found


def _failure(error: Exception, data: Data | Folder, format_: str, file_bytes: int) -> SampleError:
    """Turn an unexpected exception into a `SampleError`, and report truncation if the file is cut off."""
    if isinstance(data, Folder) or isinstance(error, MemoryError) or len(data) < file_bytes:
        return as_sample_error(error)
    is_cut_off = _format(format_).decoder.is_cut_off(data)
    return SampleError(ENDS_EARLY) if is_cut_off else as_sample_error(error)


def _format(format_: str) -> Format:
    try:
        return BY_NAME[format_]
    except KeyError:
        raise SampleError(say("{format} pictures are not supported", format=format_)) from None


def _finish(pixels: NDArray[Any], out: NDArray[Any] | None) -> NDArray[Any]:
    if out is None and pixels.flags.c_contiguous:
        return pixels
    return _fill(np.empty(pixels.shape, pixels.dtype) if out is None else out, pixels)


def _fill(out: NDArray[Any], pixels: NDArray[Any]) -> NDArray[Any]:
    if out.shape != pixels.shape or out.dtype != pixels.dtype:
        raise SampleError(say("the picture is not what its header said when it was looked at"))
    if pixels.flags.c_contiguous:
        np.copyto(out, pixels)
        return out
    # For rotated pixels, copying channel by channel is three times as fast as one NumPy copy.
    for channel in range(out.shape[2]):
        out[:, :, channel] = pixels[:, :, channel]
    return out
