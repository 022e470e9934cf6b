"""The format is told from the content."""

import pytest

from stackgui import imaging
from stackgui.core.errors import SampleError
from stackgui.imaging.sniff import sniff


@pytest.mark.parametrize(
    ("start", "format_"),
    [
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\x93NUMPY\x01\x00", "npy"),
        (b"GIF89a", "gif"),
        (b"II*\0\x08\0\0\0", "tiff"),
        (b"MM\0+\0\x08", "tiff"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "webp"),
        (b"BM" + bytes(12) + b"\x28\0\0\0", "bmp"),
        (b"P6\n# made by hand\n4 4\n255\n", "ppm"),
        (b"PF\n4 4\n-1.0\n", "ppm"),
        (b"P7\n# made by hand\nWIDTH 4\n", "ppm"),
        (b"\0\0\0\x20ftypavif", "avif"),
        (b"\0\0\x02" + bytes(9) + b"\x1e\0\x14\0\x18\0", "tga"),
        (b"\0\1\1\0\0\0\1\x18" + bytes(4) + b"\x1e\0\x14\0\x08\0", "tga"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "jpeg2000"),
    ],
)
def test_known_beginnings(start, format_):
    assert sniff(start + bytes(200)) == format_


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"v/1\x01", "OpenEXR"),
        (b"#?RADIANCE\n", "Radiance HDR"),
        (b"\xff\xd8\xff\xf7", "JPEG-LS"),
        (b"8BPS\0\x01", "Photoshop"),
        (b"II*\0\x10\0\0\0CR\x02\0", "camera RAW"),
        (b"SIMPLE  =", "FITS"),
    ],
)
def test_pictures_of_other_kinds_are_refused_by_name(start, name):
    data = start + bytes(200)
    with pytest.raises(SampleError, match=f"{name} pictures are not supported") as caught:
        imaging.probe(data, file_bytes=len(data))
    assert not isinstance(caught.value, imaging.NotAPicture)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"BM stands for bitmap, and this is a text about it, long enough.",
        b"P7 332\n#IMGINFO:a thumbnail",
        b"P5 is the name of a chapter 7",
        b"GIF is a format",
        b"PK\x03\x04",
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b'{"json": true}',
        bytes(300),
        bytes(2) + b"\2" + bytes(300),
    ],
)
def test_everything_else_is_not_a_picture(content):
    with pytest.raises(imaging.NotAPicture):
        imaging.probe(content, file_bytes=len(content))


def test_suffixes_are_lower_case_endings():
    assert {".jpg", ".jpeg", ".png", ".npy", ".tif", ".webp"} <= imaging.PICTURE_SUFFIXES
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in imaging.PICTURE_SUFFIXES)
