"""Channels: Pillow's rules for 8 bits, the same rules in every other kind of number."""

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.errors import SampleError
from stackgui.imaging import can_convert, convert_channels

MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


@pytest.mark.parametrize("have", MODES)
@pytest.mark.parametrize("want", MODES)
def test_eight_bits_equal_pillow(have, want, noise):
    pixels = noise(50, 60, have)
    picture = Image.fromarray(pixels.squeeze())
    expected = np.asarray(picture.convert(MODES[want])).reshape(50, 60, want)
    np.testing.assert_array_equal(convert_channels(pixels, want), expected)


def test_every_shade_of_grey_survives_colour():
    grey = np.arange(65536, dtype=np.uint16).reshape(256, 256, 1)
    np.testing.assert_array_equal(convert_channels(convert_channels(grey, 3), 1), grey)


@pytest.mark.parametrize("dtype", ["uint16", "int32", "int64", "float16", "float32", "float64"])
def test_other_numbers_follow_the_same_rules(dtype, noise):
    colour = noise(5, 6, 3, dtype=dtype)
    grey = convert_channels(colour, 1)
    exact = colour.astype(np.float64) @ (np.array([19595, 38470, 7471]) / 65536)
    step = np.spacing(np.abs(exact).astype(dtype)).astype(float) if np.dtype(dtype).kind == "f" else 0.5
    # int64 is weighed in float64, which holds 53 bits of it.
    np.testing.assert_array_less(
        np.abs(grey[:, :, 0].astype(np.float64) - exact), 3 * step + 1e-15 * np.abs(exact)
    )
    with_alpha = convert_channels(colour, 4)
    assert with_alpha.dtype == dtype
    np.testing.assert_array_equal(with_alpha[:, :, :3], colour)
    opaque = 1 if np.dtype(dtype).kind == "f" else np.iinfo(dtype).max
    assert (with_alpha[:, :, 3] == opaque).all()


@pytest.mark.parametrize(("have", "want"), [(5, 3), (7, 1), (3, 5), (1, 0)])
def test_what_has_no_rule_is_refused(have, want):
    assert not can_convert(have, want)
    with pytest.raises(SampleError, match=f"{have} channel"):
        convert_channels(np.zeros((2, 2, have), np.uint8), want)


def test_any_number_of_channels_stays_as_it_is(noise):
    pixels = noise(2, 3, 9)
    assert can_convert(9, 9)
    assert convert_channels(pixels, 9) is pixels


@pytest.mark.parametrize(
    "dtype", ["uint8", "uint16", "uint32", "int32", "int64", "uint64", "float16", "float64"]
)
def test_white_stays_white_and_black_black(dtype):
    white = 1 if np.dtype(dtype).kind == "f" else np.iinfo(dtype).max
    pixels = np.zeros((2, 1, 3), dtype)
    pixels[1] = white
    grey = convert_channels(pixels, 1)[:, 0, 0]
    assert grey[0] == 0
    np.testing.assert_allclose(float(grey[1]), float(white), rtol=1e-3 if dtype == "float16" else 1e-15)


# Alpha on a background


@pytest.mark.parametrize("background", [(255, 255, 255), (0, 0, 0), (10, 200, 77)])
@pytest.mark.parametrize("want", [1, 3])
def test_composing_equals_pillow(background, want, noise):
    pixels = noise(256, 60, 4)
    below = Image.new("RGBA", (60, 256), (*background, 255))
    expected = Image.alpha_composite(below, Image.fromarray(pixels)).convert(MODES[want])
    found = convert_channels(pixels, want, background)
    np.testing.assert_array_equal(found, np.asarray(expected).reshape(256, 60, want))


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "uint32", "float32"])
@pytest.mark.parametrize(("have", "want"), [(2, 1), (2, 3), (4, 3), (4, 1)])
def test_transparent_is_background_and_opaque_is_kept(dtype, have, want):
    most = 1 if dtype == "float32" else np.iinfo(dtype).max
    pixels = np.full((1, 2, have), most // 3 if most > 1 else 0.25, dtype)
    pixels[0, :, -1] = [0, most]
    found = convert_channels(pixels, want, (255, 255, 255))
    assert found.dtype == dtype
    assert (found[0, 0] == most).all()
    np.testing.assert_array_equal(found[:, 1:], convert_channels(pixels, want)[:, 1:])


def test_a_background_changes_nothing_without_alpha_or_with_room_for_it(noise):
    for have, want in [(3, 1), (1, 3), (4, 2), (4, 4), (2, 4)]:
        pixels = noise(3, 4, have)
        np.testing.assert_array_equal(
            convert_channels(pixels, want, (9, 9, 9)), convert_channels(pixels, want)
        )


@pytest.mark.parametrize("bits", [10, 12])
def test_what_is_opaque_follows_the_bits_that_are_used(bits, noise):
    most = 2**bits - 1
    pixels = noise(6, 7, 4, dtype="uint16") >> (16 - bits)
    pixels[0, :, 3], pixels[1, :, 3] = most, 0
    composed = convert_channels(pixels, 3, (255, 0, 0), bits=bits)
    np.testing.assert_array_equal(composed[0], pixels[0, :, :3])
    np.testing.assert_array_equal(composed[1], np.broadcast_to([most, 0, 0], (7, 3)))
    alpha = pixels[:, :, 3:] / most
    assert np.abs(composed - (pixels[:, :, :3] * alpha + np.array([most, 0, 0]) * (1 - alpha))).max() <= 0.5
    with_alpha = convert_channels(pixels[:, :, :3], 4, bits=bits)
    assert (with_alpha[:, :, 3] == most).all()
