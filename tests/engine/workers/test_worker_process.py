"""How workers start, end and take turns."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from stackgui.core.base.errors import RunError
from stackgui.engine.running.resources import measure
from stackgui.engine.workers.worker_process import Turn, WorkerContext, WorkerProcess, was_killed
from stackgui.engine.workers.workers import Workers
from tests.engine import misbehaving

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there locks have no names anyway")


def count_in_turn(turn: Turn, path: str, times: int) -> None:
    """Read a number, and write the next one: without turns numbers would be lost."""
    for _ in range(times):
        turn.acquire()
        with open(path, "r+") as file:
            number = int(file.read())
            file.seek(0)
            time.sleep(0)
            file.write(str(number + 1))
        turn.release()


def be_killed_in_turn(turn: Turn) -> None:
    turn.acquire()
    os.kill(os.getpid(), signal.SIGKILL)


def test_processes_take_turns(tmp_path):
    (tmp_path / "number").write_text("0")
    context = WorkerContext()
    turn = context.RLock()
    arguments = (turn, str(tmp_path / "number"), 200)
    processes = [context.Process(target=count_in_turn, args=arguments) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert (tmp_path / "number").read_text() == "600"


def test_a_turn_that_was_taken_along_stays_taken():
    """Its holder may have been in the middle of a message, which nobody is to go on with."""
    context = WorkerContext()
    turn = context.RLock()
    process = context.Process(target=be_killed_in_turn, args=(turn,))
    process.start()
    process.join()
    assert not turn.acquire(block=False)
    assert not turn.acquire(timeout=0.01)


def test_who_has_the_turn_may_take_it_again_and_gives_it_back_as_often():
    turn = Turn()
    assert turn.acquire()
    assert turn.acquire(timeout=5)
    taken = []

    def other() -> None:
        taken.append(turn.acquire(block=False))

    def ask() -> bool:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        return taken[-1]

    assert not ask()
    turn.release()
    assert not ask()
    turn.release()
    assert ask()


def test_who_waits_gets_the_turn_as_soon_as_it_is_free():
    turn = Turn()
    turn.acquire()
    taken = []
    thread = threading.Thread(target=lambda: taken.append(turn.acquire(timeout=100)))
    thread.start()
    assert taken == []
    turn.release()
    thread.join()
    assert taken == [True]


def test_it_is_no_thing_to_be_kept():
    import pickle

    with pytest.raises(RuntimeError, match="inheritance"):
        pickle.dumps(Turn())


@pytest.fixture
def workers():
    made = Workers(2)
    yield made
    made.close()


def _processes(workers: Workers) -> list[psutil.Process]:
    others = set(psutil.Process().children())
    workers.warm_up()
    workers.submit(os.getpid, ()).result()
    found = set(psutil.Process().children()) - others
    return [process for process in found if "spawn_main" in " ".join(process.cmdline())]


def _mapped() -> set[str]:
    """What this process and its children have mapped of the files in memory."""
    return {
        region.path
        for process in [psutil.Process(), *psutil.Process().children()]
        for region in process.memory_maps()
        if "/dev/shm/" in region.path
    }


def test_a_pool_makes_no_files_in_memory(workers):
    before = _mapped()  # perhaps something of other tests
    workers.submit(os.getpid, ()).result()
    assert _mapped() - before == set()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"])
def test_workers_do_not_hear_requests_that_are_meant_for_the_program(workers, name):
    processes = _processes(workers)
    assert len(processes) == 2
    for process in processes:
        process.send_signal(getattr(signal, name))
    assert workers.submit(misbehaving.square, ((3,),)).result() == [9]
    assert all(process.is_running() for process in processes)


def test_starting_workers_leaves_the_programs_own_requests_as_they_are(workers):
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    workers.warm_up()
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == before


@pytest.mark.parametrize("started", [0, 1])
def test_workers_that_cannot_be_started_are_a_sentence(workers, monkeypatch, started):
    real, tries = WorkerProcess.start, []

    def start(process: WorkerProcess) -> None:
        tries.append(process)
        if len(tries) > started:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        real(process)

    monkeypatch.setattr(WorkerProcess, "start", start)
    workers.warm_up()
    tries.clear()
    with pytest.raises(RunError, match=r"could not be started \(Resource temporarily unavailable\)"):
        workers.submit(os.getpid, ())
    monkeypatch.undo()
    assert workers.submit(misbehaving.square, ((3,),)).result() == [9]


def test_a_worker_that_was_killed_is_known_where_there_are_signals():
    assert was_killed(-signal.SIGKILL)
    assert not any(map(was_killed, (0, 1, -signal.SIGSEGV, -signal.SIGTERM)))


def test_a_worker_that_was_killed_is_known_where_there_are_none(monkeypatch):
    monkeypatch.delattr(signal, "SIGKILL")
    assert all(map(was_killed, (-signal.SIGTERM, 0xC0000017, 0xC000012D)))
    assert not any(map(was_killed, (0, 1, -9, 0xC0000005)))


def test_other_programs_that_were_started_are_no_workers(workers):
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    with subprocess.Popen(sleep) as other:
        try:
            before = measure("", 2).running_workers  # other tests may keep an engine
            workers.warm_up()
            workers.submit(os.getpid, ()).result()
            assert measure("", 2).running_workers == before + 2
        finally:
            other.kill()
