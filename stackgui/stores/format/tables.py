"""Write the files beside a stack's arrays, all together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, BinaryIO, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.spread import Spread
from stackgui.core.plan.manifest_form import is_listed
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import label_shape, row_labels
from stackgui.core.run.row_results import RowResults
from stackgui.stores.files.durable import sync_file
from stackgui.stores.files.failures import explained
from stackgui.stores.files.opening import open_to_write
from stackgui.stores.files.together import Together
from stackgui.stores.format.annotation_tables import (
    ANNOTATION_FILES,
    SOURCE_FILE,
    TRANSFORM_NUMBERS,
    TRANSFORMS_FILE,
    annotation_tables,
    source_columns,
    transform_parts,
)
from stackgui.stores.format.header import HEADER_FILE
from stackgui.stores.format.manifest import CHUNK_ROWS, CSV_FILE, JSON_FILE, RowTable
from stackgui.stores.format.manifest_columns import COLUMNS_FILE, write_columns
from stackgui.stores.format.names import NAMES_FILE, packed, packed_bytes
from stackgui.stores.format.row_edits import EDITS_FILE

VALID_FILE = "valid.npy"
PLACEMENTS_FILE = "placements.npy"
CHECKSUMS_FILE = "checksums.npy"
LABELS_FILE = "labels.npy"
CLASSES_FILE = "classes.json"
SPLITS_FILE = "splits.npy"
TARGETS_FILE = "targets.npy"
EXCLUDED_FILE = "excluded.npy"
"""Only in stacks of which rows were excluded by hand, or were once."""
GONE_FILE = "gone.npy"
"""Only in stacks of which pictures were gone when they were last updated."""
MARK_FILES = {"excluded": EXCLUDED_FILE, "gone": GONE_FILE}
"""The marks of rows that have tables of their own, so that they are found without the manifest."""

MANIFEST_FILES = (CSV_FILE, JSON_FILE, COLUMNS_FILE)
"""The manifest in its two forms, of which a stack has one, with the table for people as part of the first."""

TABLES = (
    PLACEMENTS_FILE, CHECKSUMS_FILE, NAMES_FILE, LABELS_FILE, CLASSES_FILE, SPLITS_FILE, TARGETS_FILE,
    *ANNOTATION_FILES, *MANIFEST_FILES, EDITS_FILE, HEADER_FILE, EXCLUDED_FILE, GONE_FILE, VALID_FILE,
)  # fmt: skip
"""The order in which new tables replace old ones: a row becomes valid last."""

PathOf: TypeAlias = Callable[[str], str]


def write_tables(
    path_of: PathOf,
    plan: Plan,
    outcomes: RowResults,
    header: Mapping[str, Any],
    cancellation: Cancellation,
    *,
    spread: Spread = map,
) -> None:
    """Write all files beside the arrays and sync them, but not their names; may be retried.

    Parameters
    ----------
    path_of
        Returns the path to write the file of a given name to.
    plan, outcomes
        Plan, and results of all its rows.
    header
        Content of ``stack.json``.
    cancellation
        Checked from time to time.
    spread
        Formats the parts of the manifest.

    Raises
    ------
    StoreError
        When something cannot be written.
    """
    table = RowTable.of(plan, outcomes.valid, outcomes.reasons())
    with Together() as files:
        to = _Tables(path_of, files.new_file)
        others = partial(_write_others, to, table, outcomes, header)
        if is_listed(plan.rows):
            _write_lines(to, table, spread, others, cancellation)
        else:
            others()
            with to.opened(COLUMNS_FILE) as file:
                write_columns(file, table, cancellation)


def _write_lines(
    to: _Tables, table: RowTable, spread: Spread, meanwhile: Callable[[], None], cancellation: Cancellation
) -> None:
    """Write the manifest as text, and do something else while its first parts are made."""
    with closing(table.parts(spread)) as parts:
        titles = next(parts)
        meanwhile()
        with to.opened(CSV_FILE) as sheet, to.opened(JSON_FILE) as lines:
            for csv_part, json_part in chain([titles], parts):
                for name, file, part in ((CSV_FILE, sheet, csv_part), (JSON_FILE, lines, json_part)):
                    with explained(to.path_of(name)):
                        file.write(part)
                cancellation.check()


def _write_others(to: _Tables, table: RowTable, outcomes: RowResults, header: Mapping[str, Any]) -> None:
    """Write everything but the manifest."""
    plan = table.plan
    to.array(PLACEMENTS_FILE, table.placement)
    to.array(CHECKSUMS_FILE, outcomes.checksum)
    names, begins = plan.catalog.path, range(0, plan.rows, CHUNK_ROWS)
    packed_names = (packed(names.take(table.sample[begin : begin + CHUNK_ROWS])) for begin in begins)
    to.parts(NAMES_FILE, (packed_bytes(names, table.sample),), np.dtype(np.uint8), packed_names)
    if plan.label is not None:
        labels = (row_labels(plan, table.sample[begin : begin + CHUNK_ROWS]) for begin in begins)
        to.parts(LABELS_FILE, *label_shape(plan), labels)
        to.json(CLASSES_FILE, list(plan.classes))
    if plan.parts:
        splits = (plan.part_of(table.sample[begin : begin + CHUNK_ROWS]) for begin in begins)
        to.parts(SPLITS_FILE, (plan.rows,), np.dtype(np.int32), splits)
    if (targets := target_table(plan, outcomes.valid)) is not None:
        to.array(TARGETS_FILE, targets)
    of_transforms = (plan.rows, TRANSFORM_NUMBERS), np.dtype(np.float64)
    to.parts(TRANSFORMS_FILE, *of_transforms, transform_parts(plan, outcomes.valid))
    for name, content in annotation_tables(plan, outcomes):
        to.array(name, content)
    if (columns := source_columns(plan)) is not None:
        with to.opened(SOURCE_FILE) as file:
            np.savez(file, allow_pickle=False, **columns)
    to.json(HEADER_FILE, header)
    valid = outcomes.valid
    if (changes := plan.row_changes) is not None:
        valid = valid & ~changes.excluded
        for mark, name in MARK_FILES.items():
            # A retry keeps the marks of rows, and an update drops the tables that it has not written.
            if (marked := getattr(changes, mark)).any():
                to.array(name, marked)
    to.array(VALID_FILE, valid)


def target_table(plan: Plan, valid: NDArray[np.bool_]) -> NDArray[np.float32] | None:
    """Return the targets of every row, shape (rows, targets), NaN for a blank one; None without targets."""
    values = plan.catalog.values
    if values is None or not values.targets:
        return None
    return np.where(valid[:, None], values.numbers[plan.samples], np.float32(np.nan))


def write_array(path: str, array: NDArray[Any]) -> None:
    """Write a table and sync it, but not its name; raises StoreError."""
    _Tables(str, new_file).array(path, array)


def write_json(path: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Write a JSON file and sync it, but not its name; raises StoreError."""
    _Tables(str, new_file).json(path, value)


