"""Where in the file of an array other processes may write rows, for the one that has opened it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from stackgui.stores.arrays.array_file import FLAGS, write_all


@dataclass(frozen=True, slots=True)
class Place:
    """Consecutive rows of an array, all of them as long as they are in the file.

    Attributes
    ----------
    path : str
        Absolute path of the array's file.
    device, inode : int
        Identity of the file: by the time a slow worker opens it, the path may lead to another one.
    offset : int
        Byte of the file at which the first of the rows begins.
    row_bytes : int
    """

    path: str
    device: int
    inode: int
    offset: int
    row_bytes: int

    @contextmanager
    def opened(self) -> Iterator[int]:
        """Open the file for `write`; raises OSError if it is gone."""
        handle = os.open(self.path, FLAGS | os.O_WRONLY)
        try:
            found = os.fstat(handle)
            if (found.st_dev, found.st_ino) != (self.device, self.inode):
                raise FileNotFoundError(errno.ENOENT, "the file of the array is gone", self.path)
            yield handle
        finally:
            os.close(handle)

    def write(self, handle: int, row: int, data: memoryview) -> None:
        """Write rows from `row` on, counted from the first of the place; raises OSError."""
        write_all(handle, data, self.offset + row * self.row_bytes)
