"""Reads the headers of files in a worker, or takes them from the cache of an earlier scan."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.base.addresses import is_address
from stackgui.core.base.columns import Coded, slim
from stackgui.core.base.errors import SampleError
from stackgui.core.base.skip_kinds import NOT_A_PICTURE, UNREADABLE
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import COLUMNS, OF_FILE, Header
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.schema import Column, Values
from stackgui.engine.scanning.probing_objects import Ahead, header_of_object
from stackgui.engine.scanning.scan_cache import NUMBERS, TEXTS, Known, known_files
from stackgui.engine.sources.reading import check_regular, open_file, os_reason, state_at
from stackgui.engine.sources.roots import Root, check_reach
from stackgui.engine.sources.sources import is_inside
from stackgui.engine.workers import memory_limit

_INDEX = {name: index for index, name in enumerate((*NUMBERS, *TEXTS))}
_HEIGHT, _WIDTH, _SKIP, _DETAIL = (_INDEX[name] for name in ("height", "width", "skip", "detail"))
_MEMBER = _INDEX["member"]
_OWN = len(OF_FILE)
_OF_HEADER = [name for name in _INDEX if name in {each.name for each in COLUMNS} - set(OF_FILE)]
_values_of = attrgetter(*_OF_HEADER)
_DTYPES = {each.name: each.dtype for each in COLUMNS if each.dtype is not None}
_DEFAULTS = {each.name: each.default for each in COLUMNS}


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
    is_new : bool, shape (n,)
        Whether the entry was read from the file, and may be cached until the file changes.
    arrays : tuple of str
        Names of the arrays in the files that the person can choose from.
    """

    file: NDArray[np.int32]
    numbers: tuple[NDArray[np.integer[Any]], ...]
    texts: tuple[Coded, ...]
    is_new: NDArray[np.bool_]
    arrays: tuple[str, ...]

    @classmethod
    def of(cls, files: Sequence[Sequence[Probe]]) -> Probed:
        """Turn the probes of each file into columns."""
        samples = np.array([entry.samples for entries in files for entry in entries], np.int64)
        counts = np.array([sum(entry.samples for entry in entries) for entries in files], np.int64)
        file = np.repeat(np.arange(len(files), dtype=np.int32), counts)
        place = np.arange(len(file), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
        known, is_new, arrays, _samples = zip(*chain.from_iterable(files), strict=True)
        # Most files differ only in size and time; what they share is put into columns once.
        distinct: dict[Known, int] = {}
        codes = np.array([distinct.setdefault(tuple(each[_OWN:]), len(distinct)) for each in known])
        shared = list(zip(*distinct, strict=True))
        own = np.array([each[:_OWN] for each in known], np.int64)
        alike = np.repeat(np.arange(len(samples)), samples)
        which = codes[alike]
        numbers = [
            *(np.ascontiguousarray(column) for column in own[alike].T),
            *(np.array(values, np.int64)[which] for values in shared[: len(NUMBERS) - _OWN]),
        ]
        numbers[_MEMBER] = np.where(counts[file] > 1, place, numbers[_MEMBER])
        return cls(
            file,
            tuple(numbers),
            tuple(Coded.from_values(values).take(which) for values in shared[len(NUMBERS) - _OWN :]),
            np.array(is_new, np.bool_)[alike],
            tuple(dict.fromkeys(chain.from_iterable(arrays))),
        )

    def slim(self) -> Probed:
        """Return the same with columns that take less memory: half of them say the same of all files."""
        numbers = tuple(map(_narrow, self.numbers, map(_DTYPES.__getitem__, NUMBERS)))
        texts = tuple(
            Coded.constant(column.names[0], len(column)) if len(column.names) == 1 else column
            for column in self.texts
        )
        return replace(self, file=slim(self.file), numbers=numbers, texts=texts, is_new=slim(self.is_new))

    def number(self, name: str) -> NDArray[np.integer[Any]]:
        """Return a column of `numbers`."""
        return self.numbers[_INDEX[name]]

    def text(self, name: str) -> Coded:
        """Return a column of `texts`."""
        return self.texts[_INDEX[name] - len(NUMBERS)]

    def column(self, column: Column) -> Values:
        """Return the values of a column of the catalog."""
        return self.text(column.name) if column.dtype is None else self.number(column.name)


def _narrow(column: NDArray[np.integer[Any]], dtype: np.dtype[Any]) -> NDArray[np.integer[Any]]:
    """Return `column` as its own type if that holds all numbers, which a file may claim to be any."""
    narrow = column.astype(dtype, copy=False)
    return slim(narrow if (narrow == column).all() else column)


class Probe(NamedTuple):
    """The header of a sample, or of several samples of a file that have the same header.

    Attributes
    ----------
    known : Known
    is_new, arrays
        As in `Probed`.
    samples : int
        Number of samples that the entry describes.
    """

    known: Known
    is_new: bool = False
    arrays: tuple[str, ...] = ()
    samples: int = 1

    @classmethod
    def of_header(
        cls, size: int, mtime_ns: int, header: Header, *, reading: str = "", is_new: bool = False
    ) -> Probe:
        """Return the entry for a header."""
        known = (size, mtime_ns, *_values_of(header), "", "", reading)
        return cls(known, is_new, header.arrays, header.samples)

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
        texts = dict.fromkeys(("skip", "detail", "reading"), "") | said
        known = _DEFAULTS | {"file_bytes": size, "mtime_ns": mtime_ns} | texts
        return cls(tuple(known[name] for name in _INDEX), is_new, arrays)

    @property
    def skip(self) -> str:
        """The kind of skipped file, or ``""`` for a sample."""
        return str(self.known[_SKIP])

    def holds(self, size: int, mtime_ns: int) -> bool:
        """Return whether a cached entry is valid for a file of this size and modification time."""
        # An entry that was cached under another limit must obey the current one.
        is_allowed = self.known[_HEIGHT] * self.known[_WIDTH] <= imaging.most_px()
        return tuple(self.known[:_OWN]) == (size, mtime_ns) and is_allowed


def probe_files(
    files: Sequence[bytes], cache: str, options: ScanOptions, roots: Sequence[Root] = ()
) -> Probed:
    """Read the headers of `files` (absolute paths).

    Parameters
    ----------
    files
    cache
        Path of the cache of scans; ``""`` for none.
    options
    roots
        Source folders, which may disappear together with their files.

    Raises
    ------
    SourceGoneError
        When a file cannot be read because one of the `roots` is gone.
    """
    known = known_files(cache, files, options.reading) if cache else {}
    with Ahead(files, known) as ahead:
        found = [_found(file, known.get(file), options, ahead) for file in files]
    for file, entries in zip(files, found, strict=True):
        if entries[0].skip == UNREADABLE:
            check_reach(file, roots)
    return Probed.of(found)


def probe_listed(
    files: Sequence[bytes], cache: str, options: ScanOptions, roots: Sequence[Root], folder: str
) -> Probed:
    """Read the headers of `files` that a list names; whatever is wrong with a file becomes its row's problem.

    Parameters
    ----------
    files, cache, options, roots
        As for `probe_files`.
    folder
        Folder that links must not lead out of; ``""`` if they may lead anywhere.

    Raises
    ------
    SourceGoneError
        When a file cannot be read because its folder is gone.
    """
    known = known_files(cache, files, options.reading) if cache else {}
    real = os.path.realpath(folder) if folder and not is_address(folder) else ""
    with Ahead(files, known) as ahead:
        return Probed.of(
            [
                _listed(file, partial(_found, file, known.get(file), options, ahead), roots, real)
                for file in files
            ]
        )


def _listed(file: bytes, look: Callable[[], list[Probe]], roots: Sequence[Root], folder: str) -> list[Probe]:
    if not is_address(file) and not os.path.lexists(file):
        check_reach(file, roots)
        return [Probe.without_header(problem=say("there is no such file"))]
    if folder and not is_inside(os.path.realpath(os.fsdecode(file)), folder):
        return [Probe.without_header(problem=say("it is a link that leads out of the folder of the list"))]
    probes = look()
    first = probes[0]
    if not first.skip:
        return probes
    if first.skip == UNREADABLE:
        check_reach(file, roots)
    problem = (
        say("it is not a picture of a known kind") if first.skip == NOT_A_PICTURE else first.known[_DETAIL]
    )
    # Do not cache this: found in a folder, the same file would be skipped.
    return [Probe.without_header(*first.known[:_OWN], problem=problem)]


def unprobed(problem: str) -> Probed:
    """Return the result for a single file whose worker was lost."""
    return Probed.of([[Probe.without_header(problem=problem)]])


def _found(file: bytes, known: Known | None, options: ScanOptions, ahead: Ahead) -> list[Probe]:
    """Return the cached entry if the file has not changed; otherwise probe the file."""
    if known is None:
        return _probe(file, options, ahead)
    try:
        state = ahead.state(file) if is_address(file) else state_at(file)
    except OSError as error:
        return [Probe.without_header(skip=UNREADABLE, detail=os_reason(error))]
    remembered = Probe(known)
    return [remembered] if remembered.holds(*state) else _probe(file, options, ahead)


def _probe(file: bytes, options: ScanOptions, ahead: Ahead) -> list[Probe]:
    if is_address(file):
        return _probe_object(file, options, ahead)
    try:
        handle = open_file(file)
        try:
            status = os.fstat(handle)
            check_regular(status)
            size = status.st_size
            return looked_at(file, size, status.st_mtime_ns, options, lambda: _header(handle, size, options))
        finally:
            os.close(handle)
    except OSError as error:
        # Checked only here, because most names are those of files.
        is_folder = os.path.isdir(file)
        unreadable = Probe.without_header(skip=UNREADABLE, detail=os_reason(error))
        return _probe_folder(file, options) if is_folder else [unreadable]


def _probe_object(file: bytes, options: ScanOptions, ahead: Ahead) -> list[Probe]:
    try:
        (size, mtime_ns), start = ahead.start(file)
    except OSError as error:
        return [Probe.without_header(skip=UNREADABLE, detail=os_reason(error))]

    def look() -> Header:
        try:
            return imaging.probe(start, file_bytes=size, scan=options)
        except imaging.MoreBytesNeeded:
            return header_of_object(file, size, options)

    return looked_at(file, size, mtime_ns, options, look)


def looked_at(
    name: bytes, size: int, mtime_ns: int, options: ScanOptions, look: Callable[[], Header]
) -> list[Probe]:
    """Return the entries of the file `name`, from the header that `look` returns or the error it raises."""
    try:
        header = look()
    except imaging.NotAPicture as error:
        ending = os.path.splitext(os.fsdecode(name))[1].lower()
        if ending not in imaging.PICTURE_SUFFIXES:
            detail = ", ".join(filter(None, (ending, error.instead)))
            return [Probe.without_header(size, mtime_ns, skip=NOT_A_PICTURE, detail=detail, is_new=True)]
        return [
            Probe.without_header(
                size, mtime_ns, problem=error.reason if size else say("the file is empty"), is_new=True
            )
        ]
    except SampleError as error:
        # Do not cache what a limit caused: the limits may change.
        is_of_limits = isinstance(error, imaging.TooLarge) or isinstance(error.__cause__, MemoryError)
        return [_refused(size, mtime_ns, error, reading=options.reading, is_lasting=not is_of_limits)]
    except OSError as error:
        return [Probe.without_header(size, mtime_ns, skip=UNREADABLE, detail=os_reason(error))]
    if header.others or header.samples > 1 or header.arrays:
        # Files with many samples are rare, and the cache has no room for all their headers.
        return [Probe.of_header(size, mtime_ns, each) for each in (header, *header.others)]
    reading = options.reading if header.axes or header.frames > 1 else ""
    return [Probe.of_header(size, mtime_ns, header, reading=reading, is_new=True)]


def _probe_folder(path: bytes, options: ScanOptions) -> list[Probe]:
    """Probe a sample that is a folder; not cached, because that would have to cover all files in it."""
    try:
        folder = imaging.Folder.at(path)
        header = imaging.probe(folder, file_bytes=len(folder), scan=options)
    except SampleError as error:
        return [_refused(0, 0, error)]
    except OSError as error:
        return [Probe.without_header(skip=UNREADABLE, detail=os_reason(error))]
    return [Probe.of_header(len(folder), folder.mtime_ns, header)]


def _refused(
    size: int, mtime_ns: int, error: SampleError, *, reading: str = "", is_lasting: bool = False
) -> Probe:
    arrays = error.names if isinstance(error, imaging.ArrayNotChosen) else ()
    is_new = is_lasting and not arrays
    return Probe.without_header(
        size, mtime_ns, problem=error.reason, reading=reading, is_new=is_new, arrays=arrays
    )


def _header(handle: int, size: int, options: ScanOptions) -> Header:
    prefix = os.read(handle, imaging.PREFIX_BYTES)
    try:
        return imaging.probe(prefix, file_bytes=size, scan=options)
    except imaging.MoreBytesNeeded:
        memory_limit.grant("probed", size)
        # Memory-map the file, so that only the parts that the header points to are read.
        with mmap.mmap(handle, size, access=mmap.ACCESS_READ) as mapped:
            return imaging.probe(mapped, file_bytes=size, scan=options)
