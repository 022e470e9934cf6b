"""Gives samples the columns of lists that were asked for beside labels and splits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.ways import Way
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.list_values import ListValues
from stackgui.core.lists.table import shown_titles
from stackgui.core.lists.values import ALL
from stackgui.engine.sources.listed import Resolved


def with_values(catalog: Catalog, said: Mapping[int, Resolved], line: NDArray[np.int32]) -> Catalog:
    """Return `catalog` with the columns of the lists `said`, by source; `line` is the line of each sample."""
    options = catalog.scan_options
    if not options.targets and not options.keep_columns:
        return catalog
    parts, first = [ListValues.none_of(1)], {}
    for source, resolved in said.items():
        first[source] = sum(map(len, parts))
        parts.append(resolved.list.values)
    begins = np.array([first.get(source, 0) for source in range(len(catalog.sources))], np.int64)
    place = np.where(line < 0, 0, begins[catalog.source] + line)
    return replace(catalog, values=ListValues.concatenate(parts).take(place))


def checked(catalog: Catalog) -> Catalog:
    """Return `catalog` without values if these have no columns.

    Raises
    ------
    UsageError
        When no list has a column that was asked for.
    """
    options, values = catalog.scan_options, catalog.values
    if values is None:
        return catalog
    wanted = (*options.targets, *(title for title in options.keep_columns if title != ALL))
    missing = [title for title in wanted if title not in {*values.targets, *values.titles}]
    if missing and not catalog.lists:
        raise UsageError(
            say(
                "There is no list to take the column “{title}” from. Add a list as a source, or name one "
                "with --label-list.",
                title=printable(missing[0]),
            )
        )
    if missing:
        raise UsageError(
            say(
                "No list has a column “{title}”; the columns are {titles}.",
                title=printable(missing[0]),
                titles=shown_titles(catalog.list_columns),
            ),
            ways=(Way.LABEL_COLUMN,),
        )
    return catalog if values else replace(catalog, values=None)
