"""What the folders of a catalog's samples say: parts of the data, classes, or neither."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.kept import kept
from stackgui.core.base.source_names import without_archive_suffix
from stackgui.core.catalog.archive_location import NO_ARCHIVE
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.folder_names import holds_masks, holds_pictures, is_part, part_called

Names = tuple[str, ...]
"""The folders in which a sample lies, from the source, or the top of its archive, downwards."""

FEWEST_PARTS = 2
"""Parts of different kinds that must be there; what is all training is not divided."""


@dataclass(frozen=True, eq=False, slots=True)
class Folders:
    """What folders say of each sample; ``""``, or 0, is nothing.

    Attributes
    ----------
    label : Coded
        The folder that is its class.
    level : int32, shape (N,)
        Which folder that is, from 1 below the source or inside the archive.
    part : Coded
        One of `PARTS`.
    part_folder : Coded
        The folder, archive or source that says so, as it is called.
    above : Coded
        The same, where the class lies in that folder.
    beside : Coded
        Where folders beside it are parts, and its own is none: the name of that.
    masks : bool, shape (N,)
        Whether it lies in a folder of masks, and others of its place do not.
    place : int32, shape (N,)
        Which source or archive it lies in. Each is looked at by itself.
    """

    label: Coded
    level: NDArray[np.int32]
    part: Coded
    part_folder: Coded
    above: Coded
    beside: Coded
    masks: NDArray[np.bool_]
    place: NDArray[np.int32]


class _Said(NamedTuple):
    """What the folders of one sample say."""

    label: str = ""
    level: int = 0
    part: str = ""
    part_folder: str = ""
    above: str = ""
    beside: str = ""
    masks: bool = False


@kept()
def read_folders(catalog: Catalog) -> Folders:
    """Tell parts from classes in each source, and inside each archive.

    Folders that hold pictures of any kind (``images``, ``data``) are passed through. Where those below are
    parts, all or most of them, the classes are the folders below these; otherwise they are the classes.
    """
    names = Coded.from_values(path.rpartition("/")[0] for path in own_paths(catalog))
    place, called = _places(catalog)
    pairs, pair = np.unique(place.astype(np.int64) << 32 | names.codes, return_inverse=True)
    said = [_Said()] * len(pairs)
    of_place = np.searchsorted(pairs >> 32, np.arange(len(called) + 1))
    for number, (begin, end) in enumerate(pairwise(of_place.tolist())):
        folders = [_split(names.names[code]) for code in (pairs[begin:end] & 0xFFFFFFFF).tolist()]
        only_archive = bool(catalog.archives) and end - begin == len(pairs)
        found = _read(folders, only_archive=only_archive)
        said[begin:end] = [_named_by_place(each, called[number]) for each in found]
    texts = {
        name: Coded.from_values(getattr(each, name) for each in said)
        for name in ("label", "part", "part_folder", "above", "beside")
    }
    return Folders(
        level=np.array([each.level for each in said], np.int32)[pair],
        masks=np.array([each.masks for each in said], np.bool_)[pair],
        place=place,
        **{name: column.take(pair) for name, column in texts.items()},
    )


def own_paths(catalog: Catalog) -> Iterator[str]:
    """Names with slashes, below the source or inside the archive."""
    paths = iter(catalog.path) if os.sep == "/" else (path.replace(os.sep, "/") for path in catalog.path)
    if not catalog.archives:
        return paths
    lengths = [len(archive.path) + 1 if archive.path else 0 for archive in catalog.archives]
    of_archive = {NO_ARCHIVE: 0, **dict(enumerate(lengths))}
    return (
        path[of_archive[code] :] for path, code in zip(paths, catalog.inside.archive.tolist(), strict=True)
    )


def _places(catalog: Catalog) -> tuple[NDArray[np.int32], list[Names]]:
    """The number of each sample's place, and what the places are called, with folders that lead there."""
    sources = [_source_name(source) for source in catalog.sources]
    place = catalog.source.astype(np.int64) << 32
    if catalog.archives:
        place = place + (catalog.inside.archive + 1)
    known, number = np.unique(place, return_inverse=True)
    called = []
    for source, archive in ((int(each) >> 32, (int(each) & 0xFFFFFFFF) - 1) for each in known):
        inside = catalog.archives[archive].path if archive >= 0 else ""
        folders = inside.replace(os.sep, "/").split("/") if inside else []
        called.append((sources[source], *map(without_archive_suffix, folders)))
    return number.astype(np.int32), called


