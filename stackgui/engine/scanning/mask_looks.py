"""Looks through masks in workers, and remembers what they hold as long as their files stay as they are."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.base.choices import Channels, Numbers, Scale
from stackgui.core.base.errors import PlanError, SampleError
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.mask_segments import MaskSegments, Pairs
from stackgui.core.catalog.masks import NOTHING_FOUND, MaskValues
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.batches import Batch, batches
from stackgui.engine.decoding.masks import class_keys, values_in
from stackgui.engine.decoding.render import RowPlan
from stackgui.engine.decoding.rows import File, Files, cache_key, segments_of_each
from stackgui.engine.scanning.runner import Runner
from stackgui.engine.scanning.scan_cache import MASKS, Known, known_files
from stackgui.engine.workers import sample_data
from stackgui.engine.workers.run_batches import Crew, run_batches

MAX_REMEMBERED = 1024
"""Different numbers of a mask up to which it is remembered; others number objects and are few."""

_JOINED_AT_ONCE = 24
_ANY_NUMBERS = Options(channels=Channels.RGB, dtype=Numbers.FLOAT32, scale=Scale.NONE)


class MaskLooks(NamedTuple):
    """What some masks hold.

    Attributes
    ----------
    values : MaskValues
        Of all of them together.
    alike : list of bool
        For each mask whether it looks like classes or objects; true for those that fail.
    news : list of (bytes, Known)
        Entries for the cache of scans.
    """

    values: MaskValues
    alike: list[bool]
    news: list[tuple[bytes, Known]]


@dataclass(frozen=True, eq=False, slots=True)
class Looker:
    """Looks through masks during a scan.

    Attributes
    ----------
    runner : Runner
    cache : str
        Path of the cache of scans; ``""`` for none.
    news : list of (bytes, Known)
        Entries that are not in the cache yet.
    """

    runner: Runner
    cache: str
    news: list[tuple[bytes, Known]] = field(default_factory=list)

    def look(
        self,
        catalog: Catalog,
        masks: NDArray[np.int64],
        segments: MaskSegments | None = None,
        *,
        is_sample: bool = False,
    ) -> tuple[MaskValues, list[bool]]:
        """Return what masks hold, and for each whether it looks like classes or objects.

        Parameters
        ----------
        catalog
        masks
            Indices into it.
        segments
            Those of `masks`, if a file of annotations lists them.
        is_sample
            Whether they are only a few of those to look through, which are not counted as progress.

        Raises
        ------
        Cancelled
        RunError
            When the whole pool keeps dying.
        """
        try:
            plan = resolve(_ANY_NUMBERS, catalog.take(masks))
        except PlanError:  # none of them can be read
            return NOTHING_FOUND, []
        tally, options = self.runner.tally, catalog.scan_options
        if not is_sample:
            tally.masks = plan.rows
        found: list[MaskValues] = []
        alike: list[bool] = []

        def arguments(batch: Batch, _slot: int) -> tuple[Any, ...]:
            usable = batch.samples[plan.usable_at(batch.samples)]
            return options, self.cache, None if segments is None else segments.take(usable)

        ran = run_batches(
            plan,
            look_at_masks,
            arguments,
            Crew(self.runner.workers, tally),
            batches(plan, own_size=True),
        )
        for done in ran:
            if not is_sample:
                tally.masks_read += len(done.batch)
            if done.result is not None:
                found.append(done.result.values)
                alike += done.result.alike
                self.news.extend(done.result.news)
            if len(found) > _JOINED_AT_ONCE:
                found = [NOTHING_FOUND.joined(found)]
        return NOTHING_FOUND.joined(found), alike


def look_at_masks(
    files: Files, scan: ScanOptions, cache: str, segments: MaskSegments | None = None
) -> MaskLooks:
    """Return what masks hold, without those that fail; in a worker."""
    all_files = list(files)
    of_each = list(islice(segments_of_each(segments), len(all_files)))
    keys = [_key(*each, pairs) for each, pairs in zip(all_files, of_each, strict=True)]
    known = known_files(cache, keys, scan.reading, MASKS) if cache and keys else {}
    found: list[MaskValues] = []
    alike: list[bool] = []
    news: list[tuple[bytes, Known]] = []
    for key, (file, row), pairs in zip(keys, all_files, of_each, strict=True):
        remembered = _remembered(known.get(key), file)
        if remembered is None:
            try:
                data = sample_data.data_of(file, row)
                values, is_alike = values_in(class_keys(data, row, scan, pairs))
            except SampleError:
                alike.append(True)
                continue
            if len(values.keys) <= MAX_REMEMBERED and row.format != imaging.FOLDER_FORMAT:
                entry = (file.file_bytes, file.mtime_ns, _packed(values, is_alike=is_alike), scan.reading)
                news.append((key, entry))
        else:
            values, is_alike = remembered
        found.append(values)
        alike.append(is_alike)
    imaging.take_doubts()
    return MaskLooks(NOTHING_FOUND.joined(found), alike, news)


def _key(file: File, row: RowPlan, segments: Pairs | None) -> bytes:
    """Return the cache key of a mask, which may have segments."""
    said = b"" if segments is None else b"\0segments " + blake2b(segments.tobytes(), digest_size=16).digest()
    return cache_key(file, row) + said


def _packed(values: MaskValues, *, is_alike: bool) -> bytes:
    head = np.array([is_alike, values.is_open, values.most], np.int64)
    return zlib.compress(np.concatenate((head, values.keys, values.pixels)).tobytes())


def _remembered(known: Known | None, file: File) -> tuple[MaskValues, bool] | None:
    """Return what a mask holds by the cache, if its file has not changed since then."""
    if known is None or tuple(known[:2]) != (file.file_bytes, file.mtime_ns):
        return None
    # The checksum of the entry has been verified.
    (is_alike, is_open, most), columns = np.split(np.frombuffer(zlib.decompress(known[2]), np.int64), [3])
    keys, pixels = columns.reshape(2, -1)
    return MaskValues(keys, pixels, np.ones_like(keys), bool(is_open), int(most)), bool(is_alike)
