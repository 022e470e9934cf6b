"""Everything in a plan that does not depend on the row size; cached, so that dragging a size stays fast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.blocks import blocks, filled, values_in
from stackgui.core.base.choice_table import choices_of
from stackgui.core.base.choices import Channels, LabelForm, Numbers, Reduce, Scale
from stackgui.core.base.columns import Coded, slim
from stackgui.core.base.errors import PlanError
from stackgui.core.base.kept import kept
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.base.ways import Way, ways_of_reasons
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.meaning import (
    GREY,
    GREY_ALPHA,
    RGB,
    RGBA,
    Taken,
    can_become,
    has_unstated,
    taken_by,
    without_palette,
)
from stackgui.core.catalog.tensor_shapes import OTHER_READING, is_uncertain
from stackgui.core.labels.labels import FoundLabels, LabelKind, resolve_labels
from stackgui.core.options.options import Options
from stackgui.core.plan.arrange import ordered, taken_in
from stackgui.core.plan.division import Division, divided
from stackgui.core.plan.fit_summary import SizeHistogram
from stackgui.core.plan.mask_form import left_out
from stackgui.core.plan.mask_problems import mask_problems
from stackgui.core.plan.nothing_found import nothing_found
from stackgui.core.plan.numbers import can_convert, has_integers, no_rule, promote
from stackgui.core.plan.object_classes import object_classes
from stackgui.core.plan.object_labels import plan_label_names
from stackgui.core.plan.plan import EXCLUDED, Plan

PICTURE_CHANNELS = 4
"""A sample of at most this many channels is a picture; one of more is numbers without colour."""

_FROM_BLACK_TO_WHITE = (Scale.SIGNED, Scale.BYTES, Scale.IMAGENET)
"""Scales that need to know which values are black and white."""


@dataclass(frozen=True, eq=False, slots=True)
class Contents:
    """What the rows of a plan hold.

    Attributes
    ----------
    channels : int
    dtype : dtype
    problem : Coded
        As in `Plan`.
    usable : bool, shape (N,)
        Mask of the samples without a problem.
    samples : int64, shape (rows,)
        Samples that get a row, in row order.
    """

    channels: int
    dtype: np.dtype[Any]
    problem: Coded
    usable: NDArray[np.bool_]
    samples: NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class SizeIndependent:
    """Everything in a plan that does not depend on the size of its rows; plans that differ in size share it.

    Attributes
    ----------
    contents : Contents
    histogram : SizeHistogram
        Sizes of the samples that will have pixels.
    labels : FoundLabels
    division : Division
    """

    contents: Contents
    histogram: SizeHistogram
    labels: FoundLabels
    division: Division


def size_independent(options: Options, catalog: Catalog, division: Division | None = None) -> SizeIndependent:
    """Work out what does not depend on the size, or return the cached result of a recent plan.

    If the `division` is known, it is not worked out again.

    Raises
    ------
    PlanError
        When no sample is left, or the options contradict each other.
    """
    return _size_independent(catalog, _without_size(options), division)


def same_apart_from_size(options: Options, other: Options) -> bool:
    """Tell whether plans of one catalog with these options differ only in the size of rows."""
    return options is other or _DECIDE_CONTENTS(options) == _DECIDE_CONTENTS(other)


def differ_only_in_size(plan: Plan | None, other: Plan | None) -> bool:
    """Tell whether two plans differ only in the size of rows, as they do while a size is dragged."""
    if plan is None or other is None:
        return plan is other
    return plan.catalog is other.catalog and same_apart_from_size(plan.options, other.options)


def _without_size(options: Options) -> Options:
    """Return `options` with defaults for all that have no influence here, as a cache key."""
    return replace(options, **_SIZE_DEFAULTS)


_SIZE_DEFAULTS: Mapping[str, Any] = {
    name: each.default for name, each in choices_of(Options).items() if not each.decides_contents
}
"""Default values of the options that have no influence here."""

_DECIDE_CONTENTS = attrgetter(*(name for name in choices_of(Options) if name not in _SIZE_DEFAULTS))
"""Takes from options what has an influence here: panels compare it at each step of a drag."""


@kept(most=2)
def _size_independent(catalog: Catalog, options: Options, division: Division | None) -> SizeIndependent:
    made = contents(options, catalog)
    rows = taken_in(options, catalog)
    labels = _labels(options, catalog, rows)
    return SizeIndependent(
        contents=made,
        histogram=SizeHistogram.of(catalog, made.usable),
        labels=labels,
        division=division or divided(options, catalog, rows, labels),
    )


def _labels(options: Options, catalog: Catalog, rows: NDArray[np.int64]) -> FoundLabels:
    """Return the labels; those of annotated objects have the objects' own classes, in the same order."""
    listed, of_objects, annotations = options.classes, None, catalog.annotations
    if options.labels.kind is LabelKind.OBJECTS and annotations is not None:
        of_objects = plan_label_names(options, catalog, rows)
        names = object_classes(options.object_classes, annotations.categories).names
        listed = listed or tuple(name for name in names if name not in options.not_classes)
    return resolve_labels(
        options.labels,
        catalog,
        rows,
        listed,
        options.not_classes,
        separator=None if options.label_form is LabelForm.ONE else options.label_separator,
        of_objects=of_objects,
    )


