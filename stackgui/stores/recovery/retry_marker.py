"""Mark a stack whose failed rows are being retried, and complete or undo an interrupted retry."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import StackguiError
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.run.row_results import runs
from stackgui.stores.arrays.array_file import ArrayFile
from stackgui.stores.arrays.rows import Blank
from stackgui.stores.files import renaming
from stackgui.stores.files.durable import sync_folder
from stackgui.stores.format.header import HEADER_FILE, buckets_in, file_in, fills_in, read_header
from stackgui.stores.format.open_array import damaged, map_table
from stackgui.stores.format.row_edits import EDITS_FILE
from stackgui.stores.format.tables import MANIFEST_FILES, PLACEMENTS_FILE, TABLES, new_file
from stackgui.stores.recovery.lease import end_left
from stackgui.stores.recovery.marks import RETRIED, RETRYING, is_marked, unmark

NEXT = ".next"
"""Suffix of the names of new tables."""

_BLANK_BYTES = 2**20
"""Bytes compared and written at a time."""


_REMOVABLE = frozenset((*MANIFEST_FILES, EDITS_FILE))
"""Tables of which nothing is left where a new one is empty; see `remove_table`."""


def remove_table(folder: str, name: str) -> None:
    """Write beside a table that it is to be removed, when the new tables count; raises StoreError."""
    if name not in _REMOVABLE:
        raise ValueError(name)
    with new_file(os.path.join(folder, name + NEXT)):
        pass


def begin_retry(folder: str) -> None:
    """Mark a stack, which the caller has locked, as being retried; raises OSError."""
    for name in TABLES:
        # A stack may come from anyone, and one of these names may be a link.
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(folder, name + NEXT))
    with open(os.path.join(folder, RETRYING), "xb"):
        pass
    sync_folder(folder)


def confirm_retry(folder: str) -> None:
    """Make the new tables count, whose contents are already synced; raises OSError."""
    if is_marked(folder, RETRYING):
        sync_folder(folder)
        renaming.rename(os.path.join(folder, RETRYING), os.path.join(folder, RETRIED))


def settle_retry(folder: str) -> None:
    """Complete or undo an interrupted retry of a stack, which the caller has locked.

    Raises
    ------
    OSError
    StackguiError
        When the stack is damaged.
    """
    if is_marked(folder, RETRIED):
        _complete(folder)
    elif is_marked(folder, RETRYING):
        _undo(folder)


def was_interrupted(folder: str) -> bool:
    """Return whether `settle_retry` still has something to do."""
    return is_marked(folder, RETRYING) or is_marked(folder, RETRIED)


def _complete(folder: str) -> None:
    sync_folder(folder)
    for name in TABLES:
        with suppress(FileNotFoundError):
            renaming.replace(os.path.join(folder, name + NEXT), os.path.join(folder, name))
    for table in (os.path.join(folder, name) for name in _REMOVABLE):
        # Only after its renaming: of two deletions a cut may undo one, and leave the old table.
        with suppress(FileNotFoundError):
            if not os.path.getsize(table):
                os.unlink(table)
    _end(folder, RETRIED)


def _undo(folder: str) -> None:
    end_left(folder)
    for name in TABLES:
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(folder, name + NEXT))
    header = read_header(folder)
    blank_rows(folder, header, None)
    _end(folder, RETRYING)


def _end(folder: str, mark: str) -> None:
    sync_folder(folder)
    unmark(folder, mark)
    sync_folder(folder)


def blank_rows(folder: str, header: Mapping[str, Any], rows: NDArray[np.int64] | None) -> None:
    """Blank the rows without a placement among `rows`, or all such rows for None, and sync.

    Raises
    ------
    OSError
    StackguiError
        When the stack is damaged.
    """
    try:
        arrays = buckets_in(header["plan"])
        fills = fills_in(header["plan"])
    except (KeyError, TypeError, ValueError) as error:
        raise StackguiError(damaged(folder, HEADER_FILE)) from error
    count = sum(bucket[0].rows for bucket in arrays)
    # Rows that were excluded by hand are not valid, but keep their pixels.
    blank = np.array(map_table(folder, PLACEMENTS_FILE, (count, 4), np.dtype(np.int32)))[:, 2] == 0
    if rows is not None:
        blank &= np.isin(np.arange(count), rows)
    first = 0
    for bucket in arrays:
        of_bucket = blank[first : first + bucket[0].rows]
        for array, fill in zip(bucket, fills, strict=False):
            _blank_rows_of(folder, array, fill, of_bucket)
        first += len(of_bucket)


def _blank_rows_of(folder: str, array: ArraySpec, fill: float, rows: NDArray[np.bool_]) -> None:
    file = ArrayFile(file_in(folder, array.file), array, sparse=True, existing=True)
    try:
        blank = Blank.of(fill, array.dtype)
        for begin, end in runs(rows):
            blank_part(file, blank, begin * array.row_bytes, end * array.row_bytes)
        file.sync()
    finally:
        file.abort()


def blank_part(file: ArrayFile, blank: Blank, begin: int, end: int) -> None:
    """Blank the bytes from `begin` up to `end`, counted after the header; raises OSError."""
    if blank.is_zero:
        file.make_zero(begin, end)
    else:
        _fill(file, blank, begin, end)


def _fill(file: ArrayFile, blank: Blank, begin: int, end: int) -> None:
    """Write the fill value to the bytes from `begin` up to `end` that differ from it."""
    line = blank.number * (_BLANK_BYTES // len(blank.number))
    for position in range(begin, end, len(line)):
        wanted = line[: min(len(line), end - position)]
        if file.read_at(position, len(wanted)) != wanted:
            file.write_at(position, memoryview(wanted))
