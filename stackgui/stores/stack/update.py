"""Bring further rows into a finished stack, and make some of its rows anew."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation, Progress
from stackgui.core.base.choices import Storage
from stackgui.core.base.errors import StoreError, UsageError
from stackgui.core.base.spread import Spread
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.fixed import part_of_plan
from stackgui.core.plan.plan import ArraySpec, Bucket, Plan
from stackgui.core.run.no_folder import no_folder
from stackgui.core.run.row_results import RowResults, runs
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.stores.arrays.growing_file import GrowingFile, has_room
from stackgui.stores.files.failures import explained
from stackgui.stores.files.locks import FolderLock
from stackgui.stores.format.header import made_rows, updated_header
from stackgui.stores.format.read_manifest import plan_of
from stackgui.stores.format.tables import write_json, write_tables
from stackgui.stores.recovery.cleanup import tidy, tidy_place
from stackgui.stores.recovery.update_marker import (
    MERGE_FILE,
    Merge,
    MergedArray,
    forget_updates,
    ready_update,
    settle_update,
    update_folder,
)
from stackgui.stores.stack.reader import Stack
from stackgui.stores.stack.stack import StackWriter


@dataclass(frozen=True, eq=False, slots=True)
class Finished:
    """A finished stack that is about to be updated, and stays locked meanwhile.

    Attributes
    ----------
    folder : str
    header : mapping
    plan : Plan
    made_rows : int
        Rows that it was made with.
    outcomes : RowResults
    """

    folder: str
    header: Mapping[str, Any]
    plan: Plan
    made_rows: int
    outcomes: RowResults


@contextmanager
def finished_stack(folder: str) -> Iterator[Finished]:
    """Lock the stack in `folder`, clean up after earlier work, and read its tables.

    Raises
    ------
    UsageError
        When there is no folder, or the stack is in use.
    StackguiError
        When there is no stack, or a damaged one.
    """
    if not os.path.isdir(folder):
        raise UsageError(no_folder(folder))
    with explained(folder):
        lock = FolderLock(folder)
    with lock:
        with explained(folder):
            tidy(folder)
        yield _read(folder)


@contextmanager
def looked_at(folder: str) -> Iterator[Finished]:
    """Read the tables of the stack in `folder` without locking it; raises as `finished_stack` does."""
    tidy_place(folder)
    yield _read(folder)


def _read(folder: str) -> Finished:
    with Stack(folder) as stack:
        manifest, filled = stack.manifest, stack.filled
        plan = plan_of(stack.header, manifest, stack.annotations)
        reasons = {row: manifest.reason[row] for row in np.flatnonzero(~filled).tolist()}
        outcomes = RowResults(np.ones(len(stack), np.bool_), filled, stack.checksums, reasons)
        return Finished(folder, stack.header, plan, made_rows(stack.header), outcomes)


@dataclass(frozen=True, eq=False, slots=True)
class Update:
    """What is to become of a finished stack.

    Attributes
    ----------
    stack : Finished
    plan : Plan
        The plan of all its rows, the new ones last.
    redone : bool, shape (rows,)
        The rows to make.
    blanked : bool, shape (rows,)
        The rows to blank.
    blank_reason : str
        Why.
    left_out : int
        Pictures without a row.
    versions : mapping of str to str
        Versions of what makes the rows, by name.
    """

    stack: Finished
    plan: Plan
    redone: NDArray[np.bool_]
    blanked: NDArray[np.bool_]
    blank_reason: str
    left_out: int
    versions: Mapping[str, str]

    @property
    def rows_of_buckets(self) -> tuple[NDArray[np.int64], ...]:
        """The rows to make in each bucket, counted from its first."""
        return tuple(
            np.flatnonzero(self.redone[first : first + bucket.array.rows])
            for bucket, first in zip(self.plan.buckets, self.plan.first_rows, strict=True)
        )

    def part(self) -> Plan:
        """Return the plan of the rows to make."""
        return part_of_plan(self.plan, self.rows_of_buckets)

    @property
    def new_bytes(self) -> int:
        """Return by how many bytes the stack's arrays grow."""
        return sum(array.data_bytes for array in self.plan.all_arrays) - sum(
            array.data_bytes for array in self.stack.plan.all_arrays
        )

    def name(self) -> str:
        """Return 32 hexadecimal digits that change with everything that decides the rows to make."""
        whole = replace(self.plan, origin=None, row_changes=None)
        parts = [whole.fingerprint, self.redone.tobytes().hex(), json.dumps(dict(self.versions))]
        return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


