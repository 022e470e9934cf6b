"""Extracts from a plan what a worker needs to render some of its rows."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, Paths, in_line, repeated, restore_state, slim_state, taken
from stackgui.core.base.decoding import decoding_of
from stackgui.core.catalog.archive_location import NO_ARCHIVE, ArchiveLocation, Packing
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.mask_segments import MaskSegments, Pairs
from stackgui.core.catalog.meaning import GREY_ALPHA, RGBA, Taken, has_unstated, taken_by
from stackgui.core.plan.drawn_masks import DrawnRows, Outlines, drawn_rows
from stackgui.core.plan.geometry import Geometry
from stackgui.core.plan.plan import Plan
from stackgui.engine.archives.reading import Place
from stackgui.engine.archives.streams import BYTES_PER_S
from stackgui.engine.decoding.render import RowPlan
from stackgui.engine.sources.roots import Root


class File(NamedTuple):
    """Where the bytes of a sample are, and the state of that file at the time of the scan.

    Attributes
    ----------
    name : bytes
        Absolute path of the file, or of the archive that holds the sample.
    file_bytes, mtime_ns : int
        Size and modification time of that file.
    roots : tuple of Root
        States of the source folders, which may disappear together with the file.
    place : Place or None
        Place of the sample in the archive; None for a plain file.
    """

    name: bytes
    file_bytes: int
    mtime_ns: int
    roots: tuple[Root, ...]
    place: Place | None = None


TupleT = TypeVar("TupleT", bound=tuple[Any, ...])

FEW_ROWS = 16
"""With no more than so many rows, finding those that are alike takes longer than it saves."""


def cache_key(file: File, row: RowPlan) -> bytes:
    """Return the key of a sample in the cache of scans: no path, if it is one of several in its file."""
    inside = b"" if file.place is None else b"\0%d" % file.place.offset
    member = b"" if row.member < 0 else b"\0member %d" % row.member
    return file.name + inside + member


@dataclass(frozen=True, eq=False, slots=True)
class Files:
    """The samples of some rows, to be sent to a worker; iterating yields a `File` and a `RowPlan` for each.

    They are columns because creating and sending an object per row costs as much as decoding a small picture.
    """

    folders: tuple[bytes, ...]
    archives: Mapping[int, tuple[bytes, int, int]]
    source: NDArray[np.int32]
    path: Paths
    inside: ArchiveLocation
    file_bytes: NDArray[np.int64]
    mtime_ns: NDArray[np.int64]
    format: Coded
    dtype: Coded
    bits: NDArray[np.uint8]
    has_profile: NDArray[np.bool_]
    is_picture: NDArray[np.bool_]
    has_alpha: NDArray[np.bool_]
    member: NDArray[np.int32]
    height: NDArray[np.int32]
    width: NDArray[np.int32]
    geometry: Geometry
    roots: tuple[Root, ...]
    masks: MaskFiles | None = None
    drawn: DrawnRows | None = None

    __getstate__, __setstate__ = slim_state, restore_state

    def __iter__(self) -> Iterator[tuple[File, RowPlan]]:
        rows = chain.from_iterable(repeat(row, count) for count, row in self.runs())
        return zip(self.files(), rows, strict=True)

    def files(self) -> Iterator[File]:
        """Yield the file of each row, or its archive and its place there."""
        if not self.archives:
            return self._own_files()
        archive, *inside = (column.tolist() for column in self.inside.columns().values())
        places = _each(Place, self.file_bytes.tolist(), *inside)
        archives = {index: (*state, self.roots) for index, state in self.archives.items()}
        if NO_ARCHIVE not in archive:
            return _each(File, *zip(*map(archives.__getitem__, archive), strict=True), places)
        return (
            File(*archives[index], place) if index != NO_ARCHIVE else file
            for index, file, place in zip(archive, self._own_files(), places, strict=True)
        )

    def _own_files(self) -> Iterator[File]:
        """Yield the file of each row, as if none were in an archive."""
        own = self._names(), self.file_bytes.tolist(), self.mtime_ns.tolist(), repeat(self.roots)
        return _each(File, *own, repeat(None))

    def runs(self) -> Iterator[tuple[int, RowPlan]]:
        """Yield a plan and before it how many rows in a row share it; of few rows, each has its own."""
        if len(self.path) <= FEW_ROWS:
            return zip(repeat(1), self._plans(slice(None)), strict=False)
        texts = (self.format.codes, self.dtype.codes)
        places = (self.geometry.scaled, self.geometry.window, self.geometry.placement)
        first = _firsts((*texts, *self._numbers, self.height, self.width, *places))
        counts = np.diff(first, append=len(self.path)).tolist()
        return zip(counts, self._plans(first), strict=True)

    @property
    def _numbers(self) -> tuple[NDArray[Any], ...]:
        return (self.bits, self.has_profile, self.is_picture, self.has_alpha, self.member)

    def _plans(self, rows: slice | NDArray[np.intp]) -> Iterator[RowPlan]:
        """Yield the plan of each of some rows."""
        geometry = self.geometry
        return map(
            RowPlan,
            self.format.take(rows),
            self.dtype.take(rows),
            *(column[rows].tolist() for column in self._numbers),
            zip(self.height[rows].tolist(), self.width[rows].tolist(), strict=True),
            *(
                map(tuple, table[rows].tolist())
                for table in (geometry.scaled, geometry.window, geometry.placement)
            ),
        )

    def of_masks(self) -> Iterator[MaskRow | Outlines | None]:
        """Yield the mask of each row, or what it is drawn from; None if it has none."""
        if self.drawn is not None:
            return self.drawn.rows()
        if self.masks is None:
            return repeat(None, len(self.path))
        found = zip(self.masks.files, segments_of_each(self.masks.segments), strict=False)
        rows = zip(self.masks.has_mask.tolist(), self.masks.turn.tolist(), strict=True)
        return (_mask_row(*next(found), turn) if has_mask else None for has_mask, turn in rows)

    def _names(self) -> Iterator[bytes]:
        folders = [os.path.join(folder, b"") for folder in self.folders]
        data, start = self.path.data, 0
        for source, end in zip(self.source.tolist(), self.path.ends.tolist(), strict=True):
            yield folders[source] + data[start:end]
            start = end


def _each(kind: type[TupleT], *columns: Iterable[Any]) -> Iterator[TupleT]:
    """Yield a named tuple for each row, without its own constructor, which takes twice as long."""
    return map(tuple.__new__, repeat(kind), zip(*columns, strict=False))


@dataclass(frozen=True, eq=False, slots=True)
class MaskFiles:
    """The masks of some rows.

    Attributes
    ----------
    files : Files
        The files of the masks that exist.
    has_mask : bool, shape (n,)
        Which rows have one.
    turn : uint8, shape (n,)
        EXIF orientation by which it has to be turned.
    segments : MaskSegments or None
        Those of `files`.
    """

    files: Files
    has_mask: NDArray[np.bool_]
    turn: NDArray[np.uint8]
    segments: MaskSegments | None = None


class MaskRow(NamedTuple):
    """The file of a mask, how it is decoded, the EXIF orientation by which it is turned, and its segments."""

    file: File
    row: RowPlan
    turn: int
    segments: Pairs | None = None


def _mask_row(found: tuple[File, RowPlan], segments: Pairs | None, turn: int) -> MaskRow:
    return MaskRow(*found, turn, segments)


def segments_of_each(segments: MaskSegments | None) -> Iterator[Pairs | None]:
    """Yield the segments of each mask; None for those that no file of annotations names."""
    return repeat(None) if segments is None else map(segments.of, range(len(segments.is_listed)))


def files_of(
    plan: Plan, samples: NDArray[np.int64], geometry: Geometry, roots: tuple[Root, ...] = ()
) -> Files:
    """Return what a worker needs for `samples` with the given `geometry`.

    While one of `roots` is gone, an unreadable file below it is an error, not a failed row.
    """
    has_alpha = _has_alpha(plan, samples)
    files = files_in(plan.catalog, samples, geometry, has_alpha, roots)
    masks = plan.catalog.masks
    if plan.masks is None:
        return files
    if masks is None:
        return replace(files, drawn=drawn_rows(plan, samples, geometry))
    has_mask = masks.has_mask[samples]
    mask = masks.of[samples][has_mask].astype(np.int64)
    no_alpha = np.zeros(len(mask), np.bool_)
    of_masks = files_in(masks.files, mask, geometry.take(has_mask), no_alpha, roots)
    segments = masks.segments.take(mask) if masks.segments is not None and plan.masks.of_segments else None
    turn = masks.turn(plan.catalog)[samples]
    return replace(files, masks=MaskFiles(of_masks, has_mask, turn, segments))


def files_in(
    catalog: Catalog,
    samples: NDArray[np.int64],
    geometry: Geometry,
    has_alpha: NDArray[np.bool_],
    roots: tuple[Root, ...],
) -> Files:
    """Return what a worker needs for `samples` of a catalog; see `files_of`."""
    rows = in_line(samples)
    return Files(
        folders=tuple(os.fsencode(folder) for folder in catalog.folders),
        archives=_archives(catalog, samples),
        source=taken(catalog.source, rows),
        path=catalog.path.take(samples),
        inside=catalog.inside.take(rows),
        file_bytes=taken(catalog.file_bytes, rows),
        mtime_ns=taken(catalog.mtime_ns, rows),
        format=catalog.format.take(rows),
        dtype=catalog.dtype.take(rows),
        bits=taken(catalog.bits, rows),
        has_profile=~_is_text(catalog.profile.take(rows), ""),
        is_picture=_is_text(catalog.axes.take(rows), ""),
        has_alpha=has_alpha,
        member=taken(catalog.member, rows),
        height=taken(catalog.height, rows),
        width=taken(catalog.width, rows),
        geometry=geometry,
        roots=roots,
    )


def _is_text(column: Coded, text: str) -> NDArray[np.bool_]:
    """Return which rows have `text`, as one value if all of them have the same."""
    is_same = len(column.names) == 1
    return repeated(np.bool_(column.names[0] == text), len(column)) if is_same else column.equals(text)


def _has_alpha(plan: Plan, samples: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether the last channel of each row is transparency; a channel kept as is may mean anything."""
    if plan.channels not in (GREY_ALPHA, RGBA):
        return repeated(np.False_, len(samples))
    if taken_by(plan.options.channels) is not Taken.ALL:
        return np.ones(len(samples), np.bool_)
    catalog = plan.catalog
    is_told = np.array([not has_unstated(name) for name in catalog.meaning.names], np.bool_)
    is_picture = catalog.axes.take(samples).equals("")
    kept = catalog.channels[samples] == plan.channels
    alpha: NDArray[np.bool_] = ~kept | (is_picture & is_told[catalog.meaning.codes[samples]])
    return alpha


