"""What holds for every exporter: bounded memory, restarts, and a text that opens what was made."""

import os
import runpy
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui import open_stack
from stackgui.core.annotations.annotations import Objects, Tags
from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base.cancellation import UNWATCHED, Unwatched
from stackgui.core.base.errors import Cancelled
from stackgui.core.run import sharding
from stackgui.core.run.edits import ExcludeEdit
from stackgui.core.run.loading_from import ZARR_LOADS, Holds, naming
from stackgui.engine import Control
from stackgui.stores.export import EXPORTERS, contents, parquet
from stackgui.stores.export.exporting import export_stack
from stackgui.stores.stack import reader
from stackgui.stores.stack.edit import edit_stack
from tests.stores.export.making import UNCLOSED, made
from tests.stores.export.naming import named_alike
from tests.stores.stack.test_stack import write_stack

MIB = 2**20
ROWS = 96


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A stack of 18 MiB, without pixels."""
    folder = tmp_path_factory.mktemp("large") / "stack"
    nothing = SampleAnnotations(("cat",), Objects.none(), Tags.none(), np.ones(ROWS, np.bool_))
    made(folder, [(256, 256)] * ROWS, annotations=nothing)
    return folder


@pytest.fixture
def small_pieces(monkeypatch):
    """Let a stack count as large that is not, so that the test is quick."""
    monkeypatch.setattr(contents, "BATCH_BYTES", MIB)
    monkeypatch.setattr(reader, "_READ_BYTES", MIB)
    monkeypatch.setattr(sharding, "SHARD_BYTES", MIB)
    monkeypatch.setattr(parquet, "_GROUP_BYTES", MIB)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("exporter", EXPORTERS.values(), ids=list(EXPORTERS))
def test_memory_does_not_grow_with_the_rows(large, tmp_path, exporter):
    told: list[int] = []

    class Told(Unwatched):
        def reached(self, done, *_total):
            told.append(done)

    with open_stack(large) as stack:
        # Libraries take memory once.
        export_stack(stack, exporter, str(tmp_path / f"first{exporter.suffix}"), UNWATCHED)
        target = str(tmp_path / f"out{exporter.suffix}")
        tracemalloc.start()
        try:
            export_stack(stack, exporter, target, Told())
            _now, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak_bytes < 9 * MIB
    assert told == sorted(told)
    assert told[-1] == ROWS
    assert len(told) > 2


@pytest.mark.parametrize("exporter", EXPORTERS.values(), ids=list(EXPORTERS))
def test_cancelling_leaves_nothing_and_a_second_try_makes_it(everything, tmp_path, exporter):
    target = tmp_path / f"out{exporter.suffix}"

    class Cancels(Unwatched):
        def reached(self, *_done):
            raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        export_stack(everything, exporter, str(target), Cancels())
    assert os.listdir(tmp_path) == []
    export_stack(everything, exporter, str(target), UNWATCHED)
    assert os.listdir(tmp_path) == [target.name]


def of_webdataset(found):
    row = next(iter(found["rows"]))
    return row["json"]["row"], row["png"]


def of_parquet(found):
    row = found["rows"]["train"][0]
    return row["row"], np.asarray(row["image"])


def of_coco(found):
    about = found["coco"].loadImgs(found["coco"].getImgIds()[:1])[0]
    return about["row"], found["picture"](about)


def of_yolo(found):
    return int(Path(found["pictures"][0]).stem), np.asarray(Image.open(found["pictures"][0]))


FIRST = {"webdataset": of_webdataset, "parquet": of_parquet, "coco": of_coco, "yolo": of_yolo}
"""How the number and the pixels of some row are had where there is no array."""


@UNCLOSED
@pytest.mark.parametrize("name", EXPORTERS)
def test_the_lines_that_open_it_do(stacks, engine, tmp_path, name):
    target = tmp_path / f"out{EXPORTERS[name].suffix}"
    report = engine.export(str(stacks("everything")), name, str(target), Control())
    assert (report.rows, report.failed) == (10 if report.keeps_all else 9, 1)
    lacks = name in {"tiff", "yolo"}
    assert [note[:6] for note in report.notes] == ["1 row ", *(["Left o"] if lacks else [])]
    (tmp_path / "opens.py").write_text(report.loading)
    found = runpy.run_path(str(tmp_path / "opens.py"))
    with open_stack(stacks("everything")) as stack:
        if name not in FIRST:
            named_alike(found, stack, is_all=name != "tiff")
        else:
            row, pixels = FIRST[name](found)
            np.testing.assert_array_equal(pixels, stack[row])


@pytest.mark.parametrize(("name", "rows"), [("webdataset", 1), ("npz", 4)])
def test_excluded_rows_are_left_out_or_marked(engine, tmp_path, name, rows):
    write_stack(tmp_path / "stack")
    edit_stack(tmp_path / "stack", [ExcludeEdit((1,), excluded=True)])
    target = tmp_path / f"out{EXPORTERS[name].suffix}"
    report = engine.export(str(tmp_path / "stack"), name, str(target), Control())
    assert (report.rows, report.failed, report.excluded) == (rows, 2, 1)
    assert "excluded" in report.notes[1]
    if name == "npz":
        with np.load(target) as found:
            assert found["excluded"].tolist() == [False, True, False, False]
            assert found["valid"].tolist() == [True, False, False, False]
            assert found["images"][1].any()


def test_names_that_are_no_names_of_python_are_left_out_of_the_lines():
    holds = Holds({"images-8x6": "(1, 8, 6, 3), uint8", 'x"];print(1)#': "evil"}, ("two words", "valid"))
    assert list(naming(holds, ZARR_LOADS)) == [
        'images_8x6 = stack["images-8x6"]  # (1, 8, 6, 3), uint8',
        'valid = stack["valid"][...]  # False for rows that do not count',
    ]