def contents(options: Options, catalog: Catalog) -> Contents:
    """Work out what the rows hold; raises as `size_independent` does."""
    if not len(catalog):
        raise nothing_found(catalog)
    usable = catalog.usable & ~left_out(options, catalog)
    if not usable.any():
        raise PlanError(_none_usable(catalog), ways=_ways_to_some(catalog))
    channels = resolve_channels(options.channels, catalog, usable)
    dtype = resolve_dtype(options.dtype, catalog, usable)
    problem = problems(options, catalog, channels, dtype)
    usable = problem.equals("")
    if not usable.any():
        raise PlanError(
            say(
                "No picture can be part of this plan. The first, {file}: {problem}.",
                file=printable(catalog.file(0)),
                problem=problem[0],
            ),
            ways=ways_of_reasons(set(problem)),
        )
    _check_numbers(options, dtype, catalog, usable)
    _check_scale(options, dtype, channels, catalog.dtype.counts(usable))
    return Contents(channels, dtype, problem, usable, ordered(options, catalog))


def _ways_to_some(catalog: Catalog) -> tuple[Way, ...]:
    reasons = ways_of_reasons(set(catalog.problem))
    return (Way.EXCLUDE, *reasons) if catalog.usable.any() else reasons


def _none_usable(catalog: Catalog) -> str:
    if catalog.usable.any():
        return say("All pictures that can be read are excluded. Take some back in.")
    if len(catalog) == 1:
        return say(
            "The picture {file} cannot be read: {problem}.",
            file=printable(catalog.file(0)),
            problem=catalog.problem[0],
        )
    return say(
        "None of the {count:,} pictures can be read. The first is {file}: {problem}.",
        count=len(catalog),
        file=printable(catalog.file(0)),
        problem=catalog.problem[0],
    )


def resolve_channels(choice: Channels, catalog: Catalog, usable: NDArray[np.bool_]) -> int:
    """Return how many channels a row has; ``auto`` chooses the smallest number that loses nothing.

    Raises
    ------
    PlanError
        When ``auto`` finds different numbers of channels that have no colour in common.
    """
    if choice is not Channels.AUTO:
        return {Channels.RGB: RGB, Channels.RGBA: RGBA}.get(choice, GREY)
    found = {count for count, _ in kinds(catalog, usable)}
    unstated = [meaning for _, meaning in kinds(catalog, usable) if has_unstated(meaning)]
    if unstated and len(found) > 1:
        listed = ", ".join(f"{count:,}" for count in sorted(found))
        raise PlanError(
            say(
                "The pictures have different numbers of channels ({listed}), and nothing says "
                "what some of them mean, so no colour can join them. Choose rgb or grey, which "
                "drop those.",
                listed=listed,
            ),
            ways=(Way.RGB,),
        )
    return join_channels(found)


