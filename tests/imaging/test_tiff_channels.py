"""TIFF with further channels: which of them are transparency, and what becomes of those without a meaning."""

import io
import itertools

import numpy as np
import pytest
import tifffile

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.meaning import Taken
from stackgui.imaging.pixels.channels import divided

EXTRAS = (
    [],
    ["unspecified"],
    ["unassalpha"],
    ["assocalpha"],
    ["unspecified", "unspecified"],
    ["unassalpha", "unspecified"],
    ["unspecified", "unassalpha"],
    ["assocalpha", "unspecified"],
    ["unspecified"] * 4,
)
COLOURS = {"minisblack": 1, "miniswhite": 1, "rgb": 3}
LETTERS = {"unspecified": "?", "unassalpha": "A", "assocalpha": "A"}


def tiff(pixels: np.ndarray, photometric: str, extras: list[str], planes: str = "contig", **options) -> bytes:
    stream = io.BytesIO()
    has_axis = pixels.shape[2] > 1
    written = pixels if has_axis else pixels[:, :, 0]
    if has_axis and planes == "separate":
        written = np.ascontiguousarray(np.moveaxis(pixels, -1, 0))
    tifffile.imwrite(
        stream,
        written,
        photometric=photometric,
        extrasamples=extras or None,
        planarconfig=planes if has_axis else None,
        **options,
    )
    return stream.getvalue()


def stored(photometric: str, extras: list[str], bits: int, kind: str) -> np.ndarray:
    """Random numbers as they lie in a file; multiplied colours are no larger than their transparency."""
    random = np.random.default_rng(bits)
    count = COLOURS[photometric]
    shape = (20, 30, count + len(extras))
    if kind == "f":
        pixels = random.random(shape).astype(f"f{bits // 8}")
    else:
        size = 8 if bits <= 8 else 16 if bits <= 16 else 32
        pixels = random.integers(0, 2**bits, shape, np.int64).astype(f"u{size // 8}")
    if "assocalpha" in extras:
        alpha = count + extras.index("assocalpha")
        pixels[..., :count] = np.minimum(pixels[..., :count], pixels[..., alpha : alpha + 1])
    return pixels


def meant(pixels: np.ndarray, photometric: str, extras: list[str], bits: int, kind: str) -> np.ndarray:
    """The numbers that these stand for: black is 0, and fewer than 8 bits are widened."""
    pixels, count = pixels.copy(), COLOURS[photometric]
    if photometric == "miniswhite":
        pixels[..., 0] = 2**bits - 1 - pixels[..., 0]
    if bits < 8:
        pixels = np.rint(pixels * (255 / (2**bits - 1))).astype(np.uint8)
    if "assocalpha" in extras:
        used = bits if kind == "u" and bits not in (2, 4, 8, 16, 32) else 0
        pixels = divided(pixels, count, count + extras.index("assocalpha"), used)
    return pixels


@pytest.mark.parametrize("planes", ["contig", "separate"])
@pytest.mark.parametrize("extras", EXTRAS, ids=" ".join)
@pytest.mark.parametrize("photometric", COLOURS)
def test_all_samples_are_there_at_every_depth(photometric, extras, planes):
    depths = [(bits, "u") for bits in (2, 4, 8, 10, 12, 14, 16, 32)] + [(bits, "f") for bits in (16, 32, 64)]
    for (bits, kind), compression in itertools.product(depths, (None, "zlib", "lzw", "packbits")):
        packed = kind == "u" and bits not in (8, 16, 32)
        if (packed and compression) or (photometric == "miniswhite" and kind == "f"):
            continue
        pixels = stored(photometric, extras, bits, kind)
        options = {"bitspersample": bits} if packed else {}
        data = tiff(pixels, photometric, extras, planes, compression=compression, **options)
        header = imaging.probe(data, file_bytes=len(data))
        found = imaging.decode(data, "tiff")
        assert header.channels == found.shape[2] == pixels.shape[2]
        assert header.dtype == found.dtype
        np.testing.assert_array_equal(found, meant(pixels, photometric, extras, bits, kind))


@pytest.mark.parametrize("compression", ["zstd", "lzma", "webp", "jpeg2000", "jpegxl", "png", "lerc"])
@pytest.mark.parametrize("tile", [None, (16, 16)])
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_near_infrared_beside_colours_survives_every_packing(compression, tile, dtype, noise):
    pixels = noise(20, 30, 4, dtype=dtype)
    options = {"compressionargs": {"lossless": True}} if compression == "webp" else {}
    if compression == "webp" and dtype == "uint16":
        with pytest.raises(ValueError, match=r"dtype|type"):
            tiff(pixels, "rgb", ["unspecified"], compression=compression, tile=tile)
        return
    data = tiff(pixels, "rgb", ["unspecified"], compression=compression, tile=tile, **options)
    np.testing.assert_array_equal(imaging.decode(data, "tiff"), pixels)


