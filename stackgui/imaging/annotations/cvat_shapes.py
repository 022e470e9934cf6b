"""The shapes of CVAT's XML, each as a box, polygons, keypoints or a mask."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple
from xml.etree.ElementTree import Element

import numpy as np

from stackgui.core.annotations.builder import Box, Point
from stackgui.core.base.wording import Wording, say
from stackgui.imaging.annotations import run_lengths
from stackgui.imaging.annotations.numbers import box_corners, ellipse_corners, is_set, number, turned

MAX_MASK_PX = 2**27
"""Pixels of the largest rectangle in which a mask is believed to lie."""

HIDDEN, VISIBLE = 1.0, 2.0
_RECTANGLE = ("left", "top", "width", "height")


class Shape(NamedTuple):
    """What `AnnotationsBuilder.add` takes."""

    box: Box | None = None
    rings: Sequence[Sequence[Point]] = ()
    keypoints: Sequence[tuple[float, float, float]] = ()
    bitmap: tuple[bytes, int, int] = (b"", 0, 0)


class ShapeError(ValueError):
    """Says in a sentence for people why a shape is not read."""

    def __init__(self, sentence: Wording) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def _box(element: Element, size: tuple[int, int], parts: Sequence[str]) -> Shape:
    del size, parts
    given = element.get
    left, top, right, bottom = (
        number(given("xtl")),
        number(given("ytl")),
        number(given("xbr")),
        number(given("ybr")),
    )
    box = (left, top, right, bottom)
    if not (degrees := number(given("rotation", "0"))):
        return Shape(box)
    centre = ((left + right) / 2, (top + bottom) / 2)
    return Shape(rings=[turned(box_corners(box), centre, math.radians(degrees))])


def _ellipse(element: Element, size: tuple[int, int], parts: Sequence[str]) -> Shape:
    del size, parts
    x, y, rx, ry = (number(element.get(name)) for name in ("cx", "cy", "rx", "ry"))
    degrees = number(element.get("rotation", "0"))
    return Shape(rings=[turned(ellipse_corners(x, y, rx, ry), (x, y), math.radians(degrees))])


def _polygon(element: Element, size: tuple[int, int], parts: Sequence[str]) -> Shape:
    del size, parts
    return Shape(rings=[_points(element)])


def _keypoints(element: Element, size: tuple[int, int], parts: Sequence[str]) -> Shape:
    del size, parts
    seen = _seen(element)
    return Shape(keypoints=[(x, y, seen) for x, y in _points(element)])


def _skeleton(element: Element, size: tuple[int, int], parts: Sequence[str]) -> Shape:
    del size
    found: dict[str, tuple[float, float, float]] = {}
    for each in element.iterfind("points"):
        if points := _points(each):
            seen = _seen(each)
            found[each.get("label", "")] = (*points[0], seen) if seen else (0.0, 0.0, 0.0)
    names = parts or list(found)
    return Shape(keypoints=[found.get(name, (0.0, 0.0, 0.0)) for name in names])


def _seen(element: Element) -> float:
    if is_set(element.get("outside")):
        return 0.0
    return HIDDEN if is_set(element.get("occluded")) else VISIBLE


def _points(element: Element) -> list[Point]:
    """Return corners that are written as ``x,y;x,y``."""
    text = element.get("points", "")
    try:
        return [(float(x), float(y)) for x, y in [each.split(",") for each in text.split(";")]]
    except ValueError:
        pairs = (each.partition(",") for each in text.split(";") if each.strip())
        return [(number(x), number(y)) for x, _, y in pairs]


def _mask(element: Element, size: tuple[int, int], parts: Sequence[str]) -> Shape:
    """Return a mask, whose run lengths go line by line through its own rectangle, zeros first."""
    del parts
    given = [number(element.get(name)) for name in _RECTANGLE]
    try:
        left, top, width, height = map(int, given)
        counts = [int(each) for each in element.get("rle", "").split(",") if each.strip()]
    except (ValueError, OverflowError):
        raise ShapeError(_wrong_mask()) from None
    fits = min(width, height) > 0 and width * height <= MAX_MASK_PX and min(counts, default=-1) >= 0
    if not fits or sum(counts) != width * height:
        raise ShapeError(_wrong_mask())
    if not all(size):
        raise ShapeError(say("The file does not say how large the picture of a mask is."))
    is_marked = np.arange(len(counts)) % 2 == 1
    part = np.repeat(is_marked, counts).reshape(height, width)
    try:
        packed = run_lengths.placed(part, top, left, *size)
        box = run_lengths.bounds(packed, size[0])
    except ValueError:
        raise ShapeError(_wrong_mask()) from None
    return Shape(box, bitmap=(packed, *size))


def _wrong_mask() -> Wording:
    return say("The run lengths of a mask do not suit its size.")


SHAPES: Mapping[str, Callable[[Element, tuple[int, int], Sequence[str]], Shape]] = MappingProxyType(
    {
        "box": _box,
        "ellipse": _ellipse,
        "mask": _mask,
        "points": _keypoints,
        "polygon": _polygon,
        "skeleton": _skeleton,
    }
)
"""How each shape is read: from its element, height and width of its picture, and names of its keypoints."""
