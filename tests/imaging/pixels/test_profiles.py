"""Colour profiles: which count, and that what comes out is sRGB."""

import io
import itertools
import struct
import zlib
from functools import lru_cache

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.imaging.base.decoder import Sample
from stackgui.imaging.pictures import jpeg
from stackgui.imaging.pixels import profiles

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
D65, D50 = (0.3127, 0.3290, 1.0), (0.3457, 0.3585, 1.0)
PRIMARIES = (0.68, 0.32, 1.0, 0.265, 0.69, 1.0, 0.15, 0.06, 1.0)


@lru_cache
def wide() -> bytes:
    """A profile of strong colours and another curve than sRGB's."""
    return imagecodecs.cms_profile("rgb", whitepoint=D65, primaries=PRIMARIES, gamma=2.2)


@lru_cache
def grey_curve() -> bytes:
    return imagecodecs.cms_profile("gray", whitepoint=D50, gamma=1.8)


@lru_cache
def inks() -> bytes:
    """A profile of four inks, as a table of two amounts of each: (L, a, b) of their sixteen mixtures."""
    steps = bytes(range(256))
    corners = [
        (230 - 40 * (c + m + y) - 100 * k, 128 - 60 * c + 60 * m, 128 - 40 * c + 70 * y)
        for c, m, y, k in itertools.product((0, 1), repeat=4)
    ]
    table = b"".join(bytes(max(0, value) for value in corner) for corner in corners)
    identity = struct.pack(">9i", *(0x10000 * (i % 4 == 0) for i in range(9)))
    lut = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + identity + 4 * steps + table + 3 * steps
    body = struct.pack(">I4sII", 1, b"A2B0", 144, len(lut)) + lut
    body += bytes(-len(body) % 4)
    header = bytearray(128)
    struct.pack_into(
        ">I4sI4s4s4s", header, 0, 128 + len(body), b"test", 0x02400000, b"prtr", b"CMYK", b"Lab "
    )
    header[36:40] = b"acsp"
    struct.pack_into(">3I", header, 68, 0xF6D6, 0x10000, 0xD32D)
    return bytes(header) + body


def converted(picture: Image.Image, profile: bytes, mode: str = "RGB") -> np.ndarray:
    """What Pillow makes of it."""
    found = ImageCms.profileToProfile(
        picture, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode
    )
    return np.asarray(found)


def header_of(data: bytes):
    return imaging.probe(data, file_bytes=len(data))


@pytest.mark.parametrize(
    ("format_", "options"),
    [
        ("PNG", {}),
        ("JPEG", {"quality": 95}),
        ("TIFF", {}),
        ("WEBP", {"lossless": True}),
        ("AVIF", {}),
    ],
)
def test_eight_bits_are_converted_as_pillow_does(format_, options, saved, noise):
    data = saved(noise(20, 30, 3), format_, icc_profile=wide(), **options)
    header = header_of(data)
    assert header.profile == "RGB built-in"
    with Image.open(io.BytesIO(data)) as picture:
        expected = converted(picture.convert("RGB"), wide())
    found = imaging.decode(data, header.format, channels=3, to_srgb=True)
    np.testing.assert_array_equal(found, expected)
    assert not np.array_equal(imaging.decode(data, header.format, channels=3), expected)
    out = np.empty_like(expected)
    assert imaging.decode(data, header.format, channels=3, to_srgb=True, out=out) is out
    np.testing.assert_array_equal(out, expected)


def test_transparency_stays_and_is_composed_afterwards(saved, noise):
    pixels = noise(6, 7, 4)
    data = saved(pixels, "PNG", icc_profile=wide())
    found = imaging.decode(data, "png", to_srgb=True)
    np.testing.assert_array_equal(found[:, :, :3], converted(Image.fromarray(pixels[:, :, :3]), wide()))
    np.testing.assert_array_equal(found[:, :, 3], pixels[:, :, 3])
    composed = imaging.decode(data, "png", channels=3, background=(255, 0, 0), to_srgb=True)
    np.testing.assert_array_equal(composed, imaging.convert_channels(found, 3, (255, 0, 0)))


