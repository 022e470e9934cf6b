"""The eight orientations, against Pillow's own transpositions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from stackgui.imaging.orientation import from_blocks, swaps_sides, upright, valid


@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_equal_pillow(orientation, noise):
    pixels = noise(3, 5, 3)
    picture = Image.fromarray(pixels)
    picture.getexif()[0x0112] = orientation
    expected = np.asarray(ImageOps.exif_transpose(picture))
    result = upright(pixels, orientation)
    np.testing.assert_array_equal(result, expected)
    assert np.shares_memory(result, pixels)
    assert (result.shape[:2] == (5, 3)) == swaps_sides(orientation)


@pytest.mark.parametrize("value", [0, 9, -1, "6", (6,), None, b"6", 6.5])
def test_nonsense_is_upright(value):
    assert valid(value) == 1


@given(exif=st.none() | st.binary(max_size=60), xmp=st.none() | st.binary(max_size=60))
def test_no_block_of_bytes_does_harm(exif, xmp):
    assert 1 <= from_blocks(exif, xmp) <= 8


def test_exif_is_heard_before_xmp():
    exif = Image.Exif()
    exif[0x0112] = 3
    xmp = b"<tiff:Orientation>6</tiff:Orientation>"
    assert from_blocks(exif.tobytes(), xmp) == 3
    assert from_blocks(None, xmp) == 6
    assert from_blocks(Image.Exif().tobytes(), xmp) == 6
