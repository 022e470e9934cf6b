"""What a power cut leaves at every point where something is made durable is resumed with nothing lost.

One run is watched. Whenever it asks the system to make something durable, a picture of the disk is taken as a
power cut in that moment would leave it: of every file what was last made durable, and of the pages that were
written since some and others not; names that were not made durable may be missing.
"""

import os
import random
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Storage
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.engine import Control
from stackgui.engine.running.checkpoints import Checkpoints
from stackgui.stores.recovery.folder import MARKER
from stackgui.stores.recovery.journal import read_journal
from tests.engine.running.test_resume import contents

PAGE_BYTES = 512
ROWS = 40

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs the names of open files")


class Disk:
    """The folder of a run as it is, as it is known to be durable, and pictures of what a cut would leave."""

    def __init__(self, folder: Path, cuts: Path) -> None:
        self._folder, self._cuts = folder, cuts
        self._durable: dict[str, bytes] = {}
        self._names: set[str] = set()
        self._random = random.Random(3)
        self._one_by_one = threading.Lock()
        self.cuts: list[Path] = []

    def watch(self, sync: Callable[[int], None]) -> Callable[[int], None]:
        """Wrap a function of the system that makes something durable."""

        def watched(descriptor: int) -> None:
            with self._one_by_one:
                self._sync(descriptor, sync)

        return watched

    def _sync(self, descriptor: int, sync: Callable[[int], None]) -> None:
        name = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        if self._folder.is_dir():
            self._take_picture()
        sync(descriptor)
        if name == self._folder:
            self._names = set(os.listdir(name))
        elif name.parent == self._folder:
            self._durable[name.name] = name.read_bytes()

    def _take_picture(self) -> None:
        target = self._cuts / f"{len(self.cuts)}.partial"
        target.mkdir()
        for entry in self._folder.iterdir():
            if entry.name in self._names or entry.name == MARKER or self._random.random() < 0.5:
                (target / entry.name).write_bytes(self._torn(entry))
        self.cuts.append(target)

    def _torn(self, file: Path) -> bytes:
        now, then = file.read_bytes(), self._durable.get(file.name, b"")
        length = self._random.choice([len(now), len(then)]) if len(now) >= len(then) else len(now)
        then = then.ljust(len(now), b"\0")
        pages = range(0, length, PAGE_BYTES)
        torn = b"".join(self._random.choice([now, then])[page : page + PAGE_BYTES] for page in pages)
        return torn[:length]


@pytest.fixture
def plan(tmp_path, scan, monkeypatch):
    monkeypatch.setattr("stackgui.core.run.batches.MAX_BATCH_ROWS", 4)
    add = Checkpoints.add

    def add_and_finish(self, rows, written_bytes):
        add(self, rows, written_bytes)
        self.finish()

    monkeypatch.setattr(Checkpoints, "add", add_and_finish)
    folder = tmp_path / "pictures"
    folder.mkdir()
    made = np.random.default_rng(1)
    for index in range(ROWS):
        Image.fromarray(made.integers(0, 256, (20, 10 + index % 7, 3), np.uint8)).save(
            folder / f"{index}.png"
        )
    (folder / "7.png").write_bytes((folder / "7.png").read_bytes()[:200])
    return resolve(Options(), scan(folder))


@pytest.mark.parametrize("storage", [Storage.FILE, Storage.MEMORY])
def test_every_power_cut_is_survived(plan, engine, tmp_path, monkeypatch, storage):
    whole, out = tmp_path / "whole", tmp_path / "watched"
    (tmp_path / "cuts").mkdir()
    engine.convert(plan, RunOptions(str(whole)), Control())
    disk = Disk(out.with_name("watched.partial"), tmp_path / "cuts")
    with monkeypatch.context() as patch:
        for name in ("fsync", "fdatasync"):
            patch.setattr(os, name, disk.watch(getattr(os, name)))
        engine.convert(plan, RunOptions(str(out), storage=storage), Control())
    assert len(disk.cuts) > 20
    resumed = 0
    for cut in disk.cuts:
        destination = cut.with_suffix("")
        journal = read_journal(str(cut / "journal"))
        run = RunOptions(str(destination), storage=storage, unfinished=IfUnfinished.RESUME)
        report = engine.convert(plan, run, Control())
        assert contents(destination) == contents(whole)
        told = sum(map(len, journal.rows)) if journal else 0
        assert report.resumed_rows == told  # what the journal tells of was durable before
        resumed += told > 0
        shutil.rmtree(destination)
    assert resumed > 10
