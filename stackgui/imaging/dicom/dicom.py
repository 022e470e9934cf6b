"""The DICOM decoder, which uses pydicom if it is installed and returns stored values.

Values are not rescaled to Hounsfield units or the like, since slope and intercept may differ between files.
MONOCHROME1, in which lower is lighter, is inverted, and palettes become colours.
"""

from __future__ import annotations

import re
import warnings
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.decoding import Decoding
from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.imaging.base import framed
from stackgui.imaging.base.data import Data, LastOpened, stream
from stackgui.imaging.base.declaration import IMAGECODECS, SIMPLEJPEG, Format, Holds, Library, Rank
from stackgui.imaging.base.decoder import Decoder, Pixels, Sample, Start
from stackgui.imaging.dicom.layout import Layout, Packing, layout_of
from stackgui.imaging.dicom.packed import unpacked

_WORDS = "OW"
_PYDICOM = Library("pydicom", "pydicom", "pydicom", "dicom")


class _Dicom(Decoder[Data]):
    def headers(self, start: Start[Data]) -> Header:
        """Read the header of the first frame, with those of further frames in `Header.others`."""
        # A prefix is not enough, since elements of any length precede the pixels.
        layout = layout_of(_read(start.data, without_pixels=True))
        layout.check_claim(start.file_bytes)
        header = layout.header(start.format)
        return framed.headers(layout.frames, start.scan.frames, start.format, lambda _index: header)

    def profile(self, sample: Sample[Data]) -> bytes | None:
        """Return the embedded ICC profile, if any."""
        return _files.get(sample.data).layout.profile

    def decode(self, sample: Sample[Data]) -> Pixels:
        """Decode a frame; DICOM has no EXIF orientation."""
        file = _files.get(sample.data)
        if sample.member >= file.layout.frames:
            raise SampleError(say("the file ends in the middle of the picture"))
        if file.layout.packing is not Packing.NONE:
            return _pixels(file.layout, unpacked(file.packed_frame(sample.member), file.layout)), 1
        return _pixels(file.layout, file.stored_frame(sample.member)), 1


def _pixels(layout: Layout, stored: NDArray[Any]) -> NDArray[Any]:
    """Convert stored values to pixels of shape (h, w, c)."""
    numbers = stored.astype(layout.dtype.newbyteorder("="), copy=False)
    if unused := 8 * layout.dtype.itemsize - layout.bits:
        # Shifting left and back clears unused high bits and extends the sign.
        numbers = (numbers << unused) >> unused
    if layout.is_inverse:
        most = -1 if layout.dtype.kind == "i" else 2**layout.bits - 1
        numbers = numbers.dtype.type(most) - numbers
    if layout.is_planar:
        return numbers.reshape(layout.stored_channels, layout.height, layout.width).transpose(1, 2, 0)
    numbers = numbers.reshape(layout.height, layout.width, layout.stored_channels)
    if layout.palette is None:
        return numbers
    # Indices outside the palette take its first or last colour.
    places = np.clip(numbers[:, :, 0].astype(np.int64) - layout.first_index, 0, len(layout.palette) - 1)
    return layout.palette[places]


class _File(NamedTuple):
    """An open file whose frames are decoded one after another."""

    data: Data
    dataset: Any
    layout: Layout
    stored: bytes

    @property
    def has_several(self) -> bool:
        """Return whether there are several frames."""
        return self.layout.frames > 1

    def stored_frame(self, member: int) -> NDArray[Any]:
        """Return the values of an uncompressed frame."""
        layout = self.layout
        if len(self.stored) < layout.frames * layout.frame_bytes:
            raise SampleError(say("the file ends in the middle of the picture"))
        count = layout.frame_bytes // layout.dtype.itemsize
        return np.frombuffer(self.stored, layout.dtype, count, member * layout.frame_bytes)

    def packed_frame(self, member: int) -> bytes:
        """Return the compressed bytes of a frame."""
        offsets = (self.dataset.get("ExtendedOffsetTable"), self.dataset.get("ExtendedOffsetTableLengths"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame: bytes = import_module("pydicom.encaps").get_frame(
                self.stored,
                member,
                number_of_frames=self.layout.frames,
                extended_offsets=offsets if all(offsets) else None,
            )
        return frame


def _open(data: Data) -> _File:
    dataset = _read(data, without_pixels=False)
    layout = layout_of(dataset)
    return _File(data, dataset, layout, _stored(dataset, layout))


_files = LastOpened(_open)


def _stored(dataset: Any, layout: Layout) -> bytes:  # noqa: ANN401 - of a library that is an extra
    if "PixelData" not in dataset:
        raise SampleError(say("the file ends in the middle of the picture"))
    element = dataset["PixelData"]
    if layout.dtype.itemsize > 1 or not layout.is_big_endian or element.VR != _WORDS:
        return bytes(element.value)
    # In big-endian files, bytes stored as 16-bit words are swapped in pairs (DICOM PS3.5, 8.1.1).
    words = np.frombuffer(element.value, np.uint16, len(element.value) // 2)
    return words.byteswap().tobytes()


def _read(data: Data, *, without_pixels: bool) -> Any:  # noqa: ANN401 - of a library that is an extra
    pydicom = _PYDICOM.load("DICOM files")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they concern invalid text elements, which are not used
        return pydicom.dcmread(stream(data), stop_before_pixels=without_pixels)


FORMATS = (
    Format(
        name="dicom",
        title="DICOM",
        decoder=_Dicom(),
        libraries=(_PYDICOM, IMAGECODECS, SIMPLEJPEG),
        pattern=re.compile(rb".{128}DICM", re.DOTALL),
        rank=Rank.AROUND_OTHERS,
        suffixes=(".dcm",),
        holds=Holds.FRAMES,
        needs_whole_file=True,
        decoding=Decoding(is_medical=True),
    ),
)
