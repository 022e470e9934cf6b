"""Retry the failed rows of a finished stack, in place.

During a retry, the stack holds the mark `retrying.mark`, which says that invalid rows may hold anything. New
tables are written beside the old ones. Once these and the pixels are synced, the mark is renamed to
`retried.mark`: at this moment the retry counts. Then the new tables replace the old ones. If the process ends
in between, `settle_retry` completes or undoes the retry.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.aside import columns_aside
from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.choices import Storage
from stackgui.core.base.errors import StackguiError, UsageError
from stackgui.core.base.spread import Spread
from stackgui.core.base.text import printable
from stackgui.core.base.wording import joined, say
from stackgui.core.plan.difference import other_versions
from stackgui.core.plan.plan import Plan
from stackgui.core.run.no_folder import no_folder
from stackgui.core.run.row_results import RowResults, RowsDone
from stackgui.stores.arrays.open_store import open_stores
from stackgui.stores.arrays.protocol import ArrayStore
from stackgui.stores.files.failures import explained
from stackgui.stores.files.locks import FolderLock
from stackgui.stores.files.nameless import nameless_memory
from stackgui.stores.format.header import retried_header
from stackgui.stores.format.read_manifest import plan_of
from stackgui.stores.format.row_edits import EDITS_FILE
from stackgui.stores.format.tables import MANIFEST_FILES, write_tables
from stackgui.stores.recovery.cleanup import tidy
from stackgui.stores.recovery.lease import Lease
from stackgui.stores.recovery.retry_marker import (
    NEXT,
    begin_retry,
    blank_rows,
    confirm_retry,
    remove_table,
    settle_retry,
)
from stackgui.stores.stack.reader import open_stack


class StackRewriter:
    """Rewrites the failed rows of a finished stack; create one with `open`.

    Call `begin`, write rows, and finish with exactly one of `publish`, `keep` and `abandon`.

    Attributes
    ----------
    plan : Plan
        The stack's plan, with files as of the last write.
    stores : list of ArrayStore
        One per bucket of the plan; empty before `begin`.
    outcomes : RowResults
        Results of the rows. The failed ones are not done; record them after writing them.
    """

    @columns_aside(nameless_memory)
    def __init__(self, folder: str, lock: FolderLock) -> None:
        self._folder = folder
        self._lock = lock
        with open_stack(folder) as stack:
            self._header: Mapping[str, Any] = stack.header
            manifest = stack.manifest
            if len(manifest.path) != len(stack):
                raise StackguiError(
                    say("{folder} is damaged: its tables have different lengths.", folder=printable(folder))
                )
            self.plan: Plan = plan_of(stack.header, manifest, stack.annotations)
            failed: NDArray[np.int64] = np.flatnonzero(~stack.filled)
            self._reasons = {row: manifest.reason[row] for row in failed.tolist()}
            self.outcomes = RowResults(stack.filled, stack.filled, stack.checksums)
        self.stores: list[ArrayStore] = []
        self._has_begun = False

    @classmethod
    def open(cls, folder: str, versions: Mapping[str, str]) -> StackRewriter:
        """Lock the stack in `folder`, clean up after an earlier retry, and read its tables.

        Parameters
        ----------
        folder : str
            Absolute.
        versions
            Versions of the software that makes the pixels now, by name.

        Raises
        ------
        UsageError
            When the stack is in use, or was made by other versions; the message says which.
        StackguiError
            When there is no stack, or a damaged one.
        """
        if not os.path.isdir(folder):
            raise UsageError(no_folder(folder))
        with explained(folder):
            lock = FolderLock(folder)
        try:
            with explained(folder):
                tidy(folder)
            writer = cls(folder, lock)
            writer._check_versions(versions)
        except BaseException:
            lock.release()
            raise
        return writer

    def _check_versions(self, versions: Mapping[str, str]) -> None:
        before = dict(self._header.get("versions", {}))
        # Ignore software that the rows were not made with.
        differ = other_versions(before, {name: now for name, now in versions.items() if name in before})
        if differ:
            raise UsageError(
                say(
                    "The failed rows of {folder} cannot be retried, because its rows were made with "
                    "other versions, which may give other pixels. {differ} Convert the pictures "
                    "again.",
                    folder=printable(self._folder),
                    differ=joined(" ", differ),
                )
            )

    def begin(self, plan: Plan) -> None:
        """Prepare to write failed rows of `plan`, which is the stack's plan with files as they are now.

        Raises
        ------
        StoreError
        """
        self.plan = plan
        self._has_begun = True
        with explained(self._folder):
            begin_retry(self._folder)
        for store in open_stores(Storage.FILE, plan, self._path, existing=True):
            self.stores.append(store)

    def lend(self) -> Lease:
        """Return the right to write failed rows, for other hosts; raises StoreError."""
        return Lease.give(self._folder)

    def make_durable(self, rows: Sequence[RowsDone], cancellation: Cancellation = UNWATCHED) -> None:
        """Sync `rows`, which were written before; raises StoreError."""
        if rows:
            for store in self.stores:
                store.sync(cancellation)

    @columns_aside(nameless_memory)
    def write_tables(self, cancellation: Cancellation = UNWATCHED, spread: Spread = map) -> None:
        """Write the new tables beside the old ones; may be called again after an error.

        Parameters
        ----------
        cancellation
            Checked from time to time.
        spread
            Does what falls into parts.

        Raises
        ------
        StoreError
        """
        header = retried_header(self._header, self.plan, self.outcomes)
        written: set[str] = set()

        def path_of(name: str) -> str:
            written.add(name)
            return self._path(name + NEXT)

        write_tables(path_of, self.plan, self.outcomes, header, cancellation, spread=spread)
        # The new manifest has what edits said, and may have another form than the old one.
        for name in {EDITS_FILE, *MANIFEST_FILES} - written:
            if os.path.lexists(self._path(name)):
                remove_table(self._folder, name)

    def publish(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Sync everything and make it count; after an error, call it again or call `abandon`.

        Raises
        ------
        StoreError
        """
        for store in self.stores:
            store.close(cancellation)
        with explained(self._folder):
            confirm_retry(self._folder)
            settle_retry(self._folder)
        self._lock.release()

    def keep(self) -> None:
        """Finish a cancelled retry: rows that are done count, the others stay as they were.

        Raises
        ------
        StoreError
            Then call `abandon`.
        """
        left = np.flatnonzero(~self.outcomes.done)
        with explained(self._folder):
            blank_rows(self._folder, self._header, left)
        self.outcomes.done[left] = True
        self.outcomes.reason |= {row: self._reasons[row] for row in left.tolist()}
        self.write_tables()
        self.publish()

    def abandon(self) -> None:
        """Undo the retry and release everything; never raises, and does nothing after `publish`.

        If the disk fails, the retry is undone when the stack is next opened.
        """
        for store in self.stores:
            store.abort()
        if self._has_begun:
            with suppress(OSError, StackguiError):
                settle_retry(self._folder)
        self._lock.release()

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)
