"""The pixel layout of a DICOM file, as its elements describe it (DICOM PS3.3, C.7.6.3)."""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.imaging.base.limits import check_claim, check_size
from stackgui.imaging.pixels import profiles
from stackgui.imaging.pixels.channels import GREY, RGB


class Packing(Enum):
    """The compression of frames; the value is the largest compression ratio, 0 for unbounded."""

    NONE = 1
    RLE = 64
    JPEG = 512
    JPEG_2000 = 0


_BIG_ENDIAN = "1.2.840.10008.1.2.2"
_PACKINGS = {
    "1.2.840.10008.1.2": Packing.NONE,
    "1.2.840.10008.1.2.1": Packing.NONE,
    _BIG_ENDIAN: Packing.NONE,
    "1.2.840.10008.1.2.5": Packing.RLE,
    "1.2.840.10008.1.2.4.50": Packing.JPEG,
    "1.2.840.10008.1.2.4.51": Packing.JPEG,
    "1.2.840.10008.1.2.4.57": Packing.JPEG,
    "1.2.840.10008.1.2.4.70": Packing.JPEG,
    "1.2.840.10008.1.2.4.90": Packing.JPEG_2000,
    "1.2.840.10008.1.2.4.91": Packing.JPEG_2000,
}
"""Compression by transfer syntax (DICOM PS3.5, annex A)."""

_INVERSE, _PALETTE = "MONOCHROME1", "PALETTE COLOR"
_GREYS = frozenset({_INVERSE, "MONOCHROME2"})
_COLOURS = {
    Packing.NONE: frozenset({"RGB"}),
    Packing.RLE: frozenset({"RGB"}),
    # The JPEG decoders convert these to RGB. Uncompressed YBR is refused: its rounding is not specified.
    Packing.JPEG: frozenset({"RGB", "YBR_FULL", "YBR_FULL_422"}),
    Packing.JPEG_2000: frozenset({"RGB", "YBR_RCT", "YBR_ICT"}),
}
_EXACT = frozenset({Packing.NONE, Packing.RLE})
_ALLOCATED_BITS = (8, 16, 32)
_PALETTE_BITS = {8: "u1", 16: "u2"}
_INKS = ("Red", "Green", "Blue")
_MAX_ENTRIES = 2**16


class Layout(NamedTuple):
    """The layout of the pixels in a file.

    Attributes
    ----------
    packing : Packing
    kind : str
        The photometric interpretation.
    frames, height, width : int
    stored_channels : int
        1 for palette indices.
    is_big_endian : bool
    is_planar : bool
        Whether a frame stores one plane per channel.
    dtype : numpy.dtype
        Stored dtype, in the file's byte order.
    bits : int
        Number of bits used, the lowest ones of `dtype`.
    palette : ndarray or None
        Colours, shape (n, 3), uint8 or uint16.
    first_index : int
        Stored value of the first palette colour.
    profile : bytes or None
        ICC profile.
    """

    packing: Packing
    kind: str
    frames: int
    height: int
    width: int
    stored_channels: int
    is_big_endian: bool
    is_planar: bool
    dtype: np.dtype[Any]
    bits: int
    palette: NDArray[Any] | None
    first_index: int
    profile: bytes | None

    @property
    def is_inverse(self) -> bool:
        """Return whether lower values are lighter."""
        return self.kind == _INVERSE

    @property
    def frame_bytes(self) -> int:
        """Return the size of an uncompressed frame in bytes."""
        return self.height * self.width * self.stored_channels * self.dtype.itemsize

    def check_claim(self, file_bytes: int) -> None:
        """Refuse a claim to more pixels than a file of `file_bytes` bytes can hold."""
        if self.packing.value:
            needed_bytes = self.frames * self.frame_bytes // self.packing.value
            check_claim(needed_bytes, file_bytes, self.height, self.width)

    def header(self, format_: str) -> Header:
        """Return the header, which is the same for every frame."""
        if self.palette is not None:
            channels, dtype, bits = RGB, self.palette.dtype, 0
        else:
            channels, dtype = self.stored_channels, self.dtype.newbyteorder("=")
            bits = self.bits if dtype.kind == "u" and self.bits < 8 * dtype.itemsize else 0
        name = profiles.name_of(self.profile, profiles.space_of(channels), dtype.name)
        return Header(format_, self.height, self.width, channels, dtype.name, bits=bits, profile=name)


