"""The entries of an archive, and the checks of their untrusted names."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from stackgui.core.base.skip_kinds import NESTED_ARCHIVES, REPLACED, UNSAFE_NAMES
from stackgui.core.base.source_names import is_archive_name
from stackgui.core.catalog.archive_location import UNKNOWN_CRC, Packing
from stackgui.engine.sources.names import skip_by_name

Read = Callable[[int], bytes]
"""Reads up to so many bytes from the start of the current entry."""

_DRIVE = re.compile(rb"[A-Za-z]:")
_MAX_NAME_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive.

    Attributes
    ----------
    name : bytes
        Path with slashes. It is relative and has no ``..``, unless `skip` is set.
    size_bytes : int
        Unpacked size that the archive claims.
    offset, packed_bytes, packing, crc32 : int
        See `stackgui.core.catalog.archive_location.ArchiveLocation`.
    problem : str
        Why it cannot be read, or ``""``.
    skip, detail : str
        Kind of skipped file, or ``""``, and details about it.
    """

    name: bytes
    size_bytes: int = 0
    offset: int = 0
    packed_bytes: int = 0
    packing: int = Packing.STORED
    crc32: int = UNKNOWN_CRC
    problem: str = ""
    skip: str = ""
    detail: str = ""


def tidy(entry: Entry) -> Entry:
    """Return `entry` with a normalised name; skip it if the name is unsafe or not that of a sample."""
    name = entry.name
    parts = [part for part in name.split(b"/") if part not in {b"", b"."}]
    is_unsafe = name.startswith(b"/") or _DRIVE.match(name) or b".." in parts or not parts
    if is_unsafe or b"\0" in name or len(name) > _MAX_NAME_BYTES:
        shown = os.fsdecode(name[:80])
        plain = b"_".join(part.replace(b"\0", b"?") for part in parts)[:80]
        return replace(entry, name=plain or b"_", skip=UNSAFE_NAMES, detail=shown)
    entry = replace(entry, name=b"/".join(parts))
    if entry.skip:
        return entry
    *folders, own = parts
    kinds = [
        *(skip_by_name(folder, is_folder=True) for folder in folders),
        skip_by_name(own, is_folder=False),
    ]
    if skip := next(filter(None, kinds), ""):
        return replace(entry, skip=skip)
    return replace(entry, skip=NESTED_ARCHIVES) if is_archive_name(own) else entry


def without_replaced(entries: Sequence[Entry]) -> Iterable[Entry]:
    """Skip all but the last of the entries with the same name, as unpacking the archive would."""
    last = {entry.name: index for index, entry in enumerate(entries) if not entry.skip}
    for index, entry in enumerate(entries):
        replaced = not entry.skip and last[entry.name] != index
        yield replace(entry, skip=REPLACED) if replaced else entry
