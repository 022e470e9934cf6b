"""Looks at a few samples after a scan, to tell whether their numbers may be class ids."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from stackgui.core.batches import Batch, batches
from stackgui.core.catalog import Catalog
from stackgui.core.choices import Channels, Numbers, Scale
from stackgui.core.doubts import Doubt, joined
from stackgui.core.geometry import whole
from stackgui.core.label_values import to_look_at
from stackgui.core.options import Options
from stackgui.core.resolve import resolve
from stackgui.engine import tasks
from stackgui.engine.control import Control
from stackgui.engine.dispatch import Dispatch
from stackgui.engine.rows import files_of, reading_s
from stackgui.engine.workers import Workers

_ANY_NUMBERS = Options(channels=Channels.INDEX, dtype=Numbers.FLOAT32, scale=Scale.NONE)


def marked(catalog: Catalog, workers: Workers, control: Control[Any]) -> Catalog:
    """`catalog` with a doubt about each sample that looks like class ids, of the few that are looked at.

    What cannot be read is left as it is; whoever needs it will say why.

    Raises
    ------
    Cancelled
    RunError
        When the workers keep dying all at once.
    """
    samples = to_look_at(catalog)
    if not len(samples):
        return catalog
    plan = resolve(_ANY_NUMBERS, catalog.take(samples))

    def arguments(batch: Batch, _slot: int) -> tuple[Any, ...]:
        return files_of(plan, batch.samples, whole(plan.catalog, batch.samples)), catalog.scan_options

    dispatch: Dispatch[Batch] = Dispatch(
        workers,
        control,
        tasks.look_for_labels,
        arguments,
        slots=2 * workers.count + 1,
        more_s=lambda batch: reading_s(plan, batch.samples),
    )
    found: dict[int, str] = {}
    for done in dispatch.run(batches(plan, np.ones(plan.rows, np.bool_))):
        if done.result is not None:
            for sample in samples[done.batch.samples[done.result]].tolist():
                doubts = map(Doubt, catalog.doubts[sample].split())
                found[sample] = joined([*doubts, Doubt.LABEL_VALUES])
    return replace(catalog, doubts=catalog.doubts.put(found)) if found else catalog
