"""The catalog: the table of all samples, from their headers only, one column per property."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.warnings import DataWarning
from stackgui.core.catalog.archive_location import Archive, ArchiveLocation
from stackgui.core.catalog.axes import UNCERTAIN, Axes
from stackgui.core.catalog.doubts import Doubt
from stackgui.core.catalog.meaning import is_meaning
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

ALWAYS, UNNAMED, NEVER = Counts.ALWAYS, Counts.UNNAMED, Counts.NEVER
MANIFEST = Kept.MANIFEST

ONLY_MEMBER = -1
"""The member of a file that holds one sample only."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a sample's header says.

    Attributes
    ----------
    format : str
        Short name of the format, for example ``"jpeg"`` or ``"npy"``.
    height, width : int
        Pixels of the upright picture, after its orientation mark was obeyed.
    channels : int
        1 grey, 2 grey and alpha, 3 RGB, 4 RGBA; any number for a tensor.
    dtype : str
        NumPy name of the sample's own numbers, for example ``"uint8"``.
    orientation : int
        EXIF orientation, 1 to 8; 1 is upright.
    bits : int
        Bits of an unsigned number that the file says it uses, for example 12 in ``uint16``; 0 for all.
    samples : int
        How many samples alike follow one another in the file.
    profile : str
        Name of the embedded colour profile, where it is not that of sRGB and its pixels can be brought to
        sRGB; or ``""``.
    frames : int
        How many frames or pages the file holds; 1 for a single picture and for tensors.
    member : int
        Which of several frames this is, from 0; -1 where there is no choice.
    problem : str
        Why this one of several frames cannot be used, or ``""``.
    others : tuple of Header
        Of the further samples in the same file, in order.
    axes : str
        For a tensor, how its shape was read; see `stackgui.core.catalog.axes.Told`.
    arrays : tuple of str
        Names of the arrays in the file among which one can be chosen.
    doubts : str
        What its decoder doubts; see `stackgui.core.catalog.doubts.joined`.
    meaning : str
        What the channels are, where their number does not say it; see `stackgui.core.catalog.meaning`.
    member_name : str
        What the file calls the array that the sample is, or is one of; ``""`` where that has no name.
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


