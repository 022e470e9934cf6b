"""An output that is declared is filled, resumed, verified, repaired and opened without further code."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stackgui import open_stack
from stackgui.core.base.choices import Container, Storage
from stackgui.core.base.errors import Cancelled, StackguiError
from stackgui.core.options.options import Options
from stackgui.core.plan.outputs import OUTPUTS, Output, file_bytes
from stackgui.core.plan.outputs.hdf5 import HDF5
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.loading import snippet
from stackgui.core.run.report import Status
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from tests.engine.stopping import StopAt

MAGIC = b"TOY\n"


def toy_header(array) -> bytes:
    return MAGIC + repr((array.shape, array.dtype)).encode() + b"\n"


def toy_rows_begin(start, array):
    return len(toy_header(array)) if start.startswith(toy_header(array)) else None


TOY = Output(".toy", toy_header, toy_rows_begin, "read_toy({path})")


@pytest.fixture(params=[TOY, HDF5], ids=["toy", "hdf5"])
def output(request):
    return request.param


@pytest.fixture(autouse=True)
def declared(monkeypatch, output):
    monkeypatch.setitem(OUTPUTS, Container.HDF5, output)
    monkeypatch.setattr("stackgui.core.run.batches.MAX_BATCH_ROWS", 3)
    monkeypatch.setattr("stackgui.engine.running.progress.PUBLISH_S", 0.0)


@pytest.fixture
def plan(scan, pictures):
    return resolve(Options(fill=7, buckets=2, container=Container.HDF5), scan(pictures))


def file_contents(stack: Path, output: Output) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in stack.glob(f"*{output.suffix}")}


@pytest.mark.parametrize("storage", [Storage.FILE, Storage.MEMORY])
def test_it_holds_what_every_other_output_holds(engine, scan, pictures, plan, output, tmp_path, storage):
    report = engine.convert(plan, RunOptions(str(tmp_path / "toy"), storage=storage), Control())
    npy = resolve(replace(plan.options, container=Container.NPY), scan(pictures))
    engine.convert(npy, RunOptions(str(tmp_path / "npy")), Control())
    with open_stack(tmp_path / "toy") as toy, open_stack(tmp_path / "npy") as stack:
        assert [array.file for array in toy.specs] == [
            array.file.replace(".npy", output.suffix) for array in stack.specs
        ]
        for found, expected in zip(toy.arrays, stack.arrays, strict=True):
            assert found.dtype == expected.dtype
            assert np.array_equal(found, expected)
    assert {name: len(data) for name, data in file_contents(tmp_path / "toy", output).items()} == {
        array.file: file_bytes(array) for array in plan.arrays
    }
    begin = f'np.memmap(stack / "{plan.arrays[0].file}"' if output is HDF5 else "read_toy(stack / "
    assert begin in snippet(engine.loadable(report.stack), "numpy")


def test_it_is_verified_and_repaired(engine, plan, output, pictures, tmp_path):
    stack = tmp_path / "stack"
    engine.convert(plan, RunOptions(str(stack)), Control())
    sound = engine.verify(str(stack), Control(), deep=None)
    assert (sound.damage, sound.decoded) == ((), sound.rows - 1)
    whole = (pictures / "dog" / "2.png").read_bytes()
    (pictures / "dog" / "broken.png").write_bytes(whole)
    assert engine.retry_failed(str(stack), Control()).repaired == 1
    assert engine.verify(str(stack), Control(), deep=None).is_sound
    largest = max(stack.glob(f"*{output.suffix}"), key=lambda file: file.stat().st_size)
    data = bytearray(largest.read_bytes())
    data[-1] ^= 255
    largest.write_bytes(data)
    assert [found.file for found in engine.verify(str(stack), Control()).damage] == [largest.name]


def test_it_is_resumed(engine, plan, output, tmp_path):
    engine.convert(plan, RunOptions(str(tmp_path / "whole")), Control())
    with pytest.raises(Cancelled):
        engine.convert(plan, RunOptions(str(tmp_path / "stack")), StopAt(5))
    report = engine.resume(str(tmp_path / "stack.partial"), Control())
    assert report.status is Status.COMPLETE_WITH_FAILURES
    assert report.resumed_rows
    assert file_contents(tmp_path / "stack", output) == file_contents(tmp_path / "whole", output)


@pytest.mark.parametrize("output", [TOY], indirect=True)
def test_what_nobody_declares_is_not_opened(engine, plan, tmp_path, monkeypatch):
    engine.convert(plan, RunOptions(str(tmp_path / "stack")), Control())
    monkeypatch.setitem(OUTPUTS, Container.HDF5, HDF5)
    with pytest.raises(StackguiError, match="does not know"):
        open_stack(tmp_path / "stack")
    assert "does not know" in engine.verify(str(tmp_path / "stack"), Control()).damage[0].what
