"""What a manifest says of the mask of each row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Paths
from stackgui.core.catalog.archive_location import NO_ARCHIVE, ArchiveLocation
from stackgui.core.catalog.catalog import COLUMNS, Catalog, archives_from_json, unknown
from stackgui.core.catalog.mask_classes import classes_from_json
from stackgui.core.catalog.mask_segments import MaskSegments
from stackgui.core.catalog.masks import NO_MASK, Masks, MaskValues
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.schema import Column, Kept, Values
from stackgui.core.catalog.skipped import Skipped
from stackgui.core.plan.plan import Plan

MASK = "mask"
"""Key in the lines of a stack with masks, and title of the column in the sheet."""

SEGMENTS = "segments"
"""Key in what a line says of a mask whose colours a file of annotations explains."""

MASK_COLUMNS = tuple(each for each in COLUMNS if Kept.MANIFEST in each.kept)
"""Columns of the catalog that are written of masks."""

_json = json.JSONEncoder(separators=(",", ":")).encode

Member = Mapping[str, Any]
"""What a line says of a mask."""


def saved_columns(files: Catalog) -> dict[str, Values]:
    """Return the columns of masks that are written, by name."""
    columns = {each: getattr(files, each.name) for each in MASK_COLUMNS}
    return {each.name: values for each, values in columns.items() if each.is_saved(values)}


class MaskMembers:
    """Formats what the manifest of `plan` says of masks, with the columns of the names `written`."""

    def __init__(self, plan: Plan, written: frozenset[str]) -> None:
        self._masks = masks = plan.catalog.masks if plan.masks is not None else None
        self._columns = {} if masks is None else {name: getattr(masks.files, name) for name in written}

    @property
    def title(self) -> str:
        """The end of the sheet's first line."""
        return "" if self._masks is None else f",{MASK}"

    def members(self, sample: NDArray[np.int64]) -> Iterable[str]:
        """Return the end of each sample's line in JSON."""
        if (masks := self._masks) is None:
            return repeat("", len(sample))
        found = [f',"{MASK}":null'] * len(sample)
        for place, mask in self._of(sample):
            member = _member(masks.files.path, self._columns, masks.files.inside, mask)
            if masks.segments is not None:
                member[SEGMENTS] = masks.segments.list_of(mask)
            found[place] = f',"{MASK}":{_json(member)}'
        return found

    def cells(self, sample: NDArray[np.int64], cell: Callable[[str], str]) -> Iterable[str]:
        """Return the end of each sample's line in the sheet; `cell` formats a text."""
        if (masks := self._masks) is None:
            return repeat("", len(sample))
        found = [","] * len(sample)
        for place, mask in self._of(sample):
            found[place] = f",{cell(masks.files.path[mask])}"
        return found

    def _of(self, sample: NDArray[np.int64]) -> Iterable[tuple[int, int]]:
        """Return the places in `sample` that have masks, and these masks."""
        assert self._masks is not None, "asked of a stack with masks"
        of = self._masks.of[sample]
        places = np.flatnonzero(of != NO_MASK)
        return zip(places.tolist(), of[places].tolist(), strict=True)


def _member(path: Paths, columns: Mapping[str, Values], inside: ArchiveLocation, mask: int) -> dict[str, Any]:
    saved = (each for each in MASK_COLUMNS if each.name in columns)
    values = {each.key: each.value_at(columns[each.name], mask) for each in saved}
    place = next(iter(inside.take(np.array([mask])).rows()))
    return {"file": path[mask], **values, "inside": None if place[0] == NO_ARCHIVE else place}


@dataclass(frozen=True, eq=False, slots=True)
class MaskTable:
    """What the lines of a manifest say of masks.

    Attributes
    ----------
    has_mask : bool, shape (rows,)
    path : Paths
    columns : mapping of str to array or Coded
    inside : ArchiveLocation
        Of the masks, in the order of the rows.
    segments : MaskSegments
    """

    has_mask: NDArray[np.bool_]
    path: Paths
    columns: Mapping[str, Values]
    inside: ArchiveLocation
    segments: MaskSegments

    @classmethod
    def parse(
        cls, rows: Sequence[Mapping[str, Any]], column: Callable[[Sequence[Member], Column], Values]
    ) -> MaskTable:
        """Read some lines; raises LookupError, TypeError or ValueError if they are damaged."""
        members = [member for row in rows if (member := row.get(MASK)) is not None]
        return cls(
            np.array([row.get(MASK) is not None for row in rows], np.bool_),
            Paths.from_names([str(member["file"]) for member in members]),
            {each.name: column(members, each) for each in MASK_COLUMNS},
            ArchiveLocation.of_rows([member["inside"] for member in members]),
            MaskSegments.of_lists([member.get(SEGMENTS) for member in members]),
        )

    @classmethod
    def concatenate(cls, parts: Sequence[MaskTable]) -> MaskTable:
        """Join tables end to end."""
        return cls(
            np.concatenate([np.zeros(0, np.bool_), *(part.has_mask for part in parts)]),
            Paths.concatenate(part.path for part in parts),
            {
                each.name: each.concatenate([part.columns[each.name] for part in parts])
                for each in MASK_COLUMNS
            },
            ArchiveLocation.concatenate(part.inside for part in parts),
            MaskSegments.concatenate([MaskSegments.none_of(0), *(part.segments for part in parts)]),
        )

    @classmethod
    def none_of(cls, rows: int) -> MaskTable:
        """Return that none of so many rows has a mask."""
        columns = {each.name: each.constant(0) for each in MASK_COLUMNS}
        nothing = Paths(b"", np.empty(0, np.int64)), columns, ArchiveLocation.none_of(0)
        return cls(np.broadcast_to(np.False_, rows), *nothing, MaskSegments.none_of(0))

    def members(self, written: frozenset[str]) -> list[Member | None]:
        """Return what the line of each row says of its mask, None for none; `parse` reads it.

        Parameters
        ----------
        written
            Names of the columns that it says, and ``"segments"`` if it says these.
        """
        columns = {name: values for name, values in self.columns.items() if name in written}
        told = [_member(self.path, columns, self.inside, mask) for mask in range(len(self.path))]
        if SEGMENTS in written:
            told = [{**each, SEGMENTS: self.segments.list_of(mask)} for mask, each in enumerate(told)]
        members = iter(told)
        return [next(members) if has_mask else None for has_mask in self.has_mask.tolist()]

    def masks(self, plan_json: Mapping[str, Any]) -> Masks | None:
        """Return the masks of the rows, with what a header's plan says of all; None without masks."""
        table = plan_json.get("masks")
        if table is None or "found" not in table:  # none, or drawn ones
            return None
        of = np.full(len(self.has_mask), NO_MASK, np.int32)
        of[self.has_mask] = np.arange(len(self.path), dtype=np.int32)
        files = Catalog(
            sources=tuple(map(str, table["sources"])),
            folders=tuple(map(str, table["folders"])),
            archives=archives_from_json(table["archives"]),
            path=self.path,
            inside=self.inside,
            **{**unknown(len(self.path)), **self.columns},
            skipped=Skipped.nothing(),
            scan_options=ScanOptions.from_json(plan_json["scan_options"]),
        )
        files.check()
        segments = self.segments if self.segments.is_listed.any() else None
        found, classes = MaskValues.from_json(table["found"]), classes_from_json(table["table"])
        return Masks(files, of, found, classes, segments)
