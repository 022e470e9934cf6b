"""Rows of zeros in a bucket: told from those whose shard is gone, since a shard of zeros is no object."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from stackgui.core.base.errors import StackguiError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.stores.arrays.checksums import HeldRows, blank_line, padding_is, stored_checksum
from stackgui.stores.arrays.rows import Blank, RowShape
from stackgui.stores.export.contents import array_name
from stackgui.stores.export.zarr_group import CHECKSUMS, PLACEMENTS
from stackgui.stores.export.zarr_pieces import shard_name
from stackgui.stores.remote.group import Group
from stackgui.stores.remote.group_arrays import GroupArrays


class LostRows:
    """Says of rows of zeros that they are missing, unless that is what was written.

    Parameters
    ----------
    place : str
    group, read
    """

    def __init__(self, place: str, group: Group, read: GroupArrays) -> None:
        self._place, self._group, self._read = place, group, read
        self._there: set[str] = set()
        firsts = [0, *accumulate(spec.rows for spec in group.specs)]
        self._arrays = {
            array_name(spec): (arrays, kind, first)
            for arrays, first in zip(group.buckets, firsts, strict=False)
            for kind, spec in enumerate(arrays)
        }

    def check(self, name: str, index: int) -> None:
        """Check a row of an array, all of which is zero.

        Raises
        ------
        StackguiError
            When its shard is gone; UnansweredError when nobody can be asked.
        """
        arrays, kind, first = self._arrays[name]
        size = self._read.shard_rows(name)
        shard = shard_name(arrays[kind], index // size)
        if self._is_there(shard) or self._is_as_written(name, index):
            return
        begin = first + index // size * size
        raise StackguiError(
            say(
                "Rows {first:,} to {last:,} are missing in the bucket: {name} is no longer there. Put it "
                "back, or make the stack again.",
                first=begin,
                last=min(begin + size, first + arrays[kind].rows) - 1,
                name=f"{printable(self._place)}/{printable(shard)}",
            )
        )

    def _is_there(self, shard: str) -> bool:
        if shard not in self._there and self._read.has(shard):
            self._there.add(shard)
        return shard in self._there

    def _is_as_written(self, name: str, index: int) -> bool:
        """Return whether a row has its checksum and its padding, as far as the group knows of them."""
        if not {CHECKSUMS, PLACEMENTS} <= self._group.names:
            return True
        arrays, kind, first = self._arrays[name]
        row = first + index
        top, left, height, width = self._read.entries(PLACEMENTS, row, row + 1)[0].tolist()
        shapes = [RowShape.of(spec, self._group.layout) for spec in arrays]
        held = []
        for spec, shape in zip(arrays, shapes, strict=True):
            pixels = np.ascontiguousarray(self._read.entries(array_name(spec), index, index + 1))
            held.append(HeldRows(pixels.reshape(-1).view(np.uint8), index * shape.row_bytes))
        placement = (top, left, height, width)
        if height:
            checksum = stored_checksum(list(zip(held, shapes, strict=True)), index, placement)
            if checksum != int(self._read.entries(CHECKSUMS, row, row + 1)[0]):
                return False
        line = blank_line(shapes[kind], Blank.of(self._group.fills[kind], arrays[kind].dtype))
        return padding_is(held[kind], shapes[kind], index, placement, line)
