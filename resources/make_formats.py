# ruff: noqa: INP001, E501 - a script beside its data, in no package; rows of tables have one line
"""Write ``resources/help/formats.md``: what comes out of every kind of file, found by writing one.

Run it after a change to the decoders; a test fails when that was forgotten.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import imagecodecs
import numpy as np
import tifffile
import zarr
from numpy.typing import NDArray
from PIL import Image

from stackgui import imaging

PAGE = Path(__file__).resolve().parent / "help" / "formats.md"
sys.path.append(str(PAGE.parents[2]))  # what no library writes, the tests do

from tests.imaging.dicom_writing import dicom  # noqa: E402
from tests.imaging.heic_writing import deep_heic, heic  # noqa: E402
from tests.imaging.pnm_writing import pam, pfm, pnm  # noqa: E402
from tests.imaging.rare_writing import fits, psd, sun  # noqa: E402
from tests.imaging.torch_writing import torch_file  # noqa: E402

INTRODUCTION = """# Kinds of files

What comes out of a file when **Colours** and **Numbers** are set to *the least that loses nothing*. The table
was made by writing a file of each kind and reading it. *Exact* means that every number came back as it was.

Palettes become colours, and a transparent colour becomes a channel of transparency. Pictures are turned
upright.

For files with several frames or pages, see [Frames and pages](frames.md).

| Kind | Written | Comes out | Exact | Decoder |
| --- | --- | --- | --- | --- |
"""

END = """
Pillow also reads CUR, ICNS, BLP, DCX, XBM and Windows Paint (MSP): of cursors and icons the largest picture,
of DCX every page that does not have 256 colours of its own. Of Photoshop files the flattened picture is read,
if it has 8 bits. DDS with floats (BC6H) is refused. Of FITS files the first picture is read, with its highest
row first. Whole numbers with a scale become floats, and blank ones become NaN. Three planes are colours;
other cubes are refused.

## What is refused

A file that is recognised but cannot be read gets a row that stays blank. The way out is to save it as another
kind:

| Refused by name | Save it as | For example with |
| --- | --- | --- |
| OpenEXR, Radiance HDR, JPEG XR, DPX, Cineon | TIFF of 16 or 32 bits | OpenImageIO (`oiiotool`), ImageMagick |
| JPEG-LS, JPEG XR in TIFF, JBIG2, FLIF, BPG, JNG, MNG | PNG | ImageMagick, the tools of their makers |
| Photoshop of more than 8 bits, PSB, XCF | TIFF or PNG | GIMP, Photoshop, ImageMagick |
| DDS with floats, KTX | TIFF or PNG | OpenImageIO, the tools of their makers |
| NIfTI, NRRD, FITS cubes and compressed FITS | `.npy` | nibabel, pynrrd, astropy |
| CZI, ND2, raw pictures of other microscopes | TIFF | Fiji with Bio-Formats |
| DjVu, ILBM, farbfeld, DCX of 256 colours, SGI of more than 8 bits | PNG | ImageMagick, DjVuLibre |
| HEIF that is neither HEIC nor AVIF | PNG | libheif (`heif-convert`) |
| DICOM compressed in other ways | uncompressed DICOM | dcmtk, GDCM |
| PNG of Apple's own kind (CgBI) | PNG | Xcode (`pngcrush -revert-iphone-optimizations`) |
| PyTorch files of the old kind | `.npy` or `.pt` | PyTorch |
| XPM, IM (IFUNC), XBM of 16-bit numbers (X10) | PNG | ImageMagick, Pillow for IM |
| SPIDER stacks | one SPIDER file each | EMAN2 (`e2proc2d.py`) |
| PDF, PostScript (EPS), SVG, Windows metafiles (WMF, EMF) | PNG of the size that you need | Inkscape, Ghostscript, Poppler (`pdftoppm`) |

- Videos, PDF, PostScript, SVG and Windows metafiles get no row, because they have no pixels of their own or
  many pictures. The list of skipped files says what they are.
