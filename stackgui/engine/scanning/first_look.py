"""The sources of a scan as they are at its start."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stackgui.core.base.addresses import absolute
from stackgui.core.base.errors import UselessListError
from stackgui.core.base.skip_kinds import MISSING_SOURCES, USELESS_LISTS
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.engine.scanning.asking import Asking
from stackgui.engine.sources.roots import Root, roots_of
from stackgui.engine.sources.sources import Reached, Source, check_lists, check_sources, reached_sources
from stackgui.engine.sources.walk import Walk


@dataclass(frozen=True, eq=False, slots=True)
class FirstLook:
    """The sources of a scan as they are at its start.

    Attributes
    ----------
    sources
    roots
    walk
    left_out
        Path, kind and reason of each that is left out.
    without_missing
        As in `stackgui.engine.scanning.scan.scan`.
    """

    sources: tuple[Source, ...]
    roots: tuple[Root, ...]
    walk: Walk
    left_out: tuple[tuple[bytes, str, str], ...]
    without_missing: bool


def first_look(
    names: Sequence[str],
    options: ScanOptions,
    useless: Mapping[str, str],
    asking: Asking,
    *,
    without_missing: bool,
) -> FirstLook:
    """Return what the sources `names` are now.

    Parameters
    ----------
    names, options, without_missing
        As in `stackgui.engine.scanning.scan.scan`.
    useless
        Lists that make no sense, with the reason; they are left out.
    asking
        Says what is being asked for.

    Raises
    ------
    UsageError
    """
    check_lists("" if without_missing else options.label_list, options.list_root)
    if without_missing:
        wanted = [name for name in names if name not in useless]
        reached = reached_sources(wanted, options.list_root, asking.ask)
    else:
        reached = Reached(check_sources(names, options.list_root), {})
    sources = reached.sources
    roots = roots_of(source.root for source in sources)
    walk = Walk(
        [source.name for source in sources],
        follow_links=options.follow_links,
        open_archives=options.open_archives,
        roots=roots,
    )
    left_out = (
        *((os.fsencode(name), MISSING_SOURCES, why) for name, why in reached.missing.items()),
        *((os.fsencode(name), USELESS_LISTS, why) for name, why in useless.items()),
    )
    return FirstLook(sources, roots, walk, left_out, without_missing)


def useless_ones(error: UselessListError, begun: FirstLook, names: Sequence[str]) -> dict[str, str]:
    """Return the name of a useless list with the reason, or raise `error` if nothing can go on without it."""
    found = {name: error.reason for name in names if absolute(name) == error.source}
    if not begun.without_missing or not found or len(begun.sources) == 1:
        raise error
    return found
