"""What the folders of a catalog's samples mean: dataset splits, classes, or neither."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.blocks import at, distinct
from stackgui.core.base.columns import Coded, NumberT, repeated, slim
from stackgui.core.base.kept import kept
from stackgui.core.base.source_names import without_archive_suffix
from stackgui.core.catalog.archive_location import NO_ARCHIVE
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.folder_names import holds_masks, holds_pictures, is_part, part_called
from stackgui.core.labels.parents import parents

Names = tuple[str, ...]
"""The folders that lead to a sample, from the source or the top of its archive downwards."""

MIN_PARTS = 2
"""Different splits that must be present: data that is all training is not split."""


@dataclass(frozen=True, eq=False, slots=True)
class Folders:
    """What the folders of each sample mean; ``""`` or 0 stands for nothing.

    Attributes
    ----------
    label : Coded
        Name of the folder that is its class.
    level : int32, shape (N,)
        Level of that folder, from 1 below the source or inside the archive.
    part : Coded
        Its dataset split, one of `PARTS`.
    part_folder : Coded
        Name of the folder, archive or source that names the split.
    above : Coded
        The same name, if the class folder lies inside that folder.
    beside : Coded
        Name of its own folder, if the folders beside that one are splits and it is not.
    masks : bool, shape (N,)
        Whether it lies in a folder of masks while others of its place do not.
    place : int32, shape (N,)
        Index of its place, that is, its source or archive; the folders of each place are read separately.
    """

    label: Coded
    level: NDArray[np.int32]
    part: Coded
    part_folder: Coded
    above: Coded
    beside: Coded
    masks: NDArray[np.bool_]
    place: NDArray[np.int32]


class _Meaning(NamedTuple):
    """What the folders of one sample mean; see `Folders`."""

    label: str = ""
    level: int = 0
    part: str = ""
    part_folder: str = ""
    above: str = ""
    beside: str = ""
    masks: bool = False


@kept()
def read_folders(catalog: Catalog) -> Folders:
    """Tell splits from classes in each source and inside each archive.

    Container folders such as ``images`` and ``data`` are skipped. If all or most of the folders below them
    are splits, the classes are the folders inside these; otherwise they are the classes themselves.
    """
    names = parents(catalog)
    place, place_names = _places(catalog)
    pairs, pair = distinct(len(catalog), lambda rows: place[rows].astype(np.int64) << 32 | names.codes[rows])
    meanings = [_Meaning()] * len(pairs)
    of_place = np.searchsorted(pairs >> 32, np.arange(len(place_names) + 1))
    for number, (begin, end) in enumerate(pairwise(of_place.tolist())):
        folders = [_split(names.names[code]) for code in (pairs[begin:end] & 0xFFFFFFFF).tolist()]
        only_archive = bool(catalog.archives) and end - begin == len(pairs)
        found = _read(folders, only_archive=only_archive)
        meanings[begin:end] = [_named_by_place(each, place_names[number]) for each in found]
    texts = {
        name: Coded.from_values(getattr(each, name) for each in meanings)
        for name in ("label", "part", "part_folder", "above", "beside")
    }
    return Folders(
        level=_spread([each.level for each in meanings], np.int32, pair),
        masks=_spread([each.masks for each in meanings], np.bool_, pair),
        place=place,
        **{name: column.take(pair) for name, column in texts.items()},
    )


def _spread(values: Sequence[int], dtype: type[NumberT], pair: NDArray[np.int32]) -> NDArray[NumberT]:
    """Return the value of each sample, given those of pairs of places and folders."""
    distinct_values = np.array(values, dtype)
    same = len(set(values)) == 1
    return repeated(distinct_values[0], len(pair)) if same else at(distinct_values, pair)


def own_path(catalog: Catalog, sample: int) -> str:
    """Return the path of one sample below its source or inside its archive, with slashes."""
    path = catalog.path[sample].replace(os.sep, "/")
    code = int(catalog.inside.archive[sample]) if catalog.archives else NO_ARCHIVE
    archive = catalog.archives[code].path if code != NO_ARCHIVE else ""
    return path[len(archive) + 1 :] if archive else path


def _places(catalog: Catalog) -> tuple[NDArray[np.int32], list[Names]]:
    """Return the index of each sample's place, and for each place its name and the folders above it."""
    sources = [_source_name(source) for source in catalog.sources]

    def place(rows: slice) -> NDArray[np.int64]:
        source = catalog.source[rows].astype(np.int64) << 32
        return source + (catalog.inside.archive[rows] + 1) if catalog.archives else source

    known, number = distinct(len(catalog), place)
    place_names = []
    for source, archive in ((int(each) >> 32, (int(each) & 0xFFFFFFFF) - 1) for each in known):
        inside = catalog.archives[archive].path if archive >= 0 else ""
        folders = inside.replace(os.sep, "/").split("/") if inside else []
        place_names.append((sources[source], *map(without_archive_suffix, folders)))
    return slim(number), place_names


