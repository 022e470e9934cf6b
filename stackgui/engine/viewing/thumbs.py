"""Rows as they are shown: small ones for a grid, and whole ones to be looked at closely."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stackgui import imaging
from stackgui.core.base.choices import Resample
from stackgui.core.base.errors import StackguiError, UnansweredError
from stackgui.core.run.progress import RowThumb
from stackgui.core.viewing.class_colours import is_unknown
from stackgui.core.viewing.contrast import Contrast, shown
from stackgui.core.viewing.opened import GridRow, LargeRow, RowFacts
from stackgui.engine.viewing.rows import Part, ViewedRows
from stackgui.engine.workers.control import Control

LARGE_PX = 4096
"""Longer side of a large row at most; of a larger one, every second, third … pixel is shown."""

_OVERSAMPLED = 2
"""How many pixels are read for each one of a thumbnail, along each side."""


def thumbs(
    rows: ViewedRows, wanted: Sequence[int], side_px: int, control: Control[tuple[GridRow, ...]]
) -> tuple[GridRow, ...]:
    """Return thumbnails of `wanted` rows, published one by one; one that cannot be read says why.

    Raises
    ------
    UnansweredError
        When a server does not answer, whose fault is not that of a row.
    """
    made: list[GridRow] = []
    for facts in rows.facts(wanted):
        control.check()
        try:
            thumb = _thumb(rows, facts, side_px)
        except UnansweredError:
            raise
        except StackguiError as error:
            thumb = _blank(facts, side_px, str(error))
        made.append(GridRow(facts, thumb))
        control.publish(tuple(made))
    return tuple(made)


def _thumb(rows: ViewedRows, facts: RowFacts, side_px: int) -> RowThumb:
    _top, _left, height, width = facts.placement
    if facts.reason or not height or not width:
        return _blank(facts, side_px, facts.reason or "")
    shrink = min(1.0, side_px / max(facts.size))
    row_h, row_w = (max(1, round(side * shrink)) for side in facts.size)
    top, left = (
        min(round(at * shrink), most - 1)
        for at, most in zip(facts.placement[:2], (row_h, row_w), strict=True)
    )
    small_h = min(max(1, round(height * shrink)), row_h - top)
    small_w = min(max(1, round(width * shrink)), row_w - left)
    step = max(1, min(height // (_OVERSAMPLED * small_h), width // (_OVERSAMPLED * small_w)))
    pixels = shown(rows.pixels(facts.row, facts.placement, step), Contrast.automatic)
    small = imaging.resize(np.ascontiguousarray(pixels), small_h, small_w, Resample.AREA.value)
    mask = rows.mask(facts.row, facts.placement, step)
    if mask is not None and is_unknown(mask):
        mask = None  # a veil over all of it would only make the picture pale
    if mask is not None:
        mask = imaging.resize(
            np.ascontiguousarray(mask)[..., np.newaxis], small_h, small_w, Resample.NEAREST.value
        )[..., 0]
    return RowThumb(
        facts.row, facts.name, small.astype(np.uint8, copy=False), (row_h, row_w),
        (top, left, small_h, small_w), marks=rows.marks(facts.row), mask=mask,
    )  # fmt: skip


def _blank(facts: RowFacts, side_px: int, reason: str) -> RowThumb:
    shrink = min(1.0, side_px / max(facts.size))
    row_h, row_w = (max(1, round(side * shrink)) for side in facts.size)
    return RowThumb(
        facts.row, facts.name, np.zeros((0, 0, 3), np.uint8), (row_h, row_w), (0, 0, 0, 0), reason
    )


def large(rows: ViewedRows, row: int) -> LargeRow:
    """Return a whole row with its padding; raises StackguiError."""
    (facts,) = rows.facts([row])
    height, width = facts.size
    step = -(-max(height, width) // LARGE_PX)
    whole: Part = (0, 0, height, width)
    marks = rows.marks(row)
    return LargeRow(facts, rows.pixels(row, whole, step), step, marks, rows.mask(row, whole, step))
