"""The list of rows that exports in folders come with: the stack's own, for people and their spreadsheets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackgui.core.base.cancellation import Progress
from stackgui.stores.files.opening import open_to_write
from stackgui.stores.format.columns_manifest import has_columns
from stackgui.stores.format.header import file_in
from stackgui.stores.format.manifest import CSV_FILE, RowTable
from stackgui.stores.format.manifest_lines import write_sheet
from stackgui.stores.format.names import NAMES_FILE
from stackgui.stores.format.read_manifest import plan_of
from stackgui.stores.format.row_edits import read_edits

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack

ROWS_FILE = "rows.csv"
_COPY_BYTES = 4 * 2**20
_LINE_BYTES = 240
"""Size of a line without its name, somewhat more than most have."""

_MORE_BYTES = 64
"""By so much an edit may lengthen a line, unless the name of its class is very long."""


def listing_bytes(stack: Stack) -> int:
    """Return the size of the list, roughly if it is not there yet."""
    if has_columns(stack.path):
        return len(stack) * _LINE_BYTES + os.stat(file_in(stack.path, NAMES_FILE)).st_size
    return os.stat(file_in(stack.path, CSV_FILE)).st_size + _MORE_BYTES * len(read_edits(stack.path))


def write_listing(stack: Stack, folder: str, progress: Progress) -> None:
    """Write the list into `folder`."""
    if has_columns(stack.path):
        with open_to_write(os.path.join(folder, ROWS_FILE)) as made:
            for part in _sheet(stack):
                made.write(part)
                progress.check()
        return
    if edits := read_edits(stack.path):
        with open_to_write(os.path.join(folder, ROWS_FILE)) as made:
            write_sheet(stack.path, made, len(stack), edits)
        return
    with (
        open(file_in(stack.path, CSV_FILE), "rb") as source,
        open_to_write(os.path.join(folder, ROWS_FILE)) as made,
    ):
        while piece := source.read(_COPY_BYTES):
            made.write(piece)
            progress.check()


def _sheet(stack: Stack) -> Iterator[bytes]:
    """Yield the parts of the table that stacks of fewer rows come with."""
    plan = plan_of(stack.header, stack.manifest, stack.annotations)
    table = RowTable.of(plan, stack.filled, stack.manifest.reason)
    return (sheet for sheet, _lines in table.parts())
