"""Read a manifest as columns, and restore the plan that it was made from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base.choices import Layout
from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.errors import StackguiError, UsageError
from stackgui.core.base.wording import say
from stackgui.core.catalog.archive_location import ArchiveLocation
from stackgui.core.catalog.catalog import Catalog, archives_from_json, unknown
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.schema import Column, Values
from stackgui.core.catalog.skipped import Skipped
from stackgui.core.labels.labels import FoundLabels
from stackgui.core.options.options import Options
from stackgui.core.plan.division import Division, makes_groups
from stackgui.core.plan.fixed import Fixed, fixed_plan
from stackgui.core.plan.measured import Measured
from stackgui.core.plan.plan import Bucket, Plan
from stackgui.core.plan.repair import repaired, with_content
from stackgui.core.plan.resolve import resolve
from stackgui.core.plan.row_changes import MARKS, RowChanges
from stackgui.stores.files.failures import explained
from stackgui.stores.format.group_members import joined_groups_of, parse_groups
from stackgui.stores.format.header import UPDATED, buckets_in, file_in
from stackgui.stores.format.label_members import found_labels, label_texts, relabelled
from stackgui.stores.format.manifest import IN_MANIFEST, JSON_FILE, PLANNED
from stackgui.stores.format.mask_members import MaskTable
from stackgui.stores.format.open_array import damaged
from stackgui.stores.format.row_edits import edited, read_edits
from stackgui.stores.format.value_members import ValueTable

CHUNK_ROWS = 4096
"""Lines converted from Python objects at a time."""

MAX_LINE_BYTES = 2**24
"""A line takes some hundred bytes, and more with columns of lists; anything longer than this is damage."""

_DAMAGES = (AttributeError, LookupError, TypeError, ValueError, OverflowError, RecursionError)
"""What reading lines that are none of a manifest may raise."""


@dataclass(frozen=True, eq=False, slots=True)
class Manifest:
    """The columns of ``manifest.jsonl``, with one entry per row.

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


