"""Looks at headers, in a worker, or remembers what an earlier scan found in them."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.base.columns import Coded
from stackgui.core.base.errors import SampleError
from stackgui.core.base.skip_kinds import NOT_A_PICTURE, UNREADABLE
from stackgui.core.catalog.catalog import ONLY_MEMBER, Header
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.engine.scanning.scan_cache import Known, known_files
from stackgui.engine.sources.reading import READING, check_regular, os_reason
from stackgui.engine.sources.roots import Root, check_reach
from stackgui.engine.sources.sources import is_inside
from stackgui.engine.workers import memory_limit

_NUMBERS, _MEMBER = 9, 8
TEXTS = (
    "dtype", "format", "axes", "profile", "meaning", "problem", "doubts", "member_name",
    "skip", "detail", "reading",
)  # fmt: skip
"""The columns of `Probed` that are texts, in the order of the cache."""


@dataclass(frozen=True, eq=False, slots=True)
class Probed:
    """What a worker found out about files, one entry a sample; see `stackgui.core.catalog.catalog.Catalog`.

    Attributes
    ----------
    file : int32, shape (n,)
        Which of the files, counted among them.
    member : int32, shape (n,)
    numbers : int64, shape (n, 9)
        File size in bytes, time of change in nanoseconds, height, width, channels, orientation, bits, frames,
        and which of them, if there is a choice.
    dtype, format, axes, profile, meaning : Coded
    problem : Coded
        Why a file that claims to be a sample cannot be used, or ``""``.
    doubts, member_name : Coded
    skip, detail : Coded
        The kind under which a file that is no sample is counted, or ``""``, and more to say about it.
    reading : Coded
        The choices this depends on, as `stackgui.core.catalog.scan_options.ScanOptions.reading`, or ``""``.
    is_new : bool, shape (n,)
        Whether the file was looked into, and what was found holds until it changes.
    arrays : tuple of str
        Names that the files give to the arrays among which one can be chosen.
    """

    file: NDArray[np.int32]
    member: NDArray[np.int32]
    numbers: NDArray[np.int64]
    dtype: Coded
    format: Coded
    axes: Coded
    profile: Coded
    meaning: Coded
    problem: Coded
    doubts: Coded
    member_name: Coded
    skip: Coded
    detail: Coded
    reading: Coded
    is_new: NDArray[np.bool_]
    arrays: tuple[str, ...]

    @classmethod
    def of(cls, files: Sequence[Sequence[Probe]]) -> Probed:
        """Turn the entries of each file into columns."""
        samples = np.array([entry.samples for entries in files for entry in entries], np.int64)
        counts = np.array([sum(entry.samples for entry in entries) for entries in files], np.int64)
        file = np.repeat(np.arange(len(files), dtype=np.int32), counts)
        place = np.arange(len(file), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
        *columns, is_new, arrays, _samples = zip(*chain.from_iterable(files), strict=True)
        alike = np.repeat(np.arange(len(samples)), samples)
        numbers = np.array(columns[:_NUMBERS], np.int64).T[alike]
        member = np.where(counts[file] > 1, place, numbers[:, _MEMBER]).astype(np.int32)
        return cls(
            file,
            member,
            numbers,
            is_new=np.array(is_new, np.bool_)[alike],
            arrays=tuple(dict.fromkeys(chain.from_iterable(arrays))),
            **{
                name: Coded.from_values(column).take(alike)
                for name, column in zip(TEXTS, columns[_NUMBERS:], strict=True)
            },
        )


class Probe(NamedTuple):
    """What one or more samples of a file have in `Probed`: nine numbers, eleven texts, and the rest."""

    file_bytes: int
    mtime_ns: int
    height: int = 0
    width: int = 0
    channels: int = 0
    orientation: int = 1
    bits: int = 0
    frames: int = 1
    member: int = ONLY_MEMBER
    dtype: str = ""
    format: str = ""
    axes: str = ""
    profile: str = ""
    meaning: str = ""
    problem: str = ""
    doubts: str = ""
    member_name: str = ""
    skip: str = ""
    detail: str = ""
    reading: str = ""
    is_new: bool = False
    arrays: tuple[str, ...] = ()
    samples: int = 1


def probe_files(
    files: Sequence[bytes], cache: str, options: ScanOptions, roots: Sequence[Root] = ()
) -> Probed:
    """Look at the headers of `files` (absolute names).

    Parameters
    ----------
    files
    cache
        The file in which earlier scans are remembered; ``""`` for none.
    options
    roots
        Folders with which files may be away.

    Raises
    ------
    SourceGoneError
        When a file cannot be read because one of them is.
    """
    known = known_files(cache, files, options.reading) if cache else {}
    found = [_found(file, known.get(file), options) for file in files]
    for file, entries in zip(files, found, strict=True):
        if entries[0].skip == UNREADABLE:
            check_reach(file, roots)
    return Probed.of(found)


def probe_listed(
    files: Sequence[bytes], cache: str, options: ScanOptions, roots: Sequence[Root], folder: str
) -> Probed:
    """Look at the headers of `files` that a list names: whatever is wrong with one is a problem of its row.

    Parameters
    ----------
    files, cache, options, roots
        As for `probe_files`.
    folder
        Beyond which no file may lie, whatever links lead there; ``""`` where any may.

    Raises
    ------
    SourceGoneError
        When a file cannot be read because its folder is away.
    """
    known = known_files(cache, files, options.reading) if cache else {}
    real = os.path.realpath(folder) if folder else ""
    return Probed.of([_listed(file, known.get(file), options, roots, real) for file in files])


def _listed(
    file: bytes, known: Known | None, options: ScanOptions, roots: Sequence[Root], folder: str
) -> list[Probe]:
    if not os.path.lexists(file):
        check_reach(file, roots)
        return [Probe(0, 0, problem="there is no such file")]
    if folder and not is_inside(os.path.realpath(os.fsdecode(file)), folder):
        return [Probe(0, 0, problem="it is a link that leads out of the folder of the list")]
    probes = _found(file, known, options)
    first = probes[0]
    if not first.skip:
        return probes
    if first.skip == UNREADABLE:
        check_reach(file, roots)
    problem = "it is not a picture of a known kind" if first.skip == NOT_A_PICTURE else first.detail
    # Not to be remembered: as a file of a folder it is no sample.
    return [Probe(first.file_bytes, first.mtime_ns, problem=problem)]


def unprobed(problem: str) -> Probed:
    """What is known of a single file on which its worker was lost."""
    return Probed.of([[Probe(0, 0, problem=problem)]])


def _found(file: bytes, known: Known | None, options: ScanOptions) -> list[Probe]:
    """The cache's entry, if the file is still the same."""
    if known is None:
        return _probe(file, options)
    try:
        status = os.stat(file)
        check_regular(status)
    except OSError as error:
        return [Probe(0, 0, skip=UNREADABLE, detail=os_reason(error))]
    remembered = Probe(*known)
    is_same = (status.st_size, status.st_mtime_ns) == (remembered.file_bytes, remembered.mtime_ns)
    return [remembered] if is_same and is_allowed(remembered) else _probe(file, options)


