"""The labels, targets and texts of a stack's rows, as its files have them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.aside import is_aside
from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.choices import LabelForm
from stackgui.core.base.errors import StackguiError
from stackgui.core.plan.taken import GROUPS
from stackgui.stores.format.group_members import GROUP
from stackgui.stores.format.header import read_json
from stackgui.stores.format.manifest_look import ManifestLook
from stackgui.stores.format.open_array import damaged, map_table, read_table
from stackgui.stores.format.tables import CLASSES_FILE, LABELS_FILE, MARK_FILES, TARGETS_FILE
from stackgui.stores.format.value_members import COLUMNS


def has_many_labels(header: Mapping[str, Any]) -> bool:
    """Return whether a row of the stack with this header may have several labels."""
    return bool(header["plan"]["options"].get("label_form") == LabelForm.MANY)


def read_labels(folder: str, header: Mapping[str, Any], rows: int) -> tuple[NDArray[Any], list[str]]:
    """Return the labels of all rows, in memory unless there may be several each, and the classes.

    Raises
    ------
    StackguiError
        When a file is missing or damaged.
    """
    names = read_json(folder, CLASSES_FILE)
    if not isinstance(names, list):
        raise StackguiError(damaged(folder, CLASSES_FILE))
    classes = [str(name) for name in names]
    if has_many_labels(header):
        return map_table(folder, LABELS_FILE, (rows, len(classes)), np.dtype(np.uint8)), classes
    return read_table(folder, LABELS_FILE, (rows,), np.dtype(np.int32)), classes


def read_targets(folder: str, names: list[str], rows: int) -> NDArray[np.float32] | None:
    """Return the targets of all rows, shape (rows, targets), if there are any; raises StackguiError."""
    if not names:
        return None
    return read_table(folder, TARGETS_FILE, (rows, len(names)), np.dtype(np.float32))


def read_mark(
    folder: str, header: Mapping[str, Any], mark: str, rows: int, watch: Cancellation = UNWATCHED
) -> NDArray[np.bool_]:
    """Return which rows have a mark of `MARK_FILES`, shape (rows,).

    Stacks that were updated before a mark had a table of its own have it in the manifest alone.

    Raises
    ------
    Cancelled
    StackguiError
        When what tells it is missing or damaged.
    """
    name = MARK_FILES[mark]
    if os.path.lexists(os.path.join(folder, name)):
        return read_table(folder, name, (rows,), np.dtype(np.bool_))
    if not header.get("row_changes", {}).get(mark):
        return np.zeros(rows, np.bool_) if not is_aside(rows) else np.broadcast_to(np.False_, rows)
    return ManifestLook(folder, rows).marked(mark, watch)


def group_column(header: Mapping[str, Any]) -> list[str]:
    """Return the name of the column of groups, if the rows have one and no list has a column of that name."""
    return [GROUP] if GROUPS in header and GROUP not in header["plan"].get(COLUMNS, ()) else []


def as_texts(column: Iterable[str]) -> NDArray[Any]:
    """Return texts as an array of NumPy's ``StringDType``."""
    return np.fromiter(column, np.dtypes.StringDType())
