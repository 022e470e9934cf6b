"""A cluster writes the pieces of an export: the same bytes, wherever they go, or nothing."""

import os
from pathlib import Path

import pytest

from stackgui.core.base.choices import Fit
from stackgui.core.base.errors import Cancelled, RunError, StackguiError
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run import sharding
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from stackgui.engine.cluster import at_work, exporting
from stackgui.stores.files import object_store
from stackgui.stores.files.claim import holder_of
from tests.serving import bucket_on_loopback, busy, refused

pytest.importorskip("distributed", reason="Dask is not installed")
pytest.importorskip("zarr", reason="Zarr is not installed")

SHARD_BYTES, CHUNK_BYTES = 2**12, 2**11
"""So that even a small stack has many shards."""


def small_shards(shard, chunk):
    sharding.SHARD_BYTES, sharding.CHUNK_BYTES = shard, chunk


@pytest.fixture(scope="module")
def far(hosts):
    """The cluster of all tests, whose shards are small."""
    client = hosts.cluster(Control()).client
    before = sharding.SHARD_BYTES, sharding.CHUNK_BYTES
    client.run(small_shards, SHARD_BYTES, CHUNK_BYTES)
    small_shards(SHARD_BYTES, CHUNK_BYTES)
    yield hosts
    small_shards(*before)
    client.run(small_shards, *before)


@pytest.fixture
def stack(hosts, pictures, tmp_path) -> str:
    plan = resolve(
        Options(size=Size.exact(48, 40), fit=Fit.LETTERBOX), hosts.scan([str(pictures)], Control())
    )
    hosts.convert(plan, RunOptions(str(tmp_path / "stack")), Control())
    return str(tmp_path / "stack")


def files(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.fixture
def expected(far, stack, tmp_path) -> dict[str, bytes]:
    with Engine(1) as alone:
        alone.export(stack, "zarr", str(tmp_path / "alone.zarr"), Control())
    made = files(tmp_path / "alone.zarr")
    assert len([name for name in made if "/c/" in name]) > 5
    return made


def test_a_cluster_writes_the_same_bytes(far, stack, expected, tmp_path):
    told = []
    control = Control()
    report = far.export(stack, "zarr", str(tmp_path / "far.zarr"), control, told.extend)
    assert files(tmp_path / "far.zarr") == expected
    assert report.size_bytes == sum(map(len, expected.values()))
    assert control.snapshot.rows == report.rows
    assert not any("alone" in each for each in told)
    assert sorted(os.listdir(tmp_path)) == ["alone.zarr", "far.zarr", "pictures", "stack"]


def test_what_has_no_pieces_is_written_here_and_that_is_said(far, stack, tmp_path):
    told = []
    far.export(stack, "npz", str(tmp_path / "far.npz"), Control(), told.extend)
    assert "This kind is written by this computer alone, without the cluster." in told


@pytest.fixture(scope="module")
def open_bucket(far):
    client = far.cluster(Control()).client
    with pytest.MonkeyPatch.context() as patch, bucket_on_loopback(patch) as made:
        known = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
        client.run(know, known)
        yield made


@pytest.fixture
def bucket(open_bucket):
    yield open_bucket
    open_bucket.faults.of.clear()
    object_store.clear("s3://pictures/far.zarr")


def know(values):
    from stackgui.stores.files import objects

    os.environ.update(values)
    objects.forget()


def there(place: str) -> dict[str, bytes]:
    names = [name for page in object_store.versions_below(place) for name, _ in page]
    return {name: object_store.versioned(f"{place}/{name}")[1] for name in names}


def test_it_writes_them_to_a_bucket(far, stack, expected, bucket):
    bucket.faults.of["/c/1/0/0/0"] = busy(3)
    far.export(stack, "zarr", "s3://pictures/far.zarr", Control())
    assert there("s3://pictures/far.zarr") == expected
    assert holder_of("s3://pictures/far.zarr") is None


def test_what_a_worker_cannot_write_is_told_with_its_name_and_nothing_is_left(far, stack, bucket):
    bucket.faults.of["/images/c/1/0/0/0"] = refused
    with pytest.raises(StackguiError, match="allows no access") as error:
        far.export(stack, "zarr", "s3://pictures/far.zarr", Control())
    assert os.uname().nodename in str(error.value)
    assert not object_store.is_anything_at("s3://pictures/far.zarr")
    assert holder_of("s3://pictures/far.zarr") is None


@pytest.mark.parametrize("where", ["disk", "bucket"])
def test_cancelling_leaves_nothing_and_nobody_writes_any_more(
    far, stack, tmp_path, where, bucket, monkeypatch
):
    target = "s3://pictures/far.zarr" if where == "bucket" else str(tmp_path / "far.zarr")
    control = Control()
    settle = exporting.Crew.settle
    settled = []

    def cancels(_task):
        control.cancel()

    monkeypatch.setattr(exporting._Handing, "next_done", cancels)
    monkeypatch.setattr(
        exporting.Crew, "settle", lambda self, name, *, ask: settled.append(settle(self, name, ask=ask))
    )
    with pytest.raises(Cancelled):
        far.export(stack, "zarr", target, control)
    assert settled
    assert set(far.cluster(Control()).client.run(all_writing).values()) == {0}
    assert sorted(os.listdir(tmp_path)) == ["pictures", "stack"]
    assert not object_store.is_anything_at("s3://pictures/far.zarr")


def all_writing():
    return sum(at_work._COUNT.values())


def test_hosts_that_do_not_see_the_stack_are_named(far, stack, tmp_path, monkeypatch):
    seen = exporting._seen
    monkeypatch.setattr(
        exporting, "_seen", lambda *given: tuple(each._replace(mtime_ns=1) for each in seen(*given))
    )
    with pytest.raises(RunError, match="is not the same file on"):
        far.export(stack, "zarr", str(tmp_path / "far.zarr"), Control())
    assert sorted(os.listdir(tmp_path)) == ["pictures", "stack"]
