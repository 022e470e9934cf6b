"""Running the parts one after the other; one that fails does not keep the rest from running."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

from stackgui.engine import Engine
from tests.benchmarks import likeness, machine
from tests.benchmarks.data import REAL, Pictures
from tests.benchmarks.measuring import Bench, Row
from tests.benchmarks.parts import PARTS
from tests.benchmarks.peers import Peers
from tests.benchmarks.record import Outcome, Record
from tests.benchmarks.terminal import Terminal, say

PREFIX = "stackgui-benchmark-"
FEWEST_ROUNDS = 5
"""Of a run that may go into the documents."""


def run(wanted: argparse.Namespace) -> Record:
    """Run what was asked for, in a temporary folder that is gone afterwards.

    Raises
    ------
    OSError
        There is not enough room, or the folder cannot be written.
    """
    names = list(dict.fromkeys(wanted.only or PARTS))
    needed_gb = 0.1 if wanted.quick else max(PARTS[name].disk_gb for name in names)
    with room(wanted, needed_gb) as folder, _ended_by_terminate():
        found = machine.describe(folder)
        when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        pictures = Pictures(folder, quick=wanted.quick)
        say(machine.in_words(found))
        say(f"{pictures.about}; medians of {wanted.rounds}, {wanted.workers} processes")
        if machine.is_busy(found):
            say(f"Other programs are busy here (load {found['load']}), so expect worse figures.", sys.stderr)
        terminal = Terminal({name: PARTS[name].expected_s for name in names})
        try:
            outcomes = tuple(_run_part(name, wanted, pictures, folder, terminal) for name in names)
        finally:
            terminal.end()
    whole = not (wanted.only or wanted.quick) and wanted.rounds >= FEWEST_ROUNDS
    return Record(found, when, pictures.about, whole, wanted.rounds, wanted.workers, outcomes)


def compare_pictures(wanted: argparse.Namespace) -> Iterator[str]:
    """Compare the made pictures with the real ones that the environment names; yield the lines of a table.

    Raises
    ------
    OSError
        There are no real ones, or there is not enough room.
    """
    if not os.environ.get(REAL):
        raise OSError(f"{REAL} has to name the folder with the real pictures, photos.tar and thumbnails.tar")
    with room(wanted, 1.0) as folder:
        real = Pictures(folder, quick=wanted.quick)
        made = Pictures(folder, quick=wanted.quick, made=True)
        yield from likeness.report(real.photos, made.photos, real.thumbnails, made.thumbnails)


def _run_part(
    name: str, wanted: argparse.Namespace, pictures: Pictures, folder: Path, terminal: Terminal
) -> Outcome:
    part, rows, problem = PARTS[name], list[Row](), ""
    terminal.begin(name, part.title)
    began, stolen_s = time.monotonic(), machine.stolen_s()
    scratch = folder / f"part-{name}"
    scratch.mkdir()
    try:
        # Fresh processes, so that a part that fails leaves nothing behind that the next one has to live with.
        with Peers(wanted.workers) as peers, Engine(wanted.workers) as engine:
            engine.warm_up()
            bench = Bench(
                pictures, engine, peers, scratch, wanted.workers, wanted.rounds,
                quick=wanted.quick, step=terminal.step,
            )  # fmt: skip
            for row in part.run(bench):
                rows.append(row)
                terminal.row(row)
    except Exception:  # noqa: BLE001 - whatever it is, the other parts can still be measured
        problem = traceback.format_exc().strip()
        terminal.problem(f"    {name} ended early: {problem.splitlines()[-1]}. The others go on.")
    shutil.rmtree(scratch, ignore_errors=True)
    seconds = time.monotonic() - began
    stolen = (machine.stolen_s() - stolen_s) / (seconds * (psutil.cpu_count() or 1))
    if stolen >= machine.WORTH_TELLING:
        terminal.problem(f"    Meanwhile {machine.stolen_in_words(stolen)}, which makes figures worse.")
    return Outcome(name, part.title, round(seconds, 1), tuple(rows), problem, round(stolen, 4))


@contextmanager
def room(wanted: argparse.Namespace, needed_gb: float) -> Iterator[Path]:
    """A temporary folder on a disk with so much room, which is the home of the program as well."""
    place = wanted.folder or Path(tempfile.gettempdir())
    free_gb = shutil.disk_usage(place).free / 1e9
    if free_gb < needed_gb:
        raise OSError(
            f"{needed_gb:g} GB are needed for a while, and {place} has {free_gb:.1f} GB free. "
            "Make room, or name a folder on another disk with --folder."
        )
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=place, ignore_cleanup_errors=True) as folder:
        # Neither the person's preferences nor what earlier scans found.
        os.environ |= {name: os.path.join(folder, "home") for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
        yield Path(folder)


@contextmanager
def _ended_by_terminate() -> Iterator[None]:
    """Let the request to end (SIGTERM) clean up, as Ctrl+C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
