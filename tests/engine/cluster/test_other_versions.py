"""A worker with another decoder is refused by name, and whoever converts reads it."""

import os
from collections.abc import Iterator

import pytest

from stackgui.cli.answers import WITH_FAILURES
from tests.engine.cluster.parts import Cluster, Part, wait_until

pytest.importorskip("distributed", reason="Dask is not installed")

OTHER = """
import simplejpeg
simplejpeg.__version__ = "0.0.1"
"""


@pytest.fixture
def cluster(tmp_path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster" / "sitecustomize.py").write_text(OTHER)
    made = Cluster(tmp_path / "cluster")
    made.parts.pop("worker 1").end()
    made.parts.pop("worker 2").end()
    yield made
    made.end()


@pytest.mark.timeout(300)
def test_a_worker_with_another_decoder_is_named_before_it_gets_a_task(cluster, pictures, tmp_path):
    path = os.pathsep.join(filter(None, (str(cluster.folder), os.environ.get("PYTHONPATH"))))
    words = ("cluster", "worker", cluster.address)
    other = Part(*words, log=cluster.folder / "other.log", environment={"PYTHONPATH": path})
    cluster.parts["other"] = other
    wait_until(lambda: "works for" in other.log())
    coordinator = cluster.convert(pictures, tmp_path / "stack")
    cluster.parts["coordinator"] = coordinator
    wait_until(lambda: "simplejpeg was " in coordinator.log())
    assert "now 0.0.1. Install the same versions there." in coordinator.log()
    assert "was lost" not in coordinator.log()
    wait_until(lambda: other.has_ended)
    assert "Traceback" not in other.log()
    cluster.parts["worker 1"] = cluster.part("worker 1", *words)
    assert coordinator.wait(200) == WITH_FAILURES, coordinator.log()
