"""From a plan to what a worker needs to know of some rows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.columns import Coded, Paths
from stackgui.core.geometry import Geometry
from stackgui.core.plan import Plan
from stackgui.engine.render import RowPlan
from stackgui.engine.roots import Root


class File(NamedTuple):
    """A sample's file as it was when it was scanned.

    Attributes
    ----------
    name : bytes
        Absolute.
    file_bytes, mtime_ns : int
    roots : tuple of Root
        Folders with which it may be away.
    """

    name: bytes
    file_bytes: int
    mtime_ns: int
    roots: tuple[Root, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Files:
    """The samples of some rows on their way to a worker; gives a `File` and a `RowPlan` for each.

    Columns, because making and sending an object for every row costs as much as decoding a small picture.
    """

    folders: tuple[bytes, ...]
    source: NDArray[np.int32]
    path: Paths
    file_bytes: NDArray[np.int64]
    mtime_ns: NDArray[np.int64]
    format: Coded
    dtype: Coded
    bits: NDArray[np.uint8]
    has_profile: NDArray[np.bool_]
    member: NDArray[np.int32]
    height: NDArray[np.int32]
    width: NDArray[np.int32]
    geometry: Geometry
    roots: tuple[Root, ...]

    def __iter__(self) -> Iterator[tuple[File, RowPlan]]:
        files = map(File, self._names(), self.file_bytes.tolist(), self.mtime_ns.tolist(), repeat(self.roots))
        rows = map(
            RowPlan,
            self.format,
            self.dtype,
            self.bits.tolist(),
            self.has_profile.tolist(),
            self.member.tolist(),
            zip(self.height.tolist(), self.width.tolist(), strict=True),
            _tuples(self.geometry.scaled),
            _tuples(self.geometry.window),
            _tuples(self.geometry.placement),
        )
        return zip(files, rows, strict=True)

    def _names(self) -> Iterator[bytes]:
        folders = [os.path.join(folder, b"") for folder in self.folders]
        data, start = self.path.data, 0
        for source, end in zip(self.source.tolist(), self.path.ends.tolist(), strict=True):
            yield folders[source] + data[start:end]
            start = end


def files_of(
    plan: Plan, samples: NDArray[np.int64], geometry: Geometry, roots: tuple[Root, ...] = ()
) -> Files:
    """What a worker needs for `samples`, whose geometry is `geometry`.

    Files that cannot be read are an error, and no failures, while one of `roots` is away.
    """
    catalog = plan.catalog
    return Files(
        folders=tuple(os.fsencode(source) for source in catalog.sources),
        source=catalog.source[samples],
        path=catalog.path.take(samples),
        file_bytes=catalog.file_bytes[samples],
        mtime_ns=catalog.mtime_ns[samples],
        format=catalog.format.take(samples),
        dtype=catalog.dtype.take(samples),
        bits=catalog.bits[samples],
        has_profile=~catalog.profile.take(samples).equals(""),
        member=catalog.member[samples],
        height=catalog.height[samples],
        width=catalog.width[samples],
        geometry=geometry,
        roots=roots,
    )


def _tuples(table: NDArray[Any]) -> Iterator[tuple[Any, ...]]:
    return map(tuple, table.tolist())
