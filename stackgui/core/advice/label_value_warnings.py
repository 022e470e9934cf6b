"""Warnings about pictures that look like masks or class ids, and what a plan would do to their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import Channels, Resample
from stackgui.core.base.warnings import DataWarning, about_samples
from stackgui.core.base.wording import Wording, say_many
from stackgui.core.catalog.doubts import Doubt, has_doubt
from stackgui.core.catalog.meaning import PALETTE
from stackgui.core.plan.depths import depths
from stackgui.core.plan.number_rules import changes
from stackgui.core.plan.plan import Plan


def label_value_warnings(plan: Plan) -> Iterator[DataWarning]:
    """Warn of numbers that may be class ids and are mixed, scaled, or turned into colours."""
    doubtful = has_doubt(plan.catalog.doubts, Doubt.LABEL_VALUES) & plan.usable
    if not doubtful.any():
        return
    yield from _coloured(plan, doubtful)
    yield from _mixed(plan, doubtful)
    yield from _scaled(plan, doubtful)


def _coloured(plan: Plan, doubtful: NDArray[np.bool_]) -> Iterator[DataWarning]:
    if plan.options.channels is Channels.INDEX:
        return
    yield from _about(
        plan,
        "label-values-coloured",
        doubtful & plan.catalog.meaning.equals(PALETTE),
        lambda count: say_many(
            count,
            "{count:,} picture that looks like a mask or class ids becomes the colours of its palette. "
            "--channels index keeps the indices.",
            "{count:,} pictures that look like masks or class ids become the colours of their palettes. "
            "--channels index keeps the indices.",
        ),
    )


def _mixed(plan: Plan, doubtful: NDArray[np.bool_]) -> Iterator[DataWarning]:
    resample = plan.options.resample
    if resample is Resample.NEAREST:
        return
    scaled = np.zeros(len(doubtful), np.bool_)
    for bucket in plan.buckets:
        samples = bucket.samples[doubtful[bucket.samples]]
        own = np.stack([plan.catalog.height[samples], plan.catalog.width[samples]], axis=1)
        scaled[samples] = (plan.geometry(bucket, samples).scaled != own).any(axis=1)
    yield from _about(
        plan,
        "label-values-mixed",
        scaled,
        lambda count: say_many(
            count,
            "{count:,} picture that looks like a mask or class ids is scaled, and {resample} mixes its "
            "numbers into those of other classes. --resample nearest keeps them.",
            "{count:,} pictures that look like masks or class ids are scaled, and {resample} mixes their "
            "numbers into those of other classes. --resample nearest keeps them.",
            resample=resample,
        ),
    )


def _scaled(plan: Plan, doubtful: NDArray[np.bool_]) -> Iterator[DataWarning]:
    changed = np.zeros(len(doubtful), np.bool_)
    for depth, mask in depths(plan).items():
        if changes(plan, depth):
            changed |= doubtful & mask
    is_palette = plan.catalog.meaning.equals(PALETTE)
    if plan.options.channels is not Channels.INDEX:
        changed &= ~is_palette
    yield from _about(
        plan,
        "label-values-scaled",
        changed,
        lambda count: say_many(
            count,
            "{count:,} picture that looks like a mask or class ids has its numbers scaled for {dtype}. "
            "--reduce none keeps numbers that fit.",
            "{count:,} pictures that look like masks or class ids have their numbers scaled for {dtype}. "
            "--reduce none keeps numbers that fit.",
            dtype=plan.dtype,
        ),
    )


def _about(
    plan: Plan, code: str, which: NDArray[np.bool_], text: Callable[[int], Wording]
) -> Iterator[DataWarning]:
    """Warn of `which` samples, if any; `text` says of their number what happens, and what prevents it."""
    samples = np.flatnonzero(which)
    if count := len(samples):
        yield about_samples(code, text(count), plan.catalog, samples)