- XPM is refused because Pillow knows no names of colours and misreads colours of 16 bits. A file in C counts
  as XBM only if it contains a single bitmap and nothing else.
- JPEG XR and JPEG-LS are refused because their decoders do not notice damage, or never finish when they meet
  it.

## TIFF and JPEG 2000

TIFF compressed with LERC, JPEG XL, PNG, WebP or JPEG 2000 is read; TIFF compressed with JPEG XR, JBIG and
others is refused by name. Grey and colours of fewer than 8 bits are widened to 8; from 9 bits on they stay as
they are.

Extra channels whose meaning the file does not give, such as near infrared, are kept where **Colours** is *the
least that loses nothing*, and are never taken as transparency. All other choices drop them, and you are told
so before the run. If a file has three or four channels and only the first is said to be grey, the first three
are taken as red, green and blue.

The last of two or four channels of JPEG 2000 is transparency if a box of the file (`cdef`) says so.

## PNM, PAM and PFM

PNM and PAM of more than 8 bits keep their numbers, whatever maximum their header gives; with up to 8 bits
they are widened, as Pillow does it. PFM files keep their numbers: only the sign of the scale in the header
counts, which gives the byte order.

## DICOM

DICOM needs one more package: `pip install 'stackgui[dicom]'`. Its numbers are the stored ones, with their
sign and without what else is in their high bits; they are not rescaled to Hounsfield units or the like. Where
the file says that less is lighter (MONOCHROME1), they are inverted. Palettes become colours.

DICOM compressed with run lengths, JPEG or JPEG 2000 is read where the compressed picture and the file around
it agree about its size, bits, sign and colours. JPEG-LS, deflated files, single bits, floating-point numbers,
and uncompressed colours other than RGB are refused by name.

## Camera RAW

Camera RAW (DNG, CR2, CR3, CRW, NEF, ARW, ORF, RW2, RAF, PEF, SRW and whatever else LibRaw knows) needs one
more package: `pip install 'stackgui[raw]'`. It is developed into colours of 16 bits: white as the camera
measured it, sRGB, no automatic brightness, upright. Thumbnails in such files are ignored.

## What counts as damage

Whatever loses pixels is damage: a file that ends early, codes that mean nothing, wrong checksums of pixels.
Whatever loses none gives a row. If something is odd all the same, a warning counts it:

| What is odd | What becomes of it |
| --- | --- |
| stray bytes in a JPEG file, between its segments or behind its last pixel, as cameras and phones leave them | a row, with a warning |
| stray bytes within a scan of a JPEG file, before a restart mark | refused: nobody knows what they have replaced |
| bytes behind the last pixel of a JPEG file that decode as further blocks of the picture | refused: they are what is left over when bytes were lost earlier |
| the same behind the scans of a progressive JPEG file, where it cannot be decoded by itself | fill bytes, text and up to 4 bytes count as stray |
| a JPEG, PNG, GIF, JPEG 2000 or TGA file without its complete end mark, of which every pixel is there | a row, with a warning |
| a progressive JPEG file that lacks its finest details | a row, with a warning; refused if it lacks its end mark too |
| a JPEG file that lacks a whole colour | refused |
| a wrong checksum of what a PNG file says beside its pixels | a row, with a warning |
| a wrong or missing checksum of the pixels of a PNG file | refused, even if the pixels happen to be right |
| a PNG file with parts that decoders must know and do not, or whose transparency does not fit its palette | refused |
| a PNG file compressed with a smaller window than it needs | grey and colours give a row; palettes are refused |
| wrong sizes of files and pictures in BMP, ICO and WebP | a row |
| sizes of strips that a TIFF file lacks or states wrongly, if it is uncompressed or deflated | a row |
| a PCX file of 256 colours whose palette is not at its very end | refused: without it nobody knows the colours |
| anything behind the end of a picture: a video, notes of a phone, zeros | a row |

## Where pixels are not Pillow's

With 8 bits, pixels equal Pillow's, upright, in all conversions, bit for bit. They differ where

- a file is **damaged**: of some pictures with wrong checksums, bad codes or an impossible size, Pillow shows
  what it can; here they are refused, with the reason;
