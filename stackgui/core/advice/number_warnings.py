"""Warnings about the numbers in a plan's rows: ranges that differ, and choices without effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import Channels, Reduce, Scale
from stackgui.core.base.units import enumerated, format_count
from stackgui.core.base.warnings import DataWarning, about_samples
from stackgui.core.base.wording import joined, say, say_many
from stackgui.core.catalog.doubts import Doubt, has_doubt
from stackgui.core.plan.depths import Depth, depths
from stackgui.core.plan.number_rules import is_joined, is_scaled
from stackgui.core.plan.numbers import holds, white
from stackgui.core.plan.plan import Plan

_BY_DEPTH = (Reduce.FULL_RANGE, Reduce.FILE_DEPTH)
_KEEP = say("--reduce none keeps all numbers as they are")


def number_warnings(plan: Plan) -> Iterator[DataWarning]:
    """Warn of what may be wrong with the numbers in rows of `plan`, unless the person chose to keep them."""
    yield from _scale_without_effect(plan)
    if plan.options.reduce is not Reduce.NONE and plan.options.channels is not Channels.INDEX:
        found = depths(plan)
        mixed = list(_mixed(plan, found))
        yield from mixed
        if "mixed-depths" not in {warning.code for warning in mixed}:
            yield from _fewer_bits(plan, found)
        yield from _low_numbers(plan, found)


def _mixed(plan: Plan, found: Mapping[Depth, NDArray[np.bool_]]) -> Iterator[DataWarning]:
    """Warn of samples in which the same number means different things."""
    whites = {depth: _row_white(plan, depth) for depth in found}
    known = {value for value in whites.values() if value is not None}
    if len(known) > 1:
        most = max(known)
        told = say(
            "{listed} share an array but differ in what is white, so some come out much "
            "darker. {way_to_one_range}; {keep}.",
            listed=_listed(found),
            way_to_one_range=_way_to_one_range(plan, found),
            keep=_KEEP,
        )
        yield _about(plan, "mixed-depths", told, found, [d for d in found if whites[d] not in {most, None}])
    elif widened := [depth for depth in found if _is_widened(plan, depth)]:
        most = int(np.iinfo(plan.dtype).max)
        told = say(
            "{listed} share an array and are scaled to one range, with {most:,} as white; {keep}.",
            listed=_listed(found),
            most=most,
            keep=_KEEP,
        )
        yield _about(plan, "mixed-depths", told, found, widened)
    unknown = [depth for depth in found if whites[depth] is None]
    if known and unknown:
        told = say(
            "{listed} share an array. {beside_unknown}",
            listed=_listed(found),
            beside_unknown=_beside_unknown(plan),
        )
        yield _about(plan, "numbers-without-range", told, found, unknown)


def _is_widened(plan: Plan, depth: Depth) -> bool:
    """Tell whether numbers that the array could hold are scaled anyway, to match others."""
    if (
        not depth.is_picture
        or not depth.has_range
        or not is_joined(plan)
        or not holds(plan.dtype, depth.dtype)
    ):
        return False
    return white(depth.dtype, depth.bits, plan.options.reduce) != np.iinfo(plan.dtype).max


def _row_white(plan: Plan, depth: Depth) -> float | None:
    """Return what the largest number of a file becomes in the array, to compare depths; None if unknown."""
    if not depth.has_range:
        return None
    reduce, is_float = plan.options.reduce, np.dtype(plan.dtype).kind == "f"
    by_depth = is_scaled(plan) if is_float else not holds(plan.dtype, depth.dtype)
    if not is_float and is_joined(plan) and depth.is_picture:
        by_depth = True
    if not by_depth or reduce not in _BY_DEPTH:
        return float(depth.white)
    most = 1 if is_float else int(np.iinfo(plan.dtype).max)
    return depth.white / white(depth.dtype, depth.bits, reduce) * most


def _way_to_one_range(plan: Plan, found: Iterable[Depth]) -> str:
    if np.dtype(plan.dtype).kind == "f" and plan.options.scale is Scale.NONE:
        return say("--scale 0..1 scales them to one range")
    if plan.options.reduce not in _BY_DEPTH:
        return say("--reduce full-range scales pictures to one range")
    if plan.options.reduce is Reduce.FULL_RANGE and any(depth.uses_fewer_bits for depth in found):
        return say("--reduce file-depth scales pictures to one range")
    return say("--dtype float32 with --scale 0..1 scales them to one range")


def _beside_unknown(plan: Plan) -> str:
    """Say what happens to numbers without a range that share an array with others."""
    if plan.options.reduce is Reduce.MIN_MAX and is_scaled(plan):
        return say("All are scaled together, as if they meant the same.")
    if np.dtype(plan.dtype).kind == "f" and is_scaled(plan):
        return say(
            "Floats and signed integers are assumed to lie between 0 and 1 already, to which the others are "
            "scaled; --scale none leaves all as they are."
        )
    return say("All stay as they are; --reduce none confirms that this is intended.")


def _fewer_bits(plan: Plan, found: Mapping[Depth, NDArray[np.bool_]]) -> Iterator[DataWarning]:
    """Warn of pictures that come out dark because their files cannot hold what counts as white."""
    if plan.options.reduce is not Reduce.FULL_RANGE:
        return
    dark = [depth for depth in found if depth.uses_fewer_bits and _is_scaled_by_depth(plan, depth)]
    if dark:
        count = _count(found, dark)
        told = say_many(
            count,
            "{pictures} uses fewer bits than its numbers have ({dark}) and comes out dark. "
            "--reduce file-depth scales by the bits that are used.",
            "{pictures} use fewer bits than their numbers have ({dark}) and come out dark. "
            "--reduce file-depth scales by the bits that are used.",
            pictures=format_count(count, "picture"),
            dark=joined(", ", map(str, dark)),
        )
        yield _about(plan, "fewer-bits", told, found, dark)


def _low_numbers(plan: Plan, found: Mapping[Depth, NDArray[np.bool_]]) -> Iterator[DataWarning]:
    """Warn of such pictures whose files declare no bits, if decoding found their numbers low."""
    low = has_doubt(plan.catalog.doubts, Doubt.LOW_NUMBERS)
    if plan.options.reduce not in _BY_DEPTH or not low.any():
        return
    scaled = [
        mask
        for depth, mask in found.items()
        if not depth.uses_fewer_bits and _is_scaled_by_depth(plan, depth)
    ]
    samples = np.flatnonzero(low & np.logical_or.reduce([np.zeros(len(low), np.bool_), *scaled]))
    if count := len(samples):
        told = say_many(
            count,
            "{pictures} was found to use less than a sixteenth of what its numbers can hold, "
            "and comes out dark in {dtype}. --reduce min-max scales by the numbers that "
            "occur, --reduce none keeps numbers that fit.",
            "{pictures} were found to use less than a sixteenth of what their numbers can "
            "hold, and come out dark in {dtype}. --reduce min-max scales by the numbers that "
            "occur, --reduce none keeps numbers that fit.",
            pictures=format_count(count, "picture"),
            dtype=plan.dtype,
        )
        yield about_samples("low-numbers", told, plan.catalog, samples)


def _is_scaled_by_depth(plan: Plan, depth: Depth) -> bool:
    """Tell whether numbers of this depth are scaled to another range."""
    if np.dtype(plan.dtype).kind == "f":
        return is_scaled(plan)
    return (is_joined(plan) and depth.is_picture) or not holds(plan.dtype, depth.dtype)


def _scale_without_effect(plan: Plan) -> Iterator[DataWarning]:
    """Warn of a scale that was chosen for an array of integers."""
    scale, found = plan.options.scale, depths(plan)
    if scale is Scale.UNIT or np.dtype(plan.dtype).kind == "f":
        return
    scaled = [depth for depth in found if _is_scaled_by_depth(plan, depth)]
    if scale is not Scale.NONE:
        told = say(
            "The scale {scale} changes nothing in {dtype}, only in arrays of floats: add --dtype float32.",
            scale=scale,
            dtype=plan.dtype,
        )
        yield _about(plan, "scale-without-effect", told, found, list(found))
    elif scaled and plan.options.reduce is not Reduce.NONE:
        told = say(
            "The scale none is for arrays of floats: in {dtype} the rule {reduce} scales "
            "{pictures}. --reduce none keeps numbers that fit.",
            dtype=plan.dtype,
            reduce=plan.options.reduce,
            pictures=format_count(_count(found, scaled), "picture"),
        )
        yield _about(plan, "scale-without-effect", told, found, scaled)


def _listed(found: Mapping[Depth, NDArray[np.bool_]]) -> str:
    """Count the samples of each depth, for example as ``5 pictures of 8 bits and 1 of 16 bits``."""
    counts: dict[str, int] = {}
    for depth, mask in found.items():
        counts[str(depth)] = counts.get(str(depth), 0) + int(np.count_nonzero(mask))
    (first, count), *others = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    begun = say("{pictures} of {depth}", pictures=format_count(count, "picture"), depth=first)
    return enumerated([begun, *(say("{count:,} of {depth}", count=n, depth=d) for d, n in others)])


def _count(found: Mapping[Depth, NDArray[np.bool_]], which: list[Depth]) -> int:
    return sum(int(np.count_nonzero(found[depth])) for depth in which)


def _about(
    plan: Plan, code: str, text: str, found: Mapping[Depth, NDArray[np.bool_]], which: list[Depth]
) -> DataWarning:
    mask = np.logical_or.reduce([found[depth] for depth in which])
    return about_samples(code, text, plan.catalog, np.flatnonzero(mask))
