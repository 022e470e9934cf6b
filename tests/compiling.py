"""Readies test modules once for all processes that share the tests. A plugin of all tests.

Each process collects every test. In a fresh checkout each would also rewrite the assertions of all modules,
at the same time as the others, which takes longer than collecting them. So each first does its part, and
finds that of the others when it comes to it.
"""

import compileall
import gc
from collections.abc import Generator
from pathlib import Path

import pytest
from _pytest.assertion import rewrite

REPOSITORY = Path(__file__).resolve().parents[1]


def part(files: list[Path], number: int, count: int) -> list[Path]:
    """What the process of that number readies, of as many as there are."""
    return sorted(files)[number::count]


def rewrite_ahead(file: Path, config: pytest.Config) -> None:
    """Write the module with its assertions rewritten to where pytest looks for it, unless it is there."""
    state = config.stash[rewrite.assertstate_key]
    folder = rewrite.get_cache_dir(file)
    ready = folder / (file.stem + rewrite.PYC_TAIL)
    if rewrite._read_pyc(file, ready) is None and rewrite.try_makedirs(folder):
        source_hash, code = rewrite._rewrite_test(file, config)
        rewrite._write_pyc(state, code, source_hash, ready)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Do one's part, as one of several processes."""
    if (given := getattr(session.config, "workerinput", None)) is None:
        return
    number, count = int(given["workerid"].removeprefix("gw")), given["workercount"]
    for file in part([*(REPOSITORY / "tests").rglob("test_*.py")], number, count):
        rewrite_ahead(file, session.config)
    for file in part([*(REPOSITORY / "stackgui").rglob("*.py")], number, count):
        compileall.compile_file(file, quiet=2)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Spare the tests that are collected, which live to the end, from being searched for garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
