"""Formats left to Pillow: same pixels, true headers, nothing reduced or waited for in silence."""

import struct

import numpy as np
import pytest
from PIL import Image

from stackgui import imaging
from stackgui.core.base.errors import SampleError

MODES = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "1": 1, "P": 3}
CASES = [
    ("bmp", "BMP", ("1", "L", "P", "RGB")),
    ("gif", "GIF", ("P",)),
    ("tiff", "TIFF", ("1", "L", "LA", "RGB", "RGBA", "P")),
    ("webp", "WEBP", ("RGB", "RGBA")),
    ("ppm", "PPM", ("1", "L", "RGB")),
    ("jpeg2000", "JPEG2000", ("L", "LA", "RGB", "RGBA")),
    ("avif", "AVIF", ("RGB", "RGBA")),
    ("qoi", "QOI", ("RGB", "RGBA")),
    ("sgi", "SGI", ("L", "RGB", "RGBA")),
    ("ico", "ICO", ("RGBA",)),
]
WITH_EXIF = ("tiff", "webp", "avif")


@pytest.fixture
def picture() -> Image.Image:
    lines = np.add.outer(3 * np.arange(24), np.arange(40))[:, :, None] * np.array([1, 2, 3, 4])
    return Image.fromarray((lines % 256).astype(np.uint8))


@pytest.mark.parametrize("case", [(name, pillow, mode) for name, pillow, modes in CASES for mode in modes])
def test_pixels_equal_pillow_and_the_header_is_true(case, picture, saved, reference):
    name, pillow_name, mode = case
    data = saved(picture.convert("RGB" if mode == "P" else "RGBA").convert(mode), pillow_name)
    header = imaging.probe(data, file_bytes=len(data))
    pixels = imaging.decode(data, header.format)
    assert header.format == name
    assert header.channels == MODES[mode]
    assert pixels.shape == (header.height, header.width, header.channels)
    assert pixels.dtype == header.dtype == "uint8"
    for channels, wanted in ((1, "L"), (3, "RGB"), (4, "RGBA")):
        np.testing.assert_array_equal(imaging.decode(data, name, channels=channels), reference(data, wanted))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", WITH_EXIF)
def test_orientation_is_obeyed(name, orientation, picture, saved, reference):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(picture.convert("RGB"), name.upper(), exif=exif.tobytes())
    header = imaging.probe(data, file_bytes=len(data))
    pixels = imaging.decode(data, name)
    np.testing.assert_array_equal(pixels, reference(data, "RGB"))
    assert pixels.shape[:2] == (header.height, header.width)


