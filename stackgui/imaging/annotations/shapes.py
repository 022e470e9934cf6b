"""Boxes of corners, and what is said of shapes that cannot be used."""

from __future__ import annotations

from collections.abc import Sequence

from stackgui.core.annotations.builder import Box, Point
from stackgui.core.base.wording import say

UNSUPPORTED = say("The annotation is of a kind that cannot be used, such as a line or a cuboid.")
NO_SIZE = say("The file does not say how large the picture of a mask is.")
BAD_MASK = say("The mask of the annotation cannot be read.")


class UnusableError(Exception):
    """A shape cannot be used; the first argument is a sentence for people."""


def upright(corners: Sequence[Point]) -> Box:
    """Return the box between opposite corners, which come in any order, or around points."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)
