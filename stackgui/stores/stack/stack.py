"""Write a stack: its arrays row by row, and the files beside them at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stackgui.core.base.cancellation import UNWATCHED, Cancellation, Progress
from stackgui.core.base.choices import Storage
from stackgui.core.base.spread import Spread
from stackgui.core.plan.plan import Plan
from stackgui.core.run.row_results import RowResults, RowsDone
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.stores.arrays.open_store import open_stores
from stackgui.stores.arrays.protocol import ArrayStore
from stackgui.stores.files.failures import explained
from stackgui.stores.format.header import header_json
from stackgui.stores.format.plan_file import PLAN_FILE, save_plan
from stackgui.stores.format.tables import write_tables
from stackgui.stores.recovery.cleanup import tidy_place
from stackgui.stores.recovery.folder import PartialFolder
from stackgui.stores.recovery.journal import JOURNAL_FILE, Journal
from stackgui.stores.recovery.lease import Lease
from stackgui.stores.recovery.resume import Job, take_over
from stackgui.stores.recovery.unfinished import (
    UnfinishedJournal,
    adopt_next_journal,
    find_journal,
    journal_head,
    unfinished_files,
)
from stackgui.stores.stack.destination import check_replace, check_unfinished


class StackWriter:
    """Writes a stack in the folder ``<destination>.partial``; create one with `open`.

    Finish with exactly one of `publish` and `abandon`. Only one thread may use it, except for `make_durable`.

    Attributes
    ----------
    stores : list of ArrayStore
        One per bucket of the plan.
    outcomes : RowResults
        Results of the rows, at first those that an unfinished run had done; record rows after writing them.
    """

    def __init__(
        self, plan: Plan, run: RunOptions, versions: Mapping[str, str], folder: PartialFolder
    ) -> None:
        self.stores: list[ArrayStore] = []
        self.outcomes = RowResults.none_of(plan.rows)
        self._plan = plan
        self._run = run
        self._versions = versions
        self._folder = folder
        self._journal: Journal | None = None
        self._has_durable_rows = False

    @classmethod
    def open(
        cls,
        plan: Plan,
        run: RunOptions,
        storage: Storage,
        versions: Mapping[str, str],
        progress: Progress = UNWATCHED,
    ) -> StackWriter:
        """Create and lock the folder and reserve space for the arrays, or resume an unfinished stack.

        Parameters
        ----------
        plan : Plan
        run : RunOptions
        storage : Storage
            ``MEMORY`` or ``FILE``; overrides that of ``run``.
        versions
            Versions of the software that makes the pixels, by name.
        progress
            Told how many rows of an unfinished stack were checked; also checked while space is reserved.

        Raises
        ------
        DestinationError
            When the destination exists, cannot be created, or is being written by another process.
        UnfinishedError
            When there is an unfinished stack, and ``run`` does not say what to do with it.
        OtherJobError
            When the unfinished stack belongs to a different job.
        StoreError
            When there is not enough space. Then nothing is left behind.
        """
        tidy_place(run.destination)
        check_replace(run)
        check_unfinished(run)
        writer = cls(plan, run, versions, PartialFolder(run.destination))
        try:
            found = writer._find()
            if found is None:
                writer._folder.clear()
            else:
                job = Job(plan, run, versions)
                writer.outcomes, writer._journal = take_over(writer._folder, found, job, progress)
            writer._open_stores(storage, progress, existing=found is not None)
        except BaseException:
            writer.abandon()
            raise
        return writer

    def _find(self) -> UnfinishedJournal | None:
        """Return the journal of the unfinished stack to resume, if there is one."""
        with explained(self._folder.path):
            adopt_next_journal(self._folder.path)
        found = find_journal(self._folder.path)
        if found is None or not found.rows_done or self._run.unfinished is IfUnfinished.RESTART:
            return None
        self._has_durable_rows = True
        return found

    def _open_stores(self, storage: Storage, cancellation: Cancellation, *, existing: bool) -> None:
        path_of = self._folder.file
        for store in open_stores(storage, self._plan, path_of, existing=existing, cancellation=cancellation):
            self.stores.append(store)

    def lend(self) -> Lease:
        """Return the right to write rows, for other hosts; raises StoreError."""
        return Lease.give(self._folder.path)

    def make_durable(self, rows: Sequence[RowsDone], cancellation: Cancellation = UNWATCHED) -> None:
        """Sync `rows`, which were written before, and then record them in the journal.

        Without rows, sync the plan. Another thread may write further rows meanwhile.

        Raises
        ------
        StoreError
            Then the journal records none of them, and this may be called again.
        """
        if self._journal is None:
            self._journal = self._begin_journal()
        if not rows:
            return
        for store in self.stores:
            store.sync(cancellation)
        self._journal.append(rows)
        self._has_durable_rows = True

    def _begin_journal(self) -> Journal:
        save_plan(self._plan, self._folder.file(PLAN_FILE))
        path = self._folder.file(JOURNAL_FILE)
        journal = Journal.begin(path, journal_head(self._plan, self._run, self._versions))
        with explained(path):
            self._folder.sync()
        return journal

    def write_tables(self, cancellation: Cancellation = UNWATCHED, spread: Spread = map) -> None:
        """Write the files beside the arrays; may be called again after an error.

        Parameters
        ----------
        cancellation
            Checked from time to time.
        spread
            Does what falls into parts.

        Raises
        ------
        StoreError
            When something cannot be written.
        """
        header = header_json(self._plan, self.outcomes, self._versions)
        write_tables(self._folder.file, self._plan, self.outcomes, header, cancellation, spread=spread)

    def publish(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Sync the arrays and give the folder its final name; after an error, retry or call `abandon`.

        Raises
        ------
        StoreError
            When something cannot be written; an old stack stays as it was.
        DestinationError
            When something that may not be replaced has meanwhile taken the final name.
        """
        for store in self.stores:
            store.close(cancellation)
        check_replace(self._run)
        if self._journal is not None:
            self._journal.close()
        with explained(self._run.destination):
            self._folder.publish(drop=unfinished_files)

    def abandon(self) -> None:
        """Release everything; never raises, and does nothing after `publish`.

        If the folder holds durable rows, it stays and can be resumed; otherwise it is deleted.
        """
        for store in self.stores:
            store.abort()
        if self._journal is not None:
            self._journal.close()
        if self._has_durable_rows:
            self._folder.release()
        else:
            self._folder.remove()
