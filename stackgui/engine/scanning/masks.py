"""Finds the masks among the samples of a scan, and what they hold."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from stackgui.core.base.errors import SampleError, UsageError
from stackgui.core.base.skip_kinds import ANNOTATION_FILES, NOT_A_PICTURE, OTHER_MASKS
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.base.warnings import EXAMPLES, DataWarning
from stackgui.core.base.wording import say, say_many
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.mask_class_files import read_mask_classes
from stackgui.core.catalog.mask_classes import MaskClasses
from stackgui.core.catalog.masks import Masks
from stackgui.core.catalog.scan_options import AUTOMATIC, NONE, ScanOptions
from stackgui.core.masks.pair_list import MAX_BYTES, Pair, paired_by_list, read_pairs
from stackgui.core.masks.pairs import Group, Pairing, in_folder, mask_groups, paired, paired_with_folder
from stackgui.engine.scanning.archive_queue import OneBatch
from stackgui.engine.scanning.mask_looks import Looker
from stackgui.engine.scanning.runner import Runner
from stackgui.engine.sources.lists import text_of
from stackgui.engine.sources.mask_folders import mask_folders_beside
from stackgui.engine.sources.reading import open_any, os_reason, read_from, state_of
from stackgui.engine.sources.sources import is_inside

EXAMINED = 24
"""Masks of a group whose pixels are examined to confirm that they are masks."""

MIN_ALIKE = 0.5
"""Least share of these that has to look like classes or objects."""

TABLE_FILES = ("labelmap.txt", "label_map.txt")
"""Names of files that list the classes of masks beside them."""

MAX_TABLE_BYTES = 2**20

MOST_TOLD_APART = 200_000
"""Files up to which masks are told apart while a scan goes on, which must not wait long for that."""


def sources_of_masks(options: ScanOptions, sources: Sequence[str]) -> tuple[str, ...]:
    """Return the folders of masks that have to be searched beside `sources`.

    Raises
    ------
    UsageError
        When the person chose masks that are not there.
    """
    if options.masks in {AUTOMATIC, NONE}:
        return mask_folders_beside(sources) if options.masks == AUTOMATIC else ()
    if not os.path.exists(options.masks):
        raise UsageError(say("There are no masks at {place}.", place=printable(options.masks)))
    real = os.path.realpath(options.masks)
    inside = any(is_inside(real, os.path.realpath(source)) for source in sources)
    return () if inside or not os.path.isdir(options.masks) else (options.masks,)


def with_masks(catalog: Catalog, sources: int, looker: Looker) -> Catalog:
    """Return `catalog` with its masks apart from its samples.

    Parameters
    ----------
    catalog
        The result of a search.
    sources
        Number of sources whose samples become rows; those of any further one can only be masks.
    looker

    Raises
    ------
    UsageError
        When the masks that the person chose cannot be used.
    Cancelled
    RunError
        When the whole pool keeps dying.
    """
    options, warnings = catalog.scan_options, tuple[DataWarning, ...]()
    runner = looker.runner
    if options.masks == NONE:
        return catalog
    if options.masks == AUTOMATIC:
        groups = [group for group in mask_groups(catalog) if _looks_alike(catalog, group, looker)]
        pairing = paired(catalog, groups)
    elif os.path.isdir(options.masks):
        pairing = paired_with_folder(catalog, in_folder(catalog, options.masks), options.masks)
    else:
        pairing, warnings = _by_list(catalog, runner)
    if not len(pairing.masks):
        if options.masks != AUTOMATIC:
            raise UsageError(say("{place} holds no masks of these pictures.", place=printable(options.masks)))
        return _divided(catalog, pairing, sources)
    found, _alike = looker.look(catalog, pairing.paired)
    table, places = _table_beside(catalog, pairing, runner)
    # What lists say is about pictures; manifests do not keep it for masks.
    files = replace(catalog.take(pairing.masks), values=None)
    masks = Masks(files, pairing.of, found, table, places=_places(files, pairing, sources))
    skipped = catalog.skipped.with_kind(places, ANNOTATION_FILES) if table else catalog.skipped
    warned = replace(catalog, masks=masks, warnings=(*catalog.warnings, *warnings), skipped=skipped)
    return _divided(warned, pairing, sources)


def without_masks(catalog: Catalog, sources: int) -> Catalog:
    """Return `catalog` without what are masks by names and headers, for figures while the scan goes on.

    Parameters
    ----------
    catalog
        The files so far: masks whose pictures are still to come are taken for pictures.
    sources
        As in `with_masks`.
    """
    chosen, is_mask = catalog.scan_options.masks, catalog.source >= sources
    if chosen == AUTOMATIC and len(catalog) <= MOST_TOLD_APART:
        for group in mask_groups(catalog):
            is_mask[group.masks] = True
    elif chosen not in {AUTOMATIC, NONE}:
        is_mask |= in_folder(catalog, chosen)
    return catalog.take(np.flatnonzero(~is_mask)) if is_mask.any() else catalog


def _divided(catalog: Catalog, pairing: Pairing, sources: int) -> Catalog:
    """Return `catalog` without its masks among its samples, and without what lies beside its sources."""
    if catalog.masks is None and len(catalog.sources) == sources:
        return catalog
    apart = np.isin(np.arange(len(catalog)), np.concatenate((pairing.masks, pairing.aside)))
    samples = np.flatnonzero(~apart & (catalog.source < sources))
    skipped = catalog.skipped
    if catalog.scan_options.masks == AUTOMATIC:
        skipped = skipped.outside(catalog.folders[sources:])
    aside = [catalog.file(sample) for sample in pairing.aside.tolist()]
    return replace(
        replace(catalog, masks=None).take(samples),
        sources=catalog.sources[:sources],
        folders=catalog.folders[:sources],
        archives=tuple(archive for archive in catalog.archives if archive.source < sources),
        skipped=skipped.and_also(aside, OTHER_MASKS) if aside else skipped,
        # Not only those in use: the others are counted.
        masks=None if catalog.masks is None else replace(catalog.masks, of=catalog.masks.of[samples]),
    )


def _places(files: Catalog, pairing: Pairing, sources: int) -> tuple[str, ...]:
    """Return where the masks lie: those beside the sources by the whole names of their folders."""
    beside = np.unique(files.source[files.source >= sources]).tolist()
    return tuple(files.folders[source] for source in beside) or pairing.places


def _looks_alike(catalog: Catalog, group: Group, looker: Looker) -> bool:
    """Whether the pixels of masks in a group look like classes or objects, not like photographs."""
    masks = np.array(
        [mask for mask, picture in zip(group.masks, group.pictures, strict=True) if picture >= 0]
    )
    few = masks[np.unique(np.linspace(0, len(masks) - 1, EXAMINED).astype(np.int64))]
    _values, alike = looker.look(catalog, few, is_sample=True)
    return bool(alike) and sum(alike) >= MIN_ALIKE * len(alike)


def _by_list(catalog: Catalog, runner: Runner) -> tuple[Pairing, tuple[DataWarning, ...]]:
    place = catalog.scan_options.masks
    pairs, problem = next(_in_worker(runner, _pairs_in, [place]))
    if problem or not pairs:
        reason = problem or say("it has no lines with a picture and its mask")
        raise UsageError(
            say("{place} cannot be used as a list of masks: {reason}.", place=printable(place), reason=reason)
        )
    pairing, missing = paired_by_list(catalog, pairs, place)
    if not missing:
        return pairing, ()
    text = say_many(
        len(missing),
        "{list} names {files} that is not there.",
        "{list} names {files} that are not there.",
        list=printable(place),
        files=format_count(len(missing), "file"),
    )
    return pairing, (DataWarning("masks-not-found", text, len(missing), tuple(missing[:EXAMPLES])),)


def _table_beside(catalog: Catalog, pairing: Pairing, runner: Runner) -> tuple[MaskClasses, set[bytes]]:
    """Return the table of classes in the folder of masks or above it, if there is one, and its file."""
    folders = {os.path.dirname(catalog.file(mask)) for mask in pairing.paired[:1].tolist()}
    for folder in tuple(folders):
        while (folder := os.path.dirname(folder)) not in folders:
            folders.add(folder)
    skipped = catalog.skipped
    names = [
        path
        for path, kind in zip(skipped.path, skipped.kind, strict=True)
        if kind == NOT_A_PICTURE
        and os.path.basename(path).casefold() in TABLE_FILES
        and os.path.dirname(path) in folders
    ]
    nearest = sorted(names, key=len, reverse=True)[:1]
    return next(_in_worker(runner, _table_in, nearest), ()) or (), set(map(os.fsencode, nearest))


def _in_worker(runner: Runner, task: Any, names: Sequence[str]) -> Iterator[Any]:  # noqa: ANN401 - any task
    """Yield the result of a task for each of a few files."""
    for done in runner.run(task, lambda batch: (names[batch.index],), map(OneBatch, range(len(names)))):
        yield done.result if done.result is not None else ([], done.reason)


def _pairs_in(name: str) -> tuple[list[Pair], str]:
    """Read a list of pairs, in a worker; return also why it cannot be used, or ``""``."""
    try:
        return read_pairs(text_of(_bytes(name, MAX_BYTES))), ""
    except OSError as error:
        return [], os_reason(error)
    except SampleError as error:
        return [], error.reason
    except ValueError as error:
        return [], say("it is damaged, or not a list ({error})", error=error)


def _table_in(name: str) -> MaskClasses:
    """Read a table of classes, in a worker; nothing if it is none."""
    try:
        return read_mask_classes(_bytes(name, MAX_TABLE_BYTES))
    except (OSError, SampleError, UsageError):
        return ()


def _bytes(name: str, most: int) -> bytes:
    with open_any(name) as file:
        size = state_of(file).size_bytes
        if size > most:
            raise SampleError(say("it is far too large for such a file"))
        return read_from(file, size)
