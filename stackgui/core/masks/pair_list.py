"""Lists that name a picture and its mask in each line."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence

import numpy as np

from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.masks import NO_MASK
from stackgui.core.masks.pairs import Pairing
from stackgui.core.masks.words import MASK_WORDS, PICTURE_WORDS, words

MAX_BYTES = 2**28

Pair = tuple[str, str]
"""The names of a picture and of its mask, as written."""

_OF_PICTURES = PICTURE_WORDS | {"file", "filename", "path", "name"}


def read_pairs(text: str) -> list[Pair]:
    """Read a table of two columns or more, separated by commas, semicolons, tabs or spaces.

    Titles such as ``image`` and ``mask`` say which columns they are; without titles they are the first two.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return []
    separator = next((sign for sign in "\t,; " if sign in lines[0]), ",")
    rows = [row for row in csv.reader(lines, delimiter=separator, skipinitialspace=True) if len(row) > 1]
    if not rows:
        return []
    picture, mask, is_titled = _columns(rows[0])
    return [
        (row[picture].strip(), row[mask].strip())
        for row in rows[is_titled:]
        if max(picture, mask) < len(row) and row[picture].strip()
    ]


def _columns(titles: Sequence[str]) -> tuple[int, int, bool]:
    """Return the columns of pictures and of masks, and whether these are titles."""
    if any(os.path.splitext(title)[1] for title in titles):
        return 0, 1, False
    found = [set(words(title)) for title in titles]
    masks = [place for place, title in enumerate(found) if title & MASK_WORDS]
    pictures = [place for place, title in enumerate(found) if title & _OF_PICTURES and place not in masks]
    if masks:
        return (pictures[0] if pictures else int(masks[0] == 0)), masks[0], True
    return 0, 1, False


def paired_by_list(catalog: Catalog, pairs: Sequence[Pair], place: str) -> tuple[Pairing, list[str]]:
    """Pair samples as a list names them; return also the names that are none of the samples.

    Parameters
    ----------
    catalog
    pairs
        From `read_pairs`. A name is absolute, or relative to a source or to the list.
    place
        Absolute name of the list.
    """
    known = _known(catalog)
    mask_of: dict[int, int] = {}
    missing = []
    for picture, mask in pairs:
        samples = [_found(name, known, os.path.dirname(place)) for name in (picture, mask)]
        missing += [
            name for name, sample in zip((picture, mask), samples, strict=True) if name and sample is None
        ]
        if samples[0] is not None and samples[1] is not None and samples[0] != samples[1]:
            mask_of.setdefault(samples[0], samples[1])
    masks = np.unique(np.array(list(mask_of.values()), np.int64))
    of = np.full(len(catalog), NO_MASK, np.int32)
    pictures = np.array(list(mask_of), np.int64)
    of[pictures] = np.searchsorted(masks, np.array(list(mask_of.values()), np.int64))
    return Pairing(masks, of, np.empty(0, np.int64), (os.path.basename(place),)), missing


def _known(catalog: Catalog) -> dict[str, int]:
    """Return samples by all names that lists may give them; names of several samples lead to -1."""
    known: dict[str, int] = {}
    folders = catalog.folders
    for sample, (source, path) in enumerate(zip(catalog.source.tolist(), catalog.path, strict=True)):
        if catalog.member[sample] > 0:
            continue
        plain = path.replace("\\", "/")
        parts = plain.split("/")
        known[os.path.join(folders[source], path)] = sample
        for begin in range(len(parts)):
            name = "/".join(parts[begin:])
            known[name] = sample if known.get(name, sample) == sample else -1
    return known


def _found(name: str, known: dict[str, int], folder: str) -> int | None:
    for each in _spellings(name, folder):
        if (sample := known.get(each, -1)) >= 0:
            return sample
    return None


def _spellings(name: str, folder: str) -> Iterator[str]:
    yield os.path.normpath(os.path.join(folder, name))
    plain = name.replace("\\", "/").lstrip("./")
    parts = plain.split("/")
    for begin in range(len(parts)):
        yield "/".join(parts[begin:])
