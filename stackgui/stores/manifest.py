"""The manifest: what each row of a stack is, once for people and once for programs.

``manifest.csv`` is made to be opened in a spreadsheet. It begins with a byte-order mark, without which the
most common spreadsheet takes UTF-8 for something else and garbles names; libraries know the mark.
``manifest.jsonl`` is exact: one JSON object a line, in ASCII, with names that survive whatever their bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.columns import Coded
from stackgui.core.plan import Plan
from stackgui.core.repair import changed_samples, content_of
from stackgui.core.text import legible

CSV_FILE = "manifest.csv"
JSON_FILE = "manifest.jsonl"

PLANNED = "planned"
"""In the lines of rows whose files were repaired since the plan was carried out."""

CHUNK_ROWS = 4096
"""Rows that become Python objects at a time; bounds memory whatever the number of rows."""

PART_ROWS = 65_536
"""Rows whose geometry is worked out at a time."""

COLUMNS = (
    "row", "array", "index", "source", "file", "label", "split", "status", "reason", "original_height",
    "original_width", "channels", "dtype", "format", "top", "left", "height", "width", "orientation",
    "profile", "member", "file_bytes", "modified",
)  # fmt: skip

_JSON_TRAITS = (
    "label", "class", "status", "reason", "original_height", "original_width", "channels", "dtype", "format",
    "orientation", "placement", "member", "bits",
    "given_label", "given_split", "axes", "profile", "frames", "picked", "split", "array",
)  # fmt: skip

_Traits: TypeAlias = tuple[Any, ...]
"""What many rows have in common, in the order of `_JSON_TRAITS`; its written form is made once for all."""

_Row: TypeAlias = tuple[int, int, int, str, str, _Traits, int, int, str]
"""Row, row within its array, sample, source's folder, file, traits, size of the file in bytes, time of its
change in nanoseconds, and as JSON its place in an archive."""

_KNOWN = 1024
"""Written forms that are kept."""

_HARMLESS = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./ ()-]*|")
"""Most names, told at once: they hold nothing that has to be changed or put into quotation marks."""

_TO_QUOTE = re.compile('[,"\r\n]')

# The last four are the wide forms of the first four.
_RISKY = re.compile("(^|[;\t\r\n])(?=[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")
"""Where a spreadsheet may see the start of a formula: at the start of a cell, also of those into which a
cell is cut where semicolons or tabs are taken as separators."""


@dataclass(frozen=True, eq=False, slots=True)
class RowTable:
    """The rows of all buckets, one after another.

    Attributes
    ----------
    plan : Plan
    sample : int64, shape (rows,)
        The catalog's sample in each row.
    placement : int32, shape (rows, 4)
        Top, left, height, width; all 0 for blank rows.
    label : int32, shape (rows,), or None
    valid : bool, shape (rows,)
    reason : Coded
    planned : mapping of int to mapping
        For rows whose files were repaired since the plan was carried out, what the plan knew of them.
    """

    plan: Plan
    sample: NDArray[np.int64]
    placement: NDArray[np.int32]
    label: NDArray[np.int32] | None
    valid: NDArray[np.bool_]
    reason: Coded
    planned: Mapping[int, Mapping[str, Any]]

    @classmethod
    def of(cls, plan: Plan, valid: NDArray[np.bool_], reason: Coded) -> RowTable:
        """The table of a run of `plan` that ended with `valid` and `reason`."""
        sample = plan.samples
        placement = np.concatenate(
            [
                # In parts, because the whole geometry is several times as wide as the placements.
                plan.geometry(bucket, bucket.samples[begin : begin + PART_ROWS]).placement
                for bucket in plan.buckets
                for begin in range(0, len(bucket.samples), PART_ROWS)
            ]
        )
        placement[~valid] = 0
        label = None if plan.label is None else plan.label[sample]
        return cls(plan, sample, placement, label, valid, reason, _planned(plan, sample))

    def chunks(self) -> Iterator[Iterator[_Row]]:
        """The table's rows, `CHUNK_ROWS` at a time."""
        for begin in range(0, len(self.sample), CHUNK_ROWS):
            yield self._rows(slice(begin, begin + CHUNK_ROWS))

    def _rows(self, rows: slice) -> Iterator[_Row]:
        catalog, sample = self.plan.catalog, self.sample[rows]
        row = np.arange(rows.start, rows.start + len(sample))
        array, index = self.plan.places(row)
        return zip(
            row.tolist(),
            index.tolist(),
            sample.tolist(),
            [catalog.folders[index] for index in catalog.source[sample].tolist()],
            catalog.path.take(sample),
            self._traits(rows, sample, array),
            catalog.file_bytes[sample].tolist(),
            catalog.mtime_ns[sample].tolist(),
            self._inside(sample),
            strict=True,
        )

    def _inside(self, sample: NDArray[np.int64]) -> Iterable[str]:
        catalog = self.plan.catalog
        if not catalog.archives:
            return repeat("null", len(sample))
        return (_json(row) if row[0] >= 0 else "null" for row in catalog.inside.take(sample).rows())

    def _traits(self, rows: slice, sample: NDArray[np.int64], array: NDArray[np.intp]) -> Iterator[_Traits]:
        catalog, classes = self.plan.catalog, self.plan.classes
        files = [spec.file for spec in self.plan.arrays]
        label = [None] * len(sample) if self.label is None else self.label[rows].tolist()
        return zip(
            label,
            [None if code is None or code < 0 else classes[code] for code in label],
            ["ok" if is_valid else "failed" for is_valid in self.valid[rows].tolist()],
            Coded(self.reason.codes[rows], self.reason.names),
            *(getattr(catalog, name)[sample].tolist() for name in ("height", "width", "channels")),
            catalog.dtype.take(sample),
            catalog.format.take(sample),
            catalog.orientation[sample].tolist(),
            map(tuple, self.placement[rows].tolist()),
            [None if member < 0 else member for member in catalog.member[sample].tolist()],
            catalog.bits[sample].tolist(),
            catalog.given_label.take(sample),
            catalog.split.take(sample),
            catalog.axes.take(sample),
            catalog.profile.take(sample),
            catalog.frames[sample].tolist(),
            catalog.source[sample].tolist(),
            self.plan.split.take(sample),
            [files[index] for index in array.tolist()],
            strict=True,
        )


