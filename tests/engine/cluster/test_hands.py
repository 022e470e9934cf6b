"""Which workers are given tasks."""

import asyncio
from types import SimpleNamespace

import pytest

from stackgui.core.run.run_options import Limits
from stackgui.engine.running.fill import versions

pytest.importorskip("distributed", reason="Dask is not installed")
from stackgui.engine.cluster import hands as hands_module
from stackgui.engine.cluster.hands import Hands
from stackgui.engine.cluster.parcels import unpack
from stackgui.engine.cluster.pulse import TOPIC


class Worker:
    """What a plugin sees of a Dask worker."""

    def __init__(self) -> None:
        self.state = SimpleNamespace(nthreads=1)
        self.loop = self.scheduler = self
        self.address = "tcp://10.0.0.7:1"
        self.logged, self.called = [], []

    async def log_event(self, topic: str, msg: dict[str, str]) -> None:
        assert not self.called, "whoever is told of the end asks for its reason"
        self.logged.append((topic, msg))

    def add_callback(self, function, **_given) -> None:
        self.called.append(function)

    def close(self) -> None:
        raise AssertionError("it is called by the loop")


def refused(wanted: dict[str, str]) -> str:
    worker, made = Worker(), Hands("run", Limits(), wanted, ["jpeg"])
    asyncio.run(made.setup(worker))
    assert worker.called == [worker.close]
    ((topic, event),) = worker.logged
    assert (topic, event["hands"]) == (TOPIC, "run")
    assert type(event["refusal"]) is bytes, "Dask logs no text of another class"
    return unpack(event["refusal"])


def test_a_worker_with_another_decoder_is_refused_by_host_and_package(monkeypatch, capsys):
    monkeypatch.setattr(hands_module.socket, "gethostname", lambda: "host7")
    wanted = versions(["jpeg"], None)
    said = refused({**wanted, "numpy": "1.0"})
    assert "host7" in said
    assert f"numpy was 1.0, now {wanted['numpy']}" in said
    assert said in capsys.readouterr().err


def test_a_worker_with_a_nanny_that_lets_it_start_nothing_is_refused(monkeypatch):
    monkeypatch.setattr(hands_module.multiprocessing, "current_process", lambda: SimpleNamespace(daemon=True))
    assert "--no-nanny" in refused(versions(["jpeg"], None))
