"""The shared pictures, converted as the issue of the first release asks: row by row equal to Pillow."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

import stackgui
from stackgui.core.base.choices import Layout, Storage
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine


@pytest.fixture(scope="module")
def engine():
    with Engine() as started:
        started.warm_up()
        yield started


def _convert(engine: Engine, source: Path, out: Path, options: Options, storage: Storage):
    plan = resolve(options, engine.scan([str(source)], Control()))
    return engine.convert(plan, RunOptions(str(out), storage=storage), Control())


def _check_rows(stack_folder: Path, step: int) -> None:
    """Compare every `step`-th row with what Pillow makes of its file, and the manifest with both."""
    lines = (stack_folder / "manifest.jsonl").read_text().splitlines()
    with stackgui.open_stack(stack_folder) as stack:
        nchw = stack.images.shape[1] == 3
        for row in range(0, len(stack), step):
            entry = json.loads(lines[row])
            assert entry["row"] == row
            assert os.path.join(entry["source"], entry["file"]) == stack.files[row]
            with Image.open(stack.files[row]) as opened:
                picture = np.asarray(ImageOps.exif_transpose(opened).convert("RGB"))
            expected = np.zeros((*stack.images.shape[2:], 3) if nchw else stack.images.shape[1:], np.uint8)
            expected[: picture.shape[0], : picture.shape[1]] = picture
            found = stack.images[row].transpose(1, 2, 0) if nchw else stack.images[row]
            assert np.array_equal(found, expected), stack.files[row]
            assert np.array_equal(stack.original(row), picture.transpose(2, 0, 1) if nchw else picture)


BOTH_WAYS = [(Layout.NHWC, Storage.FILE), (Layout.NCHW, Storage.MEMORY)]
"""Either layout and either storage once: pixels are laid out before they are stored."""


@pytest.mark.parametrize(("layout", "storage"), BOTH_WAYS)
def test_photos_padded_to_their_largest(photos, engine, tmp_path, layout, storage):
    report = _convert(engine, photos, tmp_path / "stack", Options(layout=layout), storage)
    assert (report.rows, report.failures, report.status) == (250, (), "complete")
    _check_rows(tmp_path / "stack", step=1 if storage is Storage.FILE else 7)


@pytest.mark.parametrize(("layout", "storage"), BOTH_WAYS)
def test_thumbnails_with_labels(thumbnails, engine, tmp_path, layout, storage):
    report = _convert(engine, thumbnails, tmp_path / "stack", Options(layout=layout), storage)
    assert (report.rows, report.failures, report.status) == (10_000, (), "complete")
    _check_rows(tmp_path / "stack", step=1 if storage is Storage.FILE else 50)
    with stackgui.open_stack(tmp_path / "stack") as stack:
        assert stack.classes == sorted(entry.name for entry in thumbnails.iterdir())
        assert np.bincount(stack.labels).tolist() == [500] * 20
        for row in range(0, len(stack), 500):
            assert stack.classes[stack.labels[row]] == Path(stack.files[row]).parent.name


@pytest.mark.parametrize("storage", [Storage.MEMORY, Storage.FILE])
def test_hostile_files_are_rows_or_listed(hostile, engine, tmp_path, storage):
    report = _convert(engine, hostile, tmp_path / "stack", Options(size=Size.exact(64, 64)), storage)
    assert report.rows + sum(report.skipped.values()) == 941
    assert len(report.failures) > 100
    assert all(failure.reason for failure in report.failures)
    with stackgui.open_stack(tmp_path / "stack") as stack:
        failed = {failure.row for failure in report.failures}
        assert np.flatnonzero(~stack.valid).tolist() == sorted(failed)
        assert not stack.images[~stack.valid].any()
        assert not stack.placements[~stack.valid].any()
        assert (stack.placements[stack.valid][:, 2:] > 0).all()


def test_pictures_turned_by_a_mark_come_out_alike(hostile, engine, tmp_path):
    folder = hostile / "exif-orientation"
    _convert(engine, folder, tmp_path / "stack", Options(), Storage.FILE)
    with stackgui.open_stack(tmp_path / "stack") as stack:
        for shape in ("Landscape", "Portrait"):
            rows = [row for row, file in enumerate(stack.files) if Path(file).name.startswith(shape)]
            assert len(rows) == 9
            first = stack.original(rows[0]).astype(int)
            for row in rows[1:]:
                # The nine were compressed after turning, so that their pixels differ by some levels.
                assert np.abs(stack.original(row).astype(int) - first).mean() < 8