@dataclass(frozen=True, eq=False, slots=True)
class Skipped:
    """What a scan saw and did not take, listed so that nothing is left out silently.

    Attributes
    ----------
    path : Paths
        Absolute names.
    kind : Coded
        Why, as a short plural noun that can be counted, for example ``"hidden files"``.
    detail : Coded
        A sentence fragment with more to say, or ``""``.
    """

    path: Paths
    kind: Coded
    detail: Coded

    def __len__(self) -> int:
        return len(self.path)


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Catalog:
    """All samples of some sources, in order; every column has one entry per sample.

    What is declared with `column` is described beside it, and in `COLUMNS`.

    Attributes
    ----------
    sources : tuple of str
        Absolute names of what the person picked, in that order: folders, archives, lists or single files.
    folders : tuple of str
        For each source what its paths begin with: itself, or for a list or a single file the folder that
        its names are relative to.
    archives : tuple of Archive
    path : Paths
        Name relative to the source's folder. In an archive it goes on behind the archive's own name, as if
        that were a folder.
    inside : ArchiveLocation
        Where the sample lies in its archive.
    skipped : Skipped
    scan_options : ScanOptions
        How the sources were searched.
    arrays : tuple of str
        Names that files give to the arrays among which one can be chosen; of use for choosing only, hence not
        kept in a plan.
    warnings : tuple of DataWarning
        What was doubtful in the search itself; `stackgui.core.advice.gathered_warnings` has all warnings.
    lists : tuple of str
        For each list of files or labels a sentence that says which of its columns were taken.
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
    """Which sample of its file, from 0; -1 where the file holds one only."""
    frames: NDArray[np.int32] = field(metadata=column("frames of its file", counts=ALWAYS))
    """How many frames or pages its file holds; 1 for single pictures and for tensors."""
    height: NDArray[np.int32] = field(
        metadata=column("height", counts=ALWAYS, key="original_height", sheet=1)
    )
    """Pixels of the upright picture, as `width`; 0 where the header could not be read."""
    width: NDArray[np.int32] = field(metadata=column("width", counts=ALWAYS, key="original_width", sheet=2))
    channels: NDArray[np.int32] = field(metadata=column("channels", counts=ALWAYS, sheet=3))
    """0 where the header could not be read."""
    dtype: Coded = field(metadata=column("kind of numbers", counts=ALWAYS, sheet=4))
    """``""``, as `format`, where the header could not be read."""
    format: Coded = field(metadata=column("format", counts=ALWAYS, sheet=5))
    axes: Coded = field(metadata=column("axes", counts=ALWAYS))
    """How the shapes of tensors were read, see `stackgui.core.catalog.axes.Told`; ``""`` for pictures."""
    orientation: NDArray[np.uint8] = field(metadata=column("orientation mark", counts=ALWAYS, sheet=6))
    """EXIF orientation, 1 to 8."""
    bits: NDArray[np.uint8] = field(metadata=column("bits in use", counts=ALWAYS))
    """Bits that the file says it uses, 0 for all of its dtype."""
    profile: Coded = field(metadata=column("colour profile", counts=ALWAYS, sheet=7))
    """Name of the colour profile by which the sample's colours can be brought to sRGB, or ``""``."""
    meaning: Coded = field(metadata=column("meaning of its channels", counts=UNNAMED))
    """What its channels are, where their number does not say it; see `stackgui.core.catalog.meaning`."""
    file_bytes: NDArray[np.int64] = field(
        metadata=column("size of its file", counts=ALWAYS, sheet=10, varies=True)
    )
    mtime_ns: NDArray[np.int64] = field(metadata=column("time of change", counts=ALWAYS, varies=True))
    """Nanoseconds since 1970."""
    problem: Coded = field(metadata=column("problem", counts=ALWAYS, key="reason"))
    """Why the sample is known to be unusable, or ``""``."""
    doubts: Coded = field(metadata=column("doubts", kept=Kept.CACHE, counts=NEVER))
    """What the sample's decoder doubts about it by its header; see `stackgui.core.catalog.doubts.joined`."""
    member_name: Coded = field(metadata=column("name in its file", counts=UNNAMED, sheet=9))
    """What the sample's file calls the array that it is, or is one of; ``""`` where that has no name."""
    given_label: Coded = field(metadata=column("label of the source", kept=MANIFEST, counts=ALWAYS))
    """The sample's label by what the source itself says, for example a list of files, or ``""``."""
    split: Coded = field(metadata=column("part of the data", kept=MANIFEST, counts=ALWAYS, key="given_split"))
    """Which part of the data it belongs to, such as ``"train"``, by what the source says; or ``""``."""
    skipped: Skipped
    scan_options: ScanOptions = DEFAULT
    arrays: tuple[str, ...] = ()
    warnings: tuple[DataWarning, ...] = ()
    lists: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = ("path", "inside", *(each.name for each in COLUMNS))
        wrong = [name for name in names if len(getattr(self, name)) != len(self)]
        if wrong:
            raise ValueError(f"columns of another length than source: {', '.join(wrong)}")

    def __len__(self) -> int:
        return len(self.source)

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Mask of the samples whose header could be read, shape (N,)."""
        return self.problem.equals("") if len(self) else np.zeros(0, np.bool_)

    def file(self, sample: int) -> str:
        """Absolute name of a sample's file, as if archives were folders."""
        return os.path.join(self.folders[self.source[sample]], self.path[sample])

    @property
    def roots(self) -> tuple[str, ...]:
        """For each source the folder on the disk in which all of it lies."""
        are_archives = {archive.source for archive in self.archives if not archive.path}
        return tuple(
            os.path.dirname(folder) if source in are_archives else folder
            for source, folder in enumerate(self.folders)
        )

    def archive_file(self, archive: Archive) -> str:
        """Absolute name of an archive."""
        folder = self.folders[archive.source]
        return os.path.join(folder, archive.path) if archive.path else folder

    def take(self, samples: NDArray[np.integer[Any]]) -> Catalog:
        """The catalog of some samples alone, in the order of `samples`."""
        columns: dict[str, Any] = {
            each.name: each.take(getattr(self, each.name), samples) for each in COLUMNS
        }
        inside = self.inside.take(samples) if self.archives else ArchiveLocation.none_of(len(samples))
        return replace(self, path=self.path.take(samples), inside=inside, **columns)

    def to_json(self) -> dict[str, Any]:
        """The catalog as JSON values; columns as lists, names escaped so that any bytes survive."""
        return {name: _listed(value) for name, value in self.json_items()}

    def json_items(self) -> Iterator[tuple[str, Any]]:
        """What `to_json` gives, with columns as they are: as lists they take many times as much memory."""
        yield "sources", list(self.sources)
        yield "folders", list(self.folders)
        yield "archives", [archive.to_json() for archive in self.archives]
        yield "inside", self.inside.columns() if self.archives else None
        yield "scan_options", self.scan_options.to_json()
        yield "warnings", [warning.to_json() for warning in self.warnings]
        yield "lists", list(self.lists)
        for each in COLUMNS:
            yield each.name, each.to_json(getattr(self, each.name))
        yield "path", self.path
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
        """Rebuild what `to_json` gave."""
        skipped = value["skipped"]
        path = Paths.from_names(value["path"])
        columns = unknown(len(path)) | {
            # Plans that were saved before there was a column do not have it.
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
            skipped=Skipped(
                path=Paths.from_names(skipped["path"]),
                kind=coded_from_json(skipped["kind"]),
                detail=coded_from_json(skipped["detail"]),
            ),
            **columns,
        )
        made.check()
        return made

    def check(self) -> None:
        """Raise ValueError for what no scan makes, because a catalog in a file may come from anyone."""
        for each in COLUMNS:
            if each.dtype is None:
                texts: Coded = getattr(self, each.name)
                _check_codes(each.title, texts.codes, len(texts.names))
        _check_codes("source", self.source, len(self.sources))
        for name in ("height", "width", "channels"):
            if (getattr(self, name)[self.usable] < 1).any():
                raise ValueError(f"its column {name} holds what is not a size")
        if not {self.dtype.names[code] for code in np.unique(self.dtype.codes[self.usable])} <= NUMBERS:
            raise ValueError("its column dtype holds what are no numbers")
        self._check_words()
        if not {name.removesuffix(UNCERTAIN) for name in self.axes.names} <= {"", *Axes}:
            raise ValueError("its column axes holds what are no axes")
        names = (*(archive.path for archive in self.archives), *self.path)
        if any(_leads_out(name) for name in names) or len(self.folders) != len(self.sources):
            raise ValueError("its column path names a file outside the sources")
        if any(not 0 <= archive.source < len(self.sources) for archive in self.archives):
            raise ValueError("it has an archive of no source")
        self.inside.check(len(self.archives))

    def _check_words(self) -> None:
        if not all(map(is_meaning, self.meaning.names)):
            raise ValueError("its column meaning holds what is no meaning")
        if not all(doubt in set(Doubt) for text in self.doubts.names for doubt in text.split()):
            raise ValueError("its column doubts holds what is no doubt")


