"""Several frames or pages in a file: which are samples, and that each is what Pillow or tifffile shows."""

import io
import itertools
import struct
import zlib
from contextlib import suppress
from dataclasses import replace

import imagecodecs
import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.frames import ALL, Frames
from stackgui.core.catalog.scan_options import DEFAULT
from stackgui.imaging.pictures import tiff
from stackgui.imaging.pictures.pillow import Pillow

COUNT = 5
DEEP_FRAME = "frames after the first of a PNG of 16 bits are not supported"
EVERY = replace(DEFAULT, frames=ALL)


def of_frame(number: int):
    return replace(DEFAULT, frames=Frames(number))


def headers(data: bytes, scan=EVERY):
    first = imaging.probe(data, file_bytes=len(data), scan=scan)
    return [replace(first, others=()), *first.others]


def decoded(data: bytes, header, **options):
    part = imaging.Part(max(header.member, 0), EVERY)
    return imaging.decode(data, header.format, part=part, **options)


@pytest.fixture
def drawn(noise):
    """Pictures that differ in a part only, which a writer then stores as that part."""
    base = noise(16, 24, 3)
    pictures = []
    for index in range(COUNT):
        base = base.copy()
        base[2 * index : 2 * index + 4, 3 * index : 3 * index + 6] = noise(4, 6, 3)
        pictures.append(Image.fromarray(base))
    return pictures


def animated(pictures, format_: str, **options) -> bytes:
    stream = io.BytesIO()
    pictures[0].save(stream, format_, save_all=True, append_images=pictures[1:], **options)
    return stream.getvalue()


def expected(data: bytes, index: int, mode: str) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as picture:
        picture.seek(index)
        return np.asarray(ImageOps.exif_transpose(picture).convert(mode))


KINDS = {
    "gif": ("GIF", {"disposal": 2}),
    "gif kept": ("GIF", {}),
    "apng": ("PNG", {"disposal": 1}),
    "apng with a picture of its own": ("PNG", {"default_image": True}),
    "webp": ("WEBP", {"lossless": True}),
    "avif": ("AVIF", {}),
    "tiff": ("TIFF", {"compression": "tiff_lzw"}),
}


@pytest.fixture(params=KINDS)
def data(request, drawn) -> bytes:
    format_, options = KINDS[request.param]
    pictures = [each.quantize(64) for each in drawn] if format_ == "GIF" else drawn
    return animated(pictures, format_, **options)


def test_every_frame_is_what_pillow_shows(data):
    found = headers(data)
    assert [(each.member, each.frames) for each in found] == [(index, COUNT) for index in range(COUNT)]
    for order in (range(COUNT), reversed(range(COUNT))):
        for index in order:
            header = found[index]
            own = decoded(data, header)
            assert (own.shape, own.dtype) == ((header.height, header.width, header.channels), header.dtype)
            for channels, mode in ((3, "RGB"), (4, "RGBA")):
                np.testing.assert_array_equal(
                    decoded(data, header, channels=channels), expected(data, index, mode)
                )


def test_the_first_is_taken_unless_another_is_chosen(data):
    (first,), (third,) = headers(data, DEFAULT), headers(data, of_frame(3))
    assert (first.member, first.frames) == (0, COUNT)
    assert (third.member, third.frames) == (2, COUNT)
    np.testing.assert_array_equal(decoded(data, third, channels=3), expected(data, 2, "RGB"))


def test_a_number_that_a_file_does_not_have_is_said(data):
    with pytest.raises(SampleError, match=r"it has 5 frames or pages, so none has the number 6"):
        headers(data, of_frame(6))


def test_a_single_picture_is_its_only_one_whatever_is_chosen(saved, noise):
    for format_ in ("PNG", "GIF", "TIFF", "WEBP", "JPEG", "BMP"):
        single = saved(noise(5, 6, 3), format_)
        for scan in (DEFAULT, EVERY, of_frame(7)):
            (header,) = headers(single, scan)
            assert (header.member, header.frames) == (-1, 1)


def test_frames_in_a_row_are_decoded_once_each(drawn, monkeypatch):
    """The file stays open, so that the twentieth frame does not begin with the first again."""
    data = animated([each.quantize(64) for each in drawn], "GIF")
    opened = []
    was = Pillow._open
    monkeypatch.setattr(Pillow, "_open", lambda *a: opened.append(1) or was(*a))
    found = headers(data)
    before = len(opened)
    for header in found:
        decoded(data, header)
    assert len(opened) - before == 2


