"""The catalog: the table of all samples, with one column per property, made from their headers alone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base.blocks import blocks
from stackgui.core.base.columns import Coded, Paths, restore_state, slim_state
from stackgui.core.base.warnings import DataWarning
from stackgui.core.base.wording import say
from stackgui.core.catalog.archive_location import Archive, ArchiveLocation
from stackgui.core.catalog.axes import UNCERTAIN, Axes
from stackgui.core.catalog.doubts import Doubt
from stackgui.core.catalog.list_values import ListValues
from stackgui.core.catalog.masks import Masks
from stackgui.core.catalog.meaning import is_meaning
from stackgui.core.catalog.outside import any_leads_out, leads_out
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.core.catalog.schema import (
    Counts,
    Kept,
    Values,
    coded_from_json,
    coded_to_json,
    column,
    columns_of,
)
from stackgui.core.catalog.skipped import Skipped

ALWAYS, UNNAMED, NEVER = Counts.ALWAYS, Counts.UNNAMED, Counts.NEVER
MANIFEST = Kept.MANIFEST

ONLY_MEMBER = -1
"""The member number of a sample that is the only one in its file."""


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a sample.

    Attributes
    ----------
    format : str
        Short name of the format, for example ``"jpeg"`` or ``"npy"``.
    height, width : int
        Size in pixels after the EXIF orientation is applied.
    channels : int
        1 grey, 2 grey and alpha, 3 RGB, 4 RGBA; any number for a tensor.
    dtype : str
        NumPy name of the dtype in the file, for example ``"uint8"``.
    orientation : int
        EXIF orientation, 1 to 8; 1 is upright.
    bits : int
        Bits that an unsigned number uses according to the file, for example 12 of a ``uint16``; 0 for all.
    samples : int
        Number of consecutive samples in the file that this header describes.
    profile : str
        Name of the embedded colour profile if it differs from sRGB and the pixels can be converted to sRGB,
        else ``""``.
    frames : int
        Number of frames or pages in the file; 1 for a single picture and for tensors.
    member : int
        Index of this frame among several, from 0; -1 if there is only one.
    problem : str
        Why this frame, one of several, cannot be used, or ``""``.
    others : tuple of Header
        Headers of the other samples in the same file, in order.
    axes : str
        For a tensor, the axes that its shape was read with; see `stackgui.core.catalog.axes.InferredAxes`.
    arrays : tuple of str
        Names of the arrays in the file that can be chosen.
    doubts : str
        Doubts of the decoder; see `stackgui.core.catalog.doubts.join_doubts`.
    meaning : str
        Meaning of the channels if their number does not show it; see `stackgui.core.catalog.meaning`.
    member_name : str
        Name in the file of the array that the sample is, or is part of; ``""`` if the array has no name.
    """

    format: str
    height: int
    width: int
    channels: int
    dtype: str
    orientation: int = 1
    bits: int = 0
    samples: int = 1
    profile: str = ""
    frames: int = 1
    member: int = ONLY_MEMBER
    problem: str = ""
    others: tuple[Header, ...] = ()
    axes: str = ""
    arrays: tuple[str, ...] = ()
    doubts: str = ""
    meaning: str = ""
    member_name: str = ""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Catalog:
    """All samples of some sources, in order; each column has one entry per sample.

    The fields declared with `column` are described beside them, and in `COLUMNS`.

    Attributes
    ----------
    sources : tuple of str
        Absolute names of the folders, archives, lists and single files that the person picked, in order.
    folders : tuple of str
        For each source the folder that its paths are relative to: the source itself or, for a list or a
        single file, the folder of its names.
    archives : tuple of Archive
        The archives that hold samples.
    path : Paths
        Name relative to the source's folder. The path of a sample in an archive continues after the archive's
        own name, as if the archive were a folder.
    inside : ArchiveLocation
        Where the sample lies in its archive.
    skipped : Skipped
        Files that the scan did not take.
    scan_options : ScanOptions
        How the sources were searched.
    arrays : tuple of str
        Names of the arrays that can be chosen from files; a plan does not keep them, because only the choice
        needs them.
    warnings : tuple of DataWarning
        Warnings about the search itself; `stackgui.core.advice.gathered_warnings` collects all warnings.
    list_columns : tuple of str
        Titles of the columns of the lists, or their numbers where they have none; a plan does not keep them,
        because only the choice needs them.
    lists : tuple of str
        One sentence per list of files or labels, saying which of its columns were used.
    annotations : SampleAnnotations or None
        The boxes, polygons and keypoints of the samples; None if no annotation files were found.
    masks : Masks or None
        The masks of the samples; None if there are none.
    values : ListValues or None
        The columns of lists that go with the samples; None if none were asked for.
    """

    sources: tuple[str, ...]
    folders: tuple[str, ...]
    archives: tuple[Archive, ...]
    path: Paths
    inside: ArchiveLocation
    source: NDArray[np.int32] = field(metadata=column("source", kept=MANIFEST, counts=ALWAYS, key="picked"))
    """Index into `sources`."""
    member: NDArray[np.int32] = field(
        metadata=column("number in its file", counts=ALWAYS, sheet=8, identifies=True)
    )
    """Index of the sample in its file, from 0; -1 if the file holds only one."""
    frames: NDArray[np.int32] = field(metadata=column("frames of its file", counts=ALWAYS))
    """Number of frames or pages in its file; 1 for single pictures and for tensors."""
    height: NDArray[np.int32] = field(
        metadata=column("height", counts=ALWAYS, key="original_height", sheet=1)
    )
    """Pixels after the EXIF orientation is applied, as in `width`; 0 if the header could not be read."""
    width: NDArray[np.int32] = field(metadata=column("width", counts=ALWAYS, key="original_width", sheet=2))
    channels: NDArray[np.int32] = field(metadata=column("channels", counts=ALWAYS, sheet=3))
    """0 if the header could not be read."""
    dtype: Coded = field(metadata=column("kind of numbers", counts=ALWAYS, sheet=4))
    """NumPy name; ``""``, as in `format`, if the header could not be read."""
    format: Coded = field(metadata=column("format", counts=ALWAYS, sheet=5))
    axes: Coded = field(metadata=column("axes", counts=ALWAYS))
    """Axes of a tensor, see `stackgui.core.catalog.axes.InferredAxes`; ``""`` for pictures."""
    orientation: NDArray[np.uint8] = field(metadata=column("orientation mark", counts=ALWAYS, sheet=6))
    """EXIF orientation, 1 to 8."""
    bits: NDArray[np.uint8] = field(metadata=column("bits in use", counts=ALWAYS))
    """Bits in use according to the file; 0 for all bits of the dtype."""
    profile: Coded = field(metadata=column("colour profile", counts=ALWAYS, sheet=7))
    """Name of the colour profile from which the colours can be converted to sRGB, or ``""``."""
    meaning: Coded = field(metadata=column("meaning of its channels", counts=UNNAMED))
    """Meaning of the channels if their number does not show it; see `stackgui.core.catalog.meaning`."""
    file_bytes: NDArray[np.int64] = field(
        metadata=column("size of its file", counts=ALWAYS, sheet=10, varies=True)
    )
    mtime_ns: NDArray[np.int64] = field(metadata=column("time of last change", counts=ALWAYS, varies=True))
    """Nanoseconds since 1970."""
    problem: Coded = field(metadata=column("problem", counts=ALWAYS, key="reason"))
    """Why the sample cannot be used, or ``""``."""
    doubts: Coded = field(metadata=column("doubts", kept=Kept.CACHE, counts=NEVER))
    """Doubts of the decoder that read the header; see `stackgui.core.catalog.doubts.join_doubts`."""
    member_name: Coded = field(metadata=column("name in its file", counts=UNNAMED, sheet=9))
    """Name in the file of the array that the sample is, or is part of; ``""`` if the array has no name."""
    given_label: Coded = field(metadata=column("label of the source", kept=MANIFEST, counts=ALWAYS))
    """Label that the source itself gives, for example in a list of files, or ``""``."""
    split: Coded = field(metadata=column("split", kept=MANIFEST, counts=ALWAYS, key="given_split"))
    """Dataset split that the source gives, for example ``"train"``, or ``""``."""
    sketch: NDArray[np.int64] = field(metadata=column("coarse look", kept=MANIFEST, varies=True))
    """First half of the sketch that shows near-duplicates; 0, as in `fine_sketch`, if none was made."""
    fine_sketch: NDArray[np.int64] = field(metadata=column("fine look", kept=MANIFEST, varies=True))
    skipped: Skipped
    scan_options: ScanOptions = DEFAULT
    arrays: tuple[str, ...] = ()
    warnings: tuple[DataWarning, ...] = ()
    lists: tuple[str, ...] = ()
    list_columns: tuple[str, ...] = ()
    annotations: SampleAnnotations | None = None
    masks: Masks | None = None
    values: ListValues | None = None

    __getstate__, __setstate__ = slim_state, restore_state

    def __post_init__(self) -> None:
        names = ("path", "inside", *(each.name for each in COLUMNS))
        wrong = [name for name in names if len(getattr(self, name)) != len(self)]
        wrong += ["values"] if self.values is not None and len(self.values) != len(self) else []
        wrong += ["masks"] if self.masks is not None and len(self.masks.of) != len(self) else []
        if wrong:
            raise ValueError(
                say("columns that differ in length from source: {wrong}", wrong=", ".join(wrong))
            )

    def __len__(self) -> int:
        return len(self.source)

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Mask of the samples without a problem, shape (N,)."""
        return self.problem.equals("") if len(self) else np.zeros(0, np.bool_)

    def file(self, sample: int) -> str:
        """Return the absolute name of a sample's file, treating archives as folders."""
        return os.path.join(self.folders[self.source[sample]], self.path[sample])

    @property
    def roots(self) -> tuple[str, ...]:
        """For each source the folder on disk that contains all of it."""
        are_archives = {archive.source for archive in self.archives if not archive.path}
        return tuple(
            os.path.dirname(folder) if source in are_archives else folder
            for source, folder in enumerate(self.folders)
        )

    def archive_file(self, archive: Archive) -> str:
        """Return the absolute name of an archive."""
        folder = self.folders[archive.source]
        return os.path.join(folder, archive.path) if archive.path else folder

    def take(self, samples: NDArray[np.integer[Any]]) -> Catalog:
        """Return a catalog of only `samples`, in that order."""
        columns: dict[str, Any] = {
            each.name: each.take(getattr(self, each.name), samples) for each in COLUMNS
        }
        inside = self.inside.take(samples) if self.archives else ArchiveLocation.none_of(len(samples))
        annotations = None if self.annotations is None else self.annotations.take(samples)
        masks = None if self.masks is None else self.masks.take(samples)
        values = None if self.values is None else self.values.take(samples)
        more: dict[str, Any] = {"annotations": annotations, "masks": masks, "values": values}
        return replace(self, path=self.path.take(samples), inside=inside, **more, **columns)

    def to_json(self) -> dict[str, Any]:
        """Return the catalog as JSON values: columns as lists, names escaped so that any bytes survive."""
        return {name: _listed(value) for name, value in self.json_items()}

    def json_items(self) -> Iterator[tuple[str, Any]]:
        """Yield the items of `to_json`, but leave columns as arrays; lists take many times the memory."""
        yield "sources", list(self.sources)
        yield "folders", list(self.folders)
        yield "archives", [archive.to_json() for archive in self.archives]
        yield "inside", self.inside.columns() if self.archives else None
        yield "scan_options", self.scan_options.to_json()
        yield "warnings", [warning.to_json() for warning in self.warnings]
        yield "lists", list(self.lists)
        for each in COLUMNS:
            if each.is_saved(values := getattr(self, each.name)):
                yield each.name, each.to_json(values)
        yield "path", self.path
        if self.annotations is not None:
            yield "annotations", self.annotations.to_json()
        if self.masks is not None:
            yield "masks", self.masks.to_json()
        if self.values is not None:
            yield "values", self.values.to_json()
        yield (
            "skipped",
            {
                "path": self.skipped.path,
                "kind": coded_to_json(self.skipped.kind),
                "detail": coded_to_json(self.skipped.detail),
            },
        )

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Catalog:
        """Rebuild a catalog from what `to_json` returned."""
        skipped = value["skipped"]
        path = Paths.from_json(value["path"])
        columns = unknown(len(path)) | {
            # Plans saved before a column was added do not have it.
            each.name: each.from_json(value[each.name])
            for each in COLUMNS
            if each.counts is ALWAYS or each.name in value
        }
        inside = value["inside"]
        made = cls(
            sources=tuple(map(str, value["sources"])),
            folders=tuple(map(str, value["folders"])),
            archives=archives_from_json(value["archives"]),
            inside=ArchiveLocation.none_of(len(path))
            if inside is None
            else ArchiveLocation.from_columns(inside),
            scan_options=ScanOptions.from_json(value["scan_options"]),
            warnings=tuple(map(DataWarning.from_json, value.get("warnings", ()))),
            lists=tuple(map(str, value.get("lists", ()))),
            path=path,
            annotations=SampleAnnotations.from_json(value["annotations"]) if "annotations" in value else None,
            masks=_masks_from_json(value.get("masks")),
            values=ListValues.from_json(value["values"], len(path)) if "values" in value else None,
            skipped=Skipped(
                path=Paths.from_json(skipped["path"]),
                kind=coded_from_json(skipped["kind"]),
                detail=coded_from_json(skipped["detail"]),
            ),
            **columns,
        )
        made.check()
        return made

    def check(self) -> None:
        """Raise ValueError for anything that no scan produces: a catalog in a file may come from anyone."""
        for each in COLUMNS:
            if each.dtype is None:
                texts: Coded = getattr(self, each.name)
                _check_codes(each.title, texts.codes, len(texts.names))
        _check_codes("source", self.source, len(self.sources))
        usable = self.usable
        for name in ("height", "width", "channels"):
            column = getattr(self, name)
            if any((column[rows][usable[rows]] < 1).any() for rows in blocks(len(self))):
                raise ValueError(say("its column {name} has values below 1", name=name))
        if not set(self.dtype.counts(usable)) <= NUMBERS:
            raise ValueError("its column dtype has names that are not numeric dtypes")
        self._check_words()
        if not {name.removesuffix(UNCERTAIN) for name in self.axes.names} <= {"", *Axes}:
            raise ValueError("its column axes has unknown axes")
        leaves = any(leads_out(archive.path) for archive in self.archives) or any_leads_out(self.path)
        if leaves or len(self.folders) != len(self.sources):
            raise ValueError("its column path has names outside the sources")
        if any(not 0 <= archive.source < len(self.sources) for archive in self.archives):
            raise ValueError("it has an archive that belongs to no source")
        self.inside.check(len(self.archives))
        if self.masks is not None:
            self.masks.check()

    def _check_words(self) -> None:
        if not all(map(is_meaning, self.meaning.names)):
            raise ValueError("its column meaning has unknown meanings")
        if not all(doubt in set(Doubt) for text in self.doubts.names for doubt in text.split()):
            raise ValueError("its column doubts has unknown doubts")


