"""JPEG XL and JPEG 2000, up to 16 bits."""

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.meaning import Taken


def jxl(pixels: np.ndarray) -> bytes:
    return imagecodecs.jpegxl_encode(pixels, lossless=True)


def bare_jxl(pixels: np.ndarray) -> bytes:
    return imagecodecs.jpegxl_encode(pixels, lossless=True, usecontainer=False)


def j2k(pixels: np.ndarray) -> bytes:
    return imagecodecs.jpeg2k_encode(pixels, level=0)


def bare_j2k(pixels: np.ndarray) -> bytes:
    return imagecodecs.jpeg2k_encode(pixels, level=0, codecformat="j2k")


FORMATS = {jxl: "jpegxl", bare_jxl: "jpegxl", j2k: "jpeg2000", bare_j2k: "jpeg2000"}


@pytest.mark.parametrize("write", FORMATS)
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("size", [(24, 40), (41, 23), (64, 64), (32, 48), (5, 300)])
def test_lossless_pictures_come_back(write, dtype, channels, size, noise):
    pixels = noise(*size, channels, dtype=dtype)
    data = write(pixels.squeeze())
    header = imaging.probe(data, file_bytes=len(data))
    assert header.format == FORMATS[write]
    found = imaging.decode(data, header.format)
    assert found.shape == (header.height, header.width, header.channels)
    assert found.dtype == header.dtype == dtype
    np.testing.assert_array_equal(found[..., : pixels.shape[2]], pixels)


def test_floats_of_jpeg_xl_stay_floats(noise):
    pixels = noise(20, 30, 3, dtype="float32")
    data = jxl(pixels)
    assert imaging.probe(data, file_bytes=len(data)).dtype == "float32"
    np.testing.assert_array_equal(imaging.decode(data, "jpegxl"), pixels)


@pytest.mark.parametrize("bits", [10, 12])
def test_bits_of_deep_jpeg_2000_are_told(bits, noise):
    pixels = noise(20, 30, 3, dtype="uint16") >> (16 - bits)
    data = imagecodecs.jpeg2k_encode(pixels, level=0, bitspersample=bits)
    header = imaging.probe(data, file_bytes=len(data))
    assert (header.dtype, header.bits) == ("uint16", bits)
    np.testing.assert_array_equal(imaging.decode(data, "jpeg2000"), pixels)


@pytest.mark.parametrize("write", FORMATS)
def test_a_file_that_was_cut_off_is_refused(write, noise):
    data = write(noise(50, 60, 3, dtype="uint16"))
    for end in (len(data) - 9, len(data) // 2, 60):
        with pytest.raises(SampleError):
            imaging.decode(data[:end], FORMATS[write])


def test_a_huge_jpeg_xl_is_refused_before_it_is_decoded():
    # Not small; 30 bits of height, all set; the ratio 1:1.
    bits = 0 | 3 << 1 | (2**30 - 1) << 3 | 1 << 33
    data = b"\xff\x0a" + bits.to_bytes(8, "little") + bytes(40)
    with pytest.raises(SampleError, match="more than the limit"):
        imaging.probe(data, file_bytes=len(data))


def test_a_huge_deep_jpeg_2000_is_refused_before_it_is_decoded(noise):
    data = bytearray(bare_j2k(noise(20, 30, dtype="uint16")))
    data[8:16] = (2**30).to_bytes(4, "big") * 2
    with pytest.raises(SampleError, match="more than the limit"):
        imaging.probe(bytes(data), file_bytes=len(data))


@pytest.mark.parametrize("boxes", [b"", b"\0\0\0\x02ftyp", b"\0\0\0\x08ftyp"])
def test_a_jpeg_xl_container_without_a_picture_is_refused(boxes):
    data = b"\0\0\0\x0cJXL \r\n\x87\n" + boxes
    with pytest.raises(SampleError, match="no picture header"):
        imaging.probe(data, file_bytes=len(data))


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_transparency_in_jpeg_2000_is_what_a_box_calls_so(mode, noise, saved):
    pixels = noise(20, 30, len(mode))
    told = saved(Image.fromarray(pixels), "JPEG2000")
    box = told.find(b"cdef")
    untold = told[:box] + b"free" + told[box + 4 :]
    for data, meaning in ((told, ""), (untold, f"{mode[:-1]}?")):
        header = imaging.probe(data, file_bytes=len(data))
        assert header.meaning == meaning
        assert header.channels == len(mode)
        np.testing.assert_array_equal(imaging.decode(data, "jpeg2000"), pixels)
        last = imaging.decode(data, "jpeg2000", channels=2 if mode == "LA" else 4, taken=Taken.COLOURS)[
            :, :, -1
        ]
        np.testing.assert_array_equal(last, np.full((20, 30), 255) if meaning else pixels[:, :, -1])


def test_four_channels_of_16_bits_without_a_box_have_one_without_a_meaning(noise):
    pixels = noise(20, 30, 4, dtype="uint16")
    data = imagecodecs.jpeg2k_encode(pixels, level=0)
    assert imaging.probe(data, file_bytes=len(data)).meaning == "RGB?"
    np.testing.assert_array_equal(imaging.decode(data, "jpeg2000", channels=4, taken=Taken.ALL), pixels)
    np.testing.assert_array_equal(imaging.decode(data, "jpeg2000", channels=3), pixels[:, :, :3])
