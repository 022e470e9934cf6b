"""The folders of samples, found without making a text of each path."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.aside import new_column
from stackgui.core.base.columns import Coded, Paths
from stackgui.core.catalog.archive_location import NO_ARCHIVE
from stackgui.core.catalog.catalog import Catalog

_BATCH = 8192
_SLASH = ord("/")


def own_paths(catalog: Catalog) -> Iterator[str]:
    """Yield the path of each sample below its source or inside its archive, with slashes."""
    paths = iter(catalog.path) if os.sep == "/" else (path.replace(os.sep, "/") for path in catalog.path)
    if not catalog.archives:
        return paths
    lengths = [len(archive.path) + 1 if archive.path else 0 for archive in catalog.archives]
    of_archive = {NO_ARCHIVE: 0, **dict(enumerate(lengths))}
    return (
        path[of_archive[code] :] for path, code in zip(paths, catalog.inside.archive.tolist(), strict=True)
    )


def parents(catalog: Catalog) -> Coded:
    """Return the folders of each sample, as `own_paths` spells them; ``""`` for none."""
    if os.sep != "/":
        return Coded.from_values(path.rpartition("/")[0] for path in own_paths(catalog))
    prefixes = [len(os.fsencode(archive.path)) + 1 if archive.path else 0 for archive in catalog.archives]
    of_archive = np.array([*prefixes, 0], np.int64)  # the last is that of `NO_ARCHIVE`
    known: dict[bytes, int] = {}
    codes = new_column(len(catalog), np.int32)
    for begin in range(0, len(catalog), _BATCH):
        rows = slice(begin, begin + _BATCH)
        prefix = of_archive[catalog.inside.archive[rows]] if catalog.archives else np.int64(0)
        first, length = _folders(catalog.path, begin, prefix)
        data, is_new = catalog.path.data, ~_same_as_before(catalog.path.data, first, length)
        found = [
            known.setdefault(bytes(data[start : start + count]), len(known))
            for start, count in zip(first[is_new].tolist(), length[is_new].tolist(), strict=True)
        ]
        codes[rows] = np.array(found, np.int32)[np.cumsum(is_new) - 1]
    return Coded(codes, tuple(map(os.fsdecode, known)))


def _folders(
    paths: Paths, begin: int, prefix: NDArray[np.int64] | np.int64
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for some rows where in the data their folders begin, after `prefix` bytes, and their lengths."""
    ends = paths.ends[begin : begin + _BATCH]
    starts = np.concatenate([paths.ends[begin - 1 : begin] if begin else np.zeros(1, np.int64), ends[:-1]])
    offset = int(starts[0])
    slash = np.flatnonzero(np.frombuffer(paths.data[offset : int(ends[-1])], np.uint8) == _SLASH) + offset
    # For each row the last slash before its end, which may be one of an earlier row.
    last = np.concatenate([np.full(1, -1, np.int64), slash])[np.searchsorted(slash, ends)]
    first = starts + prefix
    return first, np.maximum(last - first, 0)


def _same_as_before(
    data: bytes | memoryview, first: NDArray[np.int64], length: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which rows have the same bytes, `length` from `first` on, as the row before them."""
    same = np.zeros(len(first), np.bool_)
    rows = np.flatnonzero(length[1:] == length[:-1]) + 1
    same[rows] = True
    count = length[rows]
    ends = np.cumsum(count)
    within = np.arange(count.sum()) - np.repeat(ends - count, count)
    seen = np.frombuffer(data, np.uint8)
    differ = seen[np.repeat(first[rows], count) + within] != seen[np.repeat(first[rows - 1], count) + within]
    same[np.repeat(rows, count)[differ]] = False
    return same
