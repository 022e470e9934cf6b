"""Finds annotation files among and beside the pictures of a scan, and gives the samples their annotations."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stackgui.core.annotations.annotations import Complaint
from stackgui.core.annotations.joining import SampleSizes
from stackgui.core.annotations.reading import Reading, Turned
from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base.columns import Coded
from stackgui.core.base.errors import SampleError, UsageError
from stackgui.core.base.skip_kinds import ANNOTATION_FILES, NOT_A_PICTURE
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.scan_options import AUTOMATIC, NONE
from stackgui.core.labels.label_sets import set_text
from stackgui.core.lists.annotation_match import match_stems
from stackgui.engine.archives.reading import Place, opened
from stackgui.engine.scanning.archive_queue import ArchiveQueue, OneBatch
from stackgui.engine.scanning.mask_looks import Looker
from stackgui.engine.scanning.segments import with_segments
from stackgui.engine.sources.annotation_files import (
    COMPANIONS,
    SUFFIXES,
    TITLES,
    Candidate,
    Joined,
    ReadFiles,
    ReadPart,
    asks_size,
    files_below,
    files_near,
    format_of,
    has_one_picture,
    joined_annotations,
    read_files,
)
from stackgui.engine.sources.label_list import Samples
from stackgui.engine.workers import tasks
from stackgui.imaging import PICTURE_SUFFIXES

SNIFFED = 8
"""Files of a folder and suffix of which one has to be recognised before all of them are read."""

BATCH_FILES, BATCH_BYTES = 512, 8 * 2**20
"""Limits for a batch of annotation files that one worker reads."""

JOIN_S = 600.0
"""Time for finding the samples of annotations, on top of the limit for one sample."""

READ_BYTES_PER_S = 2**20
"""Rate at which annotation files are read at least, on the slowest computer."""


@dataclass(frozen=True, eq=False, slots=True)
class _Batch:
    """Annotation files of one format that one worker reads."""

    format: str
    files: tuple[Candidate, ...]

    def __len__(self) -> int:
        return len(self.files)

    def part(self, begin: int, end: int) -> _Batch:
        """Return files `begin` to `end` as a batch."""
        return _Batch(self.format, self.files[begin:end])


def with_annotations(
    catalog: Catalog, folders: Sequence[str], archives: ArchiveQueue, looker: Looker
) -> Catalog:
    """Return `catalog` with the annotations that its scan options ask for.

    Parameters
    ----------
    catalog
    folders
        Absolute names of the folders among the sources, beside which annotation files may lie.
    archives
        The archives of the scan.
    looker
        Looks through masks again whose colours the annotations explain.

    Raises
    ------
    UsageError
        When a place of annotations was named and there are none.
    Cancelled
    """
    place = catalog.scan_options.annotations
    if place == NONE or not len(catalog):
        return catalog
    annotating = _Annotating(catalog, archives, looker)
    if place != AUTOMATIC:
        return annotating.from_place(place)
    return annotating.automatic(folders)


class _Annotating:
    def __init__(self, catalog: Catalog, archives: ArchiveQueue, looker: Looker) -> None:
        self._catalog, self._archives, self._looker, self._runner = catalog, archives, looker, looker.runner
        self._taken: set[bytes] = set()
        self._lost: list[Complaint] = []
        self._pictures: list[str] | None = None

    def from_place(self, place: str) -> Catalog:
        """Take the annotations of one file or folder."""
        (done,) = self._runner.run(files_below, lambda _batch: (place,), [OneBatch(0)], lambda _batch: JOIN_S)
        parts = self._parts(done.result or ())
        if not parts:
            raise UsageError(
                say(
                    "{place} holds no annotations that this program reads.",
                    place=printable(place),
                )
            )
        joined = self._joined(parts, only_met=False)
        if not any(joined.met):
            raise UsageError(
                say(
                    "The annotations in {place} are about none of these pictures; the first of them "
                    "is called {name}.",
                    place=printable(place),
                    name=printable(next(iter(parts[0].annotations.pictures), "")),
                )
            )
        return self._annotated(joined)

    def automatic(self, folders: Sequence[str]) -> Catalog:
        """Take the annotations among the pictures or, without any, those in the usual folders beside them."""
        if parts := self._parts(self._among()):
            return self._annotated(self._joined(parts, only_met=False))
        if folders:
            (done,) = self._runner.run(files_near, lambda _batch: (tuple(folders),), [OneBatch(0)])
            if parts := self._parts(done.result or ()):
                joined = self._joined(parts, only_met=True)
                if any(joined.met):
                    return self._annotated(joined)
        return self._catalog

    def _among(self) -> tuple[Candidate, ...]:
        """Return the files that the scan left aside and that may hold annotations."""
        skipped = self._catalog.skipped
        wanted = [
            os.fsencode(path)
            for path, is_one in zip(skipped.path, skipped.kind.equals(NOT_A_PICTURE).tolist(), strict=True)
            if is_one and (_suffix(path) in SUFFIXES or os.path.basename(path) in COMPANIONS)
        ]
        if not self._catalog.archives:
            return tuple(map(Candidate, wanted))
        located = self._archives.located(wanted)
        return tuple(
            _in_archive(name, *located[name]) if name in located else Candidate(name) for name in wanted
        )

    def _parts(self, files: Sequence[Candidate]) -> list[ReadPart]:
        """Recognise and read annotation files."""
        beside = tuple(
            each for each in files if each.archive and os.fsdecode(os.path.basename(each.name)) in COMPANIONS
        )
        reading = self._catalog.scan_options.reading_annotations
        found: defaultdict[tuple[str, str], list[ReadPart]] = defaultdict(list)
        batches, tally = self._batches(files), self._runner.tally

        def arguments(batch: _Batch) -> tuple[Any, ...]:
            tally.current = batch.files[0].name
            return read_files_here, batch.format, batch.files, beside, reading

        def more_s(batch: _Batch) -> float:
            return sum(each.size_bytes for each in batch.files) / READ_BYTES_PER_S + JOIN_S

        tally.annotations += sum(map(len, batches))
        for done in self._runner.run(tasks.call, arguments, batches, more_s):
            tally.annotations_read += len(done.batch)
            name, read = done.batch.format, done.result
            if not isinstance(read, ReadFiles):
                self._lost.append(
                    Complaint(_UNREAD, len(done.batch), (os.fsdecode(done.batch.files[0].name),))
                )
                continue
            taken = [done.batch.files[index].name for index in read.taken]
            self._taken.update(taken, read.companions)
            if read.annotations is not None:
                place = os.fsdecode(os.path.dirname(taken[0]) if has_one_picture(name) else taken[0])
                found[name, place].append(ReadPart(read.annotations, TITLES[name], place, len(taken)))
        return [part for key in sorted(found) for part in found[key]]

    def _batches(self, files: Sequence[Candidate]) -> list[_Batch]:
        """Return the files in groups of a folder and a suffix in which one is recognised, in batches."""
        groups: defaultdict[tuple[bytes, str], list[Candidate]] = defaultdict(list)
        for file in files:
            name = os.fsdecode(file.name)
            if _suffix(name) in SUFFIXES:
                groups[os.path.dirname(file.name), _suffix(name)].append(file)
        keys = sorted(groups)

        def arguments(batch: OneBatch) -> tuple[Any, ...]:
            return format_of_here, tuple(groups[keys[batch.index]][:SNIFFED])

        formats = {
            keys[done.batch.index]: done.result or ""
            for done in self._runner.run(tasks.call, arguments, map(OneBatch, range(len(keys))))
        }
        batches: list[_Batch] = []
        for key in keys:
            if name := formats[key]:
                batches += _divided(name, self._sized(groups[key]) if asks_size(name) else groups[key])
        return batches

    def _sized(self, files: Sequence[Candidate]) -> list[Candidate]:
        """Return `files`, each with the size of the picture that is called like it."""
        catalog = self._catalog
        names = [os.path.splitext(os.fsdecode(each.name))[0] for each in files]
        if self._pictures is None:
            self._pictures = [catalog.file(sample) for sample in range(len(catalog))]
        found = match_stems(names, self._pictures, PICTURE_SUFFIXES).tolist()
        sizes = [
            (int(catalog.height[sample]), int(catalog.width[sample])) if sample >= 0 else (0, 0)
            for sample in found
        ]
        return [each._replace(picture_size=size) for each, size in zip(files, sizes, strict=True)]

    def _joined(self, parts: list[ReadPart], *, only_met: bool) -> Joined:
        catalog = self._catalog
        sizes = SampleSizes(catalog.height, catalog.width, catalog.orientation)
        arguments = (
            join_here,
            parts,
            Samples.of(catalog),
            sizes,
            catalog.scan_options.annotation_turn,
            only_met,
        )
        near = self._runner.here
        (done,) = near.run(tasks.call, lambda _batch: arguments, [OneBatch(0)], lambda _batch: JOIN_S)
        if not isinstance(done.result, Joined):
            raise UsageError(say("The annotations cannot be used: {reason}.", reason=done.reason))
        return done.result

    def _annotated(self, joined: Joined) -> Catalog:
        """Return the catalog with annotations, whose files are no longer among those left aside."""
        annotations = joined.annotations
        catalog = with_segments(self._catalog, annotations.categories, joined.segments, self._looker)
        if self._lost:
            annotations = replace(annotations, complaints=(*annotations.complaints, *self._lost))
        return replace(
            catalog,
            annotations=annotations,
            skipped=catalog.skipped.with_kind(self._taken, ANNOTATION_FILES),
            given_label=_labelled(catalog.given_label, annotations),
        )


_UNREAD = say("The annotation file cannot be read.")


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()


def _in_archive(name: bytes, archive: bytes, size: int, mtime_ns: int, place: Place) -> Candidate:
    return Candidate(name, place.size_bytes, archive, size, mtime_ns, tuple(place))


def _divided(name: str, files: Sequence[Candidate]) -> Iterator[_Batch]:
    if not has_one_picture(name):
        yield from (_Batch(name, (file,)) for file in files)
        return
    batch: list[Candidate] = []
    size = 0
    for file in files:
        if batch and (len(batch) >= BATCH_FILES or size + file.size_bytes > BATCH_BYTES):
            yield _Batch(name, tuple(batch))
            batch, size = [], 0
        batch.append(file)
        size += file.size_bytes
    if batch:
        yield _Batch(name, tuple(batch))


def _labelled(given: Coded, annotations: SampleAnnotations) -> Coded:
    """Return labels with the classes of a whole picture where nothing else gives one."""
    tags = annotations.tags
    is_silent = given.equals("")
    found: dict[int, list[str]] = {}
    for sample, category in zip(tags.picture.tolist(), tags.category.tolist(), strict=True):
        if is_silent[sample]:
            found.setdefault(sample, []).append(annotations.categories[category])
    return given.put({sample: set_text(names) for sample, names in found.items()})


def format_of_here(files: tuple[Candidate, ...]) -> str:
    """Return `format_of`; runs in a worker."""
    return format_of(files, _unpacked)


def read_files_here(
    name: str, files: tuple[Candidate, ...], beside: tuple[Candidate, ...], reading: Reading
) -> ReadFiles:
    """Return `read_files`; runs in a worker."""
    return read_files(name, files, beside, reading, _unpacked)


def join_here(
    parts: list[ReadPart],
    samples: Samples,
    sizes: SampleSizes,
    turn: Turned,
    only_met: bool,  # noqa: FBT001 - as a task is called
) -> Joined:
    """Return `joined_annotations`; runs in a worker."""
    return joined_annotations(parts, samples, sizes, turn, only_met=only_met)


def _unpacked(file: Candidate, count: int) -> bytes:
    archive = opened(file.archive, file.archive_bytes, file.archive_mtime_ns)
    place = Place(*file.place)
    if place.size_bytes < 0:
        raise SampleError(say("its size is not known"))
    return archive.whole(place) if count < 0 else archive.start(place, count)
