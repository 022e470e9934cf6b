"""What was opened to be looked at, and single rows of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stackgui.core.plan.plan import ArraySpec
from stackgui.core.plan.row_marks import RowMarks
from stackgui.core.run.progress import RowThumb

ARRAY_SUFFIXES = (".npy", ".npz", ".zarr")


def is_array_name(path: str) -> bool:
    """Return whether the name of a file or folder says that it is an array of pictures."""
    return path.rstrip("/\\").lower().endswith(ARRAY_SUFFIXES)


HAS_LABEL = "label="
"""With the number of a class, the name of a column that says which rows have it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How an array that somebody else made is read.

    Attributes
    ----------
    member : str
        The array in a file of several; ``""`` for the first.
    axes : str
        The order of its axes, as in `stackgui.core.catalog.axes.Axes`; ``""`` for what its shape suggests.
    """

    member: str = ""
    axes: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A stack, or another array of pictures, as it is seen.

    Attributes
    ----------
    path : str
        Absolute name of the folder or file.
    rows : int
    arrays : tuple of ArraySpec
        Files, shapes and dtypes of the arrays of pictures, whose row numbers continue from one to the next.
    is_stack : bool
        Whether this program made it: only then rows have files, labels and states.
    channels : int
    sizes : tuple of (int, int)
        Height and width of the rows of each array.
    classes, parts : tuple of str
    failed : int
        Number of blank rows.
    excluded : int
        Number of rows that were excluded by hand.
    gone : int
        Number of rows whose pictures were no longer found at the last update.
    has_boxes : bool
    mask_classes : mapping of int to str
        Names of the classes of masks by number; empty without masks.
    reading : Reading
        How an array of somebody else is read now.
    members, readings : tuple of str
        The arrays that the file holds, and the orders of axes that the shape allows.
    """

    path: str
    rows: int
    arrays: tuple[ArraySpec, ...]
    is_stack: bool
    channels: int
    sizes: tuple[tuple[int, int], ...]
    classes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    failed: int = 0
    excluded: int = 0
    gone: int = 0
    has_boxes: bool = False
    mask_classes: Mapping[int, str] = field(default_factory=dict)
    reading: Reading = Reading()
    members: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()

    @property
    def dtype(self) -> str:
        """Return the dtype of the pixels."""
        return self.arrays[0].dtype


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What a row is, and where it came from.

    Attributes
    ----------
    row : int
    array : str
        File of the array that holds it.
    index : int
        Its index in that array.
    size : (int, int)
        Height and width of the whole row, in pixels.
    placement : (int, int, int, int)
        Top, left, height and width of the picture in the row; all 0 for a blank row.
    file : str
        Absolute path of the file it was made from, or of the archive that holds it; ``""`` if unknown.
    name : str
        Path of that file below its source; ``""`` if unknown.
    own_size : (int, int)
        Height and width of the picture in its file; 0 if unknown.
    format : str
    file_bytes : int
        Size of the file; 0 if unknown.
    label, part : str
    reason : str
        Why the row is blank, or ``""``.
    is_excluded : bool
        Whether it was excluded by hand.
    is_gone : bool
        Whether its picture was no longer found at the last update.
    boxes : int
    """

    row: int
    array: str
    index: int
    size: tuple[int, int]
    placement: tuple[int, int, int, int]
    file: str = ""
    name: str = ""
    own_size: tuple[int, int] = (0, 0)
    format: str = ""
    file_bytes: int = 0
    label: str = ""
    part: str = ""
    reason: str = ""
    is_excluded: bool = False
    is_gone: bool = False
    boxes: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class GridRow:
    """A row as a grid shows it.

    Attributes
    ----------
    facts : RowFacts
    thumb : RowThumb
    """

    facts: RowFacts
    thumb: RowThumb


@dataclass(frozen=True, eq=False, slots=True)
class LargeRow:
    """A whole row, to be looked at closely.

    Attributes
    ----------
    facts : RowFacts
    pixels : array, shape (h, w, C)
        The row with its padding, of its own dtype.
    step : int
        Every how many pixels of a huge row, along each side, `pixels` holds one.
    marks : RowMarks or None
        The boxes, polygons and keypoints in the row.
    mask : integers, shape (h, w), or None
    """

    facts: RowFacts
    pixels: NDArray[np.generic]
    step: int = 1
    marks: RowMarks | None = None
    mask: NDArray[np.integer] | None = None
