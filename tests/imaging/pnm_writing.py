"""Writes PNM, PAM and PFM, by their descriptions."""

import numpy as np

TUPLES = {1: "GRAYSCALE", 2: "GRAYSCALE_ALPHA", 3: "RGB", 4: "RGB_ALPHA"}


def _channels(pixels: np.ndarray) -> int:
    return 1 if pixels.ndim == len("HW") else pixels.shape[2]


def _most(pixels: np.ndarray, most: int | None) -> int:
    return most or int(np.iinfo(pixels.dtype).max)


def _raster(pixels: np.ndarray, most: int) -> bytes:
    return pixels.astype(">u2" if most > np.iinfo(np.uint8).max else "u1").tobytes()


def pnm(pixels: np.ndarray, most: int | None = None) -> bytes:
    """A grey or colour map of bytes."""
    most, kind = _most(pixels, most), {1: 5, 3: 6}[_channels(pixels)]
    head = f"P{kind}\n# made here\n{pixels.shape[1]} {pixels.shape[0]}\n{most}\n"
    return head.encode() + _raster(pixels, most)


def pnm_text(pixels: np.ndarray, most: int | None = None) -> bytes:
    """A grey or colour map in digits."""
    most, kind = _most(pixels, most), {1: 2, 3: 3}[_channels(pixels)]
    head = f"P{kind} {pixels.shape[1]} {pixels.shape[0]} {most}\n"
    return (head + "\n".join(str(value) for value in pixels.ravel().tolist())).encode()


def pam(pixels: np.ndarray, most: int | None = None, kind: str | None = None) -> bytes:
    """An arbitrary map."""
    most, depth = _most(pixels, most), _channels(pixels)
    height, width = pixels.shape[:2]
    head = f"P7\nWIDTH {width}\nHEIGHT {height}\n# made here\nDEPTH {depth}\nMAXVAL {most}\n"
    return f"{head}TUPLTYPE {kind or TUPLES[depth]}\nENDHDR\n".encode() + _raster(pixels, most)


def pfm(pixels: np.ndarray, *, is_big: bool = False) -> bytes:
    """A map of floats, its lowest row first."""
    letter = {1: "f", 3: "F"}[_channels(pixels)]
    head = f"P{letter}\n{pixels.shape[1]} {pixels.shape[0]}\n{1.0 if is_big else -1.0}\n"
    return head.encode() + pixels[::-1].astype(">f4" if is_big else "<f4").tobytes()


def big_pfm(pixels: np.ndarray) -> bytes:
    """The same, with the bytes of each number the other way round."""
    return pfm(pixels, is_big=True)
