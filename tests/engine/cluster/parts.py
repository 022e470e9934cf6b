"""Parts of a cluster as processes of their own, which are begun again when they end, as a supervisor does."""

import contextlib
import filecmp
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

LIMITS = {
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "12s",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "20s",
}
"""So that whoever is cut off notices it within a test; Dask takes no less."""

CHOICES = ["--size", "96x96", "--fit", "letterbox", "--workers", "1"]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def same_stacks(one: Path, other: Path) -> None:
    """Assert that two stacks consist of the same files."""
    found = filecmp.dircmp(one, other)
    assert not found.left_only
    assert not found.right_only
    _, differ, errors = filecmp.cmpfiles(one, other, found.common_files, shallow=False)
    assert not differ
    assert not errors
    for folder in found.common_dirs:
        same_stacks(one / folder, other / folder)


class Part:
    """A process of the program that is begun again whenever it has ended, with all that it began."""

    def __init__(self, *words: str, log: Path, before: Sequence[str] = (), environment: Mapping[str, str]):
        self._command = [*before, sys.executable, "-m", "stackgui", *words]
        self._log = log
        self._environment = {**os.environ, **LIMITS, **environment}
        self.process: subprocess.Popen | None = None
        self.look_after()

    def look_after(self) -> None:
        """Begin it again if it has ended."""
        if self.process is not None and self.process.poll() is None:
            return
        self.end()
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, stdout=log, stderr=log, env=self._environment, start_new_session=True
            )

    def kill(self) -> None:
        """Kill it as a host does that loses its power: with all its processes, and without a word."""
        if self.process is None:
            return
        found = [self.process.pid]
        with contextlib.suppress(psutil.NoSuchProcess):
            found += [child.pid for child in psutil.Process(self.process.pid).children(recursive=True)]
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Freeze it, as a host that is suspended."""
        for pid in self._pids():
            os.kill(pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on."""
        for pid in self._pids():
            os.kill(pid, signal.SIGCONT)

    def _pids(self) -> list[int]:
        assert self.process is not None
        me = psutil.Process(self.process.pid)
        return [me.pid, *(child.pid for child in me.children(recursive=True))]

    def end(self) -> None:
        """End it, and what it left."""
        self.kill()
        self.process = None

    @property
    def has_ended(self) -> bool:
        assert self.process is not None
        return self.process.poll() is not None

    def wait(self, limit_s: float) -> int:
        """Wait for its end, and give its exit status."""
        assert self.process is not None
        return self.process.wait(limit_s)

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")


def wait_until(is_so, limit_s: float = 120.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + limit_s
    while not is_so():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


class Cluster:
    """A scheduler and two workers on this computer."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", scheme: str = "tcp") -> None:
        port = str(free_port())
        self.address = f"{scheme}://{host}:{port}"
        self.environment = {"TMPDIR": str(folder)}
        self.folder = folder
        words = {
            "scheduler": ("cluster", "scheduler", "--host", host, "--port", port),
            "worker 1": ("cluster", "worker", self.address),
            "worker 2": ("cluster", "worker", self.address),
        }
        self.parts = {name: self.part(name, *given) for name, given in words.items()}

    def part(self, name: str, *words: str) -> Part:
        return Part(*words, log=self.folder / f"{name}.log", environment=self.environment)

    def convert(self, source: Path, stack: Path) -> Part:
        partial = stack.with_name(stack.name + ".partial")
        words = ["convert", str(source), "--out", str(stack), *CHOICES, "--resume"]
        if (partial / "journal").exists():
            words = ["resume", str(partial), "--workers", "1"]
        return self.part("coordinator", *words, "--cluster", self.address)

    def look_after(self) -> None:
        for part in self.parts.values():
            part.look_after()

    def end(self) -> None:
        for part in self.parts.values():
            part.end()
