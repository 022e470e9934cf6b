"""Write the files beside a stack's arrays, all together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, BinaryIO, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.columns import Paths
from stackgui.core.base.spread import Spread
from stackgui.core.plan.manifest_form import is_listed
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import label_shape, row_labels
from stackgui.core.run.row_results import RowResults
from stackgui.stores.files.durable import sync_file
from stackgui.stores.files.failures import explained
from stackgui.stores.files.opening import open_to_write
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
    write_array(path_of(PLACEMENTS_FILE), table.placement)
    write_array(path_of(CHECKSUMS_FILE), outcomes.checksum)
    _write_names(path_of(NAMES_FILE), plan.catalog.path, table.sample)
    if plan.label is not None:
        shape, dtype = label_shape(plan)
        begins = range(0, plan.rows, CHUNK_ROWS)
        parts = (row_labels(plan, table.sample[begin : begin + CHUNK_ROWS]) for begin in begins)
        _write_in_parts(path_of(LABELS_FILE), shape, dtype, parts)
        write_json(path_of(CLASSES_FILE), list(plan.classes))
    if plan.parts:
        write_array(path_of(SPLITS_FILE), plan.part_of(plan.samples))
    if (targets := target_table(plan, outcomes.valid)) is not None:
        write_array(path_of(TARGETS_FILE), targets)
    of_transforms = (plan.rows, TRANSFORM_NUMBERS), np.dtype(np.float64)
    _write_in_parts(path_of(TRANSFORMS_FILE), *of_transforms, transform_parts(plan, outcomes.valid))
    for name, content in annotation_tables(plan, outcomes):
        write_array(path_of(name), content)
    if (columns := source_columns(plan)) is not None:
        with new_file(path_of(SOURCE_FILE)) as file:
            np.savez(file, allow_pickle=False, **columns)
    _write_manifest(path_of, table, cancellation, spread)
    write_json(path_of(HEADER_FILE), header)
    valid = outcomes.valid
    if (changes := plan.row_changes) is not None:
        valid = valid & ~changes.excluded
        for mark, name in MARK_FILES.items():
            # A retry keeps the marks of rows, and an update drops the tables that it has not written.
            if (marked := getattr(changes, mark)).any():
                write_array(path_of(name), marked)
    write_array(path_of(VALID_FILE), valid)


def target_table(plan: Plan, valid: NDArray[np.bool_]) -> NDArray[np.float32] | None:
    """Return the targets of every row, shape (rows, targets), NaN for a blank one; None without targets."""
    values = plan.catalog.values
    if values is None or not values.targets:
        return None
    return np.where(valid[:, None], values.numbers[plan.samples], np.float32(np.nan))


def _write_manifest(path_of: PathOf, table: RowTable, cancellation: Cancellation, spread: Spread) -> None:
    if not is_listed(table.plan.rows):
        path = path_of(COLUMNS_FILE)
        with new_file(path) as file, explained(path):
            write_columns(file, table, cancellation)
        return
    csv_path, json_path = path_of(CSV_FILE), path_of(JSON_FILE)
    with new_file(csv_path) as sheet, new_file(json_path) as lines, closing(table.parts(spread)) as parts:
        for csv_part, json_part in parts:
            for path, file, part in ((csv_path, sheet, csv_part), (json_path, lines, json_part)):
                with explained(path):
                    file.write(part)
            cancellation.check()


def write_array(path: str, array: NDArray[Any]) -> None:
    """Write a table and sync it, but not its name; raises StoreError."""
    with new_file(path) as file:
        np.lib.format.write_array(file, array, allow_pickle=False)


def _write_names(path: str, names: Paths, samples: NDArray[np.int64]) -> None:
    begins = range(0, len(samples), CHUNK_ROWS)
    parts = (packed(names.take(samples[begin : begin + CHUNK_ROWS])) for begin in begins)
    _write_in_parts(path, (packed_bytes(names, samples),), np.dtype(np.uint8), parts)


def _write_in_parts(
    path: str, shape: tuple[int, ...], dtype: np.dtype[Any], parts: Iterable[NDArray[Any]]
) -> None:
    """Write an array of `shape` whose rows come in `parts`, because it may be large."""
    with new_file(path) as file:
        descr = np.lib.format.dtype_to_descr(dtype)
        header = {"descr": descr, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for part in parts:
            file.write(np.ascontiguousarray(part).data)


def write_json(path: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Write a JSON file and sync it, but not its name; raises StoreError."""
    with new_file(path) as file:
        file.write((json.dumps(value, indent=1) + "\n").encode("ascii"))


@contextmanager
def new_file(path: str) -> Iterator[BinaryIO]:
    """Open a file for writing and sync it before it is closed; raises StoreError."""
    with explained(path), open_to_write(path) as file:
        yield file
        file.flush()
        sync_file(file.fileno())
