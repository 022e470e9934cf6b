"""What can be looked at: a stack, or an array of pictures that somebody else made."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from stackgui.core.base.addresses import is_address, tidied
from stackgui.core.base.cancellation import Cancellation
from stackgui.core.plan.row_marks import RowMarks
from stackgui.core.viewing.opened import Opened, Reading, RowFacts, is_array_name
from stackgui.engine.viewing.foreign import ForeignArray
from stackgui.imaging.base.folder import MARKS_OF_STORES
from stackgui.stores.recovery.recognise import is_stack
from stackgui.stores.stack.viewed import ViewedStack

Part = tuple[int, int, int, int]
"""Top, left, height and width."""


class ViewedRows(Protocol):
    """Rows that are read when they are wanted; see `stackgui.stores.stack.viewed.ViewedStack`."""

    @property
    def opened(self) -> Opened:
        """What was opened."""

    def size(self, row: int) -> tuple[int, int]:
        """Return the height and width of a row."""

    def pixels(self, row: int, part: Part, step: int = 1) -> NDArray[Any]:
        """Read a part of a row, every `step` pixels, shape (h, w, C)."""

    def mask(self, row: int, part: Part, step: int = 1) -> NDArray[Any] | None:
        """Read a part of the mask of a row, shape (h, w); None if there are no masks."""

    def facts(self, rows: Sequence[int]) -> list[RowFacts]:
        """Return what each of `rows` is."""

    def marks(self, row: int) -> RowMarks | None:
        """Return the objects in a row; None without annotations."""

    def columns(
        self, names: Sequence[str], watch: Cancellation
    ) -> Iterator[tuple[int, dict[str, NDArray[Any]]]]:
        """Yield columns of some rows after the other."""

    def names(self, watch: Cancellation) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """Yield the names of the files of some rows after the other, with a zero byte after each."""

    def close(self) -> None:
        """Close all files."""


def view_rows(path: str, reading: Reading, watch: Cancellation) -> ViewedRows:
    """Open what is at `path`, without reading its pixels.

    Parameters
    ----------
    path
        A stack, or a ``.npy``, ``.npz`` or Zarr store; or the address of a stack in a bucket.
    reading
        How an array of somebody else is read.
    watch
        Checked while a packed array is unpacked.

    Raises
    ------
    StackguiError
        When there is neither, or it is damaged.
    """
    if is_address(path):
        from stackgui.stores.remote.viewed import ViewedPlace  # noqa: PLC0415 - loads what speaks with servers

        return ViewedPlace(tidied(path))
    place = os.path.abspath(path)
    if os.path.isdir(place) and (is_stack(place) or not _is_store(place)):
        return ViewedStack(place, str(user_cache_path("stackgui", appauthor=False) / "names"))
    return ForeignArray(place, reading, watch)


def _is_store(folder: str) -> bool:
    return is_array_name(folder) or any(
        os.path.isfile(os.path.join(folder, name)) for name in MARKS_OF_STORES
    )