def layout_of(dataset: Any) -> Layout:  # noqa: ANN401 - of a library that is an extra
    """Return the pixel layout of a dataset.

    Raises
    ------
    SampleError
        When the layout is not supported; the reason names it.
    """
    syntax = dataset.file_meta.get("TransferSyntaxUID", "")
    packing = _PACKINGS.get(syntax)
    if packing is None:
        name = getattr(syntax, "name", "") or say("an unknown way")
        raise SampleError(say("DICOM pictures stored as {name} are not supported", name=name))
    kind = str(dataset.get("PhotometricInterpretation", "")).strip()
    if "Rows" not in dataset or not kind:
        raise SampleError(say("this DICOM file holds no picture"))
    height, width = int(dataset.Rows), int(dataset.Columns)
    check_size(height, width)
    channels = _stored_channels(packing, kind, int(dataset.get("SamplesPerPixel", 1)))
    is_big_endian = syntax == _BIG_ENDIAN
    palette, first_index = _palette(dataset, is_big_endian=is_big_endian) if kind == _PALETTE else (None, 0)
    is_planar = packing is Packing.NONE and bool(int(dataset.get("PlanarConfiguration", 0) or 0))
    profile = dataset.get("ICCProfile")
    return Layout(
        packing=packing,
        kind=kind,
        frames=max(1, int(dataset.get("NumberOfFrames", 1) or 1)),
        height=height,
        width=width,
        stored_channels=channels,
        is_big_endian=is_big_endian,
        is_planar=channels > 1 and (is_planar or packing is Packing.RLE),
        dtype=_dtype(dataset, is_big_endian=is_big_endian),
        bits=int(dataset.BitsStored),
        palette=palette,
        first_index=first_index,
        profile=profile if isinstance(profile, bytes) else None,
    )


def _stored_channels(packing: Packing, kind: str, said: int) -> int:
    channels = GREY if kind in _GREYS or (kind == _PALETTE and packing in _EXACT) else RGB
    if said != channels or (channels == RGB and kind not in _COLOURS[packing]):
        raise SampleError(say("DICOM pictures in {kind} colours are not supported", kind=kind))
    return channels


def _dtype(dataset: Any, *, is_big_endian: bool) -> np.dtype[Any]:  # noqa: ANN401 - of a library that is an extra
    if dataset.get("BitsStored") is None:
        raise SampleError(say("DICOM pictures of floating-point numbers are not supported"))
    allocated, bits = int(dataset.BitsAllocated), int(dataset.BitsStored)
    is_lowest = int(dataset.get("HighBit", bits - 1)) == bits - 1
    if allocated not in _ALLOCATED_BITS or not 0 < bits <= allocated or not is_lowest:
        raise SampleError(
            say(
                "DICOM pictures with {bits} of {allocated} bits are not supported in this order",
                bits=bits,
                allocated=allocated,
            )
        )
    letter = "i" if int(dataset.get("PixelRepresentation", 0)) else "u"
    return np.dtype(f"{'>' if is_big_endian else '<'}{letter}{allocated // 8}")


def _palette(dataset: Any, *, is_big_endian: bool) -> tuple[NDArray[Any], int]:  # noqa: ANN401 - the same
    """Return the palette and the stored value of its first colour (DICOM PS3.3, C.7.6.3.1.5)."""
    tables: list[NDArray[Any]] = []
    first_index = 0
    for ink in _INKS:
        described = dataset.get(f"{ink}PaletteColorLookupTableDescriptor")
        data = dataset.get(f"{ink}PaletteColorLookupTableData")
        entries, first_index, bits = map(int, described) if described else (0, 0, 0)
        entries = entries or _MAX_ENTRIES
        code = _PALETTE_BITS.get(bits)
        if not isinstance(data, bytes) or code is None:
            raise SampleError(say("DICOM pictures with a palette of this kind are not supported"))
        dtype = np.dtype(f"{'>' if is_big_endian else '<'}{code}")
        # DICOM pads every element to an even number of bytes.
        if len(data) != (size := entries * dtype.itemsize) + size % 2:
            raise SampleError(say("DICOM pictures with a palette of this kind are not supported"))
        tables.append(np.frombuffer(data, dtype, entries).astype(dtype.newbyteorder("=")))
    if len({(table.dtype, len(table)) for table in tables}) > 1:
        raise SampleError(say("DICOM pictures with a palette of this kind are not supported"))
    return np.stack(tables, axis=-1), first_index