- a PNG of 1, 2 or 4 bits has a **transparent grey**: Pillow compares it with pixels that it has already
  widened, so nothing becomes transparent; here it is widened too;
- Pillow would **reduce** more than 8 bits to 8: the bits are kept, as imagecodecs, tifffile and libheif give
  them, or the file is refused (inks, SGI of 16 bits);
- a **PNM has more than 8 bits**: Pillow spreads grey over 16 bits unless it fills them, and reduces colours
  to 8; here every number is as written;
- a **TIFF has 10, 12 or 14 bits**: Pillow reads only grey of 12 bits; here all are read, as written;
- a TIFF has **channels without a meaning**, of which Pillow drops some and takes others as transparency, or
  stores grey and transparency **in planes**, which Pillow mixes up;
- a **JPEG of other than 8 bits**, with arithmetic coding or a rare sampling is damaged inside: its decoder
  notices only whether the end mark is there.

## Where Pillow's pixels may surprise

- Colours in a TIFF file that are **multiplied by their transparency** are divided by it again, as Pillow does
  with 8 bits.
- A PNG pixel that names a colour **beyond the end of its palette** is black.
"""

CHANNELS = {1: "grey", 2: "grey and transparency", 3: "colour", 4: "colour and transparency"}
PILLOW = "Pillow"

Array = NDArray[Any]


class Kind(NamedTuple):
    """A kind of file: how it is written, in which numbers and channels, what decodes it, and unused bits."""

    name: str
    write: Callable[[Array], bytes]
    dtypes: tuple[str, ...]
    channels: tuple[int, ...]
    decoder: str
    unused_bits: int = 0


def by_pillow(format_: str, **options: object) -> Callable[[Array], bytes]:
    """Write with Pillow."""

    def write(pixels: Array) -> bytes:
        stream = io.BytesIO()
        Image.fromarray(pixels).save(stream, format_, **options)
        return stream.getvalue()

    return write


def tiff(pixels: Array) -> bytes:
    """Write with tifffile."""
    stream = io.BytesIO()
    colour = pixels.ndim > 2 and pixels.shape[2] in (3, 4)  # noqa: PLR2004
    alpha = {"extrasamples": ["unassalpha"]} if pixels.ndim > 2 and pixels.shape[2] in (2, 4) else {}  # noqa: PLR2004
    planes = {"planarconfig": "contig"} if pixels.ndim > 2 else {}  # noqa: PLR2004
    tifffile.imwrite(stream, pixels, photometric="rgb" if colour else "minisblack", **planes, **alpha)
    return stream.getvalue()


def npy(pixels: Array) -> bytes:
    """Write with NumPy."""
    stream = io.BytesIO()
    np.save(stream, pixels)
    return stream.getvalue()


def npz(pixels: Array) -> bytes:
    """Write with NumPy, compressed."""
    stream = io.BytesIO()
    np.savez_compressed(stream, pixels)
    return stream.getvalue()


def safetensors(pixels: Array) -> bytes:
    """Write as the safetensors library does."""
    kind = {"u": "U", "i": "I", "f": "F"}[pixels.dtype.kind] + str(8 * pixels.dtype.itemsize)
    described = {"x": {"dtype": kind, "shape": pixels.shape, "data_offsets": [0, pixels.nbytes]}}
    text = json.dumps(described).encode()
    return len(text).to_bytes(8, "little") + text + pixels.tobytes()


def hdf5(pixels: Array) -> bytes:
    """Write with h5py, compressed."""
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file.create_dataset("x", data=pixels, compression="gzip")
    return stream.getvalue()


def torch(pixels: Array) -> bytes:
    """Write as PyTorch does."""
    return torch_file(pixels)


def zarr_zip(pixels: Array) -> bytes:
    """Write with zarr, into a ZIP file, compressed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.zip"
        store = zarr.storage.ZipStore(path, mode="w")
        zarr.create_array(store, data=pixels)
        store.close()
        return path.read_bytes()


