"""An unfinished conversion goes on where it was, and ends as if nothing had happened."""

import os
import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Layout, Storage
from stackgui.core.base.errors import Cancelled, DestinationError, OtherJobError, UnfinishedError
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.progress import Phase
from stackgui.core.run.report import Status
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.engine import Control
from stackgui.engine.running import fill
from stackgui.engine.workers import run_batches
from stackgui.stores.arrays.checksums import block_checksum
from stackgui.stores.format.column_file import ColumnWriter
from stackgui.stores.recovery import resume as store_resume
from stackgui.stores.recovery.journal import read_journal
from tests.engine.stopping import StopAt

ROWS = 60


@pytest.fixture
def folder(tmp_path) -> Path:
    """Pictures of many sizes; two are cut off, and the first is by far the tallest."""
    made = tmp_path / "pictures"
    random = np.random.default_rng(5)
    for index in range(ROWS):
        size = (90, 4) if index == 0 else tuple(random.integers(3, 30, 2))
        path = made / ("cat" if index % 3 else "dog") / f"{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 256, (*size, 3), np.uint8)).save(path)
    for name in ("cat/10.png", "dog/30.png"):
        whole = (made / name).read_bytes()
        (made / name).write_bytes(whole[: len(whole) // 2])
    return made


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    """Few rows a batch, so that a run can be stopped anywhere."""
    monkeypatch.setattr("stackgui.core.run.batches.MAX_BATCH_ROWS", 3)
    monkeypatch.setattr("stackgui.engine.running.progress.PUBLISH_S", 0.0)


def contents(folder: Path) -> dict[str, bytes]:
    return {entry.name: entry.read_bytes() for entry in folder.iterdir()}


def run_options(out: Path, **choices) -> RunOptions:
    return RunOptions(str(out), **choices)


def unfinished(engine, plan, out: Path, rows: int = 20, **choices) -> Path:
    """Stop a conversion after some rows; the folder that it leaves."""
    with pytest.raises(Cancelled):
        engine.convert(plan, run_options(out, **choices), StopAt(rows))
    return out.with_name(out.name + ".partial")


@pytest.fixture
def decoded(monkeypatch) -> list[str]:
    """The files that were handed to workers."""
    names: list[str] = []
    files_of = run_batches.files_of

    def counted(plan, samples, *more):
        names.extend(plan.catalog.path[sample] for sample in samples.tolist())
        return files_of(plan, samples, *more)

    monkeypatch.setattr(run_batches, "files_of", counted)
    return names


@pytest.mark.parametrize("again", [Storage.MEMORY, Storage.FILE])
@pytest.mark.parametrize("storage", [Storage.MEMORY, Storage.FILE])
@pytest.mark.parametrize(
    "options", [Options(), Options(fill=7, layout=Layout.NCHW), Options(size=Size.exact(20, 20))]
)
def test_the_result_is_that_of_an_uninterrupted_run(
    folder, scan, engine, tmp_path, decoded, options, storage, again
):
    plan = resolve(options, scan(folder))
    engine.convert(plan, run_options(tmp_path / "whole"), Control())
    partial = unfinished(engine, plan, tmp_path / "out", storage=storage)
    left = engine.unfinished(str(tmp_path / "out"))
    assert 20 <= left.rows_done < left.rows == ROWS
    assert (left.sources, left.options, left.in_use) == ((str(folder),), options, False)
    assert left.partial == str(partial)
    decoded.clear()
    control = StopAt(ROWS + 1)
    choices = {"storage": again, "unfinished": IfUnfinished.RESUME}
    report = engine.convert(resolve(options, scan(folder)), run_options(tmp_path / "out", **choices), control)
    assert Phase.CHECKING in control.phases
    assert len(decoded) == len(set(decoded)) == ROWS - left.rows_done
    assert (report.resumed_rows, report.status) == (left.rows_done, Status.COMPLETE_WITH_FAILURES)
    assert [failure.row for failure in report.failures] == np.flatnonzero(
        ~np.load(tmp_path / "whole" / "valid.npy")
    ).tolist()
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert not partial.exists()
    assert engine.unfinished(str(tmp_path / "out")) is None


def test_a_run_that_is_resumed_ends_with_its_report(folder, scan, engine, tmp_path):
    partial = unfinished(engine, resolve(Options(), scan(folder)), tmp_path / "out", report=True)
    report = engine.resume(str(partial), Control())
    assert report.page == str(tmp_path / "out" / "report.html")
    assert "cat/10.png" in Path(report.page).read_text(encoding="utf-8")


def test_it_can_be_stopped_again_and_again(folder, scan, engine, tmp_path):
    plan = resolve(Options(), scan(folder))
    engine.convert(plan, run_options(tmp_path / "whole"), Control())
    partial = unfinished(engine, plan, tmp_path / "out", 5)
    for rows in (15, 30, 45):
        with pytest.raises(Cancelled):
            engine.resume(str(partial), StopAt(rows))
        assert engine.unfinished(str(tmp_path / "out")).rows_done >= rows
    assert engine.resume(str(partial), Control()).rows == ROWS
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_an_unfinished_conversion_is_not_thrown_away_unasked(folder, scan, engine, tmp_path):
    plan = resolve(Options(), scan(folder))
    partial = unfinished(engine, plan, tmp_path / "out")
    before = contents(partial)
    with pytest.raises(
        UnfinishedError, match=r"An unfinished conversion to .*out was found, with \d+ of 60 rows"
    ):
        engine.convert(plan, run_options(tmp_path / "out"), Control())
    with pytest.raises(UnfinishedError):
        engine.check_destination([str(folder)], run_options(tmp_path / "out"))
    assert contents(partial) == before
    report = engine.convert(plan, run_options(tmp_path / "out", unfinished=IfUnfinished.RESTART), Control())
    assert report.resumed_rows == 0
    assert sorted(os.listdir(tmp_path)) == ["out", "pictures"]


def test_without_one_resuming_is_converting(folder, scan, engine, tmp_path):
    plan = resolve(Options(), scan(folder))
    for choice in IfUnfinished:
        report = engine.convert(plan, run_options(tmp_path / choice, unfinished=choice), Control())
        assert report.resumed_rows == 0


def test_other_options_are_refused_and_shown(folder, scan, engine, tmp_path):
    partial = unfinished(engine, resolve(Options(), scan(folder)), tmp_path / "out")
    before = contents(partial)
    other = resolve(Options(fill=3, layout=Layout.NCHW), scan(folder))
    for choice in (IfUnfinished.RESUME, IfUnfinished.REDO):
        with pytest.raises(
            OtherJobError, match=r"fill value was 0.0, now 3.0; layout was NHWC, now NCHW"
        ) as caught:
            engine.convert(other, run_options(tmp_path / "out", unfinished=choice), Control())
        assert not caught.value.redoable
    assert contents(partial) == before


def test_other_decoders_are_refused_and_shown(folder, scan, engine, tmp_path, monkeypatch):
    partial = unfinished(engine, resolve(Options(), scan(folder)), tmp_path / "out")
    real = fill.versions((), None)
    monkeypatch.setattr(fill, "versions", lambda _formats, _scaled_by: real | {"simplejpeg": "0.1"})
    with pytest.raises(OtherJobError, match=r"Other versions: simplejpeg was .*, now 0\.1"):
        engine.resume(str(partial), Control(), redo_changed=True)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda folder: (folder / "cat" / "1.png").unlink(), r"1 file \(cat/1\.png\) is no longer there"),
        (
            lambda folder: shutil.copy(folder / "cat" / "1.png", folder / "cat" / "0.png"),
            r"cat/0\.png\) is new",
        ),
    ],
)
def test_another_list_of_files_is_refused_and_shown(folder, scan, engine, tmp_path, change, text):
    partial = unfinished(engine, resolve(Options(), scan(folder)), tmp_path / "out")
    change(folder)
    with pytest.raises(OtherJobError, match=text):
        engine.resume(str(partial), Control(), redo_changed=True)
    assert partial.is_dir()


