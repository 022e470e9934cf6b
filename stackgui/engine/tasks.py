"""What runs in a worker: the only code that looks into a sample's bytes."""

from __future__ import annotations

import errno
import multiprocessing
import os
import stat
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from mmap import mmap
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.catalog import Header
from stackgui.core.columns import Coded
from stackgui.core.errors import SampleError
from stackgui.core.measured import Moments
from stackgui.core.run import RowThumb
from stackgui.engine.render import Form, RowPlan, blank_thumbnail, render, thumbnail
from stackgui.engine.rows import File, Files
from stackgui.engine.slots import Address, attach
from stackgui.stores.checksums import block_checksum

NOT_A_PICTURE = "not pictures"
UNREADABLE = "unreadable files"


def initialize() -> None:
    """Prepare a new worker."""
    # The decoders' libraries print warnings of their own, which would tear the progress line.
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os.close(quiet)
    _limit_memory()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def warm_up() -> None:
    """Do nothing, in a worker that is thereby started."""


def _limit_memory() -> None:
    """Let a decoder that asks for more than half of the machine's memory fail instead of the machine."""
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    resource.setrlimit(resource.RLIMIT_AS, (max(total // 2, 4 * 2**30), resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@dataclass(frozen=True, eq=False, slots=True)
class Probed:
    """What a worker found out about some files; one entry a file, as in `stackgui.core.catalog.Catalog`.

    Attributes
    ----------
    numbers : int64, shape (n, 7)
        File size in bytes, time of change in nanoseconds, height, width, channels, orientation, bits.
    dtype, format : Coded
    problem : Coded
        Why a file that claims to be a sample cannot be used, or ``""``.
    skip, detail : Coded
        The kind under which a file that is no sample is counted, or ``""``, and more to say about it.
    """

    numbers: NDArray[np.int64]
    dtype: Coded
    format: Coded
    problem: Coded
    skip: Coded
    detail: Coded

    @classmethod
    def of(cls, files: Sequence[_File]) -> Probed:
        """Turn rows into columns."""
        nothing = Header("", 0, 0, 0, "")
        headers = [file.header or nothing for file in files]
        numbers = [
            (file.file_bytes, file.mtime_ns, h.height, h.width, h.channels, h.orientation, h.bits)
            for file, h in zip(files, headers, strict=True)
        ]
        return cls(
            numbers=np.array(numbers, np.int64).reshape(len(files), 7),
            dtype=Coded.from_values(h.dtype for h in headers),
            format=Coded.from_values(h.format for h in headers),
            problem=Coded.from_values(file.problem for file in files),
            skip=Coded.from_values(file.skip for file in files),
            detail=Coded.from_values(file.detail for file in files),
        )


class _File(NamedTuple):
    file_bytes: int
    mtime_ns: int
    header: Header | None = None
    problem: str = ""
    skip: str = ""
    detail: str = ""


def probe_files(files: Sequence[bytes]) -> Probed:
    """Look at the headers of `files` (absolute names)."""
    return Probed.of([_probe_file(file) for file in files])


def unprobed(problem: str) -> Probed:
    """What is known of a single file on which its worker was lost."""
    return Probed.of([_File(0, 0, problem=problem)])


def _probe_file(file: bytes) -> _File:
    size, mtime_ns = 0, 0
    try:
        handle = _open(file)
        try:
            status = os.fstat(handle)
            size, mtime_ns = status.st_size, status.st_mtime_ns
            return _File(size, mtime_ns, _probe_handle(handle, size))
        finally:
            os.close(handle)
    except imaging.NotAPicture as error:
        ending = os.path.splitext(os.fsdecode(file))[1].lower()
        if ending not in imaging.PICTURE_SUFFIXES:
            return _File(size, mtime_ns, skip=NOT_A_PICTURE, detail=ending)
        return _File(size, mtime_ns, problem=error.reason if size else "the file is empty")
    except SampleError as error:
        return _File(size, mtime_ns, problem=error.reason)
    except OSError as error:
        return _File(size, mtime_ns, skip=UNREADABLE, detail=os_reason(error))


def _probe_handle(handle: int, size: int) -> Header:
    prefix = os.read(handle, imaging.PREFIX_BYTES)
    try:
        return imaging.probe(prefix, file_bytes=size)
    except imaging.MoreBytesNeeded:
        return imaging.probe(prefix + _read_all(handle, size - len(prefix)), file_bytes=size)


class Filled(NamedTuple):
    """What became of the rows of a batch, in order.

    Attributes
    ----------
    failed : dict of int to str
        For each row that failed the reason. Its block holds rubbish.
    checksum : uint64, shape (n,)
        Of each row's block; 0 where it failed.
    non_finite : dict of int to int
        For each row whose sample has values that are NaN or infinite, how many.
    """

    failed: dict[int, str]
    checksum: NDArray[np.uint64]
    non_finite: dict[int, int]


def fill_slot(address: Address, offset: int, files: Files, form: Form) -> Filled:
    """Decode `files` into shared memory, one finished block after the other, from byte `offset` on."""
    memory = _attached(address)
    failed: dict[int, str] = {}
    checksum: list[int] = []
    non_finite: dict[int, int] = {}
    for index, (file, row) in enumerate(files):
        out = np.ndarray(form.block_shape(*row.placement[2:]), form.dtype, memory, offset)
        offset += out.nbytes
        try:
            if count := render(_read_file(file), row, form, out):
                non_finite[index] = count
            checksum.append(block_checksum(out))
        except SampleError as error:
            failed[index] = error.reason
            checksum.append(0)
    return Filled(failed, np.array(checksum, np.uint64), non_finite)


def measure_rows(files: Files, form: Form) -> Moments:
    """Look at the placed pixels of `files` in the rows' form; samples that fail are left out."""
    moments = Moments.none_of(form.channels)
    for file, row in files:
        try:
            block = form.upright(_rendered(file, row, form))
        except SampleError:
            continue
        moments = moments.joined(Moments.of(block.astype(np.float64, copy=False)))
    return moments


def preview_rows(files: Files, form: Form, target: tuple[int, int], side_px: int) -> list[RowThumb]:
    """Make small pictures of rows as the fill would write them; `RowThumb.row` counts within `files`."""
    thumbs = []
    for index, (file, row) in enumerate(files):
        name = os.fsdecode(file.name)
        try:
            block = _rendered(file, row, form)
        except SampleError as error:
            thumbs.append(blank_thumbnail(target, side_px=side_px, row=index, name=name, reason=error.reason))
        else:
            placement = row.placement
            thumbs.append(thumbnail(block, placement, form, target, side_px=side_px, row=index, name=name))
    return thumbs


def _rendered(file: File, row: RowPlan, form: Form) -> NDArray[np.generic]:
    out = np.empty(form.block_shape(*row.placement[2:]), form.dtype)
    render(_read_file(file), row, form, out)
    return out


_last_attached: tuple[Address, mmap] | None = None


def _attached(address: Address) -> mmap:
    """The block of shared memory at `address`; the one used last is kept open."""
    global _last_attached  # noqa: PLW0603 - one worker, one run at a time
    if _last_attached is None or _last_attached[0] != address:
        _last_attached = (address, attach(address))
    return _last_attached[1]


_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""What became a FIFO since it was found must not block."""


def _open(file: bytes) -> int:
    """Open a regular file for reading."""
    handle = os.open(file, _READING)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no regular file")
    return handle


def _read_file(file: File) -> bytes:
    """The whole of a file that is still as it was scanned, hence a regular one."""
    try:
        handle = os.open(file.name, _READING)
        try:
            status = os.fstat(handle)
            if status.st_size != file.file_bytes or status.st_mtime_ns != file.mtime_ns:
                raise SampleError("the file was changed after it was scanned")
            return _read_all(handle, file.file_bytes)
        finally:
            os.close(handle)
    except OSError as error:
        raise SampleError(os_reason(error)) from error


def _read_all(handle: int, count: int) -> bytes:
    data = os.read(handle, count)
    if len(data) == count:
        return data
    # One read returns at most 2 GiB, and less from a network folder.
    parts = [data]
    while data and (count := count - len(data)) > 0:
        data = os.read(handle, count)
        parts.append(data)
    return b"".join(parts)


def os_reason(error: OSError) -> str:
    """Why the system did not let a file be read, as a sentence fragment."""
    known = {
        errno.ENOENT: "the file is no longer there",
        errno.EACCES: "you have no permission to read it",
        errno.EPERM: "you have no permission to read it",
        errno.EIO: "the disk reports an error when it is read",
        errno.ENAMETOOLONG: "its name is too long for the system",
    }
    return known.get(error.errno or 0) or f"the system refuses to read it ({error.strerror or error})"