def _source_name(source: str) -> str:
    return without_archive_suffix(os.path.basename(source))


def _named_by_place(said: _Said, called: Names) -> _Said:
    """What a place itself is called counts where no folder in it is a part."""
    nearest = next((name for name in reversed(called) if is_part(name)), "")
    if said.part or said.beside or not nearest:
        return said
    return said._replace(part=part_called(nearest), part_folder=nearest)


def _split(folders: str) -> Names:
    return tuple(folders.split("/")) if folders else ()


def _read(places: Sequence[Names], *, only_archive: bool) -> list[_Said]:
    """What each of the folders of one place says."""
    top = _below_wrappers(places, only_archive=only_archive)
    names = _at(places, top)
    said = _classes_in_parts(places, top) if _are_parts(names) else _parts_in_classes(places, top)
    masks = [any(map(holds_masks, names)) for names in places]
    if not all(masks):
        said = [each._replace(masks=mask) for each, mask in zip(said, masks, strict=True)]
    return _without_strange_classes(places, said, top)


def _at(places: Sequence[Names], level: int) -> set[str]:
    return {names[level] for names in places if len(names) > level}


def _are_parts(names: set[str]) -> bool:
    """Whether folders beside each other are parts: all of them, or different ones and no more others."""
    others = sum(not is_part(name) for name in names)
    return bool(names) and (
        not others or (len(_kinds(names)) >= FEWEST_PARTS and others <= len(names) - others)
    )


def _kinds(names: set[str]) -> set[str]:
    return {part_called(name) for name in names} - {""}


def _below_wrappers(places: Sequence[Names], *, only_archive: bool) -> int:
    """The level of the first folders that say something."""
    level = 0
    while names := _at(places, level):
        wrapped = len(names) == 1 and all(len(each) > level + 1 for each in places)
        wraps = wrapped and not is_part(*names) and (only_archive or _are_parts(_at(places, level + 1)))
        if not wraps and not all(map(_is_container, names)):
            break
        level += 1
    return level


def _is_container(name: str) -> bool:
    return holds_pictures(name) or holds_masks(name)


def _classes_in_parts(places: Sequence[Names], top: int) -> list[_Said]:
    levels = {}
    for first in _at(places, top):
        own = [names for names in places if len(names) > top and names[top] == first]
        level = top + 1
        # seg_train/seg_train/CLASS and train/images/CLASS: the second folder says nothing new.
        while (names := _at(own, level)) and (names == {first} or all(map(_is_container, names))):
            level += 1
        levels[first] = level
    said = []
    for each in places:
        if len(each) <= top:
            said.append(_Said())
            continue
        first, level = each[top], levels[each[top]]
        part = part_called(first)
        label = each[level] if len(each) > level else ""
        part_folder, beside = (first, "") if part else ("", first)
        above = part_folder if label else ""
        said.append(_Said(label, level + 1 if label else 0, part, part_folder, above, beside))
    return said


def _parts_in_classes(places: Sequence[Names], top: int) -> list[_Said]:
    below = _at(places, top + 1)
    are_parts = (
        all(map(is_part, below))
        and len(_kinds(below)) >= FEWEST_PARTS
        and all(len(each) > top + 1 for each in places if len(each) > top)
    )
    said = []
    for each in places:
        label = each[top] if len(each) > top else ""
        folder = each[top + 1] if label and are_parts else ""
        said.append(_Said(label, top + 1 if label else 0, part_called(folder), folder))
    return said


def _without_strange_classes(places: Sequence[Names], said: list[_Said], top: int) -> list[_Said]:
    """No folder is a class that lies only beside the parts, or among masks."""
    is_own = [
        not each.beside and not any(map(holds_masks, names[:top]))
        for names, each in zip(places, said, strict=True)
    ]
    if not any(is_own):
        return said
    classes = {each.label for each, own in zip(said, is_own, strict=True) if own}
    return [
        each if own or each.label in classes else each._replace(label="", level=0)
        for each, own in zip(said, is_own, strict=True)
    ]
