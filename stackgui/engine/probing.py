"""Looks at headers, in a worker, or remembers what an earlier scan found in them."""

from __future__ import annotations

import mmap
import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.catalog import ONLY_MEMBER, Header
from stackgui.core.columns import Coded
from stackgui.core.errors import SampleError
from stackgui.engine.reading import READING, check_regular, os_reason
from stackgui.engine.scan_cache import Known, known_files

NOT_A_PICTURE = "not pictures"
UNREADABLE = "unreadable files"

_NUMBERS = 7


@dataclass(frozen=True, eq=False, slots=True)
class Probed:
    """What a worker found out about some files; an entry a sample, as in `stackgui.core.catalog.Catalog`.

    Attributes
    ----------
    file : int32, shape (n,)
        Which of the files, counted among them.
    member : int32, shape (n,)
    numbers : int64, shape (n, 7)
        File size in bytes, time of change in nanoseconds, height, width, channels, orientation, bits.
    dtype, format : Coded
    problem : Coded
        Why a file that claims to be a sample cannot be used, or ``""``.
    skip, detail : Coded
        The kind under which a file that is no sample is counted, or ``""``, and more to say about it.
    is_new : bool, shape (n,)
        Whether the file was looked into, and what was found holds until it changes.
    """

    file: NDArray[np.int32]
    member: NDArray[np.int32]
    numbers: NDArray[np.int64]
    dtype: Coded
    format: Coded
    problem: Coded
    skip: Coded
    detail: Coded
    is_new: NDArray[np.bool_]

    @classmethod
    def of(cls, files: Sequence[Sequence[_Entry]]) -> Probed:
        """Turn the entries of each file into columns."""
        counts = np.array([len(entries) for entries in files], np.int32)
        file = np.repeat(np.arange(len(files), dtype=np.int32), counts)
        place = np.arange(len(file), dtype=np.int32) - np.repeat(np.cumsum(counts) - counts, counts)
        member = np.where(counts[file] > 1, place, ONLY_MEMBER).astype(np.int32)
        columns = list(zip(*chain.from_iterable(files), strict=True))
        texts = [Coded.from_values(column) for column in columns[_NUMBERS:-1]]
        dtype, format_, problem, skip, detail = texts
        numbers = np.array(columns[:_NUMBERS], np.int64).T
        is_new = np.array(columns[-1], np.bool_)
        return cls(file, member, numbers, dtype, format_, problem, skip, detail, is_new)


class _Entry(NamedTuple):
    """One sample's entry in `Probed`: seven numbers, five texts, and whether it is new."""

    file_bytes: int
    mtime_ns: int
    height: int = 0
    width: int = 0
    channels: int = 0
    orientation: int = 1
    bits: int = 0
    dtype: str = ""
    format: str = ""
    problem: str = ""
    skip: str = ""
    detail: str = ""
    is_new: bool = False


def probe_files(files: Sequence[bytes], cache: str) -> Probed:
    """Look at the headers of `files` (absolute names).

    Parameters
    ----------
    files
    cache
        The file in which earlier scans are remembered; ``""`` for none.
    """
    known = known_files(cache, files) if cache else {}
    return Probed.of([_remembered(file, known) if file in known else _probe(file) for file in files])


def unprobed(problem: str) -> Probed:
    """What is known of a single file on which its worker was lost."""
    return Probed.of([[_Entry(0, 0, problem=problem)]])


def _remembered(file: bytes, known: dict[bytes, Known]) -> list[_Entry]:
    """The cache's entry, if the file is still the same."""
    entry = known[file]
    try:
        status = os.stat(file)
        check_regular(status)
    except OSError as error:
        return [_Entry(0, 0, skip=UNREADABLE, detail=os_reason(error))]
    if (status.st_size, status.st_mtime_ns) != (entry[0], entry[1]):
        return _probe(file)
    return [_Entry(*entry)]


def _probe(file: bytes) -> list[_Entry]:
    size, mtime_ns = 0, 0
    try:
        handle = os.open(file, READING)
        try:
            status = os.fstat(handle)
            check_regular(status)
            size, mtime_ns = status.st_size, status.st_mtime_ns
            header = _header(handle, size)
        finally:
            os.close(handle)
    except imaging.NotAPicture as error:
        ending = os.path.splitext(os.fsdecode(file))[1].lower()
        if ending not in imaging.PICTURE_SUFFIXES:
            return [_Entry(size, mtime_ns, skip=NOT_A_PICTURE, detail=ending, is_new=True)]
        return [_Entry(size, mtime_ns, problem=error.reason if size else "the file is empty", is_new=True)]
    except SampleError as error:
        # Not what a lack of memory did: that may be another time.
        is_lasting = not isinstance(error.__cause__, MemoryError)
        return [_Entry(size, mtime_ns, problem=error.reason, is_new=is_lasting)]
    except OSError as error:
        return [_Entry(size, mtime_ns, skip=UNREADABLE, detail=os_reason(error))]
    if not header.others:
        return [_entry(size, mtime_ns, header)._replace(is_new=True)]
    # What a file of many samples holds is soon found again, and would fill the cache.
    return [_entry(size, mtime_ns, each) for each in (header, *header.others)]


def _entry(size: int, mtime_ns: int, header: Header) -> _Entry:
    numbers = (header.height, header.width, header.channels, header.orientation, header.bits)
    return _Entry(size, mtime_ns, *numbers, header.dtype, header.format)


def _header(handle: int, size: int) -> Header:
    prefix = os.read(handle, imaging.PREFIX_BYTES)
    try:
        return imaging.probe(prefix, file_bytes=size)
    except imaging.MoreBytesNeeded:
        # Mapped, so that of a large file only those parts are read that the format's header leads to.
        with mmap.mmap(handle, size, access=mmap.ACCESS_READ) as mapped:
            return imaging.probe(mapped, file_bytes=size)
