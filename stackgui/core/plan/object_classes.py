"""The classes of objects in a stack: those of all annotation files, renamed, merged or left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NO_CLASS, DROPPED = -1, -2


@dataclass(frozen=True, eq=False, slots=True)
class ObjectClasses:
    """The classes of objects in a stack.

    Attributes
    ----------
    names : tuple of str
    number : int32, shape (categories + 1,)
        For each category of the annotations its index into `names`, or `DROPPED`; the last entry is
        `NO_CLASS`, for objects without a category, whose category is -1.
    """

    names: tuple[str, ...]
    number: NDArray[np.int32]

    def of(self, category: NDArray[np.integer[Any]]) -> NDArray[np.int32]:
        """Return the numbers of categories."""
        found: NDArray[np.int32] = self.number[category]
        return found

    def is_dropped(self, category: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Return which categories are left out."""
        return np.asarray(self.of(category) == DROPPED)


def object_classes(renames: Sequence[str], categories: Sequence[str]) -> ObjectClasses:
    """Apply `renames`, each ``old=new`` or, to leave a class out, ``old=``, to the categories in files.

    Classes keep the order of the categories; merged classes come where the first of them was.
    """
    new = dict(each.rsplit("=", 1) for each in renames)
    names: dict[str, int] = {}
    numbers = []
    for category in categories:
        name = new.get(category, category)
        numbers.append(names.setdefault(name, len(names)) if name else DROPPED)
    return ObjectClasses(tuple(names), np.array([*numbers, NO_CLASS], np.int32))


def unknown_renames(renames: Sequence[str], categories: Sequence[str]) -> list[str]:
    """Return the classes that `renames` names although no annotation has them."""
    return [old for old, _new in (each.rsplit("=", 1) for each in renames) if old not in categories]