def _masks_from_json(value: Mapping[str, Any] | None) -> Masks | None:
    return None if value is None else Masks.from_json(value, Catalog.from_json(value["files"]))


def archives_from_json(value: Iterable[Any]) -> tuple[Archive, ...]:
    """Rebuild archives from what `Archive.to_json` returned."""
    return tuple(Archive(int(source), str(path), int(size), int(time)) for source, path, size, time in value)


def _check_codes(title: str, codes: NDArray[np.int32], count: int) -> None:
    if len(codes) and not 0 <= int(codes.min()) <= int(codes.max()) < count:
        raise ValueError(say("its column “{title}” has values that refer to nothing", title=title))


NUMBERS = frozenset(np.dtype(code).name for code in "?" + np.typecodes["AllInteger"] + np.typecodes["Float"])
"""NumPy names of the dtypes that samples can have; no other text from a file is passed to NumPy."""

COLUMNS = columns_of(Catalog, Header)
"""The columns, in the order in which fingerprints count them."""

OF_FILE = ("file_bytes", "mtime_ns")
"""The columns that come from the file system, not from the header."""


def unknown(length: int) -> dict[str, Values]:
    """Return default columns for `length` samples about which nothing is known yet."""
    return {each.name: each.constant(length) for each in COLUMNS}


def _listed(value: Any) -> Any:  # noqa: ANN401 - any JSON value, and columns
    """Return `value` with its columns as lists."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {name: _listed(each) for name, each in value.items()}
    return list(value) if isinstance(value, Paths) else value
