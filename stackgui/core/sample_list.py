"""Lists of files that name samples of a catalog."""

from __future__ import annotations

import csv
import os

from stackgui.core.catalog import Catalog
from stackgui.core.sample_set import SampleSet, of_names

COLUMNS = ("path", "file")
"""What a list's column of files may be called where it is a table."""


def read_list(text: bytes, catalog: Catalog) -> tuple[SampleSet, tuple[str, ...]]:
    """The samples that a list names: a file a line, or a table in CSV with a column ``path`` or ``file``.

    A name is absolute, or relative to any of the sources. A file of several samples stands for all of them.

    Returns
    -------
    SampleSet
    tuple of str
        Names that are none of the catalog's files.
    """
    names = dict.fromkeys(_names(text.decode("utf-8-sig", "surrogateescape")))
    wanted: dict[bytes, list[str]] = {}
    for name in names:
        for path in _relative(name, catalog.folders):
            wanted.setdefault(path, []).append(name)
    samples = []
    found = set()
    for sample in of_names(catalog.path, wanted):
        file = catalog.file(sample)
        for name in wanted[catalog.path.raw(sample)]:
            if not os.path.isabs(name) or os.path.normpath(name) == os.path.normpath(file):
                samples.append(sample)
                found.add(name)
    return SampleSet.of(catalog, samples), tuple(name for name in names if name not in found)


def _names(text: str) -> list[str]:
    lines = text.splitlines()
    heads = next(csv.reader(lines[:1]), [])
    column = next((heads.index(name) for name in COLUMNS if name in heads), None)
    if column is None:
        return [line.strip() for line in lines if line.strip()]
    return [row[column] for row in csv.reader(lines[1:]) if len(row) > column and row[column]]


def _relative(name: str, folders: tuple[str, ...]) -> list[bytes]:
    """What the catalog may call a file."""
    if not os.path.isabs(name):
        return [os.fsencode(os.path.normpath(name))]
    return [
        os.fsencode(os.path.relpath(name, folder))
        for folder in folders
        if os.path.normpath(name).startswith(os.path.join(os.path.normpath(folder), ""))
    ]
