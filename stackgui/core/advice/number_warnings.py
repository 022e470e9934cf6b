"""What is doubtful about the numbers of a plan's rows: ranges that differ, and choices without an effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import Channels, Reduce, Scale
from stackgui.core.base.units import agree, enumerated, format_count
from stackgui.core.base.warnings import DataWarning, about_samples
from stackgui.core.catalog.doubts import Doubt, has_doubt
from stackgui.core.plan.depths import Depth, depths
from stackgui.core.plan.number_rules import is_joined, is_scaled
from stackgui.core.plan.numbers import holds, white
from stackgui.core.plan.plan import Plan

_BY_DEPTH = (Reduce.FULL_RANGE, Reduce.FILE_DEPTH)
_KEEP = "--reduce none keeps all numbers as they are"


def number_warnings(plan: Plan) -> Iterator[DataWarning]:
    """What may be wrong with the numbers of `plan`; whoever chose to keep them is told nothing."""
    yield from _without_effect(plan)
    if plan.options.reduce is not Reduce.NONE and plan.options.channels is not Channels.INDEX:
        found = depths(plan)
        mixed = list(_mixed(plan, found))
        yield from mixed
        if "mixed-depths" not in {warning.code for warning in mixed}:
            yield from _of_fewer_bits(plan, found)
        yield from _of_low_numbers(plan, found)


def _mixed(plan: Plan, found: Mapping[Depth, NDArray[np.bool_]]) -> Iterator[DataWarning]:
    """Samples of which the same number does not mean the same."""
    whites = {depth: _row_white(plan, depth) for depth in found}
    known = {value for value in whites.values() if value is not None}
    if len(known) > 1:
        most = max(known)
        told = (
            f"{_listed(found)} share an array but not what is white, so that some come out much darker. "
            f"{_way_to_one_range(plan, found)}; {_KEEP}."
        )
        yield _about(plan, "mixed-depths", told, found, [d for d in found if whites[d] not in {most, None}])
    elif widened := [depth for depth in found if _is_widened(plan, depth)]:
        most = int(np.iinfo(plan.dtype).max)
        told = (
            f"{_listed(found)} share an array and are brought to one range, with {most:,} as white; {_KEEP}."
        )
        yield _about(plan, "mixed-depths", told, found, widened)
    unknown = [depth for depth in found if whites[depth] is None]
    if known and unknown:
        told = f"{_listed(found)} share an array. {_beside_unknown(plan)}"
        yield _about(plan, "numbers-without-range", told, found, unknown)


def _is_widened(plan: Plan, depth: Depth) -> bool:
    """Whether numbers that the array holds are changed all the same, for the sake of others."""
    if (
        not depth.is_picture
        or not depth.has_range
        or not is_joined(plan)
        or not holds(plan.dtype, depth.dtype)
    ):
        return False
    return white(depth.dtype, depth.bits, plan.options.reduce) != np.iinfo(plan.dtype).max


def _row_white(plan: Plan, depth: Depth) -> float | None:
    """What the most that a file can hold becomes in the array, or stands to others there; None if unknown."""
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
        return "--scale 0..1 brings them to one range"
    if plan.options.reduce not in _BY_DEPTH:
        return "--reduce full-range brings pictures to one range"
    if plan.options.reduce is Reduce.FULL_RANGE and any(depth.uses_fewer_bits for depth in found):
        return "--reduce file-depth brings pictures to one range"
    return "--dtype float32 with --scale 0..1 brings them to one range"


def _beside_unknown(plan: Plan) -> str:
    """What becomes of numbers without a range beside others."""
    if plan.options.reduce is Reduce.MIN_MAX and is_scaled(plan):
        return "All are scaled together, as if they meant the same."
    if np.dtype(plan.dtype).kind == "f" and is_scaled(plan):
        return (
            "Those with a fraction or a sign are taken to be from 0 to 1 already, as the others become; "
            "--scale none leaves all as they are."
        )
    return "All stay as they are; --reduce none says that this is meant."


def _of_fewer_bits(plan: Plan, found: Mapping[Depth, NDArray[np.bool_]]) -> Iterator[DataWarning]:
    """Pictures that come out dark, because white is more than their files can hold."""
    if plan.options.reduce is not Reduce.FULL_RANGE:
        return
    dark = [depth for depth in found if depth.uses_fewer_bits and _is_brought(plan, depth)]
    if dark:
        count = _count(found, dark)
        told = (
            f"{format_count(count, 'picture')} {agree(count, 'uses', 'use')} fewer bits than "
            f"{agree(count, 'its', 'their')} numbers have ({', '.join(map(str, dark))}) and "
            f"{agree(count, 'comes', 'come')} out dark. --reduce file-depth takes the bits that are used."
        )
        yield _about(plan, "fewer-bits", told, found, dark)


def _of_low_numbers(plan: Plan, found: Mapping[Depth, NDArray[np.bool_]]) -> Iterator[DataWarning]:
    """The same where no file says how many bits it uses, of those that were looked at."""
    low = has_doubt(plan.catalog.doubts, Doubt.LOW_NUMBERS)
    if plan.options.reduce not in _BY_DEPTH or not low.any():
        return
    brought = [
        mask for depth, mask in found.items() if not depth.uses_fewer_bits and _is_brought(plan, depth)
    ]
    samples = np.flatnonzero(low & np.logical_or.reduce([np.zeros(len(low), np.bool_), *brought]))
    if count := len(samples):
        told = (
            f"{format_count(count, 'picture')} that {agree(count, 'was', 'were')} looked at "
            f"{agree(count, 'uses', 'use')} less than a sixteenth of what {agree(count, 'its', 'their')} "
            f"numbers can hold and {agree(count, 'comes', 'come')} out dark in {plan.dtype}. "
            "--reduce min-max takes what occurs, --reduce none keeps numbers that fit."
        )
        yield about_samples("low-numbers", told, plan.catalog, samples)


def _is_brought(plan: Plan, depth: Depth) -> bool:
    """Whether such numbers are brought into another range."""
    if np.dtype(plan.dtype).kind == "f":
        return is_scaled(plan)
    return (is_joined(plan) and depth.is_picture) or not holds(plan.dtype, depth.dtype)


def _without_effect(plan: Plan) -> Iterator[DataWarning]:
    """A scale that was chosen for an array of integers."""
    scale, found = plan.options.scale, depths(plan)
    if scale is Scale.UNIT or np.dtype(plan.dtype).kind == "f":
        return
    brought = [depth for depth in found if _is_brought(plan, depth)]
    if scale is not Scale.NONE:
        told = (
            f"The scale {scale} changes nothing in {plan.dtype}, only in arrays of floats: "
            "add --dtype float32."
        )
        yield _about(plan, "scale-without-effect", told, found, list(found))
    elif brought and plan.options.reduce is not Reduce.NONE:
        told = (
            f"The scale none is for arrays of floats: in {plan.dtype} the rule {plan.options.reduce} scales "
            f"{format_count(_count(found, brought), 'picture')}. --reduce none keeps numbers that fit."
        )
        yield _about(plan, "scale-without-effect", told, found, brought)


def _listed(found: Mapping[Depth, NDArray[np.bool_]]) -> str:
    """How many samples there are of each kind, as ``5 pictures of 8 bits and 1 of 16 bits``."""
    counts: dict[str, int] = {}
    for depth, mask in found.items():
        counts[str(depth)] = counts.get(str(depth), 0) + int(np.count_nonzero(mask))
    (first, count), *others = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return enumerated([f"{format_count(count, 'picture')} of {first}", *(f"{n:,} of {d}" for d, n in others)])


def _count(found: Mapping[Depth, NDArray[np.bool_]], which: list[Depth]) -> int:
    return sum(int(np.count_nonzero(found[depth])) for depth in which)


def _about(
    plan: Plan, code: str, text: str, found: Mapping[Depth, NDArray[np.bool_]], which: list[Depth]
) -> DataWarning:
    mask = np.logical_or.reduce([found[depth] for depth in which])
    return about_samples(code, text, plan.catalog, np.flatnonzero(mask))
