"""Programs and their workers that are held up at a known place, as by a busy machine or a slow disk."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from stackgui.stores.recovery.journal import read_journal

LIMIT_S = 100.0

_SITE = """
import os, sys, time

PLACE, MODULE, WORKERS, SPARED = {place!r}, {module!r}, {workers!r}, {spared!r}
FILE, ONCE = {file!r}, {once!r}

def wait():
    open(os.path.join(PLACE, f"held-{{os.getpid()}}"), "w").close()
    end_s = time.monotonic() + {limit_s!r}
    while not os.path.exists(os.path.join(PLACE, "go")) and time.monotonic() < end_s:
        time.sleep(0.01)

def is_spared():
    for number in range(SPARED):
        try:
            os.close(os.open(os.path.join(PLACE, f"spared-{{number}}"), os.O_CREAT | os.O_EXCL))
            return True
        except FileExistsError:
            continue
    return False

class Holder:
    def find_spec(self, name, path=None, target=None):
        if name == MODULE:
            wait()

def look(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        if os.path.basename(os.fsdecode(arguments[0])) == FILE and os.path.exists(ONCE):
            wait()

if ("--multiprocessing-fork" in sys.orig_argv) == WORKERS and not is_spared():
    if FILE:
        sys.addaudithook(look)
    elif MODULE:
        sys.meta_path.insert(0, Holder())
    else:
        wait()
"""


class Hold:
    """Python that waits before it imports a module or opens a file, until it is told to go on.

    Parameters
    ----------
    place : Path
        An empty folder.
    module : str
        Where it waits; at its very beginning if it is empty.
    workers : bool
        Whether it is the workers that wait, or the program.
    spared : int
        How many of them do not wait.
    file : str
        Name of a file that they wait to open, instead of a module.
    once : Path
        They wait for the file only when this is there.

    Attributes
    ----------
    environment : dict
        For the program.
    """

    def __init__(
        self,
        place: Path,
        module: str = "",
        *,
        workers: bool = True,
        spared: int = 0,
        file: str = "",
        once: Path = Path(),
    ) -> None:
        self._place = place
        place.mkdir(exist_ok=True)
        site = _SITE.format(
            place=str(place),
            module=module,
            workers=workers,
            spared=spared,
            file=file,
            once=str(once),
            limit_s=LIMIT_S,
        )
        (place / "sitecustomize.py").write_text(site)
        # By the mark in their environment those are found, too, whose parent has ended.
        self._temporary = place / "temporary"
        self._temporary.mkdir(exist_ok=True)
        self.environment = os.environ | {
            "PYTHONPATH": f"{place}{os.pathsep}{os.getcwd()}",
            "HELD": str(place),
            "TMPDIR": str(self._temporary),
        }

    def held(self) -> int:
        """How many are waiting, or have waited."""
        return len(list(self._place.glob("held-*")))

    def go_on(self) -> None:
        (self._place / "go").touch()

    def temporary_files(self) -> list[Path]:
        """What the program has put into its folder for temporary files."""
        return list(self._temporary.iterdir())

    def living(self) -> list[psutil.Process]:
        """The program's processes, Python's own helper among them."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get("HELD") == str(self._place) and (
                process.status() != psutil.STATUS_ZOMBIE
            )
        except psutil.Error:
            return False


def wait_until(condition: Callable[[], object], what: str) -> None:
    deadline_s = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline_s, f"waited in vain: {what}"
        time.sleep(0.02)


def wait_for_rows(partial: Path) -> None:
    """Until rows of an unfinished stack are durable: before that nothing is left of a run that is stopped."""
    wait_until(lambda: (found := read_journal(str(partial / "journal"))) and found.rows, "rows are durable")


_LAUNCH = """
import os, signal, sys
for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"):
    signal.signal(getattr(signal, name), signal.SIG_IGN if name == sys.argv[1] else signal.SIG_DFL)
if os.isatty(0):
    from fcntl import ioctl
    from termios import TIOCSCTTY
    ioctl(0, TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


def launched(*arguments: object, ignoring: str = "") -> list[str]:
    """A command for Python that hears all requests but one, whatever the tests were started to ignore.

    In a session of its own it gets the terminal that is its stdin, so that closing that is heard, too.
    """
    return [sys.executable, "-I", "-c", _LAUNCH, ignoring, *map(str, arguments)]


def was_killed_after(process: subprocess.Popen[bytes], after_s: float) -> bool:
    """Kill a program some time from now, and wait for its workers; false when it ended before."""
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        workers = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        process.wait()
        _gone, alive = psutil.wait_procs(workers, timeout=30)
        assert alive == []
        return True
    return False
