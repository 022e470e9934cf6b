"""Counts what a scan has found so far, and publishes it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from stackgui.core.base.addresses import normal
from stackgui.core.base.awaited import Awaited
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.statistics import Statistics, describe
from stackgui.core.run.progress import ScanProgress
from stackgui.engine.workers.control import Control

FIRST_OVERVIEW_S, OVERVIEW_S, OVERVIEW_SHARE = 0.5, 1.0, 9.0
"""Time before the first statistics, least interval after them, and interval over the time that they take."""


class Tally:
    """What a scan has found so far; the control of its tasks.

    Parameters
    ----------
    control
    catalog_so_far
        Returns a catalog of the samples read so far, or None if there are none. If this itself is None, no
        statistics are computed.

    Attributes
    ----------
    found, read, skipped : int
    masks, masks_read : int
        Masks to look through, and those looked through.
    annotations, annotations_read : int
        Annotation files to read, and those read.
    sketches, sketches_made : int
        Pictures to look at for near-duplicates, and those looked at.
    searching : bool
        Whether folders are still being searched.
    current : bytes
        The file that is being read.
    asked : bytes
        The folder or file for which a worker was last told to ask.
    """

    def __init__(
        self, control: Control[ScanProgress], catalog_so_far: Callable[[], Catalog | None] | None
    ) -> None:
        self.found = self.read = self.skipped = self.masks = self.masks_read = 0
        self.annotations = self.annotations_read = self.sketches = self.sketches_made = 0
        self.searching = True
        self.current = self.asked = b""
        self._awaited = Awaited()
        self._heard: tuple[int, ...] = ()
        self._control = control
        self._catalog_so_far = catalog_so_far
        self._began_s = time.monotonic()
        self._statistics: Statistics | None = None
        self._describe_at_s = self._began_s + FIRST_OVERVIEW_S

    @property
    def paused(self) -> bool:
        """Whether the scan is paused."""
        return self._control.paused

    def read_in(self, seconds: float) -> int:
        """Return how many files are read in so many seconds, at the rate so far."""
        return int(seconds * self.read / max(time.monotonic() - self._began_s, seconds))

    def check(self) -> None:
        """Publish the progress of the scan; raises `Cancelled` when it was cancelled."""
        self._control.check()
        self._describe()
        self._listen()
        asked_s = self._awaited.named_seconds
        self._control.publish(
            ScanProgress(
                samples_found=self.found,
                samples_read=self.read,
                skipped=self.skipped,
                masks=self.masks,
                masks_read=self.masks_read,
                annotations=self.annotations,
                annotations_read=self.annotations_read,
                sketches=self.sketches,
                sketches_made=self.sketches_made,
                searching=self.searching,
                current=os.fsdecode(self.current),
                asked=self._awaited.name if asked_s else "",
                asked_s=asked_s,
                statistics=self._statistics,
            )
        )

    def _listen(self) -> None:
        """Note whether an answer has come since the last time."""
        later = self.masks, self.annotations, self.sketches  # these say themselves how far they are
        heard = (self.found, self.read, self.skipped, *later)
        if heard != self._heard:
            self._heard = heard
            asked = "" if any(later) else os.fsdecode(self.asked)
            self._awaited.heard(asked and normal(asked))  # nothing has no normal form, but "."

    def _describe(self) -> None:
        """Compute statistics of the samples so far, at intervals that grow with the time it takes."""
        began_s = time.monotonic()
        if self._catalog_so_far is None or began_s < self._describe_at_s:
            return
        if (catalog := self._catalog_so_far()) is None:
            return
        self._statistics = describe(catalog)
        ended_s = time.monotonic()
        self._describe_at_s = ended_s + max(OVERVIEW_S, OVERVIEW_SHARE * (ended_s - began_s))