def archives_from_json(value: Iterable[Any]) -> tuple[Archive, ...]:
    """Rebuild the archives of a catalog."""
    return tuple(Archive(int(source), str(path), int(size), int(time)) for source, path, size, time in value)


def _check_codes(title: str, codes: NDArray[np.int32], count: int) -> None:
    if ((codes < 0) | (codes >= count)).any():
        raise ValueError(f"its column “{title}” points at nothing")


def _leads_out(path: str) -> bool:
    return os.path.isabs(path) or os.pardir in path.replace(os.altsep or os.sep, os.sep).split(os.sep)


NUMBERS = frozenset(np.dtype(code).name for code in "?" + np.typecodes["AllInteger"] + np.typecodes["Float"])
"""Names of what samples can be made of; NumPy is asked about no other text from a file."""

COLUMNS = columns_of(Catalog, Header)
"""What is known of every sample, in the order in which it counts in fingerprints."""

OF_FILE = ("file_bytes", "mtime_ns")
"""The columns that the file system tells, not the header."""


def unknown(length: int) -> dict[str, Values]:
    """The columns of `length` samples of which nothing is known; to be completed for a `Catalog`."""
    return {each.name: each.constant(length) for each in COLUMNS}


def _listed(value: Any) -> Any:  # noqa: ANN401 - any JSON value, and columns
    """`value` with its columns as lists."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {name: _listed(each) for name, each in value.items()}
    return list(value) if isinstance(value, Paths) else value
