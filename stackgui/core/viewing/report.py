"""What the report of a stack says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stackgui.core.base.histogram import Histogram
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.plan.row_marks import RowMarks
from stackgui.core.viewing.opened import Opened, RowFacts

REPORT_FILE = "report.html"
"""Its name in the folder of the stack."""


@dataclass(frozen=True, eq=False, slots=True)
class ReportRow:
    """A row in the report.

    Attributes
    ----------
    facts : RowFacts
    picture : str
        Address of the row without its padding, as ``data:``; ``""`` if there is nothing to see.
    mask : str
        Likewise of its mask, to be laid over the picture.
    marks : RowMarks or None
    size : (int, int)
        Height and width of the picture of an empty row, in pixels.
    is_preview : bool
        Whether the picture of an empty row is the small preview that its file holds, and not what could be
        read of the file itself.
    """

    facts: RowFacts
    picture: str = ""
    mask: str = ""
    marks: RowMarks | None = None
    size: tuple[int, int] = (0, 0)
    is_preview: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows or boxes there are of a class.

    Attributes
    ----------
    number : int or None
        Its number in the tables.
    name : str
        A class as people named it, or a text of the program.
    count : int
    parts : tuple of int
        Its rows in each part of the split, and in none; empty without a split.
    """

    number: int | None
    name: str
    count: int
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything that a report says.

    Attributes
    ----------
    opened : Opened
    name : str
    disk_bytes : int
    masks : tuple of ArraySpec
    plan : sequence of (str, str)
        The plan in words: what was decided, and how.
    samples, failures : sequence of ReportRow
        Some rows, and empty ones.
    classes : sequence of Counted
        Rows of each class; none if no row has a label.
    parts : sequence of Counted
        Rows of each part of the split.
    objects : sequence of Counted
        Boxes of each class.
    heights, widths : Histogram or None
        Of the pictures in their rows.
    warnings : sequence of str
    loading : sequence of (str, str)
        Name of a library, and the code that loads the stack with it.
    versions : mapping of str to str
        What made the rows.
    written : str
        Day on which the report was written.
    """

    opened: Opened
    name: str
    disk_bytes: int
    masks: tuple[ArraySpec, ...]
    plan: Sequence[tuple[str, str]]
    samples: Sequence[ReportRow]
    failures: Sequence[ReportRow]
    classes: Sequence[Counted]
    parts: Sequence[Counted]
    objects: Sequence[Counted]
    heights: Histogram | None
    widths: Histogram | None
    warnings: Sequence[str]
    loading: Sequence[tuple[str, str]]
    versions: Mapping[str, str] = field(default_factory=dict)
    written: str = ""

    @property
    def valid(self) -> int:
        """Number of rows that count."""
        return self.opened.rows - self.opened.failed - self.opened.excluded
