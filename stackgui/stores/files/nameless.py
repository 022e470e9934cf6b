"""Files without a name, in the cache folder of the program: nothing of them is left, whatever ends it."""

from __future__ import annotations

import mmap
import os
import tempfile
from contextlib import suppress
from typing import BinaryIO, cast

from platformdirs import user_cache_path

_ZEROS = bytes(2**20)


def folder_of_nameless() -> str:
    """Return the folder in which they lie."""
    return str(user_cache_path("stackgui", appauthor=False))


def nameless_file() -> BinaryIO | None:
    """Create an empty file; None where the system grants none."""
    folder = folder_of_nameless()
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        file = tempfile.TemporaryFile(dir=folder, prefix="aside-")  # noqa: SIM115 - closed by the caller
    except OSError:
        return None
    return cast("BinaryIO", file)


def nameless_memory(size: int) -> memoryview | None:
    """Return `size` bytes, all 0, which the system may write to the disk at will; None if there is no room.

    They are written beforehand, because a full disk would end the process later, when it writes to the map.
    """
    file = nameless_file()
    if file is None or size < 1:
        return None
    try:
        for begin in range(0, size, len(_ZEROS)):
            file.write(_ZEROS[: min(len(_ZEROS), size - begin)])
        file.flush()
        return memoryview(mmap.mmap(file.fileno(), size))
    except OSError:
        return None
    finally:
        with suppress(OSError):  # what a full disk did not take is wanted by nobody
            file.close()
