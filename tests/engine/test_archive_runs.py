"""Runs over archives and lists are resumed, retried and verified as those over folders."""

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.errors import Cancelled, OtherJobError
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.report import Status
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from tests.engine.packing import KINDS, files_in, pack
from tests.engine.stopping import StopAt

PICTURES = 40


@pytest.fixture
def tree(tmp_path):
    """Pictures of many sizes; one is cut off."""
    folder = tmp_path / "tree"
    random = np.random.default_rng(3)
    for index in range(PICTURES):
        path = folder / ("cat" if index % 3 else "dog") / f"{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 256, (*random.integers(3, 30, 2), 3), np.uint8)).save(path)
    cut = folder / "cat" / "10.png"
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    return folder


@pytest.fixture
def small_batches(monkeypatch):
    """Few rows a batch, so that a run can be stopped anywhere."""
    monkeypatch.setattr("stackgui.core.run.batches.MAX_BATCH_ROWS", 3)
    monkeypatch.setattr("stackgui.engine.running.progress.PUBLISH_S", 0.0)


def contents(folder):
    return {entry.name: entry.read_bytes() for entry in folder.iterdir()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("small_batches")
def test_a_run_that_was_cancelled_goes_on_to_the_same_bytes(tree, tmp_path, scan, engine, kind):
    plan = resolve(Options(), scan(pack(tmp_path / kind, files_in(tree))))
    engine.convert(plan, RunOptions(str(tmp_path / "whole")), Control())
    with pytest.raises(Cancelled):
        engine.convert(plan, RunOptions(str(tmp_path / "out")), StopAt(12))
    left = engine.unfinished(str(tmp_path / "out"))
    assert 12 <= left.rows_done < PICTURES
    report = engine.resume(left.partial, Control())
    assert report.resumed_rows == left.rows_done
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    checked = engine.verify(str(tmp_path / "out"), Control(), deep=None)
    assert (checked.damage, checked.not_compared, checked.decoded) == ((), (), PICTURES - 1)


@pytest.mark.usefixtures("small_batches")
def test_shuffled_rows_of_a_stream_are_those_of_its_folder(tree, tmp_path, scan, engine):
    """They are decoded in the order of the stream, and written, journalled and resumed row by row."""
    options, streamed = Options(shuffle=True, seed=5), tmp_path / "streamed"
    catalog = scan(pack(tmp_path / "plain.tar.gz", files_in(tree)))
    with pytest.raises(Cancelled):
        engine.convert(resolve(options, catalog), RunOptions(str(streamed)), StopAt(12))
    report = engine.resume(engine.unfinished(str(streamed)).partial, Control())
    assert report.resumed_rows >= 12
    engine.convert(resolve(options, scan(tree)), RunOptions(str(tmp_path / "folder")), Control())
    for name in ("images.npy", "valid.npy", "checksums.npy"):
        assert (streamed / name).read_bytes() == (tmp_path / "folder" / name).read_bytes()
    assert [failure.reason for failure in report.failures] != []
    checked = engine.verify(str(streamed), Control(), deep=None)
    assert (checked.damage, checked.not_compared, checked.decoded) == ((), (), PICTURES - 1)


@pytest.mark.usefixtures("small_batches")
def test_a_run_over_an_archive_that_was_changed_since_is_not_resumed_unasked(tree, tmp_path, scan, engine):
    archive = pack(tmp_path / "plain.tar", files_in(tree))
    with pytest.raises(Cancelled):
        engine.convert(resolve(Options(), scan(archive)), RunOptions(str(tmp_path / "out")), StopAt(12))
    partial = engine.unfinished(str(tmp_path / "out")).partial
    Image.new("RGB", (7, 9), "red").save(tree / "cat" / "1.png")
    pack(archive, files_in(tree))
    with pytest.raises(OtherJobError, match="have changed since"):
        engine.resume(partial, Control())
    engine.resume(partial, Control(), redo_changed=True)
    engine.convert(resolve(Options(), scan(archive)), RunOptions(str(tmp_path / "whole")), Control())
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_what_a_list_names_and_was_missing_gets_its_row_later(tree, tmp_path, scan, engine):
    lines = ["file,label", "cat/1.png,tabby", "cat/late.png,lion", "dog/0.png,poodle"]
    (tree / "list.csv").write_text("\n".join(lines))
    stack = tmp_path / "stack"
    report = engine.convert(resolve(Options(), scan(tree / "list.csv")), RunOptions(str(stack)), Control())
    assert [(failure.row, failure.reason) for failure in report.failures] == [(1, "there is no such file")]
    late = np.full((2, 3, 3), 77, np.uint8)
    Image.fromarray(late).save(tree / "cat" / "late.png")
    again = engine.retry_failed(str(stack), Control())
    assert (again.status, again.retried, again.repaired) == (Status.COMPLETE, 1, 1)
    assert np.array_equal(np.load(stack / "images.npy")[1, :2, :3], late)
    assert np.load(stack / "valid.npy").tolist() == [True, True, True]
    assert engine.verify(str(stack), Control(), deep=None).is_sound
