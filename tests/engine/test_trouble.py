"""A disk that fills up or fails while a conversion goes on."""

import contextlib
import errno
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Storage
from stackgui.core.base.errors import Cancelled, StoreError
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.engine import Control
from stackgui.stores.files import durable, failures
from tests.engine.running.test_resume import contents

MIB = 2**20
ROWS = 120


class WithHelp(Control[FillProgress]):
    """Does something when enough rows are done, and something when the run is in trouble."""

    def __init__(self, rows, action, help_out) -> None:
        self._rows, self._action, self._help = rows, action, help_out
        self._before = ""
        self.troubles: list[str] = []
        super().__init__()

    def publish(self, snapshot: FillProgress) -> None:
        super().publish(snapshot)
        if snapshot.rows_done >= self._rows and self._action:
            action, self._action = self._action, None
            action()
        before, self._before = self._before, snapshot.trouble
        if snapshot.trouble and not before:
            assert snapshot.phase is Phase.PAUSED
            self.troubles.append(snapshot.trouble)
            # From another thread, as the person's answer comes.
            threading.Timer(0.05, self._answer).start()

    def _answer(self) -> None:
        self._help(self)


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr("stackgui.core.run.batches.MAX_BATCH_ROWS", 4)
    monkeypatch.setattr("stackgui.engine.running.progress.PUBLISH_S", 0.0)
    monkeypatch.setattr("stackgui.engine.running.pause_on_error.LOOK_S", 0.0)


@pytest.fixture
def plan(tmp_path, scan):
    """One very tall picture and many small ones: more than half is padding, so that no space is reserved."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    random = np.random.default_rng(5)
    Image.fromarray(random.integers(0, 256, (900, 3, 3), np.uint8)).save(folder / "0.png")
    for index in range(1, ROWS):
        Image.fromarray(random.integers(0, 256, (200, 200, 3), np.uint8)).save(folder / f"{index}.png")
    return resolve(Options(), scan(folder))


@pytest.fixture
def whole(plan, engine, tmp_path) -> Path:
    engine.convert(plan, RunOptions(str(tmp_path / "whole")), Control())
    return tmp_path / "whole"


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 200 MiB; skipped where the rights to mount one are missing."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a file system is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill_up(folder: Path, leave_bytes: int = 0) -> None:
    with open(folder / "filler", "wb") as file:
        # Again, because the run may be writing meanwhile.
        while (free := shutil.disk_usage(folder).free - leave_bytes) > 0:
            with contextlib.suppress(OSError):
                os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, free)


@pytest.mark.parametrize("storage", [Storage.FILE, Storage.MEMORY])
@pytest.mark.parametrize("leave_bytes", [0, MIB])
def test_a_disk_that_fills_up_pauses_the_run(
    plan, whole, engine, small_disk, monkeypatch, storage, leave_bytes
):
    monkeypatch.setattr(failures, "LOW_BYTES", 0)

    def make_room(control):
        (small_disk / "filler").unlink()
        control.resume()

    control = WithHelp(20, lambda: fill_up(small_disk, leave_bytes), make_room)
    run = RunOptions(str(small_disk / "out"), storage=storage, pause_on_trouble=True)
    engine.convert(plan, run, control)
    assert len(control.troubles) == 1
    assert re.search("is full .* are still to be written", control.troubles[0])
    assert str(small_disk) in control.troubles[0]
    assert contents(small_disk / "out") == contents(whole)


def test_it_pauses_again_when_nothing_was_done_about_it(plan, whole, engine, small_disk, monkeypatch):
    monkeypatch.setattr(failures, "LOW_BYTES", 0)
    answers = []

    def answer(control):
        answers.append(0)
        if len(answers) == 3:
            (small_disk / "filler").unlink()
        control.resume()

    control = WithHelp(20, lambda: fill_up(small_disk), answer)
    engine.convert(
        plan, RunOptions(str(small_disk / "out"), storage=Storage.FILE, pause_on_trouble=True), control
    )
    assert len(answers) >= 3
    assert contents(small_disk / "out") == contents(whole)


def test_cancelling_while_it_waits_keeps_what_is_done(plan, whole, engine, small_disk, monkeypatch):
    monkeypatch.setattr(failures, "LOW_BYTES", 0)
    control = WithHelp(20, lambda: fill_up(small_disk), lambda control: control.cancel())
    run = RunOptions(str(small_disk / "out"), storage=Storage.FILE, pause_on_trouble=True)
    with pytest.raises(Cancelled):
        engine.convert(plan, run, control)
    (small_disk / "filler").unlink()
    engine.convert(plan, RunOptions(str(small_disk / "out"), unfinished=IfUnfinished.RESUME), Control())
    assert contents(small_disk / "out") == contents(whole)


def test_headless_it_ends_and_can_be_resumed(plan, whole, engine, small_disk, monkeypatch):
    monkeypatch.setattr(failures, "LOW_BYTES", 0)
    monkeypatch.setattr("stackgui.engine.running.checkpoints.CHECKPOINT_S", 0.0)
    control = WithHelp(40, lambda: fill_up(small_disk), None)
    with pytest.raises(StoreError, match="is full"):
        engine.convert(plan, RunOptions(str(small_disk / "out"), storage=Storage.FILE), control)
    assert engine.unfinished(str(small_disk / "out")).rows_done > 0
    (small_disk / "filler").unlink()
    report = engine.resume(str(small_disk / "out.partial"), Control())
    assert report.resumed_rows > 0
    assert contents(small_disk / "out") == contents(whole)


def test_low_space_pauses_before_it_is_used_up(plan, whole, engine, small_disk):
    def make_room(control):
        (small_disk / "filler").unlink()
        control.resume()

    control = WithHelp(20, lambda: fill_up(small_disk, 20 * MIB), make_room)
    engine.convert(plan, RunOptions(str(small_disk / "out"), pause_on_trouble=True), control)
    assert "is nearly full" in control.troubles[0]
    told = r"up to ([0-9.]+) MB are still to be written.* ([0-9.]+) MB more are enough"
    still = re.search(told, control.troubles[0])
    assert still, control.troubles[0]
    assert float(still[2]) > float(still[1]), "more than the least that lets it go on"
    assert contents(small_disk / "out") == contents(whole)


@pytest.mark.parametrize("step", ["sync_file", "sync_folder"])
def test_a_disk_that_reports_a_fault_pauses_the_run_wherever_it_happens(
    plan, whole, engine, tmp_path, monkeypatch, step
):
    """Every call that makes something durable fails once."""
    monkeypatch.setattr("stackgui.engine.running.checkpoints.CHECKPOINT_S", 0.0)
    failed = []

    def faulty(sync):
        return lambda descriptor: fault(descriptor) or sync(descriptor)

    def fault(descriptor):
        name = os.readlink(f"/proc/self/fd/{descriptor}")
        if name not in failed and os.path.isdir(name) == (step == "sync_folder"):
            failed.append(name)
            raise OSError(errno.EIO, "Input/output error")

    control = WithHelp(ROWS + 1, None, lambda control: control.resume())
    for name in ("fsync", "fdatasync"):
        monkeypatch.setattr(durable.os, name, faulty(getattr(os, name)))
    engine.convert(
        plan, RunOptions(str(tmp_path / "out"), storage=Storage.FILE, pause_on_trouble=True), control
    )
    monkeypatch.undo()
    assert len(failed) >= (2 if step == "sync_folder" else 6)
    assert contents(tmp_path / "out") == contents(whole)