@pytest.mark.parametrize(("name", "pillow_name"), [case[:2] for case in CASES])
def test_a_prefix_tells_the_truth_or_asks_for_more(name, pillow_name, picture, saved):
    data = saved(picture.convert("RGBA" if name == "ico" else "P" if name == "gif" else "RGB"), pillow_name)
    header = imaging.probe(data, file_bytes=len(data))
    for length in range(132, len(data), max(1, len(data) // 40)):
        try:
            assert imaging.probe(data[:length], file_bytes=len(data)) == header
        except imaging.MoreBytesNeeded:
            continue


@pytest.mark.parametrize(("name", "pillow_name"), [case[:2] for case in CASES])
def test_cut_files_fail_with_a_reason_and_no_warning(name, pillow_name, picture, saved):
    data = saved(picture.convert("RGBA" if name == "ico" else "P" if name == "gif" else "RGB"), pillow_name)
    for part in (0.3, 0.6, 0.9):
        cut = data[: int(len(data) * part)]
        with pytest.raises(SampleError):  # and not a warning, which the configuration makes an error
            imaging.decode(cut, imaging.probe(cut, file_bytes=len(cut)).format)


@pytest.mark.parametrize("name", ["bmp", "ppm", "tiff"])
def test_uncompressed_files_cannot_claim_more_than_they_hold(name, picture, saved):
    data = saved(picture.convert("RGB"), name.upper())
    cut = data[: len(data) // 2]
    with pytest.raises(SampleError, match="cannot hold"):
        imaging.probe(cut, file_bytes=len(cut))


def test_a_bitmap_beyond_every_limit_is_refused(picture, saved):
    data = bytearray(saved(picture.convert("RGB"), "BMP"))
    for side, reason in ((20_000, "more than the limit"), (200_000, "more pixels than the limit")):
        data[18:26] = struct.pack("<ii", side, side)
        with pytest.raises(SampleError, match=reason):
            imaging.probe(bytes(data), file_bytes=len(data))


def test_the_first_frame_of_an_animation(saved, picture, reference):
    frames = [picture.convert("P"), picture.rotate(180).convert("P")]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    np.testing.assert_array_equal(imaging.decode(data, "gif", channels=3), reference(data, "RGB"))


def test_a_gif_with_transparency_has_alpha(saved, picture, reference):
    indexed = picture.convert("RGB").convert("P")
    data = saved(indexed, "GIF", transparency=indexed.getpixel((7, 7)))
    header = imaging.probe(data, file_bytes=len(data))
    assert header.channels == 4
    np.testing.assert_array_equal(imaging.decode(data, "gif"), reference(data, "RGBA"))


def test_sixteen_bit_greymaps_stay_sixteen_bits():
    pixels = np.arange(24 * 40, dtype=np.uint16).reshape(24, 40, 1) * 68
    data = b"P5 40 24 65535\n" + pixels.astype(">u2").tobytes()
    header = imaging.probe(data, file_bytes=len(data))
    assert header.dtype == "uint16"
    np.testing.assert_array_equal(imaging.decode(data, "ppm"), pixels)


def test_float_maps_stay_floats(noise):
    pixels = noise(24, 40, 1, dtype="float32")
    data = b"Pf\n40 24\n-1.0\n" + pixels[::-1].tobytes()
    assert imaging.probe(data, file_bytes=len(data)).dtype == "float32"
    np.testing.assert_array_equal(imaging.decode(data, "ppm"), pixels)


@pytest.mark.parametrize("packing", [0, 1])
def test_what_pillow_would_reduce_to_eight_bits_is_refused(packing):
    data = struct.pack(">hBBHHHH", 474, packing, 2, 3, 40, 24, 3) + bytes(500 + 40 * 24 * 6)
    with pytest.raises(SampleError, match="more than 8 bits"):
        imaging.probe(data, file_bytes=len(data))


def test_bitmaps_of_five_and_six_bits_equal_pillow(noise, reference):
    head = struct.pack("<2sIIIIiiHHIIiiII", b"BM", 0, 0, 66, 40, 8, 6, 1, 16, 3, 96, 0, 0, 0, 0)
    data = head + struct.pack("<III", 0xF800, 0x07E0, 0x001F) + noise(6, 8, dtype="uint16").tobytes()
    assert imaging.probe(data, file_bytes=len(data)).dtype == "uint8"
    np.testing.assert_array_equal(imaging.decode(data, "bmp"), reference(data, "RGB"))


def test_heic_that_is_none_is_refused():
    data = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
    with pytest.raises(SampleError):
        imaging.probe(data, file_bytes=len(data))


@pytest.mark.parametrize("colours", [2, 100, 255, 256])
@pytest.mark.parametrize("packing", [None, "tga_rle"])
def test_tga_with_a_palette_of_any_length(packing, colours, noise, saved, reference):
    picture = Image.fromarray(noise(11, 13, 3)).quantize(colours)
    data = saved(picture, "TGA", compression=packing)
    assert imaging.probe(data, file_bytes=len(data)).format == "tga"
    np.testing.assert_array_equal(imaging.decode(data, "tga", channels=3), reference(data, "RGB"))


@pytest.mark.parametrize("packing", [None, "tga_rle"])
@pytest.mark.parametrize("mode", ["L", "P", "RGB", "RGBA"])
def test_tga_equals_pillow(mode, packing, noise, saved, reference):
    picture = Image.fromarray(noise(11, 13, 4)).convert(mode)
    data = saved(picture, "TGA", compression=packing)
    header = imaging.probe(data, file_bytes=len(data))
    assert header.format == "tga"
    np.testing.assert_array_equal(imaging.decode(data, "tga", channels=4), reference(data, "RGBA"))


def test_a_tga_that_claims_more_than_it_holds_is_refused(noise, saved):
    data = bytearray(saved(noise(11, 13, 3), "TGA"))
    data[14:16] = b"\xff\xff"
    with pytest.raises(SampleError, match="cannot hold"):
        imaging.probe(bytes(data), file_bytes=len(data))
