"""DICOM, read with pydicom where that is installed: the stored numbers of pictures that are not packed.

Numbers are not rescaled to Hounsfield units or the like, since slope and intercept may differ from file to
file. Only what MONOCHROME1 says is obeyed: in it less is lighter.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog import Header
from stackgui.core.errors import SampleError
from stackgui.core.scan_options import ScanOptions
from stackgui.imaging import framed
from stackgui.imaging.data import Data, Part, stream
from stackgui.imaging.errors import MoreBytesNeeded
from stackgui.imaging.limits import check_size

_UNPACKED = frozenset({"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"})
"""Transfer syntaxes (DICOM PS3.5, annex A) in which pixels lie as they are."""

_BIG_ENDIAN = "1.2.840.10008.1.2.2"
_CHANNELS = {"MONOCHROME1": 1, "MONOCHROME2": 1, "RGB": 3}
_ALLOCATED_BITS = (8, 16, 32)


class _Layout(NamedTuple):
    """How the pixels of a file lie in it (DICOM PS3.3, C.7.6.3).

    Attributes
    ----------
    frames, height, width, channels : int
    is_planar : bool
        Whether each channel of a frame is a plane of its own.
    dtype : numpy.dtype
        In the file's byte order.
    bits : int
        Of `dtype`, counted from the lowest, those that belong to a number.
    is_inverse : bool
        Whether less is lighter.
    """

    frames: int
    height: int
    width: int
    channels: int
    is_planar: bool
    dtype: np.dtype[Any]
    bits: int
    is_inverse: bool

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame."""
        return self.height * self.width * self.channels * self.dtype.itemsize

    def header(self, format_: str) -> Header:
        """The header of any of the frames."""
        fewer = self.dtype.kind == "u" and self.bits < 8 * self.dtype.itemsize
        native = self.dtype.newbyteorder("=").name
        bits = self.bits if fewer else 0
        return Header(format_, self.height, self.width, self.channels, native, bits=bits)


def probe(
    data: Data,
    format: str,  # noqa: A002 - the protocol's word
    file_bytes: int,
    scan: ScanOptions,
) -> Header:
    """Read the header of a DICOM file; see `stackgui.imaging.probe`."""
    if len(data) < file_bytes:
        raise MoreBytesNeeded  # texts and other tables of any length stand before the pixels
    layout = _layout(_read(data, without_pixels=True))
    header = layout.header(format)
    return framed.headers(layout.frames, scan.frames, format, lambda _index: header)


def decode(
    data: Data,
    format: str,  # noqa: A002, ARG001 - the protocol's words
    channels: int | None,  # noqa: ARG001
    out: NDArray[Any] | None,  # noqa: ARG001
    part: Part,
) -> tuple[NDArray[Any], int]:
    """Decode a frame; a DICOM file has no mark of its orientation. See `stackgui.imaging.families`."""
    dataset = _kept_dataset(data)
    layout = _layout(dataset)
    member = max(part.member, 0)
    stored = dataset.get("PixelData") or b""
    if member >= layout.frames or len(stored) < layout.frames * layout.frame_bytes:
        raise SampleError("the file ends in the middle of the picture")
    count = layout.height * layout.width * layout.channels
    numbers = np.frombuffer(stored, layout.dtype, count, member * layout.frame_bytes)
    return _pixels(layout, numbers), 1


def _pixels(layout: _Layout, stored: NDArray[Any]) -> NDArray[Any]:
    """Numbers as they are meant, shape (h, w, c)."""
    numbers = stored.astype(layout.dtype.newbyteorder("="))
    if unused := 8 * layout.dtype.itemsize - layout.bits:
        # Upwards and down again: what else lies in the high bits goes, and the sign comes back.
        numbers = (numbers << unused) >> unused
    if layout.is_inverse:
        most = -1 if layout.dtype.kind == "i" else 2**layout.bits - 1
        numbers = numbers.dtype.type(most) - numbers
    if layout.is_planar:
        return numbers.reshape(layout.channels, layout.height, layout.width).transpose(1, 2, 0)
    return numbers.reshape(layout.height, layout.width, layout.channels)


class _Kept(NamedTuple):
    """A file whose frames are asked for one after another."""

    data: Data
    dataset: Any


_kept: _Kept | None = None


def _kept_dataset(data: Data) -> Any:  # noqa: ANN401 - of a library that is an extra
    global _kept  # noqa: PLW0603 - one worker reads one file after another
    if _kept is None or _kept.data is not data:
        _kept = _Kept(data, _read(data, without_pixels=False))
    return _kept.dataset


def _read(data: Data, *, without_pixels: bool) -> Any:  # noqa: ANN401 - of a library that is an extra
    try:
        pydicom = import_module("pydicom")
    except ImportError:
        raise SampleError("DICOM files need more: pip install 'stackgui[dicom]'") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of texts that break the rules, which are not looked at
        return pydicom.dcmread(stream(data), stop_before_pixels=without_pixels)


def _layout(dataset: Any) -> _Layout:  # noqa: ANN401 - of a library that is an extra
    """How the pixels lie.

    Raises
    ------
    SampleError
        When they lie in a way that is not supported; the reason names it.
    """
    syntax = dataset.file_meta.get("TransferSyntaxUID", "")
    if syntax not in _UNPACKED:
        name = getattr(syntax, "name", "") or "an unknown way"
        raise SampleError(f"DICOM pictures stored as {name} are not supported")
    kind = str(dataset.get("PhotometricInterpretation", "")).strip()
    if "Rows" not in dataset or not kind:
        raise SampleError("this DICOM file holds no picture")
    channels = _CHANNELS.get(kind)
    if channels is None or channels != int(dataset.get("SamplesPerPixel", 1)):
        raise SampleError(f"DICOM pictures in {kind} colours are not supported")
    allocated, bits = int(dataset.BitsAllocated), int(dataset.get("BitsStored", dataset.BitsAllocated))
    is_lowest = int(dataset.get("HighBit", bits - 1)) == bits - 1
    if allocated not in _ALLOCATED_BITS or not 0 < bits <= allocated or not is_lowest:
        raise SampleError(f"DICOM pictures with {bits} of {allocated} bits are not supported in this order")
    height, width = int(dataset.Rows), int(dataset.Columns)
    check_size(height, width)
    letter = "i" if int(dataset.get("PixelRepresentation", 0)) else "u"
    order = ">" if syntax == _BIG_ENDIAN else "<"
    return _Layout(
        frames=max(1, int(dataset.get("NumberOfFrames", 1) or 1)),
        height=height,
        width=width,
        channels=channels,
        is_planar=channels > 1 and bool(int(dataset.get("PlanarConfiguration", 0))),
        dtype=np.dtype(f"{order}{letter}{allocated // 8}"),
        bits=bits,
        is_inverse=kind == "MONOCHROME1",
    )
