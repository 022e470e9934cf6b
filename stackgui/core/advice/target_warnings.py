"""Warnings about rows without a number to learn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_part, singular_part
from stackgui.core.base.warnings import DataWarning, about_samples
from stackgui.core.base.wording import say_many
from stackgui.core.plan.plan import Plan


def target_warnings(plan: Plan) -> Iterator[DataWarning]:
    """Warn of pictures for which a target has no number."""
    values = plan.catalog.values
    if values is None:
        return
    samples = np.sort(plan.samples)
    for place, title in enumerate(values.targets):
        if len(without := samples[np.isnan(values.numbers[samples, place])]):
            text = say_many(
                singular_part(len(without)),
                "{part:capital} has no number in “{title}”, so its row of targets.npy is NaN there.",
                "{part:capital} have no number in “{title}”, so their rows of targets.npy are NaN there.",
                part=format_part(len(without), len(samples), "picture"),
                title=printable(title),
            )
            yield about_samples("targets-missing", text, plan.catalog, without)
