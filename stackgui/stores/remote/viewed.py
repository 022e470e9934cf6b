"""A stack in a bucket as it is looked at: its group is read by parts of objects, when they are wanted."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.choices import Layout
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import ArraySpec
from stackgui.stores.export import contents
from stackgui.stores.format.names import Names
from stackgui.stores.remote.group import open_group
from stackgui.stores.remote.group_arrays import GroupArrays
from stackgui.stores.remote.lost import LostRows
from stackgui.stores.remote.place import check_libraries
from stackgui.stores.stack.viewed import ViewedStack
from stackgui.stores.stack.viewed_table import Placement

_NAMES = 4096
"""Names that are passed over at a time, as many as lie together."""


class ViewedPlace(ViewedStack):
    """The rows of a stack in a bucket; may be read from several threads, each of which waits for the server.

    What only a manifest tells is not known there: sizes and formats of the files, and why a row is blank.

    Parameters
    ----------
    place : str
        Its address.

    Raises
    ------
    StackguiError
        When there is no complete stack, it is damaged, or nobody can be asked.
    UsageError
        When a library is not installed that reads it.
    """

    def __init__(self, place: str) -> None:
        check_libraries()
        self._group = open_group(place)
        self._read = GroupArrays(place)
        self._lost = LostRows(place, self._group, self._read)
        self._begin(place, self._group.header)
        arrays = tuple(replace(spec, file=contents.array_name(spec)) for spec in self.opened.arrays)
        self.opened = replace(self.opened, arrays=arrays)  # there are no files

    def _class_names(self) -> object:
        return self._group.about["classes"]

    def _look_at_lines(self) -> _Lines:
        return _Lines(self._read, self._header["plan"])

    def _rows_of(self, spec: ArraySpec, layout: Layout) -> _Pixels:
        return _Pixels(self._read, self._lost, contents.array_name(spec), contents.axes_of(spec, layout))

    def _open_table(self, name: str) -> _Table:
        return _Table(self._read, os.path.splitext(name)[0])

    def _has(self, name: str) -> bool:
        return os.path.splitext(name)[0] in self._group.names

    def _derive(self, mark: str, _watch: Cancellation) -> None:
        if mark not in self._marks:
            self._derived_marks[mark] = np.zeros(self.opened.rows, np.bool_)

    def names(self, watch: Cancellation) -> Iterator[tuple[int, Names]]:
        """Yield the names of the files of some rows after the other; as `ViewedStack.names`."""
        for begin in range(0, self.opened.rows, _NAMES):
            watch.check()
            found = self._read.entries(contents.FILES, begin, min(begin + _NAMES, self.opened.rows))
            yield begin, np.frombuffer(b"".join(name.encode() + b"\0" for name in found), np.uint8)


class _Table:
    """A table of a group; see `ViewedTable`."""

    is_fortran = False

    def __init__(self, read: GroupArrays, name: str) -> None:
        self._read, self._name = read, name
        self.shape, self.dtype = read.shape(name), read.dtype(name)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: int) -> NDArray[Any]:
        entry: NDArray[Any] = self.read(index, index + 1)[0]
        return entry

    @property
    def item_bytes(self) -> int:
        """Size of one entry of the first axis, in bytes."""
        return int(np.prod(self.shape[1:], dtype=np.int64)) * self.dtype.itemsize

    def read(self, begin: int, end: int) -> NDArray[Any]:
        """Read entries of the first axis."""
        return self._read.entries(self._name, begin, end)

    def close(self) -> None:
        """Do nothing: no file is open."""


class _Pixels:
    """The rows of an array of pictures or masks."""

    def __init__(self, read: GroupArrays, lost: LostRows, name: str, axes: Sequence[str]) -> None:
        self._read, self._lost, self._name = read, lost, name
        sides = dict(zip(axes, read.shape(name), strict=True))
        self.size = (sides["height"], sides["width"])
        self._is_planar = axes[1] == "channel"

    def read(self, row: int, part: Placement, step: int = 1) -> NDArray[Any]:
        """Read a part of a row, every `step` pixels, shape (h, w, C); raises StackguiError if it is lost."""
        top, left, height, width = part
        whole = self._read.entries(self._name, row, row + 1)[0]
        if not whole.any():
            self._lost.check(self._name, row)
        whole = np.moveaxis(whole, 0, -1) if self._is_planar else np.atleast_3d(whole)
        return np.array(whole[top : top + height : step, left : left + width : step])


class _Lines:
    """What a group tells of the files that its rows were made from."""

    def __init__(self, read: GroupArrays, plan: Mapping[str, Any]) -> None:
        self._read = read
        folders = [str(each) for each in plan["folders"]]
        self._several = {os.path.basename(os.path.normpath(each)): each for each in folders}
        self._only = folders[0] if len(folders) == 1 else ""

    def lines(self, rows: Sequence[int]) -> list[Mapping[str, Any]]:
        """Return what is known of `rows`, as ``manifest.jsonl`` has it."""
        return [self._line(str(self._read.entries(contents.FILES, row, row + 1)[0])) for row in rows]

    def _line(self, name: str) -> Mapping[str, Any]:
        source, file = self._only, name
        if not source:
            begins, _slash, file = name.partition("/")
            source = self._several.get(begins, begins)
        reason = say("its picture could not be read when the stack was made")
        return {"source": source, "file": file, "reason": reason}
