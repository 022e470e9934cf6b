"""The files that lists name."""

from __future__ import annotations

import os
from collections.abc import Iterator

from stackgui.core.skip_kinds import LINES_WITHOUT_FILE, OUTSIDE_LIST
from stackgui.engine.lists import FileList
from stackgui.engine.sources import Source, is_inside
from stackgui.engine.walk import Found


def listed_files(index: int, source: Source, said: FileList) -> Iterator[Found]:
    """What the list that is the source `index` names, in its order; what is there twice stays there twice.

    A name that leads out of the list's folder is left aside: lists come from anyone, and what lies elsewhere
    is not theirs to take.
    """
    own = os.fsencode(os.path.basename(source.name))
    for path, label, split in zip(said.path, said.label, said.split, strict=True):
        full = os.path.normpath(os.path.join(source.folder, _plain(path)))
        if not path:
            yield Found(index, own, LINES_WITHOUT_FILE)
        elif not is_inside(full, source.folder) or full == source.folder or "\0" in path:
            yield Found(index, own, OUTSIDE_LIST, path)
        else:
            relative = full[len(source.folder.rstrip(os.sep)) + 1 :]
            yield Found(index, os.fsencode(relative), label=label, split=split)


def _plain(path: str) -> str:
    """`path` with slashes, where it was written on Windows."""
    return path.replace("\\", "/") if "/" not in path else path
