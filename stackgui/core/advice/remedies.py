"""Changes of options that would make arrays smaller, and whether arrays fit on a training machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from stackgui.core.advice.estimate import MEMORY_RESERVE
from stackgui.core.advice.outliers import Fate, outliers, with_fate
from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.choices import Channels, Numbers
from stackgui.core.base.errors import PlanError
from stackgui.core.base.size import Size, SizeKind
from stackgui.core.base.units import format_bytes, format_count, format_shape
from stackgui.core.base.wording import say
from stackgui.core.options.options import Options
from stackgui.core.plan.outputs import file_bytes
from stackgui.core.plan.plan import Plan, array_shape
from stackgui.core.plan.resolve import outline

SCALED_PX = 512
BUCKETS = 4
PERCENTILE = 99.0
FLOAT_BYTES = 4
"""Size of a float32, the usual number in training."""


class RemedyKind(StrEnum):
    """Which choice is changed."""

    UINT8 = "uint8"
    BUCKETS = "buckets"
    PERCENTILE = "p99"
    SCALE = "512"
    EXCLUDE = "exclude outliers"
    SHRINK = "shrink outliers"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change of options that makes the arrays smaller.

    Attributes
    ----------
    kind : RemedyKind
    options : Options
        The options with the change.
    array_bytes : int
        Size of the arrays' files with the change.
    saved_bytes : int
        Bytes saved, more than 0.
    """

    kind: RemedyKind
    options: Options
    array_bytes: int
    saved_bytes: int


def remedies(plan: Plan, cancellation: Cancellation = UNWATCHED) -> tuple[Remedy, ...]:
    """Find changes of options that make the arrays of `plan` smaller, the largest saving first.

    The sizes are exact: they come from outlines of the changed plans.

    Parameters
    ----------
    cancellation
        Checked between changes and during the search for buckets.
    """
    now = sum(map(file_bytes, plan.all_arrays))
    found = []
    for kind, options in _changes(plan):
        cancellation.check()
        try:
            array_bytes = sum(map(file_bytes, outline(options, plan.catalog, cancellation)))
        except PlanError:
            continue
        if array_bytes < now:
            found.append(Remedy(kind, options, array_bytes, now - array_bytes))
    return tuple(sorted(found, key=lambda remedy: -remedy.saved_bytes))


def _changes(plan: Plan) -> Iterator[tuple[RemedyKind, Options]]:
    options = plan.options
    if np.dtype(plan.dtype) != np.uint8:
        yield RemedyKind.UINT8, replace(options, dtype=Numbers.UINT8)
    if options.buckets < BUCKETS:
        yield RemedyKind.BUCKETS, replace(options, buckets=BUCKETS)
    if options.size.kind is SizeKind.MAX:
        capped = Size(SizeKind.PERCENTILE, percentile=PERCENTILE)
        yield RemedyKind.PERCENTILE, replace(options, size=capped)
    if max(plan.largest.height, plan.largest.width) > SCALED_PX:
        yield RemedyKind.SCALE, replace(options, size=Size.exact(SCALED_PX, SCALED_PX))
    few = [sample for step in outliers(plan) for sample in step.samples]
    if few:
        yield RemedyKind.EXCLUDE, with_fate(options, plan.catalog, few, Fate.EXCLUDE)
        yield RemedyKind.SHRINK, with_fate(options, plan.catalog, few, Fate.SHRINK)
    if plan.channels > 1:
        yield RemedyKind.GREY, replace(options, channels=Channels.GREY)


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer on which a model will be trained.

    Attributes
    ----------
    memory_bytes, gpu_bytes : int
        Memory of the computer and of its GPU; 0 without one.
    batch : int
        Batch size in training, in rows.
    """

    memory_bytes: int
    gpu_bytes: int
    batch: int


@dataclass(frozen=True, slots=True)
class Fitness:
    """Whether a plan's arrays fit on a machine.

    Attributes
    ----------
    floats_in_memory : bool
        Whether all arrays fit into memory at once even as float32, to which many training programs convert.
    batch_bytes : int
        Size of one batch of the largest rows as float32.
    batch_fits : bool
        Whether the batch leaves enough memory, of the GPU if there is one, for the model.
    sentences : tuple of str
        The verdict in plain language.
    """

    floats_in_memory: bool
    batch_bytes: int
    batch_fits: bool
    sentences: tuple[str, ...]


BATCH_SHARE = 0.1
"""Share of the memory for one batch of input; the model, its gradients and activations need the rest."""


def fitness(plan: Plan, machine: Machine) -> Fitness:
    """Tell whether the arrays of `plan`, and a batch of their rows, fit into the memory of `machine`."""
    array_bytes = sum(map(file_bytes, plan.all_arrays))
    float_bytes = sum(file_bytes(replace(array, dtype="float32")) for array in plan.arrays)
    usable = machine.memory_bytes * (1 - MEMORY_RESERVE)
    row_bytes = plan.largest.height * plan.largest.width * plan.channels * FLOAT_BYTES
    room = int((machine.gpu_bytes or machine.memory_bytes) * BATCH_SHARE)
    batch_bytes = machine.batch * row_bytes
    return Fitness(
        floats_in_memory=max(array_bytes, float_bytes) <= usable,
        batch_bytes=batch_bytes,
        batch_fits=batch_bytes <= room,
        sentences=(
            _loading(machine, array_bytes, float_bytes),
            _training(plan, machine, batch_bytes, room // row_bytes),
        ),
    )


def _loading(machine: Machine, array_bytes: int, float_bytes: int) -> str:
    usable = machine.memory_bytes * (1 - MEMORY_RESERVE)
    beside = say(
        "{memory} of memory, of which a fifth is left for everything else",
        memory=format_bytes(machine.memory_bytes),
    )
    if array_bytes > usable:
        return say(
            "{array} cannot be loaded at once into {beside}; load the array with "
            'mmap_mode="r", and rows are read from the disk as they are used.',
            array=format_bytes(array_bytes),
            beside=beside,
        )
    known = {"array": format_bytes(array_bytes), "beside": beside, "floats": format_bytes(float_bytes)}
    if float_bytes <= array_bytes:
        return say("All {array} can be loaded at once into {beside}.", **known)
    if float_bytes <= usable:
        return say("All {array} can be loaded at once into {beside}, also as float32 ({floats}).", **known)
    return say(
        "All {array} can be loaded at once into {beside}. As float32 it would be {floats}, which is too "
        "much: convert a batch at a time.",
        **known,
    )


def _training(plan: Plan, machine: Machine, batch_bytes: int, most_rows: int) -> str:
    where = say("the graphics memory") if machine.gpu_bytes else say("memory")
    bucket = plan.largest
    sides = array_shape(plan.options, machine.batch, (bucket.height, bucket.width), plan.channels)
    known = {
        "rows": format_count(machine.batch, "row"),
        "shape": format_shape(sides),
        "size": format_bytes(batch_bytes),
    }
    if len(plan.buckets) > 1:
        batch = say(
            "A batch of {rows} of the largest size has the shape {shape} and takes {size} as float32", **known
        )
    else:
        batch = say("A batch of {rows} has the shape {shape} and takes {size} as float32", **known)
    if machine.batch <= most_rows:
        return say(
            "{batch}; at least nine tenths of {where} are left for the model.", batch=batch, where=where
        )
    if not most_rows:
        return say(
            "{batch}: too much beside a model in {where}; even one row is too much.", batch=batch, where=where
        )
    return say(
        "{batch}: too much beside a model in {where}; {rows} at a time would fit.",
        batch=batch,
        where=where,
        rows=format_count(most_rows, "row"),
    )
