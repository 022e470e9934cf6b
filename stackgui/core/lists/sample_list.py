"""Lists of files that name samples of a catalog."""

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

from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import lines_of, printable, sheet_text
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.sample_set import SampleSet, of_names
from stackgui.core.lists.columns import find_column

COLUMNS = ("path", "file", "filename", "file_name")
"""What a list's column of files may be called where it is a table."""

SOURCE = ("source",)
"""What a stack's own tables call the folder that their files are relative to."""

_DELIMITERS = (",", ";", "\t")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ESCAPED = ("'", "\\")


class _Written(Enum):
    """How names are written."""

    EXACT = "exact"
    LINE = "line"
    CELL = "cell"


class _Named(NamedTuple):
    """What a line names."""

    file: str
    source: str = ""
    written: _Written = _Written.LINE

    @property
    def shown(self) -> str:
        """The name as it stands in the list."""
        return os.path.join(self.source, self.file)


def read_list(text: bytes, catalog: Catalog) -> tuple[SampleSet, tuple[str, ...]]:
    """The samples that a list names.

    Parameters
    ----------
    text
        A file a line; a table in CSV with a column ``path`` or ``file``, as ``manifest.csv`` is one; or JSON
        objects with such members a line, as in ``manifest.jsonl``. A name is absolute, or relative to any of
        the sources, or to the one that the column ``source`` says. Names may be escaped as they are in
        ``manifest.csv``. A file of several samples stands for all of them.
    catalog

    Returns
    -------
    SampleSet
    tuple of str
        Names that are none of the catalog's files.

    Raises
    ------
    UsageError
        When it is no such list, or what is escaped in it may be the name of several files.
    """
    try:
        named = list(dict.fromkeys(_names(_decoded(text))))
    except (csv.Error, ValueError, RecursionError) as error:
        raise UsageError(f"The list is damaged ({error}).") from error
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
    """What JSON objects name; nothing is escaped in them."""
    for line in filter(str.strip, lines_of(text)):
        value = json.loads(line)
        file = next((value[name] for name in COLUMNS if isinstance(value.get(name), str)), "")
        if file:
            yield _Named(file, str(value.get("source", "")), _Written.EXACT)


def _shown_as(catalog: Catalog) -> dict[str, list[str]]:
    """The names of files that ``manifest.csv`` shows in another way, by how it shows them."""
    found: dict[str, list[str]] = {}
    for path in dict.fromkeys(catalog.path):
        if (shown := sheet_text(path)) != path:
            found.setdefault(shown, []).append(path)
    return found


def _candidates(named: _Named, catalog: Catalog, shown_as: dict[str, list[str]]) -> Iterator[bytes]:
    """What the catalog may call a file."""
    names = [named.file]
    if named.written is _Written.LINE:
        names.append(named.file.strip())
    if named.written is not _Written.EXACT:
        names += shown_as.get(named.file, ())
    for name in dict.fromkeys(names):
        with suppress(UnicodeEncodeError):
            yield from map(os.fsencode, _relative(name, catalog.folders))


def _relative(name: str, folders: tuple[str, ...]) -> Iterable[str]:
    if not os.path.isabs(name):
        return [os.path.normpath(name)]
    return [
        os.path.relpath(name, folder)
        for folder in folders
        if os.path.normpath(name).startswith(os.path.join(os.path.normpath(folder), ""))
    ]


def _may_be(named: _Named, catalog: Catalog, sample: int, shown_folders: list[str]) -> bool:
    """Whether a sample, of a path that fits, lies in the folder that the line says."""
    if os.path.isabs(named.file):
        file = os.path.normpath(catalog.file(sample))
        return file in {os.path.normpath(named.file), os.path.normpath(named.file.strip())}
    source = catalog.source[sample]
    if named.source in {catalog.folders[source], shown_folders[source]}:
        return True
    # A stack from elsewhere names folders that there are not; then only the file's own name tells.
    return named.source not in catalog.folders and named.source not in shown_folders


def _only(named: _Named, paths: dict[bytes, list[int]]) -> Iterator[int]:
    """The samples of the one file that is meant."""
    exact = os.fsencode(os.path.normpath(named.file)) if len(paths) > 1 else b""
    if len(paths) > 1 and (named.written is _Written.CELL or exact not in paths):
        several = ", ".join(printable(os.fsdecode(path)) for path in paths)
        raise UsageError(
            f"“{printable(named.file)}” in the list may be any of these files: {several}. "
            "Take the names from manifest.jsonl, which has them as they are."
        )
    for path, samples in paths.items():
        if len(paths) == 1 or path == exact:
            yield from samples
