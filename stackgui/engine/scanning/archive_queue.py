"""The archives that a scan has found: their contents, and which files in them to probe."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from stackgui.core.base.columns import Paths
from stackgui.core.base.skip_kinds import DAMAGED_ARCHIVES, UNREADABLE
from stackgui.core.catalog.archive_location import Archive, ArchiveLocation
from stackgui.engine.archives.listing import Listing
from stackgui.engine.archives.reading import Place
from stackgui.engine.archives.streams import BYTES_PER_S
from stackgui.engine.scanning.chunk import Chunk, Key
from stackgui.engine.scanning.probed import Probed
from stackgui.engine.sources.sources import Source
from stackgui.engine.sources.walk import NO_LINE, Found

FILES_PER_BATCH = 256


@dataclass(frozen=True, slots=True)
class OneBatch:
    """One archive to list, or one list to read."""

    index: int

    def __len__(self) -> int:
        return 1

    def part(self, _begin: int, _end: int) -> OneBatch:
        """Return the batch itself, which cannot be split."""
        return self


@dataclass(frozen=True, eq=False, slots=True)
class InsideBatch:
    """Files of an archive to probe; `start` is the index of the first among those to probe in it."""

    index: int
    start: int
    listing: Listing

    def __len__(self) -> int:
        return len(self.listing)

    def part(self, begin: int, end: int) -> InsideBatch:
        """Return files `begin` to `end` as a batch."""
        return InsideBatch(self.index, self.start + begin, self.listing.take(np.arange(begin, end)))


class ArchiveQueue:
    """Archives in the order in which they were found, with their listings."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        self._sources = sources
        self._met: list[tuple[int, Found]] = []
        self._listings: dict[int, Listing] = {}

    def __len__(self) -> int:
        return len(self._met)

    def meet(self, place: int, found: Found) -> None:
        """Add an archive, with its place in the order of the scan."""
        self._met.append((place, found))

    def name(self, index: int) -> bytes:
        """Return the absolute path of an archive."""
        found = self._met[index][1]
        folder = os.fsencode(self._sources[found.source].folder)
        return os.path.join(folder, found.path) if found.path else folder

    def more_s(self, index: int) -> float:
        """Return the time for reading through an archive, on top of the limit for one sample."""
        return self._met[index][1].archive_bytes / BYTES_PER_S

    def to_list(self) -> Iterator[OneBatch]:
        """Return a batch for each archive, to be listed."""
        return map(OneBatch, range(len(self._met)))

    def take(self, index: int, listing: Listing) -> Iterator[tuple[bytes, str, str]]:
        """Add the listing of an archive; yield the name, kind and detail of each file that is skipped."""
        self._listings[index] = listing
        name = self.name(index)
        if listing.reason or listing.damage:
            kind = UNREADABLE if listing.reason else DAMAGED_ARCHIVES
            yield name, kind, listing.reason or listing.damage
        for entry in np.flatnonzero(~listing.skip.equals("")).tolist():
            yield name + b"/" + listing.name.raw(entry), listing.skip[entry], listing.detail[entry]

    def to_probe(self) -> Iterator[InsideBatch]:
        """Yield batches of the files in archives that may be samples."""
        for index in sorted(self._listings):
            listing = self._listings[index]
            wanted = np.flatnonzero(listing.skip.equals(""))
            for begin in range(0, len(wanted), FILES_PER_BATCH):
                yield InsideBatch(index, begin, listing.take(wanted[begin : begin + FILES_PER_BATCH]))

    def chunk(self, batch: InsideBatch, probed: Probed) -> tuple[Key, Chunk]:
        """Return the results of a batch as a chunk, with its key."""
        place, found = self._met[batch.index]
        files, listing = probed.file, batch.listing
        below = os.path.join(found.path, b"") if found.path else b""
        inside = ArchiveLocation(
            np.full(len(files), batch.index, np.int32),
            listing.places[files, 1],
            listing.places[files, 2],
            listing.places[files, 3].astype(np.uint8),
            listing.places[files, 4],
        )
        return (found.source, place, batch.start), Chunk(
            source=np.full(len(files), found.source, np.int32),
            path=Paths.from_names(below + listing.name.raw(file) for file in files.tolist()),
            probed=probed,
            inside=inside,
            label=listing.label.take(files),
            split=listing.split.take(files),
            line=np.full(len(files), NO_LINE, np.int32),
        )

    def located(self, names: Iterable[bytes]) -> dict[bytes, tuple[bytes, int, int, Place]]:
        """Return where files in archives lie, by their absolute names with archives as folders.

        For each its archive, size and modification time of that, and its place; other names are left out.
        """
        wanted = set(names)
        found = {}
        for index, listing in self._listings.items() if wanted else ():
            archive = self.name(index)
            for entry in range(len(listing)):
                name = archive + b"/" + listing.name.raw(entry)
                if name in wanted:
                    place = Place(*listing.places[entry].tolist())
                    found[name] = (archive, listing.file_bytes, listing.mtime_ns, place)
        return found

    def archives(self) -> tuple[Archive, ...]:
        """Return the archives for the catalog; those not listed yet are empty."""
        nothing = Listing.failed()
        return tuple(
            Archive(found.source, os.fsdecode(found.path), listing.file_bytes, listing.mtime_ns)
            for index, (_place, found) in enumerate(self._met)
            for listing in [self._listings.get(index, nothing)]
        )
