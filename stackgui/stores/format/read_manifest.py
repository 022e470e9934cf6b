"""Read a manifest as columns, and restore the plan that it was made from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base.aside import copied
from stackgui.core.base.blocks import blocks, filled, values_in
from stackgui.core.base.choices import Layout
from stackgui.core.base.columns import Coded
from stackgui.core.base.errors import StackguiError, UsageError
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog, archives_from_json, unknown
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.skipped import Skipped
from stackgui.core.labels.labels import FoundLabels
from stackgui.core.options.options import Options
from stackgui.core.plan.division import Division, makes_groups
from stackgui.core.plan.fixed import Fixed, fixed_plan
from stackgui.core.plan.measured import Measured
from stackgui.core.plan.plan import Bucket, Plan
from stackgui.core.plan.repair import repaired, with_content
from stackgui.core.plan.resolve import resolve
from stackgui.stores.files.failures import explained
from stackgui.stores.format.columns_manifest import has_columns, read_columns
from stackgui.stores.format.header import UPDATED, buckets_in, file_in
from stackgui.stores.format.label_members import found_labels, relabelled
from stackgui.stores.format.manifest import JSON_FILE
from stackgui.stores.format.manifest_table import Manifest, parse_lines
from stackgui.stores.format.open_array import damaged
from stackgui.stores.format.row_edits import edited, read_edits

CHUNK_ROWS = 4096
"""Lines converted from Python objects at a time."""

MAX_LINE_BYTES = 2**24
"""A line takes some hundred bytes, and more with columns of lists; anything longer than this is damage."""

_Order: TypeAlias = NDArray[np.int64] | slice
"""The row of each sample, in the order of the scan; a slice of all if the rows have that order."""

_DAMAGES = (AttributeError, LookupError, TypeError, ValueError, OverflowError, RecursionError)
"""What reading lines that are none of a manifest may raise."""


def read_manifest(folder: str) -> Manifest:
    """Read the manifest of the stack in `folder`.

    Raises
    ------
    StackguiError
        When it is missing or damaged.
    """
    if has_columns(folder):
        return read_columns(folder)
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
    return Manifest.concatenate(parts)


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
        order = _order(manifest.sample)
        now = _in_order(rows, order)
        if not manifest.planned:
            plan = _plan(header, manifest, now, order)
            plan_now = plan.origin or plan
        else:
            catalog = _in_order(with_content(rows, manifest.planned), order)
            catalog.check()
            plan = _plan(header, manifest, catalog, order)
            plan_now = repaired(plan, now)
    except (AttributeError, LookupError, TypeError, ValueError, OverflowError, UsageError) as error:
        raise StackguiError(
            say(
                "stack.json and {json_file} contradict each other ({error})",
                json_file=manifest.file,
                error=error,
            )
        ) from error
    if plan.fingerprint != plan_json["fingerprint"]:
        raise StackguiError(
            say(
                "{json_file} does not list the pictures that stack.json was made from",
                json_file=manifest.file,
            )
        )
    return with_changes(plan_now, header, manifest) if manifest.changes.any else plan_now


def _order(sample: NDArray[np.int64]) -> _Order:
    """Return the row of each sample, in the order of the scan."""
    parts = (sample[max(rows.start - 1, 0) : rows.stop] for rows in blocks(len(sample)))
    if all(bool((part[1:] >= part[:-1]).all()) for part in parts):
        return slice(0, len(sample))
    return copied(np.argsort(sample, kind="stable"))


def _in_order(rows: Catalog, order: _Order) -> Catalog:
    """Return the samples in an order; where the rows have it already, nothing is copied."""
    return rows if isinstance(order, slice) else rows.take(order)


def _plan(header: Mapping[str, Any], manifest: Manifest, catalog: Catalog, order: _Order) -> Plan:
    """Return the plan that the rows were made by; `order` has the row of each sample of `catalog`."""
    plan_json = header["plan"]
    options = Options.from_json(plan_json["options"])
    measured = None if plan_json["measured"] is None else Measured.from_json(plan_json["measured"])
    if UPDATED not in header:
        division = _division(options, catalog, manifest, order)
        return replace(resolve(options, catalog, division=division), measured=measured)
    row_of = np.arange(len(catalog))[order]
    sample = np.empty(len(row_of), np.int64)
    sample[row_of] = np.arange(len(row_of))
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
        is_added=row_of >= int(header[UPDATED]["made_rows"]),
    )
    return fixed_plan(options, catalog, fixed)


def _division(options: Options, catalog: Catalog, manifest: Manifest, order: _Order) -> Division | None:
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
    named, found, count = manifest.source, set[int](), len(catalog.folders)
    for rows in blocks(len(catalog)):
        pairs = named.codes[rows].astype(np.int64) * count + catalog.source[rows]
        found.update(values_in(pairs).tolist())
    for code, picked in (divmod(pair, count) for pair in found):
        if named.names[code] != catalog.folders[picked]:
            raise ValueError("a row names another folder")


def _masked(texts: Coded, mask: NDArray[np.bool_]) -> Coded:
    """Return `texts` with ``""`` where `mask` is false."""
    names = ("", *texts.names)
    codes = filled(len(texts), np.int32, lambda rows: np.where(mask[rows], texts.codes[rows] + 1, 0))
    return Coded(codes, names)
