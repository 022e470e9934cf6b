"""What holds for every exporter: bounded memory, restarts, and a text that opens what was made."""

import importlib
import os
import runpy
import tracemalloc

import numpy as np
import pytest

from stackgui import open_stack
from stackgui.core.base.cancellation import UNWATCHED, Unwatched
from stackgui.core.base.errors import Cancelled
from stackgui.engine import Control
from stackgui.stores.export import EXPORTERS, contents, zarr_group
from stackgui.stores.export.exporting import export_stack
from stackgui.stores.stack import reader
from tests.stores.export.making import made

MIB = 2**20
ROWS = 96


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A stack of 18 MiB, without pixels."""
    folder = tmp_path_factory.mktemp("large") / "stack"
    made(folder, [(256, 256)] * ROWS)
    return folder


@pytest.fixture
def small_pieces(monkeypatch):
    """Let a stack count as large that is not, so that the test is quick."""
    monkeypatch.setattr(contents, "BATCH_BYTES", MIB)
    monkeypatch.setattr(reader, "_READ_BYTES", MIB)
    monkeypatch.setattr(zarr_group, "_SHARD_BYTES", MIB)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("exporter", EXPORTERS.values(), ids=list(EXPORTERS))
def test_memory_does_not_grow_with_the_rows(large, tmp_path, exporter):
    told: list[int] = []

    class Told(Unwatched):
        def reached(self, done, *_total):
            told.append(done)

    with open_stack(large) as stack:
        target = str(tmp_path / f"out{exporter.suffix}")
        for needed in exporter.needs:
            importlib.import_module(needed)  # which takes memory once
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


@pytest.mark.parametrize("name", EXPORTERS)
def test_the_lines_that_open_it_do(stacks, engine, tmp_path, name):
    target = tmp_path / f"out{EXPORTERS[name].suffix}"
    report = engine.export(str(stacks("everything")), name, str(target), Control())
    assert (report.rows, report.blank + report.left_out) == (10 - report.left_out, 1)
    assert report.about_failed.startswith("1 row ")
    (tmp_path / "opens.py").write_text(report.loading)
    found = runpy.run_path(str(tmp_path / "opens.py"))["images"]
    with open_stack(stacks("everything")) as stack:
        np.testing.assert_array_equal(found[0], stack[0])
