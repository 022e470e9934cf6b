"""The folders of a catalog level by level: what their names suggest, and which of them may be classes."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.kept import kept
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.folder_names import holds_masks, holds_pictures, is_part, part_called
from stackgui.core.labels.folders import MIN_PARTS
from stackgui.core.labels.parents import parents

MAX_LEVELS = 12
"""Levels that are looked at; nobody sorts pictures into classes deeper than that."""

MIN_SHARE = 0.5
"""Share of the pictures that must lie in folders of a level that is proposed for labels."""

MIN_CLASSES = 2


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels of folders, counted from the source, that may hold labels and splits.

    Attributes
    ----------
    label : int
    split : int
        0 if no level above that of the labels holds splits.
    not_classes : tuple of str
        Names at the level of the labels that are those of containers, masks or splits.
    """

    label: int
    split: int = 0
    not_classes: tuple[str, ...] = ()


@kept(most=2)
def folder_paths(catalog: Catalog) -> Coded:
    """Return the folders of each sample, joined by slashes, below its source or inside its archive."""
    return parents(catalog)


def names_at(catalog: Catalog, samples: NDArray[np.int64], level: int) -> Counter[str]:
    """Count the pictures in each folder of one level, from 1 below the source or from -1 above the file."""
    counts: Counter[str] = Counter()
    for path, count in folder_paths(catalog).take(samples).counts().items():
        if path and len(folders := path.split("/")) >= abs(level):
            counts[folders[level - 1 if level > 0 else level]] += count
    return counts


def is_no_class(name: str) -> bool:
    """Whether a folder's name is that of a split, or of pictures or masks of any class."""
    return is_part(name) or holds_pictures(name) or holds_masks(name)


def are_parts(names: Counter[str]) -> bool:
    """Whether folders of one level are splits: of different kinds, and no more others than splits."""
    kinds = {part_called(name) for name in names} - {""}
    return len(kinds) >= MIN_PARTS and 2 * sum(map(is_part, names)) >= len(names)


def likely_levels(catalog: Catalog, samples: NDArray[np.int64], below: int = 0) -> Levels | None:
    """Return the first level below `below` whose folders may be classes; None if there is none."""
    split = 0
    for level in range(below + 1, MAX_LEVELS + 1):
        names = names_at(catalog, samples, level)
        if sum(names.values()) < MIN_SHARE * len(samples):
            return None
        if are_parts(names):
            split = level
            continue
        if sum(not is_no_class(name) for name in names) < MIN_CLASSES:
            continue
        around = set(holding_parts(catalog, samples, level))
        if around == set(names):  # each class has splits of its own
            return Levels(level, split or level + 1)
        if not around:
            return Levels(level, split, tuple(sorted(filter(is_no_class, names))))
    return None


def holding_parts(catalog: Catalog, samples: NDArray[np.int64], level: int) -> tuple[str, ...]:
    """Return the folders of `level`, counted from the source, directly in which different splits lie."""
    below: defaultdict[str, set[str]] = defaultdict(set)
    for path in folder_paths(catalog).take(samples).counts():
        folders = path.split("/")
        if len(folders) > level:
            below[folders[level - 1]].add(part_called(folders[level]))
    return tuple(name for name, parts in below.items() if len(parts - {""}) >= MIN_PARTS)
