"""Write the manifest of a stack, which describes each row: as CSV for people, as JSON for programs.

``manifest.csv`` is made for spreadsheets. It begins with a byte-order mark, because without one the most
common spreadsheet does not read UTF-8 and garbles names; libraries skip the mark.
``manifest.jsonl`` is exact: one JSON object per line, in ASCII, with names kept byte for byte.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.aside import new_column
from stackgui.core.base.blocks import blocks
from stackgui.core.base.columns import Coded, slim
from stackgui.core.base.spread import Spread
from stackgui.core.catalog.catalog import COLUMNS
from stackgui.core.catalog.skipped import Skipped
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.repair import changed_samples, content_of
from stackgui.stores.format.change_members import status_codes
from stackgui.stores.format.row_lines import RowPart, Written, lines_of, titles_of

CSV_FILE = "manifest.csv"
JSON_FILE = "manifest.jsonl"

CHUNK_ROWS = 4096
"""Rows converted to Python objects at a time, which bounds memory."""

GEOMETRY_ROWS = 65_536
"""Rows whose geometry is computed at a time."""

MOST_SENT = 2**12
"""Classes, or sets of them, beyond which it takes longer to send them with each part than to format it."""


@dataclass(frozen=True, eq=False, slots=True)
class RowTable:
    """A table of the rows of all buckets, one bucket after another.

    Attributes
    ----------
    plan : Plan
    sample : int64, shape (rows,)
        Index of each row's sample in the catalog.
    placement : int32, shape (rows, 4)
        Top, left, height, width; all 0 for blank rows.
    status : uint8, shape (rows,)
        Index into `STATUSES`.
    reason : Coded
    planned : mapping of int to mapping
        By row, what the plan knew of samples whose files were repaired since the plan was carried out.
    """

    plan: Plan
    sample: NDArray[np.int64]
    placement: NDArray[np.int32]
    status: NDArray[np.uint8]
    reason: Coded
    planned: Mapping[int, Mapping[str, Any]]

    @classmethod
    def of(cls, plan: Plan, valid: NDArray[np.bool_], reason: Coded) -> RowTable:
        """Return the table of a run of `plan` that ended with `valid` and `reason`; see `RowResults`."""
        sample = plan.samples
        placement = new_column(plan.rows, np.int32, 4)
        for first, bucket in zip(plan.first_rows, plan.buckets, strict=True):
            # In parts, because a geometry takes several times the memory of its placements.
            for begin in range(0, len(bucket.samples), GEOMETRY_ROWS):
                samples = bucket.samples[begin : begin + GEOMETRY_ROWS]
                rows = slice(first + begin, first + begin + len(samples))
                placement[rows] = plan.geometry(bucket, samples).placement
        placement[~valid] = 0
        return cls(plan, sample, placement, status_codes(plan, valid), reason, _before_repair(plan, sample))

    def parts(self, spread: Spread = map) -> Generator[tuple[bytes, bytes], None, None]:
        """Yield ``manifest.csv`` and ``manifest.jsonl``, a part of each at a time, formatted by `spread`.

        What it yields first are titles; `spread` may begin with the parts by then.
        """
        lines = (spread if self._can_be_sent else map)(lines_of, self._cut())
        yield titles_of(self.plan), b""
        yield from lines

    @property
    def _can_be_sent(self) -> bool:
        """Whether its parts are several, and small."""
        sets = self.plan.label_sets
        kept = len(self.plan.classes) + (0 if sets is None else len(sets))
        return kept <= MOST_SENT and len(self.sample) > CHUNK_ROWS

    def _cut(self) -> Iterator[RowPart]:
        """Yield the rows, some after the other."""
        written, plan = Written.of(self.plan), _lean(self.plan)
        for rows in blocks(len(self.sample), CHUNK_ROWS):
            known = range(rows.start, rows.stop) if self.planned else ()
            yield RowPart(
                _taken(plan, self.sample[rows], rows),
                written,
                rows.start,
                self.sample[rows],
                slim(self.placement[rows]),
                slim(self.status[rows]),
                self.reason.take(rows).without_unused(),
                {row: self.planned[row] for row in known if row in self.planned},
            )


def _lean(plan: Plan) -> Plan:
    """Return a plan without what lines do not say, for any number of samples."""
    catalog = replace(
        plan.catalog,
        doubts=Coded.constant("", len(plan.catalog)),
        problem=Coded.constant("", len(plan.catalog)),
        skipped=Skipped.nothing(),
        warnings=(),
        lists=(),
        list_columns=(),
        annotations=None,
        masks=None if plan.masks is None else plan.catalog.masks,
    )
    buckets = tuple(replace(bucket, samples=np.empty(0, np.int64)) for bucket in plan.buckets)
    return replace(plan, catalog=catalog, buckets=buckets, problem=Coded.constant("", 0), origin=None)


def _taken(plan: Plan, samples: NDArray[np.int64], rows: slice) -> Plan:
    """Return what the `_lean` plan says of `rows`, which have `samples`."""
    catalog = plan.catalog.take(samples)
    texts: dict[str, Any] = {
        each.name: values.without_unused()
        for each in COLUMNS
        if isinstance(values := getattr(catalog, each.name), Coded)
    }
    return replace(
        plan,
        catalog=replace(catalog, **texts),
        label=None if plan.label is None else plan.label[samples],
        split=plan.split.take(samples).without_unused(),
        group=None if plan.group is None else plan.group.take(samples).without_unused(),
        row_changes=None if plan.row_changes is None else plan.row_changes.part(rows),
    )


def _before_repair(plan: Plan, sample: NDArray[np.int64]) -> dict[int, dict[str, Any]]:
    if plan.origin is None:
        return {}
    before = plan.origin.catalog
    rows = np.flatnonzero(changed_samples(before, plan.catalog)[sample]).tolist()
    return {row: content_of(before, int(sample[row])) for row in rows}
