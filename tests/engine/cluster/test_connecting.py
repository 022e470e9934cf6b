import subprocess
import sys

import pytest

from stackgui.core.base.errors import Cancelled, RunError, UsageError
from stackgui.core.base.extras import Extra
from stackgui.core.run.cluster_address import ClusterAddress
from stackgui.engine import Control, Engine

connecting = pytest.importorskip("stackgui.engine.cluster.connecting", reason="Dask is not installed")

NOBODY = ClusterAddress(url="tcp://127.0.0.1:9")


def test_without_a_cluster_dask_is_not_imported():
    code = "import sys, stackgui.cli, stackgui.engine; sys.exit('dask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_extra_is_named_where_dask_is_missing(monkeypatch):
    monkeypatch.setattr(Extra, "is_there", False)
    with Engine(cluster=NOBODY) as engine, pytest.raises(UsageError, match=r"stackgui\[cluster\]"):
        engine.cluster(Control())


def test_a_scheduler_that_never_comes_is_told(monkeypatch):
    monkeypatch.setattr(connecting, "CONNECT_S", 0.3)
    with pytest.raises(RunError, match=r"The cluster at tcp://127.0.0.1:9 cannot be reached"):
        connecting.Cluster.connect(NOBODY)


def test_waiting_for_a_scheduler_can_be_cancelled(monkeypatch):
    monkeypatch.setattr(connecting, "CONNECT_S", 1)
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        connecting.Cluster.connect(NOBODY, control)


class Client:
    def __init__(self) -> None:
        self.status, self.loop = "connecting", None

    def close(self) -> None:
        self.status = "closed"


def test_a_scheduler_that_was_lost_is_sought_again_and_again_at_short_intervals(monkeypatch):
    tried = []

    def connect(address, _cancellation, within_s):
        tried.append(within_s)
        if len(tried) < 3:
            raise RunError("Nobody is there.")
        found = connecting.Cluster(address, Client())
        found.client.status = "running"
        return found

    monkeypatch.setattr(connecting.Cluster, "connect", connect)
    lost = connecting.Cluster(NOBODY, Client())
    assert lost.regain(Control())
    assert tried == [connecting.TRY_S] * 3
    assert lost.is_connected


def test_a_scheduler_that_stays_away_is_given_up(monkeypatch):
    monkeypatch.setattr(connecting, "CONNECT_S", 0.3)
    monkeypatch.setattr(connecting, "TRY_S", 0.1)
    lost = connecting.Cluster(NOBODY, Client())
    assert not lost.regain(Control())
