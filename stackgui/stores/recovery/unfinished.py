"""What an unfinished stack says about itself: in its plan and its journal."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Paths
from stackgui.core.base.errors import DestinationError, PlanError, UsageError
from stackgui.core.base.text import printable
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.saved_plan import plan_from_json
from stackgui.core.run.row_results import RowResults
from stackgui.core.run.run import IfUnfinished, RunOptions, Unfinished
from stackgui.stores.files.opening import open_to_read
from stackgui.stores.recovery.folder import PARTIAL, is_locked
from stackgui.stores.recovery.journal import JOURNAL_FILE, Contents, read_journal

PLAN_FILE = "plan.json"
NEXT_JOURNAL_FILE = "journal.next"
"""A journal that counts as soon as the plan that it belongs to is there."""

_ROWS_TOGETHER = 16_384
"""Rows of a column that become Python objects, and text, at a time."""


def journal_head(plan: Plan, run: RunOptions, versions: Mapping[str, str]) -> dict[str, Any]:
    """What the journal of a run begins with."""
    return {"plan": plan.header_json(), "versions": dict(versions), "run": run.to_json()}


def plan_parts(plan: Plan) -> Iterator[bytes]:
    """``Plan.to_json`` as JSON text, in small parts, so that other threads get their turn."""
    header = json.dumps(plan.header_json())
    yield header[:-1].encode("ascii")
    before = ', "catalog": {'
    for name, value in plan.catalog.json_items():
        yield f"{before}{json.dumps(name)}: ".encode("ascii")
        yield from (part.encode("ascii") for part in _json_parts(value))
        before = ",\n"
    yield b"}}\n"


def _json_parts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value, and columns
    """`value` as JSON text; columns in parts of `_ROWS_TOGETHER`."""
    if isinstance(value, Mapping):
        for index, (name, each) in enumerate(value.items()):
            yield f"{', ' if index else '{'}{json.dumps(name)}: "
            yield from _json_parts(each)
        yield "}" if value else "{}"
    elif isinstance(value, np.ndarray | Paths):
        before = "["
        for part in _names(value) if isinstance(value, Paths) else _numbers(value):
            yield before + part
            before = ", "
        yield "]" if len(value) else "[]"
    else:
        yield json.dumps(value)


def _names(paths: Paths) -> Iterator[str]:
    names = iter(paths)
    while part := list(islice(names, _ROWS_TOGETHER)):
        yield json.dumps(part)[1:-1]


def _numbers(column: NDArray[np.integer[Any]]) -> Iterator[str]:
    for begin in range(0, len(column), _ROWS_TOGETHER):
        part = column[begin : begin + _ROWS_TOGETHER]
        if part.strides == (0,):  # one value for all rows
            yield ", ".join([str(part[0])] * len(part))
        else:
            # Of whole numbers Python's own text is JSON, and takes a third of the time.
            yield str(part.tolist())[1:-1]


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """What is believed of an unfinished stack.

    Attributes
    ----------
    fingerprint : str
        Of its plan.
    rows : int
    versions : mapping of str to str
        Of what made its pixels.
    journal : Contents
    """

    fingerprint: str
    rows: int
    versions: Mapping[str, str]
    journal: Contents

    @property
    def rows_done(self) -> int:
        """How many rows are durable."""
        return len(self._last()[0])

    @property
    def failed(self) -> int:
        """How many of them are blank."""
        return int(np.count_nonzero(~self._last()[1]))

    def outcomes(self, rows: int) -> RowResults:
        """The table of `rows` rows; what the journal tells of others is not believed."""
        outcomes = RowResults.none_of(rows)
        for entry in self.journal.rows:
            with suppress(ValueError):
                outcomes.record(entry)
        return outcomes

    def _last(self) -> tuple[np.ndarray, np.ndarray]:
        """The rows that are durable, once each, and whether they are valid by the last entry of them."""
        entries = [entry for entry in self.journal.rows if len(entry)]
        if not entries:
            return np.empty(0, np.int64), np.empty(0, np.bool_)
        rows = np.concatenate([np.arange(len(entry)) + entry.first for entry in entries])
        valid = np.concatenate([entry.valid for entry in entries])
        found, place = np.unique(rows[::-1], return_index=True)
        return found, valid[::-1][place]


def find(folder: str) -> Found | None:
    """What is believed of the unfinished stack in `folder`; None when there is nothing to believe."""
    return _believed(os.path.join(folder, JOURNAL_FILE))


def _believed(journal: str) -> Found | None:
    contents = read_journal(journal)
    if contents is None:
        return None
    try:
        plan, versions = contents.head["plan"], contents.head["versions"]
        texts = {str(name): str(version) for name, version in versions.items()}
        return Found(str(plan["fingerprint"]), int(plan["rows"]), texts, contents)
    except (AttributeError, LookupError, TypeError, ValueError, OverflowError, RecursionError):
        return None


def adopt_next_journal(folder: str) -> None:
    """Put the next journal in the journal's place when its plan is there, else delete it; raises OSError."""
    following = os.path.join(folder, NEXT_JOURNAL_FILE)
    if not os.path.lexists(following):
        return
    found = _believed(following)
    if found is not None and found.fingerprint == _read_plan_json(folder).get("fingerprint"):
        os.replace(following, os.path.join(folder, JOURNAL_FILE))
    else:
        os.unlink(following)


