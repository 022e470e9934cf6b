"""Exports that are killed at random moments: complete, or plainly unfinished and begun anew."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from stackgui.core.base.choices import Storage
from stackgui.core.run.row_results import RowsDone
from stackgui.core.run.run import RunOptions
from stackgui.stores.stack.stack import StackWriter
from tests.making import make_plan

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")

KILLS = 10


@pytest.fixture
def stack(tmp_path) -> Path:
    """A stack of 200 MB that takes some tenths of a second to export."""
    plan = make_plan([(1000, 1000)] * 67)
    writer = StackWriter.open(plan, RunOptions(str(tmp_path / "stack")), Storage.FILE, {})
    writer.outcomes.record(RowsDone(0, np.ones(plan.rows, bool), np.zeros(plan.rows, np.uint64), {}))
    writer.write_tables()
    writer.publish()
    return tmp_path / "stack"


def export(stack: Path, target: Path) -> subprocess.Popen:
    words = ["-m", "stackgui", "export", str(stack), "--to", "npz", "--out", str(target)]
    return subprocess.Popen([sys.executable, *words], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)


def wait_for_part(target: Path, ended: subprocess.Popen) -> None:
    """Return once the export writes, or has ended."""
    part = target.with_name(f"{target.name}.partial") / "export.npz"
    while ended.poll() is None and not (part.exists() and part.stat().st_size > 10**6):
        time.sleep(0.001)


@pytest.mark.slow
def test_killed_exports(stack, tmp_path):
    expected = tmp_path / "expected.npz"
    assert export_to_its_end(stack, expected) == 0
    with np.load(expected, allow_pickle=False) as found:
        assert found["images"].shape == (67, 1000, 1000, 3)
    random.seed(3)
    unfinished = 0
    for _ in range(KILLS):
        target = tmp_path / "out.npz"
        with export(stack, target) as process:
            wait_for_part(target, process)
            time.sleep(random.uniform(0, 0.4))
            process.send_signal(signal.SIGKILL)
        if not target.exists():
            unfinished += 1
            assert os.path.isdir(f"{target}.partial")
            assert export_to_its_end(stack, target) == 0
            assert not os.path.exists(f"{target}.partial")
        assert target.stat().st_size == expected.stat().st_size
        assert target.read_bytes() == expected.read_bytes()
        target.unlink()
    assert unfinished


def export_to_its_end(stack: Path, target: Path) -> int:
    with export(stack, target) as process:
        return process.wait(60)


def test_an_export_that_is_asked_to_end_leaves_nothing(stack, tmp_path):
    target = tmp_path / "out.npz"
    for _ in range(5):
        with export(stack, target) as process:
            wait_for_part(target, process)
            process.send_signal(signal.SIGINT)
            _out, said = process.communicate(timeout=60)
        if process.returncode != 0:
            break
        target.unlink()  # complete before the request came: the machine is busy
    assert (process.returncode, said) == (130, b"Cancelled.\n")
    assert os.listdir(tmp_path) == ["stack"]
