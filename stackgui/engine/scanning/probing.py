"""Reads the headers of files in a worker, or takes them from the cache of an earlier scan."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.base.addresses import is_address
from stackgui.core.base.errors import SampleError
from stackgui.core.base.skip_kinds import NOT_A_PICTURE, UNREADABLE
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.engine.scanning.probed import Probe, Probed
from stackgui.engine.scanning.probing_objects import Ahead, header_of_object
from stackgui.engine.scanning.runs import ABSENT, Remembered, Rest, Spans, remembered
from stackgui.engine.sources.reading import check_regular, local_states, open_file, os_reason, state_at
from stackgui.engine.sources.roots import Root, check_reach
from stackgui.engine.sources.sources import is_inside
from stackgui.engine.workers import memory_limit

NOT_THERE = (-1, -1)
"""Size and time of no file."""


def probe_files(
    files: Iterable[bytes],
    cache: str,
    options: ScanOptions,
    roots: Sequence[Root] = (),
    whole: Spans = (),
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
    whole
        Spans of files that the cache keeps as one.

    Raises
    ------
    SourceGoneError
        When a file cannot be read because one of the `roots` is gone.
    """
    names = list(files)
    known = remembered(cache, names, options.reading, whole)
    with Ahead(names, known) as ahead:
        found = [
            None if is_same else _probe(file, options, ahead)
            for file, is_same in zip(names, _are_same(names, known, ahead), strict=True)
        ]
    last = None
    for file, entries in zip(names, found, strict=True):
        # Files side by side are often alike, and share what is said of them.
        if entries is not None and entries[0].rest is not last:
            last = entries[0].rest
            if entries[0].skip == UNREADABLE:
                check_reach(file, roots)
                last = None
    return Probed.of(found, names if cache else (), known, whole)


def _are_same(names: Sequence[bytes], known: Remembered, ahead: Ahead) -> list[bool]:
    """Return which files have the size and the time that they have in the cache."""
    is_same: NDArray[np.bool_] = known.code != ABSENT
    asked = np.flatnonzero(is_same)
    if len(asked):
        files = [names[place] for place in asked.tolist()]
        states = zip(*[_state(file, ahead) for file in files], strict=True) if ahead else local_states(files)
        size, mtime_ns = (np.array(each, np.int64) for each in states)
        is_same[asked] = (size == known.size[asked]) & (mtime_ns == known.mtime_ns[asked])
    return list(is_same.tolist())


def _state(file: bytes, ahead: Ahead) -> tuple[int, int]:
    try:
        return ahead.state(file) if is_address(file) else state_at(file)
    except OSError:
        return NOT_THERE  # who opens it will say why


def probe_listed(
    files: Iterable[bytes], cache: str, options: ScanOptions, roots: Sequence[Root], folder: str
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
    names = list(files)
    known = remembered(cache, names, options.reading)
    real = os.path.realpath(folder) if folder and not is_address(folder) else ""
    with Ahead(names, known) as ahead:
        found = [
            _listed(file, partial(_found, file, known.file(index), options, ahead), roots, real)
            for index, file in enumerate(names)
        ]
    return Probed.of(found, names if cache else (), known)


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
        say("it is not a picture of a known kind") if first.skip == NOT_A_PICTURE else first.text("detail")
    )
    # Do not cache this: found in a folder, the same file would be skipped.
    return [Probe.without_header(first.size, first.mtime_ns, problem=problem)]


def unprobed(problem: str) -> Probed:
    """Return the result for a single file whose worker was lost."""
    return Probed.of([[Probe.without_header(problem=problem)]])


def _found(
    file: bytes, known: tuple[int, int, Rest] | None, options: ScanOptions, ahead: Ahead
) -> list[Probe]:
    """Return what the cache says if the file has not changed; otherwise probe the file."""
    if known is not None and _state(file, ahead) == known[:2]:
        return [Probe(*known)]
    return _probe(file, options, ahead)


def _probe(file: bytes, options: ScanOptions, ahead: Ahead) -> list[Probe]:
    if ahead and is_address(file):
        return _probe_object(file, options, ahead)
    try:
        handle = open_file(file)
        try:
            status = os.fstat(handle)
            check_regular(status)
            size = status.st_size
            return looked_at(file, size, status.st_mtime_ns, options, partial(_header, handle, size, options))
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
    return _of_header(size, mtime_ns, header, options)


_last: tuple[Header, ScanOptions, Rest] | None = None
"""The last header of a file with one sample: files that are alike share it."""


def _of_header(size: int, mtime_ns: int, header: Header, options: ScanOptions) -> list[Probe]:
    """Return the entries of a file with this header."""
    global _last  # noqa: PLW0603 - a worker reads one header after another
    last = _last
    if last is not None and last[0] is header and last[1] is options:
        return [Probe(size, mtime_ns, last[2], is_new=True)]
    if header.others or header.samples > 1 or header.arrays:
        # Files with many samples are rare, and the cache has no room for all their headers.
        return [Probe.of_header(size, mtime_ns, each) for each in (header, *header.others)]
    reading = options.reading if header.axes or header.frames > 1 else ""
    probe = Probe.of_header(size, mtime_ns, header, reading=reading, is_new=True)
    _last = header, options, probe.rest
    return [probe]


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
    prefix = os.read(handle, min(size, imaging.PREFIX_BYTES))
    try:
        return imaging.probe(prefix, file_bytes=size, scan=options)
    except imaging.MoreBytesNeeded:
        memory_limit.grant("probed", size)
        # Memory-map the file, so that only the parts that the header points to are read.
        with mmap.mmap(handle, size, access=mmap.ACCESS_READ) as mapped:
            return imaging.probe(mapped, file_bytes=size, scan=options)
