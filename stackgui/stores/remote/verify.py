"""Verifies a group in a bucket: every row by its checksum, and the tables by the plan that lies beside them.

All objects are fetched by our own code, which tells a server that does not answer from one that has something
else. Zarr's library then reads them from memory, so that whatever it cannot read is damage.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.aside import columns_aside
from stackgui.core.base.blocks import places_of
from stackgui.core.base.cancellation import Progress
from stackgui.core.base.choices import Layout
from stackgui.core.base.errors import PlanError, UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import ArraySpec, Plan
from stackgui.core.run.findings import Findings, Kind, RowsFound
from stackgui.core.run.row_results import RowResults
from stackgui.stores.arrays.checksums import HeldRows, blank_line, changed_pixels, padding_is, stored_checksum
from stackgui.stores.arrays.rows import Blank, RowShape
from stackgui.stores.export import contents
from stackgui.stores.export.zarr_group import CHECKSUMS, PLACEMENTS
from stackgui.stores.export.zarr_pieces import DESCRIPTION, opened_in_memory
from stackgui.stores.files.failures import explained
from stackgui.stores.files.nameless import nameless_memory
from stackgui.stores.files.object_store import versions_below
from stackgui.stores.files.objects import AT_ONCE, whole
from stackgui.stores.format.plan_file import PLAN_FILE
from stackgui.stores.remote.desk import write_desk
from stackgui.stores.remote.group import Group, Shard, side_by_side
from stackgui.stores.remote.journal import OWN
from stackgui.stores.remote.place import check_libraries, plan_in
from stackgui.stores.stack.reader import Stack

_LOT = 4096
"""Texts that are compared at a time."""

ValueT = TypeVar("ValueT")


class VerifyPlace:
    """Checks the group at an address; it has the attributes of `Verify`, and a ``with`` block closes it.

    Parameters
    ----------
    place
    deep
        Whether rows are to be made again afterwards, which takes the plan.
    """

    def __init__(self, place: str, *, deep: bool) -> None:
        self.damage = Findings()
        self.rows = self.gone = 0
        self.plan: Plan | None = None
        self.outcomes: RowResults | None = None
        self.versions: Mapping[str, str] = {}
        self._place = place
        self._deep = deep
        self._placements = np.empty((0, 4), np.int32)
        self._objects: dict[str, bytes] = {}
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.plan = None
        self._opened.close()

    @columns_aside(nameless_memory)
    def check(self, progress: Progress) -> None:
        """Check everything, and continue after damage as far as possible.

        Raises
        ------
        UsageError
            When there is no group, or rows are to be made again of one without a plan.
        StoreError
            When the server cannot be asked.
        """
        check_libraries()
        with explained(self._place):
            names = {name for page in versions_below(self._place) for name, _version in page}
            if DESCRIPTION not in names:
                raise UsageError(say("There is no complete stack at {place}.", place=printable(self._place)))
            described = whole(f"{self._place}/{DESCRIPTION}")[1]
            group = self._readable(DESCRIPTION, lambda: Group(self._place, described))
            if group is None:
                return
            self.versions = group.header.get("versions", {})
            self._find_plan(group, names)
            self._fetch([name for name in names if not name.startswith(OWN) and not group.is_shard(name)])
            for name in group.lacking(names):
                self._add(name, say("it is missing"))
            for name in sorted(group.names):
                described = self._objects.get(f"{name}/{DESCRIPTION}", b"")
                if self._readable(name, lambda: group.describes(name, described)) is False:  # noqa: B023
                    self._add(name, say("its own description differs from that of the group"))
            self._check_tables(group, progress)
            if self.outcomes is not None:
                self._check_rows(group, self.outcomes, progress)

    def _add(self, file: str, what: str) -> None:
        self.damage.add(file, what)

    def _readable(self, name: str, read: Callable[[], ValueT]) -> ValueT | None:
        """Return what is read; None, and note it, if it cannot be."""
        try:
            return read()
        except Exception:  # noqa: BLE001 - of Zarr's library and of its codecs, for which bytes are damaged
            self._add(name, say("it is damaged, or missing"))
            return None

    def _find_plan(self, group: Group, names: set[str]) -> None:
        name = f"{OWN}/{PLAN_FILE}"
        if name in names:
            try:
                plan = self._opened.enter_context(plan_in(self._place))
            except PlanError as error:
                self._add(name, str(error))
                return
            if plan.fingerprint == group.fingerprint:
                self.plan = plan
            else:
                self._add(name, say("it is the plan of another stack"))
        elif self._deep:
            raise UsageError(
                say(
                    "{place} has no plan by which its rows could be made again, since it is an export. "
                    "Verify the stack that it was made from.",
                    place=printable(self._place),
                )
            )

    def _fetch(self, names: Iterable[str]) -> None:
        wanted = list(names)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="objects") as threads:
            found = threads.map(lambda name: whole(f"{self._place}/{name}")[1], wanted)
            self._objects.update(zip(wanted, found, strict=True))

    def _table(self, name: str, rows: tuple[int, ...] | None = None) -> NDArray[Any] | None:
        """Return a table; None, and note it, if it cannot be read or has another shape than it should."""
        table = self._readable(name, lambda: np.asarray(opened_in_memory(self._objects)[name][...]))
        if table is not None and rows is not None and table.shape != rows:
            self._add(name, say("it has not as many rows as the stack"))
            return None
        return table

    def _check_tables(self, group: Group, progress: Progress) -> None:
        rows = self.rows = group.rows
        placements, checksums = self._table(PLACEMENTS, (rows, 4)), self._table(CHECKSUMS, (rows,))
        if placements is None or checksums is None:
            return
        self._placements = placements
        filled = placements[:, 2] > 0
        blank = places_of(lambda part: ~filled[part], rows).tolist()
        self.outcomes = RowResults(
            np.broadcast_to(np.True_, rows),
            filled,
            checksums.astype(np.uint64, copy=False),
            dict.fromkeys(blank, ""),
        )
        if group.header.get("failed") != len(blank):
            self._add(DESCRIPTION, say("its counts differ from those of {valid_file}", valid_file=PLACEMENTS))
        if self.plan is not None:
            self._compare(group, self.plan, self.outcomes, progress)

    def _compare(self, group: Group, plan: Plan, outcomes: RowResults, progress: Progress) -> None:
        """Compare all tables with those that the plan and the results of the rows give."""
        differs = say("it is not what the plan of the stack gives")
        with tempfile.TemporaryDirectory(prefix="stackgui-") as folder:
            write_desk(folder, plan, outcomes, group.header, progress)
            with Stack(folder) as stack:
                for name, wanted in {**contents.tables(stack), CHECKSUMS: stack.checksums}.items():
                    table = self._table(name)
                    if table is not None and not _equal(table, wanted):
                        self._add(name, differs)
                for name, texts in contents.texts(stack).items():
                    table = self._table(name, texts.shape)
                    if table is not None and not _same_texts(table, texts.lots(_LOT)):
                        self._add(name, differs)
                said = {"layout": stack.layout.value, **contents.words(stack)}
                if any(group.about.get(name) != value for name, value in said.items()):
                    self._add(DESCRIPTION, differs)

    def _check_rows(self, group: Group, outcomes: RowResults, progress: Progress) -> None:
        """Check the pixels and the padding of every row."""
        first = 0
        for arrays in group.buckets:
            described = [self._objects.get(f"{contents.array_name(spec)}/{DESCRIPTION}") for spec in arrays]
            shards = [
                self._noted(group.shards(spec, about))
                for spec, about in zip(arrays, described, strict=True)
                if about is not None
            ]
            if len(shards) == len(arrays):
                kinds = [_Rows(*each, group.layout) for each in zip(arrays, group.fills, strict=True)]
                found = self.damage.in_rows(range(first, first + arrays[0].rows), *_kinds_of(kinds))
                for rows, pieces in side_by_side(shards):
                    for row in rows:
                        self._check_row(kinds, pieces, (row, first + row), outcomes, found)
                        progress.reached(first + row + 1, self.rows)
            first += arrays[0].rows

    def _noted(self, shards: Iterator[Shard]) -> Iterator[Shard]:
        """Yield the shards, and note those that are damaged."""
        for shard in shards:
            if shard.rows is None:
                self._add(shard.name, say("it is damaged, or missing"))
            yield shard

    def _check_row(
        self,
        kinds: Sequence[_Rows],
        shards: Sequence[Shard],
        place: tuple[int, int],
        outcomes: RowResults,
        found: RowsFound,
    ) -> None:
        """Check a row as far as its shards are sound; `place` is its number in its bucket, and of all."""
        index, row = place
        top, left, height, width = self._placements[row].tolist()
        lines, pixels = kinds[0].size_px
        if min(top, left, height, width) < 0 or top + height > lines or left + width > pixels:
            found.add(0, row)
            return
        placement = (top, left, height, width)
        held = [
            (kind, HeldRows(shard.rows, shard.first * kind.shape.row_bytes))
            for kind, shard in zip(kinds, shards, strict=True)
            if shard.rows is not None
        ]
        if outcomes.valid[row] and len(held) == len(kinds):
            checksum = stored_checksum([(each, kind.shape) for kind, each in held], index, placement)
            if checksum != outcomes.checksum[row]:
                found.add(1, row)
        for kind, each in held:
            if not padding_is(each, kind.shape, index, placement, kind.line):
                found.add(2 + kinds.index(kind), row)


class _Rows:
    """What the rows of an array look like.

    Attributes
    ----------
    name, shape
    line : uint8, shape (line_bytes,)
        A line of padding.
    """

    def __init__(self, spec: ArraySpec, fill: float, layout: Layout) -> None:
        self.name, self.shape = contents.array_name(spec), RowShape.of(spec, layout)
        self.line = blank_line(self.shape, Blank.of(fill, spec.dtype))

    @property
    def size_px(self) -> tuple[int, int]:
        """Height and width of a row."""
        return self.shape.lines, self.shape.line_bytes // self.shape.pixel_bytes


def _kinds_of(arrays: Sequence[_Rows]) -> list[Kind]:
    """Return what may be wrong with a row that these arrays hold."""
    padding = say("its padding is not the fill value")
    pixels = arrays[0].name, changed_pixels(len(arrays))
    return [(PLACEMENTS, say("lies outside its row")), pixels, *((each.name, padding) for each in arrays)]


def _equal(found: NDArray[Any], wanted: NDArray[Any]) -> bool:
    are_floats = wanted.dtype.kind == "f"
    return found.dtype == wanted.dtype and np.array_equal(found, wanted, equal_nan=are_floats)


def _same_texts(table: NDArray[Any], lots: Iterator[NDArray[np.object_]]) -> bool:
    first = 0
    for lot in lots:
        if table[first : first + len(lot)].tolist() != lot.tolist():
            return False
        first += len(lot)
    return True