def test_grey_keeps_one_channel_and_changes_its_brightness(saved, noise):
    pixels = noise(9, 5)
    data = saved(pixels, "PNG", icc_profile=grey_curve())
    assert header_of(data).profile
    found = imaging.decode(data, "png", to_srgb=True)
    np.testing.assert_array_equal(found[:, :, 0], converted(Image.fromarray(pixels), grey_curve())[:, :, 1])
    assert (found[:, :, 0] != pixels).any()


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bits_are_converted_in_full_depth(channels, noise):
    pixels = noise(16, 8, channels, dtype="uint16").squeeze()
    profile = grey_curve() if channels == 1 else wide()
    stream = io.BytesIO()
    extra = {"extrasamples": ["unassalpha"]} if channels == 4 else {}
    tifffile.imwrite(
        stream, pixels, photometric="minisblack" if channels == 1 else "rgb", iccprofile=profile, **extra
    )
    data = stream.getvalue()
    assert header_of(data).profile
    found = imaging.decode(data, "tiff", to_srgb=True)
    assert found.dtype == np.uint16
    colour = pixels[:, :, :3] if channels > 1 else pixels
    exact = imagecodecs.cms_transform(
        np.ascontiguousarray(colour / 65535),
        profile,
        SRGB,
        colorspace="gray" if channels == 1 else "rgb",
        outcolorspace="rgb",
        flags=imagecodecs.CMS.FLAGS.NOOPTIMIZE,
    )
    exact = np.clip(exact, 0, 1) * 65535
    assert np.abs(found[:, :, :3] - (exact[:, :, 1:2] if channels == 1 else exact)).max() < 2
    if channels == 4:
        np.testing.assert_array_equal(found[:, :, 3], pixels[:, :, 3])


@pytest.mark.parametrize("bits", [10, 12])
@pytest.mark.parametrize("channels", [1, 3])
def test_fewer_bits_than_a_number_has_are_converted_as_what_they_mean(bits, channels, noise):
    pixels = noise(24, 40, channels, dtype="uint16") >> (16 - bits)
    profile = grey_curve() if channels == 1 else wide()
    stream = io.BytesIO()
    photometric = "minisblack" if channels == 1 else "rgb"
    tifffile.imwrite(
        stream, pixels.squeeze(), photometric=photometric, bitspersample=bits, iccprofile=profile
    )
    header = header_of(data := stream.getvalue())
    assert (header.bits, header.profile) == (bits, "gray built-in" if channels == 1 else "RGB built-in")
    found = imaging.decode(data, "tiff", to_srgb=True, bits=header.bits)
    most = 2**bits - 1
    expected = profiles.to_srgb(np.rint(pixels * (65535 / most)).astype(np.uint16), profile) / (65535 / most)
    assert np.abs(found - expected).max() <= 0.5
    assert np.array_equal(found == most, expected > most - 0.5)
    with pytest.raises(SampleError, match="values above"):
        profiles.to_srgb(np.full((2, 2, channels), most + 1, np.uint16), profile, bits)


def test_sixteen_bit_png_too(noise):
    pixels = noise(8, 8, 3, dtype="uint16")
    plain = imagecodecs.png_encode(pixels)
    data = with_chunk(plain, b"iCCP", b"wide\0\0" + zlib.compress(wide()))
    assert header_of(data).profile
    found = imaging.decode(data, "png", to_srgb=True)
    np.testing.assert_array_equal(found, profiles.to_srgb(pixels, wide()))


def with_chunk(png: bytes, kind: bytes, body: bytes) -> bytes:
    chunk = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return png[:33] + chunk + png[33:]


@pytest.mark.parametrize(("format_", "options"), [("TIFF", {}), ("JPEG", {"quality": 95})])
def test_inks_become_what_their_profile_says(format_, options, saved, noise):
    data = saved(
        Image.frombytes("CMYK", (24, 16), noise(16, 24, 4).tobytes()), format_, icc_profile=inks(), **options
    )
    header = header_of(data)
    assert (header.channels, bool(header.profile)) == (3, True)
    with Image.open(io.BytesIO(data)) as picture:
        expected = converted(picture, inks())
    np.testing.assert_array_equal(imaging.decode(data, header.format, to_srgb=True), expected)
    assert np.abs(imaging.decode(data, header.format).astype(int) - expected).mean() > 5


def test_a_long_profile_in_several_segments(saved, noise):
    # Padding behind the profile's own end makes it longer than one segment of a JPEG.
    long = wide() + bytes(150_000)
    long = len(long).to_bytes(4, "big") + long[4:]
    data = saved(noise(16, 16, 3), "JPEG", icc_profile=long)
    assert data.count(b"ICC_PROFILE\0") == 3
    assert jpeg.DECODER.profile(Sample(data)) == long
    assert header_of(data).profile


@pytest.mark.parametrize("profile", [SRGB, b"", b"rubbish" * 100, wide()[:200]])
def test_what_would_change_nothing_does_not_count(profile, saved, noise):
    assert not header_of(saved(noise(5, 5, 3), "PNG", icc_profile=profile)).profile


def test_a_profile_for_other_pixels_does_not_count(saved, noise):
    assert not header_of(saved(noise(5, 5), "PNG", icc_profile=wide())).profile
    assert not header_of(saved(noise(5, 5, 3), "PNG", icc_profile=grey_curve())).profile
    assert not profiles.name_of(wide(), "RGB", "float32")


def test_a_lost_profile_is_said(saved, noise):
    with pytest.raises(SampleError, match="lost its colour profile"):
        imaging.decode(saved(noise(5, 5, 3), "PNG"), "png", to_srgb=True)
