"""Making a stack: its arrays while they are filled, and everything around them at the end."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from stackgui.core.columns import Coded
from stackgui.core.options import Storage
from stackgui.core.plan import Plan
from stackgui.core.run import ALL_FINITE, NonFiniteCount, RunOptions
from stackgui.stores.destination import check_replace
from stackgui.stores.durable import sync_file
from stackgui.stores.failures import explained
from stackgui.stores.folder import PartialFolder
from stackgui.stores.header import HEADER_FILE, header_json
from stackgui.stores.manifest import CSV_FILE, JSON_FILE, RowTable, csv_lines, json_lines
from stackgui.stores.open_store import open_store
from stackgui.stores.protocol import ArrayStore, Proceed, go_on

VALID_FILE = "valid.npy"
PLACEMENTS_FILE = "placements.npy"
LABELS_FILE = "labels.npy"
CLASSES_FILE = "classes.json"


class StackWriter:
    """A stack in the making, in the folder ``<destination>.partial``; make one with `create`.

    Ends in exactly one of `finish` and `abandon`. One thread uses it.

    Attributes
    ----------
    stores : list of ArrayStore
        One for each of the plan's buckets.
    """

    def __init__(self, plan: Plan, run: RunOptions, folder: PartialFolder) -> None:
        self.stores: list[ArrayStore] = []
        self._plan = plan
        self._run = run
        self._folder = folder

    @classmethod
    def create(cls, plan: Plan, run: RunOptions, storage: Storage) -> StackWriter:
        """Make the folder, lock it, and reserve space for the arrays.

        Parameters
        ----------
        plan : Plan
        run : RunOptions
        storage : Storage
            ``MEMORY`` or ``FILE``; what ``run`` says is not looked at.

        Raises
        ------
        DestinationError
            When the destination is taken, or cannot be made, or is being written by another process.
        StoreError
            When there is not the space. Then nothing is left behind.
        """
        check_replace(run)
        writer = cls(plan, run, PartialFolder(run.destination))
        try:
            for array in plan.arrays:
                store = open_store(
                    storage,
                    writer._folder.file(array.file),
                    array,
                    plan.options.layout,
                    fill=plan.options.fill,
                    waste=plan.waste,
                )
                writer.stores.append(store)
        except BaseException:
            writer.abandon()
            raise
        return writer

    def finish(
        self,
        valid: NDArray[np.bool_],
        reason: Coded,
        versions: Mapping[str, str],
        proceed: Proceed = go_on,
        *,
        non_finite: NonFiniteCount = ALL_FINITE,
    ) -> None:
        """Complete all files, make them durable, and give the folder its name; if it raises, still `abandon`.

        Parameters
        ----------
        valid : bool, shape (rows,)
            Rows of all buckets, one after another.
        reason : Coded
            For each row why it is blank, or ``""``.
        versions
            Of whatever made the pixels, by name.
        proceed
            Called now and then; what it raises ends the work.
        non_finite
            What of the samples' values was not finite.

        Raises
        ------
        StoreError
            When something cannot be written; an old stack is as it was.
        DestinationError
            When something that may not be replaced has taken the final name meanwhile.
        """
        table = RowTable.of(self._plan, valid, reason)
        self._write_array(VALID_FILE, valid)
        self._write_array(PLACEMENTS_FILE, table.placement)
        if table.label is not None:
            self._write_array(LABELS_FILE, table.label)
            self._write_json(CLASSES_FILE, list(self._plan.classes))
        self._write_parts(CSV_FILE, csv_lines(table), proceed)
        self._write_parts(JSON_FILE, json_lines(table), proceed)
        # Last, because the arrays are flushed in the background meanwhile.
        for store in self.stores:
            store.close(proceed)
        self._write_json(HEADER_FILE, header_json(self._plan, valid, versions, non_finite))
        check_replace(self._run)
        with explained(self._run.destination):
            self._folder.publish()

    def abandon(self) -> None:
        """Delete the folder and release everything; never raises, and does nothing after `finish`."""
        for store in self.stores:
            store.abort()
        self._folder.remove()

    def _write_array(self, name: str, array: NDArray[Any]) -> None:
        with self._new_file(name) as file:
            np.lib.format.write_array(file, array, allow_pickle=False)

    def _write_json(self, name: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        with self._new_file(name) as file:
            file.write((json.dumps(value, indent=1) + "\n").encode("ascii"))

    def _write_parts(self, name: str, parts: Iterable[bytes], proceed: Proceed) -> None:
        with self._new_file(name) as file:
            for part in parts:
                file.write(part)
                proceed(file.tell())

    @contextmanager
    def _new_file(self, name: str) -> Iterator[BinaryIO]:
        """A file to write, which is durable afterwards."""
        path = self._folder.file(name)
        with explained(path), open(path, "xb") as file:
            yield file
            file.flush()
            sync_file(file.fileno())
