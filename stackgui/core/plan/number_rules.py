"""The rules by which the numbers of a plan's samples are converted into those of its arrays."""

from __future__ import annotations

import numpy as np

from stackgui.core.base.choices import Channels, Reduce, Scale
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.depths import Depth, depths
from stackgui.core.plan.measured import Measured
from stackgui.core.plan.numbers import NumberRule, holds, white
from stackgui.core.plan.plan import Plan

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
"""The customary figures for red, green and blue from 0 to 1."""

_RANGES = {Scale.UNIT: (0.0, 1.0), Scale.SIGNED: (-1.0, 1.0), Scale.BYTES: (0.0, 255.0)}


def is_scaled(plan: Plan) -> bool:
    """Tell whether numbers are scaled to another range, as far as options and dtypes decide it."""
    plan = plan.origin or plan
    reduce, scale = plan.options.reduce, plan.options.scale
    if np.dtype(plan.dtype).kind == "f":
        return scale is not Scale.NONE and not (reduce is Reduce.NONE and scale is Scale.UNIT)
    found = plan.catalog.dtype.take(plan.usable).counts()
    return reduce is not Reduce.NONE and not all(holds(plan.dtype, name) for name in found)


def is_joined(plan: Plan) -> bool:
    """Tell whether pictures of different depths are scaled to one range in an array of integers.

    Tensors and palette indices are not, because their numbers need not be brightness.
    """
    plan = plan.origin or plan
    has_rule = plan.options.reduce in {Reduce.FULL_RANGE, Reduce.FILE_DEPTH}
    has_rule = has_rule and plan.options.channels is not Channels.INDEX
    return has_rule and np.dtype(plan.dtype).kind == "u" and len(_whites(plan)) > 1


def changes(plan: Plan, depth: Depth) -> bool:
    """Tell whether samples of this depth have other numbers in the array."""
    options = plan.options
    if np.dtype(plan.dtype).kind == "f":
        is_kept = options.scale is Scale.UNIT and options.reduce is not Reduce.MIN_MAX and not depth.has_range
        return is_scaled(plan) and not is_kept
    if options.reduce is Reduce.MIN_MAX:
        return is_scaled(plan)
    if depth.is_picture and depth.has_range and is_joined(plan):
        return white(depth.dtype, depth.bits, options.reduce) != np.iinfo(plan.dtype).max
    return options.reduce is not Reduce.NONE and not holds(plan.dtype, depth.dtype)


def row_white(plan: Plan, dtype: str, bits: int) -> int:
    """Return what the white of a picture of unsigned integers becomes in an array of integers of `plan`."""
    own = white(dtype, bits, plan.options.reduce)
    return int(np.iinfo(plan.dtype).max) if is_joined(plan) or not holds(plan.dtype, dtype) else own


def cannot_join(plan: Plan, catalog: Catalog, sample: int) -> str:
    """Return why a sample's numbers, as `catalog` now has them, do not fit the finished stack, or ``""``.

    The rows that are already written stay as they are, so the sample would have to follow their rule.
    """
    dtype = catalog.dtype[sample]
    if np.dtype(plan.dtype).kind == "f":
        return ""
    if plan.options.reduce is Reduce.MIN_MAX and not is_scaled(plan) and not holds(plan.dtype, dtype):
        return say(
            "its numbers are now {dtype}, for which its stack of {dtype2} has no limits",
            dtype=dtype,
            dtype2=plan.dtype,
        )
    is_deep = np.dtype(dtype).kind == "u" and not catalog.axes[sample]
    is_deep = is_deep and plan.options.channels is not Channels.INDEX
    if not is_deep or plan.options.reduce not in {Reduce.FULL_RANGE, Reduce.FILE_DEPTH}:
        return ""
    now = row_white(plan, dtype, int(catalog.bits[sample]))
    pictures = (depth for depth in depths(plan) if depth.is_picture and depth.has_range)
    for others in {row_white(plan, depth.dtype, depth.bits) for depth in pictures} - {now}:
        return say(
            "its white is now {now:,}, but that of the other pictures in its stack is {others:,}",
            now=now,
            others=others,
        )
    return ""


def _whites(plan: Plan) -> set[int]:
    reduce = plan.options.reduce
    return {
        white(depth.dtype, depth.bits, reduce)
        for depth in depths(plan)
        if depth.is_picture and depth.has_range
    }


def to_measure(plan: Plan) -> bool:
    """Tell whether all samples still have to be measured before the first row can be written."""
    if plan.measured is not None or not is_scaled(plan):
        return False
    needs_mean = np.dtype(plan.dtype).kind == "f" and plan.options.scale is Scale.MEASURED
    return needs_mean or plan.options.reduce is Reduce.MIN_MAX


def measuring_rule(plan: Plan, dtype: str) -> NumberRule:
    """Return the rule for measuring samples: values as they are if no range is assumed, else from 0 to 1."""
    options = plan.options
    keeps = options.reduce in {Reduce.MIN_MAX, Reduce.NONE}
    reduce = Reduce.FULL_RANGE if keeps else options.reduce
    return NumberRule(dtype, keeps=keeps, reduce=reduce, non_finite=options.non_finite)


def number_rule(plan: Plan) -> NumberRule:
    """Return the rule of `plan`, which must have been measured if `to_measure` asked for it."""
    options, measured = plan.options, plan.measured
    is_stretched = options.reduce is Reduce.MIN_MAX
    limits = (measured.low, measured.high) if measured is not None and is_stretched else (0.0, 1.0)
    black, white = _ends(options.scale, measured, limits)
    return NumberRule(
        plan.dtype,
        # If each dtype is scaled down by its own rule, integers that fit are kept; under min-max none are.
        keeps=not is_scaled(plan) or (np.dtype(plan.dtype).kind != "f" and not is_stretched),
        joins=is_joined(plan),
        reduce=options.reduce,
        limits=limits,
        black=black,
        white=white,
        non_finite=options.non_finite,
    )


def _ends(
    scale: Scale, measured: Measured | None, limits: tuple[float, float]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return what black and white become in an array of floats."""
    if scale in _RANGES:
        black, white = _RANGES[scale]
        return (black,), (white,)
    if scale is Scale.IMAGENET:
        return _standardized(IMAGENET_MEAN, IMAGENET_STD)
    if scale is Scale.MEASURED and measured is not None:
        span = (limits[1] - limits[0]) or 1.0
        mean = tuple((value - limits[0]) / span for value in measured.mean)
        return _standardized(mean, tuple(value / span for value in measured.std))
    return (0.0,), (1.0,)


def _standardized(
    mean: tuple[float, ...], std: tuple[float, ...]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    pairs = list(zip(mean, std, strict=True))
    return tuple(-m / s for m, s in pairs), tuple((1 - m) / s for m, s in pairs)
