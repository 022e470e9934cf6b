"""The failed rows of a finished stack, made again in place.

While that goes on the stack holds the mark `retrying.mark`: rows that are not valid may hold anything
then. The new tables are written beside the old ones. Once they and the pixels are durable, the mark is
renamed to `retried.mark`, which is the moment in which the retry counts; then the tables change places.
Whatever ends the work on the way, `settle_retry` makes the stack either what it was or what it was to become.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.choices import Storage
from stackgui.core.base.errors import StackguiError, UsageError
from stackgui.core.base.text import printable
from stackgui.core.plan.difference import other_versions
from stackgui.core.plan.plan import Plan
from stackgui.core.run.row_results import RowResults, RowsDone
from stackgui.stores.arrays.open_store import open_store
from stackgui.stores.arrays.protocol import ArrayStore
from stackgui.stores.files.failures import explained
from stackgui.stores.files.locks import FolderLock
from stackgui.stores.format.header import retried_header
from stackgui.stores.format.read_manifest import plan_of
from stackgui.stores.format.tables import write_tables
from stackgui.stores.recovery.cleanup import tidy
from stackgui.stores.recovery.retry_marker import NEXT, begin_retry, blank_rows, confirm_retry, settle_retry
from stackgui.stores.stack.reader import open_stack


class StackRewriter:
    """A finished stack whose failed rows are made again; make one with `open`.

    `begin` it, write rows, and end in exactly one of `publish` and `abandon`.

    Attributes
    ----------
    plan : Plan
        With files as they were when the stack was last written.
    stores : list of ArrayStore
        One for each of the plan's buckets; none before `begin`.
    outcomes : RowResults
        The failed rows are not done; whoever writes rows enters them.
    """

    def __init__(self, folder: str, lock: FolderLock) -> None:
        self._folder = folder
        self._lock = lock
        with open_stack(folder) as stack:
            self._header: Mapping[str, Any] = stack.header
            manifest = stack.manifest
            if len(manifest.path) != len(stack):
                raise StackguiError(f"{printable(folder)} is damaged: its tables have different lengths.")
            self.plan: Plan = plan_of(stack.header, manifest)
            failed: NDArray[np.int64] = np.flatnonzero(~stack.valid)
            self._reasons = {row: manifest.reason[row] for row in failed.tolist()}
            self.outcomes = RowResults(stack.valid.copy(), stack.valid, stack.checksums)
        self.stores: list[ArrayStore] = []
        self._has_begun = False

    @classmethod
    def open(cls, folder: str, versions: Mapping[str, str]) -> StackRewriter:
        """Lock the stack in `folder`, put right what an earlier retry left, and read its tables.

        Parameters
        ----------
        folder : str
            Absolute.
        versions
            Of whatever makes the pixels now, by name.

        Raises
        ------
        UsageError
            When the stack is in use, or was made by other versions, with what differs.
        StackguiError
            When there is no stack, or a damaged one.
        """
        if not os.path.isdir(folder):
            raise UsageError(f"There is no folder {printable(folder)}.")
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
        # What the rows were not made with does not matter to them.
        differ = other_versions(before, {name: now for name, now in versions.items() if name in before})
        if differ:
            raise UsageError(
                f"The failed rows of {printable(self._folder)} cannot be retried, because its rows were made "
                f"by other versions, whose pixels may differ. {' '.join(differ)} Convert the pictures again."
            )

    def begin(self, plan: Plan) -> None:
        """Make ready to write failed rows of `plan`, which is the stack's for files as they are now.

        Raises
        ------
        StoreError
        """
        self.plan = plan
        self._has_begun = True
        with explained(self._folder):
            begin_retry(self._folder)
        for array in plan.arrays:
            store = open_store(
                Storage.FILE,
                self._path(array.file),
                array,
                plan.options.layout,
                fill=plan.options.fill,
                waste=plan.waste,
                existing=True,
            )
            self.stores.append(store)

    def make_durable(self, rows: Sequence[RowsDone], cancellation: Cancellation = UNWATCHED) -> None:
        """Let `rows`, which were written before, survive a power cut; raises StoreError."""
        if rows:
            for store in self.stores:
                store.sync(cancellation)

    def write_tables(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Write the new tables beside the old ones; may be tried again.

        Parameters
        ----------
        cancellation
            Checked now and then.

        Raises
        ------
        StoreError
        """
        header = retried_header(self._header, self.plan, self.outcomes)
        write_tables(lambda name: self._path(name + NEXT), self.plan, self.outcomes, header, cancellation)

    def publish(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Make everything durable, and let it count; may be tried again, or `abandon` is next.

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
        """End a retry that was cancelled: what is done counts, the other rows are as they were.

        Raises
        ------
        StoreError
            Then `abandon` is next.
        """
        left = np.flatnonzero(~self.outcomes.done)
        with explained(self._folder):
            blank_rows(self._folder, self._header, left)
        self.outcomes.done[left] = True
        self.outcomes.reason |= {row: self._reasons[row] for row in left.tolist()}
        self.write_tables()
        self.publish()

    def abandon(self) -> None:
        """Make the stack what it was, and release everything; never raises, and does nothing after `publish`.

        What cannot be put right now, because the disk fails, is put right when the stack is next opened.
        """
        for store in self.stores:
            store.abort()
        if self._has_begun:
            with suppress(OSError, StackguiError):
                settle_retry(self._folder)
        self._lock.release()

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)
