"""What an ``.npz`` holds, as NumPy reads it."""

import os

import numpy as np
import pytest

from stackgui import open_stack
from stackgui.core.base.cancellation import UNWATCHED, Unwatched
from stackgui.core.base.choices import Layout
from stackgui.core.base.errors import StackguiError
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.stores.export.exporting import export_stack
from stackgui.stores.export.npz import NPZ
from stackgui.stores.stack.reader import Stack
from tests.stores.export.making import made
from tests.stores.stack.test_stack import FILES, write_stack


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
    assert list(found) == ["images", "valid", "placements", "labels", "classes", "files"]
    np.testing.assert_array_equal(found["images"], expected)
    assert found["images"].dtype == expected.dtype
    assert found["valid"].tolist() == [True, True, False, False]
    assert found["placements"].tolist() == [[0, 0, 4, 6], [0, 0, 7, 3], [0] * 4, [0] * 4]
    assert found["labels"].tolist() == [0, 0, 1, 1]
    assert found["classes"].tolist() == ["cat", "dog"]
    assert found["files"].tolist() == FILES
    assert not any(table.dtype.hasobject for table in found.values())


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
