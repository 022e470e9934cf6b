"""What the help page says of files that Pillow reads otherwise, or not at all."""

import io
import warnings

import numpy as np
import pytest
import tifffile
from PIL import Image

from stackgui import imaging
from tests.imaging.pnm_writing import pnm, pnm_text

UPRIGHT = {
    1: lambda pixels: pixels,
    2: lambda pixels: pixels[:, ::-1],
    3: lambda pixels: pixels[::-1, ::-1],
    4: lambda pixels: pixels[::-1],
    5: lambda pixels: pixels.swapaxes(0, 1),
    6: lambda pixels: pixels[::-1].swapaxes(0, 1),
    7: lambda pixels: pixels[::-1, ::-1].swapaxes(0, 1),
    8: lambda pixels: pixels[:, ::-1].swapaxes(0, 1),
}


def ours(data: bytes) -> np.ndarray:
    return imaging.decode(data, imaging.probe(data, file_bytes=len(data)).format)


def pillows(data: bytes) -> np.ndarray | None:
    """None where it cannot read them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = np.asarray(Image.open(io.BytesIO(data)))
    except OSError:
        return None
    return found.reshape(*found.shape[:2], -1)


@pytest.mark.parametrize("most", [1000, 1023, 4095, 65534])
@pytest.mark.parametrize("write", [pnm, pnm_text])
def test_deep_grey_of_pnm_is_as_written_and_pillow_spreads_it(write, most, noise):
    pixels = noise(9, 11, 1, dtype="uint16") % most
    data = write(pixels, most)
    assert np.array_equal(ours(data), pixels)
    spread = np.round(pixels.astype(np.float64) / most * 65535)
    assert np.abs(pillows(data) - spread).max() <= 1
    assert not np.array_equal(pillows(data), pixels)


@pytest.mark.parametrize("most", [1023, 65535])
def test_deep_colours_of_pnm_are_as_written_and_pillow_brings_them_to_8_bits(most, noise):
    pixels = noise(9, 11, 3, dtype="uint16") % most
    data = pnm(pixels, most)
    assert np.array_equal(ours(data), pixels)
    assert pillows(data).dtype == np.uint8


@pytest.mark.parametrize("bits", [10, 12, 14])
@pytest.mark.parametrize("photometric", ["minisblack", "rgb"])
def test_packed_tiff_is_as_written_and_pillow_reads_only_grey_of_12_bits(bits, photometric, noise):
    channels = {"minisblack": 1, "rgb": 3}[photometric]
    pixels = noise(24, 40, channels, dtype="uint16") >> (16 - bits)
    stream = io.BytesIO()
    tifffile.imwrite(stream, pixels.squeeze(), photometric=photometric, bitspersample=bits)
    assert np.array_equal(ours(stream.getvalue()), pixels)
    assert (pillows(stream.getvalue()) is not None) == (bits == 12 and channels == 1)


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("compression", [None, "lzw", "zlib", "packbits"])
def test_palettes_are_upright_in_their_own_colours(orientation, compression, noise, reference):
    indices, colours = noise(9, 14) % 4, np.zeros((3, 256), np.uint16)
    colours[:, :4] = noise(3, 4).astype(np.uint16) * 257
    stream = io.BytesIO()
    tifffile.imwrite(
        stream,
        indices,
        photometric="palette",
        colormap=colours,
        compression=compression,
        extratags=[(274, 3, 1, orientation, True)],
    )
    meant = UPRIGHT[orientation]((colours >> 8).astype(np.uint8).T[indices])
    assert np.array_equal(ours(stream.getvalue()), meant)
    assert np.array_equal(reference(stream.getvalue(), "RGB"), meant)
