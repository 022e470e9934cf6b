"""The queue at the terminal."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui.cli.commands import main
from stackgui.core.base.errors import ClusterAwayError, StoreError
from stackgui.core.project.queue import NOT_BEGUN, JobState
from stackgui.engine import Engine, power
from stackgui.engine.queue_file import QueueFile
from tests.kept_workers import lent

EIGHT = ("--size", "8x8", "--fit", "cover", "--workers", "1")


@pytest.fixture
def queue(capsys, kept_one):
    """Carry out a sub-command; give its status, and what it printed as JSON."""

    def run(*arguments: object) -> tuple[int, dict]:
        with lent(kept_one):
            status = main(["queue", *map(str, arguments), "--json"])
        return status, json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def add(queue, pets, tmp_path):
    def act(name: str, *options: str, folder: Path = pets) -> dict:
        status, said = queue("add", folder, "--out", tmp_path / "out" / name, *EIGHT, *options)
        assert status == 0, said
        return said

    return act


def test_three_are_added_arranged_and_made(queue, add, tmp_path):
    numbers = [add(name)["job"]["number"] for name in ("a", "b", "c")]
    assert numbers == [1, 2, 3]
    queue("move", 3, 1)
    queue("pause", 2)
    _, listed = queue("list")
    assert [(job["number"], job["state"]) for job in listed["jobs"]] == [
        (3, "waiting"),
        (1, "waiting"),
        (2, "paused"),
    ]
    status, ran = queue("run", "--workers", 1)
    assert status == 3, "one of the pictures is damaged"
    assert [job["number"] for job in ran["jobs"]] == [3, 1]
    assert [job["failed"] for job in ran["jobs"]] == [1, 1]
    assert np.load(tmp_path / "out" / "c" / "images.npy").shape == (5, 8, 8, 3)
    assert not (tmp_path / "out" / "b").exists()
    queue("clear")
    queue("retry", 2)
    _, listed = queue("list")
    assert [(job["number"], job["state"], job["rows_done"]) for job in listed["jobs"]] == [(2, "waiting", 0)]
    queue("remove", 2)
    assert QueueFile().read().jobs == ()


def test_a_failure_stops_no_other(queue, add, pets, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    Image.fromarray(np.zeros((9, 9, 3), np.uint8)).save(other / "1.png")
    add("a", folder=other)
    add("b")
    (other / "1.png").unlink()
    status, ran = queue("run", "--workers", 1)
    assert status == 1
    assert [job["state"] for job in ran["jobs"]] == ["failed", "done"]
    assert "no pictures" in ran["jobs"][0]["reason"]


def test_a_full_disk_stops_the_queue(queue, add, monkeypatch):
    add("a")
    add("b")

    def run_queued(*_arguments, **_options):
        raise StoreError("The disk is full.")

    monkeypatch.setattr(Engine, "run_queued", run_queued)
    status, said = queue("run", "--workers", 1)
    assert (status, said["status"]) == (1, "failed")
    assert said["error"].startswith("The disk is full.")
    assert [job.state for job in QueueFile().read().jobs] == [JobState.WAITING] * 2


def test_a_cluster_that_is_not_there_costs_no_job(queue, add, monkeypatch):
    connecting = pytest.importorskip("stackgui.engine.cluster.connecting", reason="Dask is not installed")
    add("a")
    add("b")
    with monkeypatch.context() as patch:
        patch.setattr(connecting, "CONNECT_S", 0.3)
        status, said = queue("run", "--workers", 1, "--cluster", "tcp://127.0.0.1:9")
    assert (status, "cannot be reached" in said["error"]) == (1, True)
    assert [(job.state, job.attempts) for job in QueueFile().read().jobs] == [(JobState.WAITING, 0)] * 2
    assert queue("run", "--workers", 1)[0] == 3, "one of the pictures is damaged"


def test_a_cluster_that_is_lost_stops_the_queue_and_fails_no_job(queue, add, monkeypatch):
    add("a")
    add("b")

    def run_queued(*_arguments, **_options):
        raise ClusterAwayError("The scheduler of the cluster at tcp://oak:8786 was lost.")

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "run_queued", run_queued)
        status, said = queue("run", "--workers", 1)
    assert (status, said["status"]) == (1, "failed")
    assert said["error"] == (
        "The scheduler of the cluster at tcp://oak:8786 was lost. The queue stops here; stackgui queue run "
        "goes on where it stopped."
    )
    jobs = QueueFile().read().jobs
    assert [(job.state, job.reason, job.attempts) for job in jobs] == [(JobState.WAITING, "", 0)] * 2
    assert [job.notes for job in jobs] == [(NOT_BEGUN,), ()]
    assert queue("run", "--workers", 1)[0] == 3, "one of the pictures is damaged"


def test_what_is_in_the_way_is_told(queue, add, pets, tmp_path):
    add("a")
    status, said = queue("add", pets, "--out", tmp_path / "out" / "a", *EIGHT)
    assert status == 2
    assert "in the same place" in said["error"]
    status, said = queue("add", pets, "--out", tmp_path / "out" / "b", *EIGHT, "--resume")
    assert (status, "by itself" in said["error"]) == (2, True)
    assert queue("remove", 9)[1]["error"] == "There is no number 9 in the queue."
    other = QueueFile()
    assert other.own()
    status, said = queue("run")
    assert (status, "already running" in said["error"]) == (2, True)
    assert queue("list")[1]["is_running"]
    other.release()


def test_the_computer_sleeps_afterwards(queue, monkeypatch):
    used = []
    monkeypatch.setattr(power, "can", lambda _wanted: True)
    monkeypatch.setattr(power, "use", used.append)
    monkeypatch.setattr("stackgui.cli.queueing.COUNTDOWN_S", 0.01)
    assert queue("run", "--then", "sleep")[0] == 0
    assert used == ["sleep"]
    monkeypatch.setattr(power, "can", lambda _wanted: False)
    assert queue("run", "--then", "shutdown")[0] == 2


def test_people_read_sentences(program, add, tmp_path):
    add("a")
    ended = program("queue", "list")
    assert ended.out.startswith("1. “a”: waiting; own choices: Cover; 5 pictures, ")
    assert ended.out.strip().endswith(f"from pets; saved as {tmp_path / 'out' / 'a'}")
    assert "See “stackgui queue --help”" in program("queue", "ad").err


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_a_killed_queue_goes_on_where_it_stopped(queue, add, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (700, 700, 3), np.uint8)
    Image.fromarray(pixels).save(folder / "0.png")
    for index in range(1, 400):
        (folder / f"{index}.png").hardlink_to(folder / "0.png")
    add("many", folder=folder)
    add("pets")
    command = [sys.executable, "-m", "stackgui", "queue", "run", "--workers", "1"]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 100
    while not (left := Engine().unfinished(str(tmp_path / "out" / "many"))):
        assert running.poll() is None, "it was over before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert QueueFile().read().running.name == "many"
    while QueueFile().is_run_elsewhere:  # its workers end when they notice
        time.sleep(0.02)
    status, ran = queue("run", "--workers", 1)
    assert status == 3
    assert [(job["state"], job["attempts"]) for job in ran["jobs"]] == [("done", 2), ("done", 1)]
    assert left.rows_done > 0
    assert np.load(tmp_path / "out" / "many" / "images.npy", mmap_mode="r").shape == (400, 8, 8, 3)
