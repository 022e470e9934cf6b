"""Reads the headers of a few files of a catalog again."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.skip_kinds import NOT_A_PICTURE
from stackgui.core.base.wording import say
from stackgui.core.catalog.archive_location import NO_ARCHIVE
from stackgui.core.catalog.catalog import OF_FILE, Catalog
from stackgui.core.plan.repair import CONTENT, MASK, content_of
from stackgui.engine.scanning.probed import Probed
from stackgui.engine.scanning.probing import probe_files, unprobed
from stackgui.engine.sources.roots import roots_of
from stackgui.engine.sources.sources import is_inside
from stackgui.engine.workers.aside import aside
from stackgui.engine.workers.control import Watch
from stackgui.engine.workers.dispatch import Dispatch
from stackgui.engine.workers.workers import Workers

FILES_PER_BATCH = 64


@dataclass(frozen=True, slots=True)
class Names:
    """A batch of files to probe, by absolute path."""

    names: tuple[bytes, ...]

    def __len__(self) -> int:
        return len(self.names)

    def part(self, begin: int, end: int) -> Names:
        """Return names `begin` to `end` as a batch."""
        return Names(self.names[begin:end])


def probe_again(
    catalog: Catalog,
    samples: NDArray[np.int64],
    workers: Workers,
    watch: Watch,
) -> dict[int, dict[str, Any]]:
    """Return the current content of the files of `samples`, as `stackgui.core.plan.repair.content_of` does.

    A file that cannot be opened keeps its content; reading its pixels will report what is wrong.

    Parameters
    ----------
    watch
        Receives the number of files probed so far.

    Raises
    ------
    Cancelled
    SourceGoneError
        When a source folder is gone.
    RunError
        When the workers keep dying.
    """
    roots = aside(lambda: roots_of(catalog.roots), watch)
    outside = aside(lambda: _leading_out(catalog, samples), watch)
    contents: dict[int, dict[str, Any]] = {}
    files: dict[bytes, list[int]] = {}
    for sample in samples.tolist():
        if catalog.inside.archive[sample] != NO_ARCHIVE:
            continue  # a changed archive counts as a different one, so its rows stay as they are
        if sample in outside:
            contents[sample] = _without(catalog, sample, say("it is a link that leads out of its folder"))
        else:
            files.setdefault(os.fsencode(catalog.file(sample)), []).append(sample)
    names = tuple(files)
    batches = (Names(names[at : at + FILES_PER_BATCH]) for at in range(0, len(names), FILES_PER_BATCH))
    dispatch: Dispatch[Names, Probed] = Dispatch(
        workers,
        watch,
        probe_files,
        lambda batch, _slot: (batch.names, "", catalog.scan_options, roots),
        slots=2 * workers.count + 1,
    )
    looked_at = 0
    for done in dispatch.run(batches):
        probed = done.result or unprobed(done.reason)
        for index, name in enumerate(done.batch.names):
            entries = np.flatnonzero(probed.file == index)
            for sample in files[name]:
                contents[sample] = _content(catalog, sample, probed, entries)
        looked_at += len(done.batch)
        watch.reached(looked_at)
    _add_masks(contents, catalog, samples, workers, watch)
    return contents


def _add_masks(
    contents: dict[int, dict[str, Any]],
    catalog: Catalog,
    samples: NDArray[np.int64],
    workers: Workers,
    watch: Watch,
) -> None:
    """Add the current content of the masks of `samples`."""
    if (masks := catalog.masks) is None:
        return
    masked = samples[masks.has_mask[samples]]
    found = probe_again(masks.files, masks.of[masked].astype(np.int64), workers, watch)
    for sample, mask in zip(masked.tolist(), masks.of[masked].tolist(), strict=True):
        if mask in found:
            contents.setdefault(sample, content_of(catalog, sample))[MASK] = found[mask]


def _leading_out(catalog: Catalog, samples: NDArray[np.int64]) -> set[int]:
    """Return the samples whose files now lie outside the sources by a link that must not be followed."""
    if catalog.scan_options.follow_links:
        return set()
    real = [os.path.realpath(folder) for folder in catalog.folders]
    paths = {sample: os.path.realpath(catalog.file(sample)) for sample in samples.tolist()}
    return {sample for sample, path in paths.items() if not any(is_inside(path, source) for source in real)}


def _content(catalog: Catalog, sample: int, probed: Probed, entries: NDArray[np.int64]) -> dict[str, Any]:
    """Return the content of a sample whose file has these entries in `probed`."""
    first = int(entries[0])
    if skip := probed.text("skip")[first]:
        if skip == NOT_A_PICTURE:
            return _without(catalog, sample, say("it is not a picture"))
        known = content_of(catalog, sample)
        return {**known, "problem": probed.text("detail")[first]} if known["problem"] else known
    # If the first entry has a member index now, a damaged file has become one with several frames.
    found = entries[np.maximum(probed.number("member")[entries], 0) == max(catalog.member[sample], 0)]
    if not len(found):
        return _without(catalog, sample, say("its file does not hold as many samples as before"))
    return {each.name: each.value_at(probed.column(each), int(found[0])) for each in CONTENT}


def _without(catalog: Catalog, sample: int, problem: str) -> dict[str, Any]:
    """Return the content of a sample without a picture."""
    nothing = {each.name: each.default for each in CONTENT if each.name not in OF_FILE}
    return content_of(catalog, sample) | nothing | {"problem": problem}
