"""A few files of sources, by which computers tell whether they see the same."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from stackgui.core.catalog.catalog import Catalog

FILES_OF_SOURCE, MAX_FOLDERS = 8, 100
"""Files that are taken of each source, the first that are met; and folders that are searched for them."""

FILES_OF_CATALOG = 64
"""Files that are taken of a catalog, evenly spread."""


def files_in(sources: Iterable[str]) -> Iterator[str]:
    """Yield some files of each source."""
    for source in sources:
        yield from [source] if os.path.isfile(source) else islice(_below(source), FILES_OF_SOURCE)


def _below(folder: str) -> Iterator[str]:
    for inside, _folders, names in islice(os.walk(folder), MAX_FOLDERS):
        yield from (os.path.join(inside, name) for name in sorted(names))


def files_of(catalog: Catalog) -> Iterator[str]:
    """Yield some files of a catalog."""
    samples = np.linspace(0, max(len(catalog) - 1, 0), min(len(catalog), FILES_OF_CATALOG))
    for sample in samples.round().astype(np.int64).tolist():
        inside = int(catalog.inside.archive[sample])
        yield catalog.file(sample) if inside < 0 else catalog.archive_file(catalog.archives[inside])
