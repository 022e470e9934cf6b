"""The file of an array that gets further rows."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from stackgui.core.base.errors import StoreError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.outputs import output_of
from stackgui.core.plan.plan import ArraySpec
from stackgui.stores.arrays.array_file import ArrayFile, reserve_behind
from stackgui.stores.files.failures import explained


class GrowingFile(ArrayFile):
    """An existing array file that is about to have more rows, or that was interrupted while it got them.

    Parameters
    ----------
    path : str
    before, after : ArraySpec
        Of equal row size.

    Attributes
    ----------
    old_bytes : int
        Size of the rows that it had before.

    Raises
    ------
    StoreError
        When it cannot be opened, or does not hold the rows of `before`.
    """

    def __init__(self, path: str, before: ArraySpec, after: ArraySpec) -> None:
        self.old_bytes = before.data_bytes
        self._after = after
        if before.row_bytes != after.row_bytes or before.rows > after.rows or not has_room(before, after):
            raise StoreError(say("{path} is damaged: it is not the array of the plan.", path=printable(path)))
        super().__init__(path, after, sparse=True, existing=True)

    def _check(self, header: bytes, size_bytes: int) -> None:  # noqa: ARG002 - it may be shorter
        with explained(self.path):
            found = os.fstat(self._descriptor)
        # The header may have been torn by a power cut, and is written again at the end.
        if not stat.S_ISREG(found.st_mode) or found.st_size < len(header) + self.old_bytes:
            self.abort()
            raise StoreError(
                say("{path} is damaged: it is not the array of the plan.", path=printable(self.path))
            )

    def reserve(self) -> None:
        """Reserve space for the new rows, where the system can do that without making the file longer.

        Raises
        ------
        OSError
        """
        begin = self.data_offset + self.old_bytes
        reserve_behind(self._descriptor, begin, self._after.data_bytes - self.old_bytes)

    def give_back(self) -> None:
        """Give back what `reserve` took; never raises."""
        with suppress(OSError):
            os.ftruncate(self._descriptor, os.fstat(self._descriptor).st_size)

    def finish(self) -> None:
        """Make the rows durable, and then the header count them; raises OSError."""
        header = output_of(self._after.file).header(self._after)
        os.ftruncate(self._descriptor, len(header) + self._after.data_bytes)
        self.sync()
        self.write_at(-len(header), memoryview(header))
        self.sync()


def has_room(before: ArraySpec, after: ArraySpec) -> bool:
    """Whether the header of `after` can take the place of that of `before`."""
    header = output_of(before.file).header
    return len(header(before)) == len(header(after))
