"""From a plan to the rule by which its samples' numbers become the stack's."""

from __future__ import annotations

import numpy as np

from stackgui.core.choices import Reduce, Scale
from stackgui.core.measured import Measured
from stackgui.core.numbers import NumberRule, holds
from stackgui.core.plan import Plan

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
"""What is customary for red, green and blue from 0 to 1."""

_RANGES = {Scale.UNIT: (0.0, 1.0), Scale.SIGNED: (-1.0, 1.0), Scale.BYTES: (0.0, 255.0)}


def is_scaled(plan: Plan) -> bool:
    """Whether numbers are brought into another range, as far as the options and the dtypes say."""
    if np.dtype(plan.dtype).kind == "f":
        return plan.options.scale is not Scale.NONE
    found = plan.catalog.dtype.take(plan.usable).counts()
    return not all(holds(plan.dtype, name) for name in found)


def to_measure(plan: Plan) -> bool:
    """Whether all samples have to be looked at before the first row can be written, and were not yet."""
    if plan.measured is not None or not is_scaled(plan):
        return False
    needs_mean = np.dtype(plan.dtype).kind == "f" and plan.options.scale is Scale.MEASURED
    return needs_mean or plan.options.reduce is Reduce.MIN_MAX


def measuring_rule(plan: Plan, dtype: str) -> NumberRule:
    """The rule for looking at samples: values as they are for ``min-max``, else from 0 to 1."""
    options = plan.options
    keeps = options.reduce is Reduce.MIN_MAX
    reduce = Reduce.FULL_RANGE if keeps else options.reduce
    return NumberRule(dtype, keeps=keeps, reduce=reduce, non_finite=options.non_finite)


def number_rule(plan: Plan) -> NumberRule:
    """The rule of `plan`, which has been measured where that is needed."""
    options, measured = plan.options, plan.measured
    is_stretched = options.reduce is Reduce.MIN_MAX
    limits = (measured.low, measured.high) if measured is not None and is_stretched else (0.0, 1.0)
    black, white = _ends(options.scale, measured, limits)
    return NumberRule(
        plan.dtype,
        # Brought down by a rule of its own each, integers keep what fits; stretched together, none does.
        keeps=not is_scaled(plan) or (np.dtype(plan.dtype).kind != "f" and not is_stretched),
        reduce=options.reduce,
        limits=limits,
        black=black,
        white=white,
        non_finite=options.non_finite,
    )


def _ends(
    scale: Scale, measured: Measured | None, limits: tuple[float, float]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """What black and white become in an array of floats."""
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
