"""Rarer kinds of pictures: what Pillow reads of them is a row, and what is cut off is none."""

import io

import numpy as np
import pytest
from PIL import Image

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.frames import Frames
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging import Part
from tests.imaging.rare_writing import cur, dcx, dib, fits, msp, psd, saved, saved_palette, spider, sun

DOWN, ACROSS = np.mgrid[:24, :32]
RGB = np.stack([ACROSS * 7, DOWN * 10, (ACROSS + DOWN) * 4], axis=-1).astype(np.uint8)
GREY = np.ascontiguousarray(RGB[..., 2])
RGBA = np.dstack([RGB, 255 - GREY])
SQUARE = np.pad(RGBA, ((0, 8), (0, 0), (0, 0)))

FILES = {
    "dds": [
        saved(RGB, "DDS"),
        saved(RGBA, "DDS"),
        saved(RGBA, "DDS", pixel_format="DXT5"),
        saved(GREY, "DDS"),
    ],
    "cur": [cur(SQUARE)],
    "pcx": [saved(RGB, "PCX"), saved(GREY, "PCX"), saved(GREY > 99, "PCX")],
    "psd": [psd(RGB), psd(RGBA), psd(GREY)],
    "icns": [saved(SQUARE, "ICNS"), saved(np.tile(SQUARE, (4, 4, 1)), "ICNS")],
    "dib": [dib(RGB), dib(GREY), dib(GREY > 99)],
    "sun": [sun(RGB), sun(GREY), sun(RGB[:, :31])],
    "dcx": [dcx(RGB), dcx(RGB, GREY > 99)],
    "msp": [saved(GREY > 99, "MSP"), msp(GREY > 99), msp(np.pad(GREY > 99, 8, constant_values=True))],
    "xbm": [
        saved(GREY > 99, "XBM"),
        saved(GREY[:, :29] > 99, "XBM", hotspot=(3, 4)),
        b"/* made by hand */\n" + saved(GREY > 99, "XBM"),
    ],
    "blp": [saved_palette(RGB, "BLP"), saved_palette(RGB, "BLP", blp_version="BLP1")],
}
CASES = [(name, index) for name, files in FILES.items() for index, _ in enumerate(files)]


@pytest.mark.parametrize(("name", "index"), CASES)
def test_pixels_are_pillows(name, index, reference):
    data = FILES[name][index]
    header = imaging.probe(data, file_bytes=len(data))
    assert header.format == name
    for channels, mode in ((1, "L"), (3, "RGB"), (4, "RGBA")):
        pixels = imaging.decode(data, name, channels=channels)
        np.testing.assert_array_equal(pixels, reference(data, mode))
        assert pixels.shape[:2] == (header.height, header.width)
    own = imaging.decode(data, name)
    assert own.shape == (header.height, header.width, header.channels)
    assert own.dtype == header.dtype


@pytest.mark.parametrize(("name", "index"), CASES)
def test_what_is_cut_off_is_refused(name, index):
    data = FILES[name][index]
    for share in (0.5, 0.8):
        cut = data[: int(len(data) * share)]
        with pytest.raises(SampleError):
            imaging.decode(cut, imaging.probe(cut, file_bytes=len(cut)).format)


@pytest.mark.parametrize(("name", "index"), CASES)
def test_a_prefix_asks_for_more_or_tells_the_same(name, index):
    data = FILES[name][index]
    header = imaging.probe(data, file_bytes=len(data))
    for length in (360, len(data) // 2, len(data) - 1):
        try:
            assert imaging.probe(data[:length], file_bytes=len(data)) == header
        except imaging.MoreBytesNeeded:
            continue


def test_pages_of_a_fax_are_frames():
    every = ScanOptions(frames=Frames.parse("all"))
    data = dcx(RGB, RGB[:10])
    header = imaging.probe(data, file_bytes=len(data), scan=every)
    assert [(each.height, each.channels) for each in (header, *header.others)] == [(24, 3), (10, 3)]
    np.testing.assert_array_equal(imaging.decode(data, "dcx", part=Part(1, every)), RGB[:10])


def test_more_than_eight_bits_of_photoshop_are_refused():
    data = psd(RGB.astype(np.uint16) * 257, bits=16)
    with pytest.raises(SampleError, match="not supported"):
        imaging.probe(data, file_bytes=len(data))


def test_indices_without_their_palette_are_not_taken_for_grey():
    data = saved(GREY, "PCX")
    for lost in (data[:-769], data[:-400], data + b"more"):
        with pytest.raises(SampleError, match="palette is missing"):
            imaging.probe(lost, file_bytes=len(lost))
    pages = dcx(RGB, GREY)
    every = imaging.probe(pages, file_bytes=len(pages), scan=ScanOptions(frames=Frames.parse("all")))
    assert "256 colours" in every.others[0].problem


NUMBERS = np.arange(12 * 9).reshape(12, 9)


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "int64", "float32", "float64"])
def test_fits_gives_the_numbers_that_it_stores(dtype):
    stored = (NUMBERS - (0 if dtype == "uint8" else 50)).astype(dtype)
    data = fits(stored)
    header = imaging.probe(data, file_bytes=len(data))
    assert (header.format, header.height, header.width, header.channels) == ("fits", 12, 9, 1)
    assert header.dtype == dtype
    np.testing.assert_array_equal(imaging.decode(data, "fits")[:, :, 0], stored[::-1])
    with pytest.raises(SampleError):
        imaging.probe(data[:2900], file_bytes=2900)