def test_pages_may_differ_in_size_depth_and_kind(noise):
    stream = io.BytesIO()
    pages = [noise(6, 8, 3), noise(9, 5, dtype="uint16"), noise(4, 4, 3, dtype="float32"), noise(7, 3)]
    with tifffile.TiffWriter(stream) as writer:
        for page in pages:
            writer.write(page, photometric="rgb" if page.ndim == 3 else "minisblack")
    data = stream.getvalue()
    found = headers(data)
    assert [each.dtype for each in found] == ["uint8", "uint16", "float32", "uint8"]
    for page, header in zip(pages, found, strict=True):
        np.testing.assert_array_equal(decoded(data, header), page.reshape(*page.shape[:2], -1))


def test_reduced_copies_are_no_pages(noise):
    stream = io.BytesIO()
    large, small = noise(32, 32, 3), noise(8, 8, 3)
    with tifffile.TiffWriter(stream) as writer:
        writer.write(large, photometric="rgb")
        writer.write(small, photometric="rgb", subfiletype=1)
        writer.write(large[::-1], photometric="rgb")
    data = stream.getvalue()
    first, second = headers(data)
    assert (first.frames, second.member) == (2, 1)
    np.testing.assert_array_equal(decoded(data, second), large[::-1])


def test_a_page_that_cannot_be_used_does_not_lose_the_others(noise):
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as writer:
        writer.write(noise(6, 8, 3), photometric="rgb")
        writer.write(noise(6, 8).astype(np.complex64), photometric="minisblack")
        writer.write(noise(5, 5), photometric="minisblack")
    first, second, third = headers(stream.getvalue())
    assert (first.problem, third.problem) == ("", "")
    assert "not supported" in second.problem
    assert (third.height, third.member) == (5, 2)


def test_a_chain_of_pages_that_bites_its_tail_ends(noise):
    stream = io.BytesIO()
    tifffile.imwrite(stream, noise(4, 4), byteorder="<")
    data = bytearray(stream.getvalue())
    start = int.from_bytes(data[4:8], "little")
    tags = int.from_bytes(data[start : start + 2], "little")
    data[start + 2 + 12 * tags : start + 6 + 12 * tags] = start.to_bytes(4, "little")
    (header,) = headers(bytes(data))
    np.testing.assert_array_equal(decoded(bytes(data), header), decoded(stream.getvalue(), header))


