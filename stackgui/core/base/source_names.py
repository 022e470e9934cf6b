"""Archives, lists of files and annotation files, told by their names."""

from __future__ import annotations

ARCHIVE_SUFFIXES = (
    ".zip",
    ".tar",
    ".tar.gz", ".tgz",
    ".tar.bz2", ".tbz2",
    ".tar.xz", ".txz",
    ".tar.zst", ".tzst",
)  # fmt: skip
"""Lower-case extensions of archives. Content alone does not suffice: many documents and spreadsheets are ZIP
files too."""

STORE_SUFFIX = ".zarr.zip"
"""Extension of a ZIP file that counts as one file of arrays rather than as an archive."""

LIST_SUFFIXES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".txt")
"""Lower-case extensions of lists of files."""

ANNOTATION_SUFFIXES = (".json", ".xml", ".csv", ".txt", ".yaml", ".yml")
"""Lower-case extensions of annotation files and of files that describe them; many others have these too."""


def is_archive_name(name: str | bytes) -> bool:
    """Whether a file's name has the extension of an archive."""
    text = name if isinstance(name, str) else name.decode("latin-1")
    lowered = text.lower()
    return lowered.endswith(ARCHIVE_SUFFIXES) and not lowered.endswith(STORE_SUFFIX)


def is_list_name(name: str) -> bool:
    """Whether a file's name has the extension of a list."""
    return name.lower().endswith(LIST_SUFFIXES)


def may_be_annotations(name: str) -> bool:
    """Whether a file's name has an extension that annotation files have."""
    return name.lower().endswith(ANNOTATION_SUFFIXES)


def without_archive_suffix(name: str) -> str:
    """Return a file's name without the extension of an archive."""
    if not is_archive_name(name):
        return name
    ending = max((suffix for suffix in ARCHIVE_SUFFIXES if name.lower().endswith(suffix)), key=len)
    return name[: -len(ending)]
