"""The manifest: what each row of a stack is, once for people and once for programs.

``manifest.csv`` is made to be opened in a spreadsheet. It begins with a byte-order mark, without which the
most common spreadsheet takes UTF-8 for something else and garbles names; libraries know the mark.
``manifest.jsonl`` is exact: one JSON object a line, in ASCII, with names that survive whatever their bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.columns import Coded
from stackgui.core.plan import Plan
from stackgui.core.text import legible

CSV_FILE = "manifest.csv"
JSON_FILE = "manifest.jsonl"

CHUNK_ROWS = 4096
"""Rows that become Python objects at a time; bounds memory whatever the number of rows."""

PART_ROWS = 65_536
"""Rows whose geometry is worked out at a time."""

COLUMNS = (
    "row", "source", "file", "label", "status", "reason", "original_height", "original_width", "channels",
    "dtype", "format", "top", "left", "height", "width", "orientation", "file_bytes", "modified",
)  # fmt: skip

JSON_KEYS = (
    "row", "source", "file", "label", "class", "status", "reason", "original_height", "original_width",
    "channels", "dtype", "format", "orientation", "placement", "file_bytes", "mtime_ns",
)  # fmt: skip
_KNOWN_TEXTS = ("source", "label", "class", "status", "reason", "dtype", "format")
_KNOWN = 1024
"""Texts of which the written form is kept."""

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
    """

    plan: Plan
    sample: NDArray[np.int64]
    placement: NDArray[np.int32]
    label: NDArray[np.int32] | None
    valid: NDArray[np.bool_]
    reason: Coded

    @classmethod
    def of(cls, plan: Plan, valid: NDArray[np.bool_], reason: Coded) -> RowTable:
        """The table of a run of `plan` that ended with `valid` and `reason`."""
        sample = np.concatenate([bucket.samples for bucket in plan.buckets])
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
        return cls(plan, sample, placement, label, valid, reason)

    def chunks(self) -> Iterator[dict[str, list[Any]]]:
        """The table's columns as lists, `CHUNK_ROWS` rows at a time."""
        for begin in range(0, len(self.sample), CHUNK_ROWS):
            yield self._columns(slice(begin, begin + CHUNK_ROWS))

    def _columns(self, rows: slice) -> dict[str, list[Any]]:
        catalog, sample = self.plan.catalog, self.sample[rows]
        numbers = ("height", "width", "channels", "orientation", "file_bytes", "mtime_ns")
        label = [None] * len(sample) if self.label is None else self.label[rows].tolist()
        return {
            "row": list(range(rows.start, rows.start + len(sample))),
            "source": [catalog.sources[index] for index in catalog.source[sample].tolist()],
            "file": list(catalog.path.take(sample)),
            "label": label,
            "class": [None if code is None or code < 0 else self.plan.classes[code] for code in label],
            "status": ["ok" if is_valid else "failed" for is_valid in self.valid[rows].tolist()],
            "reason": list(Coded(self.reason.codes[rows], self.reason.names)),
            "dtype": list(catalog.dtype.take(sample)),
            "format": list(catalog.format.take(sample)),
            "placement": self.placement[rows].tolist(),
            **{name: getattr(catalog, name)[sample].tolist() for name in numbers},
        }


def csv_lines(table: RowTable) -> Iterator[bytes]:
    """``manifest.csv`` in parts."""
    yield "\N{ZERO WIDTH NO-BREAK SPACE}".encode() + (",".join(COLUMNS) + "\r\n").encode()
    known = lru_cache(_KNOWN)(_cell)  # few texts, each in many rows
    for columns in table.chunks():
        # The last line ends like all others.
        yield "\r\n".join([*_csv_rows(columns, known), ""]).encode("utf-8")


def _csv_rows(columns: dict[str, list[Any]], known: Callable[[str], str]) -> Iterator[str]:
    modified = np.asarray(columns["mtime_ns"], "datetime64[ns]").astype("datetime64[s]")
    return map(
        "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%sZ".__mod__,
        zip(
            columns["row"],
            map(known, columns["source"]),
            map(_cell, columns["file"]),
            [known(name or "") for name in columns["class"]],
            columns["status"],
            map(known, columns["reason"]),
            *([number or "" for number in columns[name]] for name in ("height", "width", "channels")),
            columns["dtype"],
            columns["format"],
            [f"{top},{left},{h},{w}" for top, left, h, w in columns["placement"]],
            columns["orientation"],
            columns["file_bytes"],
            np.datetime_as_string(modified).tolist(),
            strict=True,
        ),
    )


def _cell(text: str) -> str:
    """`text` as a cell of a spreadsheet: legible, and no part of it begins a formula."""
    if _HARMLESS.fullmatch(text):
        return text
    safe = _RISKY.sub(r"\1'", legible(text))
    return '"' + safe.replace('"', '""') + '"' if _TO_QUOTE.search(safe) else safe


def json_lines(table: RowTable) -> Iterator[bytes]:
    """``manifest.jsonl`` in parts."""
    encode = json.JSONEncoder(separators=(",", ":")).encode
    known = lru_cache(_KNOWN)(encode)
    line = "{" + ",".join(f'"{key}":%s' for key in JSON_KEYS) + "}\n"
    for columns in table.chunks():
        texts = {name: map(known, columns[name]) for name in _KNOWN_TEXTS}
        placement = [f"[{top},{left},{h},{w}]" for top, left, h, w in columns["placement"]]
        cells = {**columns, **texts, "file": map(encode, columns["file"]), "placement": placement}
        cells |= {"original_height": columns["height"], "original_width": columns["width"]}
        rows = zip(*(cells[key] for key in JSON_KEYS), strict=True)
        yield "".join(map(line.__mod__, rows)).encode("ascii")
