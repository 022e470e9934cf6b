"""What headers say, as columns: what a worker returns for a batch of files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, repeated, restore_state, slim, slim_state
from stackgui.core.catalog.catalog import COLUMNS, OF_FILE, Header
from stackgui.core.catalog.schema import Column, Values
from stackgui.engine.scanning.runs import Remembered, Rest, Spans, news
from stackgui.engine.scanning.scan_cache import NUMBERS, OF_REST, TEXTS, Entry

_INDEX = {name: index for index, name in enumerate((*NUMBERS, *TEXTS))}
_OF_REST = {name: index for index, name in enumerate(OF_REST)}
_MEMBER = _INDEX["member"]
_OWN = len(OF_FILE)
_OF_HEADER = [name for name in OF_REST if name in {each.name for each in COLUMNS}]
_values_of = attrgetter(*_OF_HEADER)
_DTYPES = {each.name: each.dtype for each in COLUMNS if each.dtype is not None}
_DEFAULTS = {each.name: each.default for each in COLUMNS}


class Probe(NamedTuple):
    """The header of a sample, or of several samples of a file that have the same header.

    Attributes
    ----------
    size, mtime_ns : int
        Of the file.
    rest : tuple
        All else, as `OF_REST` of the cache names it.
    is_new : bool
        Whether it was read from the file, and may be cached until the file changes.
    arrays : tuple of str
        Names of the arrays in the file that the person can choose from.
    samples : int
        Number of samples that the entry describes.
    """

    size: int
    mtime_ns: int
    rest: Rest
    is_new: bool = False
    arrays: tuple[str, ...] = ()
    samples: int = 1

    @classmethod
    def of_header(
        cls, size: int, mtime_ns: int, header: Header, *, reading: str = "", is_new: bool = False
    ) -> Probe:
        """Return the entry for a header."""
        return cls(size, mtime_ns, _rest(header, reading), is_new, header.arrays, header.samples)

    @classmethod
    def without_header(
        cls,
        size: int = 0,
        mtime_ns: int = 0,
        *,
        is_new: bool = False,
        arrays: tuple[str, ...] = (),
        **said: str,
    ) -> Probe:
        """Return the entry for a file without a header; `said` holds texts by their names in `TEXTS`."""
        known = _DEFAULTS | dict.fromkeys(("skip", "detail", "reading"), "") | said
        return cls(size, mtime_ns, tuple(known[name] for name in OF_REST), is_new, arrays)

    def text(self, name: str) -> str:
        """Return a text, as `TEXTS` of the cache names it."""
        return str(self.rest[_OF_REST[name]])

    @property
    def skip(self) -> str:
        """The kind of skipped file, or ``""`` for a sample."""
        return self.text("skip")


_last_rest: tuple[Header, str, Rest] | None = None
"""The last header, which decoders share among files that are alike, and what it becomes."""


def _rest(header: Header, reading: str) -> Rest:
    global _last_rest  # noqa: PLW0603 - a worker reads one header after another
    if _last_rest is None or _last_rest[0] is not header or _last_rest[1] != reading:
        _last_rest = header, reading, (*_values_of(header), "", "", reading)
    return _last_rest[2]


@dataclass(frozen=True, eq=False, slots=True)
class Probed:
    """The results of a batch of files as columns, with one entry for each sample.

    Attributes
    ----------
    file : int32, shape (n,)
        Index of the sample's file within the batch.
    numbers : tuple of integer arrays
    texts : tuple of Coded
        The columns `NUMBERS` and `TEXTS` of `stackgui.engine.scanning.scan_cache`.
    arrays : tuple of str
        Names of the arrays in the files that the person can choose from.
    news : tuple of entries
        What the cache does not have yet.
    """

    file: NDArray[np.int32]
    numbers: tuple[NDArray[np.integer[Any]], ...]
    texts: tuple[Coded, ...]
    arrays: tuple[str, ...] = ()
    news: tuple[Entry, ...] = ()

    @classmethod
    def of(
        cls,
        files: Sequence[Sequence[Probe] | None],
        keys: Sequence[bytes] = (),
        known: Remembered | None = None,
        whole: Spans = (),
    ) -> Probed:
        """Turn what is known of each file into columns.

        Parameters
        ----------
        files
            The probes of each file; None if it is as the cache says.
        keys
            Cache keys of the files; without them nothing is to be cached.
        known
            What the cache says of the files; it is completed.
        whole
            Spans of files that the cache keeps as one.
        """
        known = known or Remembered.nothing(len(files))
        probes = [each for entries in files if entries for each in entries]
        sizes, times, rests, is_new, arrays, samples = zip(*probes, strict=True) if probes else ((),) * 6
        codes = _codes(rests, known.rests)
        read = np.array([sizes, times, codes, samples], np.int64)
        counts = [-1 if entries is None else len(entries) for entries in files]
        old = np.flatnonzero(np.array(counts) < 0)
        own = np.repeat(np.arange(len(files)), np.maximum(counts, 0))
        taken = [each[old] for each in (known.size, known.mtime_ns, known.code)]
        rows = np.concatenate([np.array([*taken, np.ones(len(old), np.int64)], np.int64), read], axis=1)
        file = np.concatenate([old, own])
        if len(old) and len(own):
            order = np.argsort(file, kind="stable")
            file, rows = file[order], rows[:, order]
        new = np.flatnonzero(np.array(is_new, np.bool_))
        known.size[own[new]], known.mtime_ns[own[new]], known.code[own[new]] = read[:3, new]
        entries = news(keys, known, own[new], whole) if keys else ()
        found = cls._of_rows(file, rows, list(known.rests))
        return replace(found, arrays=tuple(dict.fromkeys(chain.from_iterable(arrays))), news=entries)

    @classmethod
    def as_remembered(cls, known: Remembered) -> Probed:
        """Return what is known of files, one sample each, that are all as the cache says."""
        count = len(known.size)
        rows = np.array([known.size, known.mtime_ns, known.code, np.ones(count, np.int64)])
        return cls._of_rows(np.arange(count), rows, list(known.rests))

    @classmethod
    def _of_rows(cls, file: NDArray[np.int64], rows: NDArray[np.int64], rests: Sequence[Rest]) -> Probed:
        """Return the columns of entries: their files, and size, time, code and number of samples of each."""
        size, mtime_ns, code, samples = rows
        if (samples > 1).any():
            file, size, mtime_ns, code = (np.repeat(each, samples) for each in (file, size, mtime_ns, code))
        values = list(zip(*rests, strict=True))
        numbers = [
            size,
            mtime_ns,
            *(_numbers(each, code) for each in values[: len(NUMBERS) - _OWN]),
        ]
        is_next = file[1:] == file[:-1]
        if is_next.any():
            first = np.flatnonzero(np.concatenate([[True], ~is_next]))
            counts = np.diff(first, append=len(file))
            place = np.arange(len(file)) - np.repeat(first, counts)
            numbers[_MEMBER] = np.where(np.repeat(counts, counts) > 1, place, numbers[_MEMBER])
        texts = (_texts(each, code) for each in values[len(NUMBERS) - _OWN :])
        return cls(file.astype(np.int32), tuple(numbers), tuple(texts)).slim()

    __getstate__, __setstate__ = slim_state, restore_state

    def part(self, begin: int, end: int) -> Probed:
        """Return what is said of files `begin` to `end`, if each has one entry."""
        if (begin, end) == (0, len(self.file)):
            return self
        rows = slice(begin, end)
        numbers = tuple(column[rows] for column in self.numbers)
        texts = tuple(column.take(rows) for column in self.texts)
        return replace(self, file=self.file[rows] - np.int32(begin), numbers=numbers, texts=texts)

    def slim(self) -> Probed:
        """Return the same with columns that take less memory: half of them say the same of all files."""
        numbers = tuple(map(_narrow, self.numbers, map(_DTYPES.__getitem__, NUMBERS)))
        return replace(self, file=slim(self.file), numbers=numbers)

    def number(self, name: str) -> NDArray[np.integer[Any]]:
        """Return a column of `numbers`."""
        return self.numbers[_INDEX[name]]

    def text(self, name: str) -> Coded:
        """Return a column of `texts`."""
        return self.texts[_INDEX[name] - len(NUMBERS)]

    def column(self, column: Column) -> Values:
        """Return the values of a column of the catalog."""
        return self.text(column.name) if column.dtype is None else self.number(column.name)


def _codes(rests: Iterable[Rest], known: dict[Rest, int]) -> list[int]:
    """Return the codes of `rests` in `known`, in which new ones are entered."""
    codes: list[int] = []
    last, code = None, 0
    for rest in rests:
        if rest is not last:  # files side by side are often alike, and a tuple takes long to hash
            last, code = rest, known.setdefault(rest, len(known))
        codes.append(code)
    return codes


def _narrow(column: NDArray[np.integer[Any]], dtype: np.dtype[Any]) -> NDArray[np.integer[Any]]:
    """Return `column` as its own type if that holds all numbers, which a file may claim to be any."""
    if len(column) > 1 and not column.strides[0]:
        return repeated(_narrow(column[:1], dtype)[0], len(column))
    narrow = column.astype(dtype, copy=False)
    return slim(narrow if narrow is column or (narrow == column).all() else column)


def _numbers(values: Sequence[int], code: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the values for each code."""
    column = np.array(values, np.int64)
    return repeated(column[0], len(code)) if len(set(values)) == 1 else column[code]


def _texts(values: Sequence[str], code: NDArray[np.int64]) -> Coded:
    """Return the texts for each code."""
    return Coded.from_values(values).take(code)
