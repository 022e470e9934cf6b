"""The disk of one host is full: the run says which, and pauses or can be resumed."""

import os
from collections.abc import Iterator

import pytest

from stackgui.cli.answers import FAILED, WITH_FAILURES
from stackgui.core.base.choices import Fit
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.progress import FillProgress
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from tests.engine.cluster.parts import Cluster, Part, same_stacks, wait_until

pytest.importorskip("distributed", reason="Dask is not installed")

SMALL = Options(size=Size.exact(96, 96), fit=Fit.LETTERBOX)

FULL = """
import errno, os, socket

socket.gethostname = lambda: "oak"
real = os.pwrite

def full(*given):
    if os.path.exists(os.environ["TEST_FULL"]):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return real(*given)

os.pwrite = full
"""


@pytest.fixture
def cluster(tmp_path) -> Iterator[Cluster]:
    """A cluster whose only worker has a quota of its own, which is used up while there is “full”."""
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster" / "sitecustomize.py").write_text(FULL)
    (tmp_path / "full").touch()
    made = Cluster(tmp_path / "cluster")
    for name in ("worker 1", "worker 2"):
        made.parts.pop(name).end()
    path = os.pathsep.join(filter(None, (str(made.folder), os.environ.get("PYTHONPATH"))))
    full = {**made.environment, "PYTHONPATH": path, "TEST_FULL": str(tmp_path / "full")}
    words = ("cluster", "worker", made.address)
    made.parts["full"] = Part(*words, log=made.folder / "full.log", environment=full)
    yield made
    made.end()


@pytest.mark.timeout(300)
def test_the_host_is_named_and_the_run_can_be_resumed(engine, scan, pictures, tmp_path, cluster):
    engine.convert(resolve(SMALL, scan(pictures)), RunOptions(str(tmp_path / "one")), Control())
    wait_until(lambda: "works for" in cluster.parts["full"].log())
    coordinator = cluster.parts["coordinator"] = cluster.convert(pictures, tmp_path / "two")
    assert coordinator.wait(100) == FAILED, coordinator.log()
    assert "oak: The disk that holds " in coordinator.log()
    assert "Traceback" not in coordinator.log()
    assert not (tmp_path / "two").exists()
    (tmp_path / "full").unlink()
    coordinator = cluster.parts["coordinator"] = cluster.convert(pictures, tmp_path / "two")
    assert coordinator.wait(100) == WITH_FAILURES, coordinator.log()
    same_stacks(tmp_path / "one", tmp_path / "two")


def fill_disk(path):
    """Let nothing be written as long as that file is there; runs in a worker."""
    import errno

    os.__dict__.setdefault("_pwrite", os.pwrite)

    def full(*given):
        if os.path.exists(path):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os._pwrite(*given)

    os.pwrite = full


def test_it_pauses_until_somebody_has_made_room(engine, scan, hosts, pictures, tmp_path):
    full, troubles = tmp_path / "full", []

    class Person(Control[FillProgress]):
        def publish(self, snapshot: FillProgress) -> None:
            super().publish(snapshot)
            if snapshot.trouble and self.paused:
                troubles.append(snapshot.trouble)
                full.unlink()
                self.resume()

    plan = resolve(SMALL, scan(pictures))
    engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
    client = hosts.cluster(Control()).client
    client.run(fill_disk, str(full))
    full.touch()
    hosts.convert(plan, RunOptions(str(tmp_path / "two"), pause_on_trouble=True), Person())
    (told,) = troubles
    assert told.startswith(f"{os.uname().nodename}: The disk that holds ")
    same_stacks(tmp_path / "one", tmp_path / "two")
