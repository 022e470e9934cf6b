"""Numbers in annotation files, and the corners that they mean."""

from __future__ import annotations

import math
from functools import lru_cache

from stackgui.core.annotations.builder import Box, Point

MAX_RADIUS = 1_000_000
"""Largest radius of an ellipse that is believed."""


def number(text: str | None) -> float:
    """Return the number that `text` is; NaN if it is none, of which the builder complains."""
    try:
        return float(text or "")
    except ValueError:
        return math.nan


def size_px(text: str | None) -> int:
    """Return the recorded height or width of a picture, or 0 if `text` is none."""
    value = number(text)
    return int(value) if math.isfinite(value) else 0


@lru_cache(maxsize=256)
def is_set(text: str | None) -> bool:
    """Return whether `text` is a yes: ``1``, ``true``, ``yes`` or a share that is not 0."""
    word = (text or "").strip().lower()
    return word in {"true", "yes"} or number(word) > 0


def turned(corners: list[Point], centre: Point, radians: float) -> list[Point]:
    """Turn corners around `centre`, clockwise as one sees it on a screen."""
    if not math.isfinite(radians):
        return [(math.nan, math.nan)] * len(corners)
    (x, y), cos, sin = centre, math.cos(radians), math.sin(radians)
    return [
        (x + (left - x) * cos - (top - y) * sin, y + (left - x) * sin + (top - y) * cos)
        for left, top in corners
    ]


def box_corners(box: Box) -> list[Point]:
    """Return the corners of a box, clockwise from the upper left."""
    left, top, right, bottom = box
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def ellipse_corners(x: float, y: float, rx: float, ry: float) -> list[Point]:
    """Return a polygon that is nowhere farther than a tenth of a pixel from the ellipse around x, y."""
    largest = max(abs(rx), abs(ry))
    if not largest < MAX_RADIUS:
        return [(math.nan, math.nan)] * 3
    count = 4 * math.ceil(math.pi / 4 / math.acos(1 - 0.1 / max(largest, 1)))
    angles = (2 * math.pi * index / count for index in range(count))
    return [(x + rx * math.cos(angle), y + ry * math.sin(angle)) for angle in angles]
