"""Exports that are killed at random moments: complete, or plainly unfinished and begun anew."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from stackgui.core.annotations.annotations import Objects, Tags
from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base.choices import Storage
from stackgui.core.run.row_results import RowsDone
from stackgui.core.run.run_options import RunOptions
from stackgui.stores.export import EXPORTERS
from stackgui.stores.stack.stack import StackWriter
from tests.holding import LIMIT_S, Hold, wait_until
from tests.making import make_plan

ROWS = 67

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")

KILLS = 60
"""Over all exporters, in turn."""


def make_stack(tmp_path: Path, side_px: int) -> Path:
    nothing = SampleAnnotations(("cat",), Objects.none(), Tags.none(), np.ones(ROWS, np.bool_))
    plan = make_plan([(side_px, side_px)] * ROWS, annotations=nothing)
    writer = StackWriter.open(plan, RunOptions(str(tmp_path / "stack")), Storage.FILE, {})
    writer.outcomes.record(RowsDone(0, np.ones(plan.rows, bool), np.zeros(plan.rows, np.uint64), {}))
    writer.write_tables()
    writer.publish()
    return tmp_path / "stack"


def export(
    stack: Path, target: Path, environment: Mapping[str, str] = os.environ, name: str = "npz"
) -> subprocess.Popen:
    words = ["-m", "stackgui", "export", str(stack), "--to", name, "--out", str(target)]
    return subprocess.Popen(
        [sys.executable, *words], env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )


def wait_for_part(part: Path, ended: subprocess.Popen) -> None:
    """Return once the export writes, or has ended."""
    while ended.poll() is None and not part.exists():
        time.sleep(0.001)


def contents(path: Path) -> dict[str, bytes]:
    """What a file or a folder holds."""
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return {str(each.relative_to(path)): each.read_bytes() for each in files}


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


@pytest.mark.slow
@pytest.mark.timeout(3600)  # 120 exports, on a busy machine
def test_killed_exports(tmp_path):
    stack = make_stack(tmp_path, 400)  # 32 MB, which take some tenths of a second to export
    random.seed(3)
    complete = unfinished = 0
    for name, exporter in EXPORTERS.items():
        expected, target = (tmp_path / f"{which}{exporter.suffix}" for which in ("expected", "out"))
        begun = time.monotonic()
        assert export_to_its_end(stack, expected, name) == 0
        takes_s, wanted = time.monotonic() - begun, contents(expected)
        for _ in range(KILLS // len(EXPORTERS)):
            with export(stack, target, name=name) as process:
                wait_for_part(
                    target.with_name(f"{target.name}.partial") / f"export{exporter.suffix}", process
                )
                time.sleep(random.uniform(0, takes_s / 2))
                process.send_signal(signal.SIGKILL)
            if target.exists():
                complete += 1
            else:
                unfinished += 1
                assert os.path.isdir(f"{target}.partial")
                assert export_to_its_end(stack, target, name) == 0
                assert not os.path.exists(f"{target}.partial")
            assert contents(target) == wanted, name
            remove(target)
        remove(expected)
    sys.stdout.write(f"{complete} complete, {unfinished} plainly unfinished\n")
    assert unfinished


def export_to_its_end(stack: Path, target: Path, name: str) -> int:
    with export(stack, target, name=name) as process:
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
