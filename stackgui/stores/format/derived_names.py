"""The names of a stack that has no ``names.npy``: taken from its manifest, and kept.

A stack that is only looked at is not written to, so they are kept in a folder of the program's own.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

import numpy as np

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.errors import StackguiError
from stackgui.stores.files import renaming
from stackgui.stores.files.failures import explained
from stackgui.stores.format.header import file_in
from stackgui.stores.format.manifest_look import ManifestLook, manifest_name
from stackgui.stores.format.names import Names, NameTable, blocks
from stackgui.stores.format.open_array import damaged
from stackgui.stores.format.table_file import TableFile

KEPT = 8
"""Stacks whose names are kept: those that were looked at last."""

_ENDING, _MAKING = ".names.npy", ".making"
_HEADER_BYTES = 128


class DerivedNames:
    """The names in a manifest, which are written down when they are read for the first time.

    Parameters
    ----------
    folder : str
        The stack.
    rows : int
    kept_in : str
        Folder to keep the names in; it need not exist.
    """

    def __init__(self, folder: str, rows: int, kept_in: str) -> None:
        self._folder, self._rows, self._kept_in = folder, rows, kept_in
        self._lock = threading.Lock()
        self._known: NameTable | None = None
        self._making: IO[bytes] | None = None
        self._row = self._bytes = self._offset = 0

    def blocks(self, watch: Cancellation) -> Iterator[tuple[int, Names]]:
        """Yield the names of some rows after the other; as `NameTable.blocks`.

        What was read before a search was given up is not read from the manifest again.
        """
        with self._lock:
            if self._known is None and self._making is None:
                self._known = self._kept()
            if self._known is None:
                yield from self._made(watch)
            else:
                yield from self._known.blocks(watch)

    def _kept(self) -> NameTable | None:
        with suppress(OSError, StackguiError):
            os.utime(self._place())
            return NameTable(TableFile(self._place()), self._rows)
        return None

    def _place(self) -> str:
        """Return where the names are kept, which another manifest in the same place changes."""
        path = file_in(self._folder, manifest_name(self._folder))
        with explained(path, StackguiError):
            now = os.stat(path)
        what = os.path.realpath(path), now.st_size, now.st_mtime_ns, now.st_ino
        digest = hashlib.blake2b(repr(what).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
        return os.path.join(self._kept_in, digest + _ENDING)

    def _made(self, watch: Cancellation) -> Iterator[tuple[int, Names]]:
        place = self._place()
        if self._making is None:
            with suppress(OSError):
                self._making = _new_file(self._kept_in)
        yield from blocks(self._written, self._bytes, watch)
        row = self._row
        for offset, names in ManifestLook(self._folder, self._rows).names(self._offset, watch):
            count = int(np.count_nonzero(names == 0))
            self._write(names, count, offset)
            yield row, names
            row += count
        if row != self._rows:
            raise StackguiError(damaged(self._folder, manifest_name(self._folder)))
        self._keep(place)

    def _written(self, begin: int, end: int) -> Names:
        assert self._making is not None, "something was written"
        with explained(self._kept_in, StackguiError):
            self._making.seek(_HEADER_BYTES + begin)
            return np.frombuffer(self._making.read(end - begin), np.uint8)

    def _write(self, names: Names, count: int, offset: int) -> None:
        """Write names down, of which `count` stand in lines that end at `offset`; not on a full disk."""
        if self._making is None:
            return
        try:
            self._making.seek(_HEADER_BYTES + self._bytes)
            self._making.write(names.data)
            self._making.flush()
        except OSError:
            self._give_up()
        else:
            self._row, self._bytes, self._offset = self._row + count, self._bytes + len(names), offset

    def _give_up(self) -> None:
        file, self._making = self._making, None
        self._row = self._bytes = self._offset = 0
        if file is not None:
            with suppress(OSError):
                file.close()
            with suppress(OSError):
                os.unlink(file.name)

    def _keep(self, place: str) -> None:
        """Keep the names for the next time, if that is possible."""
        if self._making is None:
            return
        header = {"descr": "|u1", "fortran_order": False, "shape": (self._bytes,)}
        try:
            self._making.seek(0)
            np.lib.format.write_array_header_1_0(self._making, header)
            assert self._making.tell() == _HEADER_BYTES, "NumPy leaves room for a longer shape"
            self._making.close()
            renaming.replace(self._making.name, place)
            self._making = None
            self._known = NameTable(TableFile(place), self._rows)
            _forget_oldest(self._kept_in)
        except (OSError, StackguiError):
            self._give_up()

    def close(self) -> None:
        """Close all files."""
        with self._lock:
            if self._known is not None:
                self._known.close()
            self._known = None
            self._give_up()


def _new_file(folder: str) -> IO[bytes]:
    """Create a file in `folder`, or where there is room for files that last no longer than the program."""
    with suppress(OSError):
        os.makedirs(folder, exist_ok=True)
        return tempfile.NamedTemporaryFile(dir=folder, suffix=_MAKING, delete=False)
    return tempfile.NamedTemporaryFile(suffix=_MAKING, delete=False)


def _forget_oldest(folder: str) -> None:
    """Delete all names but those that were looked at last, and what a crash has left."""
    found = [each for each in os.scandir(folder) if each.name.endswith((_ENDING, _MAKING))]
    found.sort(key=lambda each: each.stat().st_mtime_ns, reverse=True)
    for each in found[KEPT:]:
        with suppress(OSError):
            os.unlink(each.path)
