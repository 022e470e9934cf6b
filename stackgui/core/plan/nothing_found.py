"""The error that explains why a catalog has no samples."""

from __future__ import annotations

import os

from stackgui.core.base.errors import PlanError
from stackgui.core.base.skip_kinds import NOT_A_PICTURE, format_skipped
from stackgui.core.base.source_names import is_archive_name, is_list_name
from stackgui.core.base.text import printable
from stackgui.core.base.ways import ways_of_kinds
from stackgui.core.base.wording import joined, say, say_many
from stackgui.core.catalog.catalog import Catalog

MAX_FILES_NAMED = 3
"""Skipped files named in the message."""


def nothing_found(catalog: Catalog) -> PlanError:
    """Make the error for an empty catalog: what was searched, what was skipped, and what to do next."""
    kinds = catalog.skipped.kind.counts()
    return PlanError(joined("", (_where(catalog), _left_aside(catalog))), ways=ways_of_kinds(kinds))


def _where(catalog: Catalog) -> str:
    if len(catalog.sources) > 1:
        return say(
            "There are no pictures in any of these: {sources}.",
            sources=", ".join(map(printable, catalog.sources)),
        )
    if not catalog.sources:
        return (
            say("There are no pictures, because no source can be reached.")
            if len(catalog.skipped)
            else say("There are no pictures, because no folder was given.")
        )
    (source,), (folder,) = catalog.sources, catalog.folders
    name = printable(source)
    if source != folder:
        if is_list_name(source):
            return say("The list {source} names no pictures.", source=name)
        return say("The file {source} is not a picture of a kind that can be read.", source=name)
    if is_archive_name(source):
        return say("There are no pictures in the archive {source}.", source=name)
    return say("There are no pictures in the folder {source}.", source=name)


def _left_aside(catalog: Catalog) -> str:
    skipped = catalog.skipped
    count = len(skipped)
    if count == 1 and (skipped.path[0],) == catalog.sources:
        detail = "" if skipped.kind[0] == NOT_A_PICTURE else skipped.detail[0]
        return say(" It cannot be read: {detail}.", detail=detail) if detail else ""
    if not count:
        return ""
    named = ", ".join(_named(catalog, place) for place in range(min(count, MAX_FILES_NAMED)))
    more = ", …" if count > MAX_FILES_NAMED else ""
    return say_many(
        count,
        " {skipped} was left aside: {named}{more}.",
        " {skipped} were left aside: {named}{more}.",
        skipped=format_skipped(skipped.kind.counts()),
        named=named,
        more=more,
    )


def _named(catalog: Catalog, place: int) -> str:
    """Return the name of a skipped file, with the reason if it adds to the kind."""
    path, detail = catalog.skipped.path[place], catalog.skipped.detail[place]
    name = path
    for folder in catalog.folders:
        if path.startswith(os.path.join(folder, "")):
            name = os.path.relpath(path, folder)
    says_more = detail and not detail.startswith(".")
    return f"{printable(name)} ({printable(detail)})" if says_more else printable(name)
