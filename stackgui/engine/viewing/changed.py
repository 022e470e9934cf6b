"""Shows what an update has found: rows as they stand in a stack, beside what their files make of them now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stackgui.core.run.found_pictures import FoundPicture, FoundPictures
from stackgui.core.viewing.opened import Reading
from stackgui.engine.running.preview import previews
from stackgui.engine.viewing.rows import view_rows
from stackgui.engine.viewing.thumbs import thumbs
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.workers import Workers


def found_pictures(
    found: FoundPictures, indices: Sequence[int], side_px: int, workers: Workers, control: Control[Any]
) -> tuple[FoundPicture, ...]:
    """Return how some pictures look that an update has found.

    Parameters
    ----------
    found
    indices
        Places in `found`.
    side_px
        Longer side of a thumbnail.
    workers, control

    Raises
    ------
    Cancelled
    StackguiError
        When the stack cannot be read.
    """
    row = {index: int(found.all_rows[index]) for index in indices}
    in_stack = [row[index] for index in indices if found.has_row(index)]
    before = {}
    if in_stack:
        rows = view_rows(found.stack, Reading(), control)
        try:
            made = thumbs(rows, in_stack, side_px, Control())
        finally:
            rows.close()
        before = {each.facts.row: each.thumb for each in made}
    in_files = [row[index] for index in indices if found.has_file(index)]
    samples = [int(sample) for sample in found.plan.samples[in_files]]
    now = dict(zip(in_files, previews(found.plan, samples, side_px, workers, control), strict=True))
    return tuple(
        FoundPicture(
            index,
            before.get(row[index]) if found.has_row(index) else None,
            now.get(row[index]) if found.has_file(index) else None,
        )
        for index in indices
    )
