"""The masks of a finished stack, by row number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, Self, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import StackguiError
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import ArraySpec
from stackgui.stores.format.header import HEADER_FILE
from stackgui.stores.format.open_array import damaged, map_rows


class OfRows(Protocol):
    """What masks need to know of their stack."""

    @property
    def path(self) -> str:
        """Absolute name of the folder."""

    @property
    def header(self) -> Mapping[str, Any]:
        """Content of ``stack.json``."""

    @property
    def placements(self) -> NDArray[np.int32]:
        """Top, left, height and width of each sample in its row."""

    def place(self, row: SupportsIndex) -> tuple[int, int]:
        """Return the array that holds `row`, and the row's index in it."""


class MaskRows:
    """The masks of a stack's rows: ``masks[row]`` is the mask of a row, whichever array holds it.

    Attributes
    ----------
    arrays : list of memmap, shape (n, H, W) each
        Read only; one for each array of pictures, with the same rows.
    classes : dict of int to str
        Names of the classes by their numbers.
    ignore_value : int
        The number of padding, of blank rows and of pixels that belong to no class.
    """

    def __init__(self, stack: OfRows, specs: Sequence[ArraySpec]) -> None:
        self.arrays = [map_rows(stack.path, spec) for spec in specs]
        try:
            table = stack.header["plan"]["masks"]
            self.ignore_value = int(table["ignore_value"])
            self.classes = {int(each["number"]): str(each["name"]) for each in table["classes"]}
        except (KeyError, TypeError, ValueError) as error:
            raise StackguiError(damaged(stack.path, HEADER_FILE)) from error
        self._stack = stack

    @classmethod
    def of(cls, stack: OfRows, specs: Sequence[ArraySpec]) -> Self | None:
        """Return the masks in the arrays `specs`; None if there are none."""
        return cls(stack, specs) if specs else None

    def __len__(self) -> int:
        return sum(map(len, self.arrays))

    def __getitem__(self, row: SupportsIndex) -> NDArray[Any]:
        """Return the mask of a whole row, padding included, as a read-only view, shape (H, W).

        Raises
        ------
        IndexError
            When there is no such row.
        """
        array, index = self._stack.place(row)
        mask: NDArray[Any] = self.arrays[array][index]
        return mask

    def __iter__(self) -> Iterator[NDArray[Any]]:
        return map(self.__getitem__, range(len(self)))

    def __repr__(self) -> str:
        return f"<{self.text}: {self.classes}>"

    def original(self, row: SupportsIndex) -> NDArray[Any]:
        """Return the mask of `row` without padding, as a read-only view, shape (h, w)."""
        top, left, height, width = self._stack.placements[row].tolist()
        mask: NDArray[Any] = self[row][top : top + height, left : left + width]
        return mask

    @property
    def text(self) -> str:
        """Describe them in a few words."""
        return say(
            "masks of {classes} ({dtype}, {ignore} for none)",
            classes=format_count(len(self.classes), "class", "classes"),
            dtype=self.arrays[0].dtype.name,
            ignore=self.ignore_value,
        )

    def close(self) -> None:
        """Release the files; existing views keep them open."""
        self.arrays = [np.empty((0, *array.shape[1:]), array.dtype) for array in self.arrays]
