"""A stack made on a cluster is that of one machine, byte for byte."""

import json
import shutil
import tarfile
from pathlib import Path

import pytest
from PIL import Image

from stackgui.core.base.choices import Container, DrawMasks, Fit, Numbers, OnError, Reduce, Scale
from stackgui.core.base.errors import Cancelled, RunError, StoreError
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.project.queue import QueuedJob
from stackgui.core.run import ranges
from stackgui.core.run.report import Status
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from stackgui.stores.stack.retry import StackRewriter
from tests.engine.cluster.parts import same_stacks
from tests.engine.stopping import StopAt
from tests.shared_data import REPOSITORY

pytest.importorskip("distributed", reason="Dask is not installed")
from distributed import Reschedule

from stackgui.engine.cluster import filling
from stackgui.engine.cluster.filling import ClusterRows

SAMPLES = REPOSITORY / "resources" / "samples"
SMALL = {"size": Size.exact(24, 20), "fit": Fit.LETTERBOX}


def both(engine: Engine, hosts: Engine, catalog, options: Options, tmp_path: Path):
    """Convert here and on the cluster, and compare the stacks; give the report of the cluster."""
    plan = resolve(options, catalog)
    mine = engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
    theirs = hosts.convert(plan, RunOptions(str(tmp_path / "two")), Control())
    same_stacks(tmp_path / "one", tmp_path / "two")
    assert theirs.failures == mine.failures
    return theirs


@pytest.fixture
def many(monkeypatch) -> None:
    """Hand out two rows at a time."""
    monkeypatch.setattr(ranges, "MAX_RANGE_ROWS", 2)


@pytest.mark.parametrize(
    "options",
    [
        Options(**SMALL),
        Options(fill=7, buckets=3),
        Options(**SMALL, dtype=Numbers.FLOAT32, scale=Scale.MEASURED, container=Container.HDF5),
        Options(**SMALL, reduce=Reduce.MIN_MAX, dtype=Numbers.UINT8),
    ],
)
def test_pictures_of_many_kinds(engine, hosts, scan, pictures, tmp_path, many, options):
    report = both(engine, hosts, scan(pictures), options, tmp_path)
    assert len(report.failures) == 1


def test_masks_boxes_and_labels(engine, hosts, scan, tmp_path, many):
    catalog = scan(SAMPLES)
    assert catalog.annotations is not None
    report = both(engine, hosts, catalog, Options(**SMALL), tmp_path)
    assert len(report.arrays) == 2


def test_masks_that_are_drawn(engine, hosts, scan, tmp_path, many):
    folder = tmp_path / "coco"
    folder.mkdir()
    for index in range(5):
        Image.new("RGB", (30, 20 + index)).save(folder / f"{index}.png")
    images = [{"id": each, "file_name": f"{each}.png", "height": 20 + each, "width": 30} for each in range(4)]
    shapes = [
        {
            "id": each + 1, "image_id": each, "category_id": 1, "area": 50, "iscrowd": 0,
            "bbox": [2, 2, 10, 10], "segmentation": [[2, 2, 12, 2 + each, 12, 12, 3, 11]],
        }
        for each in range(4)
    ]  # fmt: skip
    found = {"images": images, "categories": [{"id": 1, "name": "car"}], "annotations": shapes}
    (folder / "instances.json").write_text(json.dumps(found))
    both(engine, hosts, scan(folder), Options(**SMALL, draw_masks=DrawMasks.OBJECTS), tmp_path)


def test_pictures_in_a_packed_archive(engine, hosts, scan, pictures, tmp_path, many):
    with tarfile.open(tmp_path / "pictures.tar.gz", "w:gz") as archive:
        archive.add(pictures, "pictures")
    both(engine, hosts, scan(tmp_path / "pictures.tar.gz"), Options(**SMALL), tmp_path)


def test_a_failure_stops_the_run_if_it_is_to(hosts, scan, pictures, tmp_path):
    plan = resolve(Options(), scan(pictures))
    run = RunOptions(str(tmp_path / "stack"), on_error=OnError.STOP)
    with pytest.raises(RunError, match=r"broken.png.*stopped there"):
        hosts.convert(plan, run, Control())


def test_a_cancelled_run_is_resumed_with_and_without_the_cluster(
    engine, hosts, scan, pictures, tmp_path, many
):
    plan = resolve(Options(**SMALL), scan(pictures))
    engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
    for name, other in {"two": hosts, "three": engine}.items():
        with pytest.raises(Cancelled):
            hosts.convert(plan, RunOptions(str(tmp_path / name)), StopAt(2))
        report = other.resume(str(tmp_path / f"{name}.partial"), Control())
        assert report.resumed_rows >= 2
        same_stacks(tmp_path / "one", tmp_path / name)


