"""A file's bytes, in memory or mapped."""

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
"""Mapped for probing: only those parts of a large file are read that are looked at."""


class Mapped(mmap.mmap):
    """A mapped file of many samples.

    Attributes
    ----------
    checked : dict of str to str
        Names of its large parts that were read through once to compare their checksums, and why each
        cannot be believed, or ``""``. Whoever maps the same file again hands it on.
    """

    checked: dict[str, str]

    @classmethod
    def of(cls, handle: int, size: int, checked: dict[str, str]) -> Mapped:
        """Map an open file of `size` bytes."""
        mapped = cls(handle, size, access=mmap.ACCESS_READ)
        mapped.checked = checked
        return mapped


class Reader(io.RawIOBase):
    """Bytes as a file. A map is one itself, but not in all ways that are needed here on older Pythons."""

    name = ""
    """Some libraries ask every open file for it."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._place = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Move to another place, which may lie behind the end."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: len(self._data)}[whence]
        if start + place < 0:
            raise OSError("before the beginning")
        self._place = start + place
        return self._place

    def readinto(self, target: Any) -> int:  # noqa: ANN401 - any buffer
        """Read as much as there is, at most as much as `target` has room for."""
        part = self._data[self._place : self._place + len(target)]
        target[: len(part)] = part
        self._place += len(part)
        return len(part)


class Opened(Protocol):
    """A file that was opened to decode its samples one after another."""

    @property
    def data(self) -> Data:
        """What it was opened from."""

    @property
    def has_several(self) -> bool:
        """Whether it holds several samples."""


OpenedT = TypeVar("OpenedT", bound=Opened)


class LastOpened(Generic[OpenedT]):
    """Keeps the file that was opened last, since one worker reads one file after another."""

    def __init__(self, open_: Callable[[Data], OpenedT]) -> None:
        self._open = open_
        self._kept: OpenedT | None = None

    def get(self, data: Data) -> OpenedT:
        """The file of `data`, opened unless it is still open."""
        if self._kept is not None and self._kept.data is data:
            return self._kept
        file = self._open(data)
        # A file of one sample is not looked at twice, and need not stay in memory.
        self._kept = file if file.has_several else None
        return file


@dataclass(frozen=True, eq=False, slots=True)
class AllFrames:
    """A file whose frames are decoded all at once, because its decoder cannot be asked for one of several.

    Attributes
    ----------
    data
    frames : array, shape (n, h, w, c)
        Each is the whole picture at that moment.
    """

    data: Data
    frames: NDArray[Any]

    @property
    def has_several(self) -> bool:
        """Whether it is an animation."""
        return len(self.frames) > 1


class Part(NamedTuple):
    """Which of the samples in a file.

    Attributes
    ----------
    member : int
        Counted from 0.
    scan : ScanOptions
        What was chosen when they were counted.
    """

    member: int = 0
    scan: ScanOptions = DEFAULT


class Readable(NamedTuple):
    """Pixels that are read part by part.

    Attributes
    ----------
    height, width, channels : int
    dtype : numpy.dtype
    read
        Gives some lines and columns as an array (h, w, channels).
    """

    height: int
    width: int
    channels: int
    dtype: np.dtype[Any]
    read: Callable[[slice, slice], NDArray[Any]]

    @classmethod
    def of(cls, pixels: NDArray[Any]) -> Readable:
        """Those of pixels in memory, shape (h, w, c)."""
        height, width, channels = pixels.shape
        return cls(height, width, channels, pixels.dtype, lambda rows, columns: pixels[rows, columns])


def stream(data: Data) -> BinaryIO:
    """`data` as an open file that stands at its beginning."""
    # A map is a file itself, but one that fails where others only have nothing to read.
    return io.BytesIO(data) if isinstance(data, bytes) else io.BufferedReader(Reader(data))
