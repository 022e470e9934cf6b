"""Recognises and reads annotation files in a worker, and finds the samples that they are about."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import Annotations, Names
from stackgui.core.annotations.joining import Found, SampleSizes, join
from stackgui.core.annotations.reading import Reading, Turned
from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.annotations.sample_segments import SampleSegments, segments_of_samples
from stackgui.core.base.errors import SampleError
from stackgui.core.labels.folder_names import holds_annotations, holds_pictures, is_part
from stackgui.core.lists.annotation_match import match_stems, match_written
from stackgui.core.lists.file_match import Files
from stackgui.engine.sources.label_list import Samples
from stackgui.engine.sources.reading import open_any, read_from, state_of, to_map
from stackgui.imaging import PICTURE_SUFFIXES
from stackgui.imaging.annotations.bitmaps import turned_bitmaps
from stackgui.imaging.annotations.declaration import START_BYTES, AnnotationFile, AnnotationFormat
from stackgui.imaging.annotations.formats import FORMATS, recognised

MAPPED_BYTES = 8 * 2**20
"""Files from this size on are mapped into memory instead of being read."""

COMPANION_BYTES = 2**20
"""Files that describe others, such as ``data.yaml``, are not larger."""

COMPANION_LEVELS = 4
"""Folders above an annotation file in which its companions are looked for."""

MAX_LISTED = 1_000_000
"""Files in folders of annotations that are looked at."""

SUFFIXES = frozenset(suffix for each in FORMATS for suffix in each.suffixes)
_FORMATS = {each.name: each for each in FORMATS}
TITLES = {each.name: each.title for each in FORMATS}
COMPANIONS = frozenset(name for each in FORMATS for name in each.companions)

Unpack = Callable[["Candidate", int], bytes]
"""Returns the first bytes of a candidate in an archive, or all for -1; raises SampleError."""


class Candidate(NamedTuple):
    """A file that may hold annotations.

    Attributes
    ----------
    name : bytes
        Absolute name, with archives as folders.
    size_bytes : int
    archive : bytes
        The archive that holds it, or ``b""``.
    archive_bytes, archive_mtime_ns : int
        Size and modification time of the archive.
    place : tuple of int
        Its place in the archive; see `stackgui.engine.archives.reading.Place`.
    picture_size : (int, int)
        Height and width of the picture that is called like it; 0 if there is none or nobody asks.
    """

    name: bytes
    size_bytes: int = 0
    archive: bytes = b""
    archive_bytes: int = 0
    archive_mtime_ns: int = 0
    place: tuple[int, ...] = ()
    picture_size: tuple[int, int] = (0, 0)


def asks_size(name: str) -> bool:
    """Return whether readers of the format called `name` want to know the size of a picture called alike."""
    return _FORMATS[name].asks_size


def has_one_picture(name: str) -> bool:
    """Return whether each file of the format called `name` describes one picture."""
    return _FORMATS[name].has_one_picture


def format_of(files: Sequence[Candidate], unpack: Unpack) -> str:
    """Return the name of the format of the first of `files` that is recognised, or ``""``."""
    for file in files:
        try:
            start = bytes(_data(file, unpack, START_BYTES))
        except (OSError, SampleError):
            continue
        if (found := recognised(_shown(file.name), start)) is not None:
            return found.name
    return ""


@dataclass(frozen=True, eq=False, slots=True)
class ReadFiles:
    """What some files say.

    Attributes
    ----------
    annotations : Annotations or None
    taken : tuple of int
        Indices of the files that are annotation files.
    companions : tuple of bytes
        Absolute names of the companions that were read with them.
    """

    annotations: Annotations | None
    taken: tuple[int, ...]
    companions: tuple[bytes, ...]


def read_files(
    name: str, files: Sequence[Candidate], beside: Sequence[Candidate], reading: Reading, unpack: Unpack
) -> ReadFiles:
    """Read those of `files` that are of the format called `name`.

    Parameters
    ----------
    name
    files
    beside
        Companions of the format in the same archive.
    reading
    unpack
    """
    format_ = _FORMATS[name]
    companions = _Companions(format_, beside, unpack)
    opened: list[AnnotationFile] = []
    taken: list[int] = []
    for index, file in enumerate(files):
        try:
            data = _data(file, unpack)
        except (OSError, SampleError):
            continue
        shown = _shown(file.name)
        found = recognised(shown, bytes(data[:START_BYTES]))
        if found is not None and found.name != name:
            continue
        if found is None and not (format_.has_one_picture and not len(data)):
            continue
        taken.append(index)
        opened.append(AnnotationFile(shown, data, companions.of(file), file.picture_size))
    annotations = format_.read(opened, reading) if opened else None
    return ReadFiles(annotations, tuple(taken), tuple(companions.read))


def _shown(name: bytes) -> str:
    return os.fsdecode(name).replace(os.sep, "/")


def _data(file: Candidate, unpack: Unpack, count: int = -1) -> bytes | memoryview:
    """Return the first `count` bytes of a file, or all of it, mapped if it is large."""
    if file.archive:
        return unpack(file, count)
    with open_any(file.name) as opened:
        size = state_of(opened).size_bytes
        if count >= 0 or size < MAPPED_BYTES:
            return read_from(opened, size if count < 0 else count)
    with to_map(file.name) as (handle, state):
        return memoryview(mmap.mmap(handle, state.size_bytes, access=mmap.ACCESS_READ))


class _Companions:
    """The companions of annotation files: those in the nearest folder, up to some levels above."""

    def __init__(self, format_: AnnotationFormat, beside: Sequence[Candidate], unpack: Unpack) -> None:
        self._names = format_.companions
        self._beside = {each.name: each for each in beside}
        self._unpack = unpack
        self._known: dict[bytes, dict[str, bytes]] = {}
        self.read: set[bytes] = set()

    def of(self, file: Candidate) -> dict[str, bytes]:
        folder = os.path.dirname(file.name)
        if folder not in self._known:
            self._known[folder] = dict(self._found(folder, in_archive=bool(file.archive)))
        return self._known[folder]

    def _found(self, folder: bytes, *, in_archive: bool) -> Iterator[tuple[str, bytes]]:
        left = set(self._names)
        for _level in range(COMPANION_LEVELS if left else 0):
            for name in sorted(left):
                path = os.path.join(folder, os.fsencode(name))
                try:
                    companion = self._beside[path] if in_archive else Candidate(path)
                    content = bytes(_data(companion, self._unpack, COMPANION_BYTES))
                except (OSError, SampleError, KeyError):
                    continue
                left.discard(name)
                self.read.add(path)
                yield name, content
            above = os.path.dirname(folder)
            if above == folder:
                return
            folder = above


def files_below(place: str) -> tuple[Candidate, ...]:
    """Return the files that may hold annotations at `place`, which is a file or a folder."""
    if not os.path.isdir(place):
        return (Candidate(os.fsencode(place), _size(place)),)
    found = []
    for folder, folders, names in os.walk(place):
        folders.sort()
        for name in sorted(names):
            if os.path.splitext(name)[1].lower() in SUFFIXES:
                path = os.path.join(folder, name)
                found.append(Candidate(os.fsencode(path), _size(path)))
        if len(found) > MAX_LISTED:
            break
    return tuple(found)


def files_near(folders: Sequence[str]) -> tuple[Candidate, ...]:
    """Return the files that may hold annotations in the usual folders beside `folders` of pictures.

    Beside ``images`` and ``val2017`` these are folders such as ``labels`` and ``annotations``; beside
    ``images/train`` also those beside ``images``.
    """
    found: dict[bytes, Candidate] = {}
    for own in folders:
        above, below = os.path.dirname(own), own
        for _level in range(2):
            names = _names_in(above)
            for name in names:
                path = os.path.join(above, name)
                if path != below and holds_annotations(name) and os.path.isdir(path):
                    found.update((each.name, each) for each in files_below(path))
                elif os.path.splitext(name)[1].lower() in SUFFIXES and os.path.isfile(path):
                    found[os.fsencode(path)] = Candidate(os.fsencode(path), _size(path))
            base = os.path.basename(above)
            if not (holds_pictures(base) or is_part(base)):
                break
            above, below = os.path.dirname(above), above
    return tuple(found.values())


def _names_in(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


class ReadPart(NamedTuple):
    """Annotations of one file, or of many that describe a picture each.

    Attributes
    ----------
    annotations : Annotations
    title : str
    place : str
        The file or, for many, their folder.
    files : int
    """

    annotations: Annotations
    title: str
    place: str
    files: int


@dataclass(frozen=True, eq=False, slots=True)
class Joined:
    """Annotations of samples.

    Attributes
    ----------
    annotations : SampleAnnotations
    met : tuple of bool
        For each part whether any of its pictures is a sample.
    segments : SampleSegments or None
        What files say of mask pictures, if any does.
    """

    annotations: SampleAnnotations
    met: tuple[bool, ...]
    segments: SampleSegments | None = None


def joined_annotations(
    parts: Sequence[ReadPart], samples: Samples, sizes: SampleSizes, turn: Turned, *, only_met: bool
) -> Joined:
    """Find the samples that `parts` are about, and return their annotations.

    Parameters
    ----------
    parts
    samples
    sizes
    turn
    only_met
        Whether parts about none of the samples, and pictures that are no samples, are passed over silently,
        as for files that only lie near the pictures.
    """
    files, sample_of = _files(samples)
    found = [Found(*part, sample_of[_matched(part, files)]) for part in parts]
    met = tuple(bool((each.sample >= 0).any()) for each in found)
    if only_met:
        found = [each for each, is_met in zip(found, met, strict=True) if is_met]
    made = join(found, sizes, turn, turned_bitmaps, name_orphans=not only_met)
    return Joined(made, met, segments_of_samples(found, made.categories))


def _files(samples: Samples) -> tuple[Files, NDArray[np.int64]]:
    """Return the files of samples, and the first sample of each, followed by marks for several and none."""
    relative = list(samples.path)
    absolute = [
        os.path.join(samples.folders[source], path)
        for source, path in zip(samples.source.tolist(), relative, strict=True)
    ]
    first: dict[str, int] = {}
    for sample, name in enumerate(absolute):
        first.setdefault(name, sample)
    # Indexed by -1 for no file and -2 for several, so the marks stand at the end.
    sample_of = np.array([*first.values(), -2, -1], np.int64)
    return Files(list(first), [relative[sample] for sample in first.values()]), sample_of


def _matched(part: ReadPart, files: Files) -> NDArray[np.int64]:
    names = [name.replace("/", os.sep) for name in part.annotations.pictures]
    if part.annotations.names is Names.BY_STEM:
        return match_stems(names, files.absolute, PICTURE_SUFFIXES)
    return match_written(names, files, part.place, PICTURE_SUFFIXES)
