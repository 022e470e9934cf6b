# ruff: noqa: INP001 - a script beside its data, in no package; rows of tables have one line
"""Write the tables of ``resources/help/formats.md``: what is read, and what comes out of every kind of file.

The first follows from what the formats declare, the second is found by writing a file of each kind.

Run it after a change to the decoders; a test fails when that was forgotten.
"""

from __future__ import annotations

import io
import json
import re
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
from stackgui.imaging.base.declaration import NUMPY, PI_HEIF, PILLOW, TIFFFILE, Format

PAGE = Path(__file__).resolve().parent / "help" / "formats.md"
sys.path.append(str(PAGE.parents[2]))  # what no library writes, the tests do

from tests.imaging.dicom_writing import dicom  # noqa: E402
from tests.imaging.heic_writing import deep_heic, heic  # noqa: E402
from tests.imaging.pnm_writing import pam, pfm, pnm  # noqa: E402
from tests.imaging.rare_writing import fits, psd, sun  # noqa: E402
from tests.imaging.torch_writing import torch_file  # noqa: E402

OF_FORMATS = "| Kind | Endings | A file holds | Decoders | Also needed |"
OF_RESULTS = "| Kind | Written | Comes out | Exact | Decoder |"
"""Headings of the tables that are made here; everything else in the page is written by hand."""

CHANNELS = {1: "grey", 2: "grey and transparency", 3: "colour", 4: "colour and transparency"}
TURBO = "imagecodecs (libjpeg-turbo)"

Array = NDArray[Any]


class Kind(NamedTuple):
    """A kind of file: how it is written, in which numbers and channels, and its unused bits.

    What it is called and what decodes it are what its format declares, unless it says otherwise.
    """

    write: Callable[[Array], bytes]
    dtypes: tuple[str, ...]
    channels: tuple[int, ...]
    name: str = ""
    decoder: str = ""
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
    Kind(twelve_bits, ("uint16",), (1, 3), "JPEG of 12 bits", TURBO),
    Kind(lossless_jpeg, ("uint8",), (1, 3), "JPEG, lossless", PILLOW.title),
    Kind(lossless_jpeg, ("uint16",), (1, 3), "JPEG, lossless", TURBO),
    Kind(by_pillow("JPEG", quality=90), ("uint8",), (1, 3)),
    Kind(png, ("uint8", "uint16"), (1, 2, 3, 4), decoder="imagecodecs (libpng)"),
    Kind(tiff, ("uint8",), (1, 3, 4)),
    Kind(tiff, ("uint8",), (7,), decoder=TIFFFILE.title),
    Kind(tiff, ALL[1:], (1, 3, 4), decoder=TIFFFILE.title),
    Kind(by_pillow("WEBP", lossless=True, exact=True), ("uint8",), (3, 4)),
    Kind(by_pillow("AVIF"), ("uint8",), (3, 4)),
    Kind(deep_avif, ("uint16",), (1, 3, 4), "AVIF of 10 and 12 bits", "imagecodecs (libavif)"),
    Kind(heic, ("uint8",), (1, 3, 4), decoder=f"{PILLOW.title}, {PI_HEIF.title}"),
    Kind(twelve_bits_heic, ("uint16",), (1, 3, 4), "HEIC of 10 and 12 bits", unused_bits=4),
    Kind(jpegxl, ("uint8", "uint16", "float32"), (1, 3, 4), decoder="imagecodecs (libjxl)"),
    Kind(jpeg2000, ("uint8",), (1, 3, 4)),
    Kind(jpeg2000, ("uint16",), (1, 3, 4), decoder="imagecodecs (OpenJPEG)"),
    Kind(by_pillow("GIF"), ("uint8",), (1, 3)),
    Kind(by_pillow("BMP"), ("uint8",), (1, 3)),
    Kind(by_pillow("TGA"), ("uint8",), (1, 3, 4)),
    Kind(by_pillow("PPM"), ("uint8",), (1, 3)),
    Kind(pnm, ("uint16",), (1, 3), decoder=NUMPY.title),
    Kind(pam, ("uint8", "uint16"), (1, 2, 3, 4), "PAM", NUMPY.title),
    Kind(pfm, ("float32",), (1, 3), "PFM", NUMPY.title),
    Kind(by_pillow("ICO", sizes=[(48, 32)]), ("uint8",), (4,)),
    Kind(by_pillow("QOI"), ("uint8",), (3, 4)),
    Kind(by_pillow("SGI"), ("uint8",), (1, 3, 4)),
    Kind(by_pillow("DDS"), ("uint8",), (1, 3, 4)),
    Kind(by_pillow("PCX"), ("uint8",), (1, 3)),
    Kind(by_pillow("DIB"), ("uint8",), (1, 3)),
    Kind(sun, ("uint8",), (1, 3)),
    Kind(by_pillow("SPIDER"), ("float32",), (1,)),
    Kind(psd, ("uint8",), (1, 3, 4)),
    Kind(upright_fits, ("uint8", "int16", "int32", "float32", "float64"), (1,)),
    Kind(dicom, ("uint8", "int8", "uint16", "int16", "uint32", "int32"), (1, 3), "DICOM, uncompressed"),
    Kind(npy, ALL, (1, 3, 4, 7)),
    Kind(npz, ALL, (1, 3, 4, 7)),
    Kind(safetensors, ALL, (1, 3, 4, 7)),
    Kind(torch, tuple(dtype for dtype in ALL if dtype not in ("uint16", "uint32")), (1, 3, 4, 7)),
    Kind(hdf5, ALL, (1, 3, 4, 7)),
    Kind(zarr_zip, ALL, (1, 3, 4, 7), "Zarr"),
)
FORMATS = {format_.name: format_ for format_ in imaging.FORMATS}


