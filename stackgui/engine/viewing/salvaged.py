"""What can still be seen of the pictures of empty rows."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stackgui import imaging
from stackgui.core.base.errors import Cancelled, StackguiError
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.geometry import whole
from stackgui.engine.decoding.rows import Files, files_in
from stackgui.engine.workers.dispatch import Dispatch
from stackgui.engine.workers.run_batches import Crew
from stackgui.engine.workers.salvaging import salvage_files
from stackgui.stores.stack.some_sources import sources_of_rows

FILES_PER_BATCH = 4
PATIENCE_S = 20.0
"""Time for all files together: what is not seen by then is not worth waiting for."""


@dataclass(frozen=True, slots=True)
class _Some:
    """A batch of samples, by their indices."""

    samples: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.samples)

    def part(self, begin: int, end: int) -> _Some:
        """Return samples `begin` to `end` as a batch."""
        return _Some(self.samples[begin:end])


def salvaged(
    folder: str,
    header: Mapping[str, Any],
    rows: Sequence[int],
    side_px: int,
    crew: Crew,
) -> dict[int, imaging.Salvaged]:
    """Return what can be seen of the pictures of `rows`, by row, without those of which nothing can.

    Parameters
    ----------
    folder, header
        Of a stack.
    rows
    side_px
        Longer side at most.
    crew

    Raises
    ------
    Cancelled
    """
    found: dict[int, imaging.Salvaged] = {}
    if not rows:
        return found
    try:
        catalog = sources_of_rows(folder, header, rows)
        found.update(_seen(catalog, rows, side_px, crew))
    except Cancelled:
        raise
    except StackguiError:
        pass  # there is less to see then, and nothing else is lost
    return found


def _seen(
    catalog: Catalog,
    rows: Sequence[int],
    side_px: int,
    crew: Crew,
) -> Iterator[tuple[int, imaging.Salvaged]]:
    """Yield the rows of which something can be seen, as long as there is time."""
    no_alpha = np.zeros(len(catalog), np.bool_)

    def files(batch: _Some) -> Files:
        samples = np.array(batch.samples, np.int64)
        return files_in(catalog, samples, whole(catalog, samples), no_alpha[samples], ())

    dispatch: Dispatch[_Some, list[imaging.Salvaged | None]] = Dispatch(
        crew.workers,
        crew.steering,
        salvage_files,
        lambda batch, _slot: (files(batch), side_px),
        slots=2 * crew.workers.count,
    )
    batches = (
        _Some(tuple(range(at, min(at + FILES_PER_BATCH, len(rows)))))
        for at in range(0, len(rows), FILES_PER_BATCH)
    )
    until_s = time.monotonic() + PATIENCE_S
    with contextlib.closing(dispatch.run(batches)) as ran:
        for done in ran:
            for sample, seen in zip(done.batch.samples, done.result or (), strict=False):
                if seen is not None:
                    yield rows[sample], seen
            if time.monotonic() > until_s:
                return
