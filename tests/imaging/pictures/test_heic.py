"""HEIC, as phones make it: exact, upright once, every picture of a file, nothing of one that is cut off."""

import io
from dataclasses import replace

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageOps

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.frames import ALL
from stackgui.core.catalog.scan_options import DEFAULT
from tests.imaging.heic_writing import deep_heic, heic

EVERY = replace(DEFAULT, frames=ALL)


def read(data: bytes, member: int = 0) -> np.ndarray:
    header = imaging.probe(data, file_bytes=len(data), scan=EVERY)
    header = (header, *header.others)[member]
    pixels = imaging.decode(data, header.format, part=imaging.Part(member, EVERY))
    assert (header.format, header.dtype) == ("heic", pixels.dtype.name)
    assert pixels.shape == (header.height, header.width, header.channels)
    return pixels


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_numbers_come_back_as_they_were(noise, channels):
    pixels = noise(33, 47, channels)
    assert np.array_equal(read(heic(pixels)), pixels.reshape(33, 47, channels))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_put_upright_once(noise, orientation):
    pixels = noise(30, 50, 3)
    picture = Image.fromarray(pixels)
    picture.getexif()[0x0112] = orientation
    assert np.array_equal(
        read(heic(pixels, orientation=orientation)), np.asarray(ImageOps.exif_transpose(picture))
    )


def test_every_picture_of_a_file_can_be_a_sample(noise):
    pictures = (noise(40, 64, 3), noise(30, 50, 3))
    data = heic(*pictures)
    first = imaging.probe(data, file_bytes=len(data), scan=EVERY)
    assert (first.frames, len(first.others)) == (2, 1)
    expected = [np.asarray(each.to_pillow()) for each in pillow_heif.open_heif(io.BytesIO(data))]
    assert [read(data, member).shape for member in (0, 1)] == [each.shape for each in pictures]
    assert all(np.array_equal(read(data, member), expected[member]) for member in (0, 1))


def test_a_file_that_is_cut_off_anywhere_is_refused(noise):
    data = heic(noise(64, 64, 3))
    for length in range(60, len(data) - 1, len(data) // 40):
        with pytest.raises(SampleError):
            imaging.decode(data[:length], "heic")


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("bits", [10, 12])
def test_10_and_12_bits_come_back_as_they_were(channels, bits):
    pixels = np.random.default_rng(1).integers(0, 2**bits, (40, 64, channels)).astype(np.uint16)
    data = deep_heic(pixels[..., 0] if channels == 1 else pixels, bits)
    header = imaging.probe(data, file_bytes=len(data))
    assert (header.dtype, header.bits, header.channels) == ("uint16", bits, channels)
    np.testing.assert_array_equal(read(data), pixels)
    for length in range(60, len(data) - 1, len(data) // 40):
        with pytest.raises(SampleError):
            imaging.decode(data[:length], "heic")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_of_more_bits_are_put_upright_once(orientation):
    pixels = np.random.default_rng(1).integers(0, 1024, (30, 50, 3)).astype(np.uint16)
    turned = read(deep_heic(pixels, 10, orientation))
    for channel in range(3):
        picture = Image.fromarray(pixels[..., channel])
        picture.getexif()[0x0112] = orientation
        np.testing.assert_array_equal(turned[..., channel], np.asarray(ImageOps.exif_transpose(picture)))
