"""The masks of single objects of a finished stack, which annotation files draw pixel by pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.ragged import Ragged
from stackgui.core.annotations.run_lengths import bounds, checked, sampled
from stackgui.core.base.errors import StackguiError
from stackgui.core.base.kept import kept
from stackgui.core.base.size import MAX_SIDE_PX
from stackgui.core.plan.placed_objects import place_objects
from stackgui.stores.format.annotation_tables import SOURCE_FILE, has_bitmaps
from stackgui.stores.format.open_array import damaged
from stackgui.stores.stack.reader import Stack
from stackgui.stores.stack.rows import rows_of


@dataclass(frozen=True, eq=False, slots=True)
class Bitmaps:
    """The masks of the objects of a stack, as annotation files have them: of whole upright pictures.

    Attributes
    ----------
    packed : Ragged of uint8
        The mask of each object as COCO's compressed RLE, or nothing.
    size : int32, shape (M, 2)
        Height and width of each.
    """

    packed: Ragged[np.uint8]
    size: NDArray[np.int32]

    @property
    def count(self) -> int:
        """Number of objects that have one."""
        return int(np.count_nonzero(self.packed.lengths))


@kept(most=1)
def bitmaps(stack: Stack) -> Bitmaps | None:
    """Return the masks of the objects of a stack, object after object; None if there are none.

    Raises
    ------
    StackguiError
        When its annotations or its manifest are damaged.
    """
    if stack.objects is None or not has_bitmaps(stack.path, stack.header):
        return None
    plan = rows_of(stack.path)
    placed, source = place_objects(plan, stack.filled), stack.annotations
    if placed is None or source is None or len(placed) != len(stack.objects):
        raise StackguiError(damaged(stack.path, SOURCE_FILE))
    of_rows = source.objects.take(placed.objects)
    found = Bitmaps(of_rows.bitmap, of_rows.bitmap_size)
    return found if found.count else None


def has_bitmap(stack: Stack, index: int) -> bool:
    """Return whether an object has a mask; raises as `bitmaps` does."""
    known = bitmaps(stack)
    return known is not None and len(known.packed[index]) > 0


def draw_bitmap(stack: Stack, index: int, covered: NDArray[np.uint8]) -> None:
    """Mark in `covered`, shape (H, W), which pixels of its row the mask of an object marks.

    Raises
    ------
    StackguiError
        When the mask is damaged.
    """
    known, objects = bitmaps(stack), stack.objects
    assert known is not None
    assert objects is not None
    (height, width), row = known.size[index].tolist(), int(objects.row[index])
    top, left, high, wide = stack.placements[row].tolist()
    scale_x, scale_y, offset_x, offset_y = stack.transforms[row].tolist()
    try:
        text = checked(known.packed[index].tobytes(), height, width)
        columns = _sources(left, wide, scale_x, offset_x, width)
        lines = _sources(top, high, scale_y, offset_y, height)
    except (ValueError, OverflowError) as error:
        raise StackguiError(damaged(stack.path, SOURCE_FILE)) from error
    first, above, last, below = bounds(text, height)
    across = np.flatnonzero((columns >= first) & (columns < last))
    down = np.flatnonzero((lines >= above) & (lines < below))
    covered[np.ix_(down + top, across + left)] = sampled(text, height, lines[down], columns[across])


def _sources(begin: int, count: int, scale: float, offset: float, side: int) -> NDArray[np.int64]:
    """Return the pixels of a picture that lie under `count` pixels of its row, along one axis.

    Raises
    ------
    ValueError
        When no picture lies there.
    """
    first, scaled = begin - round(offset), round(scale * side)
    if not 0 <= first <= first + count <= scaled <= MAX_SIDE_PX:
        raise ValueError("a place that no picture has")
    # Step by step, as Pillow does it, so that the same pixels are picked where they are a tie.
    steps = np.full(scaled, side / max(scaled, 1))
    if scaled:
        steps[0] /= 2
    found: NDArray[np.int64] = np.minimum(np.cumsum(steps).astype(np.int64), side - 1)
    return found[first : first + count]