def is_allowed(remembered: Probe) -> bool:
    """Whether what was found under another limit keeps to this one."""
    return remembered.height * remembered.width <= imaging.most_px()


def _probe(file: bytes, options: ScanOptions) -> list[Probe]:
    try:
        handle = os.open(file, READING)
        try:
            status = os.fstat(handle)
            check_regular(status)
            size = status.st_size
            return looked_at(file, size, status.st_mtime_ns, options, lambda: _header(handle, size, options))
        finally:
            os.close(handle)
    except OSError as error:
        # Asked only here, because most names are those of files.
        is_folder = os.path.isdir(file)
        unreadable = Probe(0, 0, skip=UNREADABLE, detail=os_reason(error))
        return _probe_folder(file, options) if is_folder else [unreadable]


def looked_at(
    name: bytes, size: int, mtime_ns: int, options: ScanOptions, look: Callable[[], Header]
) -> list[Probe]:
    """What a file called `name` holds, by the header that `look` gives or by what it raises."""
    try:
        header = look()
    except imaging.NotAPicture as error:
        ending = os.path.splitext(os.fsdecode(name))[1].lower()
        if ending not in imaging.PICTURE_SUFFIXES:
            detail = ", ".join(filter(None, (ending, error.instead)))
            return [Probe(size, mtime_ns, skip=NOT_A_PICTURE, detail=detail, is_new=True)]
        return [Probe(size, mtime_ns, problem=error.reason if size else "the file is empty", is_new=True)]
    except SampleError as error:
        entry = _refused(size, mtime_ns, error)
        # Not what the limits did: they may be another time.
        is_of_limits = isinstance(error, imaging.TooLarge) or isinstance(error.__cause__, MemoryError)
        is_lasting = not entry.arrays and not is_of_limits
        return [entry._replace(reading=options.reading, is_new=is_lasting)]
    except OSError as error:
        return [Probe(size, mtime_ns, skip=UNREADABLE, detail=os_reason(error))]
    if header.others or header.samples > 1 or header.arrays:
        # There are few files of many samples, and more to know about them than the cache has room for.
        return [_entry(size, mtime_ns, each) for each in (header, *header.others)]
    reading = options.reading if header.axes or header.frames > 1 else ""
    return [_entry(size, mtime_ns, header, reading=reading, is_new=True)]


def _probe_folder(path: bytes, options: ScanOptions) -> list[Probe]:
    """Look at a folder that takes the place of a file; not remembered, since that would need all it is."""
    try:
        folder = imaging.Folder.at(path)
        header = imaging.probe(folder, file_bytes=len(folder), scan=options)
    except SampleError as error:
        return [_refused(0, 0, error)]
    except OSError as error:
        return [Probe(0, 0, skip=UNREADABLE, detail=os_reason(error))]
    return [_entry(len(folder), folder.mtime_ns, header)]


def _refused(size: int, mtime_ns: int, error: SampleError) -> Probe:
    names = error.names if isinstance(error, imaging.ArrayNotChosen) else ()
    return Probe(size, mtime_ns, problem=error.reason, arrays=names)


def _entry(size: int, mtime_ns: int, header: Header, *, reading: str = "", is_new: bool = False) -> Probe:
    return Probe(
        size,
        mtime_ns,
        header.height,
        header.width,
        header.channels,
        header.orientation,
        header.bits,
        header.frames,
        header.member,
        header.dtype,
        header.format,
        header.axes,
        header.profile,
        header.meaning,
        header.problem,
        header.doubts,
        header.member_name,
        reading=reading,
        is_new=is_new,
        arrays=header.arrays,
        samples=header.samples,
    )


def _header(handle: int, size: int, options: ScanOptions) -> Header:
    prefix = os.read(handle, imaging.PREFIX_BYTES)
    try:
        return imaging.probe(prefix, file_bytes=size, scan=options)
    except imaging.MoreBytesNeeded:
        memory_limit.grant("probed", size)
        # Mapped, so that of a large file only those parts are read that the format's header leads to.
        with mmap.mmap(handle, size, access=mmap.ACCESS_READ) as mapped:
            return imaging.probe(mapped, file_bytes=size, scan=options)
