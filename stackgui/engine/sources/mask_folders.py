"""Finds folders of masks beside folders of pictures, by their names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import islice

from stackgui.core.labels.folder_names import is_part
from stackgui.core.masks.words import folder_name, mask_stem
from stackgui.engine.sources.sources import is_inside
from stackgui.imaging import PICTURE_SUFFIXES

_ANY_MASKS = "masks"
"""Called like folders that hold the masks of several folders of pictures, such as ``annotations``."""

LOOKED_AT = 64
"""Entries of a folder of which one has to be called like a picture."""

MIN_NAMED = 0.5
"""Least share of the names that are looked at of which there has to be a picture."""

MAX_BESIDE = 16
"""Folders beside pictures up to which these are looked into, for others that masks may belong to."""


def mask_folders_beside(sources: Sequence[str]) -> tuple[str, ...]:
    """Return the folders beside the folders among `sources` that are called like those of their masks.

    For ``seg/images`` these are folders such as ``seg/masks``; for ``train`` also ``train_masks``, and
    ``annotations/train_masks``; for ``images/train`` also ``masks/train``. A folder that is called ``masks``
    and nothing else is that of whatever folder beside it has files of the same names, if only one has. Those
    in or around a source are left out.
    """
    real = [os.path.realpath(source) for source in sources]
    found: dict[str, None] = {}
    for source in sources:
        if not os.path.isdir(source):
            continue
        for folder in _beside(os.path.abspath(source)):
            own = os.path.realpath(folder)
            is_apart = not any(is_inside(own, each) or is_inside(each, own) for each in real)
            if is_apart and _may_hold_masks(folder):
                found[folder] = None
    return tuple(found)


def _beside(source: str) -> Iterator[str]:
    above, name = os.path.split(source)
    if folder_name(name).is_mask:
        return
    yield from (os.path.join(above, each) for each in _called_alike(above, name))
    if folder_name(name).rest:
        for each in _called_alike(above, _ANY_MASKS):
            if _is_of(os.path.join(above, each), above, name):
                yield os.path.join(above, each)
    for masks in _called_alike(above, _ANY_MASKS) if folder_name(name).rest else ():
        own = os.path.join(above, masks)
        yield from (os.path.join(own, each) for each in _called_alike(own, name))
    if is_part(name):
        higher, pictures = os.path.split(above)
        yield from (os.path.join(higher, each, name) for each in _called_alike(higher, pictures))


def _called_alike(above: str, name: str) -> Iterator[str]:
    """Yield the names in `above` of what may be folders of masks of the pictures in `name`."""
    own = folder_name(name).rest
    try:
        names = sorted(os.listdir(above)) if name else []
    except OSError:
        return
    for each in names:
        found = folder_name(each)
        if found.is_mask and found.rest == own:
            yield each


def _is_of(masks: str, above: str, name: str) -> bool:
    """Whether half of the first files in `masks` are called like those in `name`, and none like others."""
    stems = {mask_stem(stem).base for stem in islice(_stems(masks), LOOKED_AT)}
    folders = [each for each in _folders(above) if not folder_name(each).is_mask]
    if not stems or len(folders) > MAX_BESIDE or name not in folders:
        return False
    of_each = {each: stems.intersection(_stems(os.path.join(above, each))) for each in folders}
    mine = of_each.pop(name)
    return len(mine) >= MIN_NAMED * len(stems) and not any(map(mine.intersection, of_each.values()))


def _stems(folder: str) -> Iterator[str]:
    """Yield the names of the pictures in a folder, without endings and in lower case."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                stem, ending = os.path.splitext(entry.name)
                if ending.lower() in PICTURE_SUFFIXES:
                    yield stem.casefold()
    except OSError:
        return


def _folders(above: str) -> list[str]:
    try:
        with os.scandir(above) as entries:
            return [entry.name for entry in entries if entry.is_dir()]
    except OSError:
        return []


def _may_hold_masks(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(
                entry.is_dir() or os.path.splitext(entry.name)[1].lower() in PICTURE_SUFFIXES
                for entry in islice(entries, LOOKED_AT)
            )
    except OSError:
        return False
