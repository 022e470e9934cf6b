"""PNG inflated at once: the same pixels as libpng's, and not a word where something is wrong."""

import zlib
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.imaging.pictures import png, png_stored
from tests.imaging.pictures.test_png import chunk, joined

COLOURS = {1: 0, 3: 2, 4: 6}


def layout_of(data: bytes) -> png_stored.Layout:
    layout, place = png_stored.Layout(), 33
    while place < len(data):
        end = place + 12 + int.from_bytes(data[place : place + 4], "big")
        layout.add(data[place + 4 : place + 8], place, end)
        place = end
    return layout


def is_done(data: bytes, pixels) -> bool:
    return png_stored.decode(data, layout_of(data), np.empty_like(pixels))


def lines_of(pixels) -> bytes:
    return b"".join(b"\0" + line.tobytes() for line in pixels)


def parts(packed: bytes, count: int) -> list[bytes]:
    size = -(-len(packed) // count)
    return [chunk(b"IDAT", packed[begin : begin + size]) for begin in range(0, len(packed), size)]


@pytest.mark.parametrize("channels", COLOURS)
@pytest.mark.parametrize("shape", [(1, 1), (9, 14), (200, 300), (257, 254)])
def test_pixels_are_the_same(shape, channels, saved, noise):
    # Of 257 lines of 255 bytes the last block is exactly full.
    pixels = noise(*shape, channels)
    data = saved(Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels), "PNG")
    found = np.zeros_like(pixels)
    assert png_stored.decode(data, layout_of(data), found)
    np.testing.assert_array_equal(found, pixels)


@given(st.integers(1, 5), st.lists(st.integers(0, 4), min_size=1, max_size=12), st.sampled_from([1, 3, 4]))
def test_every_filter_in_any_number_of_parts(count, filters, channels):
    lines = np.random.default_rng(3).integers(0, 256, (len(filters), 7 * channels), dtype=np.uint8)
    stream = b"".join(bytes([kind]) + line.tobytes() for kind, line in zip(filters, lines, strict=True))
    data = joined(len(filters), 7, 8, COLOURS[channels], *parts(zlib.compress(stream), count))
    found = np.zeros((len(filters), 7, channels), np.uint8)
    assert png_stored.decode(data, layout_of(data), found)
    with patch.object(png_stored, "decode", return_value=False):
        np.testing.assert_array_equal(found, imaging.decode(data, "png"))


def test_a_flipped_bit_anywhere_is_left_to_libpng(noise):
    pixels = noise(4, 5, 3)
    data = joined(4, 5, 8, 2, *parts(zlib.compress(lines_of(pixels)), 2))
    first = data.index(b"IDAT") - 4
    for place in range(first, len(data)):
        damaged = bytearray(data)
        damaged[place] ^= 1
        assert not is_done(bytes(damaged), pixels), place


def test_every_cut_is_left_to_libpng(noise):
    pixels = noise(4, 5, 3)
    data = joined(4, 5, 8, 2, *parts(zlib.compress(lines_of(pixels)), 2))
    for length in range(data.index(b"IDAT"), len(data)):
        assert not is_done(data[:length], pixels), length


@pytest.mark.parametrize(
    "wrong", ["too short", "too long", "checksum", "filter", "something between", "palette"]
)
def test_what_is_not_as_it_should_be_is_left_to_libpng(wrong, noise):
    pixels = noise(4, 5, 3)
    lines = lines_of(pixels)
    if wrong == "filter":
        lines = b"\x05" + lines[1:]
    packed = zlib.compress({"too short": lines[:-1], "too long": lines + b"\0"}.get(wrong, lines))
    if wrong == "checksum":
        packed = packed[:-1] + bytes([packed[-1] ^ 1])
    first, second = parts(packed, 2)
    between = chunk(b"tEXt", b"a\0b") if wrong == "something between" else b""
    before = chunk(b"PLTE", bytes(6)) if wrong == "palette" else b""
    assert not is_done(joined(4, 5, 8, 2, before, first, between, second), pixels)


def test_other_kinds_are_left_to_libpng(saved, noise):
    for pixels, picture in (
        (noise(4, 5, 2), Image.fromarray(noise(4, 5, 2))),
        (noise(4, 5, 1), Image.fromarray(noise(4, 5) > 99)),
    ):
        assert not is_done(saved(picture, "PNG"), pixels)


def test_damage_is_told_by_name(noise):
    data = joined(4, 5, 8, 2, chunk(b"IDAT", zlib.compress(lines_of(noise(4, 5, 3))[:-9])))
    with pytest.raises(SampleError):
        imaging.decode(data, "png")


def test_common_pictures_take_this_way(saved, noise):
    with patch.object(png.png_stored, "decode", wraps=png_stored.decode) as decode:
        imaging.decode(saved(noise(9, 14, 3), "PNG"), "png")
    assert decode.call_count == 1