class UpdateWriter(StackWriter):
    """Makes the rows of an update in a folder of its own, and then brings them into the stack.

    Its rows are those of `Update.part`. Finish with exactly one of `publish` and `abandon`.
    """

    update: Update

    @classmethod
    def begin(cls, update: Update, progress: Progress = UNWATCHED) -> Self:
        """Create and lock the folder, or resume the same update; raises as `StackWriter.open` does."""
        folder = update_folder(update.stack.folder, update.name())
        with explained(update.stack.folder):
            forget_updates(update.stack.folder, keep=folder)
        run = RunOptions(folder, Storage.FILE, unfinished=IfUnfinished.RESUME)
        writer = cls.open(update.part(), run, Storage.FILE, update.versions, progress)
        assert isinstance(writer, cls), "it makes what it is"
        writer.update = update
        return writer

    def write_tables(self, cancellation: Cancellation = UNWATCHED, spread: Spread = map) -> None:
        """Write the tables of the whole stack beside the new rows; may be called again after an error."""
        update, outcomes = self.update, self._all_outcomes()
        header = updated_header(update.stack.header, update.plan, outcomes, update.versions, update.left_out)
        written: list[str] = []

        def path_of(name: str) -> str:
            written.append(name)
            return self._folder.file(name)

        with explained(update.stack.folder):
            write_tables(path_of, update.plan, outcomes, header, cancellation, spread=spread)
            merge = Merge(tuple(self._arrays()), tuple(self._new_arrays()), tuple(written))
            write_json(self._folder.file(MERGE_FILE), merge.to_json())

    def publish(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Make the update count, and bring it into the stack.

        Raises
        ------
        StoreError
            Either the stack is as it was, or the update counts and is brought in when the stack is next
            opened; in either case this may be called again.
        """
        stack = self.update.stack.folder
        with explained(stack):
            if ready_update(stack) is None:
                with self._reserved():
                    super().publish(cancellation)
            settle_update(stack)

    def _all_outcomes(self) -> RowResults:
        """Return the results of all rows of the stack."""
        update, old = self.update, self.update.stack.outcomes
        outcomes = RowResults.none_of(update.plan.rows)
        outcomes.done[:] = True
        outcomes.valid[: len(old)] = old.valid
        outcomes.checksum[: len(old)] = old.checksum
        outcomes.reason |= old.reason
        rows = np.flatnonzero(update.redone)
        for row in rows.tolist():
            outcomes.reason.pop(row, None)
        outcomes.valid[rows] = self.outcomes.valid
        outcomes.checksum[rows] = self.outcomes.checksum
        outcomes.valid[update.blanked] = False
        outcomes.checksum[update.blanked] = 0
        outcomes.reason |= dict.fromkeys(np.flatnonzero(update.blanked).tolist(), update.blank_reason)
        made = self.outcomes
        outcomes.reason |= {int(rows[place]): reason for place, reason in made.reason.items()}
        outcomes.non_finite |= {int(rows[place]): values for place, values in made.non_finite.items()}
        outcomes.doubts |= {int(rows[place]): doubts for place, doubts in made.doubts.items()}
        return outcomes

    def _merged(self) -> Iterator[tuple[Bucket, Bucket, NDArray[np.int64], int]]:
        """Yield each bucket as it was and as it will be, its rows to make, and its first row's number."""
        plan = self.update.plan
        yield from zip(
            self.update.stack.plan.buckets, plan.buckets, self.update.rows_of_buckets, plan.first_rows,
            strict=False,
        )  # fmt: skip

    def _arrays(self) -> Iterator[MergedArray]:
        for before, after, rows, first in self._merged():
            blank = runs(self.update.blanked[first : first + after.array.rows])
            if not len(rows) and not blank:
                continue
            arrays = zip(before.arrays, after.arrays, self.update.plan.fills, strict=True)
            for old, new, fill in arrays:
                made = (len(rows), *new.shape[1:])
                copies = tuple(_copies(rows))
                yield MergedArray(new.file, new.dtype, old.shape, new.shape, made, copies, tuple(blank), fill)

    def _new_arrays(self) -> Iterator[str]:
        for bucket in self.update.plan.buckets[len(self.update.stack.plan.buckets) :]:
            yield from (array.file for array in bucket.arrays)

    @contextmanager
    def _reserved(self) -> Iterator[None]:
        """Reserve the space that the arrays will need, which nothing else can take then."""
        with ExitStack() as opened:
            files = []
            for array in self._arrays():
                before, after = (
                    ArraySpec(array.file, shape, array.dtype) for shape in (array.before, array.after)
                )
                file = GrowingFile(os.path.join(self.update.stack.folder, array.file), before, after)
                opened.callback(file.abort)
                files.append(file)
            try:
                for file in files:
                    file.reserve()
                yield
            except BaseException:
                for file in files:
                    file.give_back()
                raise


def check_headers(before: Plan, after: Plan) -> None:
    """Raise StoreError if the header of an array cannot say that it has more rows."""
    for old, new in zip(before.all_arrays, after.all_arrays, strict=False):
        if old.file == new.file and not has_room(old, new):
            raise StoreError(say("{file} cannot grow. Convert the pictures again.", file=printable(old.file)))


def _copies(rows: NDArray[np.int64]) -> Iterator[tuple[int, int, int]]:
    """Yield runs of rows: the first among those that were made, the first in the array, and their number."""
    ends = np.flatnonzero(np.diff(rows, append=-2) != 1) + 1
    begin = 0
    for end in ends.tolist():
        yield begin, int(rows[begin]), end - begin
        begin = end
