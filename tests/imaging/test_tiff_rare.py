"""TIFF of up to 8 bits that Pillow does not read: rare depths, many channels, rare ways of packing."""

import io
import struct

import numpy as np
import pytest
import tifffile

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from tests.imaging.raw_writing import sensor_tags

CUT_PARTS = (0.2, 0.5, 0.9, 0.99)


def tiff(pixels: np.ndarray, **options: object) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, pixels, **options)
    return stream.getvalue()


def read(data: bytes) -> np.ndarray:
    header = imaging.probe(data, file_bytes=len(data))
    pixels = imaging.decode(data, header.format)
    assert (pixels.shape, pixels.dtype) == ((header.height, header.width, header.channels), header.dtype)
    return pixels


def first_segment(data: bytes) -> tifffile.TiffPage:
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        return file.pages[0]


@pytest.mark.parametrize("channels", [4, 5, 6, 7, 9])
@pytest.mark.parametrize("planes", ["contig", "separate"])
def test_many_channels_of_8_bits_stay_as_they_are(channels, planes, noise):
    pixels = noise(20, 30, channels)
    written = pixels if planes == "contig" else np.ascontiguousarray(np.moveaxis(pixels, -1, 0))
    data = tiff(written, photometric="minisblack", planarconfig=planes)
    np.testing.assert_array_equal(read(data), pixels)
    if channels > 4:
        with pytest.raises(SampleError, match=f"it has {channels} channels, which cannot become 3"):
            imaging.decode(data, "tiff", channels=3)


@pytest.mark.parametrize("bits", range(1, 8))
@pytest.mark.parametrize("channels", [1, 3])
def test_fewer_than_8_bits_are_widened(bits, channels, noise):
    pixels = noise(20, 31, channels) >> (8 - bits)
    if channels == 3 and bits == 1:
        pytest.skip("refused; see below")
    photometric = "rgb" if channels == 3 else "minisblack"
    stored = pixels.squeeze().astype(bool) if bits == 1 else pixels.squeeze()
    data = tiff(stored, photometric=photometric, bitspersample=bits)
    expected = np.rint(pixels * (255 / (2**bits - 1))).astype(np.uint8)
    np.testing.assert_array_equal(read(data), expected)
    assert imaging.probe(data, file_bytes=len(data)).bits == 0


@pytest.mark.parametrize("compression", ["lerc", "jpegxl", "png", "jpeg2000", "pixtiff", "webp"])
@pytest.mark.parametrize("channels", [1, 3])
def test_rare_ways_of_packing(compression, channels, noise):
    if compression == "webp" and channels == 1:
        pytest.skip("WebP has no grey")
    pixels = noise(32, 48, channels)
    options = {"compressionargs": {"lossless": True}} if compression == "webp" else {}
    photometric = "rgb" if channels == 3 else "minisblack"
    data = tiff(pixels.squeeze(), photometric=photometric, compression=compression, **options)
    np.testing.assert_array_equal(read(data), pixels)
    page = first_segment(data)
    place, size = page.dataoffsets[0], page.databytecounts[0]
    for part in CUT_PARTS:
        with pytest.raises(SampleError):
            imaging.decode(data[: place + int(size * part)], "tiff")


@pytest.mark.parametrize("compression", ["lerc", "jpegxl", "png", "jpeg2000", "pixtiff", "webp"])
def test_a_segment_that_is_cut_off_is_refused(compression, noise):
    data = tiff(noise(32, 48, 3), photometric="rgb", compression=compression)
    page = first_segment(data)
    tag, size = page.tags["StripByteCounts"], page.databytecounts[0]
    for part in CUT_PARTS:
        count = struct.pack("<I", int(size * part))
        cut = data[: tag.valueoffset] + count + data[tag.valueoffset + 4 :]
        with pytest.raises(SampleError):
            imaging.decode(cut, "tiff")


def with_packing(data: bytes, number: int) -> bytes:
    tag = first_segment(data).tags["Compression"]
    return data[: tag.valueoffset] + struct.pack("<H", number) + data[tag.valueoffset + 2 :]


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize(
    ("number", "name"),
    [(34934, "JPEG XR"), (22610, "JPEG XR"), (34661, "JBIG"), (4242, "the unknown method 4242")],
)
def test_packing_that_cannot_be_undone_is_named(number, name, dtype, noise):
    data = with_packing(tiff(noise(20, 30, dtype=dtype), photometric="minisblack"), number)
    with pytest.raises(SampleError, match=f"^TIFF pictures that are packed by {name} are not supported$"):
        imaging.probe(data, file_bytes=len(data))


def test_colours_of_one_bit_are_refused(noise):
    data = tiff(noise(20, 30, 3) > 99, photometric="rgb", bitspersample=1)
    with pytest.raises(SampleError, match="not supported"):
        imaging.probe(data, file_bytes=len(data))


@pytest.mark.parametrize("below", [0, 1])
@pytest.mark.parametrize("endian", ["<", ">"])
def test_a_big_tiff_with_a_sensors_picture_is_never_its_thumbnail(endian, below, noise):
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream, bigtiff=True, byteorder=endian) as writer:
        writer.write(noise(15, 22, 3), photometric="rgb", metadata=None, subifds=below)
        sensor = noise(60, 90, dtype="uint16") >> 4
        writer.write(sensor, photometric=32803, metadata=None, extratags=sensor_tags())
    data = stream.getvalue()
    with pytest.raises(SampleError, match="camera RAW pictures of this kind are not supported"):
        imaging.probe(data, file_bytes=len(data))


def test_a_big_endian_big_tiff_of_a_camera_without_a_raw_picture_is_refused(noise):
    marks = [(50706, 1, 4, b"\1\4\0\0", True)]
    data = tiff(noise(24, 40, 3), photometric="rgb", bigtiff=True, byteorder=">", extratags=marks)
    with pytest.raises(SampleError, match="camera RAW pictures of this kind are not supported"):
        imaging.probe(data, file_bytes=len(data))


def test_a_big_endian_big_tiff_keeps_its_pages_and_profile(noise):
    pages = [noise(20, 30, 3), noise(8, 9, dtype="uint16"), noise(10, 15, 3)]
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream, bigtiff=True, byteorder=">") as writer:
        for page, kind in zip(pages, (0, 0, 1), strict=True):
            colours = "rgb" if page.ndim == 3 else "minisblack"
            writer.write(page, photometric=colours, subfiletype=kind, subifds=0, iccprofile=b"a profile")
    data = stream.getvalue()
    assert imaging.probe(data, file_bytes=len(data)).frames == 2
    for member in (0, 1):
        found = imaging.decode(data, "tiff", part=imaging.Part(member))
        np.testing.assert_array_equal(found, pages[member].reshape(*pages[member].shape[:2], -1))
