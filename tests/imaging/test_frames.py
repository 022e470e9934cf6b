"""Several frames or pages in a file: which are samples, and that each is what Pillow or tifffile shows."""

import io
import itertools
import struct
import zlib
from dataclasses import replace

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageOps

from stackgui import imaging
from stackgui.core.errors import SampleError
from stackgui.core.frames import ALL, Frames
from stackgui.core.scan_options import DEFAULT
from stackgui.imaging import pillow, tiff

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
    monkeypatch.setattr(pillow, "_open", lambda *a, was=pillow._open: opened.append(1) or was(*a))
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