def read_manifest(folder: str) -> Manifest:
    """Read the manifest of the stack in `folder`.

    Raises
    ------
    StackguiError
        When it is missing or damaged.
    """
    parts: list[Manifest] = []
    edits = read_edits(folder)
    path = file_in(folder, JSON_FILE)
    with explained(path, StackguiError), open(path, "rb") as file:
        rows = 0
        while lines := list(islice(iter(lambda: file.readline(MAX_LINE_BYTES), b""), CHUNK_ROWS)):
            try:
                found = [edited(json.loads(line), edits) for line in lines]
                if [line["row"] for line in found] != list(range(rows, rows + len(lines))):
                    raise ValueError("rows are missing")
                parts.append(parse_lines(found))
            except _DAMAGES as error:
                raise StackguiError(damaged(folder, JSON_FILE)) from error
            rows += len(lines)
    return Manifest(
        path=Paths.concatenate(part.path for part in parts),
        columns={
            each.name: each.concatenate([part.columns[each.name] for part in parts]) for each in IN_MANIFEST
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


def plan_of(header: Mapping[str, Any], manifest: Manifest, annotations: SampleAnnotations | None) -> Plan:
    """Restore the plan of a stack, with files as of the last repair and without what the scan skipped.

    Parameters
    ----------
    header, manifest
    annotations
        Of the rows, in their order.

    Raises
    ------
    StackguiError
        When header and manifest do not describe the same rows.
    """
    try:
        plan_json = header["plan"]
        rows = replace(catalog_of(plan_json, manifest), annotations=annotations)
        # Rows may be shuffled and lie in several arrays, but the plan depends on the order of the scan.
        order = np.argsort(manifest.sample, kind="stable")
        now = rows.take(order)
        catalog = with_content(rows, manifest.planned).take(order)
        catalog.check()
        plan = _plan(header, manifest, catalog, order)
        plan_now = repaired(plan, now)
    except (AttributeError, LookupError, TypeError, ValueError, OverflowError, UsageError) as error:
        raise StackguiError(
            say(
                "stack.json and {json_file} contradict each other ({error})", json_file=JSON_FILE, error=error
            )
        ) from error
    if plan.fingerprint != plan_json["fingerprint"]:
        raise StackguiError(
            say("{json_file} does not list the pictures that stack.json was made from", json_file=JSON_FILE)
        )
    return with_changes(plan_now, header, manifest) if manifest.changes.any else plan_now


def _plan(header: Mapping[str, Any], manifest: Manifest, catalog: Catalog, order: NDArray[np.intp]) -> Plan:
    """Return the plan that the rows were made by; `order` has the row of each sample of `catalog`."""
    plan_json = header["plan"]
    options = Options.from_json(plan_json["options"])
    measured = None if plan_json["measured"] is None else Measured.from_json(plan_json["measured"])
    if UPDATED not in header:
        division = _division(options, catalog, manifest, order)
        return replace(resolve(options, catalog, division=division), measured=measured)
    sample = np.empty(len(order), np.int64)
    sample[order] = np.arange(len(order))
    classes = tuple(map(str, plan_json["classes"]))
    labels = FoundLabels(None, ())
    if classes:
        labels = found_labels(manifest.label.take(order), classes, options.label_form)
    fixed = Fixed(
        buckets=tuple(_buckets(plan_json, sample)),
        channels=int(plan_json["channels"]),
        dtype=np.dtype(str(plan_json["dtype"])).name,
        label=labels.label,
        classes=classes,
        label_sets=labels.sets,
        split=manifest.part.take(order),
        group=None if manifest.group is None else manifest.group.take(order),
        measured=measured,
        is_added=order >= int(header[UPDATED]["made_rows"]),
    )
    return fixed_plan(options, catalog, fixed)


def _division(
    options: Options, catalog: Catalog, manifest: Manifest, order: NDArray[np.intp]
) -> Division | None:
    """Return the division that the rows were given, if working it out again might give another one."""
    if not options.stratify and not makes_groups(options, catalog):
        return None
    group = None if manifest.group is None else manifest.group.take(order)
    return Division(manifest.part.take(order), group)


def _buckets(plan_json: Mapping[str, Any], sample: NDArray[np.int64]) -> Iterator[Bucket]:
    """Yield the buckets, given the sample of each row."""
    is_nchw = plan_json["options"]["layout"] == Layout.NCHW.value
    begin = 0
    for arrays in buckets_in(plan_json):
        height, width = arrays[0].shape[2:] if is_nchw else arrays[0].shape[1:3]
        end = begin + arrays[0].rows
        if end > len(sample):
            raise ValueError("rows are missing")
        yield Bucket(height, width, arrays[0], sample[begin:end], *arrays[1:])
        begin = end
    if begin != len(sample):
        raise ValueError("there are rows that no array holds")


def with_changes(plan: Plan, header: Mapping[str, Any], manifest: Manifest) -> Plan:
    """Return `plan` with the labels and marks that its rows were given since."""
    rows = np.flatnonzero(manifest.changes.relabelled)
    origin = None if plan.origin is None else with_changes(plan.origin, header, manifest)
    if len(rows):
        classes = tuple(map(str, header["labels"]["classes"]))
        plan = relabelled(plan, rows, manifest.label, classes)
    return replace(plan, row_changes=manifest.changes, origin=origin)


def catalog_of(plan_json: Mapping[str, Any], manifest: Manifest) -> Catalog:
    """Restore the catalog of rows, with files as of the last repair; raises ValueError or LookupError."""
    height = manifest.columns["height"]
    columns = {**unknown(len(manifest.path)), **manifest.columns}
    columns["problem"] = _masked(manifest.reason, height == 0)
    catalog = Catalog(
        sources=tuple(map(str, plan_json["sources"])),
        folders=tuple(map(str, plan_json["folders"])),
        archives=archives_from_json(plan_json["archives"]),
        path=manifest.path,
        inside=manifest.inside,
        **columns,
        skipped=Skipped.nothing(),
        masks=manifest.masks.masks(plan_json),
        values=manifest.values.values(plan_json),
        scan_options=ScanOptions.from_json(plan_json["scan_options"]),
    )
    catalog.check()
    _check_source(manifest, catalog)
    return catalog


def _check_source(manifest: Manifest, catalog: Catalog) -> None:
    """Raise ValueError if a row names another folder than its source."""
    named = manifest.source
    for code, picked in set(zip(named.codes.tolist(), catalog.source.tolist(), strict=True)):
        if named.names[code] != catalog.folders[picked]:
            raise ValueError("a row names another folder")


def _masked(texts: Coded, mask: NDArray[np.bool_]) -> Coded:
    """Return `texts` with ``""`` where `mask` is false."""
    names = ("", *texts.names)
    return Coded(np.where(mask, texts.codes + 1, 0).astype(np.int32), names)
