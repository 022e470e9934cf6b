"""Remembers what scans found in files' headers, so that files that did not change are not opened again.

It is a convenience and never more: whatever is wrong with it, a scan goes on without it. What it says holds
for a file of the same name, size and time of change, looked at by the same versions of the decoders.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from typing import Any

from platformdirs import user_cache_path

import stackgui
from stackgui import imaging
from stackgui.core.catalog.catalog import COLUMNS, OF_FILE
from stackgui.core.catalog.schema import Kept

_CACHED = [each for each in COLUMNS if Kept.CACHE in each.kept]

NUMBERS = (*OF_FILE, *(each.name for each in _CACHED if each.dtype is not None and each.name not in OF_FILE))
TEXTS = (*(each.name for each in _CACHED if each.dtype is None), "skip", "detail", "reading")
"""What is remembered of a file: numbers, and texts. The last three are about the file, not about a sample:
the kind under which a file that is no sample is counted, more to say about it, and the choices on which all
this depends, as `stackgui.core.catalog.scan_options.ScanOptions.reading`; or ``""``."""

Known = Sequence[Any]
"""`NUMBERS` and `TEXTS` of a file."""

MAX_BYTES = 2**30
"""A larger cache is begun anew."""

SETTLED_NS = 2 * 10**9
"""A file changed more recently than this might change again without its time of change telling."""

_WAIT_S = 0.5
_ROWS_TOGETHER = 4096
_TABLE = f"""
CREATE TABLE IF NOT EXISTS files (
    file BLOB PRIMARY KEY, {", ".join(f'"{name}" INTEGER' for name in NUMBERS)},
    {", ".join(f'"{name}" TEXT' for name in TEXTS)}, checksum INTEGER
) WITHOUT ROWID
"""
_COLUMNS = len(NUMBERS) + len(TEXTS) + 2
_INSERT = f"INSERT OR REPLACE INTO files VALUES ({', '.join('?' * _COLUMNS)})"  # noqa: S608 - marks only


def cache_file() -> str:
    """The cache for the decoders as they are, a file that need not exist; ``""`` where there can be none."""
    try:
        versions = [stackgui.__version__, *map(_version, imaging.LIBRARIES)]
    except PackageNotFoundError:  # a bundle may come without the packages' descriptions
        return ""
    digest = hashlib.blake2b(repr((_TABLE, versions)).encode(), digest_size=8).hexdigest()
    return str(user_cache_path("stackgui", appauthor=False) / f"scans-{digest}.sqlite")


def _version(library: imaging.Library) -> str:
    """Of a library; where an extra is installed later, its files have to be looked into again."""
    try:
        return version(library.distribution)
    except PackageNotFoundError:
        if library.extra:
            return ""
        raise


def known_files(cache: str, names: Sequence[bytes], reading: str) -> dict[bytes, Known]:
    """What is remembered of the files called `names` (absolute), and holds for the choices `reading`."""
    if not os.path.exists(cache):
        return {}
    query = f"SELECT * FROM files WHERE file IN ({','.join('?' * len(names))})"  # noqa: S608 - marks only
    try:
        with contextlib.closing(_connect(cache, "ro")) as connection:
            rows = connection.execute(query, names)
            return {
                name: known
                for name, *known, checksum in (row for row in rows if len(row) == _COLUMNS)
                if checksum == _checksum(name, known) and known[-1] in ("", reading)
            }
    except (sqlite3.Error, ValueError):  # what sqlite3 says of a damaged file need not be text
        return {}


class Rememberer:
    """Writes to the cache in the background; any thread may use it."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []

    def remember(self, cache: str, entries: Iterable[tuple[bytes, Known]]) -> None:
        """Begin to write `entries`, which are read in another thread."""
        thread = threading.Thread(target=remember, args=(cache, entries), name="scan cache")
        self._threads.append(thread)
        thread.start()

    def close(self) -> None:
        """Return when everything is written."""
        while self._threads:
            self._threads.pop().join()


def remember(cache: str, entries: Iterable[tuple[bytes, Known]]) -> None:
    """Write `entries` (absolute name and what is known of it); gives up silently when that fails."""
    latest_ns = time.time_ns() - SETTLED_NS
    rows = ((name, *known, _checksum(name, known)) for name, known in entries if known[1] < latest_ns)
    try:
        _make_room(cache)
        with contextlib.closing(_connect(cache, "rwc")) as connection:
            _write(connection, rows)
    except (sqlite3.DatabaseError, ValueError) as error:
        has_other_table = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
        if has_other_table or not isinstance(
            error, sqlite3.OperationalError
        ):  # or it is no database any more
            with contextlib.suppress(OSError):
                os.unlink(cache)
    except OSError:
        pass


def _write(connection: sqlite3.Connection, rows: Iterator[tuple[bytes | int | str, ...]]) -> None:
    # What a power cut leaves half written is recognised, and begun anew.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(_TABLE)
    # In parts, so that other processes get their turn.
    while part := list(islice(rows, _ROWS_TOGETHER)):
        with connection:
            connection.executemany(_INSERT, part)


def _checksum(name: bytes, known: Sequence[int | str]) -> int:
    """The database itself would not notice a flipped bit."""
    return zlib.crc32(repr((name, *known)).encode("utf-8", "surrogateescape"))


def _make_room(cache: str) -> None:
    """Make the cache's folder; delete caches for other versions, and one that has grown too large."""
    folder, name = os.path.split(cache)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    for other in os.listdir(folder):
        is_old = other.startswith("scans-") and not other.startswith(name)
        if is_old or (other == name and os.path.getsize(cache) > MAX_BYTES):
            with contextlib.suppress(OSError):  # a folder of such a name is none of ours
                os.unlink(os.path.join(folder, other))


def _connect(cache: str, mode: str) -> sqlite3.Connection:
    quoted = cache.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return sqlite3.connect(f"file:{quoted}?mode={mode}", timeout=_WAIT_S, uri=True)
