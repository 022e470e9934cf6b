"""JPEG files with bytes that do not belong there: rows where all pixels are there, and failures where not."""

import contextlib
import io
import struct

import imagecodecs
import numpy as np
import pytest
import simplejpeg
from PIL import Image

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.doubts import Doubt
from stackgui.imaging import Part
from stackgui.imaging.base import doubts

STRAY, NO_END, COARSE = (Doubt.STRAY_BYTES,), (Doubt.NO_END_MARK,), (Doubt.COARSE,)
SCAN, END = b"\xff\xda", b"\xff\xd9"


def photo(mode: str = "RGB") -> Image.Image:
    """A picture of edges, flat parts and noise, 96 × 120."""
    down, across = np.mgrid[:96, :120]
    colours = np.stack([across * 2, down * 2 + across, (across // 16 + down // 16) % 2 * 200], axis=-1)
    noise = np.random.default_rng(3).integers(0, 40, colours.shape)
    noise[:48, :60] = 0
    return Image.fromarray((colours + noise).clip(0, 255).astype(np.uint8)).convert(mode)


def jpeg(mode: str = "RGB", **options: object) -> bytes:
    stream = io.BytesIO()
    photo(mode).save(stream, "JPEG", **options)
    return stream.getvalue()


KINDS = {
    "baseline": jpeg(),
    "all colours": jpeg(subsampling=0),
    "4:2:2": jpeg(subsampling=1),
    "grey": jpeg("L"),
    "own tables": jpeg(optimize=True),
    "restarts": jpeg(restart_marker_blocks=5),
    "progressive": jpeg(progressive=True),
    "progressive grey": jpeg("L", progressive=True),
    "progressive restarts": jpeg(progressive=True, restart_marker_blocks=5),
    "inks": jpeg("CMYK"),
    "progressive inks": jpeg("CMYK", progressive=True),
}


def read(data: bytes, **options: object) -> tuple[np.ndarray, tuple[Doubt, ...]]:
    doubts.take()
    header = imaging.probe(data[: imaging.PREFIX_BYTES], file_bytes=len(data))
    return imaging.decode(data, header.format, **options), doubts.take()


def before_end(data: bytes, stray: bytes) -> bytes:
    return data[: -len(END)] + stray + END


def scan_start(data: bytes) -> int:
    start = data.index(SCAN)
    return start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")


@pytest.mark.parametrize("stray", [b"\0\0\0", b"\0" * 9, b"\0" * 4000, b"stray text", b"\x5a" * 12], ids=len)
@pytest.mark.parametrize("kind", KINDS)
def test_stray_bytes_before_the_end_mark_cost_no_pixel(kind, stray, reference):
    data = before_end(KINDS[kind], stray)
    pixels, noted = read(data)
    np.testing.assert_array_equal(pixels, read(KINDS[kind])[0])
    np.testing.assert_array_equal(pixels, reference(data, "L" if pixels.shape[2] == 1 else "RGB"))
    assert noted == STRAY


@pytest.mark.parametrize(
    "kind",
    sorted(set(KINDS) - {"progressive", "progressive grey", "progressive restarts", "progressive inks"}),
)
@pytest.mark.parametrize("length", [8, 30, 200])
def test_any_stray_bytes_are_told_from_pixels(kind, length):
    stray = np.random.default_rng(length).integers(0, 255, length, np.uint8).tobytes()
    pixels, noted = read(before_end(KINDS[kind], stray))
    np.testing.assert_array_equal(pixels, read(KINDS[kind])[0])
    assert noted == STRAY


@pytest.mark.parametrize("marker", [b"\xff\xdb", b"\xff\xc4", SCAN])
@pytest.mark.parametrize("kind", KINDS)
def test_stray_bytes_between_segments_cost_no_pixel(kind, marker):
    at = KINDS[kind].index(marker)
    pixels, noted = read(KINDS[kind][:at] + b"stray\0bytes" + KINDS[kind][at:])
    np.testing.assert_array_equal(pixels, read(KINDS[kind])[0])
    assert noted == STRAY


def test_stray_bytes_between_scans_cost_no_pixel():
    data = KINDS["progressive"]
    second = data.index(SCAN, scan_start(data))
    table = data.rindex(b"\xff\xc4", 0, second)
    pixels, noted = read(data[:table] + b"\0" * 20 + data[table:])
    np.testing.assert_array_equal(pixels, read(data)[0])
    assert noted == STRAY


@pytest.mark.parametrize("kind", KINDS)
def test_all_of_them_together_are_mended_together(kind):
    data = KINDS[kind]
    start = data.index(b"\xff\xdb")
    pixels, noted = read(data[:start] + b"one" + data[start : -len(END)] + b"\0" * 30)
    np.testing.assert_array_equal(pixels, read(data)[0])
    assert noted == (*NO_END, *STRAY)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("end", [b"", b"\xff", b"\xff\xff"], ids=len)
def test_a_missing_end_mark_costs_no_pixel(kind, end):
    pixels, noted = read(KINDS[kind][: -len(END)] + end)
    np.testing.assert_array_equal(pixels, read(KINDS[kind])[0])
    assert noted == NO_END


@pytest.mark.parametrize("trailer", [b"\0" * 500, b"SEFT", jpeg("L"), b"\0\0\0\x18ftypmp42", END], ids=len)
@pytest.mark.parametrize("kind", KINDS)
def test_what_follows_the_end_mark_is_nothing_to_doubt(kind, trailer):
    pixels, noted = read(KINDS[kind] + trailer)
    np.testing.assert_array_equal(pixels, read(KINDS[kind])[0])
    assert noted == ()


@pytest.mark.parametrize("kind", KINDS)
def test_filling_before_marks_is_nothing_to_doubt(kind):
    data = KINDS[kind]
    for mark in (b"\xff\xdb", SCAN, END):
        data = data.replace(mark, b"\xff\xff\xff" + mark, 1) if mark != END else before_end(data, b"\xff" * 4)
    pixels, noted = read(data)
    np.testing.assert_array_equal(pixels, read(KINDS[kind])[0])
    assert noted == ()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.98])
def test_what_is_cut_off_is_damaged_whatever_stands_in_its_place(kind, share):
    data, start = KINDS[kind], scan_start(KINDS[kind])
    cut = data[: int(start + share * (len(data) - start))]
    rest = len(data) - len(cut)
    for tail in (
        b"",
        END,
        b"\0" * rest,
        b"\0" * rest * 5,
        b"\0" * rest * 5 + END,
        b"\xff" * rest,
        b"\xaa" * rest * 3 + END,
    ):
        with pytest.raises(SampleError):
            read(cut + tail)


@pytest.mark.parametrize("kind", ["restarts", "progressive restarts"])
def test_stray_bytes_inside_the_scan_are_damage(kind):
    data = KINDS[kind]
    restart = data.index(b"\xff\xd0", scan_start(data))
    for stray in (b"\0" * 9, b"stray text"):
        with pytest.raises(SampleError):
            read(data[:restart] + stray + data[restart:])


def test_blocks_that_are_left_over_are_damage():
    # A turned bit made the decoder count a block too many: what is left are the last ones, all of them sound.
    longer, shorter = jpeg("L", optimize=False), photo("L").crop((0, 0, 120, 88))
    data = longer.replace(struct.pack(">HH", 96, 120), struct.pack(">HH", 96, 112), 1)
    with pytest.raises(SampleError, match="damaged"):
        read(data)
    # Whole rows more than the header promises are no loss.
    data = longer.replace(struct.pack(">HH", 96, 120), struct.pack(">HH", 88, 120), 1)
    pixels, noted = read(data)
    assert noted == STRAY
    assert pixels.shape == (88, 120, 1)
    assert np.abs(pixels[:, :, 0].astype(int) - np.asarray(shorter)).mean() < 20


def test_nearly_all_turned_bits_that_libjpeg_notices_are_damage_still():
    generator, noticed, passed = np.random.default_rng(8), 0, 0
    for data in (KINDS["baseline"], KINDS["all colours"], KINDS["grey"], KINDS["own tables"]):
        start = scan_start(data)
        for place in generator.integers(start, len(data) - 60, 150):
            turned = data[:place] + bytes([data[place] ^ 16]) + data[place + 1 :]
            try:
                simplejpeg.decode_jpeg(turned, "GRAY" if data is KINDS["grey"] else "RGB", strict=True)
            except ValueError:
                noticed += 1
                with contextlib.suppress(SampleError):
                    read(turned)
                    passed += 1
    assert noticed > 60
    assert passed <= noticed // 20


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        (lambda data: data.replace(b"JFIF\0\1", b"JFIF\0\3", 1), "baseline"),
        (lambda data: data[: scan_start(data) - 3] + b"\0\0\0" + data[scan_start(data) :], "baseline"),
        (lambda data: data[: scan_start(data) - 3] + b"\0\0\0" + data[scan_start(data) :], "grey"),
    ],
    ids=["a later JFIF", "no range", "no range in grey"],
)
def test_headers_that_are_only_odd_cost_nothing(changed, kind, reference):
    data = changed(KINDS[kind])
    assert data != KINDS[kind]
    pixels, noted = read(data)
    np.testing.assert_array_equal(pixels, read(KINDS[kind])[0])
    np.testing.assert_array_equal(pixels, reference(data, "RGB" if pixels.shape[2] == 3 else "L"))
    assert noted == ()