def kinds(catalog: Catalog, samples: NDArray[np.bool_]) -> set[tuple[int, str]]:
    """Return the combinations of number and meaning of channels that occur in `samples`."""
    names = catalog.meaning.names
    together: set[int] = set()
    for rows in blocks(len(catalog)):
        is_one = samples[rows]
        channels, meaning = catalog.channels[rows][is_one], catalog.meaning.codes[rows][is_one]
        together.update(values_in(channels.astype(np.int64) * len(names) + meaning).tolist())
    return {(code // len(names), names[code % len(names)]) for code in together}


def join_channels(found: set[int]) -> int:
    """Return the smallest number of channels that loses nothing of samples with any of `found`.

    Raises
    ------
    PlanError
        When they have no colour in common.
    """
    if len(found) == 1:
        return next(iter(found))
    if max(found) > PICTURE_CHANNELS:
        listed = ", ".join(f"{c:,}" for c in sorted(found))
        raise PlanError(
            say(
                "The samples have different numbers of channels ({listed}), which no colour can join.",
                listed=listed,
            ),
            ways=(Way.RGB, Way.EXCLUDE),
        )
    if found <= {GREY, GREY_ALPHA}:
        return GREY_ALPHA
    return RGB if found <= {GREY, RGB} else RGBA


def resolve_dtype(choice: Numbers, catalog: Catalog, usable: NDArray[np.bool_]) -> np.dtype[Any]:
    """Return the arrays' dtype; ``auto`` promotes to the smallest that loses nothing.

    Raises
    ------
    PlanError
        When no dtype holds all samples exactly.
    """
    if choice is not Numbers.AUTO:
        return np.dtype(choice.value)
    try:
        return promote(catalog.dtype.counts(usable))
    except ValueError as error:
        raise PlanError(
            say("One array cannot hold these samples exactly: {error}.", error=error),
            ways=(Way.DTYPE,),
        ) from error


def problems(options: Options, catalog: Catalog, channels: int, dtype: np.dtype[Any]) -> Coded:
    """Return for each sample why it cannot be in the plan, or ``""``."""
    names = [*catalog.problem.names, EXCLUDED]
    excluded = left_out(options, catalog)
    found, is_out = catalog.problem.codes, len(names) - 1
    codes = filled(len(catalog), np.int32, lambda rows: np.where(excluded[rows], is_out, found[rows]))
    usable = catalog.usable & ~excluded

    def mark(where: NDArray[np.bool_], reason: str) -> None:
        if where.any():
            codes[where & (codes == names.index(""))] = len(names)
            names.append(reason)

    doubtful = is_uncertain(catalog)
    taken = taken_by(options.channels)
    for count, meaning in sorted(kinds(catalog, usable)):
        if not can_become(meaning, count, channels, taken):
            where = usable & (catalog.channels == count) & catalog.meaning.equals(meaning)
            reason: str = say(
                "it has {channels}, which cannot become {channels2}",
                channels=format_count(count, "channel"),
                channels2=channels,
            )
            reason = without_palette(count) if taken is Taken.INDICES else reason
            mark(where & doubtful, say("{reason}; {other}", reason=reason, other=OTHER_READING))
            mark(where & ~doubtful, reason)
    for name in catalog.dtype.counts(usable):
        if not can_convert(name, dtype.name, options.reduce):
            mark(usable & catalog.dtype.equals(name), no_rule(name, dtype.name))
    return mask_problems(catalog, Coded(slim(codes), tuple(names)))


def _check_scale(options: Options, dtype: np.dtype[Any], channels: int, found: Iterable[str]) -> None:
    """Refuse ImageNet's figures unless rows are RGB, and scales of integers without black and white."""
    if dtype.kind != "f":
        return
    if options.reduce is Reduce.NONE and options.scale in _FROM_BLACK_TO_WHITE and has_integers(found):
        raise PlanError(
            say(
                "The scale {scale} has to know which integers are black and white, but the rule "
                "none does not say. Choose another rule, or the scale none.",
                scale=options.scale,
            ),
            ways=(Way.REDUCE_FULL, Way.UNSCALED),
        )
    if options.scale is Scale.IMAGENET and channels != RGB:
        raise PlanError(
            say(
                "ImageNet's means are for red, green and blue, but a pixel has {channels} here. "
                "Choose rgb as channels, or mean-std as scale.",
                channels=format_count(channels, "channel"),
            ),
            ways=(Way.RGB,),
        )


def _check_numbers(
    options: Options, dtype: np.dtype[Any], catalog: Catalog, usable: NDArray[np.bool_]
) -> None:
    """Refuse a fill value that the dtype cannot hold, and numbers that would overflow."""
    if dtype.kind in "ui":
        limits = np.iinfo(dtype)
        if not options.fill.is_integer() or not limits.min <= options.fill <= limits.max:
            raise PlanError(
                say(
                    "A fill value of {fill:g} does not fit {name}; choose a whole number from "
                    "{min:,} to {max:,}.",
                    fill=options.fill,
                    name=dtype.name,
                    min=limits.min,
                    max=limits.max,
                ),
                ways=(Way.FILL,),
            )
        return
    if abs(options.fill) > float(np.finfo(dtype).max):
        raise PlanError(
            say("A fill value of {fill:g} does not fit {name}.", fill=options.fill, name=dtype.name),
            ways=(Way.FILL,),
        )
    large = {"uint16", "uint32", "uint64", "int32", "int64"} & set(catalog.dtype.counts(usable))
    if dtype == np.float16 and options.scale is Scale.NONE and large and options.reduce is not Reduce.NONE:
        raise PlanError(
            say(
                "Unscaled {large} numbers are too large for float16; choose float32, or scale them.",
                large=", ".join(sorted(large)),
            ),
            ways=(Way.DTYPE, Way.SCALE),
        )
