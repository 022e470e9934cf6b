"""Stacks of several arrays, of chosen samples, and in another order."""

import json

import numpy as np
import pytest

import stackgui
from stackgui.core.base.choices import Fit, Layout, Resizer, Storage
from stackgui.core.base.errors import Cancelled, StackguiError
from stackgui.core.base.size import Size
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.engine import Control
from tests.engine.reference import plain_rows

CHOICES = [
    Options(buckets=3),
    Options(buckets=2, layout=Layout.NCHW, fill=7, multiple=8, shuffle=True, seed=3),
    Options(buckets=4, fit=Fit.LETTERBOX, size=Size.exact(30, 30), split=Split.parse("60/20/20")),
    Options(shuffle=True, multiple=16, smallest_px=80),
]


class StopAt(Control[FillProgress]):
    """Cancels a run as soon as so many rows are done."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows = rows

    def publish(self, snapshot: FillProgress) -> None:
        super().publish(snapshot)
        if snapshot.phase is Phase.FILLING and snapshot.rows_done >= self._rows:
            self.cancel()


def plan_for(catalog, options):
    """Without one of the pictures, and with another one that is to be made smaller."""
    left_out, too_large = (SampleSet.of(catalog, [sample]) for sample in (2, 5))
    chosen = {**_fields(options), "exclude": left_out, "shrink": too_large, "resizer": Resizer.PILLOW}
    return resolve(Options(**chosen), catalog)


def _fields(options):
    return {name: getattr(options, name) for name in options.__dataclass_fields__}


@pytest.mark.parametrize("storage", [Storage.MEMORY, Storage.FILE])
@pytest.mark.parametrize("options", CHOICES, ids=["three", "two shuffled", "letterbox", "one"])
def test_each_row_is_where_the_manifest_says(pictures, scan, engine, tmp_path, options, storage):
    plan = plan_for(scan(pictures), options)
    assert 1 < len(plan.buckets) <= options.buckets or options.buckets == 1
    report = engine.convert(plan, RunOptions(str(tmp_path / "stack"), storage=storage), Control())
    assert report.skipped["pictures excluded"] == 1
    assert report.rows == len(plan.catalog) - 1
    failed = {failure.row for failure in report.failures}
    assert len(failed) == 1
    rows = [json.loads(line) for line in (tmp_path / "stack" / "manifest.jsonl").read_text().splitlines()]
    with stackgui.open_stack(tmp_path / "stack") as stack:
        for index, array in enumerate(stack.arrays):
            assert np.array_equal(array, plain_rows(plan, failed, index))
        assert len(stack) == sum(len(array) for array in stack.arrays) == len(rows)
        for row, (said, file, pixels) in enumerate(zip(rows, stack.files, stack, strict=True)):
            array, index = stack.place(row)
            assert (stack.specs[array].file, index) == (said["array"], said["index"])
            assert file == plan.catalog.file(int(plan.samples[row]))
            assert np.shares_memory(pixels, stack.arrays[array])
            assert stack.original(row).shape[stack.layout is Layout.NCHW :][:2] == tuple(
                said["placement"][2:]
            )
            assert stack.splits is None or stack.parts[stack.splits[row]] == said["split"]
    assert engine.verify(str(tmp_path / "stack"), Control(), deep=None).damage == ()


def test_several_arrays_are_not_taken_for_one(pictures, scan, engine, tmp_path):
    engine.convert(resolve(CHOICES[0], scan(pictures)), RunOptions(str(tmp_path / "stack")), Control())
    with stackgui.open_stack(tmp_path / "stack") as stack:
        with pytest.raises(StackguiError, match="has 3 arrays, for rows of different sizes"):
            _ = stack.images
        with pytest.raises(IndexError):
            stack[len(stack)]
        assert np.array_equal(stack[-1], stack.arrays[-1][-1])


@pytest.mark.parametrize("options", CHOICES[:2], ids=["three", "two shuffled"])
def test_a_stack_of_several_arrays_is_resumed(pictures, scan, engine, tmp_path, options, monkeypatch):
    monkeypatch.setattr("stackgui.core.run.batches.MAX_BATCH_ROWS", 2)
    monkeypatch.setattr("stackgui.engine.running.progress.PUBLISH_S", 0.0)
    plan = plan_for(scan(pictures), options)
    with pytest.raises(Cancelled):
        engine.convert(plan, RunOptions(str(tmp_path / "stack")), StopAt(7))
    report = engine.resume(str(tmp_path / "stack.partial"), Control())
    assert 0 < report.resumed_rows < plan.rows
    engine.convert(plan, RunOptions(str(tmp_path / "whole"), unfinished=IfUnfinished.REFUSE), Control())
    for file in (tmp_path / "whole").iterdir():
        if file.name != "stack.json":
            assert file.read_bytes() == (tmp_path / "stack" / file.name).read_bytes(), file.name


def test_damage_is_found_in_any_array(pictures, scan, engine, tmp_path):
    plan = resolve(CHOICES[0], scan(pictures))
    engine.convert(plan, RunOptions(str(tmp_path / "stack")), Control())
    file = tmp_path / "stack" / plan.arrays[-1].file
    with open(file, "r+b") as opened:
        opened.seek(-plan.arrays[-1].row_bytes, 2)
        byte = opened.read(1)
        opened.seek(-1, 1)
        opened.write(bytes([byte[0] ^ 1]))
    (damage,) = engine.verify(str(tmp_path / "stack"), Control()).damage
    assert (damage.file, damage.row) == (plan.arrays[-1].file, plan.rows - 1)
