"""What an ``.npz`` holds, as NumPy reads it."""

import os
import tracemalloc

import numpy as np
import pytest

from stackgui import open_stack
from stackgui.core.base.cancellation import UNWATCHED, Unwatched
from stackgui.core.base.choices import Layout, Storage
from stackgui.core.base.errors import StackguiError
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.run.row_results import RowsDone
from stackgui.core.run.run_options import RunOptions
from stackgui.stores.export.exporting import export_stack
from stackgui.stores.export.npz import NPZ
from stackgui.stores.stack.reader import Stack
from stackgui.stores.stack.stack import StackWriter
from tests.making import make_plan
from tests.stores.stack.test_stack import write_stack

MIB = 2**20


def loaded(path):
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


@pytest.mark.parametrize("layout", Layout)
def test_numpy_loads_what_the_stack_holds(tmp_path, layout):
    _, expected = write_stack(tmp_path / "stack", layout=layout)
    with open_stack(tmp_path / "stack") as stack:
        told: list[int] = []

        class Told(Unwatched):
            def reached(self, done, *_total):
                told.append(done)

        size_bytes = export_stack(stack, NPZ, str(tmp_path / "out.npz"), Told())
        assert told[-1] == len(stack)
        assert size_bytes == os.stat(tmp_path / "out.npz").st_size <= NPZ.size_bytes(stack)
    found = loaded(tmp_path / "out.npz")
    assert list(found) == ["images", "valid", "placements", "labels", "classes"]
    np.testing.assert_array_equal(found["images"], expected)
    assert found["images"].dtype == expected.dtype
    assert found["valid"].tolist() == [True, True, False, False]
    assert found["placements"].tolist() == [[0, 0, 4, 6], [0, 0, 7, 3], [0] * 4, [0] * 4]
    assert found["labels"].tolist() == [0, 0, 1, 1]
    assert found["classes"].tolist() == ["cat", "dog"]
    assert not any(table.dtype.hasobject for table in found.values())


def made(folder, sizes, options):
    """A stack without pixels, all of whose rows count as valid."""
    plan = make_plan(sizes, options)
    writer = StackWriter.open(plan, RunOptions(str(folder)), Storage.FILE, {})
    writer.outcomes.record(RowsDone(0, np.ones(plan.rows, bool), np.zeros(plan.rows, np.uint64), {}))
    writer.write_tables()
    writer.publish()


def test_every_array_and_the_splits_are_there(tmp_path):
    options = Options(buckets=2, split=Split.parse("50/25/25"))
    made(tmp_path / "stack", [(4, 6), (40, 60)] * 4, options)
    with open_stack(tmp_path / "stack") as stack:
        export_stack(stack, NPZ, str(tmp_path / "out.npz"), UNWATCHED)
        found = loaded(tmp_path / "out.npz")
        assert list(found)[:2] == ["images-4x6", "images-40x60"]
        assert found["images-40x60"].shape == (4, 40, 60, 3)
        assert found["splits"].tolist() == stack.splits.tolist()
        assert found["parts"].tolist() == stack.parts


def test_memory_does_not_grow_with_the_rows(tmp_path):
    made(tmp_path / "stack", [(1024, 1024)] * 24, Options())
    with open_stack(tmp_path / "stack") as stack:
        tracemalloc.start()
        try:
            export_stack(stack, NPZ, str(tmp_path / "out.npz"), UNWATCHED)
            _now, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert os.stat(tmp_path / "out.npz").st_size > 72 * MIB
    assert peak_bytes < 16 * MIB


def test_a_damaged_array_is_told_and_nothing_left(tmp_path):
    write_stack(tmp_path / "stack")
    with open(tmp_path / "stack" / "images.npy", "ab") as file:
        file.write(b"more")
    with Stack(str(tmp_path / "stack")) as stack, pytest.raises(StackguiError, match="damaged"):
        export_stack(stack, NPZ, str(tmp_path / "out.npz"), UNWATCHED)
    assert os.listdir(tmp_path) == ["stack"]


def test_equal_stacks_become_equal_files(tmp_path):
    for name in ("one", "two"):
        write_stack(tmp_path / "stack", replace=True)
        with open_stack(tmp_path / "stack") as stack:
            export_stack(stack, NPZ, str(tmp_path / f"{name}.npz"), UNWATCHED)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
