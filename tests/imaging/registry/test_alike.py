"""A header that is taken from a file which begins alike is the one that the file has by itself."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.frames import ALL
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.registry import registry

RANDOM = np.random.default_rng(3)
SCAN = ScanOptions()


def _picture(size: tuple[int, int] = (16, 24), **options) -> bytes:
    stream = io.BytesIO()
    kind = options.pop("kind", "JPEG")
    Image.fromarray(RANDOM.integers(0, 256, (*size, 3), np.uint8)).save(stream, kind, **options)
    return stream.getvalue()


def _turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return _picture(exif=exif)


def _several() -> bytes:
    stream = io.BytesIO()
    pictures = [Image.fromarray(RANDOM.integers(0, 256, (16, 24, 3), np.uint8)) for _ in range(2)]
    pictures[0].save(stream, "MPO", save_all=True, append_images=pictures[1:])
    return stream.getvalue()


FILES = {
    "one": _picture(),
    "another that begins alike": _picture(),
    "of another size": _picture((16, 32)),
    "huge by its header, and short": _picture().replace(b"\x00\x10\x00\x18", b"\x27\x10\x27\x10"),
    "cut off after its header": _picture()[:640],
    "turned": _turned(),
    "several pictures": _several(),
    "PNG": _picture(kind="PNG"),
    "cut off in its header": _picture()[:200],
    "empty": b"",
}


def _told(data: bytes, size: int, scan: ScanOptions) -> object:
    try:
        return imaging.probe(data, file_bytes=size, scan=scan)
    except imaging.MoreBytesNeeded:
        return "more"
    except SampleError as error:
        return error.reason


def _alone(data: bytes, size: int, scan: ScanOptions) -> object:
    registry._alike = None
    return _told(data, size, scan)


@given(st.lists(st.tuples(st.sampled_from(sorted(FILES)), st.booleans(), st.booleans()), max_size=12))
def test_no_header_depends_on_the_files_before(files):
    asked = [
        (FILES[name], len(FILES[name]) + is_longer, ScanOptions(frames=ALL) if of_frames else SCAN)
        for name, is_longer, of_frames in files
    ]
    alone = [_alone(*each) for each in asked]
    registry._alike = None
    assert [_told(*each) for each in asked] == alone


def test_files_that_begin_alike_share_their_header():
    first, second = (_told(FILES[name], len(FILES[name]), SCAN) for name in list(FILES)[:2])
    assert first is second


@pytest.mark.parametrize("name", ["one", "turned"])
def test_a_lower_limit_holds_for_files_that_are_alike(name):
    data, before = FILES[name], imaging.most_px()
    _told(data, len(data), SCAN)
    imaging.allow_px(16 * 24 - 1)
    try:
        limited = _told(data, len(data), SCAN)
        assert limited == _alone(data, len(data), SCAN)
        assert "limit" in str(limited)
    finally:
        imaging.allow_px(before)