def reading_s(plan: Plan, samples: NDArray[np.int64]) -> float:
    """Return the time for files that have to be read from the start before `samples` can be decoded.

    Those are archives that can only be read forward, and files with one checksum for many samples.
    """
    read = [(plan.catalog, samples)]
    if (masks := plan.catalog.masks) is not None:
        mask = masks.of[samples]
        read.append((masks.files, mask[mask >= 0].astype(np.int64)))
    together = sum(_streamed_bytes(*each) + _sealed_bytes(*each) for each in read)
    return float(together / BYTES_PER_S)


def _streamed_bytes(catalog: Catalog, samples: NDArray[np.int64]) -> int:
    if not catalog.archives:
        return 0
    rows = in_line(samples)
    is_stream = catalog.inside.packing[rows] == Packing.STREAM
    if not is_stream.any():
        return 0
    streams = np.unique(catalog.inside.archive[rows][is_stream])
    return sum(catalog.archives[index].file_bytes for index in streams.tolist())


def _sealed_bytes(catalog: Catalog, samples: NDArray[np.int64]) -> int:
    formats = catalog.format.take(samples)
    sealed = np.array([decoding_of(name).is_sealed for name in formats.names], np.bool_)[formats.codes]
    if not sealed.any():
        return 0
    taken = samples[sealed]
    files = zip(catalog.source[taken].tolist(), catalog.path.take(taken), strict=True)
    return sum(dict(zip(files, catalog.file_bytes[taken].tolist(), strict=True)).values())


def _archives(catalog: Catalog, samples: NDArray[np.int64]) -> dict[int, tuple[bytes, int, int]]:
    """Return absolute path, size and modification time of the archives that hold `samples`."""
    if not catalog.archives:
        return {}
    used = np.unique(catalog.inside.archive[in_line(samples)])
    return {
        index: (os.fsencode(catalog.archive_file(archive)), archive.file_bytes, archive.mtime_ns)
        for index in used.tolist()
        if index != NO_ARCHIVE
        for archive in [catalog.archives[index]]
    }


def _firsts(columns: Iterable[NDArray[Any]]) -> NDArray[np.intp]:
    """Return the indices of rows that differ from the row before them in any of `columns`."""
    differs: NDArray[np.bool_] | None = None
    for column in columns:
        if not column.strides[0]:  # all are equal
            continue
        here = column[1:] != column[:-1]
        here = here.any(axis=1) if here.ndim > 1 else here
        differs = here if differs is None else differs | here
    if differs is None:
        return np.zeros(1, np.intp)
    return np.flatnonzero(np.concatenate([[True], differs]))
