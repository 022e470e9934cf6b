"""The entries of VIA's files, as far as they are used."""

from __future__ import annotations

from typing import Any

import msgspec

from stackgui.core.annotations.builder import Point
from stackgui.imaging.annotations.numbers import box_corners, ellipse_corners, turned
from stackgui.imaging.annotations.shapes import UNSUPPORTED, UnusableError
from stackgui.imaging.annotations.text import class_name

_CLASS_KEYS = ("class", "label", "category", "name", "type", "object")
"""What people call the attribute that holds the class, most usual first."""


class Place(msgspec.Struct):
    """Where a region is, by the kind that its name says."""

    name: str = ""
    x: float | None = None
    y: float | None = None
    width: float | None = None
    height: float | None = None
    cx: float | None = None
    cy: float | None = None
    r: float | None = None
    rx: float | None = None
    ry: float | None = None
    theta: float | None = None
    all_points_x: list[float] | None = None
    all_points_y: list[float] | None = None

    def corners(self) -> list[Point]:
        """Return the corners of anything but a point.

        Raises
        ------
        UnusableError
            If it is a line, or lacks a number.
        """
        nan = float("nan")
        numbers = (self.x, self.y, self.width, self.height, self.cx, self.cy, self.r, self.rx, self.ry)
        x, y, width, height, cx, cy, r, rx, ry = (nan if each is None else each for each in numbers)
        match self.name:
            case "rect":
                return box_corners((x, y, x + width, y + height))
            case "circle":
                return ellipse_corners(cx, cy, r, r)
            case "ellipse":
                return turned(ellipse_corners(cx, cy, rx, ry), (cx, cy), self.theta or 0)
            case "polygon" if len(self.all_points_x or ()) == len(self.all_points_y or ()):
                return list(zip(self.all_points_x or (), self.all_points_y or (), strict=True))
        raise UnusableError(UNSUPPORTED)


class Region(msgspec.Struct):
    """A region of a picture."""

    shape_attributes: Place
    region_attributes: dict[str, Any] = msgspec.field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return the class: the attribute with a usual name, or else the first that says anything."""
        said = {key.strip().lower(): _said(value) for key, value in self.region_attributes.items()}
        usual = next((said[key] for key in _CLASS_KEYS if said.get(key)), "")
        return class_name(usual or next((text for text in said.values() if text), ""))


class Entry(msgspec.Struct):
    """A picture with its regions; the first version numbered them."""

    filename: str
    regions: list[msgspec.Raw] | dict[str, msgspec.Raw] | None = None
    file_attributes: dict[str, Any] | None = None


def chosen(attributes: dict[str, Any]) -> list[str]:
    """Return what is ticked in the attributes of a picture."""
    boxes = (value for value in attributes.values() if isinstance(value, dict))
    return [name for box in boxes for name, is_set in box.items() if is_set is True]


def _said(value: object) -> str:
    if isinstance(value, dict):
        return next((name for name, is_set in value.items() if is_set is True), "")
    return value if isinstance(value, str) else ""
