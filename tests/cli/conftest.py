"""The program as it is started in a terminal."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

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


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Five pictures in two classes, one of them damaged, and a text file."""
    folder = tmp_path / "pets"
    random = np.random.default_rng(1)
    for index in range(5):
        target = folder / ("cat" if index % 2 else "dog") / f"{index}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 256, (10 + index, 20 - index, 3), np.uint8)).save(target)
    target.write_bytes(target.read_bytes()[:200])
    (folder / "readme.txt").write_text("about these pictures")
    return folder
