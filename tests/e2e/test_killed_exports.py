"""Exports that are killed at random moments: complete, or plainly unfinished and begun anew."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from stackgui.core.base.choices import Storage
from stackgui.core.run.row_results import RowsDone
from stackgui.core.run.run_options import RunOptions
from stackgui.stores.stack.stack import StackWriter
from tests.holding import LIMIT_S, Hold, wait_until
from tests.making import make_plan

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")

KILLS = 10


def make_stack(tmp_path: Path, side_px: int) -> Path:
    plan = make_plan([(side_px, side_px)] * 67)
    writer = StackWriter.open(plan, RunOptions(str(tmp_path / "stack")), Storage.FILE, {})
    writer.outcomes.record(RowsDone(0, np.ones(plan.rows, bool), np.zeros(plan.rows, np.uint64), {}))
    writer.write_tables()
    writer.publish()
    return tmp_path / "stack"


def export(stack: Path, target: Path, environment: Mapping[str, str] = os.environ) -> subprocess.Popen:
    words = ["-m", "stackgui", "export", str(stack), "--to", "npz", "--out", str(target)]
    return subprocess.Popen(
        [sys.executable, *words], env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )


def wait_for_part(target: Path, ended: subprocess.Popen) -> None:
    """Return once the export writes, or has ended."""
    part = target.with_name(f"{target.name}.partial") / "export.npz"
    while ended.poll() is None and not (part.exists() and part.stat().st_size > 10**6):
        time.sleep(0.001)


@pytest.mark.slow
def test_killed_exports(tmp_path):
    stack = make_stack(tmp_path, 1000)  # 200 MB, which take some tenths of a second to export
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


def test_an_export_that_is_asked_to_end_leaves_nothing(tmp_path):
    stack, target = make_stack(tmp_path, 10), tmp_path / "out" / "out.npz"
    target.parent.mkdir()
    part = target.with_name("out.npz.partial") / "export.npz"
    hold = Hold(tmp_path / "hold", workers=False, file="images.npy", once=part)
    with export(stack, target, hold.environment) as process:
        wait_until(hold.held, "it exports")
        process.send_signal(signal.SIGINT)
        hold.go_on()
        _out, said = process.communicate(timeout=LIMIT_S)
    assert (process.returncode, said) == (130, b"Cancelled.\n")
    assert os.listdir(target.parent) == []
