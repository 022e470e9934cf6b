"""Caches the headers of files between scans, so that unchanged files are not opened again.

The cache is only a convenience: whatever is wrong with it, a scan continues without it. An entry is valid for
a file of the same name, size and modification time, read by the same versions of the decoders.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from typing import Any, Self

from platformdirs import user_cache_path

import stackgui
from stackgui import imaging
from stackgui.core.catalog.catalog import COLUMNS, OF_FILE
from stackgui.core.catalog.schema import Kept

_CACHED = [each for each in COLUMNS if Kept.CACHE in each.kept]

NUMBERS = (*OF_FILE, *(each.name for each in _CACHED if each.dtype is not None and each.name not in OF_FILE))
TEXTS = (*(each.name for each in _CACHED if each.dtype is None), "skip", "detail", "reading")
"""What is kept of the header of a file: numbers and texts. The last three texts are about the file, not about
a sample: the kind of a skipped file, details about it, and the options that the entry depends on, as
`stackgui.core.catalog.scan_options.ScanOptions.reading`; each may be ``""``."""

OF_REST = (*NUMBERS[len(OF_FILE) :], *TEXTS)
"""The same without size and time, which many files share."""

Known = Sequence[Any]
"""A cache entry: values of the columns of its table but the first and the last."""

Entry = tuple[bytes, Known]
"""A cache key, and what is kept for it."""

Entries = Iterable[Entry]

MAX_BYTES = 2**30
"""Size from which the cache is deleted and started again."""

SETTLED_NS = 2 * 10**9
"""Minimum age of a change: a younger file might change again within the resolution of its timestamp."""

_FORMAT = 3
"""Differs from that of caches with other checksums, or with other keys for the same files."""

_ERRORS = (sqlite3.Error, ValueError)
"""What reading a damaged cache may raise: sqlite3 may even fail to decode its message about it."""

_WAIT_S = 0.5
_ROWS_PER_WRITE = 4096


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the cache.

    Attributes
    ----------
    name : str
    columns : tuple of str
        Names and types in SQL. The second is the latest time of change, and the last the options that an
        entry depends on.
    """

    name: str
    columns: tuple[str, ...]

    @property
    def width(self) -> int:
        """Number of columns, with the file and the checksum."""
        return len(self.columns) + 2

    @property
    def created(self) -> str:
        """The statement that creates it."""
        columns = ", ".join(("file BLOB PRIMARY KEY", *self.columns, "checksum INTEGER"))
        return f"CREATE TABLE IF NOT EXISTS {self.name} ({columns}) WITHOUT ROWID"

    def selected(self, count: int) -> str:
        """Return the query for the entries of so many files."""
        return f"SELECT * FROM {self.name} WHERE file IN ({','.join('?' * count)})"  # noqa: S608 - marks only

    @property
    def inserted(self) -> str:
        """The statement that adds an entry."""
        return f"INSERT OR REPLACE INTO {self.name} VALUES ({','.join('?' * self.width)})"  # noqa: S608 - too


RUNS = Table(
    "runs",
    ("prefix BLOB", "newest_ns INTEGER", "names BLOB", "numbers BLOB", "rests TEXT", "reading TEXT"),
)
"""Headers of files that follow each other, by the first of them or by the folder that holds all of them; see
`stackgui.engine.scanning.runs`."""

ORDERS = Table("orders", ("ends BLOB", "newest_ns INTEGER", "names BLOB", "reading TEXT"))
"""The names in large folders, in order; see `stackgui.engine.scanning.unchanged`."""

MASKS = Table("masks", ("file_bytes INTEGER", "mtime_ns INTEGER", "found BLOB", "reading TEXT"))
"""What masks hold; see `stackgui.engine.scanning.mask_looks`."""

SKETCHES = Table(
    "sketches",
    ("file_bytes INTEGER", "mtime_ns INTEGER", "coarse INTEGER", "fine INTEGER", "reading TEXT"),
)
"""The looks of pictures; see `stackgui.engine.scanning.sketching`."""

News = Mapping[Table, Entries]
"""Entries that are not in the cache yet, by table."""


def cache_file() -> str:
    """Return the path of the current decoders' cache, which need not exist; ``""`` if there is none."""
    try:
        versions = [stackgui.__version__, *map(_version, imaging.LIBRARIES)]
    except PackageNotFoundError:  # a bundle may come without package metadata
        return ""
    digest = hashlib.blake2b(
        repr((_FORMAT, NUMBERS, TEXTS, RUNS, ORDERS, MASKS, SKETCHES, versions)).encode(), digest_size=8
    ).hexdigest()
    return str(user_cache_path("stackgui", appauthor=False) / f"scans-{digest}.sqlite")


