"""Where samples lie in archives that are read in place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

NO_ARCHIVE = -1
"""The archive of a sample that is a file of its own."""

UNKNOWN_CRC = -1


class Packing(IntEnum):
    """How a sample's bytes are kept in its archive.

    ``STORED``: as they are. ``DEFLATED``: in a ZIP file, by themselves. ``STREAM``: in a TAR file that is
    compressed as a whole, so that whatever stands before them has to be unpacked first.
    """

    STORED = 0
    DEFLATED = 1
    STREAM = 2


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive as it was when it was scanned.

    Attributes
    ----------
    source : int
        Index of its source.
    path : str
        Name relative to the source's folder; ``""`` where the archive is the source itself.
    file_bytes, mtime_ns : int
    """

    source: int
    path: str
    file_bytes: int
    mtime_ns: int

    def to_json(self) -> list[Any]:
        """The archive as JSON values."""
        return [getattr(self, each.name) for each in fields(self)]


@dataclass(frozen=True, eq=False, slots=True)
class ArchiveLocation:
    """Where each sample lies in its archive; every column has one entry per sample.

    Attributes
    ----------
    archive : int32, shape (N,)
        Index into the catalog's archives; -1 for a file of its own, of which the rest means nothing.
    offset : int64, shape (N,)
        Where its bytes begin: in the archive, or in what it unpacks to for ``STREAM``.
    packed_bytes : int64, shape (N,)
        How many bytes it takes there.
    packing : uint8, shape (N,)
        A `Packing`.
    crc32 : int64, shape (N,)
        Checksum of its unpacked bytes; -1 where the archive has none.
    """

    archive: NDArray[np.int32]
    offset: NDArray[np.int64]
    packed_bytes: NDArray[np.int64]
    packing: NDArray[np.uint8]
    crc32: NDArray[np.int64]

    @classmethod
    def none_of(cls, samples: int) -> ArchiveLocation:
        """For `samples` that are files of their own; takes no memory, however many they are."""
        archive = np.broadcast_to(np.int32(NO_ARCHIVE), samples)
        offset, packing = np.broadcast_to(np.int64(0), samples), np.broadcast_to(np.uint8(0), samples)
        return cls(archive, offset, offset, packing, np.broadcast_to(np.int64(UNKNOWN_CRC), samples))

    @classmethod
    def concatenate(cls, parts: Iterable[ArchiveLocation]) -> ArchiveLocation:
        """Join several tables into one."""
        parts = [cls.none_of(0), *parts]
        columns = (np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(cls))
        return cls(*columns)

    def __len__(self) -> int:
        return len(self.archive)

    def take(self, samples: NDArray[Any] | slice) -> ArchiveLocation:
        """The entries of `samples`."""
        return ArchiveLocation(*(getattr(self, each.name)[samples] for each in fields(self)))

    def columns(self) -> dict[str, NDArray[Any]]:
        """The columns by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def rows(self) -> list[list[int]]:
        """An entry per sample, in the order of the columns."""
        return [
            list(row) for row in zip(*(column.tolist() for column in self.columns().values()), strict=True)
        ]

    @classmethod
    def from_columns(cls, value: Mapping[str, Any]) -> ArchiveLocation:
        """Make the table of anything that is like its columns."""
        return cls(**{each: np.asarray(value[each], dtype) for each, dtype in _DTYPES.items()})

    @classmethod
    def of_rows(cls, rows: Sequence[Sequence[int] | None]) -> ArchiveLocation:
        """Rebuild what `rows` gave; None is a file of its own."""
        none = [NO_ARCHIVE, 0, 0, 0, UNKNOWN_CRC]
        table = np.array([none if row is None else row for row in rows], np.int64).reshape(-1, len(none))
        return cls.from_columns(dict(zip(_DTYPES, table.T, strict=True)))

    def check(self, archives: int) -> None:
        """Raise ValueError for what cannot be, with so many archives."""
        inside = self.archive != NO_ARCHIVE
        if ((self.archive < NO_ARCHIVE) | (self.archive >= archives)).any():
            raise ValueError("it names archives that there are not")
        if (np.minimum(self.offset, self.packed_bytes)[inside] < 0).any():
            raise ValueError("it has a place in an archive that there is not")
        if (self.packing > max(Packing)).any():
            raise ValueError("it has samples that are packed in an unknown way")


_DTYPES: dict[str, type[np.generic]] = {
    "archive": np.int32,
    "offset": np.int64,
    "packed_bytes": np.int64,
    "packing": np.uint8,
    "crc32": np.int64,
}