def test_changed_files_alone_are_done_again(folder, scan, engine, tmp_path, decoded):
    partial = unfinished(engine, resolve(Options(), scan(folder)), tmp_path / "out", 40)
    left = engine.unfinished(str(tmp_path / "out"))
    Image.new("RGB", (7, 9), "red").save(folder / "cat" / "1.png")
    os.utime(folder / "cat" / "2.png", ns=(1, 1))
    (folder / "dog" / "3.png").write_bytes(b"no picture any more")
    with pytest.raises(OtherJobError, match=r"3 files .* have changed since") as caught:
        engine.resume(str(partial), Control())
    assert caught.value.redoable
    decoded.clear()
    engine.resume(str(partial), Control(), redo_changed=True)
    assert {"cat/1.png", "cat/2.png"} <= set(decoded)
    assert len(decoded) <= ROWS - left.rows_done + 3
    engine.convert(resolve(Options(), scan(folder)), run_options(tmp_path / "whole"), Control())
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_rows_that_are_not_what_was_written_are_done_again(folder, scan, engine, tmp_path, decoded):
    plan = resolve(Options(), scan(folder))
    engine.convert(plan, run_options(tmp_path / "whole"), Control())
    partial = unfinished(engine, plan, tmp_path / "out", 40)
    rows = np.load(partial / "images.npy", mmap_mode="r+")
    wrong = [
        row
        for entry in read_journal(str(partial / "journal")).rows
        for row in [entry.first]
        if entry.valid[0]
    ][:2]
    rows[wrong, 0, 0] ^= 1
    rows.flush()
    left = engine.unfinished(str(tmp_path / "out"))
    decoded.clear()
    report = engine.resume(str(partial), Control())
    assert {plan.catalog.path[row] for row in wrong} <= set(decoded)
    assert len(decoded) == ROWS - left.rows_done + 2
    assert report.resumed_rows == left.rows_done - 2
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_rubbish_in_rows_that_are_not_done_is_gone(folder, scan, engine, tmp_path):
    """As after a crash: rows were written of which the journal does not tell, and their files fail now."""
    plan = resolve(Options(), scan(folder))
    partial = unfinished(engine, plan, tmp_path / "out", 10)
    array = np.load(partial / "images.npy", mmap_mode="r+")
    done = np.zeros(ROWS, bool)
    for entry in read_journal(str(partial / "journal")).rows:
        done[entry.first : entry.first + len(entry)] = True
    array[~done] = 99
    array.flush()
    engine.resume(str(partial), Control())
    engine.convert(plan, run_options(tmp_path / "whole"), Control())
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


