"""What grows with the number of samples: bytes and seconds for each step of a plan of made-up samples.

python -m tests.benchmarks.scale STEP SAMPLES FOLDER

Each step runs in a process of its own, so that its peak is its own.
"""

from __future__ import annotations

import json
import pickle
import sys
import threading
import time
from collections.abc import Callable, Iterator
from enum import Enum, auto
from pathlib import Path
from typing import Any, Self

import numpy as np

from stackgui.core.base.cancellation import UNWATCHED, Progress
from stackgui.core.base.choices import Fit
from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.size import Size
from stackgui.core.catalog.archive_location import ArchiveLocation
from stackgui.core.catalog.catalog import Catalog, Header, unknown
from stackgui.core.catalog.scan_options import DEFAULT
from stackgui.core.catalog.skipped import Skipped
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.plan import manifest_form
from stackgui.core.plan.growth import Growth, grown
from stackgui.core.plan.mask_form import left_out
from stackgui.core.plan.part import part_of
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.resolve import resolve
from stackgui.core.plan.same_pictures import maybe_same
from stackgui.core.run.row_results import RowResults
from stackgui.engine.scanning.catalog_builder import CatalogBuilder
from stackgui.engine.scanning.chunk import Chunk
from stackgui.engine.scanning.probing import Probe, Probed
from stackgui.engine.sources.sources import Source, SourceKind
from stackgui.stores.format.header import header_json
from stackgui.stores.format.manifest_look import ManifestLook
from stackgui.stores.format.plan_file import PLAN_FILE, open_plan, save_plan
from stackgui.stores.format.tables import MANIFEST_FILES, write_tables
from stackgui.stores.stack.reader import Stack
from stackgui.stores.stack.retry import StackRewriter
from stackgui.stores.stack.update import finished_stack
from stackgui.stores.stack.verify import Verify
from tests.benchmarks.measuring import Bench, Row
from tests.benchmarks.programs import printed

SAMPLES = (100_000, 1_000_000)
"""Ten million take minutes; docs/scale.md says how they are measured."""

BATCH_FILES = 2048
"""Files in a batch of a scan."""

TASK_ROWS = 4000
"""Rows of a task of some seconds."""

NAME = b"photographs/class_000/2023-07/IMG_20230714_00000000.jpg"
CLASSES, SIZES, FOLDER_FILES = 1000, 5000, 1000
POLL_S = 0.01

SHOWN_ROWS = 50

OPTIONS = Options(split=Split.parse("80/10/10"))

SMALL = Options(split=OPTIONS.split, size=Size.exact(2, 2), fit=Fit.STRETCH)
"""Rows so small that ten million of them are a file of an ordinary size."""


class Form(Enum):
    """The two forms of a manifest."""

    TEXT = auto()
    COLUMNS = auto()

    @property
    def most_listed(self) -> int:
        """Rows up to which a manifest is text, so that it has this form."""
        return sys.maxsize if self is Form.TEXT else 0

    def folder(self, beside: Path) -> Path:
        """Return the folder of the stack whose manifest has this form."""
        return beside.with_suffix(f".{self.name.lower()}")


def made_up(samples: int) -> Catalog:
    """A catalog of photographs in a thousand folders, of which each has its own name, size and time."""
    random = np.random.default_rng(0)
    sizes = random.integers(300, 1200, (SIZES, 2), np.int32)
    height, width = (side[random.integers(0, SIZES, samples, np.int32)] for side in sizes.T)
    texts = {
        "format": Coded(random.integers(0, 2, samples, np.int32), ("jpeg", "png")),
        "problem": Coded((random.random(samples, np.float32) < 0.001).astype(np.int32), ("", "damaged")),
        "dtype": Coded.constant("uint8", samples),
    }
    is_sound = 1 - texts["problem"].codes  # of what has no header that can be read no size is known
    return Catalog(
        sources=("/pictures",),
        folders=("/pictures",),
        archives=(),
        path=_paths(0, samples),
        inside=ArchiveLocation.none_of(samples),
        skipped=Skipped.nothing(),
        **{
            **unknown(samples),
            **texts,
            "source": np.broadcast_to(np.int32(0), samples),
            "height": height * is_sound,
            "width": width * is_sound,
            "channels": np.where(random.random(samples, np.float32) < 0.02, 1, 3).astype(np.int32),
            "file_bytes": random.integers(10_000, 200_000, samples),
            "mtime_ns": 1_600_000_000 * 10**9 + random.integers(0, 10**16, samples),
        },
    )


