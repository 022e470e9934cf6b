"""The task of workers that look what can still be seen of pictures that could not be read."""

from __future__ import annotations

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.engine.decoding.rows import Files
from stackgui.engine.workers.sample_data import data_of


def salvage_files(files: Files, side_px: int) -> list[imaging.Salvaged | None]:
    """Return what can be seen of each file, with a longer side of `side_px` at most; None for nothing."""
    found: list[imaging.Salvaged | None] = []
    for file, row in files:
        try:
            data = data_of(file, row)
        except SampleError:
            found.append(None)
        else:
            found.append(None if isinstance(data, imaging.Folder) else imaging.salvage(data, side_px))
    return found
