"""DICOM: the numbers that are stored, and a name for whatever is not supported."""

import io
import warnings
from dataclasses import replace

import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian, RLELossless

from stackgui import imaging
from stackgui.core.errors import SampleError
from stackgui.core.frames import ALL
from stackgui.core.scan_options import DEFAULT
from tests.imaging.dicom_writing import dicom

EVERY = replace(DEFAULT, frames=ALL)


def read(data: bytes, member: int = 0) -> np.ndarray:
    header = imaging.probe(data, file_bytes=len(data))
    pixels = imaging.decode(data, header.format, part=imaging.Part(member, EVERY))
    assert pixels.shape == (header.height, header.width, header.channels)
    assert pixels.dtype.name == header.dtype
    return pixels


@given(
    dtype=st.sampled_from(["uint8", "int8", "uint16", "int16", "uint32", "int32"]),
    channels=st.sampled_from([1, 3]),
    syntax=st.sampled_from([None, ImplicitVRLittleEndian, ExplicitVRBigEndian]),
    planar=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_numbers_come_back_as_they_were(dtype, channels, syntax, planar, seed):
    limits = np.iinfo(dtype)
    shape = (5, 7, channels)
    pixels = np.random.default_rng(seed).integers(limits.min, limits.max, shape, dtype, endpoint=True)
    assert np.array_equal(read(dicom(pixels, syntax=syntax, planar=planar)), pixels)


@pytest.mark.parametrize("dtype", ["uint16", "int16"])
def test_what_else_lies_in_the_high_bits_is_no_part_of_a_number(dtype):
    least, most = (0, 4095) if dtype == "uint16" else (-2048, 2047)
    pixels = np.array([[least, most], [17, most // 2]], dtype)[:, :, None]
    stored = (pixels.view(np.uint16) & 0x0FFF) | 0xA000
    data = dicom(stored.view(dtype), bits=12)
    assert np.array_equal(read(data), pixels)
    assert imaging.probe(data, file_bytes=len(data)).bits == (12 if dtype == "uint16" else 0)


def test_less_is_lighter_where_the_file_says_so():
    pixels = np.array([[0, 1, 4095]], np.uint16)[:, :, None]
    assert read(dicom(pixels, bits=12, kind="MONOCHROME1")).ravel().tolist() == [4095, 4094, 0]
    signed = np.array([[-128, 0, 127]], np.int8)[:, :, None]
    assert read(dicom(signed, kind="MONOCHROME1")).ravel().tolist() == [127, -1, -128]


def test_every_frame_is_a_sample():
    frames = np.arange(3 * 4 * 5, dtype=np.uint8).reshape(3, 4, 5, 1)
    data = dicom(frames)
    first = imaging.probe(data, file_bytes=len(data), scan=EVERY)
    assert (first.frames, len(first.others)) == (3, 2)
    for member, frame in enumerate(frames):
        assert np.array_equal(read(data, member), frame)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"PhotometricInterpretation": "YBR_FULL", "SamplesPerPixel": 3}, "YBR_FULL"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "PALETTE COLOR"),
        ({"HighBit": 15, "BitsStored": 12}, "12 of 16 bits"),
        ({"BitsAllocated": 1, "BitsStored": 1, "HighBit": 0}, "1 of 1 bits"),
        ({"Rows": 0}, "no picture"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(change, words):
    data = dicom(np.zeros((4, 4, 1), np.uint16), **change)
    with pytest.raises(SampleError, match=words):
        imaging.probe(data, file_bytes=len(data))


def test_packed_pictures_are_refused_by_name():
    data = dicom(np.zeros((4, 4, 1), np.uint8), declared=RLELossless)
    with pytest.raises(SampleError, match="RLE Lossless"):
        imaging.probe(data, file_bytes=len(data))


def test_a_file_that_is_cut_off_is_damaged():
    data = dicom(np.ones((40, 40, 1), np.uint16))
    header = imaging.probe(data, file_bytes=len(data))
    for length in range(len(data) - 3000, len(data), 250):
        with pytest.raises(SampleError):
            imaging.decode(data[:length], header.format)


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small.dcm", "MR_small_bigendian.dcm", "SC_rgb.dcm"])
def test_published_files_are_read_as_pydicom_reads_them(name):
    path = get_testdata_file(name, download=False)
    if path is None:
        pytest.skip("this release of pydicom does not bring the file")
    with open(path, "rb") as file:
        data = file.read()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = pydicom.dcmread(io.BytesIO(data)).pixel_array
    assert np.array_equal(read(data).squeeze(), expected)


def test_without_pydicom_what_to_install_is_said(monkeypatch):
    data = dicom(np.zeros((4, 4, 1), np.uint8))

    def refuse(name):
        raise ImportError(name)

    monkeypatch.setattr("stackgui.imaging.dicom.import_module", refuse)
    with pytest.raises(SampleError, match=r"pip install 'stackgui\[dicom\]'"):
        imaging.probe(data, file_bytes=len(data))
