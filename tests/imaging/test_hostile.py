"""Files made to mislead decoders, and those that decoders' authors test with: none comes out quietly wrong.

What differs from Pillow is listed here by name, and by its reason in the help page on kinds of files.
"""

import io
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.catalog import Header

MODES = {1: "L", 3: "RGB", 4: "RGBA"}

# libpng widens the transparent grey along with the pixels; Pillow compares the widened with the narrow.
OTHER_TRANSPARENCY = {"tbbn0g04.png", "tests_pngsuite_tbbn0g04.png"}

# Pillow shows something of each; what is damaged is refused here.
STRICTER = {
    "xcsn0g01.png": "CRC error",
    "afl-testcases_jpeg_full_images_id_000289_src_000000_op_arith8_pos_224_val_-17.jpg": "bad Huffman code",
    "afl-testcases_jpeg_full_images_id_000341_src_000000_op_int8_pos_382_val_-1.jpg": "premature end",
    "afl-testcases_jpeg_full_images_id_001612_src_000673_op_arith8_pos_224_val_-17.jpg": "Invalid SOS",
    "afl-testcases_jpeg_full_images_id_003122_src_003047_op_arith8_pos_287_val_+11.jpg": "cannot hold",
}
# Inks of 16 bits, which Pillow brings down to 8.
NOT_SUPPORTED = {"tests_libtiffpic_depth_flower-separated-planar-16.tif": "not supported"}


@pytest.fixture(scope="module")
def files(hostile) -> list[Path]:
    return sorted(path for path in hostile.rglob("*") if path.is_file())


def header_of(data: bytes) -> Header:
    """As the scan does: from the start of the file if that suffices."""
    try:
        return imaging.probe(data[: imaging.PREFIX_BYTES], file_bytes=len(data))
    except imaging.MoreBytesNeeded:
        return imaging.probe(data, file_bytes=len(data))


def pillows(data: bytes, reference, mode: str) -> np.ndarray | None:
    try:
        return reference(data, mode)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def read(path: Path) -> tuple[bytes, Header | None, str]:
    """A file's bytes and its header; the reason instead where it is refused."""
    data = path.read_bytes()
    try:
        header = header_of(data)
        pixels = imaging.decode(data, header.format)
    except SampleError as error:
        return data, None, error.reason
    assert pixels.shape == (header.height, header.width, header.channels)
    assert pixels.dtype == header.dtype
    out = np.empty_like(pixels)
    assert imaging.decode(data, header.format, out=out) is out
    assert out.tobytes() == pixels.tobytes()
    return data, header, ""


def test_eight_bits_are_pillows_and_what_is_refused_is_listed(files, reference):
    different, refused, compared = set(), {}, 0
    for path in files:
        data, header, reason = read(path)
        if header is None:
            assert reason.isprintable()
            assert " object at 0x" not in reason
            if pillows(data, reference, "RGB") is not None:
                refused[path.name] = reason
        elif header.dtype == "uint8" and pillows(data, reference, "RGB") is not None:
            compared += 1
            for channels, mode in MODES.items():
                own = imaging.decode(data, header.format, channels=channels)
                if not np.array_equal(own, pillows(data, reference, mode)):
                    different.add((path.name, mode))
    assert compared > 300
    assert different == {(name, "RGBA") for name in OTHER_TRANSPARENCY}
    expected = STRICTER | NOT_SUPPORTED
    assert set(refused) == set(expected)
    assert all(words in refused[name] for name, words in expected.items())


def deep_reference(data: bytes, format_: str) -> np.ndarray:
    """What the library that is known for a format's depths makes of a file."""
    if format_ == "png":
        return np.asarray(imagecodecs.png_decode(data))
    if format_ == "jpeg":
        return np.asarray(imagecodecs.jpeg8_decode(data))
    if format_ == "tiff":
        with tifffile.TiffFile(io.BytesIO(data)) as file:
            page = file.pages.first
            pixels = page.asarray()
            if page.photometric == tifffile.PHOTOMETRIC.MINISWHITE:
                pixels = 2**page.bitspersample - 1 - pixels
            return np.moveaxis(pixels, 0, -1) if page.axes == "SYX" else pixels
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture)


@pytest.mark.filterwarnings("ignore")
def test_deeper_numbers_are_those_of_imagecodecs_and_tifffile(files):
    compared = []
    for path in files:
        data, header, _reason = read(path)
        if header is None or header.dtype == "uint8":
            continue
        expected = deep_reference(data, header.format)
        own = imaging.decode(data, header.format)
        np.testing.assert_array_equal(own, expected.reshape(*own.shape[:2], -1)[:, :, : own.shape[2]])
        compared.append(header.format)
    assert compared.count("png") >= 30
    assert {"png", "tiff", "jpeg", "ppm"} <= set(compared)
