"""Opens the files of samples in a worker, and keeps open what it will need again."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable
from mmap import mmap
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.base.addresses import is_address
from stackgui.core.base.errors import SampleError
from stackgui.core.base.large import MAPPED_BYTES, is_mapped
from stackgui.engine.archives.reading import CHANGED, Place, Use, forget, opened
from stackgui.engine.decoding.render import Form, RowPlan, render
from stackgui.engine.decoding.rows import File
from stackgui.engine.sources.reading import open_file, os_reason, read_all, to_map
from stackgui.engine.sources.roots import check_reach
from stackgui.engine.workers import memory_limit
from stackgui.engine.workers.prefetch import Prefetch
from stackgui.engine.workers.shared_memory import Address, attach
from stackgui.stores.files import objects

DataT = TypeVar("DataT", bytes, imaging.Mapped)

CHECKED_FILES = 4096
"""Number of multi-sample files for which a worker remembers which checksums it has verified."""

_last_attached: tuple[Address, mmap] | None = None


def attached(address: Address) -> mmap:
    """Return the block of shared memory at `address`; the latest block stays open."""
    global _last_attached  # noqa: PLW0603 - one worker, one run at a time
    if _last_attached is None or _last_attached[0] != address:
        memory_limit.grant("attached", os.stat(address.path).st_size)
        _last_attached = (address, attach(address))
    return _last_attached[1]


_last_mapped: tuple[File, imaging.Data | imaging.Folder] | None = None


def data_of(file: File, row: RowPlan, use: Use = Use.PICTURES) -> imaging.Data | imaging.Folder:
    """Return a sample's file: read, or memory-mapped and kept open if it is large or holds many samples."""
    global _last_mapped  # noqa: PLW0603 - one worker reads one file after another
    if row.member < 0:
        if file.place is not None:
            return _unpacked(file, file.place, use)
        if _is_whole(file, row):
            return _downloaded(file) if is_address(file.name) else _opened(file)
    is_folder = row.format == imaging.FOLDER_FORMAT
    if _last_mapped is None or _last_mapped[0] != file:
        _last_mapped = (file, _folder(file) if is_folder else _kept(file, use))
    return _last_mapped[1]


_checked: OrderedDict[File, dict[str, str]] = OrderedDict()
"""Results of the checksums verified in each mapped file, least recently used first."""


def _kept(file: File, use: Use) -> imaging.Data:
    if file.place:
        return _unpacked(file, file.place, use)
    return _copied(file) if is_address(file.name) else _opened(file, _mapped)


def _unpacked(file: File, place: Place, use: Use) -> bytes:
    try:
        return opened(file.name, file.file_bytes, file.mtime_ns, use).whole(place)
    except SampleError as error:
        if isinstance(error.__cause__, OSError):
            # Handles opened before the folder went away must not be read from again.
            forget()
            check_reach(file.name, file.roots)
        raise


def _mapped(handle: int, file: File) -> imaging.Mapped:
    # A mapping takes address space, but no memory.
    memory_limit.grant("mapped", file.file_bytes)
    checked = _checked.setdefault(file, {})
    _checked.move_to_end(file)
    if len(_checked) > CHECKED_FILES:
        _checked.popitem(last=False)
    return imaging.Mapped.of(handle, file.file_bytes, checked)


def _folder(file: File) -> imaging.Folder:
    """Return a sample that is a folder rather than a file; it must not have changed since the scan."""
    try:
        folder = imaging.Folder.at(file.name)
    except OSError as error:
        check_reach(file.name, file.roots)
        raise SampleError(os_reason(error)) from error
    if len(folder) != file.file_bytes or folder.mtime_ns != file.mtime_ns:
        raise SampleError(CHANGED)
    return folder


def _is_alone(sample: tuple[File, RowPlan]) -> bool:
    """Return whether the sample has its file to itself, so that threads share nothing when they read it."""
    file, row = sample
    return file.place is None and row.member < 0 and _is_whole(file, row)


def _is_whole(file: File, row: RowPlan) -> bool:
    """Return whether a file that holds one sample is read from its start to its end."""
    is_small = file.file_bytes <= MAPPED_BYTES or not is_mapped(row.format, file.file_bytes)
    return is_small and row.format != imaging.FOLDER_FORMAT


ahead: Prefetch[tuple[File, RowPlan], imaging.Data | imaging.Folder] = Prefetch(
    lambda sample: data_of(*sample), _is_alone
)
"""Shared by all slots, because a worker fills one after another."""


def _opened(file: File, take: Callable[[int, File], imaging.Data] | None = None) -> imaging.Data:
    """Return all bytes of a file, or what `take` makes of it; it must not have changed since the scan."""
    try:
        handle = open_file(file.name)
        try:
            status = os.fstat(handle)
            if status.st_size != file.file_bytes or status.st_mtime_ns != file.mtime_ns:
                raise SampleError(CHANGED)
            return read_all(handle, file.file_bytes) if take is None else take(handle, file)
        finally:
            os.close(handle)
    except OSError as error:
        check_reach(file.name, file.roots)
        raise SampleError(os_reason(error)) from error


def _downloaded(file: File) -> bytes:
    """Return all bytes of an object, which must not have changed since the scan."""
    try:
        state, data = objects.whole(os.fsdecode(file.name))
    except OSError as error:
        check_reach(file.name, file.roots)
        raise SampleError(os_reason(error)) from error
    if state != (file.file_bytes, file.mtime_ns):
        raise SampleError(CHANGED)
    return data


def _copied(file: File) -> imaging.Mapped:
    """Return an object as a temporary file that is mapped; it must not have changed since the scan."""
    try:
        with to_map(file.name) as (handle, state):
            if state != (file.file_bytes, file.mtime_ns):
                raise SampleError(CHANGED)
            return _mapped(handle, file)
    except OSError as error:
        check_reach(file.name, file.roots)
        raise SampleError(os_reason(error)) from error


def rendered(file: File, row: RowPlan, form: Form) -> NDArray[np.generic]:
    """Return a sample as it lies in its row, without padding; raises SampleError."""
    out = np.empty(form.block_shape(*row.placement[2:]), form.dtype)
    render(data_of(file, row), row, form, out)
    return out
