"""Files whose headers are odd and whose pixels are all there: rows; and what decoders say of the others."""

import io
import mmap
import struct
import zlib

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.doubts import Doubt
from stackgui.imaging.base import doubts
from stackgui.imaging.base.errors import ENDS_EARLY, as_sample_error
from tests.imaging.heic_writing import heic

DOWN, ACROSS = np.mgrid[:24, :40]
PIXELS = np.stack([ACROSS * 6, DOWN * 10, (ACROSS + DOWN) * 3], axis=-1).astype(np.uint8)
DEEP = PIXELS.astype(np.uint16) * 257


def read(data: bytes) -> tuple[np.ndarray, tuple[Doubt, ...]]:
    doubts.take()
    header = imaging.probe(data, file_bytes=len(data))
    return imaging.decode(data, header.format), doubts.take()


def tiff(pixels: np.ndarray, **options: object) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, pixels, byteorder="<", **options)
    return stream.getvalue()


def with_tag(data: bytes, code: int, value: int | None) -> bytes:
    """A TIFF file with another value, the last of several, of a tag; or without it."""
    start = struct.unpack_from("<I", data, 4)[0]
    entries = struct.unpack_from("<H", data, start)[0]
    changed = bytearray(data)
    for place in range(start + 2, start + 2 + 12 * entries, 12):
        found, kind, count = struct.unpack_from("<HHI", data, place)
        if found != code:
            continue
        letter, size = ("<H", 2) if kind == 3 else ("<I", 4)
        if value is None:
            end = start + 2 + 12 * entries
            changed[place : end + 4] = changed[place + 12 : end + 4] + bytes(12)
            struct.pack_into("<H", changed, start, entries - 1)
        elif count * size <= 4:
            struct.pack_into(letter, changed, place + 8, value)
        else:
            struct.pack_into(
                letter, changed, struct.unpack_from("<I", data, place + 8)[0] + (count - 1) * size, value
            )
    assert changed != data
    return bytes(changed)


SIZES, TILE_SIZES, BLACK = 279, 325, 262


@pytest.mark.parametrize("value", [0, 1, 60000, None])
@pytest.mark.parametrize(
    ("pixels", "options", "tag"),
    [
        (DEEP, {}, SIZES),
        (DEEP, {"rowsperstrip": 5}, SIZES),
        (DEEP[..., 0], {"rowsperstrip": 7}, SIZES),
        (DEEP, {"tile": (16, 16)}, TILE_SIZES),
        (DEEP[..., 0].astype(np.float32), {}, SIZES),
        (
            np.moveaxis(DEEP, 2, 0),
            {"planarconfig": "separate", "photometric": "rgb", "rowsperstrip": 9},
            SIZES,
        ),
    ],
    ids=["one strip", "strips", "grey", "tiles", "floats", "planes"],
)
def test_wrong_or_missing_sizes_of_strips_cost_no_pixel_that_is_there(pixels, options, tag, value):
    data = tiff(pixels, **options)
    np.testing.assert_array_equal(read(with_tag(data, tag, value))[0], read(data)[0])
    with pytest.raises(SampleError):
        read(with_tag(data, tag, value)[:-200])


@pytest.mark.parametrize("value", [0, 60000, None])
def test_what_is_deflated_knows_its_end(value):
    data = tiff(DEEP, compression="zlib")
    np.testing.assert_array_equal(read(with_tag(data, SIZES, value))[0], DEEP)
    with pytest.raises(SampleError):
        read(with_tag(data, SIZES, value)[:-30])


def test_measurements_without_a_word_about_black_are_as_they_are():
    measured = (DEEP[..., 0] / 7).astype(np.float32)
    np.testing.assert_array_equal(read(with_tag(tiff(measured), BLACK, None))[0][..., 0], measured)
    np.testing.assert_array_equal(read(with_tag(tiff(DEEP[..., 0]), BLACK, None))[0][..., 0], DEEP[..., 0])


def chunk(kind: bytes, body: bytes, checksum: int | None = None) -> bytes:
    checksum = zlib.crc32(kind + body) if checksum is None else checksum
    return len(body).to_bytes(4, "big") + kind + body + checksum.to_bytes(4, "big")


def with_chunk(data: bytes, written: bytes, before: bytes = b"IDAT") -> bytes:
    at = data.index(before) - 4
    return data[:at] + written + data[at:]


PNGS = {
    "colours": PIXELS,
    "grey": np.ascontiguousarray(PIXELS[..., 0]),
    "transparent": np.dstack([PIXELS, PIXELS[..., :1]]),
    "deep": DEEP,
}


@pytest.mark.parametrize("kind", [b"tEXt", b"gAMA", b"pHYs", b"eXIf", b"iCCP", b"sRGB", b"tIME", b"prIv"])
@pytest.mark.parametrize("name", PNGS)
def test_a_wrong_checksum_beside_the_pixels_of_a_png_is_counted(name, kind):
    data = bytes(imagecodecs.png_encode(PNGS[name]))
    for before in (b"IDAT", b"IEND"):
        pixels, noted = read(with_chunk(data, chunk(kind, b"something", 5), before))
        np.testing.assert_array_equal(pixels.squeeze(), PNGS[name])
        assert noted == (Doubt.WRONG_CHECKSUM,)
    broken = bytearray(data)
    broken[data.index(b"IEND") - 5] ^= 1
    with pytest.raises(SampleError, match="CRC error"):
        read(bytes(broken))


