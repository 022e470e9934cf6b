"""However the program is ended, and whenever: a word about it, the right status, and nothing left behind."""

import contextlib
import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from stackgui.stores.recovery.folder import is_locked
from stackgui.stores.recovery.journal import read_journal
from tests.holding import LIMIT_S, Hold, launched, wait_for_rows, wait_until

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")

REQUESTS = [name for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)]
STARTING = ["", "pebble", "stackgui.engine.workers.tasks"]
SHARED_MEMORY = "/dev/shm/"
PROGRAM = ("-m", "stackgui")
DEAF = """
from stackgui.__main__ import main
from stackgui.engine.workers.control import Control
Control.cancel = lambda self: None
main()
"""
LINGERING = """
import multiprocessing.util
def linger():
    open(os.path.join(PLACE, "go"), "w").close()
    time.sleep(3)
if WORKERS and "--multiprocessing-fork" in sys.orig_argv:
    multiprocessing.util.Finalize(None, linger, exitpriority=100)
"""


@pytest.fixture
def folder(tmp_path):
    """Pictures of which a few make a checkpoint."""
    made = tmp_path / "pictures"
    made.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (700, 700, 3), np.uint8)
    Image.fromarray(pixels).save(made / "0.png")
    for index in range(1, 40):
        (made / f"{index}.png").hardlink_to(made / "0.png")
    return made


@pytest.fixture
def start():
    """Starts programs in sessions of their own; fails where processes of theirs are left in the end."""
    begun = []

    def begin(hold: Hold, *words: object, ignoring: str = "", **pipes) -> subprocess.Popen:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | pipes
        command = launched(*words, ignoring=ignoring)
        program = subprocess.Popen(command, env=hold.environment, start_new_session=True, **pipes)
        begun.append((hold, program))
        return program

    yield begin
    for hold, program in begun:
        left = program.poll() is None
        with program:
            program.kill()
        assert not left, "it did not end"
        wait_until(lambda hold=hold: not hold.living(), "its processes end")


@pytest.fixture
def unheld(tmp_path):
    return Hold(tmp_path / "hold", "nothing")


@pytest.fixture
def stuck(tmp_path):
    """For conversions to `out/stack` that cannot end by themselves: the last picture takes too long."""
    return Hold(tmp_path / "hold", file="39.png", once=tmp_path / "out" / "stack.partial")


def conversion(folder: Path, out: Path) -> list[object]:
    return ["convert", folder, "--out", out, "--storage", "file", "--workers", "2"]


@pytest.mark.parametrize(
    ("name", "to_all"),
    [
        ("SIGHUP", False),
        ("SIGQUIT", False),
        ("SIGINT", True),
        *(pytest.param(name, True, marks=pytest.mark.slow) for name in ("SIGTERM", "SIGHUP", "SIGQUIT")),
    ],
)
def test_every_request_cancels_a_conversion(tmp_path, folder, start, stuck, name, to_all):
    """Whether it reaches the program alone or, as from a terminal, its workers too."""
    out = tmp_path / "out" / "stack"
    program = start(stuck, *PROGRAM, *conversion(folder, out), "--json")
    wait_for_rows(out.with_name("stack.partial"))
    (os.killpg if to_all else os.kill)(program.pid, getattr(signal, name))
    printed, complaints = program.communicate(timeout=LIMIT_S)
    assert (program.returncode, complaints) == (130, b"")
    told = json.loads(printed)
    assert (set(told), told["status"]) == ({"status", "error"}, "cancelled")
    assert f"stackgui resume {out}.partial continues" in told["error"]
    assert os.listdir(out.parent) == ["stack.partial"]
    assert read_journal(f"{out}.partial/journal").rows


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("module", ["numpy", "stackgui.cli"])
def test_every_request_ends_a_program_that_is_starting(tmp_path, start, name, module):
    hold = Hold(tmp_path / "hold", module, workers=False)
    program = start(hold, *PROGRAM, "scan", tmp_path)
    wait_until(hold.held, "it starts")
    os.killpg(program.pid, getattr(signal, name))
    assert program.communicate(timeout=LIMIT_S) == (b"", b"Cancelled.\n")
    assert program.returncode == 130


def test_a_window_that_is_starting_ends_too(tmp_path, start):
    hold = Hold(tmp_path / "hold", "PySide6.QtWidgets", workers=False)
    program = start(hold, *PROGRAM)
    wait_until(hold.held, "it starts")
    program.send_signal(signal.SIGHUP)
    assert program.communicate(timeout=LIMIT_S) == (b"", b"Cancelled.\n")
    assert program.returncode == 130


def test_an_end_while_it_starts_is_told_as_json_where_that_is_wanted(tmp_path, start):
    hold = Hold(tmp_path / "hold", "stackgui.cli", workers=False)
    program = start(hold, *PROGRAM, "scan", tmp_path, "--json")
    wait_until(hold.held, "it starts")
    program.send_signal(signal.SIGINT)
    printed, complaints = program.communicate(timeout=LIMIT_S)
    assert (json.loads(printed)["status"], complaints) == ("cancelled", b"")


