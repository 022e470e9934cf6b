"""The eight orientations, against Pillow's own transpositions."""

import io

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from stackgui import imaging
from stackgui.imaging.pixels.orientation import from_blocks, swaps_sides, upright, valid


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


@pytest.mark.parametrize("mark", range(1, 9))
@pytest.mark.parametrize(
    ("format_", "options"),
    [
        ("JPEG", {"quality": 100, "subsampling": 0}),
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("AVIF", {"quality": 100, "subsampling": "4:4:4"}),
    ],
)
def test_a_mark_is_obeyed_once_in_every_format(format_, options, mark, saved):
    rows, columns = np.mgrid[:16, :24]
    pixels = np.stack([rows * 15, columns * 10, rows + columns], axis=2).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0112] = mark
    data = saved(pixels, format_, exif=exif, **options)
    header = imaging.probe(data, file_bytes=len(data))
    found = imaging.decode(data, header.format)
    expected = upright(pixels, mark)
    assert (header.height, header.width) == found.shape[:2] == expected.shape[:2]
    assert np.abs(found.astype(int) - expected).max() < 12


@pytest.mark.parametrize("mark", range(1, 9))
def test_a_mark_is_obeyed_once_in_deep_pictures(mark, noise):
    pixels = noise(6, 9, 3, dtype="uint16")
    stream = io.BytesIO()
    tifffile.imwrite(stream, pixels, photometric="rgb", extratags=[(274, 3, 1, mark, True)])
    data = stream.getvalue()
    np.testing.assert_array_equal(imaging.decode(data, "tiff"), upright(pixels, mark))
