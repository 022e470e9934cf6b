"""Sketches pictures in workers, so that look-alikes are found, and remembers the sketches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.base.choices import Alpha, Channels, Decode, Fit, Numbers, Resample, Scale
from stackgui.core.base.errors import PlanError, SampleError
from stackgui.core.base.size import Size, SizeKind
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.labels import LabelKind, Labels
from stackgui.core.labels.look_alikes import look_alikes
from stackgui.core.labels.splits import Split, SplitKind
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.batches import batches
from stackgui.engine.decoding.render import Form
from stackgui.engine.decoding.rows import Files, cache_key
from stackgui.engine.scanning.runner import Runner
from stackgui.engine.scanning.scan_cache import SKETCHES, Entries, Known, known_files
from stackgui.engine.workers.run_batches import Crew, run_batches
from stackgui.engine.workers.sample_data import rendered

SMALL_GREY = Options(
    size=Size(SizeKind.EXACT, imaging.SKETCH_PX, imaging.SKETCH_PX),
    fit=Fit.STRETCH,
    channels=Channels.GREY,
    dtype=Numbers.FLOAT32,
    scale=Scale.UNIT,
    # What is invisible must not count.
    alpha=Alpha.COMPOSE,
    resample=Resample.AREA,
    decode=Decode.DRAFT,
    labels=Labels(LabelKind.NONE),
    split=Split(SplitKind.NONE),
)
"""What pictures become before they are sketched."""

_REMEMBERED_AT_ONCE = 4096


class Sketched(NamedTuple):
    """The sketches of some pictures.

    Attributes
    ----------
    sketches : int64, shape (n, 2)
        Both halves of each; zeros for those that cannot be read.
    news : list of (bytes, Known)
        Entries for the cache of scans.
    """

    sketches: NDArray[np.int64]
    news: list[tuple[bytes, Known]]


def with_sketches(
    catalog: Catalog, runner: Runner, cache: str, remember: Callable[[Entries], None]
) -> Catalog:
    """Return `catalog` with the sketches of its samples, if its scan options ask for them.

    Parameters
    ----------
    catalog
    runner
    cache
        Path of the cache of scans; ``""`` for none.
    remember
        Writes new sketches to it, now and then, so that they are not lost if the scan is cancelled.

    Raises
    ------
    Cancelled
    RunError
        When the whole pool keeps dying.
    """
    if not catalog.scan_options.near_duplicates:
        return catalog
    try:
        plan = resolve(SMALL_GREY, replace(catalog, masks=None, annotations=None))
    except PlanError:  # none of them can be read
        return catalog
    made = np.zeros((2, len(catalog)), np.int64)
    news: list[tuple[bytes, Known]] = []
    arguments = Form.looking(plan, "float32"), cache
    crew = Crew(runner.workers, runner.tally)
    runner.tally.sketches = plan.rows
    try:
        for done in run_batches(plan, sketch_files, lambda *_: arguments, crew, batches(plan)):
            runner.tally.sketches_made += len(done.batch)
            if done.result is not None:
                samples = done.batch.samples
                made[:, samples[plan.usable_at(samples)]] = done.result.sketches.T
                news += done.result.news
            if len(news) >= _REMEMBERED_AT_ONCE:
                remember(news)
                news = []
    finally:
        if news:
            remember(news)
    found = replace(catalog, sketch=made[0], fine_sketch=made[1])
    look_alikes(found, runner.tally)  # kept, so that no plan has to wait for it
    return found


def sketch_files(files: Files, form: Form, cache: str) -> Sketched:
    """Return the sketches of pictures; in a worker."""
    all_files = list(files)
    keys = [cache_key(*each) for each in all_files]
    known = known_files(cache, keys, form.scan.reading, SKETCHES) if cache and keys else {}
    made = np.zeros((len(all_files), 2), np.int64)
    news: list[tuple[bytes, Known]] = []
    for place, (key, (file, row)) in enumerate(zip(keys, all_files, strict=True)):
        state = (file.file_bytes, file.mtime_ns)
        remembered = known.get(key)
        if remembered is not None and tuple(remembered[:2]) == state:
            made[place] = remembered[2:4]
            continue
        try:
            grey = rendered(file, row, form)[..., 0].astype(np.float64)
        except SampleError:
            continue
        is_whole = np.dtype(row.dtype).kind in "bu"
        white = 1.0 if is_whole else float(np.abs(grey).max(initial=0.0))
        made[place] = sketch = imaging.sketch_of(grey, white=white)
        if row.format != imaging.FOLDER_FORMAT:
            news.append((key, (*state, *sketch, form.scan.reading)))
    imaging.take_doubts()
    return Sketched(made, news)