@pytest.mark.parametrize("module", STARTING)
@pytest.mark.parametrize("name", ["SIGINT", pytest.param("SIGTERM", marks=pytest.mark.slow)])
def test_workers_that_are_starting_say_nothing(tmp_path, folder, start, name, module):
    hold = Hold(tmp_path / "hold", module)
    program = start(hold, *PROGRAM, "scan", folder, "--workers", "2")
    wait_until(lambda: hold.held() == 2, "its workers start")
    os.killpg(program.pid, getattr(signal, name))
    assert program.communicate(timeout=LIMIT_S) == (b"", b"Cancelled.\n")
    assert program.returncode == 130


@pytest.mark.parametrize("module", STARTING)
def test_a_worker_that_starts_while_the_program_ends_says_nothing(tmp_path, folder, start, module):
    """One worker ends late, and the other goes on starting meanwhile, as on a busy machine."""
    hold = Hold(tmp_path / "hold", module, spared=1)
    with open(tmp_path / "hold" / "sitecustomize.py", "a") as site:
        site.write(LINGERING)
    words = ["convert", folder, "--out", tmp_path / "out", "--fill", "300", "--workers", "2"]
    program = start(hold, *PROGRAM, *words)
    _out, complaints = program.communicate(timeout=LIMIT_S)
    assert program.returncode == 2
    assert hold.held() <= 1  # none, if the program ended before the other got that far
    assert b"fill value" in complaints
    assert complaints.count(b"\n") == 1
    wait_until(lambda: not hold.living(), "its processes end")


@pytest.mark.parametrize("module", STARTING)
def test_workers_that_start_after_the_program_was_killed_say_nothing(tmp_path, folder, start, module):
    hold = Hold(tmp_path / "hold", module)
    program = start(hold, *PROGRAM, "scan", folder, "--workers", "2")
    wait_until(lambda: hold.held() == 2, "its workers start")
    program.kill()
    hold.go_on()
    assert program.communicate(timeout=LIMIT_S) == (b"", b"")


def test_a_second_request_ends_at_once_what_does_not_heed_the_first(tmp_path, folder, start, stuck):
    out = tmp_path / "out" / "stack"
    program = start(stuck, "-c", DEAF, *conversion(folder, out))
    wait_for_rows(out.with_name("stack.partial"))

    def ask() -> bool:
        program.send_signal(signal.SIGINT)
        return program.poll() is not None

    wait_until(ask, "it ends")
    assert program.returncode == 130
    assert program.communicate() == (b"", b"Ended at once. What was left unfinished can be resumed.\n")
    assert not is_locked(f"{out}.partial")


def test_what_it_was_started_to_ignore_is_ignored(tmp_path, folder, start, stuck):
    out = tmp_path / "out" / "stack"
    program = start(stuck, *PROGRAM, *conversion(folder, out), ignoring="SIGHUP")
    wait_until(stuck.held, "it converts")
    os.killpg(program.pid, signal.SIGHUP)
    stuck.go_on()
    _out, complaints = program.communicate(timeout=LIMIT_S)
    assert (program.returncode, complaints) == (0, b"")


def test_a_terminal_that_is_closed_cancels(tmp_path, folder, start, stuck):
    out = tmp_path / "out" / "stack"
    ours, theirs = os.openpty()
    program = start(stuck, *PROGRAM, *conversion(folder, out), stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    wait_for_rows(out.with_name("stack.partial"))
    os.close(ours)
    assert program.wait(LIMIT_S) == 130
    assert os.listdir(out.parent) == ["stack.partial"]
    assert not is_locked(f"{out}.partial")


def shared_files(hold: Hold) -> set[str]:
    """Files in memory that the program's processes use; Python's locks are such."""
    used = set()
    for process in hold.living():
        with contextlib.suppress(psutil.Error):
            used |= {region.path for region in process.memory_maps() if SHARED_MEMORY in region.path}
    return used


@pytest.mark.parametrize("kills", [1, pytest.param(40, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
def test_killing_all_processes_together_leaves_nothing(tmp_path, folder, start, stuck, kills):
    dice, out = random.Random(kills), tmp_path / "out" / "stack"
    for _ in range(kills):
        program = start(stuck, *PROGRAM, *conversion(folder, out), "--restart")
        if kills == 1:
            wait_for_rows(out.with_name("stack.partial"))
        else:
            time.sleep(dice.uniform(0, 3))
        used = shared_files(stuck)
        os.killpg(program.pid, signal.SIGKILL)
        assert program.communicate() == (b"", b"")
        assert used == set()
        wait_until(lambda: not stuck.living(), "its processes end")
        assert not is_locked(f"{out}.partial")
    assert stuck.temporary_files() == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a full disk")
@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["text", "json"])
def test_a_result_that_cannot_be_written_is_an_error(tmp_path, start, unheld, as_json):
    Image.new("L", (5, 4)).save(tmp_path / "a.png")
    with open("/dev/full", "wb") as full:
        program = start(unheld, *PROGRAM, "scan", tmp_path / "a.png", *as_json, stdout=full)
        _out, complaints = program.communicate(timeout=LIMIT_S)
    assert program.returncode == 1
    assert complaints.startswith(b"The result could not be written to the standard output: the disk is full")
    assert complaints.count(b"\n") == 1
