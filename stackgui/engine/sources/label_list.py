"""Reads a separate list of labels, and matches its lines with the samples of a catalog."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.errors import UsageError
from stackgui.core.base.skip_kinds import LISTS, UNUSED_LINES
from stackgui.core.base.warnings import DataWarning
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.list_values import ListValues
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.skipped import Skipped
from stackgui.core.labels.folder_names import among_masks
from stackgui.core.labels.label_sets import joined_text
from stackgui.core.lists.file_match import NO_FILE, Files, Matched, match
from stackgui.core.lists.label_lines import LabelLines, label_warnings, match_sentence, ways_out, why_useless
from stackgui.core.lists.texts import column_names, reading_sentence, reading_warnings
from stackgui.core.options.mending import mend
from stackgui.engine.sources.known_names import known_name
from stackgui.engine.sources.listed import LOOKED_THROUGH
from stackgui.engine.sources.lists import FileList, file_list, read_written
from stackgui.imaging import PICTURE_SUFFIXES


@dataclass(frozen=True, eq=False, slots=True)
class Samples:
    """The file names of a catalog's samples.

    Attributes
    ----------
    folders : tuple of str
        Prefix of the paths, for each source.
    source : int32, shape (N,)
    path : Paths
    """

    folders: tuple[str, ...]
    source: NDArray[np.int32]
    path: Paths

    @classmethod
    def of(cls, catalog: Catalog) -> Samples:
        """Return the names of the samples of `catalog`."""
        return cls(catalog.folders, catalog.source, catalog.path)


def read_labels(name: str, options: ScanOptions, samples: Samples) -> LabelLines:
    """Read the list of labels `name` (absolute path) in a worker, and match its lines with `samples`."""
    relative = list(samples.path)
    absolute = [
        os.path.join(samples.folders[source], path)
        for source, path in zip(samples.source.tolist(), relative, strict=True)
    ]
    files: dict[str, int] = {}
    file_of = np.array([files.setdefault(each, len(files)) for each in absolute], np.int64)
    first = np.unique(file_of, return_index=True)[1].tolist()
    known = Files(list(files), [relative[sample] for sample in first])
    exists = known_name(known.relative)
    said = read_written(
        name, lambda written: file_list(written, options, exists, LOOKED_THROUGH, is_source=False)
    )
    folder = os.path.dirname(name)
    roots = [options.list_root or folder, folder]
    return _combined(said, _matched(list(said.path), known, roots), file_of, len(files))


def _matched(names: list[str], files: Files, roots: list[str]) -> Matched:
    """Match names with pictures and, where that fails, with files in folders of masks.

    A mask often has the name of its picture, and a list without folders means the picture.
    """
    is_mask = np.array([among_masks(path) for path in files.relative], np.bool_)
    if is_mask.all() or not is_mask.any():
        return match(names, files, roots, PICTURE_SUFFIXES)
    file, loosely = np.full(len(names), NO_FILE, np.int64), np.zeros(len(names), np.int8)
    for numbers in (np.flatnonzero(~is_mask), np.flatnonzero(is_mask)):
        left = np.flatnonzero(file == NO_FILE)
        some = Files(
            *([each[number] for number in numbers.tolist()] for each in (files.absolute, files.relative))
        )
        found = match([names[line] for line in left.tolist()], some, roots, PICTURE_SUFFIXES)
        file[left] = np.where(found.file < 0, found.file, numbers[found.file])
        loosely[left] = found.loosely
    return Matched(file, loosely)


def _combined(said: FileList, matched: Matched, file_of: NDArray[np.int64], files: int) -> LabelLines:
    """Combine what the lines say about each file: all labels, and the split if they agree about it."""
    labels, split = _FileLabels(files), _FileColumn(files)
    is_named = np.zeros(files, np.bool_)
    is_named[matched.file[matched.file >= 0]] = True
    for file, said_label, said_split in zip(matched.file.tolist(), said.label, said.split, strict=True):
        if file >= 0:
            labels.learn(file, said_label)
            split.learn(file, said_split)
    return LabelLines(
        read=said.read,
        path=said.path,
        file=matched.file,
        loosely=matched.loosely,
        file_of=file_of,
        values=_of_files(said.values, matched.file, files),
        warnings=said.warnings,
        label=Coded.from_values(labels.text),
        split=Coded.from_values(split.text),
        is_named=is_named,
        is_disputed=split.is_disputed,
        problem=said.problem,
    )


def _of_files(values: ListValues, file: NDArray[np.int64], files: int) -> ListValues:
    """Return the values of each of `files` files, which are those of the first line that names it."""
    line = np.full(files, len(values), np.int64)
    named = np.flatnonzero(file >= 0)[::-1]
    line[file[named]] = named
    return ListValues.concatenate([values, ListValues.none_of(1)]).take(line)


class _FileLabels:
    """Collects the labels that lines give to each file."""

    def __init__(self, files: int) -> None:
        self.text = [""] * files

    def learn(self, file: int, text: str) -> None:
        """Record that a line gives the label or labels `text` to a file."""
        if text != (before := self.text[file]):
            self.text[file] = joined_text((before, text))


class _FileColumn:
    """Collects what lines say about each file in one column."""

    def __init__(self, files: int) -> None:
        self.text = [""] * files
        self.is_disputed = np.zeros(files, np.bool_)

    def learn(self, file: int, text: str) -> None:
        """Record that a line says `text` about `file`."""
        if text in {"", self.text[file]} or self.is_disputed[file]:
            return
        self.is_disputed[file] = bool(self.text[file])
        self.text[file] = "" if self.text[file] else text


def labelled(catalog: Catalog, name: str, said: LabelLines) -> Catalog:
    """Return `catalog` with the labels and dataset splits of the list `name` (absolute path).

    Raises
    ------
    UsageError
        When the list names none of the samples, or holds neither labels nor splits.
    """
    if problem := why_useless(name, said, catalog):
        raise UsageError(problem, ways=ways_out(said))
    unused = np.flatnonzero(said.file < 0)
    values = said.values.take(said.file_of)
    return replace(
        catalog,
        values=None if catalog.values is None else values.over(catalog.values),
        given_label=_joined(catalog.given_label, said.label.take(said.file_of)),
        split=_joined(catalog.split, said.split.take(said.file_of)),
        skipped=_with_unused(
            catalog.skipped.with_kind({os.fsencode(name)}, LISTS), name, said.path.take(unused)
        ),
        warnings=(
            *catalog.warnings,
            *reading_warnings(name, said.read),
            *said.warnings,
            *label_warnings(name, said, catalog),
        ),
        lists=(*catalog.lists, reading_sentence(name, said.read), match_sentence(name, said)),
        list_columns=tuple(dict.fromkeys((*catalog.list_columns, *column_names([said.read])))),
    )


def without_list(catalog: Catalog, problem: str) -> Catalog:
    """Return `catalog` without its list of labels and what was asked of it, with a warning that says why.

    Parameters
    ----------
    problem
        Why the list cannot be used, as a sentence.
    """
    options = replace(catalog.scan_options, label_list="")
    if not catalog.lists:
        options = replace(options, targets=(), keep_columns=())
    return replace(
        catalog,
        scan_options=options,
        skipped=catalog.skipped.with_kind({os.fsencode(catalog.scan_options.label_list)}, LISTS),
        warnings=(
            *catalog.warnings,
            DataWarning(
                "label-list-useless",
                say("{problem} No labels were taken from this list.", problem=problem),
                1,
                mend=mend(say("Use no list"), label_list=""),
            ),
        ),
        values=catalog.values if catalog.lists else None,
    )


def _joined(before: Coded, said: Coded) -> Coded:
    """Return what a list says, and the previous value where it says nothing."""
    is_silent = said.equals("")
    if is_silent.all():
        return before
    both = Coded.concatenate([said, before])
    return both.take(np.where(is_silent, np.arange(len(said)) + len(said), np.arange(len(said))))


def _with_unused(skipped: Skipped, name: str, lines: Paths) -> Skipped:
    count = len(lines)
    return Skipped(
        Paths.concatenate([skipped.path, Paths.from_names([name] * count)]),
        Coded.concatenate([skipped.kind, Coded.from_values([UNUSED_LINES] * count)]),
        Coded.concatenate([skipped.detail, Coded.from_values(map(str.strip, lines))]),
    )
