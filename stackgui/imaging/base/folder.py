"""Array stores kept as a folder of many files (Zarr), which are handled like one file."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say

FOLDER_FORMAT = "zarr"
"""Name of the only folder format."""

MARKS_OF_STORES = ("zarr.json", ".zarray", ".zgroup")
"""Every such folder contains at least one of these files."""

_MAX_FILES = 10_000_000


@dataclass(frozen=True, eq=False, slots=True)
class Folder:
    """A listing of such a folder, taken when it was opened.

    Attributes
    ----------
    path : bytes
        Absolute path of the folder.
    sizes : mapping of str to int
        Size in bytes of each file, by its relative path with slashes.
    mtime_ns : int
        Latest modification time of any file in it.
    """

    path: bytes
    sizes: Mapping[str, int]
    mtime_ns: int

    @classmethod
    def at(cls, path: bytes) -> Folder:
        """List the files in the folder `path`.

        Raises
        ------
        SampleError
            When it contains anything but files and folders. Links are refused because they may lead anywhere.
        OSError
        """
        sizes: dict[str, int] = {}
        mtime_ns, waiting = 0, [""]
        while waiting and len(sizes) <= _MAX_FILES:
            prefix = waiting.pop()
            with os.scandir(os.path.join(path, os.fsencode(prefix))) as entries:
                for entry in entries:
                    status = entry.stat(follow_symlinks=False)
                    name = prefix + os.fsdecode(entry.name)
                    if stat.S_ISDIR(status.st_mode):
                        waiting.append(f"{name}/")
                    elif stat.S_ISREG(status.st_mode):
                        sizes[name] = status.st_size
                        mtime_ns = max(mtime_ns, status.st_mtime_ns)
                    else:
                        raise SampleError(say("it holds links or special files, which are not followed"))
        if waiting:
            raise SampleError(say("it holds more than {max_files:,} files", max_files=_MAX_FILES))
        return cls(path, sizes, mtime_ns)

    def __len__(self) -> int:
        return sum(self.sizes.values())

    def read(self, name: str) -> bytes:
        """Read the file `name`, a key of `sizes`."""
        with open(os.path.join(self.path, os.fsencode(name)), "rb") as file:
            return file.read()


def is_store(path: bytes) -> bool:
    """Return whether the folder `path` is an array store."""
    return any(os.path.isfile(os.path.join(path, os.fsencode(mark))) for mark in MARKS_OF_STORES)