@pytest.mark.parametrize("name", PNGS)
def test_a_png_may_lack_its_end_and_have_something_behind_it(name):
    data = bytes(imagecodecs.png_encode(PNGS[name]))
    for odd, doubt in (
        *((data[:-cut], (Doubt.NO_END_MARK,)) for cut in range(1, 13)),
        (data + b"\0" * 50, ()),
        (data + data, ()),
    ):
        pixels, noted = read(odd)
        np.testing.assert_array_equal(pixels.squeeze(), PNGS[name])
        assert noted == doubt


@pytest.mark.parametrize("name", PNGS)
@pytest.mark.parametrize("share", [0.5, 0.7, 0.9])
def test_a_png_that_is_cut_off_is_said_to_be(name, share):
    data = bytes(imagecodecs.png_encode(PNGS[name]))
    start, end = data.index(b"IDAT") + 8, len(data) - 12
    with pytest.raises(SampleError) as caught:
        read(data[: int(start + share * (end - start))])
    assert caught.value.reason == ENDS_EARLY


def written(format_: str, **options: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(PIXELS).save(stream, format_, **options)
    return stream.getvalue()


FRAMES = [Image.fromarray(np.roll(PIXELS, step, axis=1)) for step in (3, 9)]
ENDS = {
    "gif": (written("GIF"), 1),
    "frames": (written("GIF", save_all=True, append_images=FRAMES, loop=0), 1),
    "tga": (written("TGA"), 8),
    "packed tga": (written("TGA", compression="tga_rle"), 8),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_missing_end_mark_is_doubted_where_the_pixels_are_pillows(name, reference):
    data, mark_bytes = ENDS[name]
    for cut in range(1, mark_bytes + 1):
        pixels, noted = read(data[:-cut])
        np.testing.assert_array_equal(pixels, reference(data[:-cut], "RGB"))
        assert noted == (Doubt.NO_END_MARK,)
    assert read(data)[1] == ()


def test_what_follows_the_trailer_of_a_gif_is_nothing_to_doubt():
    data = written("GIF")
    for behind in (b"\0" * 50, b"XMP", data[:-1]):
        assert read(data + behind)[1] == ()


@pytest.mark.parametrize("length", range(20, 60))
def test_a_gif_that_ends_before_its_pixels_is_said_to_be_cut_off(length):
    with pytest.raises(SampleError, match="ends in the middle"):
        read(written("GIF")[: 760 + length])


def test_a_png_with_parts_that_nobody_knows_is_refused_by_their_name():
    data = with_chunk(bytes(imagecodecs.png_encode(PIXELS)), chunk(b"ABCD", b"?"))
    with pytest.raises(SampleError, match="its parts of kind ABCD"):
        read(data)


@pytest.mark.parametrize(
    "format_", ["TIFF", "PNG", "GIF", "BMP", "WEBP", "PPM", "TGA", "SGI", "ICO", "JPEG2000"]
)
def test_a_mapped_file_is_read_as_one_in_memory(format_, tmp_path):
    stream = io.BytesIO()
    Image.fromarray(PIXELS).save(stream, format_)
    whole = stream.getvalue()
    for index, data in enumerate((whole, whole[: len(whole) // 2], whole[:20] + b"\xff" * 8 + whole[28:])):
        path = tmp_path / str(index)
        path.write_bytes(data)
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            found = []
            for each in (data, mapped):
                try:
                    found.append(imaging.probe(each, file_bytes=len(data)))
                except SampleError as error:
                    found.append(error.reason)
        assert found[0] == found[1]


@pytest.mark.parametrize(
    ("message", "meaning"),
    [
        ("seek out of range", "its decoder gave up"),
        ("zip() argument 2 is shorter than argument 1", "its decoder gave up"),
        ("conversion from La to L not supported", "its decoder gave up"),
        ("cannot reshape array of size 3 into shape (4,)", "its pixels do not fit the size that it claims"),
        ("libdeflate_zlib_decompress returned LIBDEFLATE_BAD_DATA", "its packed pixels make no sense"),
        ("Error -3 while decompressing data: invalid distance code", "its packed pixels make no sense"),
        ("broken data stream when reading image file", "its packed pixels make no sense"),
        (
            "tjDecompressHeader3(): Could not determine subsampling level of JPEG image",
            "its header makes no sense",
        ),
        ("invalid literal for int() with base 10: b'2x'", "not every number in it is one"),
        ("Can't synchronously read data (filter returned failure during read)", "a checksum is wrong"),
        ("Unknown BLP compression 7", "it is of a kind that its decoder does not know"),
        ("IDAT: invalid distance too far back", "IDAT: invalid distance too far back"),
        ("Corrupt JPEG data: bad Huffman code", "Corrupt JPEG data: bad Huffman code"),
    ],
)
def test_what_decoders_say_of_their_code_is_put_into_words_of_the_file(message, meaning):
    error = ValueError(message)
    found = as_sample_error(error)
    assert found.reason == f"the picture is damaged ({meaning})"
    assert found.__cause__ is error


def test_what_ends_early_does_so_in_any_words():
    for message in (
        "JxlDecoderProcessInput returned JXL_DEC_NEED_MORE_INPUT",
        "Expected to read 9 bytes but only got 2.",
    ):
        assert as_sample_error(OSError(message)).reason == "the file ends in the middle of the picture"


@pytest.mark.parametrize("format_", ["WEBP", "AVIF", "JPEG2000"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_containers_that_are_cut_off_are_said_to_be(format_, share):
    stream = io.BytesIO()
    Image.fromarray(PIXELS).save(stream, format_)
    data = stream.getvalue()[: int(share * stream.tell())]
    with pytest.raises(SampleError, match="ends in the middle"):
        read(data)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.999])
def test_pictures_of_phones_that_are_cut_off_are_said_to_be(share):
    data = heic(PIXELS)
    cut = data[: int(share * len(data))]
    with pytest.raises(SampleError, match="ends in the middle"):
        read(cut)
