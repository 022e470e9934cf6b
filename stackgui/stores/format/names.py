"""The names of all rows' files, end to end: what a search passes over, a hundredth of the manifest.

``names.npy`` holds bytes: the names as the operating system has them, with a zero byte after each.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.blocks import blocks as in_blocks
from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.columns import Paths
from stackgui.core.base.errors import StackguiError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.stores.format.table_file import TableFile

NAMES_FILE = "names.npy"

PIECE_BYTES = 2**18
"""Bytes looked at between two looks at what else there is to do, as fit into the processor's cache."""

_COMPARED_NAMES = 2**14
"""Names that are compared with a file at a time."""

TEXT_BYTES = 2**15
FIRST_NOT_ASCII = 0x80

Names: TypeAlias = NDArray[np.uint8]
"""Names with a zero byte after each."""


def packed(paths: Paths) -> Names:
    """Return names as ``names.npy`` has them."""
    data = np.frombuffer(paths.data, np.uint8)
    # No system has such names, but a list of rows may claim anything.
    return np.insert(np.where(data == 0, 1, data).astype(np.uint8), paths.ends, 0)


def packed_bytes(paths: Paths, samples: NDArray[np.int64]) -> int:
    """Return how many bytes the names of `samples` take."""
    found = len(samples)
    for rows in in_blocks(len(samples)):
        own = samples[rows]
        found += int((paths.ends[own] - np.where(own > 0, paths.ends[own - 1], 0)).sum())
    return found


def has_names(file: TableFile, names: Paths) -> bool:
    """Whether a file holds `names` as ``names.npy`` has them, compared in parts; raises StackguiError."""
    if file.dtype != np.uint8 or len(file.shape) != 1:
        return False
    place = 0
    for rows in in_blocks(len(names), _COMPARED_NAMES):
        wanted = packed(names.part(rows.start, rows.stop))
        end = place + len(wanted)
        if end > len(file) or not np.array_equal(file.read(place, end), wanted):
            return False
        place = end
    return place == len(file)


def blocks(read: Callable[[int, int], Names], size: int, watch: Cancellation) -> Iterator[tuple[int, Names]]:
    """Yield the names of some rows after the other, after the number of the first.

    Parameters
    ----------
    read
        Reads the bytes from one offset up to another.
    size
        Number of bytes.
    watch

    Raises
    ------
    Cancelled
    """
    row, rest = 0, np.empty(0, np.uint8)
    for begin in range(0, size, PIECE_BYTES):
        watch.check()
        names, rest = cut(np.concatenate([rest, read(begin, min(begin + PIECE_BYTES, size))]))
        if len(names):
            yield row, names
            row += int(np.count_nonzero(names == 0))


class NameTable:
    """``names.npy`` of a stack of so many rows."""

    def __init__(self, file: TableFile, rows: int) -> None:
        self._file, self._rows = file, rows

    def blocks(self, watch: Cancellation) -> Iterator[tuple[int, Names]]:
        """Yield the names of some rows after the other, after the number of the first.

        Raises
        ------
        Cancelled
        StackguiError
            When the file is damaged, or cannot be read.
        """
        file, seen = self._file, 0
        if file.dtype != np.uint8 or len(file.shape) != 1:
            raise self._damage()
        for row, names in blocks(file.read, len(file), watch):
            seen = row + int(np.count_nonzero(names == 0))
            yield row, names
        if seen != self._rows or (len(file) and file[len(file) - 1]):
            raise self._damage()

    def _damage(self) -> StackguiError:
        return StackguiError(say("{path} is damaged, or holds no array.", path=printable(self._file.path)))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def cut(data: Names) -> tuple[Names, Names]:
    """Divide bytes into whole names and the beginning of another."""
    ends = np.flatnonzero(data == 0)
    end = int(ends[-1]) + 1 if len(ends) else 0
    return data[:end], data[end:]


def folded(text: str) -> str:
    """Return `text` without regard to case, and to whether accents are characters of their own."""
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).casefold()


def matching(names: Names, words: Sequence[str]) -> NDArray[np.bool_]:
    """Return which of `names` hold all of `words`, without regard to case.

    Nearly all of the time is spent where other threads can go on.
    """
    data = recased(names, folded)
    ends = np.flatnonzero(data == 0)
    found = np.ones(len(ends), np.bool_)
    for word in words:
        holds = np.zeros(len(ends), np.bool_)
        holds[np.searchsorted(ends, places(data, encoded(folded(word))))] = True
        found &= holds
    return found


def recased(names: Names, fold: Callable[[str], str]) -> Names:
    """Return `names` after `fold`, which must leave zero bytes alone and keep to each side of them."""
    if names.max(initial=0) < FIRST_NOT_ASCII:
        return np.frombuffer(names.tobytes().lower(), np.uint8)
    # No call holds up other threads for long.
    parts, rest = [], names
    while len(rest):
        part, _ = cut(rest[:TEXT_BYTES])
        part = part if len(part) else rest[: int(np.argmax(rest == 0)) + 1]
        text = part.tobytes().decode("utf-8", "surrogateescape")
        parts.append(encoded(fold(text)))
        rest = rest[len(part) :]
    return np.frombuffer(b"".join(parts), np.uint8)


def encoded(text: str) -> bytes:
    """Return text as bytes that sort as its characters do; names that are no text have surrogates in it."""
    return text.encode("utf-8", "surrogatepass")


def places(data: Names, word: bytes) -> NDArray[np.int64]:
    """Return where `word` begins in `data`."""
    last = len(data) - len(word) + 1
    if last <= 0:
        return np.empty(0, np.int64)
    hits = data[:last] == word[0]
    for place in range(1, min(4, len(word))):
        hits &= data[place : last + place] == word[place]
    found: NDArray[np.int64] = np.flatnonzero(hits)
    for place in range(4, len(word)):
        found = found[data[found + place] == word[place]]
    return found
