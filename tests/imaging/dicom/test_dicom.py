"""DICOM: the numbers that are stored, and a name for whatever is not supported."""

import io
import mmap
import warnings
from dataclasses import replace

import imagecodecs
import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydicom.data import get_testdata_file
from pydicom.uid import (
    JPEG2000,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    RLELossless,
)

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.frames import ALL
from stackgui.core.catalog.scan_options import DEFAULT
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
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "palette of this kind"),
        ({"BitsStored": None}, "floating-point"),
        ({"HighBit": 15, "BitsStored": 12}, "12 of 16 bits"),
        ({"BitsAllocated": 1, "BitsStored": 1, "HighBit": 0}, "1 of 1 bits"),
        ({"Rows": 0}, "no picture"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(change, words):
    data = dicom(np.zeros((4, 4, 1), np.uint16), **change)
    with pytest.raises(SampleError, match=words):
        imaging.probe(data, file_bytes=len(data))


def test_a_file_that_is_cut_off_is_damaged():
    data = dicom(np.ones((40, 40, 1), np.uint16))
    header = imaging.probe(data, file_bytes=len(data))
    for length in range(len(data) - 3000, len(data), 250):
        with pytest.raises(SampleError):
            imaging.decode(data[:length], header.format)


def published(name: str) -> bytes:
    """A file that comes with pydicom."""
    path = get_testdata_file(name, download=False)
    if path is None:
        pytest.skip("this release of pydicom does not bring the file")
    with open(path, "rb") as file:
        return file.read()


READ = [
    "CT_small",
    "MR_small",
    "MR_small_RLE",
    "MR_small_bigendian",
    "MR_small_implicit",
    "MR_small_jp2klossless",
    "JPEG2000",
    "rtdose",
    "rtdose_rle",
    "ExplVR_BigEnd",
    "SC_rgb_small_odd",
    "SC_rgb_small_odd_big_endian",
    "SC_rgb_rle",
    "SC_rgb_rle_16bit_2frame",
    "SC_rgb_rle_32bit",
    "SC_rgb_gdcm_KY",
    "SC_rgb_dcmtk_+eb+cr",
    "SC_rgb_dcmtk_+eb+cy+np",
    "SC_rgb_jpeg_lossy_gdcm",
    "examples_jpeg2k",
    "examples_overlay",
    "examples_rgb_color",
    "examples_ybr_color",
    "SC_jpeg_no_color_transform_2",
]


@pytest.mark.parametrize("name", READ)
def test_published_files_are_read_as_pydicom_reads_them(name):
    data = published(f"{name}.dcm")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = pydicom.dcmread(io.BytesIO(data)).pixel_array
    with mmap.mmap(-1, len(data)) as mapped:
        mapped.write(data)
        header = imaging.probe(mapped, file_bytes=len(data))
    frames = imaging.probe(data, file_bytes=len(data)).frames
    assert header.frames == frames, "mapped, as the scan hands over what is longer than its first look"
    for member, frame in enumerate(expected if frames > 1 else [expected]):
        assert np.array_equal(read(data, member).squeeze(), frame)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MR_small_jpeg_ls_lossless", "JPEG-LS Lossless"),
        ("image_dfl", "Deflated"),
        ("SC_ybr_full_422_uncompressed", "YBR_FULL_422"),
        ("SC_rgb_jpeg", "kind of colours"),
        ("J2K_pixelrep_mismatch", "sign"),
        ("liver_1frame", "1 of 1 bits"),
        ("MR_truncated", "ends in the middle"),
        ("rtplan", "no picture"),
        ("waveform_ecg", "no picture"),
    ],
)
def test_published_files_of_other_kinds_are_refused_by_name(name, words):
    data = published(f"{name}.dcm")
    with pytest.raises(SampleError, match=words):
        read(data)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("syntax", [None, ExplicitVRBigEndian])
def test_palettes_become_colours(noise, bits, syntax):
    colours = noise(5, 3, dtype=f"uint{bits}")
    order = ">" if syntax else "<"
    tables = {}
    for ink, name in enumerate(("Red", "Green", "Blue")):
        stored = colours[:, ink].astype(colours.dtype.newbyteorder(order)).tobytes()
        tables[f"{name}PaletteColorLookupTableDescriptor"] = [5, 10, bits]
        tables[f"{name}PaletteColorLookupTableData"] = stored + bytes(len(stored) % 2)
    indexes = np.array([[10, 11, 14], [12, 0, 255]], np.uint8)[:, :, None]
    data = dicom(indexes, kind="PALETTE COLOR", syntax=syntax, **tables)
    assert np.array_equal(read(data), colours[[[0, 1, 4], [2, 0, 4]]])


def runs(pixels: np.ndarray) -> bytes:
    """A frame in DICOM's run lengths, in the plainest way."""
    planes = pixels.astype(pixels.dtype.newbyteorder(">")).transpose(2, 0, 1)
    stored = planes.reshape(len(planes), -1, 1).view(np.uint8).transpose(0, 2, 1).reshape(-1, planes[0].size)
    segments = [imagecodecs.packbits_encode(segment.tobytes()) for segment in stored]
    segments = [segment + bytes(len(segment) % 2) for segment in segments]
    starts = 64 + np.cumsum([0, *map(len, segments)])[:-1]
    header = np.zeros(16, "<u4")
    header[: len(segments) + 1] = [len(segments), *starts]
    return header.tobytes() + b"".join(segments)


