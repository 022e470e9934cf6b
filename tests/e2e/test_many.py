"""75,000 samples, of which 5,000 fail: at the terminal and in the window."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import stackgui

SAMPLES, FAILING = 75_000, 5_000
PER_FOLDER = 5_000
KINDS = 15  # hard links to one file are limited


def fails(index: int) -> bool:
    return index % (SAMPLES // FAILING) == 7


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Small pictures; of those that fail one half has no header that can be read, the other ends too soon."""
    made = tmp_path_factory.mktemp("many")
    random = np.random.default_rng(2)
    whole = []
    for kind in range(KINDS):
        path = made / f"{kind}.png"
        Image.fromarray(random.integers(0, 256, (8, 8, 3), np.uint8)).save(path)
        whole.append(path)
    broken = [made / "cut.png", made / "nothing.png"]
    broken[0].write_bytes(whole[0].read_bytes()[:-40])
    broken[1].write_bytes(b"\x89PNG\r\n\x1a\n")
    pictures = made / "pictures"
    for index in range(SAMPLES):
        if index % PER_FOLDER == 0:
            (pictures / f"{index // PER_FOLDER:02}").mkdir(parents=True)
        source = broken[index % 2] if fails(index) else whole[index % KINDS]
        os.link(source, pictures / f"{index // PER_FOLDER:02}" / f"{index:06}.png")
    return pictures


@pytest.fixture(scope="module")
def headless(folder) -> Path:
    """The stack made at the terminal."""
    out = folder.with_name("headless")
    command = [sys.executable, "-m", "stackgui", "convert", str(folder), "--out", str(out), "--json"]
    ended = subprocess.run(command, capture_output=True, check=False, timeout=250)
    assert (ended.returncode, ended.stderr) == (3, b"")
    report = json.loads(ended.stdout)
    assert (report["status"], report["rows"]) == ("complete_with_failures", SAMPLES)
    assert (report["failed"], report["skipped"]) == (FAILING, {})
    assert [failure["row"] for failure in report["failures"]] == list(filter(fails, range(SAMPLES)))
    return out


def test_the_manifest_is_exact(folder, headless):
    reasons = set()
    with open(headless / "manifest.jsonl", "rb") as file:
        for row, line in enumerate(file):
            entry = json.loads(line)
            name = f"{row // PER_FOLDER:02}/{row:06}.png"
            assert (entry["row"], entry["source"], entry["file"]) == (row, str(folder), name)
            assert entry["status"] == ("failed" if fails(row) else "ok")
            assert entry["placement"] == ([0, 0, 0, 0] if fails(row) else [0, 0, 8, 8])
            assert bool(entry["reason"]) == fails(row)
            reasons.add(entry["reason"])
    assert row == SAMPLES - 1
    assert len(reasons) == 3
    with stackgui.open_stack(headless) as stack:
        assert np.array_equal(np.flatnonzero(~stack.valid), list(filter(fails, range(SAMPLES))))
        assert not stack.images[~stack.valid].any()
        pictures = [np.asarray(Image.open(stack.files[row])) for row in range(KINDS) if not fails(row)]
        rows = [row for row in range(KINDS) if not fails(row)]
        for place in range(0, SAMPLES - KINDS, 150 * KINDS):
            for row, picture in zip(rows, pictures, strict=True):
                assert np.array_equal(stack.images[place + row], picture), place + row


def test_the_window_does_the_same_and_stays_alive(drive, folder, headless, tmp_path):
    turns = []

    def finished(person):
        turns.append(person.sees("progress.line", "of 75,000 rows"))
        return person.sees("result")

    def script(person):
        yield lambda: person.sees("welcome")
        person.drops(folder)
        yield lambda: person.sees("save.line", "Ready")
        person.window.save.destination_changed.emit(str(tmp_path / "stack"))
        yield lambda: person.sees("save.line", "Ready")
        person.press("save.convert")
        yield lambda: finished(person)
        assert person.sees("result.line", "70,000 of 75,000 pictures"), person.find("result.line").text()
        person.press("result.failures")
        table = person.find("result.table").model()
        assert table.rowCount() == FAILING
        yield lambda: person.find("result.table").isVisible()

    assert drive(script) == 0
    assert any(turns), "the window did not turn to its events while it ran"
    names = sorted(os.listdir(headless))
    assert sorted(os.listdir(tmp_path / "stack")) == names
    for name in names:
        assert (tmp_path / "stack" / name).read_bytes() == (headless / name).read_bytes(), name
