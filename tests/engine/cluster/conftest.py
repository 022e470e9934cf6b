"""One cluster of two workers on this computer for all tests."""

from collections.abc import Iterator

import pytest
from PIL import Image

from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.cluster_address import ClusterAddress
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from stackgui.engine.workers.workers import Workers


@pytest.fixture(scope="session")
def hosts(tmp_path_factory) -> Iterator[Engine]:
    """An engine with a cluster of two workers, whose processes have begun."""
    pytest.importorskip("distributed", reason="Dask is not installed")
    folder = tmp_path_factory.mktemp("first")
    (folder / "pictures").mkdir()
    Image.new("L", (4, 4)).save(folder / "pictures" / "first.png")
    with Engine(1, cluster=ClusterAddress(local_workers=2)) as engine:
        plan = resolve(Options(), engine.scan([str(folder / "pictures")], Control()))
        engine.convert(plan, RunOptions(str(folder / "stack")), Control())
        yield engine


@pytest.fixture
def cluster(hosts: Engine) -> object:
    """The cluster of `hosts`."""
    return hosts.cluster(Control())


@pytest.fixture
def far(hosts: Engine) -> Workers:
    """The workers of `hosts`, wherever jobs expect those of this computer."""
    return hosts._crew(Control())[0]


@pytest.fixture(scope="module")
def near(bucket) -> Iterator[Engine]:
    """An engine of this computer that knows of the bucket."""
    with Engine(2) as engine:
        engine.warm_up()
        yield engine