@pytest.mark.parametrize("planes", ["contig", "separate"])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
class TestColoursAndOneMore:
    """Red, green, blue and near infrared."""

    @pytest.fixture
    def pixels(self, noise, dtype):
        return noise(20, 30, 4, dtype=dtype)

    @pytest.fixture
    def data(self, pixels, planes):
        return tiff(pixels, "rgb", ["unspecified"], planes)

    def test_all_is_kept_where_all_is_taken(self, data, pixels):
        np.testing.assert_array_equal(imaging.decode(data, "tiff", channels=4, taken=Taken.ALL), pixels)

    def test_colours_are_the_first_three(self, data, pixels):
        np.testing.assert_array_equal(imaging.decode(data, "tiff", channels=3), pixels[:, :, :3])

    def test_it_is_no_transparency(self, data, pixels, dtype):
        opaque = 1 if dtype == "float32" else np.iinfo(dtype).max
        found = imaging.decode(data, "tiff", channels=4)
        np.testing.assert_array_equal(found[:, :, :3], pixels[:, :, :3])
        assert (found[:, :, 3] == opaque).all()

    def test_nothing_is_laid_on_a_background(self, data, pixels):
        found = imaging.decode(data, "tiff", channels=3, background=(255, 0, 0))
        np.testing.assert_array_equal(found, pixels[:, :, :3])

    def test_the_header_says_so(self, data):
        assert imaging.probe(data, file_bytes=len(data)).meaning == "RGB?"


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_a_second_channel_of_grey_stays(dtype, noise):
    pixels = noise(20, 30, 2, dtype=dtype)
    data = tiff(pixels, "minisblack", ["unspecified"])
    np.testing.assert_array_equal(imaging.decode(data, "tiff"), pixels)
    np.testing.assert_array_equal(imaging.decode(data, "tiff", channels=1), pixels[:, :, :1])
    np.testing.assert_array_equal(
        imaging.decode(data, "tiff", channels=3), np.repeat(pixels[:, :, :1], 3, axis=2)
    )
    assert (imaging.decode(data, "tiff", channels=2)[:, :, 1] == np.iinfo(dtype).max).all()


@pytest.mark.parametrize(
    ("extras", "place"), [(["unspecified", "unassalpha"], 4), (["unassalpha", "unspecified"], 3)]
)
def test_transparency_is_taken_from_where_the_file_has_it(extras, place, noise):
    pixels = noise(20, 30, 5)
    data = tiff(pixels, "rgb", extras)
    np.testing.assert_array_equal(imaging.decode(data, "tiff", channels=4), pixels[:, :, [0, 1, 2, place]])
    assert imaging.probe(data, file_bytes=len(data)).meaning == "RGB" + "".join(LETTERS[e] for e in extras)


@pytest.mark.parametrize("channels", [3, 4])
def test_few_channels_of_which_only_the_first_is_told_are_taken_as_colours(channels, noise):
    pixels = noise(20, 30, channels, dtype="uint16")
    data = tiff(pixels, "minisblack", ["unspecified"] * (channels - 1))
    np.testing.assert_array_equal(imaging.decode(data, "tiff", channels=3), pixels[:, :, :3])


def test_five_of_them_are_no_colours(noise):
    data = tiff(noise(20, 30, 5, dtype="uint16"), "minisblack", ["unspecified"] * 4)
    with pytest.raises(SampleError, match="it has 5 channels, which cannot become 3"):
        imaging.decode(data, "tiff", channels=3)


def without_extra_samples(data: bytes) -> bytes:
    """The tag that says what further samples are becomes one that says nothing."""
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        place = file.pages[0].tags["ExtraSamples"].offset
    return data[:place] + (65000).to_bytes(2, "little") + data[place + 2 :]


def test_what_no_tag_explains_has_no_meaning(noise):
    pixels = noise(20, 30, 4)
    data = without_extra_samples(tiff(pixels, "rgb", ["unassalpha"]))
    assert imaging.probe(data, file_bytes=len(data)).meaning == "RGB?"
    np.testing.assert_array_equal(imaging.decode(data, "tiff"), pixels)
    assert (imaging.decode(data, "tiff", channels=4)[:, :, 3] == 255).all()


@pytest.mark.parametrize(
    "extras", [["unassalpha"], ["assocalpha"], ["unspecified"], ["assocalpha", "unspecified"]]
)
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_with_8_bits_colours_are_pillows(extras, mode, reference):
    data = tiff(stored("rgb", extras, 8, "u"), "rgb", extras)
    np.testing.assert_array_equal(imaging.decode(data, "tiff", channels=len(mode)), reference(data, mode))


@pytest.mark.parametrize(
    ("photometric", "channels", "noted"),
    [("separated", 5, "channels-left-out"), ("separated", 4, ""), ("cielab", 3, "")],
)
def test_channels_beside_inks_are_left_out_and_that_is_noted(photometric, channels, noted, noise):
    stream = io.BytesIO()
    extras = ["unspecified"] if channels == 5 else None
    tifffile.imwrite(
        stream, noise(20, 30, channels), photometric=photometric, planarconfig="contig", extrasamples=extras
    )
    data = stream.getvalue()
    header = imaging.probe(data, file_bytes=len(data))
    assert (header.channels, header.doubts) == (3, noted)
