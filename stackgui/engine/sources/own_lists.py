"""Finds lists among the pictures of a folder that may hold their labels."""

from __future__ import annotations

import csv
import os
import shlex
from collections.abc import Iterator

from stackgui.core.base.errors import SampleError
from stackgui.core.base.skip_kinds import NOT_A_PICTURE
from stackgui.core.base.text import printable
from stackgui.core.base.units import agree_part, format_part
from stackgui.core.base.warnings import EXAMPLES, DataWarning
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.lists.file_match import caseless, spellings, without_ending
from stackgui.core.lists.table import Look, Typed, read_table
from stackgui.engine.sources.lists import text_of
from stackgui.engine.sources.reading import READING, read_all
from stackgui.imaging import PICTURE_SUFFIXES

LOOKED_INTO = 4
"""Maximum number of lists to read, those nearest the top of the folder tree first."""

_ENDINGS = (".csv", ".tsv", ".txt")
_BYTES, _LINES = 65_536, 400


def possible_lists(catalog: Catalog) -> list[str]:
    """Return the absolute paths of files among the pictures that may be lists of them."""
    skipped = catalog.skipped
    kinds = skipped.kind.equals(NOT_A_PICTURE)
    if not kinds.any():
        return []
    found = [
        path
        for path, is_one, ending in zip(skipped.path, kinds.tolist(), skipped.detail, strict=True)
        if is_one and ending in _ENDINGS
    ]
    return sorted(found, key=lambda name: (name.count(os.sep), name))[:LOOKED_INTO]


def names_in(name: str) -> tuple[str, ...]:
    """Return the names in the first lines of a file, if it may be a list of labels; runs in a worker."""
    try:
        handle = os.open(name, READING)
        try:
            data = read_all(handle, _BYTES)
        finally:
            os.close(handle)
        text = text_of(data[: data.rfind(b"\n") + 1] if len(data) == _BYTES else data)
        table = read_table(text, Typed(), Look(_is_picture_name, (_LINES,), PICTURE_SUFFIXES))
        rows = list(table.rows())
    except (OSError, SampleError, csv.Error, ValueError):
        return ()
    # A single line without titles may be an ordinary sentence.
    says = table.read.labelling.says_something and len(rows) > (0 if table.read.titles else 1)
    return tuple(row[table.read.path] for row in rows if says and table.read.path < len(row))[:_LINES]


def _is_picture_name(cell: str) -> bool:
    return os.path.splitext(cell.strip())[1].lower() in PICTURE_SUFFIXES


def own_list_warnings(catalog: Catalog, named: dict[str, tuple[str, ...]]) -> Iterator[DataWarning]:
    """Yield a warning for each list that names pictures of `catalog`, since it may hold their labels.

    Parameters
    ----------
    catalog
    named
        Names in the first lines of each list, by absolute path of the list.
    """
    keys = {name: [_keys(cell) for cell in cells] for name, cells in named.items()}
    asked = {key for cells in keys.values() for each in cells for key in each}
    there = set()
    for path in catalog.path if asked else ():
        own = caseless(os.path.basename(path))
        there.update(asked & {own, without_ending(own)})
    for name, cells in keys.items():
        lines = [line for line, each in enumerate(cells) if each & there]
        if 2 * len(lines) > len(cells):
            part, count = format_part(len(lines), len(cells), "line"), len(lines)
            looked = f"{agree_part(count, 'was', 'were')} looked at {agree_part(count, 'names', 'name')} one"
            typed = printable(shlex.quote(name))
            text = (
                f"{printable(os.path.basename(name))}, which lies among the pictures, is a list of them: "
                f"{part} that {looked}. Its labels were not used; --label-list {typed} takes them."
            )
            examples = tuple(named[name][line].strip() for line in lines[:EXAMPLES])
            yield DataWarning("list-not-used", text, len(lines), examples)


def _keys(cell: str) -> set[str]:
    """Return the names that the picture in a cell may have, ignoring ending and case."""
    own = {caseless(os.path.basename(name)) for name in spellings(cell)}
    return own | {without_ending(name) for name in own if os.path.splitext(name)[1] in PICTURE_SUFFIXES}
