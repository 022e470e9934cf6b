"""Clocks the processor time of named functions, in this process and in workers.

Functions are replaced by ones that clock them. Time is exclusive: what a clocked function calls and is
clocked itself counts there alone. Reading the clock takes time, too; it is measured beforehand and left out.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stackgui.core.base.resizers import SIMD_MODULE, has_simd
from stackgui.core.run.run_options import Limits
from stackgui.engine.workers import worker_process

PARTS: dict[str, tuple[str, ...]] = {
    "listing folders": ("stackgui.engine.scanning.unchanged:list_again",),
    "batches of files": ("stackgui.engine.scanning.scan:_Scan._batches",),
    "headers into columns": (
        "stackgui.engine.scanning.scan:_Scan._take",
        "stackgui.engine.scanning.probed:Probed.of",
    ),
    "catalog": ("stackgui.engine.scanning.catalog_builder:CatalogBuilder.catalog",),
    "cache of scans": (
        "stackgui.engine.scanning.runs:remembered",
        "stackgui.engine.scanning.runs:Run.of_paths",
        "stackgui.engine.scanning.runs:news",
        "stackgui.engine.scanning.scan_cache:remember",
    ),
    "opening and reading for a header": ("stackgui.engine.scanning.probing:_probe",),
    "states of files": (
        "stackgui.engine.scanning.probing:_are_same",
        "stackgui.engine.scanning.unchanged:_have_states",
    ),
    "header": ("stackgui.imaging.registry.registry:probe",),
    "batches of rows": ("stackgui.core.run.batches:batches",),
    "columns for a worker": ("stackgui.engine.decoding.rows:files_of",),
    "rows from columns": (
        "stackgui.engine.decoding.rows:Files.__iter__",
        "stackgui.engine.decoding.rows:Files.runs",
        "stackgui.engine.decoding.rows:Files.files",
    ),
    "queue": (
        "stackgui.engine.workers.workers:Workers.submit",
        "stackgui.engine.workers.dispatch:Dispatch._next_done",
    ),
    "reading": ("stackgui.engine.workers.sample_data:data_of",),
    "reading ahead": ("stackgui.engine.workers.prefetch:Prefetch.each",),
    "choosing how to decode": (
        "stackgui.imaging.registry.registry:Decode.__call__",
        "stackgui.engine.decoding.render:decoding_straight",
        "stackgui.imaging.pictures.jpeg:_Jpeg.decode",
    ),
    "markers": ("stackgui.imaging.pictures.jpeg_frame:read_frame",),
    "decoding": (
        "simplejpeg:decode_jpeg",
        "stackgui.imaging.pictures.png:_Png.decode",
        "stackgui.imaging.pictures.tiff:_decode_deep",
    ),
    "doubts": ("stackgui.imaging.pictures.jpeg_strict:_note_doubts",),
    "resizing": ("stackgui.imaging.pixels.resize:resize", f"{SIMD_MODULE}:Resizer.resize"),
    "numbers": (
        "stackgui.imaging.pixels.numbers:settle_non_finite",
        "stackgui.imaging.pixels.numbers:convert_numbers",
    ),
    "placing": ("stackgui.engine.decoding.render:render",),
    "checksums": ("stackgui.stores.arrays.checksums:block_checksum",),
    "the rest of a batch": (
        "stackgui.engine.workers.tasks:fill_slot",
        "stackgui.engine.scanning.unchanged:probe_again",
    ),
    "results of rows": (
        "stackgui.engine.running.fill:Filling._found",
        "stackgui.core.run.row_results:RowResults.record",
    ),
    "writing": (
        "stackgui.stores.arrays.file_store:FileStore.write",
        "stackgui.stores.arrays.file_store:FileStore.complete",
        "stackgui.stores.arrays.place:Place.write",
        "stackgui.stores.arrays.array_file:ArrayFile.__init__",
    ),
    "passing on": ("stackgui.engine.running.fill:Filling._write",),
    "keeping in memory": ("stackgui.stores.arrays.memory:MemoryStore.write",),
    "making rows durable": ("stackgui.stores.stack.stack:StackWriter.make_durable",),
    "journal": (
        "stackgui.stores.recovery.journal:Journal.append",
        "stackgui.stores.stack.stack:StackWriter._begin_journal",
    ),
    "manifests and tables": (
        "stackgui.stores.stack.stack:StackWriter.write_tables",
        "stackgui.stores.format.row_lines:lines_of",
    ),
    "publishing": ("stackgui.stores.stack.stack:StackWriter.publish",),
    "progress": (
        "stackgui.engine.running.progress:ProgressMeter.publish",
        "stackgui.engine.running.fill:Filling.check",
        "stackgui.engine.scanning.tally:Tally.check",
    ),
    "before the first row": ("stackgui.core.advice.estimate:estimate",),
}
"""What is clocked: the parts of all work, and the functions in which each of them happens."""

FOLDER = "STACKGUI_CLOCKED"
"""Variable that names the folder in which workers leave their sums."""

_CALIBRATING = "calibrating"
_CALIBRATIONS = 20_000


@dataclass(slots=True)
class Sums:
    """Nanoseconds by part, how often each part was entered, and the processor time of the whole process."""

    ns: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    process_ns: int = 0

    def minus(self, before: Sums) -> Sums:
        """What was added since `before`."""
        ns, calls = Counter(self.ns), Counter(self.calls)
        ns.subtract(before.ns)
        calls.subtract(before.calls)
        return Sums(ns, calls, self.process_ns - before.process_ns)

    def plus(self, other: Sums) -> Sums:
        """The sums of both."""
        ns, calls = Counter(self.ns), Counter(self.calls)
        ns.update(other.ns)
        calls.update(other.calls)
        return Sums(ns, calls, self.process_ns + other.process_ns)


class Clock:
    """Clocks functions in this process; each thread by itself."""

    def __init__(self, store: Path | None = None) -> None:
        self.sums = Sums()
        self._store = store
        self._thread = threading.local()
        self._inside_ns = self._outside_ns = 0
        self._calibrate()

    def _calibrate(self) -> None:
        """Find what clocking a call adds to its own time, and to that of the call around it."""
        call = self.clocked(_CALIBRATING, _nothing)
        begin = time.thread_time_ns()
        for _ in range(_CALIBRATIONS):
            _nothing()
        plain_ns = time.thread_time_ns() - begin
        begin = self._enter()
        for _ in range(_CALIBRATIONS):
            call()
        self._thread.inner_ns.clear()
        whole_ns = time.thread_time_ns() - begin
        inside_ns = self.sums.ns.pop(_CALIBRATING)
        self._inside_ns = max(inside_ns - plain_ns // 2, 0) // _CALIBRATIONS
        self._outside_ns = (whole_ns - inside_ns - plain_ns // 2) // _CALIBRATIONS
        self.sums = Sums()

    def clocked(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function`, clocked; if it is a generator or returns an iterator, so is every step of that."""

        @functools.wraps(function)
        def clocked(*arguments: Any, **named: Any) -> Any:
            begin = self._enter()
            try:
                result = function(*arguments, **named)
            finally:
                self._leave(part, begin)
            return self._each(part, result) if isinstance(result, Iterator) else result

        return clocked

    def _each(self, part: str, items: Iterator[Any]) -> Iterator[Any]:
        while True:
            begin = self._enter()
            try:
                item = next(items)
            except StopIteration:
                return
            finally:
                self._leave(part, begin)
            yield item

    def _enter(self) -> int:
        try:
            self._thread.inner_ns.append(0)
        except AttributeError:
            self._thread.inner_ns = [0]
        return time.thread_time_ns()

    def _leave(self, part: str, begin: int) -> None:
        spent_ns = time.thread_time_ns() - begin
        around = self._thread.inner_ns
        self.sums.ns[part] += spent_ns - around.pop() - self._inside_ns
        self.sums.calls[part] += 1
        if around:
            around[-1] += spent_ns + self._outside_ns
        elif self._store is not None and threading.current_thread() is threading.main_thread():
            self.sums.process_ns = time.process_time_ns()
            _write(self._store, self.sums)

    @property
    def now(self) -> Sums:
        """The sums so far, with the processor time of this process."""
        return Sums(Counter(self.sums.ns), Counter(self.sums.calls), time.process_time_ns())

    def overhead_ns(self, sums: Sums) -> int:
        """What the clocking of `sums` took by itself."""
        return sum(sums.calls.values()) * (self._inside_ns + self._outside_ns)

    def install(self, parts: Mapping[str, Iterable[str]]) -> None:
        """Replace the functions of `parts` wherever they are known."""
        for part, names in parts.items():
            for name in names:
                self._replace(part, name)

    def _replace(self, part: str, name: str) -> None:
        module_name, _, path = name.partition(":")
        if module_name == SIMD_MODULE and not has_simd():
            return
        *owners, last = path.split(".")
        owner = importlib.import_module(module_name)
        for each in owners:
            owner = getattr(owner, each)
        stated = inspect.getattr_static(owner, last)
        if isinstance(stated, classmethod):
            setattr(owner, last, classmethod(self.clocked(part, stated.__func__)))
            return
        function = getattr(owner, last)
        clocked = self.clocked(part, function)
        setattr(owner, last, clocked)
        if owners:
            return
        for module in [each for each in sys.modules.values() if each.__name__.startswith("stackgui.")]:
            for known in [known for known, value in vars(module).items() if value is function]:
                setattr(module, known, clocked)


def _nothing() -> None:
    pass


def begin(limits: Limits, gives_way: bool) -> None:  # noqa: FBT001 - as a pool calls it
    """Prepare a worker as always, and clock it."""
    worker_process.begin(limits, gives_way)
    clock = Clock(Path(os.environ[FOLDER]) / f"{os.getpid()}.json")
    clock.install(PARTS)


def clock_workers(folder: Path) -> None:
    """Have all workers that are started from now on clocked, which leave their sums in `folder`."""
    os.environ[FOLDER] = str(folder)
    worker_process.begin = begin


def of_workers(folder: Path) -> Sums:
    """The sums of all workers together."""
    together = Sums()
    for file in folder.glob("*.json"):
        found = json.loads(file.read_text("utf-8"))
        together = together.plus(Sums(Counter(found["ns"]), Counter(found["calls"]), found["process_ns"]))
    return together


def _write(file: Path, sums: Sums) -> None:
    text = json.dumps({"ns": sums.ns, "calls": sums.calls, "process_ns": sums.process_ns})
    new = file.with_suffix(".new")
    new.write_text(text, "utf-8")
    new.replace(file)
