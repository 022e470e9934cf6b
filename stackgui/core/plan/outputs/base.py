"""What a plan, a store and a reader have to know of the files in which rows are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stackgui.core.plan.plan import ArraySpec

START_BYTES = 16 * 2**10
"""Read of a file to find out where its rows begin."""


@dataclass(frozen=True, slots=True)
class Output:
    """A kind of file that holds one array: a header, and behind it all rows one after another.

    What is declared here can be planned, filled, resumed, verified, repaired, mapped and exported without
    further code.

    Attributes
    ----------
    suffix : str
        Of the files' names, with the dot. No two outputs have the same.
    header : callable
        The bytes that stand before the rows of an array.
    rows_begin : callable
        Takes the first `START_BYTES` bytes of a file, which may come from anyone, and the array to be
        found there. Returns the place of the first row, or None where the file holds something else.
    loading : str
        The Python expression that maps such a file with NumPy alone, with ``{path}`` for the file's path.
    """

    suffix: str
    header: Callable[[ArraySpec], bytes]
    rows_begin: Callable[[bytes, ArraySpec], int | None]
    loading: str
