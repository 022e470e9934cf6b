"""Read and write the plan and the journal of an unfinished stack."""

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
from stackgui.core.base.wording import say
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.saved_plan import plan_from_json
from stackgui.core.run.report import Unfinished
from stackgui.core.run.row_results import RowResults
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.stores.files import renaming
from stackgui.stores.files.opening import open_to_read
from stackgui.stores.recovery.folder import PARTIAL, is_locked
from stackgui.stores.recovery.journal import JOURNAL_FILE, JournalContents, read_journal

PLAN_FILE = "plan.json"
NEXT_JOURNAL_FILE = "journal.next"
"""A journal that counts as soon as its plan is there."""

_CHUNK_ROWS = 16_384
"""Rows of a column converted to Python objects, and to text, at a time."""


def journal_head(plan: Plan, run: RunOptions, versions: Mapping[str, str]) -> dict[str, Any]:
    """Return the head of a run's journal."""
    return {"plan": plan.header_json(), "versions": dict(versions), "run": run.to_json()}


def plan_parts(plan: Plan) -> Iterator[bytes]:
    """Yield ``Plan.to_json`` as JSON text, in parts so small that other threads get their turn."""
    header = json.dumps(plan.header_json())
    yield header[:-1].encode("ascii")
    before = ', "catalog": {'
    for name, value in plan.catalog.json_items():
        yield f"{before}{json.dumps(name)}: ".encode("ascii")
        yield from (part.encode("ascii") for part in _json_parts(value))
        before = ",\n"
    yield b"}}\n"


def _json_parts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value, and columns
    """Yield `value` as JSON text, columns in parts of `_CHUNK_ROWS` rows."""
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
    while part := list(islice(names, _CHUNK_ROWS)):
        yield json.dumps(part)[1:-1]


def _numbers(column: NDArray[np.integer[Any]]) -> Iterator[str]:
    for begin in range(0, len(column), _CHUNK_ROWS):
        part = column[begin : begin + _CHUNK_ROWS]
        if part.strides == (0,):  # one value for all rows
            yield ", ".join([str(part[0])] * len(part))
        else:
            # Python's own text of a list of integers is JSON, and takes a third of the time.
            yield str(part.tolist())[1:-1]


@dataclass(frozen=True, eq=False, slots=True)
class UnfinishedJournal:
    """The valid part of an unfinished stack's journal.

    Attributes
    ----------
    fingerprint : str
        Fingerprint of its plan.
    rows : int
    versions : mapping of str to str
        Versions of the software that made its pixels, by name.
    journal : JournalContents
    """

    fingerprint: str
    rows: int
    versions: Mapping[str, str]
    journal: JournalContents

    @property
    def rows_done(self) -> int:
        """Number of durable rows."""
        return len(self._last()[0])

    @property
    def failed(self) -> int:
        """Number of durable rows that are blank."""
        return int(np.count_nonzero(~self._last()[1]))

    def outcomes(self, rows: int) -> RowResults:
        """Return the results of `rows` rows; entries beyond them are ignored."""
        outcomes = RowResults.none_of(rows)
        for entry in self.journal.rows:
            with suppress(ValueError):
                outcomes.record(entry)
        return outcomes

    def _last(self) -> tuple[np.ndarray, np.ndarray]:
        """Return each durable row once, and whether it is valid by its last entry."""
        entries = [entry for entry in self.journal.rows if len(entry)]
        if not entries:
            return np.empty(0, np.int64), np.empty(0, np.bool_)
        rows = np.concatenate([np.arange(len(entry)) + entry.first for entry in entries])
        valid = np.concatenate([entry.valid for entry in entries])
        found, place = np.unique(rows[::-1], return_index=True)
        return found, valid[::-1][place]


def find_journal(folder: str) -> UnfinishedJournal | None:
    """Read the journal of the unfinished stack in `folder`; return None if it is missing or not valid."""
    return _read_unfinished(os.path.join(folder, JOURNAL_FILE))


def _read_unfinished(journal: str) -> UnfinishedJournal | None:
    contents = read_journal(journal)
    if contents is None:
        return None
    try:
        plan, versions = contents.head["plan"], contents.head["versions"]
        texts = {str(name): str(version) for name, version in versions.items()}
        return UnfinishedJournal(str(plan["fingerprint"]), int(plan["rows"]), texts, contents)
    except (AttributeError, LookupError, TypeError, ValueError, OverflowError, RecursionError):
        return None


def adopt_next_journal(folder: str) -> None:
    """Replace the journal by the next one if its plan is there, else delete the next one; raises OSError."""
    next_journal = os.path.join(folder, NEXT_JOURNAL_FILE)
    if not os.path.lexists(next_journal):
        return
    found = _read_unfinished(next_journal)
    if found is not None and found.fingerprint == _read_plan_json(folder).get("fingerprint"):
        renaming.replace(next_journal, os.path.join(folder, JOURNAL_FILE))
    else:
        os.unlink(next_journal)


def read_plan(folder: str) -> Plan:
    """Read the plan of the unfinished stack in `folder`.

    Raises
    ------
    PlanError
        When the plan is missing, damaged, or made by another version.
    """
    return plan_from_json(_read_plan_json(folder))


def unfinished_at(destination: str) -> Unfinished | None:
    """Return the unfinished conversion to `destination` that can be resumed, if there is one."""
    partial = destination + PARTIAL
    found = find_journal(partial)
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
    """Return the disk space of an unfinished stack, which resuming it or beginning anew will reuse."""
    total = 0
    with suppress(OSError), os.scandir(destination + PARTIAL) as entries:
        for entry in entries:
            status = entry.stat(follow_symlinks=False)
            total += getattr(status, "st_blocks", -(-status.st_size // 512)) * 512
    return total


def run_of(partial: str, *, redo_changed: bool) -> RunOptions:
    """Return the options for resuming the conversion in the folder `partial`.

    Raises
    ------
    DestinationError
        When there is no such conversion, or it is damaged.
    """
    if not os.path.isdir(partial):
        raise DestinationError(say("There is no folder {partial}.", partial=printable(partial)))
    if not partial.endswith(PARTIAL):
        raise DestinationError(
            say(
                "{partial} is not the folder of an unfinished conversion, whose name would end "
                "in {partial2}.",
                partial=printable(partial),
                partial2=PARTIAL,
            )
        )
    found = find_journal(partial)
    if found is None:
        raise DestinationError(
            say(
                "{partial} holds nothing that can be resumed. Convert the pictures again.",
                partial=printable(partial),
            )
        )
    unfinished = IfUnfinished.REDO if redo_changed else IfUnfinished.RESUME
    try:
        return RunOptions.from_json(found.journal.head.get("run"), partial.removesuffix(PARTIAL), unfinished)
    except UsageError as error:
        raise DestinationError(
            say("{partial} is damaged. Convert the pictures again.", partial=printable(partial))
        ) from error


def _read_plan_json(folder: str) -> Mapping[str, Any]:
    path = os.path.join(folder, PLAN_FILE)
    try:
        with open_to_read(path) as file:
            value = json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        raise PlanError(
            say("{path} is missing or damaged. Convert the pictures again.", path=printable(path))
        ) from error
    if not isinstance(value, dict):
        raise PlanError(say("{path} is damaged. Convert the pictures again.", path=printable(path)))
    return value
