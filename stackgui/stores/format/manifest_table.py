"""A manifest as columns, with one entry per row, and the lines of text that say the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, Paths
from stackgui.core.catalog.archive_location import NO_ARCHIVE, ArchiveLocation
from stackgui.core.catalog.schema import Column, Values
from stackgui.core.plan.row_changes import MARKS, RowChanges
from stackgui.stores.format.group_members import GROUP, joined_groups_of, parse_groups
from stackgui.stores.format.label_members import label_texts
from stackgui.stores.format.manifest import JSON_FILE
from stackgui.stores.format.mask_members import MASK, MaskTable
from stackgui.stores.format.row_edits import Line, RowEdits
from stackgui.stores.format.row_lines import IN_MANIFEST, PLANNED
from stackgui.stores.format.value_members import COLUMNS, TARGETS, ValueTable


@dataclass(frozen=True, eq=False, slots=True)
class Manifest:
    """The columns of a manifest, with one entry per row.

    Attributes
    ----------
    path : Paths
    columns : mapping of str to array or Coded
        Columns of the catalog, by the catalog's names.
    source, status, reason, part : Coded
        `part` is the part of the split that the row belongs to.
    sample : int64, shape (rows,)
    placement : int32, shape (rows, 4)
    label : Coded
        As in `stackgui.stores.format.label_members.label_texts`.
    planned : mapping of int to mapping
        As in `stackgui.stores.format.manifest.RowTable`.
    inside : ArchiveLocation
    masks : MaskTable
    group : Coded or None
        None if the rows have no groups.
    values : ValueTable
    changes : RowChanges
    file : str
        Name of the file that it was read from.
    """

    path: Paths
    columns: Mapping[str, Values]
    source: Coded
    status: Coded
    reason: Coded
    part: Coded
    sample: NDArray[np.int64]
    placement: NDArray[np.int32]
    label: Coded
    planned: Mapping[int, Mapping[str, Any]]
    inside: ArchiveLocation
    masks: MaskTable
    group: Coded | None
    values: ValueTable
    changes: RowChanges
    file: str = JSON_FILE

    @classmethod
    def concatenate(cls, parts: Sequence[Manifest]) -> Manifest:
        """Join tables end to end; raises ValueError if they have different columns."""
        return cls(
            path=Paths.concatenate(part.path for part in parts),
            columns={
                each.name: each.concatenate([part.columns[each.name] for part in parts])
                for each in IN_MANIFEST
            },
            source=Coded.concatenate([part.source for part in parts]),
            status=Coded.concatenate([part.status for part in parts]),
            reason=Coded.concatenate([part.reason for part in parts]),
            part=Coded.concatenate([part.part for part in parts]),
            sample=_concatenate([part.sample for part in parts], np.int64),
            placement=_concatenate([part.placement for part in parts], np.int32).reshape(-1, 4),
            label=Coded.concatenate([part.label for part in parts]),
            planned={row: known for part in parts for row, known in part.planned.items()},
            inside=ArchiveLocation.concatenate(part.inside for part in parts),
            masks=MaskTable.concatenate([part.masks for part in parts]),
            group=joined_groups_of([part.group for part in parts]),
            values=ValueTable.concatenate([part.values for part in parts]),
            changes=RowChanges.concatenate(part.changes for part in parts),
        )

    def edited(self, edits: RowEdits) -> Manifest:
        """Return the table after edits; raises LookupError, TypeError or ValueError if they are damaged."""
        if not edits:
            return self
        rows = sorted(edits)
        if not 0 <= rows[0] <= rows[-1] < len(self.path):
            raise IndexError(rows[-1])
        marks = {mark: np.array(getattr(self.changes, mark)) for mark in MARKS}
        for mark, marked in marks.items():
            marked[rows] = [mark in edits[row] for row in rows]
        labels = label_texts([edits[row]["label"] for row in rows])
        return replace(
            self,
            label=self.label.put(dict(zip(rows, labels, strict=True))),
            status=self.status.put({row: str(edits[row]["status"]) for row in rows}),
            changes=RowChanges(**marks),
        )


def parse_lines(rows: Sequence[Mapping[str, Any]]) -> Manifest:
    """Return the columns of some lines; raises LookupError, TypeError or ValueError if they are damaged."""
    return Manifest(
        path=Paths.from_names([str(row["file"]) for row in rows]),
        columns={each.name: _column(rows, each) for each in IN_MANIFEST},
        source=Coded.from_values(str(row["source"]) for row in rows),
        status=Coded.from_values(str(row["status"]) for row in rows),
        reason=Coded.from_values(str(row["reason"]) for row in rows),
        part=Coded.from_values(str(row["split"]) for row in rows),
        sample=np.array([row["sample"] for row in rows], np.int64),
        placement=np.array([row["placement"] for row in rows], np.int32).reshape(len(rows), 4),
        label=label_texts([row["label"] for row in rows]),
        planned={row["row"]: row[PLANNED] for row in rows if PLANNED in row},
        inside=ArchiveLocation.of_rows([row["inside"] for row in rows]),
        masks=MaskTable.parse(rows, _column),
        group=parse_groups(rows),
        values=ValueTable.parse(rows),
        changes=RowChanges(*(np.array([mark in row for row in rows], np.bool_) for mark in MARKS)),
    )


def _column(rows: Sequence[Mapping[str, Any]], column: Column) -> Values:
    """Return the values of a column in `rows`."""
    values = column.read_from(rows, column.key)
    if column.dtype is None:
        return column.of(map(str, values))
    if column.none:
        values = [column.none if number is None else number for number in values]
    return column.of(values)


def _concatenate(parts: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.empty((0, *parts[0].shape[1:]) if parts else 0, dtype), *parts])


@dataclass(frozen=True, slots=True)
class Written:
    """What the lines of a manifest need besides its columns.

    Attributes
    ----------
    arrays : sequence of (str, int)
        The arrays and how many rows each holds.
    classes : sequence of str
    columns, mask_columns : frozenset of str
        Names of the columns of the catalog that are written of the rows, and of their masks; these may have
        ``"segments"``, too.
    has_masks, has_values : bool
        Whether lines say anything of masks, or of columns of lists.
    """

    arrays: Sequence[tuple[str, int]]
    classes: Sequence[str]
    columns: frozenset[str]
    mask_columns: frozenset[str]
    has_masks: bool
    has_values: bool


def lines_of(manifest: Manifest, row: NDArray[np.int64], written: Written) -> list[Line]:
    """Return the lines that say the same as some rows of a manifest; `parse_lines` reads them.

    Parameters
    ----------
    manifest
        Of these rows only.
    row
        Their numbers.
    written
    """
    members = _members(manifest, row, written)
    lines = [dict(zip(members, values, strict=True)) for values in zip(*members.values(), strict=True)]
    for place, number in enumerate(row.tolist()):
        line = lines[place]
        if number in manifest.planned:
            line[PLANNED] = manifest.planned[number]
        line |= dict.fromkeys(manifest.changes.marks_of(place), True)
    return lines


def _members(manifest: Manifest, row: NDArray[np.int64], written: Written) -> dict[str, Sequence[Any]]:
    """Return what each line has under each of its keys."""
    ends = np.cumsum([rows for _file, rows in written.arrays])
    array = np.searchsorted(ends, row, "right")
    begins = np.concatenate([[0], ends[:-1]])
    members: dict[str, Sequence[Any]] = {
        "row": row.tolist(),
        "index": (row - begins[array]).tolist(),
        "sample": manifest.sample.tolist(),
        "source": list(manifest.source),
        "file": list(manifest.path),
        "label": [json.loads(text) for text in manifest.label],
        "class": [_class_names(json.loads(text), written.classes) for text in manifest.label],
        "status": list(manifest.status),
        "reason": list(manifest.reason),
        **{
            each.key: list(_json_values(each, manifest.columns[each.name]))
            for each in IN_MANIFEST
            if each.name in written.columns
        },
        "placement": manifest.placement.tolist(),
        "split": list(manifest.part),
        "array": [written.arrays[place][0] for place in array.tolist()],
        "inside": [None if place[0] == NO_ARCHIVE else place for place in manifest.inside.rows()],
    }
    if written.has_masks:
        members[MASK] = manifest.masks.members(written.mask_columns)
    if manifest.group is not None:
        members[GROUP] = list(manifest.group)
    if written.has_values:
        members[TARGETS], members[COLUMNS] = manifest.values.members()
    return members


def _class_names(label: Any, classes: Sequence[str]) -> Any:  # noqa: ANN401 - any label
    if isinstance(label, list):
        return [classes[number] for number in label]
    return None if label is None or label < 0 else classes[label]


def _json_values(column: Column, values: Values) -> Iterator[Any]:
    """Yield the values of a column as lines have them."""
    if column.dtype is None:
        yield from values
        return
    # A count of 0 is written as it is.
    none = column.none or None
    yield from (None if number == none else number for number in values.tolist())
