"""Measures which copies of pictures are found as near-duplicates, and which others are taken for such.

Of every picture in the folders, copies are made that were saved anew, scaled, cropped, or lit otherwise. They
and the pictures are scanned as in the program::

    .venv/bin/python -m tests.benchmarks.alike FOLDER…

Beside that stand the pairs that the usual hashes of 64 bits join among the pictures of each folder. Then
sketches made at random are compared, as many as the largest collections have; the time is the processor's.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.look_alikes import Sketches, first_alike, sketches_of
from stackgui.engine import Control, Engine

Way = Callable[[Image.Image], Image.Image]


def _saved(quality: int) -> Way:
    def way(picture: Image.Image) -> Image.Image:
        data = io.BytesIO()
        picture.convert("RGB").save(data, "JPEG", quality=quality)
        return Image.open(data)

    return way


def _scaled(factor: float) -> Way:
    def way(picture: Image.Image) -> Image.Image:
        width, height = (max(1, round(side * factor)) for side in picture.size)
        return picture.resize((width, height), Image.Resampling.BILINEAR)

    return way


def _cropped(share: float, sides: int = 4) -> Way:
    def way(picture: Image.Image) -> Image.Image:
        width, height = picture.size
        left, top = max(1, round(width * share)), max(1, round(height * share)) if sides > 1 else 0
        return picture.crop((left, top, width - left if sides > 1 else width, height - top))

    return way


def _lit(factor: float, how: type = ImageEnhance.Brightness) -> Way:
    return lambda picture: how(picture.convert("RGB")).enhance(factor)


VARIANTS: Mapping[str, Way] = {
    **{f"JPEG of quality {quality}": _saved(quality) for quality in (30, 50, 75, 95)},
    **{f"scaled to {100 * factor:g} %": _scaled(factor) for factor in (0.25, 0.5, 0.8, 1.5)},
    **{f"brightness {100 * factor:g} %": _lit(factor) for factor in (0.6, 0.8, 1.2, 1.5)},
    **{f"contrast {100 * factor:g} %": _lit(factor, ImageEnhance.Contrast) for factor in (0.7, 1.4)},
    "without colour": _lit(0, ImageEnhance.Color),
    **{f"cropped by {100 * share:g} % at each side": _cropped(share) for share in (0.01, 0.02, 0.03, 0.05)},
    "cropped by 5 % at one side": _cropped(0.05, sides=1),
    "cropped by 2 %, half the size, quality 50": lambda picture: _saved(50)(
        _scaled(0.5)(_cropped(0.02)(picture))
    ),
}
"""What is done to pictures, by its name."""

_UNSURE = ("brightness 150 %", "cropped by 2", "cropped by 3", "cropped by 5")
MANY = (150_000, 1_000_000)


def ways(*, sure: bool) -> list[str]:
    """Return the names of `VARIANTS` that are always found, or of those that are not."""
    return [name for name in VARIANTS if name.startswith(_UNSURE) is not sure]


def main(folders: list[str]) -> None:
    """Measure, and print what was found."""
    with Engine() as engine:
        for folder in folders:
            _measure(engine, Path(folder))
    for count in MANY:
        _time_of(count)


def _measure(engine: Engine, folder: Path) -> None:
    options = ScanOptions(near_duplicates=True, masks="none", annotations="none")

    def scanned(place: Path) -> tuple[Sketches, list[str]]:
        catalog = engine.scan([str(place)], Control(), options)
        return sketches_of(catalog), list(catalog.path)

    began_s = time.perf_counter()
    own, names = scanned(folder)
    took_s = time.perf_counter() - began_s
    alike = np.count_nonzero(first_alike(own) >= 0)
    sys.stdout.write(
        f"{folder}: {len(names):,} pictures in {took_s:.1f} s; {alike:,} look like another one\n"
    )
    _usual_hashes([folder / name for name in names])
    files = [folder / name for name in names][:: max(1, len(names) // 1000)]
    for way, change in VARIANTS.items():
        with tempfile.TemporaryDirectory() as place:
            for number, file in enumerate(files):
                with Image.open(file) as picture:
                    change(picture).convert("RGB").save(Path(place, f"{number}.png"), compress_level=1)
            found, numbers = scanned(Path(place))
        places = np.array([int(Path(name).stem) for name in numbers])
        originals = own.take(np.arange(0, len(names), max(1, len(names) // 1000))[places])
        both = Sketches(
            np.concatenate((originals.coarse, found.coarse)), np.concatenate((originals.fine, found.fine))
        )
        pairs = both.alike(np.arange(len(places)), np.arange(len(places)) + len(places))
        sys.stdout.write(f"  {way}: {100 * pairs.mean():.1f} %\n")


def _usual_hashes(files: list[Path]) -> None:
    """Count the pairs that pHash (DCT of 32 × 32, compared with the median) and dHash (9 × 8) join."""
    cosines = np.cos(np.pi * np.arange(8)[:, None] * (np.arange(32) + 0.5) / 32)
    bits: dict[str, list[np.ndarray]] = {"pHash": [], "dHash": []}
    for file in files:
        with Image.open(file) as picture:
            grey = picture.convert("L")
        waves = (cosines @ np.asarray(grey.resize((32, 32), Image.Resampling.BOX), float) @ cosines.T).ravel()
        bits["pHash"].append(waves > np.median(waves[1:]))
        small = np.asarray(grey.resize((9, 8), Image.Resampling.BOX), int)
        bits["dHash"].append((small[:, 1:] > small[:, :-1]).ravel())
    for name, each in bits.items():
        hashes = np.packbits(each, axis=1).view(np.uint64)[:, 0]
        differ = sum(
            np.bincount(np.bitwise_count(one ^ hashes[place + 1 :]), minlength=65)
            for place, one in enumerate(hashes)
        )
        pairs = ", ".join(f"{np.cumsum(differ)[most]:,} differ in at most {most} bits" for most in (4, 8, 10))
        sys.stdout.write(f"  pairs by {name}: {pairs}\n")


def _time_of(count: int) -> None:
    rng = np.random.default_rng(0)
    halves = rng.integers(0, 2**64, (2, count), np.uint64, endpoint=False)
    began_s = time.process_time()
    alike = np.count_nonzero(first_alike(Sketches(*halves)) >= 0)
    sys.stdout.write(f"{count:,} sketches at random: {time.process_time() - began_s:.1f} s, {alike} alike\n")


if __name__ == "__main__":
    main(sys.argv[1:])
