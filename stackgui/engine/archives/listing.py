"""Lists the contents of an archive as columns, in the order of its samples."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.natural import natural_key
from stackgui.core.base.wording import say
from stackgui.core.catalog.archive_location import Packing
from stackgui.engine.archives import tar_entries, zip_entries
from stackgui.engine.archives.entries import Entry, Read, tidy, without_replaced
from stackgui.engine.archives.sidecars import MAX_BYTES, Sidecars, is_sidecar
from stackgui.engine.archives.streams import Stream
from stackgui.engine.sources.reading import buffered, os_reason, state_of
from stackgui.engine.sources.roots import Root, check_reach
from stackgui.stores.files.objects import State

_TEXTS = ("problem", "skip", "detail", "label", "split")
_MAGIC_BYTES = 8
_EMPTY_ZIP, _ZIP = b"PK\x05\x06", b"PK\x03\x04"


@dataclass(frozen=True, eq=False, slots=True)
class Listing:
    """The contents of an archive, with one entry for each file and none for folders.

    Attributes
    ----------
    file_bytes, mtime_ns : int
        Size and modification time of the archive.
    name : Paths
        Paths within the archive.
    places : int64, shape (n, 5)
        As in `stackgui.engine.archives.reading.Place`.
    problem, skip, detail, label, split : Coded
    damage : str
        Why the archive could not be listed completely, or ``""``.
    reason : str
        Why the archive could not be opened, or ``""``.
    """

    file_bytes: int
    mtime_ns: int
    name: Paths
    places: NDArray[np.int64]
    problem: Coded
    skip: Coded
    detail: Coded
    label: Coded
    split: Coded
    damage: str = ""
    reason: str = ""

    @classmethod
    def of(cls, status: State, entries: Sequence[Entry], sidecars: Sidecars, damage: str) -> Listing:
        """Turn entries into columns, in the order of their samples."""
        tidied = sidecars.aside(list(without_replaced([tidy(entry) for entry in entries])))
        if not any(entry.packing == Packing.STREAM for entry in tidied):
            # A stream can only be read forward, so its samples keep the order of the archive.
            tidied.sort(key=lambda entry: [_order(part) for part in entry.name.split(b"/")])
        places = [
            (entry.size_bytes, entry.offset, entry.packed_bytes, entry.packing, entry.crc32)
            for entry in tidied
        ]
        said = [sidecars.of(entry) for entry in tidied]
        return cls(
            status.size_bytes,
            status.mtime_ns,
            Paths.from_names(entry.name for entry in tidied),
            np.array(places, np.int64).reshape(-1, 5),
            Coded.from_values(entry.problem for entry in tidied),
            Coded.from_values(entry.skip for entry in tidied),
            Coded.from_values(entry.detail for entry in tidied),
            Coded.from_values(label for label, _split in said),
            Coded.from_values(split for _label, split in said),
            damage,
        )

    @classmethod
    def failed(cls, *, reason: str = "", damage: str = "") -> Listing:
        """Return the empty listing of an archive that could not be listed."""
        none = Coded.from_values(())
        nothing = Paths.from_names(())
        return cls(0, 0, nothing, np.empty((0, 5), np.int64), none, none, none, none, none, damage, reason)

    def __len__(self) -> int:
        return len(self.name)

    def remembered_names(self, archive: bytes) -> list[bytes]:
        """Return the cache keys of the files in `archive` (absolute path).

        A key cannot be the path of a plain file, and is unique to the archive and the offset.
        """
        names = map(self.name.raw, range(len(self)))
        offsets = self.places[:, 1].tolist()
        return [
            b"%s/%s\0%d %d" % (archive, name, self.file_bytes, offset)
            for name, offset in zip(names, offsets, strict=True)
        ]

    def take(self, entries: NDArray[np.int64]) -> Listing:
        """Return the listing with only some of its entries."""
        texts = {each: getattr(self, each).take(entries) for each in _TEXTS}
        return replace(self, name=self.name.take(entries), places=self.places[entries], **texts)


def list_archive(name: bytes, roots: Sequence[Root]) -> Listing:
    """List the archive `name` (absolute path), in a worker.

    Raises
    ------
    SourceGoneError
        When the archive cannot be read because one of `roots` is gone.
    """
    try:
        with buffered(name) as file:
            status = state_of(file.raw)
            start = file.read(_MAGIC_BYTES)
            file.seek(0)
            return _listed(name, file, start, status)
    except OSError as error:
        check_reach(name, roots)
        return Listing.failed(reason=os_reason(error))


def _listed(name: bytes, file: BinaryIO, start: bytes, status: State) -> Listing:
    entries: list[Entry] = []
    sidecars = Sidecars()
    damage = ""
    is_zip = start.startswith((_ZIP, _EMPTY_ZIP))
    found = zip_entries.zip_entries(file) if is_zip else _tar(name, file, start, status.size_bytes)
    try:
        for entry, read in found:
            entries.append(entry)
            if is_sidecar(entry) and not entry.problem and not entry.skip:
                sidecars.learn(entry, read(MAX_BYTES))
    except (*tar_entries.DAMAGES, *zip_entries.DAMAGES) as error:
        damage = _message(error)
    return Listing.of(status, entries, sidecars, damage)


def _tar(name: bytes, file: BinaryIO, start: bytes, size_bytes: int) -> Iterator[tuple[Entry, Read]]:
    if not Stream.knows(start):
        yield from tar_entries.tar_entries(file, size_bytes)
        return
    stream = Stream(name)
    try:
        yield from tar_entries.tar_entries(stream, size_bytes)
    finally:
        stream.close()


def _message(error: BaseException) -> str:
    message = str(error)
    if isinstance(error, OSError) and error.errno is not None:
        return os_reason(error)
    return (
        message
        if message.startswith("the archive")
        else say("the archive is damaged, cut off or of another kind")
    )


def _order(part: bytes) -> tuple[object, bytes]:
    return natural_key(os.fsdecode(part)), part
