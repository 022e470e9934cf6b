"""Where the cells of a grid of any number of entries are, by arithmetic alone. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

MOST_STEPS = 2**30
"""Largest value of a scroll bar, which counts in 32 bits; a higher grid scrolls in larger steps."""


@dataclass(frozen=True, slots=True)
class GridLayout:
    """A grid of cells of one size, in lines from left to right.

    Attributes
    ----------
    count : int
        Number of entries.
    cell_width, cell_height : int
        Least size of a cell; the cells of a line share its width.
    width, height : int
        Size of the view.
    """

    count: int
    cell_width: int
    cell_height: int
    width: int
    height: int

    @property
    def columns(self) -> int:
        """Number of cells in a line."""
        return max(1, self.width // self.cell_width)

    @property
    def lines(self) -> int:
        """Number of lines."""
        return -(-self.count // self.columns)

    @property
    def most_offset(self) -> int:
        """How far the content can be scrolled, in pixels; may exceed 32 bits."""
        return max(0, self.lines * self.cell_height - self.height)

    @property
    def steps(self) -> int:
        """Largest value of the scroll bar."""
        return min(self.most_offset, MOST_STEPS)

    def offset(self, step: int) -> int:
        """Return how far the content is scrolled at a value of the scroll bar, in pixels."""
        if self.most_offset <= MOST_STEPS:
            return min(max(step, 0), self.most_offset)
        return min(max(step, 0), MOST_STEPS) * self.most_offset // MOST_STEPS

    def step(self, offset: int) -> int:
        """Return the value of the scroll bar whose `offset` this is, or the last before it."""
        inside = min(max(offset, 0), self.most_offset)
        if self.most_offset <= MOST_STEPS:
            return inside
        return -(-inside * MOST_STEPS // self.most_offset)

    def visible(self, offset: int) -> tuple[int, int]:
        """Return the first visible position, and the one after the last."""
        if not self.count or self.height <= 0:
            return 0, 0
        first = offset // self.cell_height
        last = -(-(offset + self.height) // self.cell_height)
        return min(first * self.columns, self.count), min(last * self.columns, self.count)

    def cell(self, position: int, offset: int) -> tuple[int, int, int, int]:
        """Return left, top, width and height of a cell in the view."""
        line, column = divmod(position, self.columns)
        left, right = (at * self.width // self.columns for at in (column, column + 1))
        return left, line * self.cell_height - offset, right - left, self.cell_height

    def position(self, x: int, y: int, offset: int) -> int:
        """Return the position at a point of the view, or -1 if there is none."""
        if not 0 <= x < self.width:
            return -1
        # The edges of columns are rounded down, so the point's column is found from the right edge of it.
        column = ((x + 1) * self.columns - 1) // self.width
        position = (y + offset) // self.cell_height * self.columns + column
        return position if y + offset >= 0 and position < self.count else -1

    def revealing(self, position: int, offset: int) -> int:
        """Return the offset nearest to `offset` at which a cell is wholly visible."""
        top = position // self.columns * self.cell_height
        least = min(top, top + self.cell_height - self.height)
        return min(max(min(max(offset, least), top), 0), self.most_offset)

    def moved(self, position: int, cells: int, lines: int, pages: int) -> int:
        """Return where a key moves to from a position, or from nowhere if it is -1."""
        if position < 0:
            return 0
        page = max(1, self.height // self.cell_height)
        to = position + cells + (lines + pages * page) * self.columns
        # A step up or down from the first or last line stays where it is; a page goes as far as there is.
        return position if lines and not 0 <= to < self.count else min(max(to, 0), self.count - 1)
