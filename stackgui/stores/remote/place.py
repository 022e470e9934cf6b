"""A place in a bucket where a stack is made: whether it can be used, and what an earlier run left there."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from stackgui.core.base.addresses import is_address, path_below
from stackgui.core.base.errors import DestinationError, PlanError, UnfinishedError, UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.base.ways import Way
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.shared_plan import SharedPlan
from stackgui.core.run.export_target import address_problem
from stackgui.core.run.in_bucket import bucket_problem
from stackgui.core.run.report import Unfinished
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.stores.export.zarr_pieces import DESCRIPTION
from stackgui.stores.files.claim import holder_of, is_gone
from stackgui.stores.files.failures import explained
from stackgui.stores.files.object_store import delete, is_there, put, versions_below
from stackgui.stores.files.objects import check_library, copied
from stackgui.stores.format.plan_file import PLAN_FILE, columns_beside, save_plan
from stackgui.stores.recovery.unfinished import (
    UnfinishedJournal,
    journal_of,
    nothing_in,
    read_choices,
    read_plan,
    run_in,
    told,
)
from stackgui.stores.remote.journal import OWN, last_entry_s, read_object_journal


def check_place(sources: Iterable[str], run: RunOptions) -> None:
    """Check an address to which a stack is to be written, as `check_destination` does for folders.

    Raises
    ------
    DestinationError, UnfinishedError
    UsageError
        When a library is not installed.
    """
    place, shown = run.destination, printable(run.destination)
    check_libraries()
    if problem := address_problem(place, ""):
        raise DestinationError(problem)
    with explained(place, DestinationError):
        _check_choices(run)
        for source in sources:
            if is_address(source) and (source == place or path_below(source, place) is not None):
                raise DestinationError(
                    say(
                        "{shown} lies in {source}, one of the sources. Choose a place outside.",
                        shown=shown,
                        source=printable(source),
                    )
                )
        left = unfinished_in(place)
        if left is None and not may_write(place):
            raise DestinationError(
                say(
                    "There is already something at {target}. Choose another name, or delete it.", target=shown
                ),
                ways=(Way.OTHER_NAME,),
            )
    if left is not None and not left.in_use:
        refuse_unfinished(run, left.rows_done, left.rows)


def refuse_unfinished(run: RunOptions, rows_done: int, rows: int) -> None:
    """Raise UnfinishedError if `run` does not say what to do with rows that are done."""
    if rows_done and run.unfinished is IfUnfinished.REFUSE:
        raise UnfinishedError(
            say(
                "An unfinished conversion to {destination} was found, with {rows_done:,} of "
                "{rows} done. Resume it, or discard it and convert again.",
                destination=printable(run.destination),
                rows_done=rows_done,
                rows=format_count(rows, "row"),
            ),
            ways=(Way.RESUME, Way.RESTART),
        )


def check_libraries() -> None:
    """Raise UsageError if a library is not installed that stacks in buckets need."""
    check_library()
    if importlib.util.find_spec("zarr") is None:
        raise UsageError(
            say("A stack in a bucket needs a library that is not installed: pip install 'stackgui[zarr]'.")
        )


def _check_choices(run: RunOptions) -> None:
    """Raise DestinationError for what only a folder can have."""
    if run.replace:
        raise DestinationError(
            say("What is in a bucket is not replaced. Delete it first, or choose another name.")
        )
    if run.report:
        raise DestinationError(
            say("A stack in a bucket has no page that tells about it. Leave out the report."),
            ways=(Way.NO_REPORT,),
        )


def check_plan(plan: Plan) -> None:
    """Raise PlanError if a stack of this kind cannot be written to a bucket."""
    if problem := bucket_problem(plan):
        raise PlanError(problem)


def may_write(place: str) -> bool:
    """Return whether all that is at a place is of a run that did not finish; raises AddressError."""
    names = next(versions_below(place), [])
    if not names:
        return True
    holder = holder_of(place)
    return holder is not None and holder.begun and not is_complete(place)


def is_complete(place: str) -> bool:
    """Return whether there is a group, whose description is written last; raises AddressError."""
    return is_there(f"{place}/{DESCRIPTION}")


def find_journal_in(place: str) -> UnfinishedJournal | None:
    """Return the journal of what is unfinished at a place, if there is one; raises AddressError."""
    contents = None if is_complete(place) else read_object_journal(place)
    return None if contents is None else journal_of(contents)


def unfinished_in(place: str) -> Unfinished | None:
    """Return the unfinished conversion that can be resumed at a place; raises AddressError, UsageError."""
    found = find_journal_in(place)
    if found is None or not found.rows_done:
        return None
    holder = holder_of(place)
    in_use = holder is not None and not is_gone(holder)
    return told(found, place, place, when_s=last_entry_s(place), in_use=in_use)


def run_and_rows_in(place: str, *, redo_changed: bool) -> tuple[RunOptions, int]:
    """Return how to resume the conversion at a place, and its rows; raises DestinationError, UsageError."""
    check_libraries()
    with explained(place, DestinationError):
        found = find_journal_in(place)
    if found is None:
        raise DestinationError(nothing_in(place))
    return run_in(found, place, place, redo_changed=redo_changed), found.rows


def choices_in(place: str) -> SharedPlan:
    """Return what was chosen for the conversion at a place; raises PlanError, StoreError."""
    with _fetched(place, columns=False) as folder:
        return read_choices(folder)


@contextmanager
def plan_in(place: str) -> Iterator[Plan]:
    """Lend the plan of the stack at a place; raises PlanError, StoreError."""
    with _fetched(place, columns=True) as folder:
        yield read_plan(folder)


@contextmanager
def _fetched(place: str, *, columns: bool) -> Iterator[str]:
    """Lend a folder with the files of the plan, as far as they are there."""
    with tempfile.TemporaryDirectory(prefix="stackgui-") as folder, explained(place):
        for name in _files_of_plan(place):
            if columns or name == PLAN_FILE:
                with open(os.path.join(folder, name), "wb") as file:
                    copied(f"{place}/{OWN}/{name}", file)
        yield folder


def _files_of_plan(place: str) -> list[str]:
    found = (name for page in versions_below(f"{place}/{OWN}") for name, _version in page)
    return [name for name in found if name == os.path.basename(name)]


def put_plan(plan: Plan, place: str) -> None:
    """Save a plan at a place, and then delete what belongs to an older one; raises StoreError."""
    with tempfile.TemporaryDirectory(prefix="stackgui-") as folder, explained(place):
        path = os.path.join(folder, PLAN_FILE)
        old = set(_files_of_plan(place)) - {PLAN_FILE}
        for name in old:  # which the new columns must not have, until the new plan is there
            open(os.path.join(folder, name), "xb").close()
        save_plan(plan, path)
        for name in (*sorted(set(columns_beside(path)) - old), PLAN_FILE):
            with open(os.path.join(folder, name), "rb") as file:
                put(f"{place}/{OWN}/{name}", file.read())
        delete(f"{place}/{OWN}/{name}" for name in old)
