"""The catalog: the table of all samples, from their headers only, one column per property."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, Paths, slim
from stackgui.core.base.warnings import DataWarning
from stackgui.core.catalog.archive_location import Archive, Inside
from stackgui.core.catalog.axes import UNCERTAIN, Axes
from stackgui.core.catalog.doubts import Doubt
from stackgui.core.catalog.meaning import is_meaning
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions

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

    Attributes
    ----------
    sources : tuple of str
        Absolute names of what the person picked, in that order: folders, archives, lists or single files.
    folders : tuple of str
        For each source what its paths begin with: itself, or for a list or a single file the folder that
        its names are relative to.
    archives : tuple of Archive
    source : int32, shape (N,)
        Index into `sources`.
    path : Paths
        Name relative to the source's folder. In an archive it goes on behind the archive's own name, as if
        that were a folder.
    inside : Inside
        Where the sample lies in its archive.
    member : int32, shape (N,)
        Which sample of its file, from 0; -1 where the file holds one only.
    frames : int32, shape (N,)
        How many frames or pages its file holds; 1 for single pictures and for tensors.
    height, width : int32, shape (N,)
        Upright size in pixels; 0 where the header could not be read.
    channels : int32, shape (N,)
        0 where the header could not be read.
    dtype, format : Coded
        ``""`` where the header could not be read.
    axes : Coded
        How the shapes of tensors were read, see `stackgui.core.catalog.axes.Told`; ``""`` for pictures.
    orientation : uint8, shape (N,)
        EXIF orientation, 1 to 8.
    bits : uint8, shape (N,)
        Bits that the file says it uses, 0 for all of its dtype.
    profile : Coded
        Name of the colour profile by which the sample's colours can be brought to sRGB, or ``""``.
    meaning : Coded
        What its channels are, where their number does not say it; see `stackgui.core.catalog.meaning`.
    file_bytes : int64, shape (N,)
    mtime_ns : int64, shape (N,)
        Time of last change, nanoseconds since 1970.
    problem : Coded
        Why the sample is known to be unusable, or ``""``.
    doubts : Coded
        What the sample's decoder doubts about it by its header; see `stackgui.core.catalog.doubts.joined`.
    member_name : Coded
        What the sample's file calls the array that it is, or is one of; ``""`` where that has no name.
    given_label, split : Coded
        What the source itself says, for example a list of files: the sample's label, and which part of the
        data it belongs to, such as ``"train"``; ``""`` where it says nothing.
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
    source: NDArray[np.int32]
    path: Paths
    inside: Inside
    member: NDArray[np.int32]
    frames: NDArray[np.int32]
    height: NDArray[np.int32]
    width: NDArray[np.int32]
    channels: NDArray[np.int32]
    dtype: Coded
    format: Coded
    axes: Coded
    orientation: NDArray[np.uint8]
    bits: NDArray[np.uint8]
    profile: Coded
    meaning: Coded
    file_bytes: NDArray[np.int64]
    mtime_ns: NDArray[np.int64]
    problem: Coded
    doubts: Coded
    member_name: Coded
    given_label: Coded
    split: Coded
    skipped: Skipped
    scan_options: ScanOptions = DEFAULT
    arrays: tuple[str, ...] = ()
    warnings: tuple[DataWarning, ...] = ()
    lists: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        wrong = [
            column.name
            for column in fields(self)
            if column.name not in _NO_COLUMNS and len(getattr(self, column.name)) != len(self)
        ]
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
        columns: dict[str, Any] = {name: slim(getattr(self, name)[samples]) for name in NUMBER_COLUMNS}
        columns |= {name: getattr(self, name).take(samples) for name in (*TEXT_COLUMNS, "path")}
        inside = self.inside.take(samples) if self.archives else Inside.none_of(len(samples))
        return replace(self, inside=inside, **columns)

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
        for name in NUMBER_COLUMNS:
            yield name, getattr(self, name)
        for name in TEXT_COLUMNS:
            yield name, _coded_to_json(getattr(self, name))
        yield "path", self.path
        yield (
            "skipped",
            {
                "path": self.skipped.path,
                "kind": _coded_to_json(self.skipped.kind),
                "detail": _coded_to_json(self.skipped.detail),
            },
        )

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Catalog:
        """Rebuild what `to_json` gave."""
        skipped = value["skipped"]
        columns: dict[str, Any] = {
            name: slim(np.asarray(value[name], dtype)) for name, dtype in NUMBER_COLUMNS.items()
        }
        # Plans that were saved before there were such columns have none.
        none = _coded_to_json(Coded.constant("", len(columns["source"])))
        new = dict.fromkeys(("doubts", *LATER_COLUMNS), none)
        columns |= {name: _coded_from_json((new | dict(value))[name]) for name in TEXT_COLUMNS}
        inside = value["inside"]
        made = cls(
            sources=tuple(map(str, value["sources"])),
            folders=tuple(map(str, value["folders"])),
            archives=archives_from_json(value["archives"]),
            inside=Inside.none_of(len(columns["source"])) if inside is None else Inside.from_columns(inside),
            scan_options=ScanOptions.from_json(value["scan_options"]),
            warnings=tuple(map(DataWarning.from_json, value.get("warnings", ()))),
            lists=tuple(map(str, value.get("lists", ()))),
            path=Paths.from_names(value["path"]),
            skipped=Skipped(
                path=Paths.from_names(skipped["path"]),
                kind=_coded_from_json(skipped["kind"]),
                detail=_coded_from_json(skipped["detail"]),
            ),
            **columns,
        )
        made.check()
        return made

    def check(self) -> None:
        """Raise ValueError for what no scan makes, because a catalog in a file may come from anyone."""
        counts = {
            "source": len(self.sources),
            **{name: len(getattr(self, name).names) for name in TEXT_COLUMNS},
        }
        for name, count in counts.items():
            column = self.source if name == "source" else getattr(self, name).codes
            if ((column < 0) | (column >= count)).any():
                raise ValueError(f"its column {name} points at nothing")
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


def _leads_out(path: str) -> bool:
    return os.path.isabs(path) or os.pardir in path.replace(os.altsep or os.sep, os.sep).split(os.sep)


_NO_COLUMNS = frozenset(
    {"sources", "folders", "archives", "skipped", "scan_options", "arrays", "warnings", "lists"}
)
NUMBER_COLUMNS: dict[str, type[np.generic]] = {
    "source": np.int32,
    "member": np.int32,
    "frames": np.int32,
    "height": np.int32,
    "width": np.int32,
    "channels": np.int32,
    "orientation": np.uint8,
    "bits": np.uint8,
    "file_bytes": np.int64,
    "mtime_ns": np.int64,
}
NUMBERS = frozenset(np.dtype(code).name for code in "?" + np.typecodes["AllInteger"] + np.typecodes["Float"])
"""Names of what samples can be made of; NumPy is asked about no other text from a file."""

TEXT_COLUMNS = (
    "dtype", "format", "axes", "profile", "meaning", "problem", "doubts", "member_name",
    "given_label", "split",
)  # fmt: skip

LATER_COLUMNS = ("meaning", "member_name")
"""Those that were not there from the beginning: older plans and stacks do not have them."""


def _coded_to_json(column: Coded) -> dict[str, Any]:
    return {"names": list(column.names), "codes": column.codes}


def _listed(value: Any) -> Any:  # noqa: ANN401 - any JSON value, and columns
    """`value` with its columns as lists."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {name: _listed(each) for name, each in value.items()}
    return list(value) if isinstance(value, Paths) else value


def _coded_from_json(value: Mapping[str, Any]) -> Coded:
    return Coded(slim(np.asarray(value["codes"], np.int32)), tuple(map(str, value["names"])))
