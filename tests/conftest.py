"""Fixtures for every test: the shared pictures, a home of one's own, a check for what is left behind."""

import contextlib
import multiprocessing
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from itertools import islice
from pathlib import Path

import hypothesis
import psutil
import pytest

from stackgui.core.base import resizers
from tests.serving import Bucket, bucket_on_loopback
from tests.shared_data import archive, unpack

pytest_plugins = ["tests.compiling", "tests.sub_commands"]

SHARED_MEMORY = Path("/dev/shm")
SHARED_PICTURES = {"photos", "thumbnails", "hostile"}
GRACE_S = 5.0  # how long a process or thread that was told to end may take to do so
BLOCK_GRACE_S = 30.0  # how long another program that was killed may take until its shared memory is tidied up

SCREEN = Path(__file__).with_name("screen.json")
"""Qt's own screen of 800 × 800 is smaller than any that people have."""

if os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
    # Qt takes a colon, as in a path of Windows, for the end of the file's name.
    screen = "" if ":" in str(SCREEN) else f":configfile={SCREEN}"
    os.environ["QT_QPA_PLATFORM"] = f"offscreen{screen}"

# Many tests start the program. It is compiled once for all of them, even where that is switched off.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A busy machine takes its time over examples, too.
hypothesis.settings.register_profile(
    "developer", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile(
    "ci", hypothesis.settings.get_profile("developer"), derandomize=True, database=None
)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "developer")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the shared pictures, so that ``-m "not data"`` leaves it out."""
    for item in items:
        if SHARED_PICTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.data)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Iterator[None]:
    """Spell out names that are not UTF-8, for the processes that share the tests can send nothing else."""
    return _as_utf8((yield))


def _as_utf8(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _as_utf8(inner) for key, inner in value.items()}
    return type(value)(map(_as_utf8, value)) if isinstance(value, list | tuple) else value


# The shared pictures


def _unpacked(name: str, factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Unpack ``<name>.tar`` and give the folder ``<name>`` in it; skip the test when it is absent."""
    if not archive(name).is_file():
        pytest.skip(f"{name}.tar is not there (STACKGUI_TEST_DATA names the folder that holds it)")
    target = factory.mktemp("shared")
    yield unpack(name, target)
    shutil.rmtree(target)


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of photographs of many sizes. Read only: all tests share it."""
    yield from _unpacked("photos", tmp_path_factory)


@pytest.fixture(scope="session")
def thumbnails(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with one folder of small pictures per class. Read only: all tests share it."""
    yield from _unpacked("thumbnails", tmp_path_factory)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of damaged, odd and misleading files. Read only: all tests share it."""
    yield from _unpacked("hostile", tmp_path_factory)


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    """An S3 on the loopback with one bucket, and the credentials for it."""
    with pytest.MonkeyPatch.context() as patch, bucket_on_loopback(patch) as made:
        yield made


# A home of one's own

_homes: list[Path] = []
"""Those that tests left empty, for the next: making and removing them is much of what a short test takes."""


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the test an empty home, so that it neither sees nor changes what the person has chosen."""
    folder = _homes.pop() if _homes else tmp_path_factory.mktemp("home")
    for variable, part in {
        "HOME": "",
        "USERPROFILE": "",
        "XDG_CONFIG_HOME": ".config",
        "XDG_CACHE_HOME": ".cache",
        "XDG_DATA_HOME": ".local/share",
        "XDG_STATE_HOME": ".local/state",
        "APPDATA": "AppData/Roaming",
        "LOCALAPPDATA": "AppData/Local",
    }.items():
        monkeypatch.setenv(variable, str(folder / part))
    _keep_qt_settings_in(folder / ".config")
    yield folder
    if os.listdir(folder):
        shutil.rmtree(folder, ignore_errors=True)
    else:
        _homes.append(folder)


def _keep_qt_settings_in(folder: Path) -> None:
    """Qt reads the variables once per process, so it is told the folder anew for every test."""
    if (qt := sys.modules.get("PySide6.QtCore")) is None:
        return
    qt.QSettings.setDefaultFormat(qt.QSettings.Format.IniFormat)
    for kind in (qt.QSettings.Format.NativeFormat, qt.QSettings.Format.IniFormat):
        qt.QSettings.setPath(kind, qt.QSettings.Scope.UserScope, str(folder))


# What a test leaves behind


def _processes() -> dict[psutil.Process, bool]:
    """Processes below this one but for the helper that Python keeps, and whether each is a worker.

    Without the workers of other processes, as those of a cluster's hosts: each begins and replaces them
    when it wants to, and they end with it.
    """
    multiprocessing.active_children()  # reaps those that have ended
    found = {child: _command(child) for child in _descendants()}
    workers = {child: "--multiprocessing-fork" in command for child, command in found.items()}
    return {
        child: workers[child]
        for child, command in found.items()
        if command
        and "multiprocessing.resource_tracker" not in command
        and not (workers[child] and _parent(child) != os.getpid())
    }


def _parent(process: psutil.Process) -> int:
    """The number of the process that began it; 0 when it has ended."""
    try:
        return process.ppid()
    except psutil.NoSuchProcess:
        return 0


