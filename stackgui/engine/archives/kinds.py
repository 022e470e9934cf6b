"""Which archives are known, and by what."""

from __future__ import annotations

ARCHIVE_SUFFIXES = (
    ".zip",
    ".tar",
    ".tar.gz", ".tgz",
    ".tar.bz2", ".tbz2",
    ".tar.xz", ".txz",
    ".tar.zst", ".tzst",
)  # fmt: skip
"""Lower-case endings by which a name claims that the file is an archive. By content alone a text document or
a table, many of which are ZIP files, would be one too."""

BYTES_PER_S = 10_000_000
"""Slower than any archive is read or unpacked; says how long a large one may take."""


def is_archive_name(name: str | bytes) -> bool:
    """Whether a file's name claims that it is an archive."""
    endings = ARCHIVE_SUFFIXES if isinstance(name, str) else _RAW_SUFFIXES
    return name.lower().endswith(endings)  # type: ignore[arg-type] # both are of one kind


_RAW_SUFFIXES = tuple(suffix.encode() for suffix in ARCHIVE_SUFFIXES)
