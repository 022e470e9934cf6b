"""What is done for a destination, whether it is a folder or an address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.addresses import is_address
from stackgui.core.base.cancellation import Progress
from stackgui.core.base.choices import Storage
from stackgui.core.base.errors import StackguiError
from stackgui.core.plan.part import Part
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.shared_plan import SharedPlan
from stackgui.core.run.report import Unfinished
from stackgui.core.run.run_options import RunOptions
from stackgui.stores.arrays.range import RangeWriter
from stackgui.stores.recovery import unfinished
from stackgui.stores.remote import place
from stackgui.stores.remote.shards import shard_rows, stores_for
from stackgui.stores.remote.writer import PlaceWriter
from stackgui.stores.stack import destination as folders
from stackgui.stores.stack.stack import StackWriter

WholeWriter: TypeAlias = StackWriter | PlaceWriter


def check_destination(sources: Iterable[str], run: RunOptions) -> None:
    """Check a destination; raises DestinationError, UnfinishedError, UsageError."""
    (place.check_place if is_address(run.destination) else folders.check_destination)(sources, run)


def check_plan(plan: Plan, destination: str) -> None:
    """Raise PlanError if a stack of this kind cannot be made there."""
    if is_address(destination):
        place.check_plan(plan)


def open_writer(
    plan: Plan, run: RunOptions, storage: Storage, versions: Mapping[str, str], progress: Progress
) -> WholeWriter:
    """Begin a stack, or resume an unfinished one, as `StackWriter.open` says."""
    if is_address(run.destination):
        return PlaceWriter.open(plan, run, versions, progress)
    return StackWriter.open(plan, run, storage, versions, progress)


def open_part(
    part: Part, place: str, wanted: NDArray[np.bool_], before_write: Callable[[], None]
) -> RangeWriter:
    """Return what writes the `wanted` rows of a part of a stack into its folder, or to its address."""
    if not is_address(place):
        return RangeWriter.into_files(part, lambda name: f"{place}/{name}", wanted, before_write)
    whole = replace(part.plan, buckets=(part.whole_bucket,))
    return RangeWriter(part, stores_for(whole, place, before_write), wanted)


def aligned_to(plan: Plan, destination: str) -> list[int]:
    """Return for each bucket how many rows are written as a whole."""
    return shard_rows(plan) if is_address(destination) else [1] * len(plan.buckets)


def unfinished_at(destination: str) -> Unfinished | None:
    """Return the unfinished conversion that can be resumed, if there is one; None if nobody can tell."""
    if not is_address(destination):
        return unfinished.unfinished_at(destination)
    try:
        return place.unfinished_in(destination)
    except (OSError, StackguiError):
        return None


def run_and_rows_of(partial: str, *, redo_changed: bool) -> tuple[RunOptions, int]:
    """Return how to resume what is unfinished in a folder or at an address; raises UsageError."""
    if is_address(partial):
        return place.run_and_rows_in(partial, redo_changed=redo_changed)
    return unfinished.run_and_rows_of(partial, redo_changed=redo_changed)


def choices_of(partial: str) -> SharedPlan:
    """Return what was chosen for what is unfinished there; raises PlanError, StoreError."""
    return place.choices_in(partial) if is_address(partial) else unfinished.read_choices(partial)
