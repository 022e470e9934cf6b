"""The fixtures that watch over all other tests do notice what they are there for."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

LEAKS = """
import subprocess, sys, threading
from multiprocessing import shared_memory

kept = []

def sleeper():
    return [sys.executable, "-c", "import time; time.sleep(60)"]

def test_process():
    kept.append(subprocess.Popen(sleeper()))

def test_process_of_before():
    kept.pop().kill()

def test_thread():
    stop = threading.Event()
    threading.Thread(target=stop.wait).start()
    kept.append(stop)

def test_thread_of_before():
    kept.pop().set()

def test_shared_memory():
    kept.append(shared_memory.SharedMemory(create=True, size=16))

def test_shared_memory_of_before():
    block = kept.pop()
    block.close()
    block.unlink()

def test_all_cleared_away():
    with subprocess.Popen(sleeper()) as process:
        process.kill()
    thread = threading.Thread(target=int)
    thread.start()
    block = shared_memory.SharedMemory(create=True, size=16)
    block.close()
    block.unlink()
"""

OWNED = """
import subprocess, sys
import pytest

@pytest.fixture(scope="session")
def pool():
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()

def test_with_a_process_of_the_session(pool):
    assert pool.poll() is None
"""

REPLACED = """
import subprocess, sys
import pytest

def worker():
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "--multiprocessing-fork"])

@pytest.fixture(scope="session")
def pool():
    workers = [worker()]
    yield workers
    for process in workers:
        process.kill()
        process.wait()

def test_that_costs_a_worker_its_life(pool):
    pool[0].kill()
    pool[0].wait()
    pool[0] = worker()

def test_that_costs_a_worker_its_life_for_long(pool):
    pool[0].kill()
    pool[0].wait()

def test_meanwhile(pool):
    pool[0] = worker()

def test_that_begins_one_more(pool):
    pool.append(worker())

def test_after_that(pool):
    pass
"""

SUCCESSIVE = """
import subprocess, sys
import pytest

kept = []

@pytest.fixture(scope="module", params=[1, 2])
def pool(request):
    kept.append(begin())
    yield
    kept[0].kill()
    kept.pop(0).wait()

def begin():
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "--multiprocessing-fork"])

def test_that_uses_the_pool(pool):
    pass

def test_that_begins_a_worker_when_the_pool_has_ended():
    kept.append(begin())

def test_of_after():
    kept[0].kill()
    kept.pop(0).wait()
"""

OTHERS = """
import subprocess, sys
import pytest

HOST = '''
import subprocess, sys
children = []
for line in sys.stdin:
    children.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", *line.split()]))
    print(flush=True)
for child in children:
    child.kill()
'''

@pytest.fixture(scope="session")
def host():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", HOST], **pipes) as process:
        yield process

def begin(host, *options):
    print(*options, file=host.stdin, flush=True)
    host.stdout.readline()

def test_that_lets_it_begin_a_worker(host):
    begin(host, "--multiprocessing-fork")

def test_that_lets_it_begin_a_program(host):
    begin(host)
"""

DATA = """
def test_photos(photos):
    assert (photos / "one.txt").read_text() == "1"

def test_home(home):
    import pathlib
    assert pathlib.Path.home() == home
"""


@pytest.fixture
def inner(pytester: pytest.Pytester, request: pytest.FixtureRequest) -> pytest.Pytester:
    """A project with this one's fixtures in its folder of tests, less patient than they are."""
    conftest = (request.config.rootpath / "tests" / "conftest.py").read_text(encoding="utf-8")
    conftest, changed = re.subn(r"GRACE_S = \d+\.0", "GRACE_S = 0.1", conftest)
    assert changed == 2
    pytester.mkdir("tests").joinpath("conftest.py").write_text(conftest, encoding="utf-8")
    pytester.makeini(f"[pytest]\nmarkers = data\npythonpath = {request.config.rootpath}")
    return pytester


def run(inner: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    inner.path.joinpath("tests", "test_inner.py").write_text(source, encoding="utf-8")
    return inner.runpytest_subprocess(
        "-p", "no:cacheprovider", "-W", "error", "-W", "ignore::ResourceWarning", *options
    )


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="shared memory has no files here")
def test_what_is_left_behind_fails_the_test_that_left_it(inner):
    result = run(inner, LEAKS)
    result.assert_outcomes(passed=7, errors=3)
    result.stdout.fnmatch_lines_random(
        ["*left behind: process *", "*left behind: thread *", "*left behind: shared memory *"]
    )


LOCKS = """
import itertools, os, sys, time

before = None
for number in itertools.count():
    name = f"{sys.argv[1]}-{number}"
    open(name, "wb").close()
    if before:
        os.unlink(before)
    else:
        print(flush=True)
    before = name
    time.sleep(0.005)
"""


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="shared memory has no files here")
def test_locks_of_other_programs_are_no_leak(inner):
    """Another program has one at every moment, but none for long."""
    conftest = inner.path / "tests" / "conftest.py"
    # The other program may have to wait for a processor, with a lock of its own.
    conftest.write_text(
        conftest.read_text(encoding="utf-8").replace("GRACE_S = 0.1", "GRACE_S = 30.0"), "utf-8"
    )
    name = f"/dev/shm/sem.test-{os.getpid()}"
    try:
        with subprocess.Popen([sys.executable, "-c", LOCKS, name], stdout=subprocess.PIPE) as locks:
            try:
                assert locks.stdout.readline() == b"\n"
                run(inner, "import time\ndef test_nothing(): time.sleep(0.1)").assert_outcomes(passed=1)
            finally:
                locks.kill()
    finally:
        for left in Path("/dev/shm").glob(f"sem.test-{os.getpid()}-*"):
            left.unlink()


NAMES = r"""
import logging

def test_that_tells_a_name(caplog):
    logging.getLogger().warning("caf\udce9")

def test_that_fails_with_a_name():
    assert "caf\udce9" == ""
"""


def test_names_that_are_not_utf8_reach_the_process_that_reports(inner):
    pytest.importorskip("xdist")
    run(inner, NAMES, "-n", "1").assert_outcomes(passed=1, failed=1)


def test_a_fixture_of_the_session_may_own_a_process(inner):
    run(inner, OWNED).assert_outcomes(passed=1)


@pytest.mark.parametrize("there", [True, False])
def test_shared_pictures_are_unpacked_or_skipped(inner, monkeypatch, tmp_path, there):
    monkeypatch.setenv("STACKGUI_TEST_DATA", str(tmp_path))
    if there:
        folder = tmp_path / "photos"
        folder.mkdir()
        (folder / "one.txt").write_text("1")
        with tarfile.open(tmp_path / "photos.tar", "w") as tar:
            tar.add(folder, "photos")
        shutil.rmtree(folder)
    run(inner, DATA).assert_outcomes(passed=1 + there, skipped=1 - there)


def test_a_worker_may_be_replaced_but_not_joined(inner):
    result = run(inner, REPLACED)
    result.assert_outcomes(passed=5, errors=1)
    result.stdout.fnmatch_lines(["*left behind: process *", "ERROR *test_that_begins_one_more*"])


def test_workers_of_a_fixture_that_has_ended_excuse_no_others(inner):
    result = run(inner, SUCCESSIVE)
    result.assert_outcomes(passed=4, errors=1)
    result.stdout.fnmatch_lines(["*left behind: process *", "ERROR *test_that_begins_a_worker*"])


def test_another_process_may_begin_workers_but_no_programs(inner):
    """The workers of a cluster's host are its own affair."""
    result = run(inner, OTHERS)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*left behind: process *", "ERROR *test_that_lets_it_begin_a_program*"])
