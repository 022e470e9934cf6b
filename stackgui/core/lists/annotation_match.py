"""Finds the samples that annotations are about."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from stackgui.core.labels.folder_names import holds_annotations, holds_pictures, names_a_part
from stackgui.core.lists.file_match import NO_FILE, SEVERAL_FILES, Files, caseless, match, without_ending

_WORD = re.compile(r"[^\W_]+")
_SLASH = re.compile(r"[/\\]+")
_UPLOADED = re.compile(r"[0-9a-f]{8}-(?=.)")
"""What Label Studio puts before the names of pictures that were uploaded to it, also in what it exports."""


def match_written(
    names: Sequence[str], files: Files, place: str, endings: frozenset[str]
) -> NDArray[np.int64]:
    """Find the file that each of `names`, as an annotation file gives them, means.

    Parameters
    ----------
    names
    files
    place : str
        Absolute name of the annotation file. Names are relative to its folder, to the folder above or to one
        of the usual folders there; where the file is called like a split, ``instances_val.json``, folders of
        that split come first.
    endings
        Lower-case suffixes of pictures.

    Returns
    -------
    int64, shape (n,)
        Index of the file, `NO_FILE` or `SEVERAL_FILES`.
    """
    roots, left = list(_roots(place, files)), list(names)
    found = match(left, files, roots, endings).file
    # A path of another computer may share only its end with those here.
    while len(longer := np.flatnonzero((found == NO_FILE) & _which(_SLASH.search, left))):
        for line in longer.tolist():
            left[line] = _SLASH.split(left[line], maxsplit=1)[1]
        found[longer] = match([left[line] for line in longer.tolist()], files, roots, endings).file
    uploaded = np.flatnonzero((found == NO_FILE) & _which(_UPLOADED.match, left))
    if len(uploaded):
        bare = [_UPLOADED.sub("", left[line]) for line in uploaded.tolist()]
        found[uploaded] = match(bare, files, roots, endings).file
    return found


def _which(matches: Callable[[str], object], names: Sequence[str]) -> NDArray[np.bool_]:
    return np.array([matches(name) is not None for name in names], np.bool_)


def _roots(place: str, files: Files) -> Iterable[str]:
    """Yield the folders in which names in an annotation file may lie, most likely first."""
    folder = os.path.dirname(place)
    above = os.path.dirname(folder)
    words = [word for word in _WORD.findall(without_ending(os.path.basename(place))) if names_a_part(word)]
    folders = {os.path.dirname(name) for name in files.absolute}
    near = sorted(each for each in folders if each.startswith(os.path.join(above, "")) or each == above)
    for word in words:
        yield from (each for each in near if word.casefold() in os.path.basename(each).casefold())
        yield from (
            each for each in near if word.casefold() in os.path.basename(os.path.dirname(each)).casefold()
        )
    yield folder
    yield from (each for each in near if holds_pictures(os.path.basename(each)))
    yield above


def match_stems(names: Sequence[str], absolute: Sequence[str], endings: frozenset[str]) -> NDArray[np.int64]:
    """Find the picture that each annotation file of one picture belongs to.

    Both have the same name without suffix, and lie in the same folder or in folders that differ only in parts
    such as ``images`` and ``labels``, ``JPEGImages`` and ``Annotations``, ``img`` and ``ann``. If no picture
    fits so, one of the same name anywhere does, if it is the only one.

    Parameters
    ----------
    names
        Absolute names of annotation files without their suffixes; a suffix of a picture may be left.
    absolute
        Absolute names of the pictures.
    endings
        Lower-case suffixes of pictures.
    """
    wanted = [_stem(name, endings) for name in names]
    pictures = [without_ending(name) for name in absolute]
    found = np.full(len(names), NO_FILE, np.int64)
    for key in (_same, _essential, _own):
        left = np.flatnonzero(found == NO_FILE)
        if not len(left):
            break
        index = _unique(map(key, pictures))
        keys = [key(wanted[line]) for line in left.tolist()]
        met = np.array([index.get(each, NO_FILE) for each in keys], np.int64)
        # Two annotation files that only loosely fit one picture cannot both be about it.
        if key is not _same:
            values, counts = np.unique(met, return_counts=True)
            met[np.isin(met, values[counts > 1]) & (met >= 0)] = SEVERAL_FILES
        found[left] = met
    return found


def _stem(name: str, endings: frozenset[str]) -> str:
    bare = without_ending(name)
    return bare if name[len(bare) :].lower() in endings else name


def _same(name: str) -> str:
    return name


def _essential(name: str) -> str:
    """Return a path without the folders that say only what kind of files they hold."""
    *folders, own = name.split(os.sep)
    kept = (each for each in folders if not (holds_annotations(each) or holds_pictures(each)))
    return caseless(os.sep.join((*kept, own)))


def _own(name: str) -> str:
    return caseless(os.path.basename(name))


def _unique(keys: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, key in enumerate(keys):
        found[key] = SEVERAL_FILES if key in found else index
    return found
