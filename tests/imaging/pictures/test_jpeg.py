"""JPEG: the marker walk, the rare kinds, and what is damaged."""

import io

import imagecodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.imaging.pictures import jpeg_frame

SMOOTH = np.add.outer(np.arange(37), np.arange(53))[:, :, None] * np.array([1, 2, 1]) % 256


@pytest.fixture
def smooth() -> np.ndarray:
    return SMOOTH.astype(np.uint8)


def exif_with(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_orientation_is_obeyed_as_pillow_does(orientation, channels, saved, smooth, reference):
    data = saved(smooth, "JPEG", exif=exif_with(orientation))
    header = imaging.probe(data, file_bytes=len(data))
    assert header.orientation == (orientation if 1 <= orientation <= 8 else 1)
    pixels = imaging.decode(data, "jpeg", channels=channels)
    np.testing.assert_array_equal(pixels, reference(data, {1: "L", 3: "RGB", 4: "RGBA"}[channels]))
    assert pixels.shape[:2] == (header.height, header.width)


def test_orientation_is_read_from_xmp_where_exif_has_none(saved, smooth, reference):
    data = saved(smooth, "JPEG", xmp=b'<x:xmpmeta><rdf tiff:Orientation="6"/></x:xmpmeta>')
    assert imaging.probe(data, file_bytes=len(data)).orientation == 6
    np.testing.assert_array_equal(imaging.decode(data, "jpeg", channels=3), reference(data, "RGB"))


def test_damaged_exif_does_not_lose_the_picture(saved, smooth):
    data = saved(smooth, "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff nonsense")
    assert imaging.probe(data, file_bytes=len(data)).orientation == 1
    assert imaging.decode(data, "jpeg").shape == smooth.shape


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"subsampling": 0}, {"subsampling": 2}, {"quality": 1}]
)
def test_kinds_of_colour_jpeg(options, saved, smooth, reference):
    data = saved(smooth, "JPEG", **options)
    assert imaging.probe(data, file_bytes=len(data)).channels == 3
    np.testing.assert_array_equal(imaging.decode(data, "jpeg"), reference(data, "RGB"))


def test_uncommon_sampling_goes_through_pillow(saved, smooth, reference):
    data = bytearray(saved(smooth, "JPEG", subsampling=0))
    sof = data.index(b"\xff\xc0")
    for component in range(3):  # 3 × 1 for all is no sampling at all, but has no name either
        data[sof + 11 + 3 * component] = 0x31
    data = bytes(data)
    try:
        expected = reference(data, "RGB")
    except OSError:
        with pytest.raises(SampleError):
            imaging.decode(data, "jpeg")
        return
    np.testing.assert_array_equal(imaging.decode(data, "jpeg", channels=3), expected)


def test_grey_and_cmyk(saved, smooth, reference):
    grey = saved(smooth[:, :, 0], "JPEG")
    assert imaging.probe(grey, file_bytes=len(grey)).channels == 1
    for channels, mode in ((1, "L"), (3, "RGB"), (4, "RGBA")):
        np.testing.assert_array_equal(imaging.decode(grey, "jpeg", channels=channels), reference(grey, mode))
    cmyk = saved(Image.fromarray(smooth).convert("CMYK"), "JPEG")
    assert imaging.probe(cmyk, file_bytes=len(cmyk)).channels == 3
    np.testing.assert_array_equal(imaging.decode(cmyk, "jpeg"), reference(cmyk, "RGB"))


def test_every_cut_is_noticed(saved, smooth):
    whole = saved(smooth, "JPEG")
    for length in range(4, len(whole) - 2, 7):
        cut = whole[:length]
        with pytest.raises(SampleError):
            imaging.decode(cut, imaging.probe(cut, file_bytes=length).format)


def test_a_prefix_asks_for_more_or_tells_the_same(saved, smooth):
    whole = saved(smooth, "JPEG", exif=exif_with(6))
    header = imaging.probe(whole, file_bytes=len(whole))
    told = 0
    for length in range(132, len(whole)):
        try:
            assert imaging.probe(whole[:length], file_bytes=len(whole)) == header
            told += 1
        except imaging.MoreBytesNeeded:
            assert not told  # once it is enough, more is enough too
    assert told


def whole_jpeg(**options) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(SMOOTH.astype(np.uint8)).save(stream, "JPEG", **options)
    return stream.getvalue()


JPEGS = [
    whole_jpeg(),
    whole_jpeg(comment=b"no scan: \xff\xda"),
    whole_jpeg(exif=exif_with(6), progressive=True),
]


@given(st.sampled_from(JPEGS), st.lists(st.tuples(st.integers(2, 700), st.binary(min_size=1, max_size=2))))
def test_what_is_kept_of_starts_is_what_a_walk_finds(data, changes):
    for place, value in changes:
        data = data[:place] + value + data[place + len(value) :]

    def told(read):
        try:
            return read(data, len(data))
        except (SampleError, imaging.MoreBytesNeeded) as error:
            return repr(error)

    assert told(jpeg_frame.read_frame) == told(jpeg_frame.walk)


