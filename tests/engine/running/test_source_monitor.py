"""A folder of pictures that goes away, and comes back."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path
from unittest.mock import create_autospec

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Channels, Numbers, Reduce, Storage
from stackgui.core.base.errors import Cancelled, RunError, SourceGoneError
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.progress import ScanProgress
from stackgui.core.run.report import Status
from stackgui.core.run.run_options import IfUnfinished, Limits, RunOptions
from stackgui.engine import Control, Engine
from stackgui.engine.running import source_monitor
from stackgui.engine.running.pause_on_error import PauseOnError
from stackgui.engine.running.progress import ProgressMeter
from stackgui.engine.sources.roots import Root, look_again, roots_of
from stackgui.engine.sources.walk import Folder, Walk
from tests.engine import misbehaving
from tests.engine.running.test_resume import contents
from tests.engine.test_trouble import WithHelp

ROWS = 60
LOOKS = 10


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr("stackgui.core.run.batches.MAX_BATCH_ROWS", 2)
    monkeypatch.setattr("stackgui.engine.running.progress.PUBLISH_S", 0.0)
    monkeypatch.setattr("stackgui.engine.running.source_monitor.LOOK_S", 0.0)


def mount(*words: object) -> None:
    command = ["mount", *map(str, words)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a file system is not allowed here")


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


class Moved:
    """A folder that is moved and comes back."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._elsewhere = folder, folder.with_name("elsewhere")

    def go(self) -> None:
        self._folder.rename(self._elsewhere)

    def come_back(self) -> None:
        self._elsewhere.rename(self._folder)


