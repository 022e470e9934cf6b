"""Every colour model of a file in every choice of channels: it comes out, or is refused by name."""

import io
import itertools
import warnings

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from stackgui import imaging
from stackgui.core.base.choices import Channels
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.meaning import Taken, taken_by

SIZE = (12, 16)
WANTED = {Channels.GREY: 1, Channels.RGB: 3, Channels.RGBA: 4, Channels.INDEX: 1}
FORMATS = ("TIFF", "PNG", "JPEG", "WEBP", "GIF", "BMP", "TGA", "PPM", "SGI", "ICO", "JPEG2000", "AVIF", "QOI")
MODES = (
    "1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "LAB", "HSV", "I",
    "I;16", "F",
)  # fmt: skip


def in_mode(mode: str) -> Image.Image:
    random = np.random.default_rng(1)
    if mode in ("I", "I;16", "F"):
        return Image.fromarray((random.random(SIZE) * 200).astype({"I": "i4", "I;16": "u2", "F": "f4"}[mode]))
    picture = Image.fromarray(random.integers(0, 256, (*SIZE, 4), np.uint8), "RGBA")
    colours = picture.convert("RGB")
    if mode in ("P", "PA"):
        return colours.quantize(20).convert(mode)
    if mode == "LAB":
        profiles = (ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"))
        return ImageCms.applyTransform(colours, ImageCms.buildTransform(*profiles, "RGB", "LAB"))
    if mode == "La":
        return picture.convert("LA").convert("La")
    return (colours if mode in ("RGBX", "CMYK", "YCbCr", "HSV") else picture).convert(mode)


def by_pillow() -> dict[str, bytes]:
    found = {}
    for mode, format_ in itertools.product(MODES, FORMATS):
        stream = io.BytesIO()
        try:
            in_mode(mode).save(stream, format_)
        except (OSError, KeyError, ValueError):
            continue  # a kind that it does not write
        found[f"{format_} {mode}"] = stream.getvalue()
    return found


TIFFS = {
    "white is zero": ("miniswhite", 1, ["u1", "u2"], {}),
    "black is zero": ("minisblack", 1, ["u1", "u2", "u4", "i2", "f4"], {}),
    "grey and multiplied transparency": (
        "minisblack",
        2,
        ["u1", "u2", "f4"],
        {"extrasamples": ["assocalpha"]},
    ),
    "grey and transparency": ("minisblack", 2, ["u1", "u2", "f4"], {"extrasamples": ["unassalpha"]}),
    "grey and more": ("minisblack", 2, ["u1", "u2", "f4"], {"extrasamples": ["unspecified"]}),
    "colours": ("rgb", 3, ["u1", "u2", "f4"], {}),
    "colours and multiplied transparency": ("rgb", 4, ["u1", "u2", "f4"], {"extrasamples": ["assocalpha"]}),
    "colours and more": ("rgb", 4, ["u1", "u2", "f4"], {"extrasamples": ["unspecified"]}),
    "inks": ("separated", 4, ["u1", "u2"], {}),
    "inks and more": ("separated", 5, ["u1"], {"extrasamples": ["unspecified"]}),
    "YCbCr": ("ycbcr", 3, ["u1"], {"compression": "jpeg"}),
    "CIELAB": ("cielab", 3, ["u1", "u2", "f4"], {}),
    "ICCLAB": ("icclab", 3, ["u1", "u2"], {}),
    "ITULAB": ("itulab", 3, ["u1"], {}),
}


def by_tifffile() -> dict[str, bytes]:
    found = {}
    for name, (photometric, channels, dtypes, options) in TIFFS.items():
        for dtype, planes in itertools.product(dtypes, ("contig", "separate")):
            if channels == 1 and planes == "separate":
                continue
            pixels = (np.random.default_rng(2).random((*SIZE, channels)) * 200).astype(dtype)
            written = pixels if planes == "contig" else np.ascontiguousarray(np.moveaxis(pixels, -1, 0))
            stream = io.BytesIO()
            planar = planes if channels > 1 else None
            try:
                tifffile.imwrite(
                    stream, written.squeeze(), photometric=photometric, planarconfig=planar, **options
                )
            except ValueError:
                continue
            found[f"TIFF {name} {dtype} {planes}"] = stream.getvalue()
    return found


def by_imagecodecs() -> dict[str, bytes]:
    random = np.random.default_rng(3)
    made = {}
    for channels, dtype in itertools.product((1, 2, 3, 4), ("u1", "u2")):
        pixels = random.integers(0, np.iinfo(dtype).max, (*SIZE, channels), dtype).squeeze()
        kind = f"{channels} {dtype}"
        made[f"PNG {kind}"] = imagecodecs.png_encode(pixels)
        made[f"JPEG 2000 {kind}"] = imagecodecs.jpeg2k_encode(pixels, level=0)
        made[f"JPEG XL {kind}"] = imagecodecs.jpegxl_encode(pixels, lossless=True)
        if channels == 4 and dtype == "u1":
            made["JPEG YCCK"] = imagecodecs.jpeg8_encode(pixels, colorspace="CMYK", outcolorspace="YCCK")
    return made


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    FILES = {**by_pillow(), **by_tifffile(), **by_imagecodecs()}


def reason_of(data: bytes, choice: Channels) -> str:
    """Why a file gives no pixels in a choice of channels; `""` where it does, as its header says."""
    try:
        header = imaging.probe(data, file_bytes=len(data))
        wanted = WANTED.get(choice, header.channels)
        pixels = imaging.decode(data, header.format, channels=wanted, taken=taken_by(choice))
    except SampleError as error:
        return error.reason
    assert pixels.shape == (*SIZE, wanted)
    assert pixels.dtype == ("uint8" if choice is Channels.INDEX and header.meaning == "P" else header.dtype)
    return ""


@pytest.mark.parametrize("choice", Channels)
@pytest.mark.parametrize("name", FILES)
def test_it_comes_out_or_is_refused_by_name(name, choice):
    reason = reason_of(FILES[name], choice)
    has_no_palette = choice is Channels.INDEX and reason.endswith(
        "and no palette, so that there are no indices to take"
    )
    assert not reason or has_no_palette or reason.endswith("not supported")


def test_most_kinds_are_tried():
    assert len(FILES) > 100


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("name", [name for name in FILES if name.split()[1] in MODES and "I;16" not in name])
def test_with_8_bits_they_are_pillows(name, mode):
    data = FILES[name]
    with Image.open(io.BytesIO(data)) as opened:
        if opened.mode in ("I", "F", "I;16"):
            pytest.skip("more than 8 bits")
        picture = opened.convert("RGB") if opened.mode == "LAB" else opened.copy()
    if picture.mode == "La":
        picture = picture.convert("LA")
    header = imaging.probe(data, file_bytes=len(data))
    found = imaging.decode(data, header.format, channels=len(mode))
    expected = np.asarray(picture.convert(mode)).reshape(*SIZE, -1)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_indices_of_a_png_are_what_pillow_unpacks(bits, saved):
    random = np.random.default_rng(bits)
    picture = Image.fromarray(random.integers(0, 2**bits, (13, 19), np.uint8), "P")
    picture.putpalette(random.integers(0, 256, 3 * 2**bits, np.uint8).tolist())
    for options in ({}, {"transparency": 0}):
        data = saved(picture, "PNG", bits=bits, **options)
        assert imaging.probe(data, file_bytes=len(data)).meaning == "P"
        found = imaging.decode(data, "png", channels=1, taken=Taken.INDICES)
        np.testing.assert_array_equal(found[:, :, 0], np.asarray(picture))