def test_an_update_makes_its_rows_there(engine, hosts, scan, pictures, tmp_path, many, monkeypatch):
    plan = resolve(Options(**SMALL), scan(pictures))
    engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    shutil.copy(pictures / "dog" / "2.png", pictures / "dog" / "new.png")
    Image.new("RGB", (31, 17), "red").save(pictures / "cat" / "1.png")
    mine = engine.update(str(tmp_path / "one"), Control())
    monkeypatch.setattr(ClusterRows, "rows", counted := Counted(ClusterRows.rows))
    theirs = hosts.update(str(tmp_path / "two"), Control())
    assert counted.calls == 1
    assert (mine.new, mine.changed) == (theirs.new, theirs.changed)
    assert (len(mine.new), len(mine.changed)) == (1, 1)
    same_stacks(tmp_path / "one", tmp_path / "two")


@pytest.fixture
def damaged(engine, scan, pictures, tmp_path, many):
    """Two equal stacks with failed rows, whose pictures are sound again."""
    sound = {name: (pictures / name).read_bytes() for name in ("cat/1.png", "dog/2.jpg")}
    for name, data in sound.items():
        (pictures / name).write_bytes(data[: len(data) // 2])
    plan = resolve(Options(**SMALL), scan(pictures))
    engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    for name, data in sound.items():
        (pictures / name).write_bytes(data)
    return tmp_path / "one", tmp_path / "two"


def test_a_retry_makes_its_rows_there(engine, hosts, damaged, monkeypatch):
    one, two = map(str, damaged)
    mine = engine.retry_failed(one, Control())
    monkeypatch.setattr(ClusterRows, "rows", counted := Counted(ClusterRows.rows))
    theirs = hosts.retry_failed(two, Control())
    assert counted.calls == 1
    assert (theirs.retried, theirs.repaired, theirs.failures) == (mine.retried, mine.repaired, mine.failures)
    assert mine.repaired == 2
    same_stacks(*damaged)
    assert hosts.verify(two, Control(), deep=None).is_sound


def test_a_retry_that_fails_there_leaves_the_stack_as_it_was(engine, hosts, damaged, tmp_path, monkeypatch):
    one, two = damaged

    def fails(*_given):
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(StackRewriter, "write_tables", fails)
        with pytest.raises(StoreError, match="The disk is full"):
            hosts.retry_failed(str(two), Control())
    same_stacks(one, two)
    with monkeypatch.context() as patch:
        patch.setattr(
            filling._Handing, "next_done", lambda handing: handing._work.steering._gauge._control.cancel()
        )
        cancelled = hosts.retry_failed(str(two), Control())
    assert (cancelled.status, cancelled.repaired) == (Status.CANCELLED, 0)
    assert engine.verify(str(two), Control(), deep=None).is_sound
    assert hosts.retry_failed(str(two), Control()).repaired == 2


def give_up_once():
    """Let the scheduler count on this worker no more, the first time that somebody asks; runs in a worker."""
    from stackgui.engine.cluster.standing import Standing

    is_sure = Standing._is_sure

    def is_not(standing, cancellation):
        Standing._is_sure = is_sure
        raise Reschedule

    Standing._is_sure = is_not


def test_what_a_worker_may_not_write_any_more_is_made_again(engine, hosts, scan, pictures, tmp_path, many):
    hosts.cluster(Control()).client.run(give_up_once)
    both(engine, hosts, scan(pictures), Options(**SMALL), tmp_path)


def test_a_job_of_the_queue_makes_its_rows_there(engine, hosts, scan, pictures, tmp_path, many, monkeypatch):
    plan = resolve(Options(**SMALL), scan(pictures))
    engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
    monkeypatch.setattr(ClusterRows, "rows", counted := Counted(ClusterRows.rows))
    done = hosts.run_queued(QueuedJob.of(plan, RunOptions(str(tmp_path / "two")), 1000), Control())
    assert (counted.calls, done.notes, len(done.report.failures)) == (1, (), 1)
    same_stacks(tmp_path / "one", tmp_path / "two")


class Counted:
    """A method whose calls are counted."""

    def __init__(self, method):
        self.method, self.calls = method, 0

    def __get__(self, made, _of):
        def call(*given):
            self.calls += 1
            return self.method(made, *given)

        return call


@pytest.mark.slow
@pytest.mark.parametrize("name", ["photos", "thumbnails", "hostile"])
def test_shared_pictures(engine, hosts, scan, tmp_path, name, request):
    source = request.getfixturevalue(name)
    both(engine, hosts, scan(source), Options(size=Size.exact(64, 64), fit=Fit.LETTERBOX), tmp_path)
