"""A cluster writes shards straight to a bucket: the same group as one computer, whatever ends meanwhile."""

import os
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from stackgui.cli.answers import WITH_FAILURES
from stackgui.core.base.choices import Fit
from stackgui.core.base.errors import RunError
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run import ranges, sharding
from stackgui.core.run.cluster_address import ClusterAddress
from stackgui.core.run.run_options import IfUnfinished, Limits, RunOptions
from stackgui.engine import Control, Engine
from stackgui.stores.files import object_store
from tests.engine.cluster.parts import Cluster, wait_until
from tests.serving import Held, busy, dropped, now_and_then, refused, slow_down, zarr_store

zarr = pytest.importorskip("zarr")
pytest.importorskip("distributed", reason="Dask is not installed")

OPTIONS = Options(size=Size.exact(24, 20), fit=Fit.LETTERBOX, buckets=1)
ROW_BYTES = 24 * 20 * 3
OWN = Limits(sample_s=18.0)
"""Other limits than those of other tests, so that hosts start processes that know of the bucket."""


@pytest.fixture(scope="module")
def far(bucket, hosts) -> Iterator[Engine]:
    """The cluster of all tests, with credentials of the bucket, and small shards as all have here."""
    client = hosts.cluster(Control()).client
    client.run(know, {name: value for name, value in os.environ.items() if name.startswith("AWS_")})
    before = sharding.CHUNK_BYTES, sharding.SHARD_BYTES
    for run in (client.run, lambda function, *given: function(*given)):
        run(cut, 2 * ROW_BYTES, 4 * ROW_BYTES)
    with Engine(1, OWN, cluster=ClusterAddress(url=client.scheduler.address)) as engine:
        engine._crew(Control())
        yield engine
    for run in (client.run, lambda function, *given: function(*given)):
        run(cut, *before)


def know(values):
    from stackgui.stores.files import objects

    os.environ.update(values)
    objects.forget()


def cut(chunk_bytes, shard_bytes):
    from stackgui.core.run import sharding

    sharding.CHUNK_BYTES, sharding.SHARD_BYTES = chunk_bytes, shard_bytes


@pytest.fixture(autouse=True)
def small_ranges(bucket, far, monkeypatch):
    monkeypatch.setattr(ranges, "MAX_RANGE_ROWS", 6)
    yield
    bucket.faults.of.clear()


@pytest.fixture
def plan(near, pictures):
    for index in range(40):
        Image.new("RGB", (30 + index, 20), (index, 3 * index, 200)).save(pictures / "cat" / f"n{index}.png")
    return resolve(OPTIONS, near.scan([str(pictures)], Control()))


@pytest.fixture
def masked(near, tmp_path):
    """A plan of pictures with masks, of which one is bad."""
    folder = tmp_path / "seg"
    (folder / "images").mkdir(parents=True)
    (folder / "masks").mkdir()
    for index in range(45):
        Image.new("RGB", (30, 20 + index), (index, 3 * index, 200)).save(folder / "images" / f"{index}.png")
        mask = np.arange(30 * (20 + index) - 30 * (index == 7)).reshape(-1, 30) // 7 % 5
        Image.fromarray(mask.astype(np.uint8)).save(folder / "masks" / f"{index}.png")
    plan = resolve(OPTIONS, near.scan([str(folder)], Control()))
    assert plan.masks is not None
    return plan


def content(place):
    """Return the version of each object of a group, whose bytes it follows from."""
    found = {name: version for page in object_store.versions_below(place) for name, version in page}
    return {name: version for name, version in found.items() if not name.startswith(".stackgui/")}


def test_it_is_what_one_computer_writes(near, far, plan):
    one, two = "s3://pictures/one.zarr", "s3://pictures/two.zarr"
    report = near.convert(plan, RunOptions(one), Control())
    assert far.convert(plan, RunOptions(two), Control()).failures == report.failures
    assert content(two) == content(one)
    assert zarr.open_group(zarr_store(two), mode="r")["images"].shape == (plan.rows, 24, 20, 3)


def test_masks_go_with_their_pictures(bucket, near, far, masked):
    """By the cluster, and resumed by it after one computer was stopped, and the other way round."""
    whole, place = "s3://pictures/masks-one.zarr", "s3://pictures/masks-two.zarr"
    report = near.convert(masked, RunOptions(whole), Control())
    assert len(report.failures) == 1
    assert far.convert(masked, RunOptions(place), Control()).failures == report.failures
    assert content(place) == content(whole)
    assert far.verify(place, Control(), deep=None).is_sound
    for first, second, end in ((near, far, "masks/c/9/0/0"), (far, near, "images/c/9/0/0/0")):
        place = f"s3://pictures/{end.partition('/')[0]}-begun.zarr"
        bucket.faults.of[f"{place.rpartition('/')[2]}/{end}"] = refused
        with pytest.raises(RunError, match="allows no access"):
            first.convert(masked, RunOptions(place), Control())
        bucket.faults.of.clear()
        left = near.unfinished(place).rows_done
        assert 0 < left < masked.rows
        assert second.resume(place, Control()).resumed_rows == left
        assert content(place) == content(whole)