@pytest.mark.parametrize(("kind", "colours"), [("inks", 1), ("progressive inks", 9)])
def test_colours_of_a_kind_that_nobody_knows_are_what_pillow_takes_them_for(kind, colours, reference):
    at = KINDS[kind].index(b"Adobe") + 11
    data = KINDS[kind][:at] + bytes([colours]) + KINDS[kind][at + 1 :]
    pixels, noted = read(data)
    np.testing.assert_array_equal(pixels, reference(data, "RGB"))
    assert noted == ()


def test_colours_of_a_kind_that_nobody_knows_in_a_picture_of_three(reference):
    data = KINDS["baseline"]
    adobe = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\7"
    data = data[:2] + adobe + data[20:]  # in the place of what JFIF says
    pixels, noted = read(data)
    np.testing.assert_array_equal(pixels, reference(data, "RGB"))
    assert noted == ()


def scans_of(data: bytes) -> list[int]:
    found, place = [], data.index(SCAN)
    while place >= 0:
        found.append(place)
        place = data.find(SCAN, place + 2)
    return found


def test_a_progressive_file_that_lacks_scans_is_doubted_or_refused():
    data = KINDS["progressive"]
    last = scans_of(data)[-1]
    table = data.rindex(b"\xff\xc4", 0, last)
    begins = table if data.index(SCAN, table) == last else last
    pixels, noted = read(data[:begins] + END)
    assert noted == COARSE
    assert pixels.shape == (96, 120, 3)
    with pytest.raises(SampleError, match="ends in the middle"):
        read(data[:begins])


