"""Keypoints of formats that call each of them by a name."""

from __future__ import annotations

from collections.abc import Iterable

from stackgui.core.annotations.builder import Point

VISIBLE = 2.0
_NOT_MARKED = (0.0, 0.0, 0.0)


class KeypointNames:
    """Gives each name of a keypoint its place among the keypoints of all objects."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names in order of first appearance."""
        return tuple(self._places)

    def keypoints(self, named: Iterable[tuple[str, Point]]) -> list[tuple[float, float, float]]:
        """Return the keypoints of an object; the last of a name counts."""
        marked = {self._places.setdefault(name, len(self._places)): point for name, point in named}
        return [
            (*marked[place], VISIBLE) if place in marked else _NOT_MARKED
            for place in range(max(marked, default=-1) + 1)
        ]
