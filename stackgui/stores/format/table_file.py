"""Read the file of an array piece by piece, without mapping it or keeping anything of it."""

from __future__ import annotations

import math
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import PlanError, StackguiError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.outputs import START_BYTES, output_of
from stackgui.core.plan.plan import ArraySpec
from stackgui.stores.files.failures import explained
from stackgui.stores.files.opening import open_to_read

_READERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
_MAX_HEADER_BYTES = 10_000
_CALL_BYTES = 2**28
_PIECE_BYTES = 2**22

_stays_open = sys.platform != "win32"
"""Whether files stay open between reads; on Windows nobody could replace them, as an update has to."""


class TableFile:
    """An array in a file; may be read from several threads.

    A memory map would count every page that was looked at as memory of the program, and would crash it when
    the disk fails; a read does neither.

    Parameters
    ----------
    path : str
    offset : int
        Where the array begins in the file, in bytes.
    array : ArraySpec, optional
        What the file must hold, of the output that its name tells; without it, whatever ``.npy`` it is.

    Attributes
    ----------
    shape : tuple of int
    dtype : numpy.dtype
    is_fortran : bool
        Whether the first axis runs fastest.
    begin : int
        Offset of the first number in the file, in bytes.

    Raises
    ------
    StackguiError
        When the file cannot be opened, or holds no array, or is shorter than its header says.
    """

    def __init__(self, path: str, offset: int = 0, array: ArraySpec | None = None) -> None:
        self.path = path
        with explained(path, StackguiError):
            file = open_to_read(path)
        self._file = file if _stays_open else None
        self._lock = threading.Lock()
        try:
            self._read_header(file, offset, array)
        except BaseException:
            file.close()
            raise
        if self._file is None:
            file.close()

    def _read_header(self, file: BinaryIO, offset: int, array: ArraySpec | None) -> None:
        wrong = say("{path} is damaged, or holds no array.", path=printable(self.path))
        try:
            with explained(self.path, StackguiError):
                file.seek(offset)
                shape, self.is_fortran, self.dtype, self.begin = self._found(file, array)
                size = os.fstat(file.fileno()).st_size
        except (KeyError, ValueError, PlanError) as error:
            raise StackguiError(wrong) from error
        self.shape: tuple[int, ...] = tuple(map(int, shape))
        if self.dtype.hasobject or min(self.shape, default=0) < 0 or size < self.begin + self.data_bytes:
            raise StackguiError(wrong)

    def _found(
        self, file: BinaryIO, array: ArraySpec | None
    ) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
        """Read shape, order, dtype and begin; raises KeyError, ValueError, PlanError or OSError."""
        if array is None:
            read = _READERS[np.lib.format.read_magic(file)]
            shape, is_fortran, dtype = read(file, max_header_size=_MAX_HEADER_BYTES)
            return shape, is_fortran, dtype, file.tell()
        begin = output_of(array.file).rows_begin(file.read(START_BYTES), array)
        if begin is None:
            raise ValueError("another array")
        return array.shape, False, np.dtype(array.dtype), begin

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def item_bytes(self) -> int:
        """Size of one entry of the first axis, in bytes."""
        return math.prod(self.shape[1:]) * self.dtype.itemsize

    @property
    def data_bytes(self) -> int:
        """Size of all numbers, in bytes."""
        return math.prod(self.shape) * self.dtype.itemsize

    def __getitem__(self, index: int) -> NDArray[Any]:
        """Read one entry of the first axis."""
        piece: NDArray[Any] = self.read(index, index + 1)[0]
        return piece

    def read(self, begin: int, end: int) -> NDArray[Any]:
        """Read entries of the first axis, shape (end - begin, …); raises StackguiError."""
        data = self.read_bytes(begin * self.item_bytes, (end - begin) * self.item_bytes)
        return np.frombuffer(data, self.dtype).reshape(end - begin, *self.shape[1:])

    def pieces(self) -> Iterator[tuple[int, NDArray[Any]]]:
        """Yield all entries in pieces of some megabytes, each after the number of its first entry."""
        count = max(1, _PIECE_BYTES // max(1, self.item_bytes))
        for begin in range(0, len(self), count):
            yield begin, self.read(begin, min(begin + count, len(self)))

    def read_bytes(self, offset: int, count: int) -> bytes:
        """Read `count` bytes from `offset` bytes after the header; raises StackguiError."""
        parts: list[bytes] = []
        place, end = self.begin + offset, self.begin + offset + count
        with explained(self.path, StackguiError), self._opened() as file:
            while place < end:
                part = self._part(file, place, min(end - place, _CALL_BYTES))
                if not part:
                    raise StackguiError(say("{path} ends early.", path=printable(self.path)))
                parts.append(part)
                place += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        if self._file is not None:
            yield self._file
        else:
            with open_to_read(self.path) as file:
                yield file

    def _part(self, file: BinaryIO, place: int, count: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(file.fileno(), count, place)
        with self._lock:
            file.seek(place)
            return file.read(count)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
