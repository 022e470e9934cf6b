"""The progress of scans and runs, with the rows that they show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog.statistics import Statistics
from stackgui.core.plan.row_marks import RowMarks


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """The progress of a scan; all figures are preliminary until the scan returns its catalog.

    Attributes
    ----------
    samples_found, samples_read : int
        Files that may be samples, and those whose headers have been read.
    skipped : int
    masks, masks_read : int
        Masks whose numbers are counted after that, and those counted; 0 before.
    annotations, annotations_read : int
        Annotation files that are read after that, and those read; 0 before.
    sketches, sketches_made : int
        Pictures that are looked at for near-duplicates after that, and those looked at; 0 before.
    searching : bool
        Whether folders are still being searched, so that `samples_found` keeps growing.
    current : str
        The folder or file that is being read.
    asked : str
        The folder, file or address of which an answer is awaited, or ``""``.
    asked_s : int
        For how many seconds; 0 if not for long.
    statistics : Statistics or None
        Statistics of the samples read so far, if requested; they may lag behind the counts.
    """

    samples_found: int = 0
    samples_read: int = 0
    skipped: int = 0
    masks: int = 0
    masks_read: int = 0
    annotations: int = 0
    annotations_read: int = 0
    sketches: int = 0
    sketches_made: int = 0
    searching: bool = True
    current: str = ""
    asked: str = ""
    asked_s: int = 0
    statistics: Statistics | None = None

    @property
    def stage(self) -> tuple[int, int]:
        """How many files of the present stage are done, and of how many; (0, 0) while that is unknown."""
        if self.searching:
            return 0, 0
        if self.sketches:
            return self.sketches_made, self.sketches
        if self.annotations:
            # How much of one large file is read cannot be told.
            return (0, 0) if self.annotations == 1 else (self.annotations_read, self.annotations)
        return (self.masks_read, self.masks) if self.masks else (self.samples_read, self.samples_found)


class Phase(StrEnum):
    """The stage that a run is in."""

    PREPARING = "preparing"
    SCANNING = "scanning"
    MEASURING = "measuring"
    CHECKING = "checking"
    FILLING = "filling"
    PAUSED = "paused"
    SAVING = "saving"
    FINISHING = "finishing"
    REPORTING = "reporting"
    EXPORTING = "exporting"
    SENDING = "sending"


@dataclass(frozen=True, eq=False, slots=True)
class Uncut:
    """A whole sample whose row holds only a part of it, at the scale of the row's thumbnail.

    Attributes
    ----------
    pixels : uint8, shape (h, w, 3)
    top, left : int
        Position in `pixels` of the part that is kept.
    """

    pixels: NDArray[np.uint8]
    top: int
    left: int


@dataclass(frozen=True, eq=False, slots=True)
class RowThumb:
    """A thumbnail of a row as it is stored in its array.

    Attributes
    ----------
    row : int
    name : str
        Path of the sample's file, relative to its source.
    pixels : uint8, shape (h, w, 3)
        The placed part only, scaled down for display.
    row_px : (int, int)
        Height and width of the whole row at the thumbnail's scale.
    placement : (int, int, int, int)
        Top, left, height and width of `pixels` within `row_px`; the rest is padding.
    reason : str
        Why the row is blank, or ``""``.
    uncut : Uncut or None
        The whole sample, if requested and if the row holds only a part of it.
    marks : RowMarks or None
        The objects in the row, in pixels of the row itself; None without annotations.
    mask : integers, shape (h, w), or None
        Numbers of classes under `pixels`; None if the stack has no masks or the row is blank.
    """

    row: int
    name: str
    pixels: NDArray[np.uint8]
    row_px: tuple[int, int]
    placement: tuple[int, int, int, int]
    reason: str = ""
    uncut: Uncut | None = None
    marks: RowMarks | None = None
    mask: NDArray[np.integer] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class FillProgress:
    """The progress of a run.

    Attributes
    ----------
    phase : Phase
    rows_done, rows : int
    failed : int
        Rows left blank so far.
    rows_per_s : float
        Rate over the last seconds.
    seconds_left : float or None
        Remaining time; None while it cannot be estimated.
    elapsed_s : float
        Time since the start, without pauses.
    memory_bytes, free_memory_bytes : int
        Memory of this program with its workers, and the memory that the system has left.
    thumbs : tuple of RowThumb
        Thumbnails of some recently written rows, newest last.
    trouble : str
        Why the run paused by itself, for example because the disk is full, and what to do; otherwise ``""``.
        `Control.resume` tries again.
    """

    phase: Phase = Phase.PREPARING
    rows_done: int = 0
    rows: int = 0
    failed: int = 0
    rows_per_s: float = 0.0
    seconds_left: float | None = None
    elapsed_s: float = 0.0
    memory_bytes: int = 0
    free_memory_bytes: int = 0
    thumbs: tuple[RowThumb, ...] = ()
    trouble: str = ""