def patched(data: bytes, offset: int, value: bytes) -> bytes:
    at = data.index(b"\xff\xc0") + offset
    return data[:at] + value + data[at + len(value) :]


@pytest.mark.parametrize(
    ("offset", "value", "reason"),
    [
        (1, b"\xc5", "rare kind"),
        (4, b"\x0b", "11-bit JPEG pictures are not supported"),
        (9, b"\x02", "2 components"),
        (5, b"\x00\x00", "no picture"),
        (5, b"\xff\xff\xff\xff", "more than the limit"),
        (5, b"\x3f\xff\x3f\xff", "cannot hold"),
    ],
)
def test_what_cannot_be_used_is_refused_from_the_header(offset, value, reason, saved, smooth):
    data = patched(saved(smooth, "JPEG"), offset, value)
    with pytest.raises(SampleError, match=reason):
        imaging.probe(data, file_bytes=len(data))
    with pytest.raises(SampleError):
        imaging.decode(data, "jpeg")


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"optimize": True}, {"progressive": True, "quality": 1}]
)
def test_the_emptiest_valid_picture_is_not_refused(options, saved):
    data = saved(Image.new("RGB", (4000, 4000)), "JPEG", **options)
    assert imaging.probe(data[:16384], file_bytes=len(data)).height == 4000


def test_stray_bytes_between_markers_are_skipped(saved, smooth, reference):
    data = saved(smooth, "JPEG")
    with_filling = data[:2] + b"\xff\xff\xff" + data[2:]
    header = imaging.probe(with_filling, file_bytes=len(with_filling))
    assert (header.height, header.width) == Image.open(io.BytesIO(with_filling)).size[::-1]


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize(
    ("at_least", "shape"),
    [((10, 14), (10, 14)), ((11, 14), (14, 20)), ((30, 50), (37, 53)), ((37, 53), (37, 53))],
)
def test_a_reduced_size_is_chosen_that_suffices(at_least, shape, orientation, saved, smooth):
    data = saved(smooth, "JPEG", exif=exif_with(orientation))
    turn = slice(None, None, -1 if orientation == 6 else 1)
    pixels = imaging.decode(data, "jpeg", channels=3, at_least=at_least[turn])
    assert pixels.shape[:2] == shape[turn]


def test_a_reduced_picture_is_near_the_exact_one(saved):
    ramp = np.broadcast_to(np.linspace(0, 255, 64).astype(np.uint8)[:, None, None], (64, 80, 3))
    data = saved(np.ascontiguousarray(ramp), "JPEG", quality=95)
    reduced = imaging.decode(data, "jpeg", channels=3, at_least=(32, 40))
    exact = imaging.resize(imaging.decode(data, "jpeg", channels=3), 32, 40, "area")
    assert np.abs(reduced.astype(int) - exact).max() <= 3


def test_what_cannot_be_reduced_is_decoded_whole(saved, smooth):
    data = saved(smooth, "PNG")
    np.testing.assert_array_equal(imaging.decode(data, "png", channels=3, at_least=(2, 2)), smooth)


def test_twelve_bits_keep_their_depth():
    ramp = np.linspace(0, 4095, 64 * 48).reshape(64, 48)
    colour = np.stack([ramp, ramp[::-1], np.full_like(ramp, 700)], axis=2).astype(np.uint16)
    for pixels in (colour, colour[:, :, 0].copy()):
        data = imagecodecs.jpeg8_encode(pixels, level=98, bitspersample=12)
        header = imaging.probe(data, file_bytes=len(data))
        assert (header.dtype, header.bits, header.channels) == ("uint16", 12, 3 if pixels.ndim == 3 else 1)
        found = imaging.decode(data, "jpeg").astype(int)
        assert np.abs(found - pixels.reshape(found.shape)).mean() < 8


@pytest.mark.parametrize("bits", [2, 7, 8, 9, 12, 15, 16])
@pytest.mark.parametrize("channels", [1, 3])
def test_lossless_pictures_come_back_exactly(bits, channels, noise):
    pixels = (noise(20, 31, channels, dtype="uint16") >> (16 - bits)).astype(
        "uint8" if bits <= 8 else "uint16"
    )
    data = imagecodecs.jpeg8_encode(pixels.squeeze(), lossless=True, bitspersample=bits)
    header = imaging.probe(data, file_bytes=len(data))
    assert header.bits == (0 if bits in (8, 16) else bits)
    np.testing.assert_array_equal(imaging.decode(data, "jpeg"), pixels)


@pytest.mark.parametrize(
    "options", [{"level": 95, "bitspersample": 12}, {"lossless": True, "bitspersample": 16}]
)
def test_a_deep_picture_that_is_cut_off_is_refused(options, noise):
    data = imagecodecs.jpeg8_encode(noise(20, 31, 3, dtype="uint16") >> 4, **options)
    with pytest.raises(SampleError, match="ends in the middle"):
        imaging.decode(data[: len(data) // 2], "jpeg")
