"""Decompression of DICOM frames. Each frame's own header must agree with the elements of the file."""

from __future__ import annotations

import struct
from typing import Any, assert_never

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.imaging.base.decoder import Sample, Start
from stackgui.imaging.dicom.layout import Layout, Packing
from stackgui.imaging.pictures import jpeg, jpeg2000
from stackgui.imaging.pixels.channels import RGB

_SEGMENTS = struct.Struct("<16I")
_RGB_IN_JPEG = "RGB"
_LOSSLESS_JPEG = b"\xff\xc3"


def unpacked(frame: bytes, layout: Layout) -> NDArray[Any]:
    """Decompress a frame.

    Parameters
    ----------
    frame : bytes
    layout : Layout

    Returns
    -------
    ndarray
        The values in native byte order, arranged as `layout` says; colours are RGB.

    Raises
    ------
    SampleError
        When the frame is damaged or contradicts the elements of the file.
    """
    match layout.packing:
        case Packing.NONE:
            raise ValueError("nothing is packed")
        case Packing.RLE:
            return _of_runs(frame, layout)
        case Packing.JPEG:
            pixels = _of_jpeg(frame, layout)
        case Packing.JPEG_2000:
            pixels = _of_jpeg_2000(frame, layout)
        case _:
            assert_never(layout.packing)
    if pixels.shape != (layout.height, layout.width, layout.stored_channels):
        raise _contradiction("size")
    native = layout.dtype.newbyteorder("=")
    if pixels.dtype.itemsize != native.itemsize:
        raise _contradiction(say("number of bits"))
    return pixels.view(native)


def _contradiction(what: str) -> SampleError:
    return SampleError(
        say("the {what} that the DICOM file says is not that of the packed picture in it", what=what)
    )


def _of_runs(frame: bytes, layout: Layout) -> NDArray[Any]:
    """Decompress RLE: one plane per byte of each value, highest byte first (DICOM PS3.5, annex G)."""
    from imagecodecs import packbits_decode  # noqa: PLC0415 - loaded when the first such file appears

    if len(frame) < _SEGMENTS.size:
        raise SampleError(say("the file ends in the middle of the picture"))
    count, *starts = _SEGMENTS.unpack_from(frame)
    itemsize, pixels = layout.dtype.itemsize, layout.height * layout.width
    if count != layout.stored_channels * itemsize:
        raise _contradiction(say("number of bits"))
    starts = [*starts[:count], len(frame)]
    planes = np.empty((layout.stored_channels, pixels, itemsize), np.uint8)
    for index in range(count):
        plane = bytes(packbits_decode(frame[starts[index] : starts[index + 1]]))
        if len(plane) < pixels:
            raise SampleError(say("the file ends in the middle of the picture"))
        channel, byte = divmod(index, itemsize)
        planes[channel, :, byte] = np.frombuffer(plane, np.uint8, pixels)
    numbers: NDArray[Any] = planes.reshape(-1).view(layout.dtype.newbyteorder(">"))
    return numbers.astype(layout.dtype.newbyteorder("="))


def _of_jpeg(frame: bytes, layout: Layout) -> NDArray[Any]:
    header = jpeg.DECODER.headers(Start(frame, "jpeg", len(frame)))
    if layout.stored_channels == RGB:
        is_rgb = simplejpeg.decode_jpeg_header(frame)[2] == _RGB_IN_JPEG
        if is_rgb != (layout.kind == "RGB"):
            raise _contradiction(say("kind of colours"))
    is_lossless = _LOSSLESS_JPEG in frame
    bits = header.bits or 8 * np.dtype(header.dtype).itemsize
    if not is_lossless and bits > layout.bits:
        raise _contradiction(say("number of bits"))
    return jpeg.DECODER.decode(Sample(frame, channels=layout.stored_channels))[0]


def _of_jpeg_2000(frame: bytes, layout: Layout) -> NDArray[Any]:
    pixels, codestream = jpeg2000.decode_codestream(frame)
    if layout.kind.startswith("YBR") and not codestream.is_mixed:
        raise _contradiction(say("kind of colours"))
    if codestream.is_signed != (layout.dtype.kind == "i"):
        raise _contradiction("sign")
    if codestream.bits > layout.bits:
        raise _contradiction(say("number of bits"))
    return pixels
