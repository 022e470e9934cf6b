"""What a host of a cluster calls the folders that a job names."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say

SIGN = "="


@dataclass(frozen=True, slots=True)
class PathMap:
    """Folders that are called differently on a host.

    Attributes
    ----------
    folders : tuple of (str, str)
        Absolute path of each folder on the computer on which the job was begun, and on this host; the
        longest that holds a file decides.
    """

    folders: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, lines: Iterable[str]) -> PathMap:
        """Read lines such as ``/data/pictures=/mnt/nas/pictures``; raises UsageError.

        Empty lines, and those that begin with ``#``, say nothing.
        """
        folders: dict[str, str] = {}
        for line in map(str.strip, lines):
            if not line or line.startswith("#"):
                continue
            there, sign, here = (part.strip() for part in line.partition(SIGN))
            if not sign or not os.path.isabs(there) or not os.path.isabs(here):
                raise UsageError(
                    say(
                        "“{line}” maps no folder. Write its name on the computer on which you convert, “=”, "
                        "and its name on this one, such as /data/pictures=/mnt/nas/pictures.",
                        line=printable(line),
                    )
                )
            folders[os.path.normpath(there)] = os.path.normpath(here)
        return cls(tuple(folders.items()))

    def here(self, path: str) -> str:
        """Return what this host calls the file or folder that a job calls `path`."""
        return _moved(path, self.folders)

    def back(self, path: str) -> str:
        """Return what a job calls the file or folder that this host calls `path`."""
        return _moved(path, tuple((here, there) for there, here in self.folders))


def _moved(path: str, folders: tuple[tuple[str, str], ...]) -> str:
    inside = [pair for pair in folders if path == pair[0] or path.startswith(os.path.join(pair[0], ""))]
    if not inside:
        return path
    before, after = max(inside, key=lambda pair: len(pair[0]))
    rest = path[len(before) :].lstrip(os.sep)
    # What names begin with ends in a separator, and has to keep it.
    return os.path.join(after, rest) if len(path) > len(before) else after