def lossless_jpeg(pixels: np.ndarray) -> bytes:
    unsigned = pixels.view(f"uint{8 * pixels.itemsize}")
    return imagecodecs.jpeg8_encode(unsigned, lossless=True, bitspersample=8 * pixels.itemsize)


def jpeg_2000(pixels: np.ndarray) -> bytes:
    return imagecodecs.jpeg2k_encode(pixels.squeeze(), level=0, codecformat="j2k", mct=False)


PACKED = [
    (RLELossless, runs, ["uint8", "int8", "uint16", "int16", "uint32", "int32"], [1, 3]),
    (JPEGLosslessSV1, lossless_jpeg, ["uint8", "uint16", "int16"], [1]),
    (JPEG2000Lossless, jpeg_2000, ["uint8", "uint16", "int16"], [1, 3]),
]
CASES = [
    (syntax, pack, dtype, channels)
    for syntax, pack, dtypes, counts in PACKED
    for dtype in dtypes
    for channels in counts
]


@pytest.mark.parametrize(("syntax", "pack", "dtype", "channels"), CASES)
def test_numbers_that_were_packed_without_a_loss_come_back(noise, syntax, pack, dtype, channels):
    frames = noise(2, 33, 47, channels, dtype=dtype)
    data = dicom(frames, syntax=syntax, packed=[pack(frame) for frame in frames])
    for member, frame in enumerate(frames):
        assert np.array_equal(read(data, member), frame)


@pytest.mark.parametrize(("syntax", "pack", "dtype", "channels"), CASES[::3])
def test_packed_pictures_that_are_cut_off_are_damaged(noise, syntax, pack, dtype, channels):
    frame = pack(noise(33, 47, channels, dtype=dtype))
    for length in range(40, len(frame) - 2, len(frame) // 12):
        data = dicom(np.zeros((33, 47, channels), dtype), syntax=syntax, packed=[frame[:length]])
        with pytest.raises(SampleError):
            read(data)


@pytest.mark.parametrize(("syntax", "pack", "dtype", "channels"), CASES[::3])
def test_a_packed_file_that_is_cut_off_is_damaged(noise, syntax, pack, dtype, channels):
    pixels = noise(33, 47, channels, dtype=dtype)
    data = dicom(pixels, syntax=syntax, packed=[pack(pixels)])
    for length in range(400, len(data) - 10, len(data) // 12):
        with pytest.raises(SampleError):
            read(data[:length])


@pytest.mark.parametrize("bits", [8, 12])
def test_grey_jpeg_is_read_as_such(noise, bits):
    pixels = noise(33, 47, dtype="uint8" if bits == 8 else "uint16") >> (0 if bits == 8 else 4)
    syntax = JPEGBaseline8Bit if bits == 8 else JPEGExtended12Bit
    frame = imagecodecs.jpeg8_encode(pixels, level=90, bitspersample=bits)
    data = dicom(pixels, bits=bits, syntax=syntax, packed=[frame])
    assert np.array_equal(read(data).squeeze(), imagecodecs.jpeg8_decode(frame))


def test_what_a_packed_picture_says_itself_must_not_contradict_the_file(noise):
    colour, deep = noise(8, 9, 3), noise(8, 9, 1, dtype="uint16")
    as_jpeg = io.BytesIO()
    Image.fromarray(colour).save(as_jpeg, "JPEG")
    wrong = {
        "size": dicom(colour, syntax=JPEGBaseline8Bit, kind="YBR_FULL", packed=[as_jpeg.getvalue()], Rows=9),
        "kind of colours": dicom(colour, syntax=JPEGBaseline8Bit, packed=[as_jpeg.getvalue()]),
        "sign": dicom(deep, syntax=JPEG2000, packed=[jpeg_2000(deep.view(np.int16))]),
        "number of bits": dicom(deep, syntax=JPEG2000, bits=12, packed=[jpeg_2000(deep)]),
    }
    unmixed = dicom(colour, syntax=JPEG2000, kind="YBR_RCT", packed=[jpeg_2000(colour)])
    for words, data in (*wrong.items(), ("kind of colours", unmixed)):
        with pytest.raises(SampleError, match=f"the {words} that the DICOM file says"):
            read(data)


@pytest.mark.parametrize("change", [{"NumberOfFrames": 9000}, {"Rows": 9000}])
def test_more_than_the_file_can_hold_is_refused_from_the_header(change):
    data = dicom(np.zeros((40, 40, 1), np.uint16), **change)
    with pytest.raises(SampleError, match="cannot hold"):
        imaging.probe(data, file_bytes=len(data))


def test_without_pydicom_what_to_install_is_said(monkeypatch):
    data = dicom(np.zeros((4, 4, 1), np.uint8))

    def refuse(name):
        raise ImportError(name)

    monkeypatch.setattr("stackgui.imaging.base.declaration.import_module", refuse)
    with pytest.raises(SampleError, match=r"pip install 'stackgui\[dicom\]'"):
        imaging.probe(data, file_bytes=len(data))
