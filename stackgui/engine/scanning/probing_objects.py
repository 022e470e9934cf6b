"""Requests the first bytes of many objects at addresses at once, in a worker."""

from __future__ import annotations

import mmap
import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Self

from stackgui import imaging
from stackgui.core.base.addresses import places_of_addresses
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.engine.scanning.runs import ABSENT, Remembered
from stackgui.engine.sources.reading import to_map
from stackgui.engine.workers import memory_limit
from stackgui.stores.files import objects
from stackgui.stores.files.objects import State

_LONGER_START_BYTES = 2**18
"""Length of the start that is requested next where the first is too short, as with a large profile."""

_SMALL_BYTES = 2**20
"""Smaller objects are requested whole then: many formats say something of a picture behind its pixels."""


class Ahead:
    """The states and the first bytes of objects, requested before they are asked for.

    Parameters
    ----------
    files
        Absolute names, of which some may be addresses.
    known
        What is remembered of them: of such a file only the state is needed.
    """

    def __init__(self, files: Sequence[bytes], known: Remembered) -> None:
        self._states: dict[bytes, Future[State]] = {}
        self._starts: dict[bytes, Future[tuple[State, bytes]]] = {}
        self._threads: ThreadPoolExecutor | None = None
        places = places_of_addresses(files)
        if wanted := {files[place]: bool(known.code[place] != ABSENT) for place in places}:
            objects.check_library()
            self._threads = ThreadPoolExecutor(objects.AT_ONCE, thread_name_prefix="object")
            for file, is_known in wanted.items():
                if is_known:
                    self._states[file] = self._threads.submit(objects.state, os.fsdecode(file))
                else:
                    self._starts[file] = self._threads.submit(_start, os.fsdecode(file))

    def __bool__(self) -> bool:
        """Whether any of the files is an object."""
        return self._threads is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)

    def state(self, file: bytes) -> State:
        """Return the state of a remembered object; raises OSError."""
        return self._states[file].result()

    def start(self, file: bytes) -> tuple[State, bytes]:
        """Return the state and the first bytes of an object; raises OSError."""
        return self._starts[file].result() if file in self._starts else _start(os.fsdecode(file))


def _start(name: str) -> tuple[State, bytes]:
    return objects.start(name, imaging.PREFIX_BYTES)


def header_of_object(file: bytes, size: int, options: ScanOptions) -> Header:
    """Return the header of an object that is longer than the start that was read first.

    Raises
    ------
    OSError, SampleError, NotAPicture
    """
    name = os.fsdecode(file)
    if size > _SMALL_BYTES:
        _state, start = objects.start(name, _LONGER_START_BYTES)
        with suppress(imaging.MoreBytesNeeded):
            return imaging.probe(start, file_bytes=size, scan=options)
    with to_map(file) as (handle, state):
        memory_limit.grant("probed", state.size_bytes)
        with mmap.mmap(handle, state.size_bytes, access=mmap.ACCESS_READ) as mapped:
            return imaging.probe(mapped, file_bytes=state.size_bytes, scan=options)
