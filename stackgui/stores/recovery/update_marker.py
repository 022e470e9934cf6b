"""Complete an update that was interrupted once it counted.

An update is prepared in a folder of its own within the stack, ``update-….partial``, while the stack stays as
it is. Its renaming to ``update-…`` is the moment at which the update counts. What is in that folder is then
brought into the stack; every step can be repeated, so that whoever next opens the stack can do so.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from stackgui.core.base.errors import StackguiError
from stackgui.core.plan.plan import ArraySpec
from stackgui.stores.arrays.array_file import ArrayFile
from stackgui.stores.arrays.growing_file import GrowingFile
from stackgui.stores.arrays.rows import Blank
from stackgui.stores.files import renaming
from stackgui.stores.files.deleting import clear
from stackgui.stores.files.durable import sync_folder
from stackgui.stores.format.header import file_in, read_json
from stackgui.stores.format.open_array import damaged
from stackgui.stores.format.tables import TABLES
from stackgui.stores.recovery.folder import PARTIAL
from stackgui.stores.recovery.retry_marker import blank_part

MERGE_FILE = "merge.json"
_NAME = "update-"
_READY = re.compile(_NAME + "[0-9a-f]{32}")
_READ_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class MergedArray:
    """What becomes of one array of a stack.

    Attributes
    ----------
    file : str
        Its name, which the array of the rows to be brought into it has, too.
    dtype : str
    before, after, made : tuple of int
        Its shape before and after, and that of the array of rows to be brought into it.
    copies : tuple of (int, int, int)
        First row there, first row here, and number of rows.
    blank : tuple of (int, int)
        Rows to be blanked, from the first up to the second.
    fill : float
        The number of blank rows.
    """

    file: str
    dtype: str
    before: tuple[int, ...]
    after: tuple[int, ...]
    made: tuple[int, ...]
    copies: tuple[tuple[int, int, int], ...]
    blank: tuple[tuple[int, int], ...]
    fill: float


@dataclass(frozen=True, slots=True)
class Merge:
    """How an update is brought into its stack.

    Attributes
    ----------
    arrays : tuple of MergedArray
    new : tuple of str
        Arrays that the stack does not have yet.
    tables : tuple of str
        The tables that it will have.
    """

    arrays: tuple[MergedArray, ...]
    new: tuple[str, ...]
    tables: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Merge:
        """Rebuild what `to_json` returned; raises LookupError, TypeError or ValueError."""
        return cls(
            tuple(_array(each) for each in value["arrays"]),
            tuple(map(str, value["new"])),
            tuple(map(str, value["tables"])),
        )


def _array(value: Mapping[str, Any]) -> MergedArray:
    return MergedArray(
        file=str(value["file"]),
        dtype=np.dtype(str(value["dtype"])).name,
        before=_numbers(value["before"]),
        after=_numbers(value["after"]),
        made=_numbers(value["made"]),
        copies=tuple((int(there), int(here), int(count)) for there, here, count in value["copies"]),
        blank=tuple((int(begin), int(end)) for begin, end in value["blank"]),
        fill=float(value["fill"]),
    )


def _numbers(value: Sequence[Any]) -> tuple[int, ...]:
    return tuple(map(int, value))


def update_folder(stack: str, name: str) -> str:
    """Return the folder in which an update that `name`, 32 hexadecimal digits, identifies is made ready."""
    return os.path.join(stack, _NAME + name)


def ready_update(stack: str) -> str | None:
    """Return the folder of the update that counts but is not yet in the stack; None usually."""
    with suppress(OSError):
        for name in os.listdir(stack):
            if _READY.fullmatch(name) and not os.path.islink(os.path.join(stack, name)):
                return os.path.join(stack, name)
    return None


def forget_updates(stack: str, keep: str = "") -> None:
    """Delete what unfinished updates other than `keep` have left; the caller has locked the stack.

    Raises
    ------
    OSError
    """
    for name in os.listdir(stack):
        path = os.path.join(stack, name)
        is_ours = name.endswith(PARTIAL) and _READY.fullmatch(name.removesuffix(PARTIAL))
        if is_ours and path != keep + PARTIAL and not os.path.islink(path) and os.path.isdir(path):
            shutil.rmtree(path)


def settle_update(stack: str) -> None:
    """Bring an update that counts into the stack, which the caller has locked.

    Raises
    ------
    OSError
    StackguiError
        When the disk is full, or the update or the stack is damaged.
    """
    if (ready := ready_update(stack)) is None:
        return
    if os.path.lexists(os.path.join(ready, MERGE_FILE)):
        _bring_in(stack, ready)
        os.unlink(os.path.join(ready, MERGE_FILE))
        sync_folder(ready)
    clear(ready, ())
    os.rmdir(ready)
    sync_folder(stack)


def _bring_in(stack: str, ready: str) -> None:
    try:
        merge = Merge.from_json(read_json(ready, MERGE_FILE))
    except (AttributeError, LookupError, TypeError, ValueError, OverflowError) as error:
        raise StackguiError(damaged(ready, MERGE_FILE)) from error
    for array in merge.arrays:
        _bring_in_array(stack, ready, array)
    for name in (*merge.new, *(name for name in TABLES if name in merge.tables)):
        if os.path.lexists(os.path.join(ready, name)):
            renaming.replace(file_in(ready, name), os.path.join(stack, name))
    for name in set(TABLES).difference(merge.tables):
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(stack, name))
    sync_folder(stack)


def _bring_in_array(stack: str, ready: str, array: MergedArray) -> None:
    before, after, made = (
        ArraySpec(array.file, shape, array.dtype) for shape in (array.before, array.after, array.made)
    )
    target = GrowingFile(file_in(stack, array.file), before, after)
    try:
        if array.copies:
            source = ArrayFile(file_in(ready, array.file), made, sparse=True, existing=True, writable=False)
            try:
                for there, here, count in array.copies:
                    _copy(source, target, (there, here, count), after.row_bytes)
            finally:
                source.abort()
        for begin, end in array.blank:
            blank = Blank.of(array.fill, array.dtype)
            blank_part(target, blank, begin * after.row_bytes, end * after.row_bytes)
        target.finish()
    finally:
        target.abort()


def _copy(source: ArrayFile, target: GrowingFile, rows: tuple[int, int, int], row_bytes: int) -> None:
    """Copy rows; where the target ends, zeros are left out, so that holes stay holes."""
    there, here, count = (each * row_bytes for each in rows)
    for at in range(0, count, _READ_BYTES):
        data = source.read_at(there + at, min(_READ_BYTES, count - at))
        if here + at < target.old_bytes or data.count(0) < len(data):
            target.write_at(here + at, memoryview(data))
