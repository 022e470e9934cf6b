"""What a stack consists of as it is looked at, whether that is in files or in a bucket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Placement = tuple[int, int, int, int]
"""Top, left, height and width."""


class ViewedTable(Protocol):
    """A table of which pieces are read when they are wanted; see `TableFile`."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    is_fortran: bool

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> NDArray[Any]: ...

    @property
    def item_bytes(self) -> int:
        """Size of one entry of the first axis, in bytes."""

    def read(self, begin: int, end: int) -> NDArray[Any]:
        """Read entries of the first axis, shape (end - begin, …); raises StackguiError."""

    def close(self) -> None:
        """Let go of it."""


class ViewedPixels(Protocol):
    """The rows of an array; see `ArrayRows`."""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of a row."""

    def read(self, row: int, part: Placement, step: int = 1) -> NDArray[Any]:
        """Read a part of a row, every `step` pixels, shape (h, w, C); raises StackguiError."""


class ViewedLines(Protocol):
    """What the manifest says of rows; see `ManifestLook`."""

    def lines(self, rows: Sequence[int]) -> Sequence[Mapping[str, Any]]:
        """Return what is known of `rows`, as ``manifest.jsonl`` has it; raises StackguiError."""
