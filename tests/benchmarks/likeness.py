"""Compares the made pictures with real ones: bits a pixel, and the time that decoding takes.

python3 packaging/benchmark.py --compare-pictures

Both are compared as they are, and saved anew in several ways, since what a picture shows decides how many
bits it takes at another quality.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import simplejpeg
from PIL import Image

from tests.benchmarks.data import files_in
from tests.benchmarks.measuring import digits

TIMES = 5
EVERY = 3
"""Of the photographs, and twenty times that of the small ones."""

Way = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Cost:
    """What some pictures cost, a pixel."""

    bits: float
    decode_ns: float


@dataclass(frozen=True)
class Likeness:
    """How the made pictures compare with the real ones, saved in one way."""

    way: str
    real: Cost
    made: Cost

    @property
    def bits(self) -> float:
        """Bits a pixel of the made ones, of those of the real ones."""
        return self.made.bits / self.real.bits

    @property
    def time(self) -> float:
        """The same of the time that decoding takes."""
        return self.made.decode_ns / self.real.decode_ns


def saved(**how: object) -> Way:
    """A way of saving a picture anew."""

    def way(data: bytes) -> bytes:
        file = io.BytesIO()
        with Image.open(io.BytesIO(data)) as picture:
            picture.convert("RGB").save(file, **how)
        return file.getvalue()

    return way


WAYS: dict[str, Way] = {
    "as they are": lambda data: data,
    "JPEG, quality 60, 4:2:0": saved(format="JPEG", quality=60, subsampling=2),
    "JPEG, quality 75, 4:2:0": saved(format="JPEG", quality=75, subsampling=2),
    "JPEG, quality 90, 4:2:2": saved(format="JPEG", quality=90, subsampling=1),
    "JPEG, quality 95, 4:4:4": saved(format="JPEG", quality=95, subsampling=0),
    "JPEG, quality 75, progressive": saved(format="JPEG", quality=75, progressive=True),
    "PNG": saved(format="PNG"),
}


def compared(
    real: list[bytes], made: list[bytes], ways: dict[str, Way], times: int = TIMES
) -> Iterator[Likeness]:
    """Compare the pictures in each way; both in turn, so that a busy moment hits both."""
    for name, way in ways.items():
        files = [(way(one), way(other)) for one, other in zip(real, made, strict=True)]
        took = [(quickest_ns(one, times), quickest_ns(other, times)) for one, other in files]
        costs = []
        for side in range(2):
            pixels = sum(_pixels(pair[side]) for pair in files)
            bits = 8 * sum(len(pair[side]) for pair in files)
            costs.append(Cost(bits / pixels, sum(pair[side] for pair in took) / pixels))
        yield Likeness(name, *costs)


def report(real: Path, made: Path, small_real: Path, small_made: Path) -> Iterator[str]:
    """Lines of a table that tells how alike they are."""
    yield f"{'':<44}{'bits a pixel':^26}  {'nanoseconds to decode a pixel':^30}"
    yield f"{'':<44}{'real':>8}{'made':>8}{'ratio':>10}  {'real':>10}{'made':>8}{'ratio':>10}"
    for title, sides, every, ways in (
        ("photographs", (real, made), EVERY, WAYS),
        ("64 × 64", (small_real, small_made), 20 * EVERY, {"as they are": WAYS["as they are"]}),
    ):
        files = [[file.read_bytes() for file in _alike(side)[::every]] for side in sides]
        for each in compared(*files, ways):
            yield (
                f"{f'{title}, {each.way}':<44}"
                f"{digits(each.real.bits):>8}{digits(each.made.bits):>8}{digits(each.bits):>10}  "
                f"{digits(each.real.decode_ns):>10}{digits(each.made.decode_ns):>8}{digits(each.time):>10}"
            )


def _alike(folder: Path) -> list[Path]:
    """The files, those of the same size at the same place."""

    def size(file: Path) -> tuple[int, int, int]:
        with Image.open(file) as picture:
            return (*picture.size, file.stat().st_size)

    return sorted(files_in(folder), key=size)


def quickest_ns(data: bytes, times: int) -> int:
    """Time of the processor that decoding takes when nothing disturbs it."""
    took = []
    for _ in range(times):
        start = time.process_time_ns()
        if simplejpeg.is_jpeg(data):
            simplejpeg.decode_jpeg(data, "RGB")
        else:
            with Image.open(io.BytesIO(data)) as picture:
                picture.load()
        took.append(time.process_time_ns() - start)
    return min(took)


def _pixels(data: bytes) -> int:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.width * picture.height
