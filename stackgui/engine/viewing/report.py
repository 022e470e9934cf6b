"""Write the report of a stack: one HTML file that needs nothing from outside."""

from __future__ import annotations

import base64
import os
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.addresses import absolute
from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.errors import UsageError
from stackgui.core.base.histogram import MAX_CLASSES, Histogram
from stackgui.core.base.voice import Voice
from stackgui.core.base.wording import say
from stackgui.core.plan.listing import Standing, Wanted
from stackgui.core.run.loading import LIBRARIES, snippet
from stackgui.core.run.no_folder import no_folder
from stackgui.core.viewing.class_colours import is_unknown, mask_pixels
from stackgui.core.viewing.contrast import Contrast, shown
from stackgui.core.viewing.opened import Reading, RowFacts
from stackgui.core.viewing.report import REPORT_FILE, Counted, ReportContent, ReportRow
from stackgui.core.viewing.report_page import page
from stackgui.core.viewing.report_plan import plan_words
from stackgui.engine.running.loading import loadable
from stackgui.engine.viewing.find import find
from stackgui.engine.viewing.rows import ViewedRows, view_rows
from stackgui.engine.viewing.salvaged import salvaged
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.run_batches import Crew
from stackgui.engine.workers.workers import Workers
from stackgui.stores.export.pictures import as_jpeg, as_png
from stackgui.stores.files.replacing import replace_file
from stackgui.stores.format.header import read_header

SAMPLES, TRIED, FAILURES = 24, 96, 100
SAMPLE_PX, FAILURE_PX = 256, 160
"""Longer side of the pictures."""

EXACT_BYTES = 24_000
"""A picture that is larger than this as PNG is shown as JPEG: nobody can send a report of many megabytes."""


def write_report(stack: str, target: str, workers: Workers, voice: Voice, control: Control[Any]) -> str:
    """Write the report of the stack in a folder, and return where it is.

    Parameters
    ----------
    stack
    target
        The file to write; ``""`` for `REPORT_FILE` in the stack.
    workers
        Look what can still be seen of the pictures of empty rows.
    voice
        Language of the report.
    control

    Raises
    ------
    Cancelled
    UsageError
        When there is no such folder.
    StackguiError
        When the stack is damaged, or the file cannot be written.
    """
    folder = absolute(stack)
    if not os.path.isdir(folder):
        raise UsageError(no_folder(folder))
    rows = view_rows(folder, Reading(), control)
    try:
        content = _content(rows, folder, Crew(workers, control), voice)
    finally:
        rows.close()
    place = os.path.abspath(target) if target else os.path.join(folder, REPORT_FILE)
    replace_file(place, page(content, voice).encode("utf-8", "backslashreplace"))
    return place


def _content(rows: ViewedRows, folder: str, crew: Crew, voice: Voice) -> ReportContent:
    header, opened, load = read_header(folder), rows.opened, loadable(folder)
    counts = _Counts(rows)
    counts.count(crew.steering)
    return ReportContent(
        opened=opened,
        name=os.path.basename(folder) or folder,
        disk_bytes=_disk_bytes(folder),
        masks=load.masks,
        plan=list(plan_words(header, voice)),
        samples=[_row(rows, facts) for facts in _spread(rows)],
        failures=_failures(rows, folder, header, crew),
        classes=_several(header) if load.several else counts.classes,
        parts=counts.parts,
        objects=_objects(header),
        heights=counts.sides[0].histogram,
        widths=counts.sides[1].histogram,
        warnings=[str(each.get("text", "")) for each in header.get("warnings", ()) if each.get("text")],
        loading=[(title, snippet(load, library)) for library, title in LIBRARIES.items()],
        versions={str(name): str(version) for name, version in header.get("versions", {}).items()},
        written=time.strftime("%Y-%m-%d"),
    )


def _spread(rows: ViewedRows) -> list[RowFacts]:
    """Return what some rows with a picture are, from the first to the last."""
    tried = rows.facts(_evenly(rows.opened.rows, TRIED))
    filled = [facts for facts in tried if facts.placement[2]]
    return [filled[place] for place in _evenly(len(filled), SAMPLES)]


def _evenly(count: int, most: int) -> list[int]:
    """Return at most so many numbers below `count`, evenly spread."""
    return [int(place) for place in np.unique(np.linspace(0, count - 1, min(most, count)).round())]


