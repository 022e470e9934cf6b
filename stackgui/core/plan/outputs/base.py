"""The declaration of an output: what plans, stores and readers need to know about its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stackgui.core.plan.plan import ArraySpec

START_BYTES = 16 * 2**10
"""Bytes read from a file to find where its rows begin."""


@dataclass(frozen=True, slots=True)
class Output:
    """A kind of file that holds one array: a header, followed by all rows.

    An output that is declared this way can be planned, filled, resumed, verified, repaired, memory-mapped and
    exported without further code.

    Attributes
    ----------
    suffix : str
        File name suffix with its dot, unique to this output.
    header : callable
        Returns the bytes that precede the rows of an array.
    rows_begin : callable
        Takes the first `START_BYTES` bytes of an untrusted file and the array that is expected in it. Returns
        the byte offset of the first row, or None if the file holds something else.
    loading : str
        The Python expression that memory-maps such a file with NumPy alone, with ``{path}`` for its path,
        ``{dtype}`` and ``{shape}`` for those of its array, and ``{begin}`` for where its rows begin.
    """

    suffix: str
    header: Callable[[ArraySpec], bytes]
    rows_begin: Callable[[bytes, ArraySpec], int | None]
    loading: str
