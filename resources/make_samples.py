# ruff: noqa: INP001 - a script beside its data, in no package
"""Draw the sample pictures in ``resources/samples``; to be run again whenever it was changed.

Three folders, hence three labels; mixed sizes; and one of everything that a person's own pictures hold sooner
or later: a grey one, one that lies on its side with an orientation mark, one with transparency, a tensor, and
one that was cut off while it was copied. What was drawn is known, so each gets boxes, in one COCO file, and a
mask, in a folder of masks.
"""

from __future__ import annotations

import colorsys
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SAMPLES = Path(__file__).resolve().parent / "samples"
BOXES, MASKS = SAMPLES / "annotations" / "boxes.json", SAMPLES / "masks"
CLASSES = {"flower": (213, 94, 0), "planet": (0, 114, 178), "sun": (240, 228, 66)}
HEART = 0.22  # of a flower, in its radius
RING_FROM, RING_TO = 0.72, 1.0
RINGED = 0.6  # share of the planets
HALF = 0.5  # of a pixel has to be covered
FINER = 3  # drawn so many times larger and scaled down: smooth edges
ORIENTATION_TAG, TURN_CLOCKWISE = 0x0112, 6

Colours = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int, int], tuple[Colours, NDArray[np.bool_]]]
"""Draws colours, shape (H, W, 3), and returns also where the object is, shape (H, W)."""


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


def landscape(rng: np.random.Generator, height: int, width: int) -> tuple[Colours, NDArray[np.bool_]]:
    """Hills behind hills under an evening or a morning sky, and where the sun is."""
    y, x = plane(height, width)
    hue = rng.choice([0.02, 0.07, 0.55, 0.60, 0.78, 0.92])
    top, bottom = colour(hue + 0.08, 0.55, 0.75), colour(hue - 0.04, 0.35, 1.0)
    picture = blend(np.broadcast_to(top, (height, width, 3)), bottom, np.broadcast_to(y, (height, width)))
    aspect = width / height
    sun_y, sun_x, sun = rng.uniform(0.22, 0.42), rng.uniform(0.2, 0.8), rng.uniform(0.07, 0.12)
    distance = np.hypot(y - sun_y, (x - sun_x) * aspect)
    picture = blend(picture, colour(0.13, 0.25, 1.0), 0.55 * np.exp(-((distance / sun / 2) ** 2)))
    disc = distance < sun
    picture = blend(picture, colour(0.13, 0.12, 1.0), disc.astype(float))
    hills = int(rng.integers(4, 6))
    for hill in range(hills):
        near = (hill + 1) / hills
        edge = 0.45 + 0.45 * near**1.3 + 0.07 * waves(rng, x * (1.2 + near) * max(aspect, 0.8), 4)
        ink = colour(hue + 0.12 * near, 0.35 + 0.3 * near, 0.72 - 0.55 * near)
        mist = np.clip((y - edge) / 0.5, 0, 1) * 0.25
        picture = blend(
            picture, blend(np.broadcast_to(ink, picture.shape), bottom, mist), (y > edge).astype(float)
        )
        disc = disc & (y <= edge)
    return picture, disc


def planet(rng: np.random.Generator, height: int, width: int) -> tuple[Colours, NDArray[np.bool_]]:
    """A banded globe among stars, some with a ring, and where both are."""
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
    return blend(picture, colour(hue + 0.1, 0.2, 0.95), front), inside | (ringed & (shine > 0))


def flower(rng: np.random.Generator, height: int, width: int) -> tuple[Colours, NDArray[np.bool_]]:
    """A flower on a soft ground, and where it is."""
    y, x = plane(height, width)
    hue = rng.choice([0.0, 0.06, 0.13, 0.58, 0.75, 0.86, 0.93])
    ground = blend(
        np.broadcast_to(colour(0.30, 0.30, 0.90), (height, width, 3)), colour(0.40, 0.55, 0.55), (y + x) / 2
    )
    size = 0.46 * min(height, width)
    down, across = (y - 0.5) * height / size, (x - 0.5) * width / size
    distance, angle = np.hypot(down, across), np.arctan2(down, across)
    petals, turn = int(rng.integers(5, 11)), rng.uniform(0, 6.3)
    where = np.zeros((height, width), bool)
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
        where |= within
    heart = distance < HEART
    return blend(
        picture, colour(0.12, 0.85, 0.95) * (1 - 0.5 * distance[..., None] / HEART), heart.astype(float)
    ), where


def finished(drawing: Colours, height: int, width: int) -> Image.Image:
    """A drawing at its final size."""
    pixels = np.round(np.clip(drawing, 0, 1) * 255).astype(np.uint8)
    return Image.fromarray(pixels).resize((width, height), Image.Resampling.BOX)


Drawn = tuple[Image.Image, NDArray[np.bool_]]
"""A picture at its final size, and where its object is, `FINER` times larger."""


def drawn(draw: Draw, seed: int, height: int, width: int) -> Drawn:
    """The picture that `draw` makes of `seed`."""
    picture, where = draw(np.random.default_rng(seed), height * FINER, width * FINER)
    return finished(picture, height, width), where


