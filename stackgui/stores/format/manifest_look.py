"""Look at single rows of a manifest of any length, and at the names in it without keeping them.

`stackgui.stores.format.read_manifest` reads a whole manifest, which as text takes minutes and gigabytes for
ten million rows. What looks at a stack needs the rows on the screen, and to pass once over the names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Cancellation
from stackgui.stores.format.columns_manifest import ColumnsLook, has_columns
from stackgui.stores.format.manifest import JSON_FILE
from stackgui.stores.format.manifest_columns import COLUMNS_FILE
from stackgui.stores.format.manifest_lines_look import LinesLook
from stackgui.stores.format.names import Names


def manifest_name(folder: str) -> str:
    """Return the name of the file that is the manifest of the stack in `folder`, for programs."""
    return COLUMNS_FILE if has_columns(folder) else JSON_FILE


class ManifestLook:
    """The manifest of a stack, of which some rows are read when they are wanted.

    Parameters
    ----------
    folder : str
    rows : int
    """

    def __init__(self, folder: str, rows: int) -> None:
        self._folder = folder
        self._lines, self._columns = LinesLook(folder, rows), ColumnsLook(folder, rows)

    @property
    def _form(self) -> LinesLook | ColumnsLook:
        # A retry may have written the manifest in the other form since.
        return self._columns if has_columns(self._folder) else self._lines

    def lines(self, rows: Sequence[int]) -> Sequence[Mapping[str, Any]]:
        """Return what ``manifest.jsonl`` has, or would have, in the lines of `rows`, in that order.

        Raises
        ------
        StackguiError
            When the manifest is missing or damaged.
        """
        return self._form.lines(rows)

    def entries(self) -> Iterator[Mapping[str, Any]]:
        """Yield the line of each row, in their order; raises as `lines` does."""
        return self._form.entries()

    def names(self, begin: int, watch: Cancellation) -> Iterator[tuple[int, Names]]:
        """Yield the names of some rows after the other, after where to begin with those that follow.

        Parameters
        ----------
        begin
            Where to begin, 0 for all.
        watch

        Raises
        ------
        Cancelled
        StackguiError
            When the manifest is missing or damaged.
        """
        return self._form.names(begin, watch)

    def marked(self, mark: str, watch: Cancellation) -> NDArray[np.bool_]:
        """Return which rows have a mark, shape (rows,), in one pass over what tells it.

        Raises
        ------
        Cancelled
        StackguiError
            When the manifest or what stands beside it is missing or damaged.
        """
        return self._form.marked(mark, watch)