@cache  # to find out takes as long as asking for the states of ten thousand files
def _version(library: imaging.Library) -> str:
    """Return the version of a library; ``""`` for a missing extra: installing it starts a new cache."""
    try:
        return version(library.distribution)
    except PackageNotFoundError:
        if library.extra:
            return ""
        raise


class OpenCache:
    """A cache that is open for reading; without a cache, or with one that is damaged, nothing is known."""

    def __init__(self, cache: str) -> None:
        self._connection: sqlite3.Connection | None = None
        if os.path.exists(cache):
            with contextlib.suppress(*_ERRORS):
                self._connection = _connect(cache, "ro")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._connection is not None:
            self._connection.close()

    def known(self, names: Sequence[bytes], reading: str, table: Table) -> dict[bytes, Known]:
        """Return the entries of `table` for `names` (cache keys) that hold for the options `reading`."""
        if self._connection is None:
            return {}
        try:
            rows = self._connection.execute(table.selected(len(names)), names)
            sound = {
                name: known
                for name, *known, checksum in (row for row in rows if len(row) == table.width)
                if checksum == _checksum(name, known)
            }
            return {name: known for name, known in sound.items() if known[-1] in ("", reading)}
        except _ERRORS:
            return {}


def known_files(cache: str, names: Sequence[bytes], reading: str, table: Table) -> dict[bytes, Known]:
    """Return the entries of `table` for `names` (cache keys) that hold for the options `reading`."""
    with OpenCache(cache) as opened:
        return opened.known(names, reading, table)


class Rememberer:
    """Writes to the cache in background threads; any thread may use it."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._turn = threading.Lock()

    def remember(self, cache: str, news: News) -> None:
        """Start writing `news`, whose entries are consumed in another thread."""
        thread = threading.Thread(target=self._remember, args=(cache, news), name="scan cache")
        self._threads = [each for each in self._threads if each.is_alive()]
        self._threads.append(thread)
        thread.start()

    def _remember(self, cache: str, news: News) -> None:
        with self._turn:
            remember(cache, news)

    def close(self) -> None:
        """Wait until everything is written."""
        while self._threads:
            self._threads.pop().join()


def remember(cache: str, news: News) -> None:
    """Write `news`; give up silently if that fails."""
    try:
        _make_room(cache)
        with contextlib.closing(_connect(cache, "rwc")) as connection:
            # A cache that a power cut leaves half written is detected and replaced.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")
            for table, entries in news.items():
                _write(connection, table, entries)
    except (sqlite3.DatabaseError, ValueError) as error:
        has_other_table = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
        if has_other_table or not isinstance(
            error, sqlite3.OperationalError
        ):  # or it is no database any more
            with contextlib.suppress(OSError):
                os.unlink(cache)
    except OSError:
        pass


def _write(connection: sqlite3.Connection, table: Table, entries: Entries) -> None:
    settled = ((name, known) for name, known in entries if is_settled(known[1]))
    rows = ((name, *known, _checksum(name, known)) for name, known in settled)
    connection.execute(table.created)
    # Write in batches, so that other processes can write in between.
    while part := list(islice(rows, _ROWS_PER_WRITE)):
        with connection:
            connection.executemany(table.inserted, part)


def is_settled(mtime_ns: Any) -> Any:  # noqa: ANN401 - one time or a column of them
    """Return whether changes at these times are so old that a later one would have another time."""
    return mtime_ns < time.time_ns() - SETTLED_NS


def _checksum(name: bytes, known: Known) -> int:
    """Return a checksum of an entry, because the database itself would not notice a flipped bit."""
    checksum = 0
    for value in (name, *known):
        data = value if isinstance(value, bytes) else repr(value).encode("utf-8", "surrogateescape")
        checksum = zlib.crc32(b"%d %d" % (isinstance(value, bytes), len(data)), zlib.crc32(data, checksum))
    return checksum


def _make_room(cache: str) -> None:
    """Create the folder of the cache; delete the caches of other versions, and one that is too large."""
    folder, name = os.path.split(cache)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    for other in os.listdir(folder):
        is_old = other.startswith("scans-") and not other.startswith(name)
        if is_old or (other == name and os.path.getsize(cache) > MAX_BYTES):
            with contextlib.suppress(OSError):  # a folder of that name is not ours
                os.unlink(os.path.join(folder, other))


def _connect(cache: str, mode: str) -> sqlite3.Connection:
    quoted = cache.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return sqlite3.connect(f"file:{quoted}?mode={mode}", timeout=_WAIT_S, uri=True)