# Folder, how it is drawn, what is on it, and (height, width) of each picture.
PICTURES: dict[str, tuple[Draw, str, tuple[tuple[int, int], ...]]] = {
    "flowers": (
        flower,
        "flower",
        ((180, 180), (240, 200), (128, 128), (300, 220), (96, 160), (200, 320), (150, 150)),
    ),
    "landscapes": (
        landscape,
        "sun",
        ((200, 300), (180, 400), (240, 320), (300, 200), (150, 240), (400, 260), (120, 360)),
    ),
    "planets": (
        planet,
        "planet",
        ((200, 200), (160, 160), (90, 90), (280, 280), (210, 330), (140, 110), (256, 192)),
    ),
}
AS_PNG = {("flowers", 3), ("planets", 3), ("planets", 6)}


class Annotating:
    """Boxes and masks of the pictures so far."""

    def __init__(self) -> None:
        self._images: list[dict[str, object]] = []
        self._boxes: list[dict[str, object]] = []

    def add(self, file: Path, name: str, where: NDArray[np.bool_]) -> None:
        """Mark the object called `name` in the picture `file`, which is upright like `where`."""
        height, width = (side // FINER for side in where.shape)
        self._images.append(
            {
                "id": len(self._images) + 1,
                "file_name": file.relative_to(SAMPLES).as_posix(),
                "height": height,
                "width": width,
            }
        )
        number = list(CLASSES).index(name) + 1
        share = where.reshape(height, FINER, width, FINER).mean(axis=(1, 3))
        mask = Image.fromarray(np.where(share >= HALF, number, 0).astype(np.uint8), "P")
        mask.putpalette([0, 0, 0, *(value for colour in CLASSES.values() for value in colour)])
        place = MASKS / file.parent.name / f"{file.stem}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        mask.save(place, optimize=True)
        rows, columns = np.nonzero(where)
        if len(rows):
            left, top = columns.min() / FINER, rows.min() / FINER
            size = (columns.max() + 1) / FINER - left, (rows.max() + 1) / FINER - top
            self._boxes.append(
                {
                    "id": len(self._boxes) + 1,
                    "image_id": len(self._images),
                    "category_id": number,
                    "bbox": [round(float(value), 2) for value in (left, top, *size)],
                    "iscrowd": 0,
                }
            )

    def save(self) -> None:
        """Write the boxes, and the names of the classes beside the masks."""
        categories = [{"id": number, "name": name} for number, name in enumerate(CLASSES, start=1)]
        BOXES.parent.mkdir(parents=True, exist_ok=True)
        lines = ",\n".join(
            f'"{key}": [\n{{}}\n]'.format(",\n".join(map(json.dumps, values)))
            for key, values in (
                ("images", self._images),
                ("annotations", self._boxes),
                ("categories", categories),
            )
        )
        BOXES.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
        names = enumerate(("background", *CLASSES))
        table = "".join(f"{number} {name}\n" for number, name in names)
        (MASKS / "labelmap.txt").write_text(table, encoding="utf-8")


def draw_plain(annotating: Annotating) -> None:
    """The ordinary pictures."""
    for folder, (draw, name, sizes) in PICTURES.items():
        (SAMPLES / folder).mkdir(parents=True, exist_ok=True)
        for number, (height, width) in enumerate(sizes, start=1):
            picture, where = drawn(draw, 100 * len(folder) + number, height, width)
            ending = "png" if (folder, number) in AS_PNG else "jpg"
            file = SAMPLES / folder / f"{folder[:-1]}-{number}.{ending}"
            picture.save(file, quality=86, optimize=True)
            annotating.add(file, name, where)


def draw_unusual(annotating: Annotating) -> None:
    """One of everything that needs care."""
    grey = SAMPLES / "landscapes" / "grey.jpg"
    picture, where = drawn(landscape, 41, 210, 280)
    picture.convert("L").save(grey, quality=86)
    annotating.add(grey, "sun", where)

    mark = Image.Exif()
    mark[ORIENTATION_TAG] = TURN_CLOCKWISE
    aside = SAMPLES / "landscapes" / "on-its-side.jpg"
    picture, where = drawn(landscape, 47, 320, 230)
    picture.transpose(Image.Transpose.ROTATE_90).save(aside, quality=86, exif=mark)
    annotating.add(aside, "sun", where)

    cut_out = SAMPLES / "flowers" / "transparent.png"
    picture, where = drawn(flower, 53, 140, 140)
    picture.putalpha(finished(where.astype(float), 140, 140))
    picture.save(cut_out, optimize=True)
    annotating.add(cut_out, "flower", where)

    tensor = SAMPLES / "planets" / "tensor.npy"
    picture, where = drawn(planet, 59, 72, 96)
    np.save(tensor, np.asarray(picture))
    annotating.add(tensor, "planet", where)

    whole = SAMPLES / "planets" / "cut-off.jpg"
    picture, where = drawn(planet, 61, 220, 220)
    picture.save(whole, quality=86)
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) * 6 // 10])
    annotating.add(whole, "planet", where)


if __name__ == "__main__":
    annotating = Annotating()
    draw_plain(annotating)
    draw_unusual(annotating)
    annotating.save()
