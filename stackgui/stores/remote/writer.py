"""Writes a stack to a bucket, as the group of Zarr that exporting it would give."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from stackgui.core.base.cancellation import UNWATCHED, Cancellation, Progress
from stackgui.core.base.errors import DestinationError, StackguiError
from stackgui.core.base.spread import Spread
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import Plan
from stackgui.core.run.row_results import RowResults, RowsDone
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.stores.arrays.protocol import ArrayStore
from stackgui.stores.export.zarr_group import write_group
from stackgui.stores.files.claim import Claim, Right
from stackgui.stores.files.failures import explained
from stackgui.stores.files.object_store import clear, versions_below
from stackgui.stores.format.header import header_json
from stackgui.stores.recovery.resume import ENTRY_ROWS, Job, forget_changed
from stackgui.stores.recovery.unfinished import UnfinishedJournal, journal_head
from stackgui.stores.remote.desk import write_desk
from stackgui.stores.remote.journal import OWN, ObjectJournal
from stackgui.stores.remote.left import forget_broken
from stackgui.stores.remote.place import (
    check_place,
    find_journal_in,
    may_write,
    plan_in,
    put_plan,
    refuse_unfinished,
)
from stackgui.stores.remote.shards import Gathered, ShardStore, stores_for
from stackgui.stores.stack.reader import Stack

_WHAT = "stack"


@dataclass(frozen=True, slots=True)
class Borrowed:
    """The right to write shards; it is a `Permit`, and ends with the claim of the run."""

    right: Right

    @property
    def place(self) -> str:
        """Where may be written."""
        return self.right.place

    @property
    def token(self) -> str:
        """What tells this run from others."""
        return self.right.token

    def check(self) -> None:
        """Ask the server whether the run still has the place; raises StoreError."""
        self.right.check()

    def end(self) -> None:
        """Do nothing: shards that come late are the same as those that are there."""


class PlaceWriter:
    """Writes a stack to an address; it is a `Writer`. Create one with `open`.

    The rows of a shard are durable together, and whatever is not whole is made again by the next run. The
    tables are made in a folder of this computer, which is deleted afterwards.

    Finish with exactly one of `publish` and `abandon`. Only one thread may use it, except for `make_durable`.

    Attributes
    ----------
    stores, outcomes
        As in `Writer`; outcomes are at first those of whole shards that an unfinished run had written.
    """

    def __init__(self, plan: Plan, run: RunOptions, versions: Mapping[str, str], claim: Claim) -> None:
        self.stores: list[ArrayStore] = []
        self._shards: list[ShardStore] = []
        self.outcomes = RowResults.none_of(plan.rows)
        self._job = Job(plan, run, versions)
        self._place = run.destination
        self._claim = claim
        self._journal: ObjectJournal | None = None
        self._gathered = Gathered(plan)
        self._has_durable_rows = self._has_begun = False
        self._folder = tempfile.TemporaryDirectory(prefix="stackgui-", ignore_cleanup_errors=True)

    @classmethod
    def open(
        cls, plan: Plan, run: RunOptions, versions: Mapping[str, str], progress: Progress = UNWATCHED
    ) -> PlaceWriter:
        """Claim the place, and begin there or resume what is unfinished; as `StackWriter.open` otherwise.

        Raises
        ------
        DestinationError, UnfinishedError, OtherJobError, StoreError, UsageError, Cancelled
        """
        check_place((), run)
        writer = cls(plan, run, versions, Claim.take(run.destination, _WHAT, progress))
        try:
            with explained(run.destination):
                writer._begin(progress)
        except BaseException:
            writer.abandon()
            raise
        return writer

    def lend(self) -> Borrowed:
        """Return the right to write shards, for other hosts."""
        return Borrowed(self._claim.right)

    def _begin(self, progress: Progress) -> None:
        found = find_journal_in(self._place)
        if found is None and not may_write(self._place):
            raise DestinationError(
                say(
                    "There is already something at {target}. Choose another name, or delete it.",
                    target=printable(self._place),
                )
            )
        run = self._job.run
        if found is not None and found.rows_done and run.unfinished is not IfUnfinished.RESTART:
            self._has_durable_rows = True
            refuse_unfinished(run, found.rows_done, found.rows)
            self._resume(found, progress)
        else:
            clear(self._place)
        self._claim.begin()
        self._has_begun = True
        self._shards = stores_for(self._job.plan, self._place, self._claim.check)
        self.stores += self._shards

    def _resume(self, found: UnfinishedJournal, progress: Progress) -> None:
        job = self._job
        outcomes = found.outcomes(job.plan.rows)
        if (found.fingerprint, found.versions) != (job.plan.fingerprint, dict(job.versions)):
            with plan_in(self._place) as planned:
                forget_changed(self._place, lambda: planned, found, job, outcomes)
        there: set[str] = set()
        for page in versions_below(self._place):
            there.update(name for name, _version in page)
            progress.check()
        forget_broken(job.plan, outcomes, self._place, there, progress)
        progress.reached(outcomes.rows_done)
        self._journal = self._new_journal(outcomes)
        self.outcomes = outcomes

    def _new_journal(self, outcomes: RowResults) -> ObjectJournal:
        """Write the journal, and then the plan, which only matters for rows that it does not name yet."""
        job = self._job
        head = journal_head(job.plan, job.run, job.versions)
        journal = ObjectJournal.begin(self._place, head, outcomes.entries(ENTRY_ROWS))
        put_plan(job.plan, self._place)
        return journal

    def make_durable(self, rows: Sequence[RowsDone], cancellation: Cancellation = UNWATCHED) -> None:
        """Wait until whole shards are written, and record them; without rows, save the plan."""
        if self._journal is None:
            self._journal = self._new_journal(RowResults.none_of(self._job.plan.rows))
        if not rows:
            return
        try:
            for store in self.stores:
                store.sync(cancellation)
        finally:
            for entry in rows:
                self._gathered.add(entry)
            self._gathered.take(self._shards, self._record)

    def _record(self, rows: Sequence[RowsDone]) -> None:
        assert self._journal is not None, "it begins before any row is done"
        self._claim.check()
        self._journal.append(rows)
        self._has_durable_rows = True

    def write_tables(self, cancellation: Cancellation = UNWATCHED, spread: Spread = map) -> None:
        """Write the tables to a folder of this computer; raises StoreError."""
        job = self._job
        header = header_json(job.plan, self.outcomes, job.versions)
        write_desk(self._folder.name, job.plan, self.outcomes, header, cancellation, spread=spread)

    def publish(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Write the tables and, at the very end, the description of the group; raises StoreError."""
        for store in self.stores:
            store.close(cancellation)
        self._claim.check()
        with explained(self._place), Stack(self._folder.name) as stack:
            write_group(stack, self._place, cancellation)
        with suppress(StackguiError, OSError):
            clear(f"{self._place}/{OWN}/journal")
        self._claim.end()
        self._folder.cleanup()

    def abandon(self) -> None:
        """Release everything; never raises, and does nothing after `publish`.

        What can be resumed stays; otherwise nothing does.
        """
        for store in self.stores:
            store.abort()
        if self._has_durable_rows:
            self._claim.leave()
        else:
            if self._has_begun:
                with suppress(StackguiError, OSError):
                    self._claim.check()
                    clear(self._place)
            self._claim.end()
        self._folder.cleanup()
