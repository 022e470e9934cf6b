"""Write the manifest of a large stack as columns, in one file, and read it; see decision 74.

``manifest.columns`` holds what ``manifest.jsonl`` says of each row. Its head is JSON, with null in the place
of each column (`stackgui.stores.format.packed`, `stackgui.stores.format.column_file`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.blocks import blocks
from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.columns import Coded, Paths
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.mask_segments import MaskSegments
from stackgui.core.catalog.masks import NO_MASK, Masks
from stackgui.core.catalog.schema import Column, coded_to_json
from stackgui.core.plan.row_changes import MARKS
from stackgui.stores.format.change_members import STATUSES
from stackgui.stores.format.column_file import ColumnWriter
from stackgui.stores.format.label_members import LabelMembers
from stackgui.stores.format.manifest import RowTable
from stackgui.stores.format.mask_members import MASK_COLUMNS, SEGMENTS, saved_columns
from stackgui.stores.format.packed import NamesInParts, NumbersInParts, Packer
from stackgui.stores.format.row_lines import IN_MANIFEST

COLUMNS_FILE = "manifest.columns"

FORMAT, VERSION = "stackgui-manifest", 1

_CODES = np.dtype(np.int32)

PartT = TypeVar("PartT")

_By: TypeAlias = Callable[[Callable[[Any], Any]], Callable[[], Iterator[Any]]]
"""Takes what returns a column at some samples, and returns what yields it part after part."""


def write_columns(file: BinaryIO, table: RowTable, cancellation: Cancellation = UNWATCHED) -> None:
    """Write the columns of a table to an empty file, some rows at a time; raises OSError."""
    packer = Packer(ColumnWriter(file, cancellation))
    values = packer.packed(_Items(table).all())
    packer.writer.write_head(
        {"format": FORMAT, "version": VERSION, "manifest": values, "parts": packer.parts}
    )


class _Items:
    """The columns of a table as JSON values, in the order of its rows."""

    def __init__(self, table: RowTable) -> None:
        self._table, self._plan, self._catalog = table, table.plan, table.plan.catalog

    def all(self) -> dict[str, Any]:
        """Return everything; see `stackgui.stores.format.manifest_table.Manifest`."""
        table, plan, catalog = self._table, self._plan, self._catalog
        changes, planned = plan.row_changes, table.planned
        marks = {} if changes is None else {mark: getattr(changes, mark) for mark in MARKS}
        return {
            "rows": plan.rows,
            "folders": list(catalog.folders),
            "arrays": [[spec.file, spec.rows] for spec in plan.arrays],
            "classes": list(plan.classes),
            "sample": table.sample,
            "placement": table.placement,
            "status": {"names": list(STATUSES), "codes": self._of_rows(table.status.__getitem__)},
            "reason": coded_to_json(table.reason),
            "part": self._coded(plan.split),
            "label": self._label(),
            "columns": {
                each.name: self._column(each, getattr(catalog, each.name), self._by_sample)
                for each in IN_MANIFEST
                if not each.varies or each.is_saved(getattr(catalog, each.name))
            },
            "path": NamesInParts(self._by_sample(catalog.path.take)),
            "inside": self._inside(catalog, self._by_sample),
            "masks": self._masks(catalog.masks if plan.masks is not None else None),
            "group": None if plan.group is None else self._coded(plan.group),
            "values": self._values(),
            "changes": {mark: marked for mark, marked in marks.items() if marked.any()},
            "planned": {
                "rows": np.array(sorted(planned), np.int64),
                "contents": Paths.from_names(json.dumps(planned[row]) for row in sorted(planned)),
            },
        }

    def _by_sample(self, take: Callable[[Any], PartT]) -> Callable[[], Iterator[PartT]]:
        """Return what yields what `take` returns for the samples of some rows after the other."""
        samples = self._table.sample
        return lambda: (take(samples[rows]) for rows in blocks(len(samples)))

    def _of_rows(self, take: Callable[[slice], NDArray[Any]]) -> NumbersInParts:
        rows = len(self._table.sample)
        return NumbersInParts(_CODES, lambda: (take(part).astype(_CODES) for part in blocks(rows)))

    def _coded(self, column: Coded) -> dict[str, Any]:
        return _coded(column, self._by_sample)

    def _column(self, column: Column, values: Any, by: _By) -> Any:  # noqa: ANN401 - the values of a column
        if column.dtype is None:
            return _coded(values, by)
        return NumbersInParts(column.dtype, by(lambda samples: values[samples]))

    def _label(self) -> dict[str, Any]:
        """Return the labels as `stackgui.stores.format.label_members.label_texts` has them."""
        label = self._plan.label
        names = LabelMembers(self._plan, str).texts()
        if label is None:
            return {"names": names, "codes": self._of_rows(lambda rows: np.zeros(rows.stop - rows.start))}
        codes = self._by_sample(lambda samples: (label[samples] + 1).astype(_CODES))
        return {"names": names, "codes": NumbersInParts(_CODES, codes)}

    def _inside(self, catalog: Catalog, by: _By) -> dict[str, Any] | None:
        if not catalog.archives:
            return None
        return {
            name: NumbersInParts(column.dtype, by(column.__getitem__))
            for name, column in catalog.inside.columns().items()
        }

    def _values(self) -> dict[str, Any] | None:
        values = self._catalog.values
        if values is None:
            return None
        numbers = self._by_sample(lambda samples: values.numbers[samples].ravel())
        return {
            "targets": len(values.targets),
            "numbers": NumbersInParts(np.dtype(np.float32), numbers) if values.targets else None,
            "texts": {
                str(place): NamesInParts(self._by_sample(column.take))
                for place, column in enumerate(values.texts)
            },
        }

    def _masks(self, masks: Masks | None) -> dict[str, Any] | None:
        if masks is None:
            return None
        of, files, segments = masks.of, masks.files, masks.segments
        of_rows = self._by_sample(of.__getitem__)

        def by(take: Callable[[Any], PartT]) -> Callable[[], Iterator[PartT]]:
            return lambda: (take(part[part != NO_MASK]) for part in of_rows())

        saved = saved_columns(files)
        return {
            "of": NumbersInParts(np.dtype(np.int32), lambda: _numbered(of_rows())),
            "path": NamesInParts(by(files.path.take)),
            "columns": {
                each.name: self._column(each, saved[each.name], by)
                for each in MASK_COLUMNS
                if each.name in saved
            },
            "inside": self._inside(files, by),
            SEGMENTS: None if segments is None else _segments(segments, by),
        }


def _coded(column: Coded, by: _By) -> dict[str, Any]:
    return {"names": list(column.names), "codes": NumbersInParts(_CODES, by(column.codes.__getitem__))}


def _numbered(masks: Iterator[NDArray[np.int32]]) -> Iterator[NDArray[np.int32]]:
    """Yield the number of each mask among those that are there, from 0; -1 where none is."""
    count = 0
    for part in masks:
        is_there = part != NO_MASK
        yield np.where(is_there, count + np.cumsum(is_there) - 1, NO_MASK).astype(np.int32)
        count += int(np.count_nonzero(is_there))


def _segments(segments: MaskSegments, by: _By) -> dict[str, Any]:
    def ends() -> Iterator[NDArray[np.int64]]:
        last = 0
        for lengths in by(lambda masks: segments.pairs.lengths[masks])():
            yield last + np.cumsum(lengths)
            last += int(lengths.sum())

    pairs = by(lambda masks: segments.take(masks).pairs.values.ravel())
    return {
        "is_listed": NumbersInParts(np.dtype(np.bool_), by(segments.is_listed.__getitem__)),
        "ends": NumbersInParts(np.dtype(np.int64), ends),
        "pairs": NumbersInParts(np.dtype(np.int32), pairs),
    }
