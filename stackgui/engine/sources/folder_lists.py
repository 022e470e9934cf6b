"""Lists several folders in a worker, so that what is found takes few messages."""

from __future__ import annotations

from collections.abc import Sequence

from stackgui.core.base.columns import Paths
from stackgui.engine.sources.kept_folders import NOTHING_KNOWN, Memory
from stackgui.engine.sources.walk import ENTRIES_PER_TASK, Folder, Found, Met, Plain, Walk, weight


def list_folders(
    walk: Walk,
    folders: Sequence[Folder],
    memory: Memory = NOTHING_KNOWN,
    max_met: int = ENTRIES_PER_TASK,
    follows: Sequence[bool] = (),
) -> list[list[Met]]:
    """Return the entries of each of `folders`, in a worker; raises SourceGoneError.

    Given in `follows` which of them come right after the one before, the files of small folders are put with
    those before them, as if they were in the same folder: a block of names costs as much for five as for
    thousands.
    """
    found: list[list[Met]] = []
    left = max_met
    for folder in folders:
        met = list(walk.below(folder, left, memory))
        left = max(left - sum(map(weight, met)), 0)
        found.append(_gathered(met))
    walk.check_reach()
    _put_together(found, follows)
    return found


def _put_together(found: list[list[Met]], follows: Sequence[bool]) -> None:
    """Put blocks of files that follow each other into the first of them."""
    together: list[Plain] = []
    first: list[Met] = []
    for met, does_follow in zip(found, follows, strict=False):
        last = met[-1] if met else None
        if does_follow and not met:
            continue
        block = last if isinstance(last, Plain) and not last.ends else None
        if block and does_follow and len(met) == 1 and together and together[0].source == block.source:
            together.append(block)
            met.clear()
            continue
        _join(first, together)
        first, together = met, [block] if block else []
    _join(first, together)


def _join(first: list[Met], together: Sequence[Plain]) -> None:
    if len(together) > 1:
        first[-1] = Plain(together[0].source, Paths.concatenate(each.paths for each in together))


def _gathered(met: Sequence[Met]) -> list[Met]:
    """Return the same with the names of ordinary files that follow each other in one block."""
    if len(met) == 1 and isinstance(met[0], Plain):
        return [*met]
    gathered: list[Met] = []
    names: list[Paths] = []
    for item in met:
        source = item.source
        if isinstance(item, Plain) and not item.ends:
            names.append(item.paths)
        elif isinstance(item, Found) and not item.skip and not item.is_archive:
            names.append(Paths.from_names([item.path]))
        else:
            if names:
                gathered.append(Plain(source, Paths.concatenate(names)))
                names = []
            gathered.append(item)
    if names:
        gathered.append(Plain(source, Paths.concatenate(names)))
    return gathered