@dataclass(frozen=True, slots=True)
class _Tables:
    """Writes tables; all methods raise StoreError.

    Attributes
    ----------
    path_of
        Returns the path to write the file of a given name to.
    open_new
        Opens a new file at a path, and sees to it that it is synced.
    """

    path_of: PathOf
    open_new: Callable[[str], AbstractContextManager[BinaryIO]]

    def opened(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Open the file of a table."""
        return self.open_new(self.path_of(name))

    def array(self, name: str, array: NDArray[Any]) -> None:
        """Write an array."""
        with self.opened(name) as file:
            np.lib.format.write_array(file, array, allow_pickle=False)

    def parts(
        self, name: str, shape: tuple[int, ...], dtype: np.dtype[Any], parts: Iterable[NDArray[Any]]
    ) -> None:
        """Write an array of `shape` whose rows come in `parts`, because it may be large."""
        with self.opened(name) as file:
            descr = np.lib.format.dtype_to_descr(dtype)
            header = {"descr": descr, "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, header)
            for part in parts:
                file.write(np.ascontiguousarray(part).data)

    def json(self, name: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Write a JSON file."""
        with self.opened(name) as file:
            file.write((json.dumps(value, indent=1) + "\n").encode("ascii"))


@contextmanager
def new_file(path: str) -> Iterator[BinaryIO]:
    """Open a file for writing and sync it before it is closed; raises StoreError."""
    with explained(path), open_to_write(path) as file:
        yield file
        file.flush()
        sync_file(file.fileno())