def test_faults_of_the_bucket_cost_time_only(bucket, near, far, plan, masked):
    one, two = "s3://pictures/calm.zarr", "s3://pictures/wild.zarr"
    masks_one, masks_two = "s3://pictures/calm-masks.zarr", "s3://pictures/wild-masks.zarr"
    near.convert(plan, RunOptions(one), Control())
    bucket.faults.of[""] = now_and_then(busy(10**9), slow_down, dropped)
    far.convert(plan, RunOptions(two), Control())
    far.convert(masked, RunOptions(masks_two), Control())
    bucket.faults.of.clear()
    assert content(two) == content(one)
    near.convert(masked, RunOptions(masks_one), Control())
    assert content(masks_two) == content(masks_one)


def test_a_run_that_was_stopped_is_resumed_by_others(bucket, near, far, plan):
    """By the cluster what one computer began, and the other way round."""
    whole = "s3://pictures/whole.zarr"
    near.convert(plan, RunOptions(whole), Control())
    for first, second, place in (
        (near, far, "s3://pictures/begun.zarr"),
        (far, near, "s3://pictures/left.zarr"),
    ):
        bucket.faults.of["/c/9/0/0/0"] = refused
        with pytest.raises(RunError, match="allows no access"):
            first.convert(plan, RunOptions(place), Control())
        bucket.faults.of.clear()
        assert "zarr.json" not in content(place)
        left = near.unfinished(place)
        assert 0 < left.rows_done < plan.rows
        assert second.resume(place, Control()).resumed_rows == left.rows_done
        assert content(place) == content(whole)


def test_a_worker_that_comes_late_may_not_write_for_another_run(near, far, plan):
    from stackgui.stores.files.claim import Claim, ClaimEndedError

    place = "s3://pictures/late.zarr"
    claim = Claim.take(place, "stack")
    right = claim.right
    right.check()
    claim.end()
    with pytest.raises(ClaimEndedError):
        right.check()
    far.convert(plan, RunOptions(place, unfinished=IfUnfinished.RESTART), Control())
    with pytest.raises(ClaimEndedError):
        right.check()


@pytest.fixture
def own_cluster(tmp_path) -> Iterator[Cluster]:
    """A cluster of processes that can be killed."""
    (tmp_path / "cluster").mkdir()
    made = Cluster(tmp_path / "cluster")
    yield made
    made.end()


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "ends",
    [
        pytest.param(("images/c/1/0/0/0", "images/c/4/0/0/0"), id="images"),
        pytest.param(("masks/c/1/0/0", "masks/c/4/0/0"), id="masks", marks=pytest.mark.slow),
    ],
)
def test_workers_and_the_coordinator_are_killed_while_they_write(bucket, near, request, own_cluster, ends):
    """Shards are of ten rows here; the workers are killed at one of them, and the coordinator at another."""
    name = ends[0].partition("/")[0]
    plan = request.getfixturevalue("masked" if name == "masks" else "plan")
    place, words = f"s3://pictures/{name}-killed.zarr", ["--workers", "1", "--cluster", own_cluster.address]
    first, second = Held(), Held()
    bucket.faults.of |= {f"{name}-killed.zarr/{ends[0]}": first, f"{name}-killed.zarr/{ends[1]}": second}
    [source] = plan.catalog.sources
    run = own_cluster.part("run", "convert", source, "--out", place, "--size", "1000x1000", *words)
    wait_until(first.met.is_set, limit_s=240)
    for worker in ("worker 1", "worker 2"):
        own_cluster.parts[worker].kill()
    first.go_on.set()
    own_cluster.look_after()
    wait_until(second.met.is_set, limit_s=240)
    wait_until(lambda: near.unfinished(place) is not None)
    assert not run.has_ended
    run.kill()
    second.go_on.set()
    bucket.faults.of.clear()
    assert "zarr.json" not in content(place)
    again = own_cluster.part("again", "resume", place, *words)
    assert again.wait(300) == WITH_FAILURES, again.log()
    cut(2**18, 2**25)
    whole = f"s3://pictures/{name}-not-killed.zarr"
    near.convert(resolve(Options(size=Size.exact(1000, 1000)), plan.catalog), RunOptions(whole), Control())
    cut(2 * ROW_BYTES, 4 * ROW_BYTES)
    assert content(place) == content(whole)
