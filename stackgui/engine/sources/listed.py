"""Finds the files that a list of files names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.addresses import path_below
from stackgui.core.base.choices import LabelForm, RepeatedLines
from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.errors import SampleError
from stackgui.core.base.skip_kinds import LINES_WITHOUT_FILE, OUTSIDE_LIST
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.base.warnings import EXAMPLES, DataWarning
from stackgui.core.base.ways import Way, ways_of_reasons
from stackgui.core.base.wording import say, say_many
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.label_sets import joined_text
from stackgui.core.lists.file_match import NO_FILE, SEVERAL_FILES, Files, Loosely, match
from stackgui.core.lists.texts import reading_warnings
from stackgui.core.options.mending import mend
from stackgui.engine.sources.known_names import Below, absolute, known_name
from stackgui.engine.sources.lists import FileList, Written, file_list, read_written
from stackgui.engine.sources.sources import Source
from stackgui.engine.sources.walk import Found
from stackgui.imaging import PICTURE_SUFFIXES

LOOKED_AT = (64,)
"""Number of lines whose files are looked up on disk to choose a reading; network folders answer slowly."""

LOOKED_THROUGH = (400, 200_000)
"""Number of lines, in steps, whose names are compared with known names to choose a reading."""


@dataclass(frozen=True, eq=False, slots=True)
class Resolved:
    """A list that is a source, with the files that its lines name.

    Attributes
    ----------
    list : FileList
        The list, with the actual paths of the files.
    written : Paths
        Paths as the lines spell them.
    file_state : int8, shape (n,)
        1 if the file exists, `NO_FILE` if not, and `SEVERAL_FILES` if the line could mean any of several.
    loosely : int8, shape (n,)
        How the spelling differs from the path, see `stackgui.core.lists.file_match.Loosely`.
    part : str
        Dataset split that the name of the list implies, or ``""``.
    """

    list: FileList
    written: Paths
    file_state: NDArray[np.int8]
    loosely: NDArray[np.int8]
    part: str = ""

    def in_part(self, part: str) -> Resolved:
        """Return the list with the dataset split `part`, unless it gives splits itself."""
        labelling = self.list.read.labelling
        if not part or labelling.split is not None or labelling.parts:
            return self
        split = Coded.constant(part, len(self.list))
        return replace(self, list=replace(self.list, split=split), part=part)

    def joined(self) -> Resolved:
        """Return the list with one line for each existing file, which has the labels of all its lines."""
        place: dict[bytes, int] = {}
        first: list[int] = []
        label: list[list[str]] = []
        for line, (said, state) in enumerate(zip(self.list.label, self.file_state.tolist(), strict=True)):
            own = place.setdefault(self.list.path.raw(line), len(first)) if state == 1 else len(first)
            if own == len(first):
                first.append(line)
                label.append([said])
            else:
                label[own].append(said)
        kept = np.array(first, np.int64)
        return replace(
            self,
            list=replace(self.list.take(kept), label=Coded.from_values(map(joined_text, label))),
            written=self.written.take(kept),
            file_state=self.file_state[kept],
            loosely=self.loosely[kept],
        )

    @classmethod
    def failed(cls, problem: str) -> Resolved:
        """Return a list that cannot be used."""
        nothing = np.empty(0, np.int8)
        return cls(FileList.failed(problem), Paths.from_names(()), nothing, nothing)


def read_source(name: str, options: ScanOptions, root: str) -> Resolved:
    """Read the list `name` (absolute path), whose files lie below `root`, in a worker."""
    below = Below(root)
    read = read_written(name, lambda written: _read(written, options, below))
    resolved = _resolved(read, root, below)
    return resolved.joined() if options.repeated_lines is RepeatedLines.JOIN else resolved


def _read(written: Written, options: ScanOptions, below: Below) -> FileList:
    """Choose a reading by the paths that exist literally; if none do, by the names of all pictures."""
    try:
        read = file_list(written, options, lambda cell: bool(below.named_by(cell)), LOOKED_AT, is_source=True)
    except SampleError:
        return file_list(written, options, known_name(below.pictures()), LOOKED_THROUGH, is_source=True)
    if read.named or not len(read):
        return read
    again = file_list(written, options, known_name(below.pictures()), LOOKED_THROUGH, is_source=True)
    return again if again.named else read


def _resolved(read: FileList, root: str, below: Below) -> Resolved:
    """Find the files; search for other spellings only for lines whose path does not exist."""
    written = list(read.path)
    names = [below.named_by(name) for name in written]
    state = np.array([1 if name else NO_FILE for name in names], np.int8)
    loosely = np.zeros(len(names), np.int8)
    lost = [line for line, name in enumerate(names) if not name and written[line].strip()]
    if lost:
        folders = {os.path.dirname(below.path(written[line].strip()) or "") for line in lost}
        pictures = below.pictures_in(folders) if len(lost) < len(names) else below.pictures()
        matched = match(
            [written[line] for line in lost],
            Files(absolute(root, pictures), pictures),
            [root],
            PICTURE_SUFFIXES,
        )
        for line, file in zip(lost, matched.file.tolist(), strict=True):
            state[line] = file if file < 0 else 1
            names[line] = pictures[file] if file >= 0 else _plain(written[line].strip())
        loosely[lost] = matched.loosely
    return Resolved(replace(read, path=Paths.from_names(names)), read.path, state, loosely)


def overlaps(lists: Sequence[tuple[Source, Resolved]]) -> Iterator[DataWarning]:
    """Warn of files that several lists name: a picture for training must not be used for testing too."""
    named = [
        (source.name, dict.fromkeys(absolute(source.folder, list(said.list.path)))) for source, said in lists
    ]
    for (first, files), (second, others) in combinations(named, 2):
        if both := [file for file in files if file in others]:
            count, names = len(both), [printable(os.path.basename(name)) for name in (first, second)]
            text = say_many(
                count,
                "{files} is named by both {names} and {names2}, and becomes a row of each.",
                "{files} are named by both {names} and {names2}, and become a row of each.",
                files=format_count(count, "file"),
                names=names[0],
                names2=names[1],
            )
            yield DataWarning("lists-overlap", text, count, tuple(both[:EXAMPLES]))


def unusable(source: Source, said: Resolved) -> str:
    """Return why a list cannot be a source, as a sentence; ``""`` if it can."""
    name, problem = printable(source.name), said.list.problem
    if problem:
        return say("{name} cannot be used as a list of files: {problem}.", name=name, problem=problem)
    if not len(said.written) or (said.file_state == 1).any() or not any(map(str.strip, said.written)):
        return ""
    shown = ", ".join(f"“{printable(line.strip())}”" for line in islice(said.written, EXAMPLES))
    return say(
        "{name} names {files}, and none of them is in {folder}, for example {shown}. The "
        "names were read from {column}.",
        name=name,
        files=format_count(len(said.written), "file"),
        folder=printable(source.folder),
        shown=shown,
        column=said.list.read.column(said.list.read.path),
    )


def why_unusable(source: Source, said: Resolved) -> str:
    """Return the same as `unusable` as a sentence fragment, for where the list is named already."""
    return said.list.problem or say(
        "it names {files}, of which none is in {folder}",
        files=format_count(len(said.written), "file"),
        folder=printable(source.folder),
    )


def leads_on(said: Resolved) -> tuple[Way, ...]:
    """Return the choices that may help when a list cannot be a source."""
    return ways_of_reasons([said.list.problem]) if said.list.problem else (Way.PATH_COLUMN, Way.LIST_ROOT)


def list_warnings(name: str, said: Resolved) -> Iterator[DataWarning]:
    """Yield the warnings about the list `name`, which is a source."""
    yield from reading_warnings(name, said.list.read, said.part)
    own = printable(os.path.basename(name))
    # Names without endings are common, and need no warning.
    is_loose = (said.loosely != 0) & (said.loosely != int(Loosely.ENDING))
    loosely = np.flatnonzero((said.file_state == 1) & is_loose).tolist()
    if loosely:
        count = len(loosely)
        text = say_many(
            count,
            "{lines} of {own} differs in folder, ending, case or Unicode form from the only "
            "file that fits, which was used.",
            "{lines} of {own} differ in folder, ending, case or Unicode form from the only "
            "file that fits, which was used.",
            lines=format_count(count, "line"),
            own=own,
        )
        examples = tuple(
            f"{said.written[line].strip()} → {said.list.path[line]}" for line in loosely[:EXAMPLES]
        )
        yield DataWarning("list-names-differ", text, len(loosely), examples)
    yield from said.list.warnings
    yield from repeat_warnings(name, said)
    several = np.flatnonzero(said.file_state == SEVERAL_FILES).tolist()
    if several:
        lines = format_count(len(several), "line")
        text = say(
            "{lines} of {own} could mean any of several files, and none of these was used.",
            lines=lines,
            own=own,
        )
        yield DataWarning(
            "list-names-ambiguous",
            text,
            len(several),
            tuple(said.written[line].strip() for line in several[:EXAMPLES]),
        )


def repeat_warnings(name: str, said: Resolved) -> Iterator[DataWarning]:
    """Warn of pictures to which several lines of the list `name` give different labels."""
    label_of: dict[bytes, int] = {}
    several: dict[bytes, None] = {}
    codes = said.list.label.codes.tolist()
    for line in np.flatnonzero((said.file_state == 1) & ~said.list.label.equals("")).tolist():
        path = said.list.path.raw(line)
        if label_of.setdefault(path, codes[line]) != codes[line]:
            several[path] = None
    if several:
        text = say_many(
            len(several),
            "{pictures} is named by several lines of {own} with different labels, and gets a row for each.",
            "{pictures} are named by several lines of {own} with different labels, and get a row for each.",
            pictures=format_count(len(several), "picture"),
            own=printable(os.path.basename(name)),
        )
        examples = tuple(os.fsdecode(path) for path in islice(several, EXAMPLES))
        yield DataWarning("list-lines-repeat", text, len(several), examples, mend=_JOINED)


_JOINED = mend(
    say("Make one row of each, with all labels"),
    repeated_lines=RepeatedLines.JOIN,
    label_form=LabelForm.MANY,
)


def listed_files(index: int, source: Source, said: FileList) -> Iterator[Found]:
    """Yield the files that a list names, in its order and with repetitions; `index` is the source's.

    A path that leads out of the list's folder is skipped: anyone may have written the list, and it must not
    reach files elsewhere.
    """
    own = os.fsencode(os.path.basename(source.name))
    for line, (path, label, split) in enumerate(zip(said.path, said.label, said.split, strict=True)):
        if not path:
            yield Found(index, own, LINES_WITHOUT_FILE)
        elif (relative := path_below(source.folder, path)) is None:
            yield Found(index, own, OUTSIDE_LIST, path)
        else:
            yield Found(index, os.fsencode(relative), label=label, split=split, line=line)


def _plain(path: str) -> str:
    """Return `path` with slashes, if it has the separators of Windows."""
    return path.replace("\\", "/") if "/" not in path else path