def jpegxl(pixels: Array) -> bytes:
    """Write without loss."""
    return bytes(imagecodecs.jpegxl_encode(pixels, lossless=True))


def jpeg2000(pixels: Array) -> bytes:
    """Write without loss."""
    return bytes(imagecodecs.jpeg2k_encode(pixels, level=0))


def lossless_jpeg(pixels: Array) -> bytes:
    """Write JPEG without loss."""
    bits = 8 * pixels.dtype.itemsize
    return bytes(imagecodecs.jpeg8_encode(pixels, lossless=True, bitspersample=bits))


def deep_avif(pixels: Array) -> bytes:
    """Write AVIF of 12 bits."""
    return bytes(imagecodecs.avif_encode(pixels >> 4, level=100, bitspersample=12))


def twelve_bits_heic(pixels: Array) -> bytes:
    """Write HEIC of 12 bits."""
    return deep_heic(pixels, bits=12)


def twelve_bits(pixels: Array) -> bytes:
    """Write JPEG of 12 bits."""
    return bytes(imagecodecs.jpeg8_encode(pixels >> 4, level=90, bitspersample=12))


def upright_fits(pixels: Array) -> bytes:
    """Write FITS, which begins with the lowest row."""
    return fits(np.ascontiguousarray(pixels[::-1]))


def png(pixels: Array) -> bytes:
    """Write with libpng."""
    return bytes(imagecodecs.png_encode(pixels))


ALL = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "float16", "float32", "float64")
KINDS = (
    Kind("JPEG of 12 bits", twelve_bits, ("uint16",), (1, 3), "imagecodecs (libjpeg-turbo)"),
    Kind("JPEG, lossless", lossless_jpeg, ("uint8",), (1, 3), PILLOW),
    Kind("JPEG, lossless", lossless_jpeg, ("uint16",), (1, 3), "imagecodecs (libjpeg-turbo)"),
    Kind("JPEG", by_pillow("JPEG", quality=90), ("uint8",), (1, 3), "simplejpeg (libjpeg-turbo)"),
    Kind("PNG", png, ("uint8", "uint16"), (1, 2, 3, 4), "imagecodecs (libpng)"),
    Kind("TIFF", tiff, ("uint8",), (1, 3, 4), PILLOW),
    Kind("TIFF", tiff, ("uint8",), (7,), "tifffile"),
    Kind("TIFF", tiff, ALL[1:], (1, 3, 4), "tifffile"),
    Kind("WebP", by_pillow("WEBP", lossless=True, exact=True), ("uint8",), (3, 4), PILLOW),
    Kind("AVIF", by_pillow("AVIF"), ("uint8",), (3, 4), PILLOW),
    Kind("AVIF of 10 and 12 bits", deep_avif, ("uint16",), (1, 3, 4), "imagecodecs (libavif)"),
    Kind("HEIC", heic, ("uint8",), (1, 3, 4), "Pillow, libheif (pi-heif)"),
    Kind(
        "HEIC of 10 and 12 bits", twelve_bits_heic, ("uint16",), (1, 3, 4), "libheif (pi-heif)", unused_bits=4
    ),
    Kind("JPEG XL", jpegxl, ("uint8", "uint16", "float32"), (1, 3, 4), "imagecodecs (libjxl)"),
    Kind("JPEG 2000", jpeg2000, ("uint8",), (1, 3, 4), PILLOW),
    Kind("JPEG 2000", jpeg2000, ("uint16",), (1, 3, 4), "imagecodecs (OpenJPEG)"),
    Kind("GIF", by_pillow("GIF"), ("uint8",), (1, 3), PILLOW),
    Kind("BMP", by_pillow("BMP"), ("uint8",), (1, 3), PILLOW),
    Kind("TGA", by_pillow("TGA"), ("uint8",), (1, 3, 4), PILLOW),
    Kind("PNM", by_pillow("PPM"), ("uint8",), (1, 3), PILLOW),
    Kind("PNM", pnm, ("uint16",), (1, 3), "NumPy"),
    Kind("PAM", pam, ("uint8", "uint16"), (1, 2, 3, 4), "NumPy"),
    Kind("PFM", pfm, ("float32",), (1, 3), "NumPy"),
    Kind("ICO", by_pillow("ICO", sizes=[(48, 32)]), ("uint8",), (4,), PILLOW),
    Kind("QOI", by_pillow("QOI"), ("uint8",), (3, 4), PILLOW),
    Kind("SGI", by_pillow("SGI"), ("uint8",), (1, 3, 4), PILLOW),
    Kind("DDS", by_pillow("DDS"), ("uint8",), (1, 3, 4), PILLOW),
    Kind("PCX", by_pillow("PCX"), ("uint8",), (1, 3), PILLOW),
    Kind("DIB", by_pillow("DIB"), ("uint8",), (1, 3), PILLOW),
    Kind("Sun raster", sun, ("uint8",), (1, 3), PILLOW),
    Kind("SPIDER", by_pillow("SPIDER"), ("float32",), (1,), PILLOW),
    Kind("Photoshop", psd, ("uint8",), (1, 3, 4), PILLOW),
    Kind("FITS", upright_fits, ("uint8", "int16", "int32", "float32", "float64"), (1,), "NumPy"),
    Kind(
        "DICOM, uncompressed",
        dicom,
        ("uint8", "int8", "uint16", "int16", "uint32", "int32"),
        (1, 3),
        "pydicom",
    ),
    Kind("`.npy`", npy, ALL, (1, 3, 4, 7), "NumPy"),
    Kind("`.npz`", npz, ALL, (1, 3, 4, 7), "NumPy"),
    Kind("safetensors", safetensors, ALL, (1, 3, 4, 7), "NumPy"),
    Kind(
        "PyTorch",
        torch,
        tuple(dtype for dtype in ALL if dtype not in ("uint16", "uint32")),
        (1, 3, 4, 7),
        "NumPy",
    ),
    Kind("HDF5", hdf5, ALL, (1, 3, 4, 7), "h5py"),
    Kind("Zarr", zarr_zip, ALL, (1, 3, 4, 7), "zarr"),
)