@pytest.mark.parametrize("step", ["append", "save_plan", "write_names", "replace", "adopt_next_journal"])
def test_a_crash_while_changed_files_are_forgotten_loses_nothing(
    folder, scan, engine, tmp_path, monkeypatch, step
):
    partial = unfinished(engine, resolve(Options(), scan(folder)), tmp_path / "out", 40)
    Image.new("RGB", (7, 9), "red").save(folder / "cat" / "1.png")
    left = engine.unfinished(str(tmp_path / "out"))

    class PowerCutError(Exception):
        pass

    def cut(*_arguments):
        raise PowerCutError

    with monkeypatch.context() as patch:
        targets = {"append": store_resume.Journal, "write_names": ColumnWriter, "replace": os}
        target = targets.get(step, store_resume)
        patch.setattr(target, step, cut)
        with pytest.raises(PowerCutError):
            engine.resume(str(partial), Control(), redo_changed=True)
    report = engine.resume(str(partial), Control(), redo_changed=True)
    assert report.resumed_rows in (left.rows_done, left.rows_done - 1)
    engine.convert(resolve(Options(), scan(folder)), run_options(tmp_path / "whole"), Control())
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_what_holds_nothing_is_not_resumed(engine, tmp_path):
    (tmp_path / "empty.partial").mkdir()
    for name, words in (("nothing.partial", "There is no folder"), ("empty.partial", "holds nothing that")):
        with pytest.raises(DestinationError, match=words):
            engine.resume(str(tmp_path / name), Control())


def test_a_conversion_that_goes_on_is_in_use(folder, scan, engine, tmp_path):
    seen = []

    class Look(StopAt):
        def publish(self, snapshot):
            super().publish(snapshot)
            if snapshot.phase is Phase.FILLING and not seen:
                seen.append(engine.unfinished(str(tmp_path / "out")).in_use)

    partial = unfinished(engine, resolve(Options(), scan(folder)), tmp_path / "out", 10)
    engine.resume(str(partial), Look(ROWS + 1))
    assert seen == [True]


def test_checksums_do_not_hang_on_batches(folder, scan, engine, tmp_path, monkeypatch):
    plan = resolve(Options(), scan(folder))
    engine.convert(plan, run_options(tmp_path / "small"), Control())
    monkeypatch.undo()
    engine.convert(plan, run_options(tmp_path / "large"), Control())
    sums = np.load(tmp_path / "large" / "checksums.npy")
    assert np.array_equal(sums, np.load(tmp_path / "small" / "checksums.npy"))
    valid = np.load(tmp_path / "large" / "valid.npy")
    images, placements = (np.load(tmp_path / "large" / f"{name}.npy") for name in ("images", "placements"))
    for row, (top, left, height, width) in enumerate(placements.tolist()):
        block = np.ascontiguousarray(images[row, top : top + height, left : left + width])
        assert sums[row] == (block_checksum(block) if valid[row] else 0)


def test_another_decoder_of_an_extra_is_refused_where_its_pictures_are_in_the_job(
    folder, scan, engine, tmp_path, monkeypatch
):
    h5py.File(folder / "more.h5", "w").create_dataset("x", data=np.zeros((3, 8, 8, 3), np.uint8)).file.close()
    partial = unfinished(engine, resolve(Options(), scan(folder)), tmp_path / "out")
    was = h5py.__version__
    monkeypatch.setattr("pydicom.__version__", "0.1")  # of no picture in the job
    engine.resume(str(partial), Control())
    partial = unfinished(engine, resolve(Options(), scan(folder)), tmp_path / "other")
    monkeypatch.setattr(h5py, "__version__", "0.2")
    with pytest.raises(OtherJobError, match=rf"Other versions: h5py was {was}, now 0\.2"):
        engine.resume(str(partial), Control(), redo_changed=True)
