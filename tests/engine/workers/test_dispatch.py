import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import Future

import psutil
import pytest

from stackgui.core.base.errors import Cancelled
from stackgui.core.run.run_options import Limits
from stackgui.engine.workers import dispatch, worker_process
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.dispatch import Dispatch
from stackgui.engine.workers.workers import Workers
from tests.engine import misbehaving
from tests.engine.misbehaving import Numbers


@pytest.fixture
def workers():
    made = Workers(2)
    yield made
    made.close()


def _run(workers: Workers, batches: list[Numbers], control: Control | None = None, slots: int = 3):
    dispatch = Dispatch(
        workers, control or Control(), misbehaving.square, lambda batch, _slot: (batch.values,), slots=slots
    )
    squares, reasons = {}, {}
    for done in dispatch.run(batches):
        if done.reason:
            reasons[done.batch.values] = done.reason
        else:
            squares.update(zip(done.batch.values, done.result, strict=True))
    return squares, reasons


def test_every_batch_is_done_once(workers):
    batches = [Numbers(tuple(range(start, start + 5))) for start in range(1, 200, 5)]
    squares, reasons = _run(workers, batches)
    assert squares == {number: number**2 for number in range(1, 201)}
    assert reasons == {}


def test_nothing_to_do_ends_at_once(workers):
    assert _run(workers, []) == ({}, {})


def test_a_crash_costs_its_culprit_alone(workers):
    squares, reasons = _run(workers, [Numbers((1, 2, -3, 4, 5, 6, 7)), Numbers((8, 9))])
    assert set(squares) == {1, 2, 4, 5, 6, 7, 8, 9}
    assert list(reasons) == [(-3,)]
    assert "crashed" in reasons[-3,]


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_who_gets_its_worker_killed_is_found_too(workers):
    dispatch = Dispatch(
        workers, Control(), misbehaving.be_killed, lambda batch, _slot: (batch.values,), slots=3
    )
    batches = [Numbers((1, 2, -3, 4)), Numbers((5,)), Numbers((-6,)), Numbers((7, 8))]
    done = {entry.batch.values: entry.reason for entry in dispatch.run(batches)}
    blamed = {values for values, reason in done.items() if reason}
    assert blamed == {(-3,), (-6,)}
    assert sorted(number for values in done for number in values) == [-6, -3, 1, 2, 4, 5, 7, 8]


def test_a_hang_costs_its_culprit_alone():
    workers = Workers(2, Limits(sample_s=0.5))
    squares, reasons = _run(workers, [Numbers((1, 0, 3)), Numbers((4,))])
    workers.close()
    assert set(squares) == {1, 3, 4}
    assert reasons == {(0,): "reading it takes longer than 0.5 seconds (--sample-seconds allows more)"}


