"""Lists of files that select samples of a catalog."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import Enum
from typing import NamedTuple

from stackgui.core.base.addresses import is_address, normal, path_below
from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import lines_of, printable, sheet_text
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.sample_set import SampleSet, of_names
from stackgui.core.lists.columns import find_column

COLUMNS = ("path", "file", "filename", "file_name")
"""Titles that the column of files may have in a table."""

SOURCE = ("source",)
"""Title, in a stack's own tables, of the folder that their files are relative to."""

_DELIMITERS = (",", ";", "\t")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ESCAPED = ("'", "\\")


class _Written(Enum):
    """How a list writes names: as they are, as a line, or as a cell of a table."""

    EXACT = "exact"
    LINE = "line"
    CELL = "cell"


class _Named(NamedTuple):
    """The file that a line names."""

    file: str
    source: str = ""
    written: _Written = _Written.LINE

    @property
    def shown(self) -> str:
        """The name as the list has it."""
        return os.path.join(self.source, self.file)


def read_list(text: bytes, catalog: Catalog) -> tuple[SampleSet, tuple[str, ...]]:
    """Read a list and return the samples that it names.

    Parameters
    ----------
    text : bytes
        One file per line; a CSV table with a column ``path`` or ``file``, like ``manifest.csv``; or one JSON
        object with such a member per line, like ``manifest.jsonl``. A name is absolute, relative to any of
        the sources, or relative to the source that the column ``source`` names. Names may be escaped as in
        ``manifest.csv``. The name of a file with several samples stands for all of them.
    catalog : Catalog

    Returns
    -------
    SampleSet
    tuple of str
        Names that match none of the catalog's files.

    Raises
    ------
    UsageError
        When the text is not such a list, or an escaped name in it may mean several files.
    """
    try:
        named = list(dict.fromkeys(_names(_decoded(text))))
    except (csv.Error, ValueError, RecursionError) as error:
        raise UsageError(say("The list is damaged ({error}).", error=error)) from error
    shown_as = _shown_as(catalog) if any(mark in each.file for each in named for mark in _ESCAPED) else {}
    wanted: dict[bytes, list[_Named]] = {}
    for each in named:
        for path in _candidates(each, catalog, shown_as):
            wanted.setdefault(path, []).append(each)
    shown_folders = [sheet_text(folder) for folder in catalog.folders]
    found: dict[_Named, dict[bytes, list[int]]] = {}
    for sample in of_names(catalog.path, wanted):
        path = catalog.path.raw(sample)
        for each in wanted[path]:
            if _may_be(each, catalog, sample, shown_folders):
                found.setdefault(each, {}).setdefault(path, []).append(sample)
    samples = [sample for each, paths in found.items() for sample in _only(each, paths)]
    return SampleSet.of(catalog, samples), tuple(each.shown for each in named if each not in found)


def _decoded(text: bytes) -> str:
    if text.startswith(_UTF_16):
        return text.decode("utf-16")
    return text.decode("utf-8-sig", "surrogateescape")


def _names(text: str) -> Iterator[_Named]:
    first = next(lines_of(text), "")
    if _is_object(first):
        yield from _members(text)
        return
    for delimiter in _DELIMITERS:
        heads = next(csv.reader([first], delimiter=delimiter), [])
        if (column := find_column(heads, COLUMNS)) is not None:
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            next(rows)
            source = find_column(heads, SOURCE)
            for row in rows:
                if len(row) > column and row[column]:
                    folder = row[source] if source is not None and source < len(row) else ""
                    yield _Named(row[column], folder, _Written.CELL)
            return
    yield from (_Named(line) for line in lines_of(text) if line.strip())


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _members(text: str) -> Iterator[_Named]:
    """Yield the files that JSON objects name; names in JSON are not escaped."""
    for line in filter(str.strip, lines_of(text)):
        value = json.loads(line)
        file = next((value[name] for name in COLUMNS if isinstance(value.get(name), str)), "")
        if file:
            yield _Named(file, str(value.get("source", "")), _Written.EXACT)


def _shown_as(catalog: Catalog) -> dict[str, list[str]]:
    """Return the file names that ``manifest.csv`` escapes, by their escaped form."""
    found: dict[str, list[str]] = {}
    for path in dict.fromkeys(catalog.path):
        if (shown := sheet_text(path)) != path:
            found.setdefault(shown, []).append(path)
    return found


def _candidates(named: _Named, catalog: Catalog, shown_as: dict[str, list[str]]) -> Iterator[bytes]:
    """Yield the paths that a named file may have in the catalog."""
    names = [named.file]
    if named.written is _Written.LINE:
        names.append(named.file.strip())
    if named.written is not _Written.EXACT:
        names += shown_as.get(named.file, ())
    for name in dict.fromkeys(names):
        with suppress(UnicodeEncodeError):
            yield from map(os.fsencode, _relative(name, catalog.folders))


def _relative(name: str, folders: tuple[str, ...]) -> Iterable[str]:
    if is_address(name):
        return [path for folder in folders if is_address(folder) and (path := path_below(folder, name))]
    if not os.path.isabs(name):
        return [os.path.normpath(name)]
    return [
        os.path.relpath(name, folder)
        for folder in folders
        if os.path.normpath(name).startswith(os.path.join(os.path.normpath(folder), ""))
    ]


def _may_be(named: _Named, catalog: Catalog, sample: int, shown_folders: list[str]) -> bool:
    """Whether a sample whose path matches lies in the folder that the line names."""
    if os.path.isabs(named.file) or is_address(named.file):
        return normal(catalog.file(sample)) in {normal(named.file), normal(named.file.strip())}
    source = catalog.source[sample]
    if named.source in {catalog.folders[source], shown_folders[source]}:
        return True
    # A stack from elsewhere names folders that do not exist here; then only the file's own name counts.
    return named.source not in catalog.folders and named.source not in shown_folders


def _only(named: _Named, paths: dict[bytes, list[int]]) -> Iterator[int]:
    """Yield the samples of the one file that the name means."""
    exact = os.fsencode(os.path.normpath(named.file)) if len(paths) > 1 else b""
    if len(paths) > 1 and (named.written is _Written.CELL or exact not in paths):
        several = ", ".join(printable(os.fsdecode(path)) for path in paths)
        raise UsageError(
            say(
                "“{file}” in the list may be any of these files: {several}. Take the names from "
                "manifest.jsonl, which does not escape them.",
                file=printable(named.file),
                several=several,
            )
        )
    for path, samples in paths.items():
        if len(paths) == 1 or path == exact:
            yield from samples