class Unmounted:
    """A file system that is unmounted, and comes back under another number, as a network's does."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._copy, self._other = folder, folder.with_name("copy"), folder.with_name("other")
        shutil.copytree(folder, self._copy)
        self._other.mkdir()
        mount("-t", "tmpfs", "tmpfs", folder)
        shutil.copytree(self._copy, folder, dirs_exist_ok=True)

    def go(self) -> None:
        shutil.rmtree(self._folder / "nothing", ignore_errors=True)
        unmount(self._folder)
        shutil.rmtree(self._folder)
        self._folder.mkdir()
        mount("-t", "tmpfs", "tmpfs", self._other)  # takes the number that has become free

    def come_back(self) -> None:
        mount("-t", "tmpfs", "tmpfs", self._folder)
        shutil.copytree(self._copy, self._folder, dirs_exist_ok=True)

    def end(self) -> None:
        for folder in (self._folder, self._other):
            while os.path.ismount(folder):
                unmount(folder)


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "pictures"
    random = np.random.default_rng(5)
    for index in range(ROWS):
        path = made / ("cat" if index % 2 else "dog") / f"{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 256, (100, 90 + index, 3), np.uint8)).save(path)
    return made


@pytest.fixture(params=[Moved, Unmounted])
def disk(request, folder):
    made = request.param(folder)
    yield made
    if isinstance(made, Unmounted):
        made.end()


@pytest.fixture
def plan(disk, folder, scan):
    return resolve(Options(), scan(folder))


@pytest.fixture
def whole(plan, engine, tmp_path) -> dict[str, bytes]:
    engine.convert(plan, RunOptions(str(tmp_path / "whole")), Control())
    return contents(tmp_path / "whole")


def test_the_run_rests_and_goes_on_by_itself(disk, folder, plan, whole, engine, tmp_path):
    control = WithHelp(10, disk.go, lambda _control: disk.come_back())
    report = engine.convert(plan, RunOptions(str(tmp_path / "out"), pause_on_trouble=True), control)
    assert report.status is Status.COMPLETE
    assert len(control.troubles) == 1
    assert f"{folder} cannot be reached" in control.troubles[0]
    assert contents(tmp_path / "out") == whole


def test_what_is_done_is_durable_while_it_rests(disk, plan, whole, engine, tmp_path):
    found = []

    def look(_control):
        found.append(engine.unfinished(str(tmp_path / "out")))
        disk.come_back()

    control = WithHelp(10, disk.go, look)
    engine.convert(plan, RunOptions(str(tmp_path / "out"), pause_on_trouble=True), control)
    assert found[0].rows_done >= 10
    assert found[0].failed == 0


def test_trying_again_too_early_rests_again(disk, plan, whole, engine, tmp_path):
    answers = []

    def answer(control):
        answers.append(0)
        if len(answers) == 3:
            disk.come_back()
        control.resume()

    control = WithHelp(10, disk.go, answer)
    engine.convert(plan, RunOptions(str(tmp_path / "out"), pause_on_trouble=True), control)
    assert len(answers) >= 3
    assert contents(tmp_path / "out") == whole


def test_it_can_be_cancelled_and_resumed(disk, plan, whole, engine, tmp_path):
    control = WithHelp(10, disk.go, lambda control: control.cancel())
    with pytest.raises(Cancelled):
        engine.convert(plan, RunOptions(str(tmp_path / "out"), pause_on_trouble=True), control)
    disk.come_back()
    assert engine.resume(str(tmp_path / "out.partial"), Control()).resumed_rows >= 10
    assert contents(tmp_path / "out") == whole


@pytest.mark.parametrize("storage", [Storage.FILE, Storage.MEMORY])
def test_headless_it_ends_and_can_be_resumed(disk, folder, plan, whole, engine, tmp_path, storage):
    with pytest.raises(SourceGoneError, match="cannot be reached") as caught:
        engine.convert(plan, RunOptions(str(tmp_path / "out"), storage), WithHelp(10, disk.go, None))
    assert caught.value.folder == str(folder)
    assert engine.unfinished(str(tmp_path / "out")).failed == 0
    disk.come_back()
    report = engine.convert(
        plan, RunOptions(str(tmp_path / "out"), unfinished=IfUnfinished.RESUME), Control()
    )
    assert report.resumed_rows >= 10
    assert contents(tmp_path / "out") == whole


def test_a_folder_that_is_away_from_the_start_is_waited_for(disk, plan, whole, engine, tmp_path):
    disk.go()
    control = WithHelp(ROWS + 1, None, lambda _control: disk.come_back())
    engine.convert(plan, RunOptions(str(tmp_path / "out"), pause_on_trouble=True), control)
    assert len(control.troubles) == 1
    assert contents(tmp_path / "out") == whole


def test_it_rests_also_while_all_samples_are_looked_at(folder, scan, engine, tmp_path):
    choices = {"channels": Channels.GREY, "dtype": Numbers.UINT8, "reduce": Reduce.MIN_MAX}
    plan = resolve(Options(**choices), scan(folder))
    engine.convert(plan, RunOptions(str(tmp_path / "whole")), Control())
    disk = Moved(folder)
    control = WithHelp(0, disk.go, lambda _control: disk.come_back())
    engine.convert(plan, RunOptions(str(tmp_path / "out"), pause_on_trouble=True), control)
    assert len(control.troubles) == 1
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


@pytest.mark.parametrize("paused", [True, False])
def test_a_person_who_paused_is_not_overruled(tmp_path, paused):
    """Whether anything still fails once the run is paused, is chance; so the rest itself is looked at."""

    class GoesOnLater(Control):
        looks = 0

        def publish(self, snapshot):
            super().publish(snapshot)
            self.looks += bool(snapshot.trouble)
            if self.looks == LOOKS:
                self.resume()

    control = GoesOnLater()
    if paused:
        control.pause()
    run = RunOptions(str(tmp_path / "out"), pause_on_trouble=True)
    PauseOnError(run, ProgressMeter(control, ROWS)).wait(RunError("away"), "It is away.", lambda: True)
    assert not control.paused
    assert (control.looks == LOOKS) is paused, "it ends by itself only where nobody has paused"


def test_other_folders_and_single_files_are_failures_as_ever(folder, scan, engine, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(folder / "dog", other)
    plan = resolve(Options(), scan(folder, other))
    shutil.rmtree(folder / "cat")
    (other / "0.png").unlink()
    report = engine.convert(plan, RunOptions(str(tmp_path / "out"), pause_on_trouble=True), Control())
    assert {failure.reason for failure in report.failures} == {"the file is no longer there"}
    assert len(report.failures) == ROWS // 2 + 1


def test_a_network_that_hangs_is_away(folder, scan, tmp_path, monkeypatch):
    """A look at it takes longer than a worker may, and so does every picture."""
    monkeypatch.setattr(source_monitor, "LIMIT_S", 0.5)
    monkeypatch.setattr(source_monitor, "look_again", misbehaving.hang)
    with Engine(2, Limits(sample_s=0.5)) as engine:
        plan = resolve(Options(), engine.scan([str(folder)], Control()))
        monkeypatch.setattr("stackgui.engine.workers.tasks.fill_slot", misbehaving.hang)
        with pytest.raises(SourceGoneError, match="cannot be reached"):
            engine.convert(plan, RunOptions(str(tmp_path / "out")), Control())
    assert not os.path.lexists(tmp_path / "out.partial")


# Scanning


class AtFirst(Control[ScanProgress]):
    """Does something when the first files are found."""

    def __init__(self, action) -> None:
        super().__init__()
        self._action = action

    def publish(self, snapshot):
        super().publish(snapshot)
        if snapshot.samples_read and self._action:
            action, self._action = self._action, None
            action()


@pytest.fixture
def many(tmp_path) -> Path:
    made = tmp_path / "many"
    for index in range(2000):
        path = made / f"{index // 500}" / f"{index}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"no picture")
    return made


@pytest.mark.parametrize("how", [Moved, Unmounted])
def test_a_folder_that_goes_away_while_it_is_searched_is_said(many, engine, monkeypatch, how):
    monkeypatch.setattr("stackgui.engine.scanning.scan.FILES_PER_BATCH", 8)
    disk = how(many)
    try:
        with pytest.raises(SourceGoneError, match=f"{many} cannot be reached"):
            engine.scan([str(many)], AtFirst(disk.go))
    finally:
        if isinstance(disk, Unmounted):
            disk.end()


@pytest.mark.parametrize("after", [0, 1])
def test_a_walk_does_not_end_as_if_all_were_well(many, after):
    """The files of a folder come together."""
    walk = Walk([str(many)], follow_links=False, roots=roots_of([str(many)]))
    met = walk.below(Folder(0), sys.maxsize)
    for _ in range(after):
        next(met)
    Moved(many).go()

    def go_on() -> None:
        list(met)
        walk.check_reach()

    with pytest.raises(SourceGoneError):
        go_on()


# Roots


def test_a_folder_mounted_in_a_source_goes_away_alone(folder, scan, engine, tmp_path):
    disk = Unmounted(folder / "cat")
    try:
        assert [root.path for root in roots_of([str(folder)])] == [
            os.fsencode(folder),
            os.fsencode(folder / "cat"),
        ]
        plan = resolve(Options(), scan(folder))
        control = WithHelp(4, disk.go, lambda _control: disk.come_back())
        report = engine.convert(plan, RunOptions(str(tmp_path / "out"), pause_on_trouble=True), control)
    finally:
        disk.end()
    assert report.failures == ()
    assert f"{folder / 'cat'} cannot be reached" in control.troubles[0]


def test_a_name_that_begins_alike_is_another_folder(tmp_path):
    root = Root.at(os.fsencode(tmp_path / "a"))
    assert root.holds(os.fsencode(tmp_path / "a" / "1.png"))
    assert not root.holds(os.fsencode(tmp_path / "ab" / "1.png"))


def test_an_empty_folder_is_away_only_if_it_was_not_empty(tmp_path):
    empty = Root.at(os.fsencode(tmp_path))
    assert not empty.is_away()
    (tmp_path / "1.png").write_bytes(b"")
    full = Root.at(os.fsencode(tmp_path))
    assert not full.is_away()
    assert not empty.is_away()
    (tmp_path / "1.png").unlink()
    assert full.is_away()
    assert full.renewed() == full
    assert look_again(str(tmp_path / "1.png"), [full]).away == str(tmp_path)


def test_a_look_that_nobody_answers_ends(tmp_path, monkeypatch):
    """Workers that are killed while they hold the pool's lock leave a pool that answers nothing."""
    monkeypatch.setattr(source_monitor, "LIMIT_S", 0.1)
    monkeypatch.setattr(source_monitor, "STUCK_S", 0.1)
    asked = []

    class Stuck:
        limits = Limits(sample_s=0.1)

        def submit(self, *task: object) -> Future[None]:
            asked.append(task)
            return Future()

    gauge = create_autospec(ProgressMeter, instance=True)
    patience = create_autospec(PauseOnError, instance=True)
    watched = source_monitor.SourceMonitor([str(tmp_path)], Stuck(), patience, gauge)
    assert not watched.regained(str(tmp_path / "1.png"))
    assert len(asked) == 1
    gauge.check.assert_called()
    patience.wait.assert_not_called()