def rows() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the rows of the table."""
    for kind in KINDS:
        for dtype in kind.dtypes:
            for channels in kind.channels:
                pixels = picture(dtype, channels)
                if kind.unused_bits:
                    pixels >>= kind.unused_bits
                found = read(kind.write(pixels.squeeze()))
                is_exact = found.shape == pixels.shape and np.array_equal(found, pixels)
                written, out = told(pixels), told(found)
                yield kind.name, written, out, "yes" if is_exact else "no", kind.decoder


def picture(dtype: str, channels: int) -> Array:
    """A picture of 32 × 48 that holds many values."""
    random = np.random.default_rng(5)
    if np.dtype(dtype).kind == "f":
        return random.random((32, 48, channels)).astype(dtype)
    limits = np.iinfo(dtype)
    return random.integers(limits.min, limits.max, (32, 48, channels), dtype, endpoint=True)


def read(data: bytes) -> Array:
    """Read a file as the program does."""
    header = imaging.probe(data, file_bytes=len(data))
    return imaging.decode(data, header.format)


def told(pixels: Array) -> str:
    """A picture's channels and numbers in words."""
    channels = pixels.shape[2]
    return f"{CHANNELS.get(channels, f'{channels} channels')}, `{pixels.dtype}`"


def page() -> str:
    """The whole page; kinds that differ only in their channels share a row."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for name, written, out, exact, decoder in rows():
        (channels, dtype), (out_channels, out_dtype) = written.split(", "), out.split(", ")
        change = f"{channels} → {out_channels}" if channels != out_channels else channels
        grouped.setdefault((name, dtype, out_dtype, exact, decoder), []).append(change)
    lines = [
        f"| {name} | {dtype}: {'; '.join(changes)} | {out} | {exact} | {decoder} |"
        for (name, dtype, out, exact, decoder), changes in grouped.items()
    ]
    return INTRODUCTION + "\n".join(lines) + "\n" + END


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