def test_a_colour_that_never_comes_is_damage():
    grey_first = imagecodecs.jpeg8_encode(np.asarray(photo()), level=90, subsampling="444")
    data = bytes(grey_first)
    start = data.index(SCAN)
    # A scan of the first component alone, as if two others were to follow.
    one = data[:start] + b"\xff\xda\0\x08\1\1\0\0\x3f\0" + KINDS["grey"][scan_start(KINDS["grey"]) :]
    with pytest.raises(SampleError, match="lacks one of the colours"):
        read(one)


def test_a_smaller_decoding_and_given_arrays_meet_the_same(reference):
    data = before_end(KINDS["baseline"], b"\0" * 9)
    small, noted = read(data, at_least=(30, 30))
    np.testing.assert_array_equal(small, read(KINDS["baseline"], at_least=(30, 30))[0])
    assert noted == STRAY
    out = np.empty((96, 120, 3), np.uint8)
    assert imaging.decode(data, "jpeg", out=out) is out
    np.testing.assert_array_equal(out, reference(data, "RGB"))


@pytest.mark.parametrize("bits", [8, 12, 16])
def test_deep_and_lossless_kinds_have_no_stray_bytes_to_fear(bits):
    pixels = np.asarray(photo("L")).astype(np.uint8 if bits == 8 else np.uint16) << max(bits - 8, 0)
    options = {"lossless": True} if bits != 12 else {"level": 90}
    data = bytes(imagecodecs.jpeg8_encode(pixels, bitspersample=bits, **options))
    found, noted = read(before_end(data, b"\0\0\0"))
    np.testing.assert_array_equal(found, read(data)[0])
    assert noted == STRAY
    for cut in (data[: len(data) // 2], data[: len(data) // 2] + b"\0" * len(data)):
        with pytest.raises(SampleError):
            read(cut)


def test_each_picture_of_several_is_mended_for_itself():
    stream = io.BytesIO()
    photo().save(stream, "MPO", save_all=True, append_images=[photo("L").convert("RGB")])
    data = stream.getvalue()
    second = data.rindex(b"\xff\xd8\xff")
    data = before_end(data, b"")[:-2] + b"\0" * 0 + END
    expected = imaging.decode(data, "jpeg", part=Part(1))
    assert second
    size = len(data) - second
    stray = before_end(data, b"\0" * 9)
    stray = stray.replace(struct.pack("<I", size), struct.pack("<I", size + 9), 1)
    doubts.take()
    np.testing.assert_array_equal(imaging.decode(stray, "jpeg", part=Part(1)), expected)
    assert doubts.take() == STRAY
