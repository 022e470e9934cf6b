"""Finds lists among the pictures of a folder that may hold their labels."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np

from stackgui.core.base.errors import SampleError
from stackgui.core.base.skip_kinds import NOT_A_PICTURE
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_part, singular_part
from stackgui.core.base.warnings import EXAMPLES, DataWarning
from stackgui.core.base.wording import Wording, say, say_many
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.scan_options import DEFAULT
from stackgui.core.labels.folder_names import among_masks
from stackgui.core.labels.folders import read_folders
from stackgui.core.lists.columns import GENERAL_PATH_NAMES, plain
from stackgui.core.lists.file_match import caseless, spellings, without_ending
from stackgui.core.lists.labels import has_words
from stackgui.core.lists.list_look import ListOffer
from stackgui.core.options.mending import mend
from stackgui.engine.sources.lists import table_of, text_of, written
from stackgui.engine.sources.reading import open_any, read_from
from stackgui.imaging import PICTURE_SUFFIXES

LOOKED_INTO = 12
"""Maximum number of lists to read: tables first, and those nearest the top of the folder tree."""

_TABLES = (".csv", ".tsv", ".jsonl", ".ndjson", ".json")
_TEXTS = (".txt",)
_BYTES, _JSON_BYTES, _LINES = 65_536, 2**24, 400


@dataclass(frozen=True, slots=True)
class SeenList:
    """The first lines of a list that may hold labels.

    Attributes
    ----------
    cells : tuple of str
        The names of files.
    says_something : bool
        Whether a column of labels or splits is known.
    others : str
        The names of the other columns that hold more than numbers, or ``""``.
    is_of_pictures : bool
        Whether the list must be one of pictures, going by the names or by the title of their column.
    """

    cells: tuple[str, ...] = ()
    says_something: bool = False
    others: str = ""
    is_of_pictures: bool = False


def possible_lists(catalog: Catalog) -> list[str]:
    """Return the absolute paths of files among the pictures that may be lists of them."""
    own = {without_ending(os.path.basename(path)) for path in catalog.path} if len(catalog.skipped) else set()
    found = [
        (path, ending)
        for path, ending in _files_beside(catalog)
        # A text of the same name as a picture is about that picture alone.
        if ending in _TABLES or without_ending(os.path.basename(path)) not in own
    ]
    found.sort(key=lambda each: (each[1] in _TEXTS, each[0].count(os.sep), each[0]))
    chosen = catalog.scan_options.label_list
    return [path for path, _ending in found if path != chosen and not _archive_of(catalog, path)][
        :LOOKED_INTO
    ]


def _files_beside(catalog: Catalog) -> Iterator[tuple[str, str]]:
    skipped = catalog.skipped
    kinds = skipped.kind.equals(NOT_A_PICTURE)
    for path, is_one, ending in zip(skipped.path, kinds.tolist(), skipped.detail, strict=True):
        if is_one and ending in (*_TABLES, *_TEXTS):
            yield path, ending


def _archive_of(catalog: Catalog, path: str) -> str:
    """Return the archive that holds a skipped file; ``""`` if it lies in a folder."""
    folders = catalog.folders
    names = [os.path.join(folders[archive.source], archive.path) for archive in catalog.archives]
    return next((name for name in names if path.startswith(name.rstrip(os.sep) + os.sep)), "")


def look_at(name: str) -> SeenList:
    """Return what the first lines of a file say if it may be a list of labels; runs in a worker."""
    is_json = name.lower().endswith(".json")
    most = _JSON_BYTES if is_json else _BYTES
    try:
        with open_any(name) as file:
            data = read_from(file, most)
        if is_json and len(data) == most:
            return SeenList()
        text = text_of(data[: data.rfind(b"\n") + 1] if len(data) == most else data)
        table = table_of(written(name, text), DEFAULT, _is_picture_name, (_LINES,), is_source=False)
        rows = [row for row in islice(table.rows(), _LINES) if any(map(str.strip, row))]
    except (OSError, SampleError, csv.Error, ValueError, RecursionError):
        return SeenList()
    how = table.read
    cells = tuple(row[how.path] for row in rows if how.path < len(row))
    # A single line without titles may be an ordinary sentence.
    if len(cells) <= (0 if how.titles else 1):
        return SeenList()
    title = plain(how.titles[how.path]) if how.titles else ""
    return SeenList(
        cells,
        how.labelling.says_something,
        how.columns([place for place in how.labelling.others if has_words(rows, place)]),
        any(map(_is_picture_name, cells)) or (bool(title) and title not in GENERAL_PATH_NAMES),
    )


def _is_picture_name(cell: str) -> bool:
    return os.path.splitext(cell.strip())[1].lower() in PICTURE_SUFFIXES


def own_list_warnings(catalog: Catalog, seen: Mapping[str, SeenList]) -> Iterator[DataWarning]:
    """Yield a warning for each list that names pictures of `catalog` without a label, or that should.

    Parameters
    ----------
    catalog
    seen
        What was found in each list, by its absolute path.
    """
    keys = {name: [_keys(cell) for cell in each.cells] for name, each in seen.items()}
    asked = {key for cells in keys.values() for each in cells for key in each}
    named = _named(catalog, asked)
    for name, cells in keys.items():
        yield from _about(catalog, name, seen[name], [named.of_line(each) for each in cells])
    yield from _in_archives(catalog)


def ranked(catalog: Catalog, seen: Mapping[str, SeenList]) -> list[ListOffer]:
    """Return lists among the pictures of `catalog`, those first of which most lines name a picture.

    Parameters
    ----------
    catalog
    seen
        What was found in each list, by its absolute path.
    """
    own = {caseless(os.path.basename(path)) for path in catalog.path} if seen else set()
    own |= {without_ending(name) for name in own}
    offers = [
        ListOffer(name, sum(not own.isdisjoint(_keys(cell)) for cell in each.cells) / max(1, len(each.cells)))
        for name, each in seen.items()
    ]
    return sorted(offers, key=lambda offer: -offer.share)


@dataclass(frozen=True, slots=True)
class _Named:
    """Which of the names that lists use are those of pictures to which no list or shard gives a label.

    Attributes
    ----------
    count : Counter
        Number of such pictures by name; pictures in folders of masks count only if no other has the name.
    bare : set of str
        Names of pictures that lie in no class folder either.
    """

    count: Counter[str]
    bare: set[str]

    def of_line(self, keys: set[str]) -> _Line:
        """Return what a line with these names names."""
        counts = [self.count[key] for key in keys if key in self.count]
        return _Line(bool(counts), min(counts, default=0) == 1, bool(keys & self.bare))


class _Line(NamedTuple):
    """Whether a line names a picture, only one, and one that lies in no class folder."""

    names: bool
    names_one: bool
    names_bare: bool


def _named(catalog: Catalog, asked: set[str]) -> _Named:
    named = _Named(Counter(), set())
    masks: Counter[str] = Counter()
    level = read_folders(catalog).level if asked and len(catalog) else ()
    for sample in np.flatnonzero(catalog.given_label.equals("")).tolist() if asked else ():
        path = catalog.path[sample]
        own = caseless(os.path.basename(path))
        if found := asked & {own, without_ending(own)}:
            (masks if among_masks(path) else named.count).update(found)
            if not level[sample]:
                named.bare.update(found)
    named.count.update({key: count for key, count in masks.items() if key not in named.count})
    return named


def _about(catalog: Catalog, name: str, seen: SeenList, line: list[_Line]) -> Iterator[DataWarning]:
    """Warn of one list, given what each line that was looked at names."""
    if not line:
        return
    file, is_chosen = printable(os.path.basename(name)), bool(catalog.scan_options.label_list)
    count, lines = sum(each.names for each in line), len(line)
    looked = say_many(
        singular_part(count),
        "{part} that was looked at names one",
        "{part} that were looked at name one",
        part=format_part(count, lines, "line"),
    )
    cells = [cell.strip() for cell in seen.cells]
    named, unnamed = (
        tuple([cell for cell, each in zip(cells, line, strict=True) if each.names is wanted][:EXAMPLES])
        for wanted in (True, False)
    )
    is_clear = not is_chosen and 2 * sum(each.names_one for each in line) >= count
    takes = mend(say("Take the labels from {file}", file=file), label_list=name) if is_clear else None
    if 2 * count > lines and seen.says_something:
        yield DataWarning("list-not-used", _not_used(file, looked), count, named, mend=takes)
    elif seen.others and not is_chosen and 2 * sum(each.names_bare for each in line) > lines:
        yield DataWarning("list-without-labels", _without_labels(file, looked, seen.others), count, named)
    elif count and seen.says_something and seen.is_of_pictures:
        yield DataWarning("list-matches-part", _in_part(file, looked), lines - count, unnamed, mend=takes)
    elif not count and seen.says_something and seen.is_of_pictures and not is_chosen:
        yield DataWarning("list-matches-nothing", _not_at_all(file, looked), lines, unnamed)


def _not_used(file: str, looked: str) -> Wording:
    return say(
        "{file}, which lies among the pictures, is a list of them: {looked}. Its labels were not used.",
        file=file,
        looked=looked,
    )


def _without_labels(file: str, looked: str, others: str) -> Wording:
    return say(
        "{file}, which lies among the pictures, is a list of them: {looked}. No column is known to hold "
        "labels, so it was not used; others are {others}. --label-list and --label-column choose the list "
        "and a column.",
        file=file,
        looked=looked,
        others=others,
    )


def _in_part(file: str, looked: str) -> Wording:
    return say(
        "{file}, which lies among the pictures, is a list of only some of them: {looked}. Its labels were "
        "not used.",
        file=file,
        looked=looked,
    )


def _not_at_all(file: str, looked: str) -> Wording:
    return say(
        "{file}, which lies among the pictures, looks like a list of labels, but {looked}, so it was not "
        "used. If it belongs to other pictures, there is nothing to do; if to these, its names must be "
        "those of the files.",
        file=file,
        looked=looked,
    )


def _in_archives(catalog: Catalog) -> Iterator[DataWarning]:
    """Warn of tables inside archives in which no picture has a label: they are not read there."""
    if not catalog.archives or not catalog.given_label.equals("").all():
        return
    found = [
        path for path, ending in _files_beside(catalog) if ending in _TABLES and _archive_of(catalog, path)
    ]
    if found:
        text = say_many(
            len(found),
            "{count:,} table inside an archive may hold labels, but lists are not read there. Unpack it "
            "beside the archive, and it is looked at.",
            "{count:,} tables inside archives may hold labels, but lists are not read there. Unpack them "
            "beside the archives, and they are looked at.",
        )
        yield DataWarning("lists-in-archives", text, len(found), tuple(found[:EXAMPLES]))


def _keys(cell: str) -> set[str]:
    """Return the names that the picture in a cell may have, ignoring ending and case."""
    own = {caseless(os.path.basename(name)) for name in spellings(cell)}
    return own | {without_ending(name) for name in own if os.path.splitext(name)[1] in PICTURE_SUFFIXES}
