"""PNG: every kind of pixel, orientation wherever it stands, and what is damaged."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from stackgui import imaging
from stackgui.core.base.errors import SampleError


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(height, width, depth, colour, lines: bytes, *extra: bytes, late: bytes = b"") -> bytes:
    return joined(height, width, depth, colour, *extra, chunk(b"IDAT", zlib.compress(lines)), late)


def joined(height, width, depth, colour, *chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"".join((b"\x89PNG\r\n\x1a\n", header, *chunks, chunk(b"IEND", b"")))


def exif_block(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes().removeprefix(b"Exif\0\0")


@pytest.mark.parametrize(
    ("mode", "channels"), [("1", 1), ("L", 1), ("LA", 2), ("RGB", 3), ("RGBA", 4), ("P", 3)]
)
def test_modes(mode, channels, saved, noise, reference):
    data = saved(
        Image.fromarray(noise(9, 14, 4)).convert("RGB" if mode == "P" else mode).convert(mode), "PNG"
    )
    header = imaging.probe(data, file_bytes=len(data))
    assert (header.channels, header.dtype) == (channels, "uint8")
    for wanted, name in ((1, "L"), (3, "RGB"), (4, "RGBA")):
        np.testing.assert_array_equal(imaging.decode(data, "png", channels=wanted), reference(data, name))


@pytest.mark.parametrize("transparency", [3, b"\x00\x80\xff"])
def test_a_palette_with_transparency_has_alpha(transparency, saved, noise, reference):
    picture = Image.fromarray(noise(9, 14, 3)).convert("P", palette=Image.Palette.ADAPTIVE)
    data = saved(picture, "PNG", transparency=transparency)
    assert imaging.probe(data, file_bytes=len(data)).channels == 4
    np.testing.assert_array_equal(imaging.decode(data, "png"), reference(data, "RGBA"))


@pytest.mark.parametrize(("mode", "mark", "channels"), [("L", 77, 2), ("RGB", (1, 2, 3), 4)])
def test_a_transparent_colour_becomes_alpha(mode, mark, channels, saved, reference):
    picture = Image.new(mode, (8, 5), mark)
    picture.putpixel((0, 0), 9 if mode == "L" else (9, 9, 9))
    data = saved(picture, "PNG", transparency=mark)
    assert imaging.probe(data, file_bytes=len(data)).channels == channels
    pixels = imaging.decode(data, "png")
    np.testing.assert_array_equal(imaging.convert_channels(pixels, 4), reference(data, "RGBA"))
    np.testing.assert_array_equal(imaging.decode(data, "png", channels=3), reference(data, "RGB"))


@pytest.mark.parametrize(("colour", "channels"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_sixteen_bits_stay_sixteen_bits(colour, channels, noise):
    pixels = noise(6, 11, channels, dtype="uint16")
    lines = b"".join(b"\0" + line.astype(">u2").tobytes() for line in pixels)
    data = png(6, 11, 16, colour, lines)
    header = imaging.probe(data, file_bytes=len(data))
    assert (header.channels, header.dtype) == (channels, "uint16")
    np.testing.assert_array_equal(imaging.decode(data, "png"), pixels)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("place", ["early", "late"])
def test_orientation_is_obeyed_wherever_it_stands(orientation, place, noise, reference):
    pixels = noise(6, 11, 3)
    lines = b"".join(b"\0" + line.tobytes() for line in pixels)
    mark = chunk(b"eXIf", exif_block(orientation))
    data = png(6, 11, 8, 2, lines, late=mark) if place == "late" else png(6, 11, 8, 2, lines, mark)
    header = imaging.probe(data, file_bytes=len(data))
    expected = reference(data, "RGB")
    assert (header.height, header.width) == expected.shape[:2]
    np.testing.assert_array_equal(imaging.decode(data, "png"), expected)


def test_a_prefix_without_the_end_asks_for_more(saved, noise):
    whole = saved(noise(100, 120, 3), "PNG")
    with pytest.raises(imaging.MoreBytesNeeded):  # a mark may stand after the pixels
        imaging.probe(whole[: imaging.PREFIX_BYTES], file_bytes=len(whole))


def test_damaged_transparency_is_damage(saved, noise):
    data = bytearray(
        saved(Image.fromarray(noise(9, 14, 3)).convert("P"), "PNG", transparency=b"\x00\x80\xff")
    )
    data[data.index(b"tRNS") + 5] ^= 1
    with pytest.raises(SampleError):
        imaging.decode(bytes(data), "png")


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize("kind", ["xmp", "raw profile"])
def test_orientation_in_text(kind, is_packed, saved, noise, reference):
    info = PngImagePlugin.PngInfo()
    if kind == "xmp":
        info.add_itxt("XML:com.adobe.xmp", '<rdf tiff:Orientation="8"/>', zip=is_packed)
    else:
        block = b"Exif\0\0" + exif_block(8)
        info.add_text("Raw profile type exif", f"\nexif\n{len(block):8}\n{block.hex()}\n", zip=is_packed)
    data = saved(noise(6, 11, 3), "PNG", pnginfo=info)
    assert imaging.probe(data, file_bytes=len(data)).orientation == 8
    np.testing.assert_array_equal(imaging.decode(data, "png"), reference(data, "RGB"))


def test_every_cut_is_noticed(saved, noise):
    whole = saved(noise(20, 20, 3), "PNG")
    for length in range(9, len(whole) - 16, 11):
        cut = whole[:length]
        with pytest.raises(SampleError):
            imaging.decode(cut, imaging.probe(cut, file_bytes=length).format)


def test_a_flipped_bit_in_the_pixels_is_noticed(saved, noise):
    data = bytearray(saved(noise(20, 20, 3), "PNG"))
    data[data.index(b"IDAT") + 40] ^= 1
    with pytest.raises(SampleError, match="damaged"):
        imaging.decode(bytes(data), "png")


def test_impossible_claims_are_refused_from_the_header():
    huge = png(70_000, 70_000, 8, 2, b"")
    with pytest.raises(SampleError, match="more than the limit"):
        imaging.probe(huge, file_bytes=len(huge))
    lie = png(16_000, 16_000, 8, 2, b"")
    with pytest.raises(SampleError, match="cannot hold"):
        imaging.probe(lie, file_bytes=len(lie))
    with pytest.raises(SampleError, match="no picture"):
        imaging.probe(png(0, 5, 8, 2, b""), file_bytes=100)


@pytest.mark.parametrize("mode", ["1", "L", "RGBA"])
def test_the_emptiest_valid_picture_is_not_refused(mode, saved):
    data = saved(Image.new(mode, (8000, 8000)), "PNG", compress_level=9)
    assert imaging.probe(data, file_bytes=len(data)).height == 8000


@pytest.mark.parametrize("colour", [1, 5, 7])
def test_a_colour_type_that_does_not_exist_is_refused(colour):
    data = png(2, 2, 8, colour, b"\0" * 20)
    with pytest.raises(SampleError, match="header is damaged"):
        imaging.probe(data, file_bytes=len(data))


@pytest.mark.parametrize(
    ("colour", "chunks"),
    [
        (3, [chunk(b"PLTE", bytes(6)), chunk(b"tRNS", b"\0\1\2")]),
        (3, [chunk(b"tRNS", b"\0\1"), chunk(b"PLTE", bytes(6))]),
        (0, [chunk(b"tRNS", b"\0")]),
        (2, [chunk(b"tRNS", bytes(2))]),
    ],
)
def test_transparency_that_does_not_fit_is_told(colour, chunks):
    data = png(2, 3, 8, colour, bytes(2 * (1 + 3 * (3 if colour == 2 else 1))), *chunks)
    with pytest.raises(SampleError, match="its transparency does not fit its colours"):
        imaging.probe(data, file_bytes=len(data))


def test_apples_own_form_is_refused_by_name():
    whole = png(2, 2, 8, 2, bytes(14))
    data = whole[:8] + chunk(b"CgBI", bytes(4)) + whole[8:]
    with pytest.raises(SampleError, match=r"Apple's own form \(CgBI\) are not supported"):
        imaging.probe(data, file_bytes=len(data))
