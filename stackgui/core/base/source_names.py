"""What a source is, as far as its name tells."""

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

STORE_SUFFIX = ".zarr.zip"
"""What is one file of arrays although it is a ZIP file of many."""

LIST_SUFFIXES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".txt")
"""Lower-case endings by which a name claims that the file is a list of files."""


def is_archive_name(name: str | bytes) -> bool:
    """Whether a file's name claims that it is an archive."""
    text = name if isinstance(name, str) else name.decode("latin-1")
    lowered = text.lower()
    return lowered.endswith(ARCHIVE_SUFFIXES) and not lowered.endswith(STORE_SUFFIX)


def is_list_name(name: str) -> bool:
    """Whether a file's name claims that it is a list of files."""
    return name.lower().endswith(LIST_SUFFIXES)


def without_archive_suffix(name: str) -> str:
    """A file's name without the ending that makes it an archive."""
    if not is_archive_name(name):
        return name
    ending = max((suffix for suffix in ARCHIVE_SUFFIXES if name.lower().endswith(suffix)), key=len)
    return name[: -len(ending)]
