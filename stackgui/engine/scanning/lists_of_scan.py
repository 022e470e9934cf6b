"""The lists of a scan: those among its sources, and those among its files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from stackgui.core.base.errors import UselessListError
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.lists.parts import parts_by_name
from stackgui.core.lists.texts import column_names, reading_sentence
from stackgui.engine.scanning.archive_queue import OneBatch
from stackgui.engine.scanning.list_match import LIST_S
from stackgui.engine.scanning.runner import Runner
from stackgui.engine.sources.listed import (
    Resolved,
    leads_on,
    list_warnings,
    overlaps,
    read_source,
    unusable,
    why_unusable,
)
from stackgui.engine.sources.own_lists import SeenList, look_at, own_list_warnings, possible_lists
from stackgui.engine.sources.roots import Root, check_reach
from stackgui.engine.sources.sources import Source, SourceKind
from stackgui.engine.workers.aside import aside


def read_lists(
    sources: Sequence[Source], options: ScanOptions, roots: tuple[Root, ...], runner: Runner
) -> dict[int, Resolved]:
    """Read the lists among the sources; return them by index of the source.

    Raises
    ------
    UselessListError
        When a list makes no sense.
    SourceGoneError
        When what holds the listed files has disappeared.
    """
    lists = [index for index, source in enumerate(sources) if source.kind is SourceKind.LIST]

    def arguments(batch: OneBatch) -> tuple[Any, ...]:
        source = sources[batch.index]
        return source.name, options, source.folder

    said = {}
    for done in runner.run(read_source, arguments, map(OneBatch, lists), lambda _batch: LIST_S):
        source = sources[done.batch.index]
        resolved = Resolved.failed(done.reason) if done.result is None else done.result
        if problem := unusable(source, resolved):
            aside(partial(check_reach, os.fsencode(source.folder), roots), runner.tally)
            reason = why_unusable(source, resolved)
            raise UselessListError(problem, source=source.name, reason=reason, ways=leads_on(resolved))
        said[done.batch.index] = resolved
    parts = parts_by_name([sources[index].name for index in lists])
    return {index: said[index].in_part(part) for index, part in zip(lists, parts, strict=True)}


def with_lists(catalog: Catalog, sources: Sequence[Source], said: Mapping[int, Resolved]) -> Catalog:
    """Return `catalog` with a description of how its lists were read, and with warnings about them."""
    read = [(sources[index], each) for index, each in said.items()]
    named = [(source.name, each) for source, each in read]
    warnings = (warning for name, each in named for warning in list_warnings(name, each))
    return replace(
        catalog,
        lists=tuple(reading_sentence(name, each.list.read, each.part) for name, each in named),
        list_columns=column_names(each.list.read for _, each in named),
        warnings=(*catalog.warnings, *warnings, *overlaps(read)),
    )


def with_hints(catalog: Catalog, runner: Runner) -> Catalog:
    """Return `catalog` with warnings about lists among its pictures that may hold their labels."""
    names = possible_lists(catalog) if catalog.given_label.equals("").any() else []
    batches = map(OneBatch, range(len(names)))
    seen = {
        names[done.batch.index]: done.result or SeenList()
        for done in runner.run(look_at, lambda batch: (names[batch.index],), batches)
    }
    hints = own_list_warnings(catalog, dict(sorted(seen.items())))
    return replace(catalog, warnings=(*catalog.warnings, *hints))