def test_fits_is_as_upright_as_in_pillow(reference):
    data = fits(NUMBERS.astype(np.uint8))
    np.testing.assert_array_equal(imaging.decode(data, "fits"), reference(data, "L"))


@pytest.mark.parametrize(
    ("stored", "zero", "dtype"),
    [
        ("int16", 2**15, "uint16"),
        ("int32", 2**31, "uint32"),
        ("int64", 2**63, "uint64"),
        ("uint8", -128, "int8"),
    ],
)
def test_fits_of_the_other_sign_is_what_it_means(stored, zero, dtype):
    meant = NUMBERS.astype(dtype) + np.dtype(dtype).type(3 if dtype == "int8" else np.iinfo(dtype).max // 2)
    written = (meant.astype(object) - zero).astype(stored)
    data = fits(written, BZERO=zero, BSCALE=1)
    assert imaging.probe(data, file_bytes=len(data)).dtype == dtype
    np.testing.assert_array_equal(imaging.decode(data, "fits")[:, :, 0], meant[::-1])


def test_fits_that_is_scaled_gives_floats_and_what_is_blank_is_no_number():
    data = fits(NUMBERS.astype(np.int16), BZERO=10, BSCALE=0.5, BLANK=7)
    assert imaging.probe(data, file_bytes=len(data)).dtype == "float32"
    expected = NUMBERS[::-1].astype(np.float32) / 2 + 10
    expected[NUMBERS[::-1] == 7] = np.nan
    np.testing.assert_array_equal(imaging.decode(data, "fits")[:, :, 0], expected)


def test_fits_takes_the_first_picture_and_three_planes_for_colours():
    empty = "".join(
        f"{name:8}= {value!s:>20}".ljust(80) for name, value in (("SIMPLE", "T"), ("BITPIX", 8), ("NAXIS", 0))
    )
    primary = (empty + "END".ljust(80)).ljust(2880).encode()
    data = fits(np.moveaxis(RGB, -1, 0), before=primary, PCOUNT=0, GCOUNT=1)
    assert imaging.probe(data, file_bytes=len(data)).channels == 3
    np.testing.assert_array_equal(imaging.decode(data, "fits"), RGB[::-1])
    with pytest.raises(SampleError, match="holds no picture"):
        imaging.probe(primary, file_bytes=len(primary))
    cube = fits(np.zeros((5, 4, 3), np.uint8))
    with pytest.raises(SampleError, match=r"cubes \(5 × 4 × 3\) are not supported"):
        imaging.probe(cube, file_bytes=len(cube))


@pytest.mark.parametrize("order", ["<", ">"])
def test_floats_of_spider_are_as_written(order):
    numbers = RGB[..., 0].astype(np.float32) * 1.37 - 40
    data = spider(numbers, order)
    header = imaging.probe(data, file_bytes=len(data))
    assert (header.format, header.dtype, header.channels) == ("spider", "float32", 1)
    found = imaging.decode(data, header.format)[..., 0]
    np.testing.assert_array_equal(found, numbers)
    np.testing.assert_array_equal(found, Image.open(io.BytesIO(data)))
    with pytest.raises(SampleError):
        imaging.decode(data[:-40], header.format)


def test_what_is_nearly_spider_is_no_picture_and_a_stack_is_refused_by_name():
    numbers = np.ones((24, 32), np.float32)
    with pytest.raises(SampleError, match="SPIDER stacks are not supported"):
        imaging.probe(data := spider(numbers, "<", images=2), file_bytes=len(data))
    odd = bytearray(spider(numbers, "<"))
    odd[88:92] = np.float32(4 * 31).tobytes()  # bytes of a line that are not those of its numbers
    for other in (bytes(odd), numbers.tobytes()):
        with pytest.raises(imaging.NotAPicture):
            imaging.probe(other, file_bytes=len(other))


BITMAP = saved(GREY > 99, "XBM")


@pytest.mark.parametrize(
    "source",
    [
        BITMAP + b"\nint main(void) { return 0; }\n",
        BITMAP + BITMAP,
        b"#define im_width 32\n#define im_height 24\nint main(void) { return 0; }\n",
        b"#define width 32\n#define height 24\nstatic char title[] = {0x41};\n",
        b"#ifndef A\n" + BITMAP,
    ],
)
def test_other_source_code_is_no_picture(source):
    with pytest.raises(imaging.NotAPicture):
        imaging.probe(source, file_bytes=len(source))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (BITMAP.replace(b"0x00", b"0x0", 1), "two hexadecimal digits"),
        (BITMAP.replace(b"0xff", b"7", 1), "two hexadecimal digits"),
        (BITMAP.replace(b"0xff", b"0xzz", 1), "two hexadecimal digits"),
        (BITMAP[: BITMAP.index(b"}")], "ends in the middle"),
        (BITMAP.replace(b"static char", b"static short"), "X10"),
    ],
)
def test_numbers_that_pillow_would_take_for_others_are_refused(changed, reason):
    assert changed != BITMAP
    with pytest.raises(SampleError, match=reason):
        imaging.probe(changed, file_bytes=len(changed))