def read_plan(folder: str) -> Plan:
    """The plan of the unfinished stack in `folder`.

    Raises
    ------
    PlanError
        When it is missing, damaged, or was made by another version.
    """
    return plan_from_json(_read_plan_json(folder))


def unfinished_at(destination: str) -> Unfinished | None:
    """The unfinished conversion to `destination` that can be resumed, if there is one."""
    partial = destination + PARTIAL
    found = find(partial)
    if found is None or not found.rows_done:
        return None
    plan = found.journal.head["plan"]
    try:
        when_s = os.stat(os.path.join(partial, JOURNAL_FILE)).st_mtime
        return Unfinished(
            partial=partial,
            destination=destination,
            rows_done=found.rows_done,
            rows=found.rows,
            failed=found.failed,
            sources=tuple(map(str, plan["sources"])),
            scan_options=ScanOptions.from_json(plan["scan_options"]),
            options=Options.from_json(plan["options"]),
            when_s=when_s,
            in_use=is_locked(partial),
        )
    except (LookupError, TypeError, ValueError, RecursionError, OSError, UsageError):
        return None


def held_bytes(destination: str) -> int:
    """What an unfinished stack takes on the disk: space that going on, or beginning anew, will use again."""
    total = 0
    with suppress(OSError), os.scandir(destination + PARTIAL) as entries:
        for entry in entries:
            status = entry.stat(follow_symlinks=False)
            total += getattr(status, "st_blocks", -(-status.st_size // 512)) * 512
    return total


def run_of(partial: str, *, redo_changed: bool) -> RunOptions:
    """How the conversion in the folder `partial` is to go on.

    Raises
    ------
    DestinationError
        When there is none.
    """
    if not os.path.isdir(partial):
        raise DestinationError(f"There is no folder {printable(partial)}.")
    if not partial.endswith(PARTIAL):
        raise DestinationError(
            f"{printable(partial)} is not what an unfinished conversion leaves: that is a folder whose name "
            f"ends in {PARTIAL}."
        )
    found = find(partial)
    if found is None:
        raise DestinationError(
            f"{printable(partial)} holds nothing that could be resumed. Convert the pictures again."
        )
    unfinished = IfUnfinished.REDO if redo_changed else IfUnfinished.RESUME
    try:
        return RunOptions.from_json(found.journal.head.get("run"), partial.removesuffix(PARTIAL), unfinished)
    except UsageError as error:
        raise DestinationError(f"{printable(partial)} is damaged. Convert the pictures again.") from error


def _read_plan_json(folder: str) -> Mapping[str, Any]:
    path = os.path.join(folder, PLAN_FILE)
    try:
        with open_to_read(path) as file:
            value = json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        raise PlanError(f"{printable(path)} is missing or damaged. Convert the pictures again.") from error
    if not isinstance(value, dict):
        raise PlanError(f"{printable(path)} is damaged. Convert the pictures again.")
    return value