def _descendants() -> list[psutil.Process]:
    """Processes below this one.

    psutil reads about every process there is, twice a test. Linux keeps a list for each thread, which may
    lack a child only while another ends.
    """
    if not Path(f"/proc/self/task/{os.getpid()}/children").is_file():
        return psutil.Process().children(recursive=True)
    found, pids = [], _children(os.getpid())
    while pids:
        pid = pids.pop()
        with contextlib.suppress(psutil.NoSuchProcess):
            found.append(psutil.Process(pid))
            pids += _children(pid)
    return found


def _children(pid: int) -> list[int]:
    pids: list[int] = []
    with contextlib.suppress(OSError):  # it has ended
        for thread in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError):  # the thread has ended, but others may have children
                pids += map(int, Path(f"/proc/{pid}/task/{thread}/children").read_text().split())
    return pids


def _command(process: psutil.Process) -> str:
    """Its command line; empty when it has ended."""
    try:
        zombie = process.status() == psutil.STATUS_ZOMBIE
        return "" if zombie else " ".join(process.cmdline()) or process.name()
    except psutil.NoSuchProcess:
        return ""


class _Owned:
    """How many workers each living fixture of a wider scope than a test began: its pool keeps up that number.

    A plugin, since pytest tells a conftest nothing of fixtures whose scope is wider than its own folder.
    """

    def __init__(self) -> None:
        self.workers: dict[object, int] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef) -> Generator[None, object, object]:
        if fixturedef.scope == "function":
            return (yield)
        before = sum(_processes().values())
        try:
            return (yield)
        finally:
            self.workers[fixturedef] = sum(_processes().values()) - before

    def pytest_fixture_post_finalizer(self, fixturedef: pytest.FixtureDef) -> None:
        self.workers.pop(fixturedef, None)


_owned = _Owned()


def pytest_configure(config: pytest.Config) -> None:
    """Count the workers that fixtures own."""
    config.pluginmanager.register(_owned)


def _new_processes(before: dict[psutil.Process, bool]) -> Callable[[], set[psutil.Process]]:
    """What looks for processes that are new, but for workers in the place of others.

    Cancelling may cost a worker its life, and does so a little later. A pool that a fixture of a wider scope
    owns begins another then, which may be in the midst of the next test. So workers are not told apart, but
    counted: there may be as many as there were, or as the living fixtures began.
    """
    allowed = max(sum(before.values()), sum(_owned.workers.values()))

    def look() -> set[psutil.Process]:
        now = _processes()
        new = now.keys() - before.keys()
        new_workers = {process for process in new if now[process]}
        too_many = max(sum(now.values()) - allowed, 0)
        return (new - new_workers) | set(islice(new_workers, too_many))

    return look


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if not thread.daemon}


def _shared_blocks() -> set[str]:
    """Names of shared memory blocks; empty where the system does not show them as files."""
    return {entry.name for entry in os.scandir(SHARED_MEMORY)} if SHARED_MEMORY.is_dir() else set()


def _in_use_elsewhere(block: str) -> bool:
    """Whether a process that is not ours maps the block, as when two test runs share a machine.

    The file's number tells it, for a semaphore has another name in the maps of the process that made it: the
    C library makes it under a temporary one.
    """
    ours = {os.getpid()} | {child.pid for child in _descendants()}
    try:
        number = str((SHARED_MEMORY / block).stat().st_ino)
    except FileNotFoundError:
        return True
    for maps in Path("/proc").glob("[0-9]*/maps"):
        try:
            lines = "" if int(maps.parent.name) in ours else maps.read_text()
        except OSError:  # it ended, or is another user's
            continue
        # address, rights, offset, device, number, and the name
        mapped = (line.split(maxsplit=5) for line in lines.splitlines() if str(SHARED_MEMORY) in line)
        if any(fields[4] == number for fields in mapped):
            return True
    return False


def _left_after_grace(look: Callable[[], set], grace_s: float) -> set:
    deadline = time.monotonic() + grace_s
    while (left := look()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _new_blocks(before: set[str]) -> Callable[[], set[str]]:
    """What looks for blocks that are new and stay.

    Python's locks are files with a name for a moment only. Other programs make them all the time, so that a
    look nearly always finds some, but never the same twice.
    """
    staying: set[str] | None = None

    def look() -> set[str]:
        nonlocal staying
        found = _shared_blocks() - before
        staying = found if staying is None else staying & found
        return {block for block in staying if not _in_use_elsewhere(block)}

    return look


@pytest.fixture
def no_simd(monkeypatch) -> Iterator[None]:
    """A computer for which the fast resizer has no wheel."""
    resizers.has_simd.cache_clear()
    monkeypatch.setattr(resizers, "find_spec", lambda _name: None)
    yield
    resizers.has_simd.cache_clear()


@pytest.fixture(autouse=True)
def leaves_nothing_behind() -> Iterator[None]:
    """Fail a test that leaves a process, a thread that keeps Python alive, or a block of shared memory.

    What was there before the test is allowed. So a fixture of a wider scope, which pytest sets up before this
    one, may own a pool.
    """
    processes, threads, blocks = _processes(), _threads(), _shared_blocks()
    yield

    found = _left_after_grace(_new_processes(processes), GRACE_S)
    left = [f"process {process} ({_command(process)})" for process in found]
    left += [f"thread {thread.name}" for thread in _left_after_grace(lambda: _threads() - threads, GRACE_S)]
    left += [f"shared memory {block}" for block in _left_after_grace(_new_blocks(blocks), BLOCK_GRACE_S)]
    if left:
        pytest.fail("the test left behind: " + "; ".join(sorted(left)), pytrace=False)
