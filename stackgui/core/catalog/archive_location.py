"""Where samples lie inside archives, which are read without unpacking them to disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import restore_state, slim_state

NO_ARCHIVE = -1
"""The archive of a sample that is a file of its own."""

UNKNOWN_CRC = -1
"""The checksum of a sample whose archive records none."""


class Packing(IntEnum):
    """How an archive stores a sample's bytes.

    ``STORED``: uncompressed. ``DEFLATED``: compressed on their own, in a ZIP file. ``STREAM``: in a TAR file
    that is compressed as a whole, so that everything before them has to be unpacked first.
    """

    STORED = 0
    DEFLATED = 1
    STREAM = 2


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive, as the scan found it.

    Attributes
    ----------
    source : int
        Index of its source.
    path : str
        Name relative to the source's folder; ``""`` if the archive is the source itself.
    file_bytes : int
        Size of the archive.
    mtime_ns : int
        Time of its last change, in nanoseconds since 1970.
    """

    source: int
    path: str
    file_bytes: int
    mtime_ns: int

    def to_json(self) -> list[Any]:
        """Return the archive as a list of JSON values."""
        return [getattr(self, each.name) for each in fields(self)]


@dataclass(frozen=True, eq=False, slots=True)
class ArchiveLocation:
    """Where each sample lies in its archive; each column has one entry per sample.

    Attributes
    ----------
    archive : int32, shape (N,)
        Index into the catalog's archives; -1 for a file outside any archive, whose other columns mean
        nothing.
    offset : int64, shape (N,)
        Byte offset in the archive or, for ``STREAM``, in the unpacked stream.
    packed_bytes : int64, shape (N,)
        Size in the archive.
    packing : uint8, shape (N,)
        A `Packing`.
    crc32 : int64, shape (N,)
        Checksum of the unpacked bytes; -1 if the archive has none.
    """

    archive: NDArray[np.int32]
    offset: NDArray[np.int64]
    packed_bytes: NDArray[np.int64]
    packing: NDArray[np.uint8]
    crc32: NDArray[np.int64]

    __getstate__, __setstate__ = slim_state, restore_state

    @classmethod
    def none_of(cls, samples: int) -> ArchiveLocation:
        """Return the table for `samples` files outside any archive; it takes no memory for any number."""
        archive = np.broadcast_to(np.int32(NO_ARCHIVE), samples)
        offset, packing = np.broadcast_to(np.int64(0), samples), np.broadcast_to(np.uint8(0), samples)
        return cls(archive, offset, offset, packing, np.broadcast_to(np.int64(UNKNOWN_CRC), samples))

    @classmethod
    def concatenate(cls, parts: Iterable[ArchiveLocation]) -> ArchiveLocation:
        """Join tables end to end."""
        parts = [cls.none_of(0), *parts]
        columns = (np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(cls))
        return cls(*columns)

    def __len__(self) -> int:
        return len(self.archive)

    def take(self, samples: NDArray[Any] | slice) -> ArchiveLocation:
        """Return the entries of `samples`."""
        return ArchiveLocation(*(getattr(self, each.name)[samples] for each in fields(self)))

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the columns by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def rows(self) -> list[list[int]]:
        """Return one list per sample, with its values in the order of the columns."""
        return [
            list(row) for row in zip(*(column.tolist() for column in self.columns().values()), strict=True)
        ]

    @classmethod
    def from_columns(cls, value: Mapping[str, Any]) -> ArchiveLocation:
        """Build the table from anything that NumPy can turn into its columns."""
        return cls(**{each: np.asarray(value[each], dtype) for each, dtype in _DTYPES.items()})

    @classmethod
    def of_rows(cls, rows: Sequence[Sequence[int] | None]) -> ArchiveLocation:
        """Rebuild the table from what `rows` returned; None stands for a file outside any archive."""
        none = [NO_ARCHIVE, 0, 0, 0, UNKNOWN_CRC]
        table = np.array([none if row is None else row for row in rows], np.int64).reshape(-1, len(none))
        return cls.from_columns(dict(zip(_DTYPES, table.T, strict=True)))

    def check(self, archives: int) -> None:
        """Raise ValueError if an entry is impossible in a catalog of so many archives."""
        inside = self.archive != NO_ARCHIVE
        if ((self.archive < NO_ARCHIVE) | (self.archive >= archives)).any():
            raise ValueError("it refers to an archive that does not exist")
        if (np.minimum(self.offset, self.packed_bytes)[inside] < 0).any():
            raise ValueError("it has a negative offset or size in an archive")
        if (self.packing > max(Packing)).any():
            raise ValueError("it has samples with an unknown kind of compression")


_DTYPES: dict[str, type[np.generic]] = {
    "archive": np.int32,
    "offset": np.int64,
    "packed_bytes": np.int64,
    "packing": np.uint8,
    "crc32": np.int64,
}
