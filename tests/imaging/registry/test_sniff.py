"""The format is told from the content."""

import imagecodecs
import pytest

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.imaging.registry.sniff import sniff


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


REFUSED = {
    "OpenEXR": [b"v/1\x01"],
    "Radiance HDR": [b"#?RADIANCE\n", b"#?RGBE\n"],
    "JPEG XR": [b"II\xbc\x01\x20\0\0\0"],
    "JPEG-LS": [b"\xff\xd8\xff\xf7"],
    "PSB": [b"8BPS\0\x02"],
    "XCF": [b"gimp xcf v011\0", b"gimp xcf file\0"],
    "KTX": [b"\xabKTX 11\xbb\r\n\x1a\n", b"\xabKTX 20\xbb\r\n\x1a\n"],
    "FLIF": [b"FLIF31\0", b"FLIFD2"],
    "BPG": [b"BPG\xfb"],
    "DjVu": [b"AT&TFORM\0\0\1\0DJVU", b"AT&TFORM\0\0\1\0DJVM"],
    "farbfeld": [b"farbfeld\0\0\0\4\0\0\0\4"],
    "JBIG2": [b"\x97JB2\r\n\x1a\n\1"],
    "MNG": [b"\x8aMNG\r\n\x1a\n"],
    "JNG": [b"\x8bJNG\r\n\x1a\n"],
    "XPM": [b"/* XPM */\nstatic char *a[] = {", b"! XPM2\n4 4 2 1\n"],
    "X10": [b"#define a_width 4\n#define a_height 4\nstatic short a_bits[] = {\n0x1234"],
    "IM": [b"Image type: RGB image\r\nName: a\r\n"],
    "DPX": [b"SDPX\0\0\x08\0V1.0", b"XPDS"],
    "Cineon": [b"\x80\x2a\x5f\xd7"],
    "ILBM": [b"FORM\0\0\1\0ILBMBMHD"],
    "NIfTI": [
        b"\x5c\1\0\0" + bytes(340) + b"n+1\0",
        b"\0\0\1\x5c" + bytes(340) + b"ni1\0",
        b"\x1c\2\0\0n+2\0",
    ],
    "NRRD": [b"NRRD0004\n"],
    "CZI": [b"ZISRAWFILE\0\0"],
    "ND2": [b"\xda\xce\xbe\x0a"],
    "not HEIC or AVIF": [b"\0\0\0\x18ftypavci", b"\0\0\0\x18ftypjpeg", b"\0\0\0\x18ftypj2ki"],
}


@pytest.mark.parametrize(("name", "start"), [(name, each) for name, all_ in REFUSED.items() for each in all_])
def test_pictures_of_other_kinds_are_refused_by_name(start, name):
    data = start + bytes(400)
    with pytest.raises(SampleError, match=rf"{name}\)? pictures are not supported") as caught:
        imaging.probe(data, file_bytes=len(data))
    assert not isinstance(caught.value, imaging.NotAPicture)


def test_jpeg_ls_is_refused_by_name_also_behind_other_segments(noise):
    data = imagecodecs.jpegls_encode(noise(16, 24))
    behind = data[:2] + b"\xff\xe8\0\4ab" + data[2:]
    for each in (data, behind):
        with pytest.raises(SampleError, match="JPEG-LS pictures are not supported"):
            imaging.probe(each, file_bytes=len(each))


def test_jpeg_xr_is_refused_by_name(noise):
    data = imagecodecs.jpegxr_encode(noise(16, 24, 3))
    with pytest.raises(SampleError, match="JPEG XR pictures are not supported"):
        imaging.probe(data, file_bytes=len(data))


NO_PICTURES = {
    "PDF": [b"%PDF-1.7\n"],
    "PostScript": [b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\xc5\xd0\xd3\xc6\x1e\0\0\0"],
    "SVG": [
        b"<svg xmlns='x'/>",
        b'<?xml version="1.0"?>\n<!-- made by hand -->\n<svg/>',
        b"\xef\xbb\xbf<!DOCTYPE svg>",
    ],
    "metafile": [b"\xd7\xcd\xc6\x9a", b"\1\0\x09\0\0\3", b"\1\0\0\0\x6c\0\0\0" + bytes(32) + b" EMF"],
    "QuickTime": [
        b"\0\0\0\x20ftypisom",
        b"\0\0\0\x14ftypqt  ",
        b"\0\0\0\x08wide",
        b"\0\0\1\0moov\0\0\0\x6cmvhd",
    ],
    "AVI": [b"RIFF\x10\0\0\0AVI LIST"],
    "WebM": [b"\x1aE\xdf\xa3\x9fB\x86\x81\1"],
    "MPEG": [b"\0\0\1\xba\x21"],
    "Flash": [b"FLV\1\5"],
    "Windows Media": [b"0&\xb2u\x8ef\xcf\x11"],
    "Ogg": [b"OggS\0\2"],
}


@pytest.mark.parametrize(
    ("name", "start"), [(name, each) for name, all_ in NO_PICTURES.items() for each in all_]
)
def test_what_is_no_picture_is_named_and_gets_no_row(start, name):
    data = start + bytes(400)
    with pytest.raises(imaging.NotAPicture, match=rf"not a picture but an? .*\(.*{name}.*\)"):
        imaging.probe(data, file_bytes=len(data))


RAW = [
    b"II*\0\x10\0\0\0CR\2\0",
    b"II*\0\x08\0\0\0IIII",
    b"\0\0\0\x18ftypcrx ",
    b"IIRO\x08\0\0\0",
    b"IIRS\x08\0\0\0",
    b"MMOR\0\0\0\x08",
    b"IIU\0\x18\0\0\0",
    b"FUJIFILMCCD-RAW 0201",
    b"II\x1a\0\0\0HEAPCCDR",
    b"\0MRM\0\0\1\0",
    b"FOVb\0\0\2\0",
]


@pytest.mark.parametrize("start", RAW)
def test_raw_pictures_of_cameras_are_told_by_their_first_bytes(start):
    data = start + bytes(400)
    assert sniff(data) == "raw"
    with pytest.raises(SampleError, match="camera RAW pictures of this kind are not supported"):
        imaging.probe(data, file_bytes=len(data))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"BM stands for bitmap, and this is a text about it, long enough.",
        b"P7 332\n#IMGINFO:a thumbnail",
        b"P5 is the name of a chapter 7",
        b"GIF is a format",
        b"PK\x03\x04",
        b"The wide world of videos",
        b"svg is a kind of drawing",
        b"Image type: a chapter",
        b"LinS and DanM are kinds of pictures, and this is a text about both of them.",
        b"/* XPM is a format */",
        b"farbfeld is another",
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
