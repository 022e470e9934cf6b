"""Kinds of files that Pillow reads and does not write."""

import io
import struct

import numpy as np
from PIL import Image


def saved(pixels: np.ndarray, format_: str, **options: object) -> bytes:
    """As Pillow writes it."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, format_, **options)
    return stream.getvalue()


def saved_palette(pixels: np.ndarray, format_: str, **options: object) -> bytes:
    """As Pillow writes it, with a palette."""
    stream = io.BytesIO()
    Image.fromarray(pixels).quantize(256).save(stream, format_, **options)
    return stream.getvalue()


def cur(pixels: np.ndarray) -> bytes:
    """A cursor of one picture, from uint8 of shape (h, w, 4)."""
    icon = bytearray(saved(pixels, "ICO", sizes=[pixels.shape[1::-1]], bitmap_format="bmp"))
    icon[2] = 2  # what is a cursor and no icon
    return bytes(icon)


def sun(pixels: np.ndarray) -> bytes:
    """A Sun raster of grey or colours that is not packed; lines have an even number of bytes."""
    height, width = pixels.shape[:2]
    colours = pixels[:, :, ::-1] if pixels.ndim > 2 else pixels[:, :, np.newaxis]
    lines = [line.tobytes() + b"\0" * (line.size % 2) for line in colours]
    body = b"".join(lines)
    return struct.pack(">8I", 0x59A66A95, width, height, 8 * colours.shape[2], len(body), 1, 0, 0) + body


def psd(pixels: np.ndarray, bits: int = 8) -> bytes:
    """A Photoshop file of one flattened picture that is not packed."""
    planes = np.moveaxis(pixels, -1, 0) if pixels.ndim > 2 else pixels[np.newaxis]
    mode = 1 if len(planes) == 1 else 3
    header = struct.pack(">4sH6xHIIHH", b"8BPS", 1, len(planes), *pixels.shape[:2], bits, mode)
    return header + struct.pack(">IIIH", 0, 0, 0, 0) + planes.astype(planes.dtype.newbyteorder(">")).tobytes()


def dcx(*pictures: np.ndarray) -> bytes:
    """A fax of several pages, each a PCX file."""
    pages = [saved(each, "PCX") for each in pictures]
    start = 4 + 4 * (len(pages) + 1)
    places = [start + sum(map(len, pages[:index])) for index in range(len(pages))]
    return struct.pack(f"<I{len(pages)}II", 0x3ADE68B1, *places, 0) + b"".join(pages)


def msp(pixels: np.ndarray) -> bytes:
    """A picture of Windows Paint whose lines are packed, from bool of shape (h, w)."""
    height, width = pixels.shape
    lines = []
    for line in np.packbits(pixels, axis=1):
        if line.all() and len(set(line.tolist())) == 1:
            lines.append(bytes([0, len(line), line[0]]))  # a run
        else:
            lines.append(bytes([len(line)]) + line.tobytes())
    header = struct.pack("<4s10H", b"LinS", width, height, 1, 1, 1, 1, width, height, 0, 0)
    checksum = int(np.bitwise_xor.reduce(np.frombuffer(header, "<u2")))
    sizes = struct.pack(f"<{height}H", *map(len, lines))
    return header + struct.pack("<H6x", checksum) + sizes + b"".join(lines)


def spider(pixels: np.ndarray, order: str, images: int = 0) -> bytes:
    """A picture of SPIDER, from float32 of shape (h, w); a header that is one of a stack with `images`."""
    height, width = pixels.shape
    records = -(-1024 // (4 * width))
    header = np.zeros(records * width, f"{order}f4")
    header[[0, 1, 2, 4]] = 1, height, height, 1
    header[[11, 12, 21, 22]] = width, records, records * width * 4, width * 4
    header[[23, 25]] = 2 if images else 0, images
    return header.tobytes() + pixels.astype(header.dtype).tobytes()


def dib(pixels: np.ndarray) -> bytes:
    """A bitmap without the header of a file."""
    return saved(pixels, "DIB")


def fits(stored: np.ndarray, *, before: bytes = b"", **fields: float | str) -> bytes:
    """A FITS file of one array whose numbers are written as they are, the last axis being the first in it."""
    kinds = {"u1": 8, "i2": 16, "i4": 32, "i8": 64, "f4": -32, "f8": -64}
    bits = kinds[stored.dtype.str[1:]]
    cards = {"SIMPLE": "T"} if not before else {"XTENSION": "'IMAGE   '"}
    cards |= {"BITPIX": bits, "NAXIS": stored.ndim}
    cards |= {f"NAXIS{axis + 1}": side for axis, side in enumerate(stored.shape[::-1])}
    cards |= fields
    text = "".join(
        f"{name:8}= {value!s:>20} / said".ljust(80) for name, value in cards.items()
    ) + "END".ljust(80)
    header = text.ljust(-(-len(text) // 2880) * 2880).encode()
    body = stored.astype(stored.dtype.newbyteorder(">")).tobytes()
    return before + header + body + bytes(-len(body) % 2880)
