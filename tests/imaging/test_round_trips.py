"""Random pictures come back as they were from every kind of file that loses nothing."""

import io
from collections.abc import Callable
from typing import NamedTuple

import hypothesis.extra.numpy as hnp
import imagecodecs
import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stackgui import imaging
from tests.imaging.pnm_writing import big_pfm, pam, pfm, pnm, pnm_text

Write = Callable[[np.ndarray], bytes]
DEPTHS = ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64")
FLOATS = ("float16", "float32", "float64")


class Kind(NamedTuple):
    """How it is written, what dtypes and channels it can hold, and the least sides."""

    write: Write
    dtypes: tuple[str, ...] = ("uint8",)
    channels: tuple[int, ...] = (1, 3, 4)
    least: int = 1


def by_pillow(format_: str, **options) -> Write:
    def write(pixels: np.ndarray) -> bytes:
        stream = io.BytesIO()
        Image.fromarray(pixels).save(stream, format_, **options)
        return stream.getvalue()

    return write


def tiff(**options) -> Write:
    def write(pixels: np.ndarray) -> bytes:
        stream = io.BytesIO()
        channels = 1 if pixels.ndim == 2 else pixels.shape[2]
        if options.get("planarconfig") == "separate" and channels > 1:
            pixels = np.ascontiguousarray(np.moveaxis(pixels, 2, 0))
        given_options = {k: v for k, v in options.items() if k != "planarconfig" or channels > 1}
        extra = {"extrasamples": ["unassalpha"]} if channels in (2, 4) else {}
        photometric = "rgb" if channels > 2 else "minisblack"
        tifffile.imwrite(stream, pixels, photometric=photometric, **extra, **given_options)
        return stream.getvalue()

    return write


KINDS = {
    "png": Kind(imagecodecs.png_encode, ("uint8", "uint16"), (1, 2, 3, 4)),
    "png interlaced": Kind(by_pillow("PNG", interlace=True)),
    "webp": Kind(by_pillow("WEBP", lossless=True, exact=True), channels=(3, 4)),
    "bmp": Kind(by_pillow("BMP"), channels=(1, 3)),
    "tga": Kind(by_pillow("TGA")),
    "tga packed": Kind(by_pillow("TGA", compression="tga_rle")),
    "pnm": Kind(by_pillow("PPM"), channels=(1, 3)),
    "pnm deep": Kind(pnm, ("uint16",), (1, 3)),
    "pnm in text": Kind(pnm_text, ("uint8", "uint16"), (1, 3)),
    "pam": Kind(pam, ("uint8", "uint16"), (1, 2, 3, 4)),
    "pfm": Kind(pfm, ("float32",), (1, 3)),
    "pfm big-endian": Kind(big_pfm, ("float32",), (1, 3)),
    "sgi": Kind(by_pillow("SGI")),
    "qoi": Kind(by_pillow("QOI"), channels=(3, 4)),
    "jpeg lossless": Kind(lambda p: imagecodecs.jpeg8_encode(p, lossless=True), ("uint8", "uint16"), (1, 3)),
    "jpeg 2000": Kind(lambda p: imagecodecs.jpeg2k_encode(p, level=0), ("uint8", "uint16"), least=8),
    "jpeg xl": Kind(
        lambda p: imagecodecs.jpegxl_encode(p, lossless=True), ("uint8", "uint16", "float32"), least=2
    ),
    "tiff": Kind(tiff(), (*DEPTHS, *FLOATS), (1, 2, 3, 4)),
    "tiff big and big-endian": Kind(tiff(bigtiff=True, byteorder=">"), (*DEPTHS, *FLOATS)),
    "tiff lzw": Kind(tiff(compression="lzw", predictor=True), ("uint8", "uint16", "int16", "uint32")),
    "tiff deflate": Kind(tiff(compression="zlib", predictor=True), ("uint8", "uint16", "float32")),
    "tiff zstd": Kind(tiff(compression="zstd"), ("uint16", "int32", "float64")),
    "tiff packbits": Kind(tiff(compression="packbits"), ("uint8", "uint16")),
    "tiff lzma": Kind(tiff(compression="lzma"), ("uint8", "uint16")),
    "tiff tiled": Kind(tiff(tile=(16, 16)), ("uint8", "uint16", "float32")),
    "tiff in planes": Kind(tiff(planarconfig="separate"), ("uint8", "uint16", "float32")),
    "tiff in strips": Kind(tiff(rowsperstrip=3), ("uint8", "uint16")),
}


def arrays(kind: Kind) -> st.SearchStrategy[np.ndarray]:
    def of(dtype: str, channels: int) -> st.SearchStrategy[np.ndarray]:
        side = st.integers(kind.least, 20)
        elements = {"elements": st.floats(0, 1, width=16)} if np.dtype(dtype).kind == "f" else {}
        return hnp.arrays(dtype, st.tuples(side, side, st.just(channels)), **elements)

    pairs = [(dtype, channels) for dtype in kind.dtypes for channels in kind.channels]
    return st.sampled_from(pairs).flatmap(lambda pair: of(*pair))


def read(data: bytes) -> np.ndarray:
    """As a run does: first the header, then the pixels into their place."""
    header = imaging.probe(data, file_bytes=len(data))
    out = np.empty((header.height, header.width, header.channels), header.dtype)
    return imaging.decode(data, header.format, out=out)


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=25)
@given(values=st.data())
def test_what_was_written_without_loss_comes_back(name, values):
    kind = KINDS[name]
    pixels = values.draw(arrays(kind))
    found = read(kind.write(pixels[:, :, 0].copy() if pixels.shape[2] == 1 else pixels))
    assert found.dtype == pixels.dtype
    np.testing.assert_array_equal(found, pixels)


@pytest.mark.parametrize("format_", ["PNG", "GIF", "TIFF", "BMP", "TGA"])
@settings(max_examples=15)
@given(codes=hnp.arrays(np.uint8, st.tuples(*[st.integers(1, 20)] * 2)), seed=st.integers(0, 99))
def test_palettes_are_expanded(format_, codes, seed):
    colours = np.random.default_rng(seed).integers(0, 256, (256, 3), np.uint8)
    picture = Image.fromarray(codes).convert("P")
    picture.putdata(codes.ravel().tolist())
    picture.putpalette(colours.tobytes())
    stream = io.BytesIO()
    picture.save(stream, format_)
    np.testing.assert_array_equal(read(stream.getvalue()), colours[codes])


@pytest.mark.parametrize("bits", [1, 2, 4])
@settings(max_examples=15)
@given(values=st.data())
def test_small_depths_of_grey_are_widened(bits, values):
    sizes = st.tuples(*[st.integers(1, 20)] * 2)
    pixels = values.draw(hnp.arrays(np.uint8, sizes, elements=st.integers(0, 2**bits - 1)))
    stream = io.BytesIO()
    tifffile.imwrite(stream, pixels, photometric="minisblack", bitspersample=bits)
    widened = pixels.astype(int) * 255 // (2**bits - 1)
    np.testing.assert_array_equal(read(stream.getvalue())[:, :, 0], widened)
