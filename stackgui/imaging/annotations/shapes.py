"""Shapes that formats describe by a few numbers, as polygons."""

from __future__ import annotations

import math

from stackgui.core.annotations.builder import Box, Point
from stackgui.core.base.wording import say

UNSUPPORTED = say("The annotation is of a kind that cannot be used, such as a line or a cuboid.")
NO_SIZE = say("The mask cannot be placed, because the size of its picture is not known.")
BAD_MASK = say("The mask of the annotation cannot be read.")

_ROUND_CORNERS = 64
"""Corners of a polygon that stands for a circle; a multiple of four, so that its bounds are exact."""


def rectangle(box: Box) -> list[Point]:
    """Return the corners of a box."""
    left, top, right, bottom = box
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def turned(points: list[Point], centre: Point, degrees: float) -> list[Point]:
    """Return points turned clockwise about `centre`, as they are seen."""
    if not math.isfinite(degrees):
        return [(math.nan, math.nan)] * len(points)
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    x0, y0 = centre
    return [
        (x0 + (x - x0) * cosine - (y - y0) * sine, y0 + (x - x0) * sine + (y - y0) * cosine)
        for x, y in points
    ]


def ellipse(centre: Point, radius_x: float, radius_y: float) -> list[Point]:
    """Return corners of an ellipse whose axes are upright."""
    steps = (2 * math.pi * step / _ROUND_CORNERS for step in range(_ROUND_CORNERS))
    return [(centre[0] + radius_x * math.cos(step), centre[1] + radius_y * math.sin(step)) for step in steps]


def upright(corners: list[Point]) -> Box:
    """Return the box between opposite corners, which come in any order, or around points."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)
