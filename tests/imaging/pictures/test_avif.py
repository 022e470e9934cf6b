"""AVIF of more than 8 bits keeps them."""

from dataclasses import replace

import imagecodecs
import numpy as np
import pytest

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.frames import ALL
from stackgui.core.catalog.scan_options import DEFAULT


@pytest.mark.parametrize("bits", [10, 12])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_deep_pictures_keep_their_numbers(bits, channels, noise):
    pixels = noise(16, 24, channels, dtype="uint16") >> (16 - bits)
    data = imagecodecs.avif_encode(pixels.squeeze(), level=100, bitspersample=bits)
    header = imaging.probe(data, file_bytes=len(data))
    assert (header.dtype, header.bits, header.channels) == ("uint16", bits, channels)
    found = imaging.decode(data, "avif")
    np.testing.assert_array_equal(found, imagecodecs.avif_decode(data).reshape(16, 24, channels))
    assert found.max() > 255


def test_frames_of_deep_pictures(noise):
    frames = noise(3, 16, 24, 3, dtype="uint16") >> 6
    data = imagecodecs.avif_encode(frames, level=100, bitspersample=10)
    scan = replace(DEFAULT, frames=ALL)
    first = imaging.probe(data, file_bytes=len(data), scan=scan)
    assert [header.dtype for header in (first, *first.others)] == ["uint16"] * 3
    for index, expected in enumerate(imagecodecs.avif_decode(data)):
        np.testing.assert_array_equal(imaging.decode(data, "avif", part=imaging.Part(index, scan)), expected)


def test_a_deep_picture_that_is_cut_off_is_refused(noise):
    data = imagecodecs.avif_encode(noise(16, 24, 3, dtype="uint16") >> 6, level=100, bitspersample=10)
    cut = data[: len(data) * 2 // 3]
    with pytest.raises(SampleError):
        imaging.decode(cut, "avif")
