"""Write the report of a stack: one HTML file that needs nothing from outside."""

from __future__ import annotations

import base64
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.errors import UsageError
from stackgui.core.base.histogram import MAX_CLASSES, Histogram
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.listing import Standing, Wanted
from stackgui.core.run.loading import LIBRARIES, snippet
from stackgui.core.viewing.contrast import Contrast, shown
from stackgui.core.viewing.opened import Reading, RowFacts
from stackgui.core.viewing.report import REPORT_FILE, ReportContent, ReportRow, page
from stackgui.engine.running.loading import loadable
from stackgui.engine.viewing.find import find
from stackgui.engine.viewing.rows import ViewedRows, view_rows
from stackgui.engine.workers.control import Control
from stackgui.stores.export.pictures import as_png
from stackgui.stores.files.replacing import replace_file
from stackgui.stores.format.header import read_header

SAMPLES, FAILURES, SIDE_PX = 24, 200, 256


def write_report(stack: str, target: str, control: Control[Any]) -> str:
    """Write the report of the stack in a folder, and return where it is.

    Parameters
    ----------
    stack
    target
        The file to write; ``""`` for `REPORT_FILE` in the stack.
    control

    Raises
    ------
    UsageError
        When there is no such folder.
    StackguiError
        When the stack is damaged, or the file cannot be written.
    """
    folder = os.path.abspath(stack)
    if not os.path.isdir(folder):
        raise UsageError(say("There is no folder {folder}.", folder=printable(folder)))
    rows = view_rows(folder, Reading(), control)
    try:
        content = _content(rows, folder, control)
    finally:
        rows.close()
    place = os.path.abspath(target) if target else os.path.join(folder, REPORT_FILE)
    replace_file(place, page(content).encode("utf-8", "backslashreplace"))
    return place


def _content(rows: ViewedRows, folder: str, control: Control[Any]) -> ReportContent:
    header, opened = read_header(folder), rows.opened
    empty = find(rows, Wanted(standing=Standing.BLANK), Control()) if opened.failed else None
    failed = empty.some(0, FAILURES) if empty else []
    spread = np.linspace(0, opened.rows - 1, min(SAMPLES, opened.rows)).round().astype(int).tolist()
    load = loadable(folder)
    heights, widths, classes = _counted(rows, control)
    return ReportContent(
        opened,
        printable(os.path.basename(folder) or folder),
        _disk_bytes(folder),
        _plan_words(header),
        [_row(rows, facts) for facts in rows.facts(sorted(set(spread))) if not facts.reason],
        [ReportRow(facts, "") for facts in rows.facts(failed)],
        classes,
        _objects(header),
        heights,
        widths,
        {str(name): str(version) for name, version in header.get("versions", {}).items()},
        [str(each.get("text", "")) for each in header.get("warnings", ()) if each.get("text")],
        [(name, snippet(load, name)) for name in LIBRARIES],
    )


def _row(rows: ViewedRows, facts: RowFacts) -> ReportRow:
    height, width = facts.placement[2:]
    step = max(1, -(-max(height, width) // SIDE_PX))
    pixels = shown(rows.pixels(facts.row, facts.placement, step), Contrast.automatic)
    marks = rows.marks(facts.row)
    boxes = []
    for index in range(len(marks) if marks else 0):
        assert marks is not None
        number = int(marks.category[index])
        x0, y0, x1, y1 = marks.box[index].tolist()
        boxes.append((x0, y0, x1, y1, marks.classes[number] if number >= 0 else ""))
    return ReportRow(facts, base64.b64encode(as_png(pixels)).decode("ascii"), tuple(boxes))


Classes = dict[str, dict[str, int]]


def _counted(rows: ViewedRows, watch: Cancellation) -> tuple[Histogram | None, Histogram | None, Classes]:
    """Count sizes, labels and parts in one pass over the tables."""
    opened = rows.opened
    most = np.max(np.array(opened.sizes), axis=0)
    sides = [_Sides(int(side)) for side in most]
    pairs: Counter[tuple[int, int]] = Counter()
    for _begin, columns in rows.columns(("filled", "height", "width", "label", "part"), watch):
        filled = columns["filled"]
        for side, name in zip(sides, ("height", "width"), strict=True):
            side.add(columns[name][filled])
        both = np.stack([columns["label"], columns["part"]], axis=1)[filled]
        found, counts = np.unique(both, axis=0, return_counts=True)
        for (label, part), count in zip(found.tolist(), counts.tolist(), strict=True):
            pairs[label, part] += count
    classes: Classes = {}
    for (label, part), count in sorted(pairs.items()):
        name = opened.classes[label] if 0 <= label < len(opened.classes) else ""
        named = opened.parts[part] if 0 <= part < len(opened.parts) else ""
        classes.setdefault(name, {})[named] = count
    return sides[0].histogram, sides[1].histogram, classes


class _Sides:
    """Counts sides of pictures in classes that each cover equally many numbers."""

    def __init__(self, most: int) -> None:
        self._width = -(-most // MAX_CLASSES)
        self._counts = np.zeros(most // self._width + 1, np.int64)

    def add(self, sides: NDArray[np.integer[Any]]) -> None:
        self._counts += np.bincount(sides // self._width, minlength=len(self._counts))

    @property
    def histogram(self) -> Histogram | None:
        if not self._counts.any():
            return None
        edges = tuple(float(self._width * place) for place in range(len(self._counts) + 1))
        return Histogram(edges, tuple(self._counts.tolist()))


def _disk_bytes(folder: str) -> int:
    with os.scandir(folder) as entries:
        return sum(entry.stat(follow_symlinks=False).st_size for entry in entries if entry.is_file())


def _objects(header: Mapping[str, Any]) -> dict[str, int]:
    told = header.get("objects") or {}
    return dict(zip(told.get("classes", ()), told.get("counts", ()), strict=False))


_WORDS = {
    "size": "Size of the rows", "fit": "Pictures of another size are", "anchor": "Placed at",
    "fill": "Padding is filled with", "channels": "Channels", "dtype": "Numbers", "layout": "Axes",
    "resample": "Scaled by", "labels": "Labels from", "split": "Split", "shuffle": "Rows shuffled",
    "seed": "Seed",
}  # fmt: skip


def _plan_words(header: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    return list(_told(header))


def _told(header: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    plan = header["plan"]
    yield "Sources", ", ".join(printable(str(each)) for each in plan.get("sources", ()))
    options = plan.get("options", {})
    for key, words in _WORDS.items():
        if key in options:
            value = options[key]
            yield words, {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else str(value)
    if told := (header.get("labels") or {}).get("told_by"):
        yield "Labels came from", str(told)
    if told := (header.get("split") or {}).get("told_by"):
        yield "The split came from", str(told)
    if "waste" in plan:
        yield "Share of padding", f"{100 * float(plan['waste']):.0f} %"
    yield "Fingerprint of the plan", str(plan.get("fingerprint", ""))
