"""Read and write the plan and the journal of an unfinished stack."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from stackgui.core.base.errors import DestinationError, UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.plan_head import read_head
from stackgui.core.plan.shared_plan import SharedPlan, choices_from_json
from stackgui.core.run.report import Unfinished
from stackgui.core.run.row_results import RowResults
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.stores.files import renaming
from stackgui.stores.files.opening import open_to_read
from stackgui.stores.format.plan_file import PLAN_FILE, columns_beside, missing, open_plan, read_plan_json
from stackgui.stores.recovery.folder import PARTIAL, is_locked
from stackgui.stores.recovery.journal import JOURNAL_FILE, JournalContents, read_journal

NEXT_JOURNAL_FILE = "journal.next"
"""A journal that counts as soon as its plan is there."""


def journal_head(plan: Plan, run: RunOptions, versions: Mapping[str, str]) -> dict[str, Any]:
    """Return the head of a run's journal."""
    return {"plan": plan.header_json(), "versions": dict(versions), "run": run.to_json()}


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
    return None if contents is None else journal_of(contents)


def journal_of(contents: JournalContents) -> UnfinishedJournal | None:
    """Return the journal that was read, or None if it is that of nothing that we know."""
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
    if found is not None and found.fingerprint == read_plan_json(os.path.join(folder, PLAN_FILE)).get(
        "fingerprint"
    ):
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
    return open_plan(os.path.join(folder, PLAN_FILE))


def read_choices(folder: str) -> SharedPlan:
    """Read only what was chosen for the unfinished stack in `folder`, which a plan of any size begins with.

    Raises
    ------
    PlanError
        When the plan is missing, damaged, or made by another version.
    """
    path = os.path.join(folder, PLAN_FILE)
    try:
        with open_to_read(path) as file:
            value = read_head(file)
    except (OSError, ValueError, RecursionError) as error:
        raise missing(path) from error
    return choices_from_json(value)


def unfinished_files(folder: str) -> tuple[str, ...]:
    """Return the names of the files that only an unfinished stack needs, in the order to delete them."""
    return (JOURNAL_FILE, *columns_beside(os.path.join(folder, PLAN_FILE)), PLAN_FILE)


def unfinished_at(destination: str) -> Unfinished | None:
    """Return the unfinished conversion to `destination` that can be resumed, if there is one."""
    partial = destination + PARTIAL
    found = find_journal(partial)
    if found is None or not found.rows_done:
        return None
    try:
        when_s = os.stat(os.path.join(partial, JOURNAL_FILE)).st_mtime
    except OSError:
        return None
    return told(found, partial, destination, when_s=when_s, in_use=is_locked(partial))


def told(
    found: UnfinishedJournal, partial: str, destination: str, *, when_s: float, in_use: bool
) -> Unfinished | None:
    """Return what a journal says of the unfinished conversion in `partial`; None if it is damaged."""
    plan = found.journal.head["plan"]
    try:
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
            in_use=in_use,
        )
    except (LookupError, TypeError, ValueError, RecursionError, UsageError):
        return None


def held_bytes(destination: str) -> int:
    """Return the disk space of an unfinished stack, which resuming it or beginning anew will reuse."""
    total = 0
    with suppress(OSError), os.scandir(destination + PARTIAL) as entries:
        for entry in entries:
            status = entry.stat(follow_symlinks=False)
            total += getattr(status, "st_blocks", -(-status.st_size // 512)) * 512
    return total


def run_and_rows_of(partial: str, *, redo_changed: bool) -> tuple[RunOptions, int]:
    """Return the options for resuming the conversion in the folder `partial`, and its number of rows.

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
        raise DestinationError(nothing_in(partial))
    return run_in(found, partial, partial.removesuffix(PARTIAL), redo_changed=redo_changed), found.rows


def nothing_in(partial: str) -> str:
    """Say that a place holds no unfinished conversion."""
    return say(
        "{partial} holds nothing that can be resumed. Convert the pictures again.", partial=printable(partial)
    )


def run_in(found: UnfinishedJournal, partial: str, destination: str, *, redo_changed: bool) -> RunOptions:
    """Return the options for resuming what `partial` holds; raises DestinationError."""
    unfinished = IfUnfinished.REDO if redo_changed else IfUnfinished.RESUME
    try:
        return RunOptions.from_json(found.journal.head.get("run"), destination, unfinished)
    except UsageError as error:
        raise DestinationError(
            say("{partial} is damaged. Convert the pictures again.", partial=printable(partial))
        ) from error
