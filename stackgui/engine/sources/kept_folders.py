"""How the cache of scans keeps folders: small ones not by themselves, others as one, large ones in parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from stackgui.engine.sources.entries import Entry

MIN_WHOLE, MAX_WHOLE = 32, 4096
"""Numbers of files in a folder that the cache of scans keeps as one; it keeps larger ones in parts."""

PART_FILES = 1024
"""Usual number of files in a part of a large folder."""


class Before(NamedTuple):
    """What an earlier scan knows of a folder that still holds the same ordinary files.

    Attributes
    ----------
    names : sequence of bytes
        Their names, in order.
    ends : tuple of int
        See `Plain`.
    known
        What is known of them, if none of them has changed; None if their states were not asked for.
    """

    names: Sequence[bytes]
    ends: tuple[int, ...]
    known: Any = None


class Memory:
    """What a walk knows of folders from an earlier scan: nothing."""

    def before(self, _folder: bytes, _entries: Sequence[Entry]) -> Before | None:
        """Return what is known of a folder of at least `MIN_WHOLE` entries, if it still holds the same."""
        return None

    def divided(self, _folder: bytes, names: Sequence[bytes]) -> tuple[int, ...]:
        """Return where the runs of a folder of at least `MIN_WHOLE` ordinary files end, by names in order."""
        return ends_of_parts(names) if is_large(len(names)) else (len(names),)


def is_large(files: int) -> bool:
    """Return whether the cache of scans keeps a folder of so many files in parts."""
    return files > MAX_WHOLE


def ends_of_parts(names: Sequence[bytes], starts: Iterable[bytes] = ()) -> tuple[int, ...]:
    """Divide a large folder, and return where its parts end.

    Parameters
    ----------
    names
        The names of its files, in order.
    starts
        Names with which its parts began before. They stay as they were if they are neither very large nor
        very small, so that a file more or less changes one part and not all after it.
    """
    known, ends, begin = frozenset(starts), list[int](), 0
    for place in [*(place for place, name in enumerate(names) if name in known), len(names)]:
        if (count := place - begin) > 2 * PART_FILES:
            pieces = -(-count // PART_FILES)
            ends += [begin + count * piece // pieces for piece in range(1, pieces + 1)]
        elif place == len(names) or count > PART_FILES // 4:
            ends.append(place)
        else:
            continue
        begin = place
    return tuple(ends)


NOTHING_KNOWN = Memory()
