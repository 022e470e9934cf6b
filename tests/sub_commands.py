"""Fixtures that carry out sub-commands, within this process or as a terminal does. A plugin of all tests."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from stackgui.__main__ import main
from tests.kept_workers import Kept, kept_workers, lent


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """What the person is told: one line, and no traceback."""
        assert self.out == ""
        assert self.err.count("\n") == 1
        return self.err.strip()


@pytest.fixture(scope="session")
def kept() -> Iterator[Kept]:
    """Workers for the sub-commands that are carried out in this process."""
    with kept_workers() as made:
        yield made


@pytest.fixture(scope="session")
def kept_one() -> Iterator[Kept]:
    """The worker of engines with one."""
    with kept_workers(1) as made:
        yield made


@pytest.fixture
def stackgui(capfdbinary: pytest.CaptureFixture[bytes], kept: Kept) -> Callable[..., Ended]:
    """Carries out a sub-command in this process, since starting Python takes longer than most of them."""

    def run(*arguments: object) -> Ended:
        capfdbinary.readouterr()
        with lent(kept):
            status = main(list(map(str, arguments)))
        told = capfdbinary.readouterr()
        return Ended(status, told.out.decode(), told.err.decode())

    return run


@pytest.fixture
def program() -> Callable[..., Ended]:
    """Starts the program as a terminal does."""

    def run(*arguments: object) -> Ended:
        command = [sys.executable, "-m", "stackgui", *map(str, arguments)]
        ended = subprocess.run(command, capture_output=True, check=False, timeout=120)
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    return run