def _row(rows: ViewedRows, facts: RowFacts) -> ReportRow:
    height, width = facts.placement[2:]
    step = max(1, -(-max(height, width) // SAMPLE_PX))
    pixels = shown(rows.pixels(facts.row, facts.placement, step), Contrast.automatic)
    mask = rows.mask(facts.row, facts.placement, step)
    over = "" if mask is None or is_unknown(mask) else _address(as_png(mask_pixels(mask)), "png")
    return ReportRow(facts, _picture(pixels), over, rows.marks(facts.row))


def _failures(rows: ViewedRows, folder: str, header: Mapping[str, Any], crew: Crew) -> list[ReportRow]:
    if not rows.opened.failed:
        return []
    failed = find(rows, Wanted(standing=Standing.BLANK), Control()).some(0, FAILURES)
    seen = salvaged(folder, header, failed, FAILURE_PX, crew)
    made = []
    for facts in rows.facts(failed):
        row = ReportRow(facts)
        if (found := seen.get(facts.row)) is not None:
            height, width = found.pixels.shape[:2]
            picture = _picture(found.pixels)
            row = replace(row, picture=picture, size=(height, width), is_preview=found.is_preview)
        made.append(row)
    return made


def _picture(pixels: NDArray[np.uint8]) -> str:
    exact = as_png(pixels)
    return _address(exact, "png") if len(exact) <= EXACT_BYTES else _address(as_jpeg(pixels), "jpeg")


def _address(picture: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode('ascii')}"


class _Counts:
    """Counts sizes, labels and parts of the rows that count, in one pass over the tables."""

    def __init__(self, rows: ViewedRows) -> None:
        self._rows = rows
        most = np.max(np.array(rows.opened.sizes), axis=0)
        self.sides = [_Sides(int(side)) for side in most]
        self._split = len(rows.opened.parts)
        self._pairs: Counter[tuple[int, int]] = Counter()

    def count(self, watch: Cancellation) -> None:
        """Look at all rows."""
        names = ("filled", "excluded", "height", "width", "label", "part")
        for _begin, columns in self._rows.columns(names, watch):
            valid = columns["filled"] & ~columns["excluded"]
            for side, name in zip(self.sides, ("height", "width"), strict=True):
                side.add(columns[name][valid])
            label, part = (columns[name][valid].astype(np.int64) for name in ("label", "part"))
            # Both in one number, from 0 for none: sorting pairs would take longer than all else.
            found = np.bincount((label + 1) * (self._split + 1) + part + 1)
            for key in np.flatnonzero(found).tolist():
                number, place = divmod(key, self._split + 1)
                self._pairs[number - 1, place - 1] += int(found[key])

    @property
    def parts(self) -> list[Counted]:
        """Rows of each part of the split, and of none."""
        names = self._rows.opened.parts
        if not names:
            return []
        found: Counter[int] = Counter()
        for (_label, part), count in self._pairs.items():
            found[part] += count
        counted = [Counted(number, name, found[number]) for number, name in enumerate(names)]
        return counted + ([Counted(None, say("none"), found[-1])] if found[-1] else [])

    @property
    def classes(self) -> list[Counted]:
        """Rows of each class, and without a label; nothing if there are no labels."""
        names, parts = (
            self._rows.opened.classes,
            [-1 if each.number is None else each.number for each in self.parts],
        )
        if not names:
            return []
        numbers = [*range(len(names)), *([-1] if any(label < 0 for label, _part in self._pairs) else [])]
        return [
            Counted(
                label if label >= 0 else None,
                names[label] if label >= 0 else say("no label"),
                sum(self._pairs[label, part] for part in (parts or [-1])),
                tuple(self._pairs[label, part] for part in parts),
            )
            for label in numbers
        ]


class _Sides:
    """Counts sides of pictures."""

    def __init__(self, most: int) -> None:
        self._counts = np.zeros(most + 1, np.int64)

    def add(self, sides: NDArray[np.integer[Any]]) -> None:
        """Count some sides."""
        self._counts += np.bincount(sides, minlength=len(self._counts))

    @property
    def histogram(self) -> Histogram | None:
        """What was counted, in classes that each cover equally many numbers; None for nothing."""
        found = np.flatnonzero(self._counts)
        if not len(found):
            return None
        low, high = int(found[0]), int(found[-1])
        width = -(-(high - low + 1) // MAX_CLASSES)
        begins = np.arange(low, high + 1, width)
        counts = np.add.reduceat(self._counts[: high + 1], begins)
        return Histogram((*begins.astype(float).tolist(), float(high + 1)), tuple(counts.tolist()))


def _disk_bytes(folder: str) -> int:
    with os.scandir(folder) as entries:
        return sum(entry.stat(follow_symlinks=False).st_size for entry in entries if entry.is_file())


def _several(header: Mapping[str, Any]) -> list[Counted]:
    """Return the rows of each class of a stack whose rows may have several."""
    told = header.get("labels") or {}
    named = zip(told.get("classes", ()), told.get("counts", ()), strict=False)
    return [Counted(number, str(name), int(count)) for number, (name, count) in enumerate(named)]


def _objects(header: Mapping[str, Any]) -> list[Counted]:
    return _several({"labels": header.get("objects")})
