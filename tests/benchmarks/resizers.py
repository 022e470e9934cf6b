"""How far both resizers are from the exact result: `.venv/bin/python -m tests.benchmarks.resizers`.

Exact is what Pillow's own filters give in 32-bit floats, which round nothing between the two passes.
Photographs are those of the benchmark, real ones if STACKGUI_TEST_DATA names them; noise and hard edges are
made. Distances are in levels of 255, also of 16 bits. Colours of pixels that can hardly be seen do not count.
For area, which the program leaves to Pillow, the library is asked directly.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from stackgui.core.base.choices import Resizer
from stackgui.imaging import resize
from stackgui.imaging.pixels import resize as resize_module
from tests.benchmarks.data import Pictures, files_in

FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
    "area": Image.Resampling.BOX,
}
LEVELS = 255
SEEN = LEVELS / 16
EVERY = 25
SHARES = (
    (1 / 2, 1 / 2),
    (0.43, 0.43),
    (1 / 5, 1 / 7),
    (3 / 2, 3 / 2),
    (2, 1 / 2),
    (1 / 3, 2),
    (1, 1 / 2),
    (1 / 2, 1),
)

Pixels = NDArray[np.generic]


@dataclass(frozen=True)
class Kind:
    """Pixels of some dtype and channels."""

    title: str
    dtype: str
    channels: int
    has_alpha: bool = False

    def of(self, picture: NDArray[np.uint8]) -> Pixels:
        """Make such pixels of an 8-bit RGB picture; as alpha, they have a channel of that picture turned."""
        turned = picture[::-1, ::-1]
        pixels = np.concatenate([picture, turned], axis=2)[:, :, : self.channels]
        if self.has_alpha:
            pixels = np.concatenate([pixels[:, :, :-1], turned[:, :, :1]], axis=2)
        return np.ascontiguousarray(pixels.astype(self.dtype) * (257 if self.dtype == "uint16" else 1))

    @property
    def step(self) -> float:
        """Numbers in one of 255 levels."""
        return 257.0 if self.dtype == "uint16" else 1.0


KINDS = (
    Kind("8 bits, 1 channel", "uint8", 1),
    Kind("8 bits, RGB", "uint8", 3),
    Kind("8 bits, 4 channels, no alpha", "uint8", 4),
    Kind("8 bits, grey and alpha", "uint8", 2, has_alpha=True),
    Kind("8 bits, RGB and alpha", "uint8", 4, has_alpha=True),
    Kind("16 bits, RGB", "uint16", 3),
    Kind("16 bits, RGB and alpha", "uint16", 4, has_alpha=True),
    Kind("floats, RGB", "float32", 3),
)


def exact(pixels: Pixels, size: tuple[int, int], name: str, *, has_alpha: bool) -> NDArray[np.float64]:
    """Scale each channel by Pillow in 32-bit floats, colours weighed by alpha, and round nothing."""

    def plane(values: Pixels) -> NDArray[np.float64]:
        picture = Image.fromarray(np.ascontiguousarray(values, np.float32))
        return np.asarray(picture.resize(size[::-1], FILTERS[name])).astype(np.float64)

    if not has_alpha:
        return np.stack([plane(pixels[:, :, channel]) for channel in range(pixels.shape[2])], axis=2)
    alpha = plane(pixels[:, :, -1])
    weighed = pixels[:, :, :-1].astype(np.float32) * pixels[:, :, -1:].astype(np.float32)
    weight = np.where(alpha > 0, alpha, np.inf)
    colours = [plane(weighed[:, :, channel]) / weight for channel in range(weighed.shape[2])]
    return np.stack([*colours, alpha], axis=2)


def scaled(pixels: Pixels, size: tuple[int, int], name: str, by: Resizer, *, has_alpha: bool) -> Pixels:
    """Scale by one of the two, also by the filter that the program does not trust it with."""
    if by is Resizer.SIMD and name == "area":
        with patch.object(resize_module, "used", lambda resizer, _name: resizer):
            return resize(pixels, *size, name, has_alpha=has_alpha, resizer=by)
    return resize(pixels, *size, name, has_alpha=has_alpha, resizer=by)


def sizes(height: int, width: int) -> Iterator[tuple[int, int]]:
    """Smaller, larger, both at once, one side only, and a single pixel."""
    for down, across in SHARES:
        yield max(1, round(height * down)), max(1, round(width * across))
    yield 1, 1


def noise() -> list[NDArray[np.uint8]]:
    """Pictures in which every pixel differs from its neighbours."""
    random = np.random.default_rng(1)
    return [random.integers(0, 256, (*side, 3), np.uint8) for side in ((31, 45), (64, 64), (200, 133))]


def edges() -> list[NDArray[np.uint8]]:
    """Black and white fields, upright and lying."""
    lines, columns = np.mgrid[:97, :131]
    fields = (((lines // 5 + columns // 7) % 2) * 255).astype(np.uint8)
    return [np.repeat(each[:, :, np.newaxis], 3, axis=2) for each in (fields, fields.T)]


def photographs(folder: Path) -> list[NDArray[np.uint8]]:
    """Some of the photographs of the benchmark."""
    files = files_in(Pictures(folder, quick=False).photos)[::EVERY]
    return [np.asarray(Image.open(file).convert("RGB")) for file in files]


@dataclass
class Apart:
    """Distances, added up."""

    total: float = 0.0
    count: int = 0
    worst: float = 0.0
    differ: int = 0

    def add(self, distances: NDArray[np.float64]) -> None:
        """Add some."""
        self.total += float(distances.sum())
        self.count += distances.size
        self.worst = max(self.worst, float(distances.max(initial=0)))
        self.differ += int(np.count_nonzero(distances))

    @property
    def told(self) -> str:
        """Mean and worst, for a table."""
        return f"{self.total / max(1, self.count):.3f} | {self.worst:.1f}"


def row(kind: Kind, name: str, pictures: list[NDArray[np.uint8]]) -> str:
    """Measure a kind of pixels with one filter."""
    apart = {each: Apart() for each in Resizer}
    between = Apart()
    for picture in pictures:
        pixels = kind.of(picture)
        for size in sizes(*pixels.shape[:2]):
            right = np.clip(exact(pixels, size, name, has_alpha=kind.has_alpha), 0, LEVELS * kind.step)
            counts = right[:, :, -1] >= SEEN * kind.step if kind.has_alpha else np.ones(size, np.bool_)
            made = {
                each: scaled(pixels, size, name, each, has_alpha=kind.has_alpha).astype(np.float64)
                for each in Resizer
            }
            for each, found in made.items():
                clipped = np.clip(found, 0, LEVELS * kind.step)
                apart[each].add(np.abs(clipped - right)[counts] / kind.step)
            between.add(np.abs(made[Resizer.SIMD] - made[Resizer.PILLOW])[counts] / kind.step)
    share = 100 * between.differ / max(1, between.count)
    told = f"{apart[Resizer.PILLOW].told} | {apart[Resizer.SIMD].told} | {between.worst:.1f} | {share:.0f} %"
    return f"| {name} | {kind.title} | {told} |"


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        sets = {"photographs": photographs(Path(folder)), "noise": noise(), "edges": edges()}
    for title, pictures in sets.items():
        tell(f"\n{title}\n")
        tell("| filter | pixels | Pillow: mean | worst | simd: mean | worst | apart: worst | of all |")
        tell("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        for name in FILTERS:
            for kind in KINDS:
                tell(row(kind, name, pictures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