def test_an_animation_that_is_cut_off_still_has_its_first_frame(drawn):
    data = animated([each.quantize(64) for each in drawn], "GIF")
    whole = headers(data)
    cut = data[: len(data) * 3 // 4]
    (first,) = headers(cut, DEFAULT)
    np.testing.assert_array_equal(decoded(cut, first), decoded(data, whole[0]))
    last = headers(cut)[-1]
    with pytest.raises(SampleError):
        decoded(cut, last)


def test_pages_are_listed_once(noise, monkeypatch):
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as writer:
        for _ in range(4):
            writer.write(noise(4, 4, dtype="uint16"), photometric="minisblack")
    data = stream.getvalue()
    listed = []
    monkeypatch.setattr(tiff, "pages_of", lambda d, was=tiff.pages_of: listed.append(1) or was(d))
    for header in headers(data):
        decoded(data, header)
    assert len(listed) == 1


def deep_apng(frames: list[np.ndarray]) -> bytes:
    """An animation of 16 bits, which Pillow cannot write."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    height, width = frames[0].shape[:2]
    made = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0))
    made += chunk(b"acTL", struct.pack(">II", len(frames), 0))
    order = itertools.count()
    for index, frame in enumerate(frames):
        packed = zlib.compress(b"".join(b"\0" + row.astype(">u2").tobytes() for row in frame))
        made += chunk(b"fcTL", struct.pack(">IIIIIHHBB", next(order), width, height, 0, 0, 1, 10, 0, 0))
        made += chunk(b"fdAT", struct.pack(">I", next(order)) + packed) if index else chunk(b"IDAT", packed)
    return made + chunk(b"IEND", b"")


def test_frames_of_a_deep_apng_after_the_first_are_refused(noise):
    frames = [noise(6, 8, 3, dtype="uint16") for _ in range(3)]
    data = deep_apng(frames)
    assert headers(data, DEFAULT)[0].frames == len(frames)
    first, *others = headers(data)
    np.testing.assert_array_equal(decoded(data, first), frames[0])
    assert [other.problem for other in others] == [DEEP_FRAME] * 2
    for member in (1, 2):
        with pytest.raises(SampleError, match=DEEP_FRAME):
            decoded(data, replace(first, member=member))
    with pytest.raises(SampleError, match=DEEP_FRAME):
        headers(data, of_frame(2))


BASELINE, UNDEFINED, FOR_SCREENS, PANORAMA = 0x030000, 0, 0x010002, 0x020001


def jpeg(pixels, **options) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=90, **options)
    return stream.getvalue()


def mpo(pictures, kinds, order="<") -> bytes:
    """Several JPEG files as one, with the list of them in the first (CIPA DC-007)."""
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(f"{order}IH", 8, 3)
    count, list_start = len(pictures), len(head) + 3 * 12 + 4
    head += struct.pack(f"{order}HHI4s", 0xB000, 7, 4, b"0100")
    head += struct.pack(f"{order}HHII", 0xB001, 4, 1, count)
    head += struct.pack(f"{order}HHII", 0xB002, 7, 16 * count, list_start) + bytes(4)
    segment_bytes = 4 + 4 + len(head) + 16 * count  # with its marker, its length and the prefix
    start = 0 - 2 - 8  # counted from behind the prefix, which follows the start mark and the segment's head
    listed, place = b"", start
    for index, (picture, kind) in enumerate(zip(pictures, kinds, strict=True)):
        size = len(picture) + (0 if index else segment_bytes)
        listed += struct.pack(f"{order}IIIHH", kind, size, place if index else 0, 0, 0)
        place += size
    segment = b"\xff\xe2" + struct.pack(">H", segment_bytes - 2) + b"MPF\0" + head + listed
    return pictures[0][:2] + segment + pictures[0][2:] + b"".join(pictures[1:])


@pytest.fixture
def several(noise):
    """Pictures of several sizes, of which one is to be turned."""
    turned = Image.Exif()
    turned[0x0112] = 6
    return [jpeg(noise(20, 30, 3)), jpeg(noise(8, 12, 3), exif=turned), jpeg(noise(16, 16, 3)[..., 0])]


@pytest.mark.parametrize("order", ["<", ">"])
def test_every_picture_of_a_jpeg_file_with_several_is_a_sample(several, order):
    data = mpo(several, [BASELINE, PANORAMA, UNDEFINED], order)
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.n_frames) == ("MPO", 3)
    found = headers(data)
    assert [(h.height, h.width, h.channels, h.orientation) for h in found] == [
        (20, 30, 3, 1), (12, 8, 3, 6), (16, 16, 1, 1)
    ]  # fmt: skip
    assert [(header.frames, header.member) for header in found] == [(3, 0), (3, 1), (3, 2)]
    for index, (header, alone) in enumerate(zip(found, several, strict=True)):
        whole = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(alone))).convert("RGB"))
        np.testing.assert_array_equal(decoded(data, header, channels=3), whole)
        np.testing.assert_array_equal(expected(data, index, "RGB"), whole)
        small = decoded(data, header, channels=3, at_least=(4, 4))
        reduced = imaging.decode(alone, "jpeg", channels=3, at_least=(4, 4))
        assert small.shape != whole.shape
        np.testing.assert_array_equal(small, reduced)
    (second,) = headers(data, of_frame(2))
    assert (second.height, second.member, second.frames) == (12, 1, 3)
    with pytest.raises(SampleError, match="it has 3 frames or pages, so none has the number 4"):
        headers(data, of_frame(4))
    (first,) = headers(data, DEFAULT)
    assert (first.height, first.member, first.frames) == (20, 0, 3)


def test_pictures_that_pillow_writes_into_one_jpeg_file(drawn):
    data = animated(drawn[:3], "MPO", quality=90)  # of more, it lists some where they are not
    found = headers(data)
    assert len(found) == 3
    for index, header in enumerate(found):
        np.testing.assert_array_equal(decoded(data, header), expected(data, index, "RGB"))


def test_copies_for_screens_and_gain_maps_are_no_pictures(several, noise):
    gain = jpeg(noise(5, 5, 3), xmp=b'<x:xmpmeta hdrgm:Version="1.0"/>')
    data = mpo([several[0], several[1], gain], [BASELINE, FOR_SCREENS, UNDEFINED])
    (only,) = headers(data)
    assert (only.height, only.member, only.frames) == (20, -1, 1)
    data = mpo([*several, several[1]], [BASELINE, 0x010005, 0x050000, 0x01000000])
    assert [header.height for header in headers(data)] == [20]
    data = mpo([several[0], gain, several[2]], [BASELINE, UNDEFINED, UNDEFINED])
    assert [(header.height, header.member) for header in headers(data)] == [(20, 0), (16, 1)]


def test_pictures_that_are_listed_and_not_there_are_problems(several):
    data = mpo(several, [BASELINE, UNDEFINED, UNDEFINED])
    cut = data[: -len(several[2]) + 1]
    assert [header.problem for header in headers(cut)] == [
        "",
        "",
        "its list of pictures names one that is not there",
    ]
    (first,) = headers(cut, DEFAULT)
    np.testing.assert_array_equal(decoded(cut, first), imaging.decode(several[0], "jpeg"))
    with pytest.raises(SampleError, match="that is not there"):
        headers(cut, of_frame(3))
    with pytest.raises(SampleError):
        decoded(data[:-1], headers(data)[2])


@given(place=st.integers(10, 10 + 8 + 2 + 3 * 12 + 4 + 2 * 16 - 1), change=st.integers(1, 255))
def test_whatever_a_damaged_list_says_the_first_picture_is_right(place, change):
    pixels = np.random.default_rng(5).integers(0, 256, (12, 10, 3), np.uint8)
    alone = jpeg(pixels)
    whole = bytearray(mpo([alone, alone], [BASELINE, UNDEFINED]))
    whole[place] ^= change
    found = headers(bytes(whole))
    np.testing.assert_array_equal(decoded(bytes(whole), found[0]), imaging.decode(alone, "jpeg"))
    for header in found[1:]:
        with suppress(SampleError):
            decoded(bytes(whole), header)


@pytest.mark.parametrize("boxed", [False, True])
@pytest.mark.parametrize("kind", ["u1", "u2", "f4"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_every_frame_of_a_jpeg_xl_is_exact(kind, channels, boxed):
    random = np.random.default_rng(8)
    frames = random.integers(0, 256, (4, 9, 7, channels)).astype(kind)
    if kind == "f4":
        frames /= 255
    given_frames = frames[..., 0] if channels == 1 else frames
    data = imagecodecs.jpegxl_encode(given_frames, lossless=True, usecontainer=boxed)
    found = headers(data)
    assert [(header.frames, header.member) for header in found] == [(4, index) for index in range(4)]
    for header, frame in zip(found, frames, strict=True):
        assert (header.height, header.width, header.channels) == frame.shape
        np.testing.assert_array_equal(decoded(data, header), frame)
    for end in range(0, len(data), max(1, len(data) // 200)):
        # Without boxes nothing tells that another frame should follow.
        with suppress(SampleError) if not boxed else pytest.raises(SampleError):
            cut = headers(data[:end])
            assert len(cut) < 4
            for header, frame in zip(cut, frames, strict=False):
                np.testing.assert_array_equal(decoded(data[:end], header), frame)
    with pytest.raises(SampleError, match="fewer frames"):
        imaging.decode(data, "jpegxl", part=imaging.Part(4, EVERY))


def test_a_jpeg_xl_that_does_not_move_is_decoded_once(monkeypatch, noise):
    calls, decode = [], imagecodecs.jpegxl_decode
    monkeypatch.setattr(
        imagecodecs, "jpegxl_decode", lambda *a, **options: calls.append(options) or decode(*a, **options)
    )
    for pixels in (noise(5, 6, 3), noise(300, 200, 4), noise(5, 6, 1)[..., 0]):
        (only,) = headers(imagecodecs.jpegxl_encode(pixels, lossless=True))
        assert only.frames == 1
    assert calls == [{"index": 0}] * 3