def written_kinds(
    picture: Callable[[str, int], Array],
) -> Iterator[tuple[Kind, Array, bytes]]:
    """Yield every kind with a picture, made for its type and number of channels, and its file."""
    for kind in KINDS:
        for dtype in kind.dtypes:
            for channels in kind.channels:
                pixels = picture(dtype, channels)
                if kind.unused_bits:
                    pixels >>= kind.unused_bits
                yield kind, pixels, kind.write(pixels.squeeze())


def rows() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the rows of the table."""
    for kind, pixels, data in written_kinds(picture):
        found, format_ = read(data)
        is_exact = found.shape == pixels.shape and np.array_equal(found, pixels)
        written, out = told(pixels), told(found)
        name, decoder = kind.name or format_.title, kind.decoder or format_.libraries[0].title
        yield name, written, out, "yes" if is_exact else "no", decoder


def picture(dtype: str, channels: int) -> Array:
    """A picture of 32 × 48 that holds many values."""
    random = np.random.default_rng(5)
    if np.dtype(dtype).kind == "f":
        return random.random((32, 48, channels)).astype(dtype)
    limits = np.iinfo(dtype)
    return random.integers(limits.min, limits.max, (32, 48, channels), dtype, endpoint=True)


def read(data: bytes) -> tuple[Array, Format]:
    """Read a file as the program does, and say of which format it is."""
    header = imaging.probe(data, file_bytes=len(data))
    return imaging.decode(data, header.format), FORMATS[header.format]


def told(pixels: Array) -> str:
    """A picture's channels and numbers in words."""
    channels = pixels.shape[2]
    return f"{CHANNELS.get(channels, f'{channels} channels')}, `{pixels.dtype}`"


def formats() -> str:
    """The rows of the table of formats, as they are declared."""
    lines = []
    for format_ in sorted(imaging.FORMATS, key=lambda format_: format_.title.strip("`.").lower()):
        endings = "a folder" if format_.is_folder else " ".join(f"`{end}`" for end in format_.suffixes)
        libraries = ", ".join(library.title for library in format_.libraries)
        needed = ", ".join(
            f"`pip install 'stackgui[{library.extra}]'`" for library in format_.libraries if library.extra
        )
        lines.append(f"| {format_.title} | {endings} | {format_.holds.value} | {libraries} | {needed} |")
    return "".join(f"{line}\n" for line in lines)


def results() -> str:
    """The rows of the table of what comes out; kinds that differ only in their channels share one."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for name, written, out, exact, decoder in rows():
        (channels, dtype), (out_channels, out_dtype) = written.split(", "), out.split(", ")
        change = f"{channels} → {out_channels}" if channels != out_channels else channels
        grouped.setdefault((name, dtype, out_dtype, exact, decoder), []).append(change)
    return "".join(
        f"| {name} | {dtype}: {'; '.join(changes)} | {out} | {exact} | {decoder} |\n"
        for (name, dtype, out, exact, decoder), changes in grouped.items()
    )


def page() -> str:
    """The whole page with its tables made anew."""
    text = PAGE.read_text(encoding="utf-8")
    for heading, lines in ((OF_FORMATS, formats()), (OF_RESULTS, results())):
        table = re.compile(re.escape(heading) + r"\n\|[ -|]+\n(\|.*\n)*")
        above = f"{heading}\n{'| --- ' * (heading.count('|') - 1)}|\n"
        text, found = table.subn(lambda _, new=above + lines: new, text)
        if found != 1:
            raise ValueError(f"{PAGE.name} has no table headed {heading!r}")
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