def test_a_sleep_of_the_computer_costs_no_sample(workers, monkeypatch):
    """The clock on the wall jumps hours ahead while two samples are being read."""
    real, ahead_s, asleep = time.time, [0.0], []
    monkeypatch.setattr(time, "time", lambda: real() + ahead_s[0])

    class SleepsOnce(Control[None]):
        def check(self) -> None:
            super().check()
            pending = dispatch._pending
            if not asleep and pending and all(future.running() for future in pending):
                asleep.append(True)
                ahead_s[0] = 8 * 3600.0

    dispatch = Dispatch(
        workers, SleepsOnce(), misbehaving.dawdle, lambda batch, _slot: (batch.values,), slots=3
    )
    done = {entry.batch.values: entry.reason for entry in dispatch.run([Numbers((1,)), Numbers((2,))])}
    assert done == {(1,): "", (2,): ""}
    assert asleep


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no such limit")
def test_a_balloon_costs_its_culprit_alone():
    workers = Workers(2, Limits(sample_bytes=200_000_000))
    dispatch = Dispatch(
        workers, Control(), misbehaving.hold_memory, lambda batch, _slot: (batch.values,), slots=3
    )
    done = {
        entry.batch.values: entry.reason for entry in dispatch.run([Numbers((50, 9000, 100)), Numbers((1,))])
    }
    workers.close()
    reasons = {number: reason for values, reason in done.items() for number in values}
    assert reasons == {
        50: "",
        9000: "reading it takes more memory than 200 MB (--sample-memory allows more)",
        100: "",
        1: "",
    }


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_a_worker_that_is_stuck_ends_after_a_program_that_was_killed(monkeypatch, tmp_path):
    script = f"""
        import os, signal, sys, time
        from stackgui.core.run.run_options import Limits
        from stackgui.engine.workers import dispatch, worker_process
        from stackgui.engine.workers.workers import Workers
        from tests.engine import misbehaving
        if __name__ == "__main__":
            workers = Workers(1, Limits(sample_s={5 - worker_process.GRACE_S}))
            pid = workers.submit(os.getpid, ()).result()
            workers.submit(misbehaving.hold_python, (600,))
            time.sleep(1)
            print(pid, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
    """
    (tmp_path / "stuck.py").write_text(textwrap.dedent(script))
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    done = subprocess.run(
        [sys.executable, str(tmp_path / "stuck.py")], stdout=subprocess.PIPE, check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    worker = psutil.Process(int(done.stdout))
    psutil.wait_procs([worker], timeout=30)
    assert not worker.is_running()


def test_a_slot_is_never_used_twice_at_once(workers):
    used = set()

    def arguments(batch: Numbers, slot: int) -> tuple:
        assert slot not in used
        used.add(slot)
        return (batch.values,)

    dispatch = Dispatch(workers, Control(), misbehaving.square, arguments, slots=3)
    for done in dispatch.run(Numbers((number,)) for number in range(1, 100)):
        used.remove(done.slot)
    assert used == set()


def test_cancelling_ends_it(workers):
    control = Control()
    dispatch = Dispatch(workers, control, misbehaving.square, lambda batch, _slot: (batch.values,), slots=3)
    running = dispatch.run(Numbers((number,)) for number in range(1, 10_000))
    next(running)
    control.cancel()
    with pytest.raises(Cancelled):
        next(running)


def test_a_pause_holds_back_new_batches(workers):
    class GoesOnLater(Control[None]):
        def check(self) -> None:
            super().check()
            checks.append(len(handed_out))
            if len(checks) == 5:
                self.resume()

    control = GoesOnLater()
    control.pause()
    checks, handed_out = [], []

    def arguments(batch: Numbers, _slot: int) -> tuple:
        handed_out.append(batch)
        return (batch.values,)

    dispatch = Dispatch(workers, control, misbehaving.square, arguments, slots=2)
    assert len(list(dispatch.run([Numbers((1,)), Numbers((2,))]))) == 2
    assert checks[:5] == [0] * 5
    assert control.paused_s > 0.2


class ByHand:
    """One worker whose tasks end when a test says so."""

    count, limits, may_get_stuck = 1, Limits(), False
    pools_begun = ended = 0

    def __init__(self) -> None:
        self.futures: list[Future[None]] = []
        self.has_all = threading.Event()

    @property
    def under_way(self) -> set[Future[None]]:
        return {future for future in self.futures if not future.done()}

    def submit(self, *_task: object) -> Future[None]:
        self.futures.append(Future())
        if len(self.futures) == 3:
            self.has_all.set()
        return self.futures[-1]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["others end first", "ours end first"])
def test_a_worker_is_handed_over_once_nothing_waits_for_it(monkeypatch, order):
    """Whoever is told earlier takes work that another worker, who has none, would begin at once."""
    monkeypatch.setattr("stackgui.engine.workers.dispatch.TICK_S", 60.0)
    workers, told, was_told = ByHand(), [], []
    of_others = workers.submit()
    is_told = threading.Event()

    def note() -> None:
        told.append(len(workers.under_way))
        is_told.set()

    def end_tasks() -> None:
        workers.has_all.wait(30)
        for index in order:
            assert not told
            workers.futures[index].set_result(None)
        was_told.append(is_told.wait(30))
        workers.futures[2].set_result(None)

    ending = threading.Thread(target=end_tasks)
    ending.start()
    dispatch = Dispatch(
        workers, Control(), misbehaving.square, lambda batch, _slot: (batch.values,), slots=3, handed_out=note
    )
    done = list(dispatch.run([Numbers((1,)), Numbers((2,))]))
    ending.join()
    assert was_told == [True]
    assert told == [1]
    assert [each.batch.values for each in done] == [(1,), (2,)]
    assert of_others.done()


def test_a_pool_that_died_is_replaced(workers):
    for _ in range(2):
        with pytest.raises(Exception, match="Abnormal"):
            workers.submit(misbehaving.die, ()).result()
    squares, _ = _run(workers, [Numbers((3,))])
    assert squares == {3: 9}


def test_a_pool_in_which_nothing_moves_is_replaced(workers, monkeypatch):
    others = set(psutil.Process().children())
    assert _run(workers, [Numbers((1,))])[0] == {1: 1}
    for worker in set(psutil.Process().children()) - others:
        if "spawn_main" in " ".join(worker.cmdline()):
            worker.suspend()
    monkeypatch.setattr(dispatch, "STUCK_S", 5.0)  # the new ones need time to start
    squares, reasons = _run(workers, [Numbers((number, number + 1)) for number in range(2, 20, 2)])
    assert squares == {number: number**2 for number in range(2, 20)}
    assert reasons == {}


def test_a_batch_may_be_known_only_after_another_is_done(workers):
    """Also after one whose worker was killed, which is otherwise tried again after all others."""
    done = []

    def batches():
        for index, number in enumerate((1, -1, 2)):
            yield Numbers((number,))
            while len(done) == index:
                yield None

    dispatch = Dispatch(
        workers, Control(), misbehaving.be_killed, lambda batch, _slot: (batch.values,), slots=3
    )
    done.extend(entry.batch.values for entry in dispatch.run(batches()))
    assert done == [(1,), (-1,), (2,)]
