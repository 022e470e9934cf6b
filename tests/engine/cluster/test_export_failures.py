"""An export on a cluster whose worker is killed, or would write other bytes."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackgui.cli.answers import COMPLETE, FAILED
from stackgui.core.base.choices import Fit
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run import sharding
from stackgui.core.run.cluster_address import ClusterAddress
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from tests.engine.cluster.parts import Cluster, Part, wait_until

pytest.importorskip("distributed", reason="Dask is not installed")
pytest.importorskip("zarr", reason="Zarr is not installed")
from distributed.diagnostics.plugin import WorkerPlugin

SHARD_BYTES, CHUNK_BYTES = 2**12, 2**11
"""So that even a small stack has many shards."""

OTHER = """
import importlib.metadata, socket

socket.gethostname = lambda: "oak"
real = importlib.metadata.version
importlib.metadata.version = lambda name: "0.0.1" if name == "zarr" else real(name)
"""


class SmallShards(WorkerPlugin):
    """Has each worker write small shards, and the first that comes to it die with half of one written."""

    name = "small shards"

    def __init__(self, mark: str) -> None:
        self._mark = mark

    def setup(self, worker) -> None:  # noqa: ARG002 - Dask's
        from stackgui.stores.export import zarr_store

        sharding.SHARD_BYTES, sharding.CHUNK_BYTES = SHARD_BYTES, CHUNK_BYTES
        put, mark = zarr_store._write_file, self._mark

        def put_or_die(path, value):
            if "/c/" in path and "/c/0/" not in path:
                try:
                    os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
                except FileExistsError:
                    pass
                else:
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    for name in (path, path + zarr_store._PART):
                        Path(name).write_bytes(bytes(value.as_buffer_like())[:100])
                    os.kill(os.getpid(), signal.SIGKILL)
            put(path, value)

        zarr_store._write_file = put_or_die


@pytest.fixture
def stack(engine, scan, pictures, tmp_path) -> str:
    plan = resolve(Options(size=Size.exact(48, 40), fit=Fit.LETTERBOX), scan(pictures))
    engine.convert(plan, RunOptions(str(tmp_path / "stack")), Control())
    return str(tmp_path / "stack")


def files(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.mark.timeout(300)
def test_a_worker_that_dies_within_a_shard_costs_nothing_but_time(engine, stack, tmp_path, monkeypatch):
    monkeypatch.setattr(sharding, "SHARD_BYTES", SHARD_BYTES)
    monkeypatch.setattr(sharding, "CHUNK_BYTES", CHUNK_BYTES)
    engine.export(stack, "zarr", str(tmp_path / "near.zarr"), Control())
    mark = tmp_path / "died"
    with Engine(1, cluster=ClusterAddress(local_workers=2)) as far:
        far.cluster(Control()).client.register_plugin(SmallShards(str(mark)))
        far.export(stack, "zarr", str(tmp_path / "far.zarr"), Control())
    assert mark.exists()
    assert files(tmp_path / "far.zarr") == files(tmp_path / "near.zarr")
    assert sorted(os.listdir(tmp_path)) == ["died", "far.zarr", "near.zarr", "pictures", "stack"]


@pytest.fixture
def cluster(tmp_path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster" / "sitecustomize.py").write_text(OTHER)
    made = Cluster(tmp_path / "cluster")
    for name in ("worker 1", "worker 2"):
        made.parts.pop(name).end()
    yield made
    made.end()


@pytest.mark.timeout(300)
def test_a_worker_with_another_zarr_is_named_before_it_gets_a_piece(engine, stack, tmp_path, cluster):
    path = os.pathsep.join(filter(None, (str(cluster.folder), os.environ.get("PYTHONPATH"))))
    words, export = ("cluster", "worker", cluster.address), ("export", stack, "--to", "zarr", "--out")
    other = Part(*words, log=cluster.folder / "other.log", environment={"PYTHONPATH": path})
    cluster.parts["other"] = other
    wait_until(lambda: "works for" in other.log())
    target = tmp_path / "far.zarr"
    words_of_export = (*export, str(target), "--cluster", cluster.address)
    exporting = cluster.parts["export"] = cluster.part("export", *words_of_export)
    assert exporting.wait(100) == FAILED, exporting.log()
    assert "The worker on oak cannot be used, because it would write other bytes." in exporting.log()
    assert "zarr was " in exporting.log()
    assert "now 0.0.1" in exporting.log()
    wait_until(lambda: other.has_ended)
    assert not target.exists()
    cluster.parts["worker 1"] = cluster.part("worker 1", *words)
    again = cluster.parts["export"] = cluster.part("again", *words_of_export)
    assert again.wait(100) == COMPLETE, again.log()
    engine.export(stack, "zarr", str(tmp_path / "near.zarr"), Control())
    assert files(target) == files(tmp_path / "near.zarr")
