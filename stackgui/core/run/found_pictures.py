"""The pictures that an update has found, as they are in the stack and as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from stackgui.core.plan.plan import Plan
from stackgui.core.run.progress import RowThumb

NEW, GONE = "new", "gone"


@dataclass(frozen=True, eq=False)
class FoundPictures:
    """Which rows an update has found something about, in the order in which it lists them.

    Attributes
    ----------
    stack : str
        Folder of the stack.
    plan : Plan
        Of the stack as it is after the update.
    rows : mapping of str to int64, shape (k,)
        Rows of the pictures of each kind; see `stackgui.core.run.update_report.FOUND`.
    is_done : bool
        Whether the stack holds them already.
    """

    stack: str
    plan: Plan
    rows: Mapping[str, NDArray[np.int64]]
    is_done: bool

    @cached_property
    def all_rows(self) -> NDArray[np.int64]:
        """Row of each picture that is listed."""
        return np.concatenate([np.empty(0, np.int64), *self.rows.values()])

    @cached_property
    def _begins(self) -> NDArray[np.int64]:
        return np.cumsum([0, *map(len, self.rows.values())])

    def __len__(self) -> int:
        return len(self.all_rows)

    def kind(self, index: int) -> str:
        """Return what has become of a picture."""
        return tuple(self.rows)[int(np.searchsorted(self._begins, index, side="right")) - 1]

    def has_row(self, index: int) -> bool:
        """Return whether the stack holds a row of it."""
        return self.is_done or self.kind(index) != NEW

    def has_file(self, index: int) -> bool:
        """Return whether there is a file that makes its row another one."""
        return not self.is_done and self.kind(index) != GONE


@dataclass(frozen=True, eq=False, slots=True)
class FoundPicture:
    """How a picture looks that an update has found.

    Attributes
    ----------
    index : int
        Its place in `FoundPictures`.
    before : RowThumb or None
        Its row as it stands in the stack.
    now : RowThumb or None
        The row that its file makes now.
    """

    index: int
    before: RowThumb | None
    now: RowThumb | None