def _paths(begin: int, count: int) -> Paths:
    names = np.empty((count, len(NAME)), np.uint8)
    names[:] = np.frombuffer(NAME, np.uint8)
    number = np.arange(begin, begin + count)
    for digit in range(8):
        names[:, NAME.index(b".jpg") - 1 - digit] += (number // 10**digit % 10).astype(np.uint8)
    folder = number // FOLDER_FILES % CLASSES
    for digit in range(3):
        names[:, NAME.index(b"/2023") - 1 - digit] += (folder // 10**digit % 10).astype(np.uint8)
    return Paths(names.tobytes(), np.arange(1, count + 1) * len(NAME))


class Watched:
    """Seconds and most memory of what runs within, without what there was before.

    Attributes
    ----------
    seconds, processor_s : float
        As the clock counts them, and those of the processor alone.
    own_bytes, left_bytes : int
        Memory that is the process's own, at most and at the end; that of mapped files is the system's, which
        takes it back at will.
    """

    def __enter__(self) -> Self:
        self.seconds, self.processor_s, self.own_bytes, self.left_bytes = 0.0, 0.0, 0, 0
        self._ends = threading.Event()
        self._before = _own_bytes()
        self._thread = threading.Thread(target=self._poll)
        self._thread.start()
        self._start = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_error: object) -> None:
        start, started_s = self._start
        self.seconds, self.processor_s = time.perf_counter() - start, time.process_time() - started_s
        self._ends.set()
        self._thread.join()
        self._take()
        self.left_bytes = _own_bytes() - self._before

    def _take(self) -> None:
        self.own_bytes = max(self.own_bytes, _own_bytes() - self._before)

    def _poll(self) -> None:
        while not self._ends.wait(POLL_S):
            self._take()


def _own_bytes() -> int:
    text = Path("/proc/self/status").read_text()
    lines = dict(line.split(":", 1) for line in text.splitlines())
    return int(lines["RssAnon"].split()[0]) * 1024


Step = Callable[[int, Path], tuple[Callable[[], Any], Callable[[Any], int]]]
"""Prepares a step, and returns what is measured and what counts the bytes of its result."""


def _nothing(_made: object) -> int:
    return 0


def _files(folder: Path) -> Callable[[object], int]:
    return lambda _made: sum(file.stat().st_size for file in folder.iterdir())


def _catalog(samples: int, _folder: Path) -> tuple[Callable[[], Any], Callable[[Any], int]]:
    return lambda: made_up(samples), _catalog_bytes


def _scan(samples: int, _folder: Path) -> tuple[Callable[[], Any], Callable[[Any], int]]:
    """What workers return about made-up samples, one batch after the other, becomes a catalog."""

    def task() -> Catalog:
        builder = CatalogBuilder((Source("/pictures", "/pictures", SourceKind.FOLDER),))
        for begin in range(0, samples, BATCH_FILES):
            builder.add((0, begin, 0), _batch(begin, min(BATCH_FILES, samples - begin)))
        return builder.catalog((), DEFAULT)

    return task, _catalog_bytes


def _batch(begin: int, count: int) -> Chunk:
    sizes = np.random.default_rng(0).integers(300, 1200, (SIZES, 2))
    sides = sizes[np.random.default_rng(begin).integers(0, SIZES, count)].tolist()
    entries = [
        [Probe.of_header(10_000 + begin + row, 10**18 + begin + row, Header("jpeg", high, wide, 3, "uint8"))]
        for row, (high, wide) in enumerate(sides)
    ]
    return Chunk(
        source=np.zeros(count, np.int32),
        path=_paths(begin, count),
        probed=Probed.of(entries),
        inside=ArchiveLocation.none_of(count),
        label=Coded.from_values([""] * count),
        split=Coded.from_values([""] * count),
        line=np.full(count, -1, np.int32),
    )


def _catalog_bytes(catalog: Catalog) -> int:
    arrays = [catalog.path.ends, *(getattr(catalog, name) for name in ("source", "height", "width"))]
    arrays += [catalog.channels, catalog.orientation, catalog.file_bytes, catalog.mtime_ns]
    arrays += [catalog.format.codes, catalog.problem.codes]
    return len(catalog.path.data) + sum(each.nbytes for each in arrays if each.strides != (0,))


def _resolve(samples: int, _folder: Path) -> tuple[Callable[[], Any], Callable[[Any], int]]:
    catalog = made_up(samples)
    return lambda: resolve(OPTIONS, catalog), _nothing


def _plan(samples: int) -> Plan:
    return resolve(OPTIONS, made_up(samples))


def _fingerprint(samples: int, _folder: Path) -> tuple[Callable[[], Any], Callable[[Any], int]]:
    plan = _plan(samples)
    return lambda: plan.fingerprint, _nothing


def _save(samples: int, folder: Path) -> tuple[Callable[[], Any], Callable[[Any], int]]:
    plan = _plan(samples)
    plan.fingerprint  # noqa: B018 - is a step of its own
    folder.mkdir()
    return lambda: save_plan(plan, str(folder / PLAN_FILE)), _files(folder)


def _open(_samples: int, folder: Path) -> tuple[Callable[[], Any], Callable[[Any], int]]:
    return lambda: open_plan(str(folder / PLAN_FILE)), _nothing


def _part(_samples: int, folder: Path) -> tuple[Callable[[], Any], Callable[[Any], int]]:
    plan = open_plan(str(folder / PLAN_FILE))
    begin = plan.rows // 2

    def task() -> bytes:
        return pickle.dumps(part_of(plan, 0, begin, min(begin + TASK_ROWS, plan.rows)))

    return task, len


def _manifest(form: Form) -> Step:
    """Write the tables of a stack of very small rows, and its arrays, which have no content."""

    def step(samples: int, folder: Path) -> tuple[Callable[[], Any], Callable[[Any], int]]:
        manifest_form.MOST_LISTED = form.most_listed
        plan = resolve(SMALL, made_up(samples))
        outcomes = RowResults.none_of(plan.rows)
        outcomes.valid[:] = plan.usable[plan.samples]
        outcomes.reason |= dict.fromkeys(np.flatnonzero(~outcomes.valid).tolist(), "damaged")
        header, stack = header_json(plan, outcomes, {}), form.folder(folder)
        stack.mkdir()
        for spec in plan.all_arrays:
            np.lib.format.open_memmap(stack / spec.file, "w+", spec.dtype, spec.shape)

        def size(_made: object) -> int:
            return sum((stack / name).stat().st_size for name in MANIFEST_FILES if (stack / name).exists())

        def task() -> None:
            write_tables(lambda name: str(stack / name), plan, outcomes, header, UNWATCHED)

        return task, size

    return step


def _retry(form: Form) -> Step:
    """What a retry opens before it looks at a single picture."""
    return lambda _samples, folder: (
        lambda: StackRewriter.open(str(form.folder(folder)), {}).abandon(),
        _nothing,
    )


def _update(form: Form) -> Step:
    """What an update opens, and compares with a scan that found the same files."""

    def step(samples: int, folder: Path) -> tuple[Callable[[], Any], Callable[[Any], int]]:
        now = made_up(samples)

        def task() -> Growth:
            with finished_stack(str(form.folder(folder))) as found:
                valid = found.outcomes.valid
                maybe_same(found.plan, valid, now, ~left_out(found.plan.options, now))
                growth = grown(found.plan, found.made_rows, valid, now)
            assert growth.is_nothing
            return growth

        return task, _nothing

    return step


def _verify(form: Form) -> Step:
    """What a verification compares besides the pixels."""

    class Tables(Verify):
        def _check_rows(self, stack: Stack, progress: Progress) -> None:
            """Leave the pixels out, of which there are none."""

    def step(_samples: int, folder: Path) -> tuple[Callable[[], Any], Callable[[Any], int]]:
        found = Tables(str(form.folder(folder)))

        def task() -> None:
            found.check(UNWATCHED)
            assert not found.damage, found.damage[0]

        return task, _nothing

    return step


def _look(form: Form) -> Step:
    """What the window asks of the rows on its screen, at a hundred places."""

    def step(samples: int, folder: Path) -> tuple[Callable[[], Any], Callable[[Any], int]]:
        look = ManifestLook(str(form.folder(folder)), samples)
        begins = np.random.default_rng(1).integers(0, samples - SHOWN_ROWS, 100).tolist()

        def task() -> None:
            for begin in begins:
                look.lines(range(begin, begin + SHOWN_ROWS))

        return task, _nothing

    return step


STEPS: dict[str, Step] = {
    "catalog": _catalog,
    "scan": _scan,
    "resolve": _resolve,
    "fingerprint": _fingerprint,
    "save": _save,
    "open": _open,
    "part for a task": _part,
    **{
        f"{name}, {form.name.lower()}": step(form)
        for form in Form
        for name, step in {
            "write tables": _manifest,
            "retry": _retry,
            "verify": _verify,
            "look": _look,
        }.items()
    },
}

BY_HAND: dict[str, Step] = {"update, columns": _update(Form.COLUMNS)}
"""Steps that take too long to be a part of the whole benchmark."""

SIZED = ("catalog", "save", *(f"write tables, {form.name.lower()}" for form in Form))
"""The steps whose result has a size for each row."""

SLOW = tuple(name for name in STEPS if name.endswith(", text"))
"""Measured of the lesser number only, since of a million rows they take a minute and a half."""


def scale(bench: Bench) -> Iterator[Row]:
    """Bytes and seconds of every step, at two numbers of samples."""
    for samples in (1000,) if bench.quick else SAMPLES:
        folder = bench.folder / f"plan-{samples}"
        for name in STEPS if samples < SAMPLES[-1] else [each for each in STEPS if each not in SLOW]:
            bench.step(f"{samples:,} samples: {name}")
            found = printed("tests.benchmarks.scale", name, str(samples), str(folder))
            work = f"{samples:,} made-up samples: {name}"
            size = f"{found['bytes'] / samples:.1f} B a row" if name in SIZED else ""
            yield Row(work, "taken", found["seconds"], None, unit="s", note=size)
            yield Row(work, "a row of memory of its own", found["own_bytes"] / samples, None, unit="B")


def main() -> None:
    """Measure one step, and print what was found."""
    name, samples, folder = sys.argv[1:]
    measured, size = {**STEPS, **BY_HAND}[name](int(samples), Path(folder))
    with Watched() as watched:
        made = measured()
    found = {
        "seconds": watched.seconds,
        "processor_s": watched.processor_s,
        "own_bytes": watched.own_bytes,
        "left_bytes": watched.left_bytes,
        "bytes": size(made),
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
