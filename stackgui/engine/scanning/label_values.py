"""Decodes a few samples after a scan, to find out what their numbers may mean."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stackgui.core.base.choices import Channels, Numbers, Scale
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.doubts import Doubt, join_doubts
from stackgui.core.catalog.label_values import may_hold_ids, samples_to_examine
from stackgui.core.catalog.meaning import PALETTE
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.batches import Batch, batches
from stackgui.engine.workers import looking
from stackgui.engine.workers.control import Steering
from stackgui.engine.workers.run_batches import Crew, run_batches
from stackgui.engine.workers.workers import Workers

_ANY_NUMBERS = Options(channels=Channels.RGB, dtype=Numbers.FLOAT32, scale=Scale.NONE)


def with_doubts(catalog: Catalog, workers: Workers, steering: Steering) -> Catalog:
    """Return `catalog` with doubts about the numbers of the few samples that are examined.

    A sample that cannot be read stays as it is; the run will report why.

    Raises
    ------
    Cancelled
    RunError
        When the whole pool keeps dying.
    """
    samples = samples_to_examine(catalog)
    if not len(samples):
        return catalog
    plan = resolve(_ANY_NUMBERS, replace(catalog.take(samples), masks=None))
    may_be_ids, have_palettes = may_hold_ids(plan.catalog), plan.catalog.meaning.equals(PALETTE)

    def arguments(batch: Batch, _slot: int) -> tuple[Any, ...]:
        of_batch = (mask[batch.samples].tolist() for mask in (may_be_ids, have_palettes))
        return catalog.scan_options, *of_batch

    found: dict[int, str] = {}
    own_size = batches(plan, own_size=True)
    for done in run_batches(plan, looking.look_at_numbers, arguments, Crew(workers, steering), own_size):
        for sample, doubts in zip(samples[done.batch.samples].tolist(), done.result or [], strict=False):
            if doubts:
                found[sample] = join_doubts([*map(Doubt, catalog.doubts[sample].split()), *doubts])
    return replace(catalog, doubts=catalog.doubts.put(found)) if found else catalog
