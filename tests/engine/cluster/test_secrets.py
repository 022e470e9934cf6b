"""Credentials of a bucket are in the environment of each computer of a cluster, and nowhere else."""

import base64
import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from stackgui.cli.answers import COMPLETE, WITH_FAILURES, WRONG_USAGE
from tests.engine.cluster.parts import Cluster, Part, free_port, wait_until
from tests.serving import SECRETS, Bucket, bucket_on_loopback, refused

distributed = pytest.importorskip("distributed", reason="Dask is not installed")

TOKEN = "a-token+nobody/sees=="
ALL_SECRETS = {
    form.encode()
    for secret in (*SECRETS, TOKEN)
    for form in (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode())
}


class Relay:
    """Passes on what is sent to a port, and keeps it."""

    def __init__(self, to: int) -> None:
        self.port, self._to = free_port(), to
        self.heard: list[bytes] = []
        self._open: list[socket.socket] = [socket.create_server(("127.0.0.1", self.port))]
        self._threads: list[threading.Thread] = []
        self._run(self._accept)

    def _run(self, function, *arguments) -> None:
        self._threads.append(threading.Thread(target=function, args=arguments))
        self._threads[-1].start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._open[0].accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._to))
            self._open += [near, far]
            self._run(self._pass_on, near, far)
            self._run(self._pass_on, far, near)

    def _pass_on(self, here: socket.socket, there: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := here.recv(1 << 16):
                self.heard.append(data)
                there.sendall(data)
        for each in (here, there):
            shut(each)

    def end(self) -> None:
        for each in tuple(self._open):
            shut(each)
        for thread in tuple(self._threads):
            thread.join()
        for each in self._open:
            each.close()


def shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class Overheard(Cluster):
    """A cluster whose scheduler is reached through a relay."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.environment = folder, {
            "TMPDIR": str(folder),
            "STACKGUI_DEBUG": "1",
            "DASK_DISTRIBUTED__COMM__COMPRESSION": "False",
        }  # fmt: skip
        port = free_port()
        self.relay = Relay(port)
        self.address = f"tcp://127.0.0.1:{self.relay.port}"
        words = ("cluster", "scheduler", "--host", "127.0.0.1", "--port", str(port))
        self.parts = {"scheduler": self.part("scheduler", *words)}
        wait_until(lambda: "listens" in self.parts["scheduler"].log())
        for name in ("worker 1", "worker 2"):
            self.parts[name] = self.part(name, "cluster", "worker", self.address)

    def told(self, status: int, *words: str) -> str:
        """Run a command on the cluster, and return what it says."""
        part: Part = self.part("said", *words, "--cluster", self.address)
        try:
            assert part.wait(120) == status, part.log()
        finally:
            part.end()
        return part.log()

    def end(self) -> None:
        super().end()
        self.relay.end()


@pytest.fixture
def bucket(monkeypatch) -> Iterator[Bucket]:
    with bucket_on_loopback(monkeypatch) as made:
        monkeypatch.setenv("AWS_SESSION_TOKEN", TOKEN)
        yield made
        made.faults.of.clear()


@pytest.fixture
def cluster(bucket, tmp_path) -> Iterator[Overheard]:
    (tmp_path / "cluster").mkdir()
    made = Overheard(tmp_path / "cluster")
    yield made
    made.end()


def without_secrets(what: str, data: bytes) -> None:
    assert not [secret for secret in ALL_SECRETS if secret in data], what


@pytest.mark.timeout(400)
def test_credentials_stay_in_the_environment(bucket, cluster, pictures, tmp_path, home):
    address, stack = bucket.put(pictures, "pets"), str(tmp_path / "stack")
    bucket.faults.of["/pets/cat/1.png"] = refused
    cluster.told(COMPLETE, "plan", address, "--save", str(tmp_path / "saved.json"))
    said = cluster.told(WITH_FAILURES, "convert", address, "--out", stack, "--size", "24x20", "--json")
    assert "broken.png" in said
    bucket.faults.of.clear()
    bucket.put(pictures / "dog", "pets/more")
    cluster.told(WITH_FAILURES, "update", stack)
    bucket.faults.of[""] = refused
    cluster.told(WRONG_USAGE, "convert", address, "--out", f"{stack}-2")
    with distributed.Client(cluster.address, set_as_default=False) as client:
        client.dump_cluster_state(str(tmp_path / "state"), format="yaml")
        logs = repr((client.get_scheduler_logs(), client.get_worker_logs(), client.get_events()))
    without_secrets("logs of Dask", logs.encode())
    sent = b"".join(cluster.relay.heard)
    assert b"fill_part" in sent
    assert address.encode() in sent
    without_secrets("what was sent", sent)
    files = [each for folder in (tmp_path, home) for each in folder.rglob("*") if each.is_file()]
    assert {"stack.json", "saved.json", "state.yaml", "said.log", "worker 1.log"} <= {
        each.name for each in files
    }
    for each in files:
        without_secrets(str(each), each.read_bytes())