def csv_lines(table: RowTable) -> Iterator[bytes]:
    """``manifest.csv`` in parts."""
    yield "\N{ZERO WIDTH NO-BREAK SPACE}".encode() + (",".join(COLUMNS) + "\r\n").encode()
    cell, cells, time = lru_cache(_KNOWN)(_cell), lru_cache(_KNOWN)(_csv_traits), lru_cache(_KNOWN)(_time)
    for chunk in table.chunks():
        lines = [
            f"{row},{traits[-1]},{index},{cell(source)},{_cell(file)},{cells(traits)},{file_bytes},"
            f"{time(mtime_ns // 10**9)}\r\n"
            for row, index, _sample, source, file, traits, file_bytes, mtime_ns, _inside in chunk
        ]
        yield "".join(lines).encode("utf-8")


def _csv_traits(traits: _Traits) -> str:
    _label, class_, status, reason, height, width, channels, dtype, format_, *rest = traits
    orientation, placement, member, _bits, _given_label, _given_split, _axes, profile, *rest = rest
    _frames, _picked, split, _array = rest
    size = (number or "" for number in (height, width, channels))
    texts = (_cell(class_ or ""), _cell(split), status, _cell(reason))
    last = (orientation, _cell(profile), "" if member is None else member)
    return ",".join(map(str, (*texts, *size, dtype, format_, *placement, *last)))


def _cell(text: str) -> str:
    """`text` as a cell of a spreadsheet: legible, and no part of it begins a formula."""
    if _HARMLESS.fullmatch(text):
        return text
    safe = _RISKY.sub(r"\1'", legible(text))
    return '"' + safe.replace('"', '""') + '"' if _TO_QUOTE.search(safe) else safe


def _time(mtime_s: int) -> str:
    """Seconds since 1970 as universal time."""
    return f"{np.datetime64(mtime_s, 's')}Z"


def json_lines(table: RowTable) -> Iterator[bytes]:
    """``manifest.jsonl`` in parts."""
    text, texts = lru_cache(_KNOWN)(_json), lru_cache(_KNOWN)(_json_traits)
    planned = {row: f',"{PLANNED}":{_json(known)}' for row, known in table.planned.items()}
    for chunk in table.chunks():
        lines = [
            f'{{"row":{row},"index":{index},"sample":{sample},"source":{text(source)},"file":{_json(file)},'
            f'{texts(traits)},"inside":{inside},"file_bytes":{file_bytes},"mtime_ns":{mtime_ns}'
            f"{planned.get(row, '')}}}\n"
            for row, index, sample, source, file, traits, file_bytes, mtime_ns, inside in chunk
        ]
        yield "".join(lines).encode("ascii")


def _json_traits(traits: _Traits) -> str:
    return ",".join(f'"{key}":{_json(value)}' for key, value in zip(_JSON_TRAITS, traits, strict=True))


def _planned(plan: Plan, sample: NDArray[np.int64]) -> dict[int, dict[str, Any]]:
    if plan.origin is None:
        return {}
    before = plan.origin.catalog
    rows = np.flatnonzero(changed_samples(before, plan.catalog)[sample]).tolist()
    return {row: content_of(before, int(sample[row])) for row in rows}


_json = json.JSONEncoder(separators=(",", ":")).encode
