"""The cache of scans holds runs: files that follow each other in a folder, in one entry.

To look up files one by one takes as long as to open them. Where a run ends is told by names alone, so that
the next scan comes upon the same runs, also if a file was added or taken away in between. It then compares
sizes and times of all files of a run at once, and takes the columns as they are. A folder that is neither
small nor large is one run, so that who lists it can tell at once whether it is as it was.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from os.path import commonprefix
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.base.columns import Paths
from stackgui.engine.scanning.scan_cache import OF_REST, RUNS, Entry, Known, is_settled, known_files

Rest: TypeAlias = tuple[Any, ...]
"""What is known of a file but for its size and time, as `OF_REST` names it."""

ABSENT = -1
"""The code of a file of which nothing is known."""

_ENDING_BYTES = 12
"""The last bytes of a name, after its folder, decide whether a run begins with it."""

_RUN_FILES = 256
"""Average number of files in a run; a power of two."""

_FACTOR = np.uint32(2654435761)  # the golden ratio as Knuth's multiplicative hash has it
_SLASH = ord("/")
AFTER_NAME = b"/"  # which no name of a file contains; keys of files in archives may
_SEPARATOR = os.fsencode(os.sep)
_HEIGHT, _WIDTH = OF_REST.index("height"), OF_REST.index("width")

_ALIKE = 1024
"""Texts to keep that say what files of a run are like: most runs are alike."""


class Span(NamedTuple):
    """Files `begin` to `end` of some, which are one run: a whole folder, or else a part of a large one."""

    begin: int
    end: int
    is_folder: bool = True

    def moved(self, by: int) -> Span:
        """Return the same files counted from elsewhere."""
        return self._replace(begin=self.begin + by, end=self.end + by)


Spans: TypeAlias = Sequence[Span]
"""Such stretches, in order."""


def run_starts(names: Paths, whole: Spans = ()) -> NDArray[np.int64]:
    """Return the indices of the names, at least one, with which runs begin; the first is 0.

    Each of the spans `whole` is one run.
    """
    if whole and sum(end - begin for begin, end, _is_folder in whole) == len(names):
        return np.array([begin for begin, _end, _is_folder in whole], np.int64)
    data, ends = np.frombuffer(names.data, np.uint8), names.ends
    starts = np.concatenate([ends[:1] * 0, ends[:-1]])
    sums, is_inside = np.zeros(len(ends), np.uint32), np.ones(len(ends), np.bool_)
    for back in range(1, _ENDING_BYTES + 1):
        places = ends - back
        is_inside &= places >= starts
        byte = data[np.maximum(places, 0)]
        is_inside &= byte != _SLASH
        sums = np.where(is_inside, (sums + byte) * _FACTOR, sums)
    is_start = sums >> np.uint32(16) & np.uint32(_RUN_FILES - 1) == 0
    is_start[0] = True
    for begin, end, _is_folder in whole:
        is_start[begin:end] = False
        is_start[begin] = is_start[end : end + 1] = True
    return np.flatnonzero(is_start)


@dataclass(eq=False, slots=True)
class Remembered:
    """What the cache says of some files, as columns with one row for each of them.

    Attributes
    ----------
    size, mtime_ns : int64, shape (n,)
    code : int64, shape (n,)
        Index into `rests`, or `ABSENT`.
    rests : dict of tuple to int
        Each distinct rest, with its code.
    old : set of int
        Where runs begin that also name files which are gone.
    """

    size: NDArray[np.int64]
    mtime_ns: NDArray[np.int64]
    code: NDArray[np.int64]
    rests: dict[Rest, int]
    old: set[int] = field(default_factory=set)

    @classmethod
    def nothing(cls, count: int) -> Remembered:
        """Return that nothing is known of so many files."""
        return cls(np.zeros(count, np.int64), np.zeros(count, np.int64), np.full(count, ABSENT), {})

    def file(self, index: int) -> tuple[int, int, Rest] | None:
        """Return size, time and rest of a file; None if nothing is known of it."""
        if (code := int(self.code[index])) == ABSENT:
            return None
        return int(self.size[index]), int(self.mtime_ns[index]), list(self.rests)[code]

    @classmethod
    def joined(cls, parts: Sequence[Remembered]) -> Remembered:
        """Join what is known of some files, at least one, and of those after them; all of it holds."""
        if len(parts) == 1:
            return parts[0]
        rests: dict[Rest, int] = {}
        codes = [
            np.array([rests.setdefault(rest, len(rests)) for rest in part.rests])[part.code] for part in parts
        ]
        return cls(
            np.concatenate([part.size for part in parts]),
            np.concatenate([part.mtime_ns for part in parts]),
            np.concatenate(codes),
            rests,
        )


class Run(NamedTuple):
    """An entry of the cache: files by name, with sizes, times and codes, and the rests for the codes."""

    names: list[bytes]
    size: NDArray[np.int64]
    mtime_ns: NDArray[np.int64]
    code: NDArray[np.int64]
    rests: tuple[Rest, ...]

    @classmethod
    def opened(cls, known: Known) -> Run:
        """Return the run of an entry."""
        prefix, _newest_ns, block, numbers, rests, _reading = known
        ends, size, mtime_ns, code = np.frombuffer(numbers, np.int64).reshape(4, -1)
        return cls([prefix + name for name in _divided(block, ends)], size, mtime_ns, code, _rests(rests))

    @classmethod
    def of_folder(cls, known: Known) -> Run:
        """Return the run of an entry that is for a folder, with names relative to it."""
        _folder, _newest_ns, block, numbers, rests, _reading = known
        _ends, size, mtime_ns, code = np.frombuffer(numbers, np.int64).reshape(4, -1)
        return cls(block[:-1].split(AFTER_NAME), size, mtime_ns, code, _rests(rests))

    @classmethod
    def of_paths(cls, known: Known, prefix: bytes, paths: Paths) -> Run | None:
        """Return the run of an entry, if its files are just those of `paths` below `prefix`, in order.

        To compare blocks of names takes a fraction of the time of comparing names.
        """
        shared, _newest_ns, block, numbers, rests, _reading = known
        ends, size, mtime_ns, code = np.frombuffer(numbers, np.int64).reshape(4, -1)
        below = shared[len(prefix) :]
        lengths = np.diff(ends, prepend=0) + (len(below) - len(AFTER_NAME))
        if not shared.startswith(prefix) or not np.array_equal(np.cumsum(lengths), paths.ends):
            return None
        is_simple = block.count(AFTER_NAME) == len(ends)
        names = block[:-1].split(AFTER_NAME) if is_simple else _divided(block, ends)
        if below.join([b"", *names]) != paths.data:
            return None
        return cls([shared + name for name in names], size, mtime_ns, code, _rests(rests))

    def known(self, prefix: bytes) -> Known:
        """Return the entry; `prefix` is what all names begin with."""
        names = Paths.from_names([name[len(prefix) :] + AFTER_NAME for name in self.names])
        numbers = np.array([names.ends, self.size, self.mtime_ns, self.code]).tobytes()
        return prefix, int(self.mtime_ns.max()), bytes(names.data), numbers, _json(self.rests), ""

    def says(self, reading: str) -> Remembered:
        """Return what it says of its files, as far as it holds for the options `reading`."""
        found = Remembered.nothing(len(self.names))
        _take(found, self, self.names, 0, reading)
        return found


def _divided(block: bytes, ends: NDArray[np.int64]) -> list[bytes]:
    """Return the names in a block, of which any may have in it what else comes after names."""
    return [block[begin : end - len(AFTER_NAME)] for begin, end in pairwise([0, *ends.tolist()])]


def key_of_folder(folder: bytes) -> bytes:
    """Return the cache key of a folder that is one run (absolute path)."""
    return os.path.join(folder, b"")


def remembered(cache: str, keys: Sequence[bytes], reading: str, whole: Spans = ()) -> Remembered:
    """Return what the cache says of files by their keys, as far as it holds for the options `reading`.

    Each of the spans `whole` is one run.
    """
    found = Remembered.nothing(len(keys))
    if not cache or not keys:
        return found
    runs = list(_runs(keys, whole))
    known = known_files(cache, [key for key, _, _ in runs], "", RUNS)
    for key, begin, end in runs:
        if (entry := known.get(key)) is not None:
            _take(found, Run.opened(entry), keys[begin:end], begin, reading)
    return found


def _runs(keys: Sequence[bytes], whole: Spans) -> Iterator[tuple[bytes, int, int]]:
    """Yield the cache key, the first file and the end of each run."""
    folders = {begin for begin, _, is_folder in whole if is_folder}
    for begin, end in pairwise([*run_starts(Paths.from_names(keys), whole).tolist(), len(keys)]):
        key = keys[begin]
        yield key_of_folder(os.path.dirname(key)) if begin in folders else key, begin, end


def _take(found: Remembered, run: Run, keys: Sequence[bytes], begin: int, reading: str) -> None:
    """Add what a run says of the files `keys`, of which `begin` is the index of the first."""
    codes = np.array(
        [
            found.rests.setdefault(rest, len(found.rests)) if _holds(rest, reading) else ABSENT
            for rest in run.rests
        ]
    )
    rows: slice | list[int] = slice(begin, begin + len(keys))
    places: slice | list[int] = slice(None)
    if run.names != keys:
        place_of = {name: place for place, name in enumerate(run.names)}
        both = [(row, place_of[key]) for row, key in enumerate(keys, begin) if key in place_of]
        if len(both) < len(place_of):
            found.old.add(begin)
        rows, places = [row for row, _ in both], [place for _, place in both]
    found.size[rows], found.mtime_ns[rows] = run.size[places], run.mtime_ns[places]
    found.code[rows] = codes[run.code[places]]


def _holds(rest: Rest, reading: str) -> bool:
    """Return whether an entry holds under the current options and limits."""
    return rest[-1] in ("", reading) and rest[_HEIGHT] * rest[_WIDTH] <= imaging.most_px()


def news(
    keys: Sequence[bytes], found: Remembered, new: NDArray[np.int64], whole: Spans = ()
) -> tuple[Entry, ...]:
    """Return entries for the runs among files in which any is new, or of which any is gone.

    Parameters
    ----------
    keys
        The cache keys of the files.
    found
        All that may be cached of them, old or new.
    new : int64, shape (m,)
        Indices of those that are new, in order.
    whole
        Spans that are one run each.
    """
    if not len(new) and not found.old:
        return ()
    rests = list(found.rests)
    code = np.where(is_settled(found.mtime_ns), found.code, ABSENT)
    entries = []
    for key, begin, end in _runs(keys, whole):
        rows = begin + np.flatnonzero(code[begin:end] != ABSENT)
        has_new = np.searchsorted(new, begin) < np.searchsorted(new, end)
        if not (has_new or begin in found.old) or not len(rows):
            continue
        used, codes = np.unique(code[rows], return_inverse=True)
        run = Run(
            [keys[row] for row in rows.tolist()],
            found.size[rows],
            found.mtime_ns[rows],
            codes,
            tuple(rests[each] for each in used.tolist()),
        )
        is_folder = key.endswith(_SEPARATOR)
        shared = key if is_folder else commonprefix(run.names)  # noqa: RUF071 - whatever they share
        entries.append((key, run.known(os.fsencode(shared))))
    return tuple(entries)


@lru_cache(_ALIKE)
def _json(rests: tuple[Rest, ...]) -> str:
    return json.dumps(rests, separators=(",", ":"))


@lru_cache(_ALIKE)
def _rests(text: str) -> tuple[Rest, ...]:
    return tuple(map(tuple, json.loads(text)))
