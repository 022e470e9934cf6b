"""Workers that are killed from outside, one or all at once, as a system that is short of memory does."""

import threading

import numpy as np
import psutil
import pytest
from PIL import Image

from stackgui.core.base.errors import RunError
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.progress import FillProgress
from stackgui.core.run.report import Status
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from stackgui.engine.workers import dispatch
from tests.engine.running.test_resume import contents

ROWS = 80

pytestmark = pytest.mark.skipif(psutil.WINDOWS, reason="Windows has no such signal")


def workers() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        try:
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
        except psutil.NoSuchProcess:
            continue
    return found


class Killer(Control[FillProgress]):
    """Kills all workers when enough rows are done: once, or as often as they come."""

    def __init__(self, rows: int, others: list[psutil.Process], *, again: bool) -> None:
        super().__init__()
        self._rows, self._others, self._again = rows, others, again
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._kill)
        self.killed: set[int] = set()

    def publish(self, snapshot: FillProgress) -> None:
        super().publish(snapshot)
        if snapshot.rows_done >= self._rows and not self._thread.ident:
            self._thread.start()

    def _kill(self) -> None:
        while not self._stop.wait(0.002):
            for worker in workers():
                if worker not in self._others:
                    worker.kill()
                    self.killed.add(worker.pid)
            if not self._again:
                return

    def end(self) -> None:
        self._stop.set()
        self._thread.join()


@pytest.fixture
def plan(tmp_path, scan, monkeypatch):
    monkeypatch.setattr("stackgui.core.run.batches.MAX_BATCH_ROWS", 1)
    monkeypatch.setattr("stackgui.engine.running.progress.PUBLISH_S", 0.0)
    monkeypatch.setattr(dispatch, "STUCK_S", 8.0)
    # A worker that is killed in its turn at the pool's pipe leaves nobody who answers.
    monkeypatch.setattr("stackgui.engine.running.source_monitor.LIMIT_S", 1.0)
    monkeypatch.setattr("stackgui.engine.running.source_monitor.STUCK_S", 1.0)
    folder = tmp_path / "pictures"
    folder.mkdir()
    random = np.random.default_rng(5)
    for index in range(ROWS):
        Image.fromarray(random.integers(0, 256, (300, 200 + index, 3), np.uint8)).save(
            folder / f"{index}.png"
        )
    return resolve(Options(), scan(folder))


@pytest.fixture
def whole(plan, engine, tmp_path):
    engine.convert(plan, RunOptions(str(tmp_path / "whole")), Control())
    return contents(tmp_path / "whole")


def test_all_workers_killed_once_cost_nothing(plan, whole, tmp_path):
    others = workers()
    with Engine(2) as engine:
        control = Killer(20, others, again=False)
        report = engine.convert(plan, RunOptions(str(tmp_path / "out")), control)
        control.end()
    assert len(control.killed) >= 2
    assert report.status is Status.COMPLETE
    assert contents(tmp_path / "out") == whole


def test_workers_that_are_killed_as_often_as_they_come_end_the_run_and_it_is_resumed(
    plan, whole, engine, tmp_path
):
    others = workers()
    with Engine(2) as doomed:
        control = Killer(20, others, again=True)
        with pytest.raises(RunError, match="keep ending"):
            doomed.convert(plan, RunOptions(str(tmp_path / "out")), control)
        control.end()
    left = engine.unfinished(str(tmp_path / "out"))
    assert 20 <= left.rows_done < ROWS
    assert left.failed == 0
    report = engine.resume(str(tmp_path / "out.partial"), Control())
    assert report.resumed_rows == left.rows_done
    assert contents(tmp_path / "out") == whole
