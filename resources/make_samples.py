# ruff: noqa: INP001 - a script beside its data, in no package
"""Draw the sample pictures in ``resources/samples``; to be run again whenever it was changed.

Three folders, hence three labels; mixed sizes; and one of everything that a person's own pictures hold sooner
or later: a grey one, one that lies on its side with an orientation mark, one with transparency, a tensor, and
one that was cut off while it was copied.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SAMPLES = Path(__file__).resolve().parent / "samples"
HEART = 0.22  # of a flower, in its radius
RING_FROM, RING_TO = 0.72, 1.0
RINGED = 0.6  # share of the planets
FINER = 3  # drawn so many times larger and scaled down: smooth edges
ORIENTATION_TAG, TURN_CLOCKWISE = 0x0112, 6

Colours = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int, int], Colours]


def colour(hue: float, saturation: float, value: float) -> Colours:
    """RGB from 0 to 1, shape (3,)."""
    return np.array(colorsys.hsv_to_rgb(hue % 1, saturation, value))


def plane(height: int, width: int) -> tuple[Colours, Colours]:
    """Coordinates y and x of all pixels, from 0 to 1, shapes (height, 1) and (1, width)."""
    return np.linspace(0, 1, height)[:, None], np.linspace(0, 1, width)[None, :]


def blend(ground: Colours, ink: Colours, share: Colours) -> Colours:
    """`share` (H, W) of `ink` over `ground` (H, W, 3)."""
    return ground + (ink - ground) * share[..., None]


def waves(rng: np.random.Generator, x: Colours, count: int) -> Colours:
    """A smooth random curve over `x`, about from -1 to 1."""
    total = np.zeros_like(x)
    for octave in range(1, count + 1):
        total += np.sin(x * octave * rng.uniform(3, 6) + rng.uniform(0, 6.3)) / octave
    return total / 1.8


def landscape(rng: np.random.Generator, height: int, width: int) -> Colours:
    """Hills behind hills under an evening or a morning sky."""
    y, x = plane(height, width)
    hue = rng.choice([0.02, 0.07, 0.55, 0.60, 0.78, 0.92])
    top, bottom = colour(hue + 0.08, 0.55, 0.75), colour(hue - 0.04, 0.35, 1.0)
    picture = blend(np.broadcast_to(top, (height, width, 3)), bottom, np.broadcast_to(y, (height, width)))
    aspect = width / height
    sun_y, sun_x, sun = rng.uniform(0.22, 0.42), rng.uniform(0.2, 0.8), rng.uniform(0.07, 0.12)
    distance = np.hypot(y - sun_y, (x - sun_x) * aspect)
    picture = blend(picture, colour(0.13, 0.25, 1.0), 0.55 * np.exp(-((distance / sun / 2) ** 2)))
    picture = blend(picture, colour(0.13, 0.12, 1.0), (distance < sun).astype(float))
    hills = int(rng.integers(4, 6))
    for hill in range(hills):
        near = (hill + 1) / hills
        edge = 0.45 + 0.45 * near**1.3 + 0.07 * waves(rng, x * (1.2 + near) * max(aspect, 0.8), 4)
        ink = colour(hue + 0.12 * near, 0.35 + 0.3 * near, 0.72 - 0.55 * near)
        mist = np.clip((y - edge) / 0.5, 0, 1) * 0.25
        picture = blend(
            picture, blend(np.broadcast_to(ink, picture.shape), bottom, mist), (y > edge).astype(float)
        )
    return picture


def planet(rng: np.random.Generator, height: int, width: int) -> Colours:
    """A banded globe among stars, some with a ring."""
    y, x = plane(height, width)
    hue = rng.uniform()
    night = colour(hue + 0.5, 0.6, 0.16)
    picture = np.broadcast_to(night, (height, width, 3)) * (0.55 + 0.45 * y[..., None])
    for _ in range(60):
        distance = np.hypot((y - rng.uniform()) * height, (x - rng.uniform()) * width) / FINER
        picture = blend(
            picture, np.ones(3), np.exp(-((distance / rng.uniform(0.5, 0.9)) ** 2)) * rng.uniform(0.3, 1)
        )
    radius = rng.uniform(0.26, 0.34) * min(height, width)
    down, across = (y - 0.5) * height / radius, (x - 0.5) * width / radius
    tilt = rng.uniform(-0.5, 0.5)
    along, upright = across * np.cos(tilt) + down * np.sin(tilt), down * np.cos(tilt) - across * np.sin(tilt)
    inside = np.hypot(down, across) <= 1
    depth = np.sqrt(np.clip(1 - down**2 - across**2, 0, 1))
    light = np.clip(0.55 * depth - 0.5 * across - 0.45 * down, 0.04, 1.1)
    band = 0.5 + 0.5 * np.sin(upright * rng.uniform(6, 13) + 0.5 * waves(rng, along * 2, 4))
    surface = blend(
        np.broadcast_to(colour(hue, 0.55, 0.95), picture.shape), colour(hue + 0.07, 0.25, 1.0), band
    )
    ring = np.hypot(along / 1.75, upright / 0.4)
    shine = ((ring > RING_FROM) & (ring < RING_TO)) * (0.5 + 0.3 * np.sin(ring * 60))
    ringed = rng.uniform() < RINGED
    front = shine * (upright > 0) * ringed
    picture = blend(picture, colour(hue + 0.1, 0.2, 0.9), shine * (upright <= 0) * ringed)
    picture = blend(picture, surface * light[..., None], inside.astype(float))
    return blend(picture, colour(hue + 0.1, 0.2, 0.95), front)


def bloom(rng: np.random.Generator, height: int, width: int) -> tuple[Colours, Colours]:
    """A flower on a soft ground, and where the flower is, shape (H, W)."""
    y, x = plane(height, width)
    hue = rng.choice([0.0, 0.06, 0.13, 0.58, 0.75, 0.86, 0.93])
    ground = blend(
        np.broadcast_to(colour(0.30, 0.30, 0.90), (height, width, 3)), colour(0.40, 0.55, 0.55), (y + x) / 2
    )
    size = 0.46 * min(height, width)
    down, across = (y - 0.5) * height / size, (x - 0.5) * width / size
    distance, angle = np.hypot(down, across), np.arctan2(down, across)
    petals, turn = int(rng.integers(5, 11)), rng.uniform(0, 6.3)
    flower = np.zeros((height, width), bool)
    picture = ground
    for layer in range(3):
        reach = (1.0 - 0.24 * layer) * (
            0.66 + 0.34 * np.abs(np.cos((angle + turn + layer * 0.9) * petals / 2))
        )
        within = distance < reach
        ink = blend(
            np.broadcast_to(colour(hue, 0.75 - 0.12 * layer, 0.72 + 0.12 * layer), picture.shape),
            colour(hue + 0.04, 0.35, 1.0),
            np.clip(distance / reach, 0, 1) ** 2,
        )
        picture = blend(picture, ink, within.astype(float))
        flower |= within
    heart = distance < HEART
    return blend(
        picture, colour(0.12, 0.85, 0.95) * (1 - 0.5 * distance[..., None] / HEART), heart.astype(float)
    ), flower


def flower(rng: np.random.Generator, height: int, width: int) -> Colours:
    """A flower on a soft ground."""
    return bloom(rng, height, width)[0]


def finished(drawing: Colours, height: int, width: int) -> Image.Image:
    """A drawing at its final size."""
    pixels = np.round(np.clip(drawing, 0, 1) * 255).astype(np.uint8)
    return Image.fromarray(pixels).resize((width, height), Image.Resampling.BOX)


def drawn(draw: Draw, seed: int, height: int, width: int) -> Image.Image:
    """The picture that `draw` makes of `seed`."""
    return finished(draw(np.random.default_rng(seed), height * FINER, width * FINER), height, width)


# Folder, how it is drawn, and (height, width) of each picture.
PICTURES: dict[str, tuple[Draw, tuple[tuple[int, int], ...]]] = {
    "flowers": (flower, ((180, 180), (240, 200), (128, 128), (300, 220), (96, 160), (200, 320), (150, 150))),
    "landscapes": (
        landscape,
        ((200, 300), (180, 400), (240, 320), (300, 200), (150, 240), (400, 260), (120, 360)),
    ),
    "planets": (planet, ((200, 200), (160, 160), (90, 90), (280, 280), (210, 330), (140, 110), (256, 192))),
}
AS_PNG = {("flowers", 3), ("planets", 3), ("planets", 6)}


def draw_plain() -> None:
    """The ordinary pictures."""
    for folder, (draw, sizes) in PICTURES.items():
        (SAMPLES / folder).mkdir(parents=True, exist_ok=True)
        for number, (height, width) in enumerate(sizes, start=1):
            picture = drawn(draw, 100 * len(folder) + number, height, width)
            ending = "png" if (folder, number) in AS_PNG else "jpg"
            picture.save(SAMPLES / folder / f"{folder[:-1]}-{number}.{ending}", quality=86, optimize=True)


def draw_unusual() -> None:
    """One of everything that needs care."""
    drawn(landscape, 41, 210, 280).convert("L").save(SAMPLES / "landscapes" / "grey.jpg", quality=86)

    mark = Image.Exif()
    mark[ORIENTATION_TAG] = TURN_CLOCKWISE
    upright = drawn(landscape, 47, 320, 230)
    upright.transpose(Image.Transpose.ROTATE_90).save(
        SAMPLES / "landscapes" / "on-its-side.jpg", quality=86, exif=mark
    )

    picture, where = bloom(np.random.default_rng(53), 140 * FINER, 140 * FINER)
    cut_out = finished(picture, 140, 140)
    cut_out.putalpha(finished(where.astype(float), 140, 140))
    cut_out.save(SAMPLES / "flowers" / "transparent.png", optimize=True)

    np.save(SAMPLES / "planets" / "tensor.npy", np.asarray(drawn(planet, 59, 72, 96)))

    whole = SAMPLES / "planets" / "cut-off.jpg"
    drawn(planet, 61, 220, 220).save(whole, quality=86)
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) * 6 // 10])


if __name__ == "__main__":
    draw_plain()
    draw_unusual()
