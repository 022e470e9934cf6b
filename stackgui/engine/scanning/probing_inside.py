"""Reads the headers of files inside archives, in a worker."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.base.skip_kinds import NOT_A_PICTURE
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.engine.archives.listing import Listing
from stackgui.engine.archives.reading import OpenArchive, Place, opened
from stackgui.engine.scanning.probed import Probe, Probed
from stackgui.engine.scanning.probing import looked_at
from stackgui.engine.scanning.runs import ABSENT, remembered
from stackgui.engine.sources.roots import Root, check_reach


def probe_inside(
    archive: bytes, listing: Listing, cache: str, options: ScanOptions, roots: Sequence[Root]
) -> Probed:
    """Read the headers of all files in `listing`, which is of the `archive` (absolute path).

    Parameters
    ----------
    cache, options, roots
        As for `stackgui.engine.scanning.probing.probe_files`.
    """
    keys = listing.remembered_names(archive)
    known = remembered(cache, keys, options.reading)
    is_same = (
        (known.code != ABSENT) & (known.size == listing.places[:, 0]) & (known.mtime_ns == listing.mtime_ns)
    )
    try:
        source, reason = opened(archive, listing.file_bytes, listing.mtime_ns), ""
    except SampleError as error:
        check_reach(archive, roots)
        source, reason = None, error.reason
    found: list[list[Probe] | None] = []
    for index, is_known in enumerate(is_same.tolist()):
        place, mtime_ns = Place(*listing.places[index].tolist()), listing.mtime_ns
        problem = reason or listing.problem[index]
        if source is None or problem:
            found.append([_unusable(listing, index, problem)])
        elif is_known:
            found.append(None)
        else:
            look = functools.partial(_header, source, place, options)
            name = listing.name.raw(index)
            found.append(looked_at(name, place.size_bytes, mtime_ns, options, look))
    return Probed.of(found, keys if cache else (), known)


def _unusable(listing: Listing, index: int, problem: str) -> Probe:
    """Return the entry of a file that cannot be read; it counts as a sample if its name ends like one."""
    size = int(listing.places[index, 0])
    ending = os.path.splitext(os.fsdecode(listing.name.raw(index)))[1].lower()
    if ending not in imaging.PICTURE_SUFFIXES:
        return Probe.without_header(size, listing.mtime_ns, skip=NOT_A_PICTURE, detail=ending)
    return Probe.without_header(size, listing.mtime_ns, problem=problem)


def _header(archive: OpenArchive, place: Place, options: ScanOptions) -> Header:
    prefix = archive.start(place, imaging.PREFIX_BYTES)
    try:
        return imaging.probe(prefix, file_bytes=place.size_bytes, scan=options)
    except imaging.MoreBytesNeeded:
        return imaging.probe(archive.whole(place), file_bytes=place.size_bytes, scan=options)
