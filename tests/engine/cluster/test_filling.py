"""A stack made on a cluster is that of one machine, byte for byte."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from stackgui.core.base.choices import Fit, OnError
from stackgui.core.base.errors import RunError
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.cluster_address import ClusterAddress
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from tests.engine.cluster.parts import same_stacks

pytest.importorskip("distributed", reason="Dask is not installed")


@pytest.fixture(scope="module")
def hosts(tmp_path_factory) -> Iterator[Engine]:
    """An engine with a cluster of two workers, whose processes have begun."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "pictures").mkdir()
    Image.new("L", (4, 4)).save(folder / "pictures" / "first.png")
    with Engine(1, cluster=ClusterAddress(local_workers=2)) as engine:
        plan = resolve(Options(), engine.scan([str(folder / "pictures")], Control()))
        engine.convert(plan, RunOptions(str(folder / "stack")), Control())
        yield engine


def both(engine: Engine, hosts: Engine, catalog, options: Options, tmp_path: Path):
    plan = resolve(options, catalog)
    mine = engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
    theirs = hosts.convert(plan, RunOptions(str(tmp_path / "two")), Control())
    same_stacks(tmp_path / "one", tmp_path / "two")
    assert theirs.failures == mine.failures
    return theirs


@pytest.mark.parametrize(
    "options",
    [
        Options(size=Size.exact(24, 20), fit=Fit.LETTERBOX),
        Options(fill=7),
    ],
)
def test_pictures_of_many_kinds(engine, hosts, scan, pictures, tmp_path, options):
    report = both(engine, hosts, scan(pictures), options, tmp_path)
    assert len(report.failures) == 1


def test_a_failure_stops_the_run_if_it_is_to(hosts, scan, pictures, tmp_path):
    plan = resolve(Options(), scan(pictures))
    run = RunOptions(str(tmp_path / "stack"), on_error=OnError.STOP)
    with pytest.raises(RunError, match=r"broken.png.*stopped there"):
        hosts.convert(plan, run, Control())
