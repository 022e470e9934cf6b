"""Pictures that cost as much to decode as photographs do, made from a seed.

A photograph is made of shapes that lie on one another, each of its own colour and light, with sharp edges;
of texture, whose waves are the weaker the shorter they are; and of a sensor's noise. How much there is of the
latter two decides how many bits a pixel takes. It is set for each picture, until its file is as large as that
of a real photograph of the same width, height, quality and colour sampling. `photographs.csv` holds those
numbers of 250 photographs.

``python3 packaging/benchmark.py --compare-pictures`` compares them with real ones.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

TABLE = Path(__file__).with_name("photographs.csv")
SEED = 19
SIDE = 1024
"""Of the texture that all pictures cut theirs from; it goes on at the other edge."""

SMALL_SHAPES, SHAPE_PIXELS = 20, 900
LEAST_RADIUS, CORNERS = 4.0, 11
TRIES = 9
NEAR = 0.02
"""Files may be larger or smaller by that share than they should be."""

THUMBNAIL_PX, THUMBNAIL_QUALITY = 64, 75
THUMBNAIL_BITS = (4.0, 0.7)
"""Bits a pixel of small pictures: mean and deviation."""


@dataclass(frozen=True)
class Kind:
    """What a real photograph is like.

    Attributes
    ----------
    width, height, channels, quality, size_bytes : int
    sampling : int
        As Pillow counts: 0 for 4:4:4, 1 for 4:2:2, 2 for 4:2:0.
    """

    width: int
    height: int
    channels: int
    quality: int
    sampling: int
    size_bytes: int


@cache
def kinds() -> list[Kind]:
    """Those in the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Kind(**{name: int(value) for name, value in row.items()}) for row in csv.DictReader(file)]


def photographs(count: int | None = None) -> Iterator[bytes]:
    """Make the JPEG files, each from its own seed."""
    for number, kind in enumerate(kinds()[:count]):
        yield photograph(kind, number)


def photograph(kind: Kind, number: int, *, progressive: bool = False) -> bytes:
    """Make one JPEG file."""
    random = np.random.default_rng((SEED, number))
    scene = Scene.made(random, kind.height, kind.width, kind.channels)
    how = {"quality": kind.quality, "subsampling": kind.sampling, "progressive": progressive}
    return fitted(scene, kind.size_bytes, how)


def thumbnails(count: int) -> Iterator[bytes]:
    """Make JPEG files of 64 × 64."""
    random = np.random.default_rng((SEED, SIDE))
    how = {"quality": THUMBNAIL_QUALITY, "subsampling": 2}
    for _ in range(count):
        bits = float(np.clip(random.normal(*THUMBNAIL_BITS), 2, 5.5))
        scene = Scene.made(random, THUMBNAIL_PX, THUMBNAIL_PX, 3)
        yield fitted(scene, round(bits * THUMBNAIL_PX**2 / 8), how)


@dataclass(frozen=True)
class Scene:
    """What a picture shows, and how much detail could be added.

    Attributes
    ----------
    plain, detail : ndarray of float32, shape (H, W, C)
    """

    plain: np.ndarray
    detail: np.ndarray

    @classmethod
    def made(cls, random: np.random.Generator, height: int, width: int, channels: int) -> Scene:
        """Make one of that size."""
        shapes = _shapes(random, height, width)
        light = random.uniform(20, 235, 256).astype(np.float32)
        tint = random.normal(0, 28, (256, channels)).astype(np.float32) * (channels > 1)
        plain = (light[:, None] + tint)[shapes]
        plain += 45 * _texture(random, height, width, 1.0)[..., None]  # light falls unevenly
        rough = random.lognormal(-0.6, 1.3, 256).astype(np.float32)[shapes][..., None]
        detail = 26 * rough * _texture(random, height, width, 0.0)[..., None]
        detail = detail + random.normal(0, 1.0, (height, width, channels)).astype(np.float32)
        return cls(plain, detail)

    def picture(self, much: float) -> Image.Image:
        """Draw it with so much of its detail; below 0, with less contrast than it has."""
        pixels = self.plain + much * self.detail if much >= 0 else 128 + (self.plain - 128) * math.exp(much)
        drawn = np.clip(pixels, 0, 255).astype(np.uint8)
        return Image.fromarray(drawn if drawn.shape[2] > 1 else drawn[..., 0])


def fitted(scene: Scene, size_bytes: int, how: dict[str, object]) -> bytes:
    """Save `scene` with as much detail as makes a file of that size."""
    low, high, much, data = -4.0, 8.0, 0.6, b""
    for _ in range(TRIES):
        data = _saved(scene.picture(much), how)
        if abs(len(data) / size_bytes - 1) < NEAR:
            break
        low, high = (much, high) if len(data) < size_bytes else (low, much)
        much = (low + high) / 2
    return data


def _saved(picture: Image.Image, how: dict[str, object]) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", **how)
    return file.getvalue()


def _shapes(random: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Numbers of the shapes that are seen, each drawn over those before it; small ones are many."""
    picture = Image.new("L", (width, height))
    draw = ImageDraw.Draw(picture)
    count = min(255, SMALL_SHAPES + height * width // SHAPE_PIXELS)
    most = max(height, width) / 2
    radius = np.minimum(most, LEAST_RADIUS * (1 - random.random(count)) ** -1.0)
    middle = random.uniform(0, (width, height), (count, 2))
    flat, turned = random.uniform(0.3, 1, count), random.uniform(0, math.tau, count)
    corners = turned[:, None] + np.linspace(0, math.tau, CORNERS, endpoint=False)
    reach = radius[:, None] * random.uniform(0.7, 1, (count, CORNERS))
    points = np.stack((reach * np.cos(corners), flat[:, None] * reach * np.sin(corners)), axis=2)
    for number, outline in enumerate((points + middle[:, None]).reshape(count, -1).tolist()):
        draw.polygon(outline, fill=number)
    return np.asarray(picture)


def _texture(random: np.random.Generator, height: int, width: int, smooth: float) -> np.ndarray:
    """A piece of the texture, of deviation 1 as a whole."""
    whole = _waves(smooth)
    top, left = random.integers(0, SIDE, 2)
    rows, columns = np.arange(top, top + height) % SIDE, np.arange(left, left + width) % SIDE
    piece = whole[rows[:, None], columns[None]]
    return piece[::-1] if random.random() < 0.5 else piece


@cache
def _waves(smooth: float) -> np.ndarray:
    """Noise whose waves are the weaker the shorter they are, as 1/f, and more so as `smooth` says."""
    random = np.random.default_rng((SEED, 1 + round(10 * smooth)))
    waves = np.fft.rfft2(random.standard_normal((SIDE, SIDE)))
    length = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None])
    length[0, 0] = np.inf
    made = np.fft.irfft2(waves / length ** (1 + smooth), s=(SIDE, SIDE))
    return (made / made.std()).astype(np.float32)