def _source_name(source: str) -> str:
    return without_archive_suffix(os.path.basename(source))


def _named_by_place(meaning: _Meaning, names: Names) -> _Meaning:
    """Take the split from the place's own names if no folder in it is a split."""
    nearest = next((name for name in reversed(names) if is_part(name)), "")
    if meaning.part or meaning.beside or not nearest:
        return meaning
    return meaning._replace(part=part_called(nearest), part_folder=nearest)


def _split(folders: str) -> Names:
    return tuple(folders.split("/")) if folders else ()


def _read(places: Sequence[Names], *, only_archive: bool) -> list[_Meaning]:
    """Return the meaning of each path of folders in one place."""
    top = _below_wrappers(places, only_archive=only_archive)
    names = _names_at(places, top)
    meanings = _classes_in_parts(places, top) if _are_parts(names) else _parts_in_classes(places, top)
    masks = [any(map(holds_masks, names)) for names in places]
    if not all(masks):
        meanings = [each._replace(masks=mask) for each, mask in zip(meanings, masks, strict=True)]
    return _without_strange_classes(places, meanings, top)


def _names_at(places: Sequence[Names], level: int) -> set[str]:
    return {names[level] for names in places if len(names) > level}


def _are_parts(names: set[str]) -> bool:
    """Whether neighbouring folders are splits: all of them, or at least half and of different kinds."""
    others = sum(not is_part(name) for name in names)
    return bool(names) and (not others or (len(_kinds(names)) >= MIN_PARTS and others <= len(names) - others))


def _kinds(names: set[str]) -> set[str]:
    return {part_called(name) for name in names} - {""}


def _below_wrappers(places: Sequence[Names], *, only_archive: bool) -> int:
    """Return the level of the first folders that mean something."""
    level = 0
    while names := _names_at(places, level):
        wrapped = len(names) == 1 and all(len(each) > level + 1 for each in places)
        wraps = wrapped and not is_part(*names) and (only_archive or _parts_follow(places, level))
        if not wraps and not all(map(_is_container, names)):
            break
        level += 1
    return level


def _parts_follow(places: Sequence[Names], level: int) -> bool:
    """Whether splits follow below `level`, with nothing but single folders around all in between."""
    while names := _names_at(places, level := level + 1):
        if _are_parts(names):
            return True
        if len(names) > 1 or any(len(each) <= level + 1 for each in places):
            return False
    return False


def _is_container(name: str) -> bool:
    return holds_pictures(name) or holds_masks(name)


def _classes_in_parts(places: Sequence[Names], top: int) -> list[_Meaning]:
    levels = {}
    for first in _names_at(places, top):
        own = [names for names in places if len(names) > top and names[top] == first]
        level = top + 1
        # In seg_train/seg_train/CLASS and train/images/CLASS the second folder adds nothing.
        while (names := _names_at(own, level)) and (names == {first} or all(map(_is_container, names))):
            level += 1
        levels[first] = level
    meanings = []
    for each in places:
        if len(each) <= top:
            meanings.append(_Meaning())
            continue
        first, level = each[top], levels[each[top]]
        part = part_called(first)
        label = each[level] if len(each) > level else ""
        part_folder, beside = (first, "") if part else ("", first)
        above = part_folder if label else ""
        meanings.append(_Meaning(label, level + 1 if label else 0, part, part_folder, above, beside))
    return meanings


def _parts_in_classes(places: Sequence[Names], top: int) -> list[_Meaning]:
    below = _names_at(places, top + 1)
    are_parts = (
        all(map(is_part, below))
        and len(_kinds(below)) >= MIN_PARTS
        and all(len(each) > top + 1 for each in places if len(each) > top)
    )
    meanings = []
    for each in places:
        label = each[top] if len(each) > top else ""
        folder = each[top + 1] if label and are_parts else ""
        meanings.append(_Meaning(label, top + 1 if label else 0, part_called(folder), folder))
    return meanings


def _without_strange_classes(places: Sequence[Names], meanings: list[_Meaning], top: int) -> list[_Meaning]:
    """Remove the classes that occur only beside the splits or among masks."""
    is_own = [
        not each.beside and not any(map(holds_masks, names[:top]))
        for names, each in zip(places, meanings, strict=True)
    ]
    if not any(is_own):
        return meanings
    classes = {each.label for each, own in zip(meanings, is_own, strict=True) if own}
    return [
        each if own or each.label in classes else each._replace(label="", level=0)
        for each, own in zip(meanings, is_own, strict=True)
    ]
