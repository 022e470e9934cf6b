"""The bytes of a file, in memory or memory-mapped, and access to single samples in it."""

from __future__ import annotations

import io
import mmap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, Generic, NamedTuple, Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions

Data: TypeAlias = bytes | mmap.mmap
"""A file's bytes. Probing uses a memory map, so that only the parts it accesses are read from disk."""


class Mapped(mmap.mmap):
    """A memory-mapped file that holds many samples.

    Attributes
    ----------
    checked : dict of str to str
        Results of checksum checks, by the name of the part: the reason why it failed, or ``""``. Large parts
        are checked once only; pass this dict on when the same file is mapped again.
    """

    checked: dict[str, str]

    @classmethod
    def of(cls, handle: int, size: int, checked: dict[str, str]) -> Mapped:
        """Map an open file of `size` bytes."""
        mapped = cls(handle, size, access=mmap.ACCESS_READ)
        mapped.checked = checked
        return mapped


class Reader(io.RawIOBase):
    """A file object over `Data`. On older Pythons `mmap` lacks parts of the file interface needed here."""

    name = ""
    """Some libraries expect every open file to have a name."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._place = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Move to another position, which may lie past the end."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: len(self._data)}[whence]
        if start + place < 0:
            raise OSError("before the beginning")
        self._place = start + place
        return self._place

    def readinto(self, target: Any) -> int:  # noqa: ANN401 - any buffer
        """Read up to ``len(target)`` bytes into `target` and return how many were read."""
        part = self._data[self._place : self._place + len(target)]
        target[: len(part)] = part
        self._place += len(part)
        return len(part)


class Opened(Protocol):
    """An open file whose samples are decoded one after another."""

    @property
    def data(self) -> Data:
        """Return the bytes that the file was opened from."""

    @property
    def has_several(self) -> bool:
        """Return whether the file holds several samples."""


OpenedT = TypeVar("OpenedT", bound=Opened)


class LastOpened(Generic[OpenedT]):
    """A cache of one open file. One is enough, because a worker reads one file after another."""

    def __init__(self, open_: Callable[[Data], OpenedT]) -> None:
        self._open = open_
        self._kept: OpenedT | None = None

    def get(self, data: Data) -> OpenedT:
        """Return the open file for `data`, opening it unless it is the cached one."""
        if self._kept is not None and self._kept.data is data:
            return self._kept
        file = self._open(data)
        # A file with a single sample is not read again, so it need not stay in memory.
        self._kept = file if file.has_several else None
        return file


@dataclass(frozen=True, eq=False, slots=True)
class AllFrames:
    """A file whose frames are all decoded at once, because its library cannot decode a single frame.

    Attributes
    ----------
    data
    frames : array, shape (n, h, w, c)
        The complete picture at each frame.
    """

    data: Data
    frames: NDArray[Any]

    @property
    def has_several(self) -> bool:
        """Return whether the file has more than one frame."""
        return len(self.frames) > 1


class Part(NamedTuple):
    """The position of one sample in a file.

    Attributes
    ----------
    member : int
        Index of the sample, from 0.
    scan : ScanOptions
        The options under which the samples were counted.
    """

    member: int = 0
    scan: ScanOptions = DEFAULT


class Readable(NamedTuple):
    """Pixels that can be read region by region.

    Attributes
    ----------
    height, width, channels : int
    dtype : numpy.dtype
    read
        Function that takes a slice of rows and a slice of columns and returns an array (h, w, channels).
    """

    height: int
    width: int
    channels: int
    dtype: np.dtype[Any]
    read: Callable[[slice, slice], NDArray[Any]]

    @classmethod
    def of(cls, pixels: NDArray[Any]) -> Readable:
        """Wrap pixels in memory, shape (h, w, c)."""
        height, width, channels = pixels.shape
        return cls(height, width, channels, pixels.dtype, lambda rows, columns: pixels[rows, columns])


def stream(data: Data) -> BinaryIO:
    """Return `data` as a file object positioned at its start."""
    # A memory map is a file object too, but it raises where others return no bytes.
    return io.BytesIO(data) if isinstance(data, bytes) else io.BufferedReader(Reader(data))
